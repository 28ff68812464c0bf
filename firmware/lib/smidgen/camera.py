"""Sources of pictures.

A source is any object with

    width, height     of a frame, in pixels
    format            of a pixel: "GS8", "RGB565" (as framebuf has it, low byte first), "RGB565BE" (as most cameras send
                      it) or "RGB888"
    readinto(buf)     wait for a picture, write the whole frame into the bytearray buf, row by row from the upper left,
                      return the bytes written; 0 at the end, which a real camera never reaches
    time_ms           optional: when the last frame was taken
    wait_ms()         optional: how long readinto would wait, so that other tasks may run meanwhile

A camera that fails raises SensorError, and tries again when it is next read. More of them: arducam.py (Arducam Mini on
SPI) and esp_camera.py (the camera of an ESP32 board, with a firmware that has `camera`).
"""

import os

from .errors import SensorError, SmidgenError, error
from .files import find
from .picture import frame_bytes

PERIOD_MS = 200  # between two pictures of a recording


def Camera():
    """The board's own camera: on a simulated board what is shown to it, on an ESP32 the one of its firmware.

    Raises SmidgenError on a board whose camera this package does not know, SensorError when it does not answer.
    """
    try:
        from _sim import CAMERA, camera_readinto

        return _Simulated(CAMERA, camera_readinto)
    except ImportError:
        pass
    try:
        import camera
    except ImportError:
        raise SmidgenError("this board's camera is not known; give Viewer a source as in camera.py")
    from .esp_camera import EspCamera

    return EspCamera(camera)


class _Simulated:
    """What is shown to a simulated board, to the end."""

    def __init__(self, kind, read):
        self.width, self.height, self.format = kind
        self._read = read
        self.time_ms = -PERIOD_MS

    def readinto(self, buf):
        self.time_ms += PERIOD_MS
        return self._read(buf)


class RecordedPictures:
    """Pictures from files, five a second: .pgm and .ppm (binary, 8 bits), by the order of their names; or a buffer of
    nothing but frames.

    source: a folder, a path, or a buffer, for which size and format are told. Raises InputError for a file of another
    kind or size, OSError for a path that cannot be read.
    """

    def __init__(self, source, width=0, height=0, format="GS8"):
        self.width, self.height, self.format = width, height, format
        self.time_ms = -PERIOD_MS
        self._at, self._content = 0, None
        if not isinstance(source, str):
            self._content = memoryview(source)
            frame_bytes(width, height, format)
            return
        source = find(source)
        names = [source] if source.endswith((".pgm", ".ppm")) else sorted(os.listdir(source))
        self._paths = [n if n == source else source + "/" + n for n in names if n.endswith((".pgm", ".ppm"))]
        if not self._paths:
            raise error("InputError", source, "holds no .pgm or .ppm")
        with open(self._paths[0], "rb") as file:
            self.width, self.height, self.format = self._kind(file)

    def readinto(self, buf):
        """The next picture. Returns the bytes written, 0 at the end."""
        self.time_ms += PERIOD_MS
        return self._next_file(buf) if self._content is None else self._next_frame(buf)

    def _next_file(self, buf):
        if self._at == len(self._paths):
            return 0
        with open(self._paths[self._at], "rb") as file:
            if self._kind(file) != (self.width, self.height, self.format):
                raise self._error("is of another size or kind than the first picture")
            count = file.readinto(buf)
        if count < len(buf):
            raise self._error("is cut short; copy it again")
        self._at += 1
        return count

    def _next_frame(self, buf):
        part = self._content[self._at : self._at + len(buf)]
        if len(part) < len(buf):
            return 0
        buf[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _kind(self, file):
        """(width, height, format) of a file, which is then at its first pixel."""
        magic, words = file.readline().strip(), []
        while len(words) < 3:
            line = file.readline()
            if not line:
                raise self._error("is cut short; copy it again")
            words += line.split(b"#")[0].split()
        try:
            width, height, most = (int(word) for word in words)
        except ValueError:
            width = 0
        if magic not in (b"P5", b"P6") or not width or most != 255:
            raise self._error("is no binary PGM or PPM of 8 bits")
        kind = "GS8" if magic == b"P5" else "RGB888"
        frame_bytes(width, height, kind)
        return width, height, kind

    def _error(self, text):
        return error("InputError", self._paths[self._at], text)


class Drawn:
    """A buffer that the program itself draws into, such as a framebuf.FrameBuffer's: each look takes it as it is.

    buffer: of a whole frame. format: framebuf.RGB565 or framebuf.GS8, or a name. update: called before each look; the
    pictures end when it returns False.
    """

    def __init__(self, buffer, width, height, format, update=None):
        self.width, self.height, self.format = width, height, {1: "RGB565", 6: "GS8"}.get(format, format)
        self._buffer, self._update = memoryview(buffer), update
        if len(self._buffer) != frame_bytes(width, height, self.format):
            text = "%d bytes are no %dx%d picture of %s"
            raise error("InputError", "buffer", text % (len(self._buffer), width, height, self.format))

    def readinto(self, buf):
        if self._update and self._update() is False:
            return 0
        buf[:] = self._buffer
        return len(buf)


class CircuitCamera:
    """A camera of CircuitPython's: an adafruit_ov7670.OV7670 or adafruit_ov2640.OV2640, or an imagecapture one.

    camera: made and set up by the program, in RGB and a small size (OV7670_SIZE_DIV4 is 160x120).
    """

    format = "RGB565BE"

    def __init__(self, camera, width=0, height=0):
        """width, height: for one that does not tell its own."""
        self._camera = camera
        self.width, self.height = width or camera.width, height or camera.height

    def readinto(self, buf):
        """One frame. Raises SensorError when the camera gives none."""
        try:
            self._camera.capture(buf)
        except (OSError, RuntimeError) as failure:
            raise SensorError("camera: gives no picture (%s); check its wires" % failure)
        return len(buf)
