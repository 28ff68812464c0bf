"""Sound to words, on the board, for as long as there is sound.

    for word, score, time_ms in Listener(Model("model.smg"), Microphone()):
        print(word, score, time_ms)

    async for word, score, time_ms in Listener(model, microphone): ...      the same; other tasks run in between

Everything comes from the model's file: the front end (AUDIO), the labels, how scores become detections (DETECTION).
"""

from ._format import SECTION_AUDIO
from .detector import detector_of
from .errors import error
from .frontend import FrontEnd
from .stream import Stream


class Listener(Stream):
    """An iterator of detections (word, score, time_ms), see stream.py."""

    def __init__(self, model, microphone):
        """model: a Model with AUDIO and DETECTION sections and labels. microphone: see microphone.py.

        Raises SectionError or InputError when the model is not for sound or the microphone has another rate.
        """
        audio = model.blob.section(SECTION_AUDIO)
        if audio is None:
            raise error("SectionError", model.source, "has no AUDIO section: it is not a model for sound")
        super().__init__(model, microphone, FrontEnd(audio), "AUDIO", "microphone", detector_of(model))
