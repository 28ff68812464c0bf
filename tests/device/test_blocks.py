"""A model in blocks of the board's own filesystem is read in place; whatever is cut, the old set or the new one is
whole, and no file ever gets its blocks. On an emulated board with MicroPython's littlefs."""

from __future__ import annotations

import contextlib
import io
import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from littlefs import LittleFS, LittleFSError

from smidgen import boards
from smidgen.device import BlocksPart, Board, Part, connect, install
from smidgen.device.blocks import _run
from smidgen.errors import DeployError
from smidgen.sim import SimBoard, qemu
from tests.device.memory_board import MemoryBoard, plugged_in
from tests.device.test_power import flash_contents, journal_of, mounted, replayed
from tests.support.board import board_module
from tests.support.emulated import firmware, flash_image

BOARD, BLOCK = "qemu-m4", 4096
PACKAGE = Part("package", {"smidgen/__init__.py": b"def __getattr__(name):\n    raise AttributeError(name)\n"})
OLD, NEW = (Part("model", {"model.smg": bytes([number]) * 10_000}) for number in (1, 2))


def deploy(board: Board, model: Part) -> int:
    """Bytes sent."""
    return install(board, [PACKAGE], rom=BlocksPart(board, model)).bytes_sent


def placed(image: bytes) -> tuple[int, int]:
    """(address, size) of the current set's model in a flash."""
    filesystem = mounted(image)
    lines = read(filesystem, "/.smidgen/current").decode().split("\n")
    (folder,) = (line for line in lines if line.startswith("model-"))
    mark, block, size = struct.unpack("<4sII", read(filesystem, f"/.smidgen/{folder}/model.smg"))
    assert mark == b"SMGB"
    return block * BLOCK, size


def read(filesystem: LittleFS, path: str) -> bytes:
    with filesystem.open(path, "rb") as file:
        return bytes(file.read())


def model_in(image: bytes) -> bytes:
    address, size = placed(image)
    return image[address : address + size]


def filled(image: bytes) -> bytes:
    """The flash after a user filled the filesystem to the last block."""
    filesystem = mounted(image)
    with contextlib.suppress(LittleFSError):
        for number in range(len(image) // BLOCK):
            with filesystem.open(f"/{number}", "wb") as file:
                file.write(b"user" * (BLOCK // 4))
    return bytes(filesystem.context.buffer)


@given(blocks=st.sets(st.integers(0, 60), min_size=1, max_size=40), count=st.integers(1, 8))
def test_a_run_is_the_first_of_its_length(blocks, count):
    starts = [block for block in sorted(blocks) if blocks >= set(range(block, block + count))]
    run = _run(sorted(blocks), count)
    assert list(run) == (list(range(starts[0], starts[0] + count)) if starts else [])


def test_power_lost_at_any_moment_leaves_the_old_model_or_the_new_one_and_its_blocks_are_its_own(tmp_path: Path):
    flash = tmp_path / qemu.FLASH
    with SimBoard(BOARD, state=tmp_path, pty=False, firmware=firmware(BOARD)) as sim, connect(sim.url) as board:
        deploy(board, OLD)
        assert deploy(board, OLD) == 0
        before = flash.read_bytes()
        board.restart()

        def deploy_new() -> None:
            part = BlocksPart(board, NEW)
            board.exec("flash = journal")
            install(board, [PACKAGE], rom=part)

        entries = journal_of(board, deploy_new)
    after = flash.read_bytes()
    models = [model_in(state) for state in replayed(before, entries)]
    assert models[-1] == model_in(after) == NEW.files["model.smg"]
    turn = models.index(NEW.files["model.smg"])
    assert turn > 100 and set(models[:turn]) == {OLD.files["model.smg"]} and len(set(models[turn:])) == 1
    assert model_in(filled(after)) == NEW.files["model.smg"]
    folders = {Path(path).parts[1] for path in flash_contents(after)}
    assert len([folder for folder in folders if folder.startswith("model-")]) == 1


def test_a_filesystem_without_such_a_place_is_one_clear_line_and_gets_its_blocks_back(tmp_path: Path):
    size = boards.load(BOARD).filesystem_bytes
    filesystem = mounted(filled(flash_image(size, {})))
    for number in range(0, 80, 2):
        filesystem.remove(f"/{number}")
    (tmp_path / qemu.FLASH).write_bytes(filesystem.context.buffer)
    with SimBoard(BOARD, state=tmp_path, pty=False, firmware=firmware(BOARD)) as sim, connect(sim.url) as board:
        install(board, [PACKAGE])
        free, _ = board.room()
        assert free > 15 * BLOCK
        with pytest.raises(DeployError, match="needs 3 free blocks of flash one behind the other") as error:
            deploy(board, OLD)
        assert "\n" not in str(error.value) and free - board.room()[0] <= 2 * BLOCK
        assert not [name for name in board.listdir("/.smidgen") if name.startswith("model")]


def test_a_board_that_reads_no_flash_in_place_is_one_clear_line():
    with plugged_in(MemoryBoard()) as port, connect(port) as board:
        with pytest.raises(DeployError, match=r"cannot be read in place .*; deploy without --in-flash") as error:
            BlocksPart(board, OLD)
        assert "\n" not in str(error.value)


def test_the_package_reads_the_blocks_of_an_rp2040_and_refuses_a_file_from_another_board(monkeypatch):
    """`rp2.Flash` stood for by plain memory."""
    blocks, stub = board_module("blocks"), struct.pack("<II", 1, 3)
    with pytest.raises(OSError):
        blocks.mapped(io.BytesIO(stub))
    memory = bytes(BLOCK) + b"model" + bytes(BLOCK)
    monkeypatch.setitem(sys.modules, "rp2", SimpleNamespace(Flash=lambda: memory))
    monkeypatch.setattr(sys, "platform", "rp2")
    assert bytes(blocks.mapped(io.BytesIO(stub))) == b"mod"
