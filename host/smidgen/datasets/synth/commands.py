"""Synthesisers that the system has as commands: flite, festival, and espeak-ng where its library is absent.

All of them are GPL or permissive programs that are called, not shipped.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from smidgen.datasets.synth.voices import Utterance, Voice, speaks
from smidgen.datasets.wav import load_audio
from smidgen.errors import AudioError

_TIMEOUT_S = 120

# flite's voices are English. Of those that share a throat one name stands for all; awb_time knows only the time of day.
_FLITE_ACCENTS = {"awb": "en-gb-scotland"}
_FLITE_SPEAKERS = {"kal16": "kal"}
_FLITE_SAYS_ONLY_THE_TIME = "awb_time"
_FLITE_MEAN_PITCH_HZ = {"slt": 180.0}
_FLITE_USUAL_PITCH_HZ = 105.0

# Voices of festival that speak English: accent and speaker. flite has some of these speakers too.
_FESTIVAL_VOICES = {
    "kal_diphone": ("en-us", "cmu:kal"),
    "ked_diphone": ("en-us", "cmu:ked"),
    "cmu_us_slt_arctic_hts": ("en-us", "cmu:slt"),
    "rab_diphone": ("en-gb", "festival:rab"),
}


class _Optional:
    """A synthesiser that a machine may have or not."""

    name: str

    @classmethod
    def installed(cls) -> bool:
        return shutil.which(cls.name) is not None


class Flite(_Optional):
    """CMU flite: diphone and cluster-unit voices recorded from people, American and Scottish English."""

    name = "flite"
    how_to_install = "on Debian: apt-get install flite"

    def __init__(self) -> None:
        self.version = _run([self.name, "--version"]).partition("version:")[2].split("(")[0].strip() or "unknown"

    def voices(self, language: str) -> list[Voice]:
        names = _run([self.name, "-lv"]).partition(":")[2].split()
        return sorted(
            Voice(self.name, name, tag, f"cmu:{_FLITE_SPEAKERS.get(name, name)}")
            for name in names
            if name != _FLITE_SAYS_ONLY_THE_TIME and speaks(tag := _FLITE_ACCENTS.get(name, "en-us"), language)
        )

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        return [_record(self._command, utterance) for utterance in utterances]

    def _command(self, utterance: Utterance, path: Path) -> list[str]:
        name = utterance.voice.name
        mean = _FLITE_MEAN_PITCH_HZ.get(name, _FLITE_USUAL_PITCH_HZ) * 2.0 ** (utterance.pitch / 12.0)
        return [
            self.name, "-voice", name, "-t", utterance.text, "-o", str(path),
            "--setf", f"duration_stretch={1.0 / utterance.rate:.3f}",
            "--setf", f"int_f0_target_mean={mean:.1f}",
            "--setf", f"int_f0_target_stddev={12.0 * utterance.intonation:.1f}",
        ]  # fmt: skip


class EspeakCommand:
    """The system's espeak-ng, for machines on which espeakng-loader has no library."""

    name = "espeak-ng"

    def __init__(self) -> None:
        self.version = _run([self.name, "--version"]).partition("  Data")[0].strip()

    def voices(self, language: str) -> list[Voice]:
        variants = sorted(row[4].removeprefix("!v/") for row in self._table("variant"))
        return sorted(
            Voice(self.name, f"{tag}+{variant}", tag, f"{self.name}:{variant}")
            for tag in self._languages()
            if speaks(tag, language)
            for variant in variants
        )

    def languages(self) -> list[str]:
        """Every language tag that it speaks, sorted."""
        return sorted(self._languages())

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        return [_record(self._command, utterance) for utterance in utterances]

    def _languages(self) -> set[str]:
        return {row[1] for row in self._table("") if not row[4].startswith("mb/")}

    def _table(self, which: str) -> list[list[str]]:
        """Rows of priority, language, age/gender, name, file."""
        lines = _run([self.name, f"--voices={which}" if which else "--voices"]).splitlines()[1:]
        return [line.split() for line in lines if len(line.split()) >= 5]

    def _command(self, utterance: Utterance, path: Path) -> list[str]:
        return [
            self.name, "-v", utterance.voice.name, "-w", str(path),
            "-s", str(round(175 * utterance.rate)),
            "-p", str(int(np.clip(50 + 5 * utterance.pitch, 0, 99))), "--", utterance.text,
        ]  # fmt: skip


class Festival(_Optional):
    """Festival: diphone and HTS voices. One process says a whole list, for its start takes long."""

    name = "festival"
    how_to_install = "on Debian: apt-get install festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts"

    def __init__(self) -> None:
        self.version = _run([self.name, "--version"]).strip()

    def voices(self, language: str) -> list[Voice]:
        listed = _festival("(print (voice.list))").strip().strip("()").split()
        return sorted(
            Voice(self.name, name, tag, speaker)
            for name, (tag, speaker) in _FESTIVAL_VOICES.items()
            if name in listed and speaks(tag, language)
        )

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        with tempfile.TemporaryDirectory(prefix="smidgen-") as folder:
            paths = [Path(folder) / f"{i}.wav" for i in range(len(utterances))]
            _festival("\n".join(map(self._script, utterances, paths)))
            return [_load(path) for path in paths]

    def _script(self, utterance: Utterance, path: Path) -> str:
        text = utterance.text.replace("\\", " ").replace('"', " ")
        return (
            f"(voice_{utterance.voice.name})\n(Parameter.set 'Duration_Stretch {1.0 / utterance.rate:.3f})\n"
            f'(unwind-protect (utt.save.wave (utt.synth (Utterance Text "{text}")) "{path}" \'riff) nil)'
        )


def _run(command: Sequence[str], text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    return done.stdout


def _festival(script: str) -> str:
    return _run(["festival", "--pipe"], script)


def _record(command: Callable[[Utterance, Path], list[str]], utterance: Utterance) -> np.ndarray:
    """What a command that writes a WAV says."""
    with tempfile.TemporaryDirectory(prefix="smidgen-") as folder:
        path = Path(folder) / "said.wav"
        _run(command(utterance, path))
        return _load(path)


def _load(path: Path) -> np.ndarray:
    try:
        return load_audio(path)
    except AudioError:
        return np.zeros(0, np.int16)  # the synthesiser wrote nothing: it cannot say this
