"""A model in ROMFS is read where it lies, and is part of its set as any other file: the old set or the new one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen import boards
from smidgen.device import Board, Part, RomPart, connect, deploy, install, model_part, package_part
from smidgen.device.rom import rom_image
from smidgen.errors import DeployError
from smidgen.sim import SimBoard, qemu
from tests.device.memory_board import MemoryBoard, plugged_in
from tests.support.emulated import firmware, flash_image
from tests.support.keyword_model import keyword_model

PACKAGE = Part("package", {"smidgen/__init__.py": b"def __getattr__(name):\n    raise AttributeError(name)\n"})


def model(number: int, size: int = 5000) -> Part:
    return Part("model", {"model.smg": bytes([number]) * size})


@pytest.fixture(scope="module")
def sim(tmp_path_factory):
    """A board that has the whole package in a folder of its own, so that a test need not send it."""
    folder, board = tmp_path_factory.mktemp("rom"), boards.load("qemu-m3")
    package = package_part(board.architecture)
    files = {f"/whole/{path}": content for path, content in package.files.items()}
    (folder / qemu.FLASH).write_bytes(flash_image(board.filesystem_bytes, files))
    with SimBoard("qemu-m3", state=folder, pty=False, firmware=firmware("qemu-m3")) as sim:
        yield sim


def found(board: Board) -> bytes:
    """What a program finds as model.smg, after a start."""
    board.restart()
    board.exec("import smidgen, sys\n")
    looks = "[open(p + '/model.smg', 'rb').read(1) for p in sys.path if p.startswith('/smidgen_rom')]"
    (content,) = board.eval(looks)
    return bytes(content)


@given(content=st.binary(max_size=300), name=st.text("abc.", min_size=1, max_size=20))
def test_a_model_in_an_image_lies_where_an_engine_can_use_it(content, name):
    content = b"the model" + content + b"its end"
    image = rom_image(Part("model", {name: content}))
    assert len(image) % 2 == 0 and image.index(content) % 8 == 0


def test_a_model_in_romfs_takes_no_memory_for_its_file(sim: SimBoard):
    with connect(sim.url) as board:
        install(board, [PACKAGE], rom=RomPart(board, model_part(keyword_model())))
        board.restart()
        board.exec("import smidgen, sys\ndel sys.modules['smidgen']\nsys.path.insert(0, '/whole')\n")
        board.exec("from smidgen import Model\nmodel = Model('model.smg')\n")
        assert board.eval("model.memory['model file']") == 0
        board.exec("import uctypes, vfs\nstart = uctypes.addressof(memoryview(vfs.rom_ioctl(2, 0)))\n")
        assert 0 <= board.eval("uctypes.addressof(model.blob.content) - start") < boards.load("qemu-m3").romfs_bytes
        label, _ = board.eval("model.predict([0.0] * model.inputs[0].size)")
        assert label in board.eval("model.labels")
        board.remove("/.smidgen")


def test_the_old_model_stays_where_it_is_until_the_new_one_is_whole(sim: SimBoard, monkeypatch):
    with connect(sim.url) as board:
        install(board, [PACKAGE], rom=RomPart(board, model(1)))
        assert found(board) == b"\1"
        call, calls = board.call, []

        def cut(function, *args, **more):
            calls.append(function)
            if calls.count("rom_write") == 2:
                raise DeployError("cable pulled")
            return call(function, *args, **more)

        with monkeypatch.context() as patch, pytest.raises(DeployError):
            patch.setattr(board, "call", cut)
            install(board, [PACKAGE], rom=RomPart(board, model(2)))
        assert found(board) == b"\1"
        install(board, [PACKAGE], rom=RomPart(board, model(2)))
        assert found(board) == b"\2"
        install(board, [PACKAGE], rom=RomPart(board, model(3)))
        assert found(board) == b"\3"
        assert install(board, [PACKAGE], rom=RomPart(board, model(3))).bytes_sent == 0
        board.remove("/.smidgen")


def test_a_model_that_does_not_fit_beside_the_one_in_use_is_one_clear_line(sim: SimBoard):
    with connect(sim.url) as board:
        install(board, [PACKAGE], rom=RomPart(board, model(1, 20_000)))
        with pytest.raises(DeployError, match=r"ROMFS has 524,288 bytes, [\d,]+ of them in use; the model needs") as e:
            install(board, [PACKAGE], rom=RomPart(board, model(2, 520_000)))
        assert "\n" not in str(e.value) and found(board) == b"\1"
        board.remove("/.smidgen")


def test_files_of_the_user_s_in_romfs_stay(sim: SimBoard):
    mine = rom_image(Part("mine", {"data.txt": b"hello"}))
    with connect(sim.url) as board:
        board.call("rom_erase", 0, len(mine), agent="rom.py")
        board.exec(f"rom.writeblocks(0, {mine!r}, 0)")
        install(board, [PACKAGE], rom=RomPart(board, model(1)))
        assert found(board) == b"\1"
        (folder,) = board.eval("__import__('os').listdir('/rom')")
        assert board.read(f"/rom/{folder}/data.txt") == b"hello"
        board.remove("/.smidgen")


def test_firmware_without_romfs_is_one_clear_line():
    with plugged_in(MemoryBoard()) as port, connect(port) as board:
        with pytest.raises(DeployError, match=r"its firmware has no ROMFS .*; deploy without --romfs"):
            RomPart(board, model(1))
        deploy(board, {"/still.txt": b"works"})
