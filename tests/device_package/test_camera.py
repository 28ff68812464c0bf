"""Cameras, against fakes that keep what their documents say: the ArduChip's FIFO and the OV2640's registers, the module
`camera` of ESP32 firmware, CircuitPython's cameras; frames, and what happens when one is pulled or gives too little."""

from __future__ import annotations

import errno
import sys
import types

import pytest

from smidgen.datasets.picture import camera as host
from tests.device_package.fakes import Clock

FRAME = bytes(i * 7 % 256 for i in range(host.FRAME_BYTES))


class ArduChip:
    """SPI with a FIFO and an OV2640 on I2C beside it. dead: nothing answers. size: of the frames that come."""

    def __init__(self, size: int = len(FRAME)):
        self.size, self.dead, self.slow = size, False, False
        self.selected, self.burst = True, False
        self.power()

    def power(self) -> None:
        self.registers, self.sensor = bytearray(128), {0: {}, 1: {}}
        self.bank, self.pointer, self.captured = 0, None, False

    def __call__(self, level: int) -> None:  # the pin of the chip select: low selects
        self.selected, self.burst = level == 0, False

    def write(self, content) -> None:
        assert self.selected
        first, *rest = bytes(content)
        if first == 0x3C:
            self.burst = True
        elif first & 0x80 and not self.dead:
            self.registers[first & 0x7F] = rest[0]
            if first & 0x7F == 0x04 and rest[0] & 0x02:
                assert self.sensor[0].get(0xDA) == 0x08, "the DSP gives no RGB565"
                self.captured = True

    def write_readinto(self, content, into) -> None:
        assert self.selected
        register = content[0] & 0x7F
        sizes = {0x42 + n: self.size >> 8 * n & 255 for n in range(3)}
        value = sizes.get(register, self.registers[register])
        if register == 0x41:
            value = 0x08 if self.captured and not self.slow else 0
        into[0], into[1] = 0, 0 if self.dead else value

    def readinto(self, into) -> None:
        assert self.selected and self.burst
        into[:] = FRAME[: len(into)]

    def writeto(self, address, content) -> None:
        self._answering(address)
        self.pointer = content[0]
        if len(content) > 1 and content[0] == 0xFF:
            self.bank = content[1]
        elif len(content) > 1:
            self.sensor[self.bank][content[0]] = content[1]

    def readfrom(self, address, count) -> bytes:
        self._answering(address)
        return bytes([0x26 if (self.bank, self.pointer) == (1, 0x0A) else 0]) * count

    def _answering(self, address) -> None:
        if self.dead or address != 0x30:
            raise OSError(errno.EIO)


@pytest.fixture
def arducam(python_package, monkeypatch):
    module = python_package.module("arducam")
    monkeypatch.setattr(module, "time", Clock())
    return lambda chip: module.Arducam(chip, chip, chip)


def test_an_arducam_is_set_up_and_gives_whole_frames(arducam):
    chip = ArduChip()
    camera, buf = arducam(chip), bytearray(len(FRAME))
    assert (camera.width, camera.height, camera.format) == (host.WIDTH, host.HEIGHT, host.FORMAT)
    assert camera.readinto(buf) == len(FRAME) and buf == FRAME and not chip.selected
    dsp, sensor = chip.sensor[0], chip.sensor[1]
    assert sensor[0x12] == 0x40 and dsp[0x5A] * 4 == camera.width and dsp[0x5B] * 4 == camera.height
    assert dsp[0x05] == 0 and dsp[0xE0] == 0  # the DSP is in the way of the pixels, and not held in reset


@pytest.mark.parametrize(
    ("spoil", "text"),
    [(lambda chip: setattr(chip, "slow", True), "gives no picture"),
     (lambda chip: setattr(chip, "size", 100), "gave a frame of 100 bytes, not 38400")],
)  # fmt: skip
def test_an_arducam_that_fails_says_so_and_is_set_up_anew(arducam, python_package, spoil, text):
    chip = ArduChip()
    camera, buf = arducam(chip), bytearray(len(FRAME))
    spoil(chip)
    with pytest.raises(python_package.error("SensorError"), match=text):
        camera.readinto(buf)
    chip.slow, chip.size = False, len(FRAME)
    chip.power()
    assert camera.readinto(buf) == len(FRAME) and camera.restarts == 1


def test_an_arducam_that_was_pulled_comes_back(arducam, python_package):
    SensorError = python_package.error("SensorError")
    chip = ArduChip()
    camera, buf = arducam(chip), bytearray(len(FRAME))
    chip.dead = True
    for text in ("gives no picture", "does not answer on SPI", "does not answer on SPI"):
        with pytest.raises(SensorError, match=text):
            camera.readinto(buf)
    chip.dead = False
    chip.power()
    assert camera.readinto(buf) == len(FRAME)
    chip.dead = True
    with pytest.raises(SensorError, match="does not answer on SPI"):
        arducam(chip)


def test_another_sensor_is_an_error(arducam, python_package, monkeypatch):
    chip = ArduChip()
    monkeypatch.setattr(ArduChip, "readfrom", lambda *_: b"\x77")
    with pytest.raises(python_package.error("SensorError"), match="has another sensor than the OV2640"):
        arducam(chip)


class EspModule(types.SimpleNamespace):
    """The module `camera` of an ESP32 firmware; modern: with a class. gives: what it captures next."""

    def __init__(self, modern: bool):
        super().__init__(GRAYSCALE=4, FRAME_QQVGA=1, running=False, gives=[], starts=0)
        if modern:
            self.PixelFormat = types.SimpleNamespace(GRAYSCALE=4)
            self.FrameSize = types.SimpleNamespace(QQVGA=1)
            self.Camera = self._made

    def _made(self, pixel_format, frame_size):
        self.init(0, pixel_format, frame_size)
        return self

    def init(self, number, format, framesize):
        assert (number, format, framesize) == (0, 4, 1) and not self.running
        self.running, self.starts = True, self.starts + 1

    def deinit(self):
        self.running = False

    def capture(self):
        assert self.running
        given = self.gives.pop(0)
        if isinstance(given, Exception):
            raise given
        return given


@pytest.mark.parametrize("modern", [True, False])
def test_the_camera_of_an_esp32_gives_grey_frames_and_starts_again_after_a_fault(package, monkeypatch, modern):
    module = EspModule(modern)
    monkeypatch.setitem(sys.modules, "camera", module)
    camera, buf = package.Camera(), bytearray(19200)
    assert len(buf) == camera.width * camera.height and camera.format == "GS8"
    module.gives = [bytes(range(200)) * 96, False, OSError(5), b"short", b"\x07" * 19200]
    assert camera.readinto(buf) == 19200 and buf[:200] == bytes(range(200))
    for _ in range(2):
        with pytest.raises(package.error("SensorError"), match="camera: gives no picture"):
            camera.readinto(buf)
    assert camera.readinto(buf) == 5  # which Viewer calls short
    assert camera.readinto(buf) == 19200 and module.starts == 3


def test_circuitpythons_cameras_are_sources_too(package):
    class Ov7670:
        width, height = 160, 120

        def capture(self, buf):
            if self.pulled:
                raise RuntimeError("timed out")
            buf[:] = FRAME

    inner = Ov7670()
    inner.pulled = False
    camera, buf = package.module("camera").CircuitCamera(inner), bytearray(len(FRAME))
    assert camera.readinto(buf) == len(FRAME) and buf == FRAME
    inner.pulled = True
    with pytest.raises(package.error("SensorError"), match=r"gives no picture \(timed out\)"):
        camera.readinto(buf)
    inner.pulled = False
    assert camera.readinto(buf) == len(FRAME)


def test_a_board_without_a_known_camera_says_so(package):
    with pytest.raises(package.error("SmidgenError"), match="camera is not known; give Viewer a source"):
        package.Camera()
