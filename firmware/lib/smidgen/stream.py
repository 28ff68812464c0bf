"""A stream of samples to detections, on the board, for as long as there are samples: what `Listener` (sound) and
`Watcher` (motion) share.

One hop, to read along: samples -> front end -> a window of rows -> every `hop_frames` rows the model -> Detector.
"""

from array import array

from .errors import SensorError, error
from .tensor import ALL


class Stream:
    """An iterator of detections (label, score, time_ms), and an asynchronous one.

    score: 0 to 100, the mean of the scores that gave the detection. time_ms: where in the stream, at the end of the
    window that completed it. Buffers are made once; a hop allocates none.
    """

    def __init__(self, model, source, front_end, section, name, detector):
        """model: a Model. source: what `readinto` is called on. front_end: of the section called `section`. name: what
        the source is called in errors. detector: what becomes of outputs, see `_decide`. Raises SectionError or
        InputError when these do not fit each other."""
        self.model, self.front_end, self._source, self._detector = model, front_end, source, detector
        self._check(section, name)
        self._check_step(section)
        self._can_wait = hasattr(source, "wait_ms")
        self._samples = array("h", bytes(2 * front_end.hop * front_end.width))
        self._row = bytearray(self.front_end.channels)
        self._rows = memoryview(bytearray(len(model.inputs[0].data)))  # the window, oldest row first
        self._all_but_last, self._all_but_first = self._rows[: -len(self._row)], self._rows[len(self._row) :]
        self._last = self._rows[-len(self._row) :]
        self._start()

    def reset(self):
        """Forget all that was; what the source gives next is the beginning."""
        self.front_end.reset()
        self._detector.reset()
        self._start()

    def __iter__(self):
        return self

    def __next__(self):
        found = None
        while found is None:
            if not self._read():
                raise StopIteration
            found = self._hop()
        return found

    def __aiter__(self):
        return self

    async def __anext__(self):
        import asyncio

        found = None
        while found is None:
            await asyncio.sleep(self._source.wait_ms() / 1000 if self._can_wait else 0)
            if not self._read():
                raise StopAsyncIteration
            found = self._hop()
        return found

    def _check(self, section, name):
        front_end, model = self.front_end, self.model
        source = model.inputs[0]
        if source.dtype != "int8" or source.size % front_end.channels:
            raise error("InputError", model.source, "its input does not fit its %s section" % section)
        rate_hz = getattr(self._source, "rate_hz", front_end.rate_hz)
        if rate_hz != front_end.rate_hz:
            text = "gives %d samples a second, the model wants %d" % (rate_hz, front_end.rate_hz)
            raise error("InputError", name, text)

    def _check_step(self, section):
        step, whole = self.model.inputs[0].size // self.front_end.channels, self.front_end.frames
        hop = self._detector.hop_frames
        if not (step == whole or step == hop < whole):
            text = "takes %d frames, its %s section has %d, DETECTION %d; they contradict each other"
            raise error("SectionError", self.model.source, text % (step, section, whole, hop))

    def _start(self):
        self.model.reset()
        self._frames = 0
        step = len(self._rows) // len(self._row)
        self._wait = (self.front_end.frames - 1) % step + 1  # frames until the next inference

    def _read(self):
        """Fill `_samples` up to `_count`, at most a hop, so that at most one frame comes of it. 0 at the end."""
        try:
            self._count = self._source.readinto(self._samples) // 2
        except SensorError:
            self.reset()  # what it gives next is no continuation
            raise
        return self._count

    def _hop(self):
        """Take what was read. Returns the detection that it completes, or None."""
        taken = 0
        found = None
        while taken < self._count:
            taken += self.front_end.feed(self._samples, taken, self._count)
            if self.front_end.frame(self._row):
                found = self._frame() or found
        return found

    def _frame(self):
        self._all_but_last[ALL] = self._all_but_first
        self._last[ALL] = self._row
        self._frames += 1
        self._wait -= 1
        if self._wait:
            return None
        self._wait = self._detector.hop_frames
        scores = self.model.invoke(self._rows)
        if self._frames < self.front_end.frames:
            return None  # a model that keeps state warms up
        return self._decide(scores)

    def _decide(self, scores):
        """What an inference's output completes, or None."""
        best = self._detector.feed(scores)
        if best < 0:
            return None
        return self.model.labels[best], self._detector.score, self._time_ms()

    def _time_ms(self):
        front_end = self.front_end
        samples = (self._frames - 1) * front_end.hop + front_end.window
        return samples * 1000000 // front_end.rate_mhz
