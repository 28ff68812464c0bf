"""Speech made here: synthesisers behind one small interface, and the corpus that they speak."""

from smidgen.datasets.synth.corpus import synthesise
from smidgen.datasets.synth.engines import ALL_ENGINES, PYPI_ENGINES, engine_versions, installed, list_voices
from smidgen.datasets.synth.vocabulary import other_words, unknown_weights

__all__ = [
    "ALL_ENGINES",
    "PYPI_ENGINES",
    "engine_versions",
    "installed",
    "list_voices",
    "other_words",
    "synthesise",
    "unknown_weights",
]
