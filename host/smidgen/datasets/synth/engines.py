"""Which synthesisers this machine has."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Sequence
from functools import cache

from smidgen.datasets.synth.commands import EspeakCommand, Festival, Flite
from smidgen.datasets.synth.espeak import EspeakLibrary
from smidgen.datasets.synth.neural import Hibari, Kokoro
from smidgen.datasets.synth.pico import Pico
from smidgen.datasets.synth.voices import Synthesiser, Voice
from smidgen.errors import MissingExtra, UsageError

PYPI_ENGINES = ("espeak-ng",)
"""What `pip install 'smidgen[train]'` brings, on any machine."""

_WELL_KNOWN = ("en-us", "es", "pt-br", "de", "fr-fr", "cmn", "hi", "ar")

_MAKERS: dict[str, type[Flite] | type[Festival] | type[Pico] | type[Hibari] | type[Kokoro]] = {
    maker.name: maker for maker in (Flite, Festival, Pico, Hibari, Kokoro)
}
ALL_ENGINES = ("espeak-ng", *_MAKERS)


@cache
def espeak() -> EspeakLibrary | EspeakCommand:
    """espeak-ng: its library from PyPI, else the system's command. Raises MissingExtra when there is neither."""
    try:
        return EspeakLibrary()
    except (MissingExtra, OSError) as error:
        if shutil.which(EspeakCommand.name):
            return EspeakCommand()
        raise MissingExtra("speech synthesis", "train") from error


@cache
def engine(name: str) -> Synthesiser:
    """The synthesiser of this name. Raises UsageError when there is none such or this machine lacks it."""
    if name not in ALL_ENGINES:
        raise UsageError(f"no synthesiser is called {name!r}; choose from {', '.join(ALL_ENGINES)}")
    if name == ALL_ENGINES[0]:
        return espeak()
    maker = _MAKERS[name]
    if not maker.installed():
        raise UsageError(f"the synthesiser {name} is not installed; {maker.how_to_install}")
    return maker()


def installed() -> list[str]:
    """Names of the synthesisers that this machine has, espeak-ng first."""
    return [name for name in ALL_ENGINES if name not in _MAKERS or _MAKERS[name].installed()]


def list_voices(language: str, engines: Sequence[str] | None = None) -> list[Voice]:
    """Every voice for a language tag ("en", "pt-br"), of all installed synthesisers or of those named.

    Raises UsageError for a language that nothing speaks.
    """
    names = installed() if engines is None else engines
    voices = [voice for name in names for voice in engine(name).voices(language)]
    if not voices:
        known = espeak().languages()
        near = difflib.get_close_matches(language.lower(), known, 3, 0.5) or [
            tag for tag in _WELL_KNOWN if tag in known
        ]
        raise UsageError(
            f"no voice speaks the language {language!r}; try one of the {len(known)}: {', '.join(near)}, ..."
        )
    return voices


def engine_versions(engines: Sequence[str] | None = None) -> dict[str, str]:
    """Versions of the synthesisers named, or of all that are installed: their speech depends on it."""
    return {name: engine(name).version for name in (installed() if engines is None else engines)}
