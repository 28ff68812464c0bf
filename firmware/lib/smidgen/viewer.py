"""Pictures to what is seen, on the board, for as long as there are pictures.

    for seen, score, time_ms in Viewer(Model("model.smg"), Camera()):
        print(seen, score, time_ms)       each time that something comes into view, or goes: then seen is None

    async for seen, score, time_ms in Viewer(model, camera): ...      the same; other tasks run in between

Everything comes from the model's file: how a picture becomes its input (IMAGE), the labels, how scores become what is
seen (PRESENCE).
"""

from ._format import SECTION_IMAGE
from .errors import SensorError, error
from .picture import PictureFrontEnd, frame_bytes
from .presence import presence_of

try:
    from time import ticks_diff, ticks_ms
except ImportError:  # CircuitPython
    from time import monotonic_ns

    def ticks_ms():
        return monotonic_ns() // 1000000

    def ticks_diff(later, earlier):
        return later - earlier


class Viewer:
    """An iterator of changes (seen, score, time_ms), and an asynchronous one.

    seen: the label of what came into view, None when it went. score: 0 to 100, the mean of the scores that it rests on;
    0 for None. time_ms: when the picture was taken that completed it. now: what is seen at the moment, as `seen`.
    pictures: how many were looked at. The buffers are made once; a picture allocates none.
    """

    def __init__(self, model, camera):
        """model: a Model with IMAGE and PRESENCE sections and labels. camera: see camera.py.

        Raises SectionError or InputError when the model is not for pictures or the camera's are of an unknown kind.
        """
        section = model.blob.section(SECTION_IMAGE)
        if section is None:
            raise error("SectionError", model.source, "has no IMAGE section: it is not a model for pictures")
        self.model, self.front_end, self._camera = model, PictureFrontEnd(section), camera
        source, front_end = model.inputs[0], self.front_end
        if source.dtype != "int8" or source.size != front_end.width * front_end.height * front_end.channels:
            raise error("InputError", model.source, "its input does not fit its IMAGE section")
        self._presence = presence_of(model)
        self._frame = bytearray(frame_bytes(camera.width, camera.height, camera.format))
        self._can_wait = hasattr(camera, "wait_ms")
        self.pictures = 0
        self._began = None
        self.reset()

    @property
    def now(self):
        seen = self._presence.seen
        return None if seen < 0 else self.model.labels[seen]

    def reset(self):
        """Forget all that was seen."""
        self._presence.reset()
        self.model.reset()

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            if not self._read():
                raise StopIteration
            if self._look():
                return self.now, self._presence.score, self._time_ms()

    def __aiter__(self):
        return self

    async def __anext__(self):
        import asyncio

        while True:
            await asyncio.sleep(self._camera.wait_ms() / 1000 if self._can_wait else 0)
            if not self._read():
                raise StopAsyncIteration
            if self._look():
                return self.now, self._presence.score, self._time_ms()

    def _read(self):
        """A whole frame; 0 at the end. After an error nothing is seen: what the camera gives next begins anew."""
        try:
            count = self._camera.readinto(self._frame)
            if count and count != len(self._frame):
                text = "camera: a frame of %d bytes came short, of %d; check its wires and its clock"
                raise SensorError(text % (count, len(self._frame)))
        except SensorError:
            self.reset()
            raise
        if count and self._began is None:
            self._began = ticks_ms()
        return count

    def _look(self):
        """Whether something else is seen than before."""
        camera = self._camera
        self.front_end.see(self._frame, camera.width, camera.height, camera.format, self.model.inputs[0].data)
        self.pictures += 1
        return self._presence.feed(self.model.invoke())

    def _time_ms(self):
        """Since the first picture: by the camera's count where it has one, else by the board's clock."""
        taken = getattr(self._camera, "time_ms", None)
        return ticks_diff(ticks_ms(), self._began) if taken is None else taken
