"""Viewer: pictures on the board. What it sees is what the host sees, value for value."""

from __future__ import annotations

import asyncio

import pytest
from PIL import Image

from smidgen.features.image import ImageSpec, from_rgb565, to_rgb565
from smidgen.train.presence import NEVER, PresenceSpec
from smidgen.viewer import Viewer
from tests.support.motion_model import motion_model
from tests.support.vision_model import PRESENCE, pictures_like, vision_model

PICTURES = pictures_like(60)
FRAMES = b"".join(picture.tobytes() for picture in PICTURES)
MODELS = {
    "grey": (ImageSpec(20, 16), PRESENCE),
    "colours, the whole picture, no smoothing": (
        ImageSpec(12, 12, 3, "stretch"),
        PresenceSpec((NEVER, 90, 90), (0, 90, 90), 1),
    ),
}


def recorded(package, frames: bytes = FRAMES):
    return package.RecordedPictures(frames, 32, 24, "RGB888")


def on_board(package, content: bytes, source) -> list[tuple]:
    return list(package.Viewer(package.Model(bytearray(content)), source))


@pytest.mark.parametrize("name", MODELS)
def test_what_is_seen_is_the_hosts_value_for_value(package, name):
    content = vision_model(*MODELS[name])
    expected = list(Viewer(content).feed(PICTURES))
    assert len({seen for seen, *_ in expected}) >= 2
    assert on_board(package, content, recorded(package)) == expected


def test_async_for_gives_the_same_and_waits_as_long_as_the_camera(package):
    source, waited = recorded(package), []
    source.wait_ms = lambda: waited.append(0) or 0

    async def main():
        viewer = package.Viewer(package.Model(bytearray(vision_model())), source)
        return [change async for change in viewer], viewer.pictures

    assert asyncio.run(main()) == (list(Viewer(vision_model()).feed(PICTURES)), len(PICTURES))
    assert len(waited) == len(PICTURES) + 1


def test_now_is_what_the_last_change_told(package):
    viewer = package.Viewer(package.Model(bytearray(vision_model())), recorded(package))
    assert viewer.now is None
    assert all(viewer.now == seen for seen, *_ in viewer)


def test_a_folder_of_pictures_on_the_board_is_seen_in_order(package, tmp_path):
    for n, picture in enumerate(PICTURES):
        Image.fromarray(picture).save(tmp_path / f"{n:03d}.ppm")
    (tmp_path / "notes.txt").write_text("no picture")
    expected = list(Viewer(vision_model()).feed(PICTURES))
    assert on_board(package, vision_model(), package.RecordedPictures(str(tmp_path))) == expected
    grey = [picture[..., 0] for picture in PICTURES]
    for n, picture in enumerate(grey):
        Image.fromarray(picture).save(tmp_path / f"{n:03d}.pgm")
        (tmp_path / f"{n:03d}.ppm").unlink()
    source = package.RecordedPictures(str(tmp_path))
    assert source.format == "GS8"
    assert on_board(package, vision_model(), source) == list(Viewer(vision_model()).feed(grey))


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"P5\n4 4\n255\n" + bytes(15), "is cut short"), (b"P5\n4 4\n", "is cut short"),
     (b"P2\n4 4\n255\n" + bytes(16), "is no binary PGM"), (b"P5\n4 4\n65535\n" + bytes(32), "is no binary PGM"),
     (b"P5\n# made here\n5 4\n255\n" + bytes(20), "is of another size or kind than the first")],
)  # fmt: skip
def test_a_picture_that_cannot_be_used_is_named(package, tmp_path, content, text):
    (tmp_path / "a.pgm").write_bytes(b"P5\n4 4\n255\n" + bytes(16))
    (tmp_path / "b.pgm").write_bytes(content)
    with pytest.raises(package.error("InputError"), match=rf"b\.pgm: {text}"):
        on_board(package, vision_model(), package.RecordedPictures(str(tmp_path)))


def test_a_folder_without_pictures_is_an_error(package, tmp_path):
    with pytest.raises(package.error("InputError"), match=r"holds no \.pgm or \.ppm"):
        package.RecordedPictures(str(tmp_path))


def test_what_does_not_fit_is_refused(package):
    Model = package.Model
    with pytest.raises(package.error("SectionError"), match="has no IMAGE section: it is not a model for pictures"):
        package.Viewer(Model(bytearray(motion_model())), recorded(package))
    source = recorded(package)
    source.format = "JPEG"
    with pytest.raises(package.error("InputError"), match="camera: 32x24 JPEG: use sides up to 2048 and one of GS8"):
        package.Viewer(Model(bytearray(vision_model())), source)


class Faulty:
    """A camera that gives a short frame or none at some of its reads."""

    width, height, format = 32, 24, "RGB888"

    def __init__(self, inner, faults: dict):
        self.inner, self.faults, self.reads = inner, faults, 0

    def readinto(self, buf):
        self.reads += 1
        fault = self.faults.get(self.reads)
        if isinstance(fault, Exception):
            raise fault
        count = self.inner.readinto(buf)
        self.time_ms = self.inner.time_ms
        return count if fault is None else fault


def test_after_a_short_frame_or_a_pulled_camera_nothing_is_seen_and_the_stream_begins_anew(package):
    SensorError = package.error("SensorError")
    camera = Faulty(recorded(package), {21: 100, 41: SensorError("camera: does not answer")})
    viewer = package.Viewer(package.Model(bytearray(vision_model())), camera)
    found, errors = [], []
    while True:
        try:
            for change in viewer:
                found.append(change)
            break
        except SensorError as error:
            errors.append(str(error))
            assert viewer.now is None
    assert errors[0].startswith("camera: a frame of 100 bytes came short, of 2304")
    assert errors[1] == "camera: does not answer"
    parts = [Viewer(vision_model()).feed(part) for part in (PICTURES[:20], PICTURES[21:40], PICTURES[40:])]
    assert [(seen, score) for seen, score, _ in found] == [(s.seen, s.score) for part in parts for s in part]


def test_what_a_program_draws_is_looked_at_as_it_is(package):
    buffer, left = bytearray(2 * 32 * 24), [to_rgb565(picture) for picture in PICTURES]

    def update():
        if not left:
            return False
        buffer[:] = left.pop(0)

    source = package.module("camera").Drawn(buffer, 32, 24, 1, update)  # framebuf.RGB565
    source.time_ms = 7
    expected = Viewer(vision_model()).feed(from_rgb565(frame, 32, 24) for frame in [*left])
    assert on_board(package, vision_model(), source) == [sight._replace(time_ms=7) for sight in expected]
    with pytest.raises(package.error("InputError"), match="10 bytes are no 32x24 picture of GS8"):
        package.module("camera").Drawn(bytearray(10), 32, 24, 6)
