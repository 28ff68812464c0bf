"""An emulated board, MicroPython for a real core in QEMU, is to its clients what every other board is."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smidgen import boards
from smidgen.bench.around import around_hops, around_predict
from smidgen.bench.seeded import Network
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.device import connect, deploy
from smidgen.errors import DeployError, DeviceError, PortError, UsageError
from smidgen.sim import SimBoard, qemu
from tests.sim.test_clients import ampy, mpremote
from tests.sim.test_lifetime import gone
from tests.support.anomaly_model import anomaly_model
from tests.support.emulated import firmware, native_module
from tests.support.keyword_model import keyword_model
from tests.support.motion_model import motion_model

CONTENT = bytes(range(256)) * 30 + b"\x00\x04\x03\x01\r\n"


@pytest.fixture(scope="module")
def image() -> Path:
    return firmware("qemu-m0")


@pytest.fixture(scope="module")
def sim(image: Path) -> Iterator[SimBoard]:
    with SimBoard("qemu-m0", firmware=image) as board:
        yield board


@pytest.mark.parametrize("way", ["url", "pty"])
def test_mpremote_runs_code_and_copies_files(sim: SimBoard, tmp_path: Path, way: str) -> None:
    port = getattr(sim, way)
    (tmp_path / "there.bin").write_bytes(CONTENT)
    (tmp_path / "script.py").write_text("import _sim\nfor i in range(3):\n    print(_sim.board, i * i)\n")
    assert mpremote(port, "run", str(tmp_path / "script.py")).split() == [
        "qemu-m0",
        "0",
        "qemu-m0",
        "1",
        "qemu-m0",
        "4",
    ]
    mpremote(port, "fs", "cp", str(tmp_path / "there.bin"), ":file.bin")
    mpremote(port, "fs", "cp", ":file.bin", str(tmp_path / "back.bin"))
    assert (tmp_path / "back.bin").read_bytes() == CONTENT


def test_ampy_puts_and_runs(sim: SimBoard, tmp_path: Path) -> None:
    script = tmp_path / "hello.py"
    script.write_text("print('hello', 1 + 1)\n")
    ampy(sim, "put", str(script))
    assert "/hello.py" in ampy(sim, "ls")
    assert ampy(sim, "run", str(script)).split() == ["hello", "2"]


def test_ctrl_c_ends_programs_that_never_read_or_sleep_too_long(sim: SimBoard) -> None:
    for program in ("while True: pass", "import time; time.sleep(1000)", "input()"):
        mpremote(sim.url, "exec", "--no-follow", program)
        assert mpremote(sim.url, "exec", "print('alive')").split() == ["alive"]


def test_files_survive_a_soft_reset_and_a_hard_one(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        board.put("/kept", CONTENT)
        board.restart()
        assert bytes(board.eval("open('/kept', 'rb').read()")) == CONTENT
        board._transport.exec_raw_no_follow("import machine; machine.reset()")
    with connect(sim.url) as board:
        assert bytes(board.eval("open('/kept', 'rb').read()")) == CONTENT


def test_a_deployed_program_runs_at_start(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        board.put("/main.py", b"f = open('/ran', 'w')\nf.close()\n")
        board.reset()
    with connect(sim.url) as board:
        assert "ran" in board.listdir()
        board.exec("import os; os.remove('/main.py'); os.remove('/ran')")


def test_the_heap_is_the_board_s(sim: SimBoard) -> None:
    ask = "import gc, micropython\ngc.collect()\nmicropython.mem_info()"
    with connect(sim.url) as board:
        blocks = int(board.exec(ask).rsplit("max free sz: ", 1)[1])
    assert abs(blocks * 16 - boards.load("qemu-m0").heap_bytes) <= 1024


def test_time_passes_as_it_does_here(sim: SimBoard) -> None:
    ask = "import time\na = time.ticks_us()\ntime.sleep_ms(200)\nprint(time.ticks_diff(time.ticks_us(), a))"
    with connect(sim.url) as board:
        assert int(board.exec(ask)) >= 200_000


def test_a_board_knows_what_it_is(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        machine, build, mpy = board.eval("(lambda i: [i._machine, i._build, i._mpy])(__import__('sys').implementation)")
    assert boards.identify(machine, build) == boards.load("qemu-m0")
    assert mpy == boards.load("qemu-m0").firmware.mpy


@pytest.mark.parametrize("after", [1, len(CONTENT)])
def test_power_cut_during_a_copy_leaves_old_or_new(image: Path, tmp_path: Path, after: int) -> None:
    def pull_the_plug(path: str, sent: int, size: int) -> None:
        if sent >= after:
            assert sim._process is not None
            sim._process._process.kill()

    old = CONTENT[::-1]
    with SimBoard("qemu-m0", state=tmp_path, firmware=image) as sim, connect(sim.url) as board:
        deploy(board, {"/model.smg": old})
        with pytest.raises(DeployError, match=r"/model.smg: the copy was cut"):
            deploy(board, {"/model.smg": CONTENT}, pull_the_plug)
    with SimBoard("qemu-m0", state=tmp_path, firmware=image) as sim, connect(sim.url) as board:
        assert bytes(board.eval("open('/model.smg', 'rb').read()")) in (old, CONTENT)
        deploy(board, {"/model.smg": CONTENT})
        assert bytes(board.eval("open('/model.smg', 'rb').read()")) == CONTENT


def test_a_folder_and_a_port_serve_one_board_at_a_time(image: Path, tmp_path: Path) -> None:
    with SimBoard("qemu-m0", state=tmp_path, firmware=image) as sim:
        with pytest.raises(PortError, match="in use by another simulated board"):
            SimBoard("qemu-m0", state=tmp_path, firmware=image).start()
        port = int(sim.url.rpartition(":")[2])
        with pytest.raises(PortError, match=f"port {port} is taken by another program"):
            SimBoard("qemu-m0", port=port, firmware=image).start()
        with connect(sim.url), pytest.raises(PortError, match="another program"):
            connect(sim.url).close()


def test_sound_is_refused(sim: SimBoard) -> None:
    import numpy as np

    with pytest.raises(UsageError, match="an emulated board has no sensors"):
        sim.play(np.zeros(4, np.int16))


def test_a_firmware_or_an_emulator_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="its firmware is not built yet; in a clone of Smidgen: make sim-boards"):
        SimBoard("qemu-m0", firmware=tmp_path / "nothing.elf").start()
    monkeypatch.setattr(qemu.shutil, "which", lambda name: None)
    with pytest.raises(DeviceError, match=r"qemu-m0 runs in qemu-system-arm, which is not installed"):
        SimBoard("qemu-m0", firmware=tmp_path / "nothing.elf").start()


def test_a_file_that_is_no_firmware_is_named(image: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.elf"
    broken.write_bytes(image.read_bytes()[:1000])
    with pytest.raises(DeviceError, match=r"does not start: qemu: fatal: Lockup"):
        SimBoard("qemu-m0", firmware=broken).start()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_emulator_outlives_whoever_started_it(image: Path, number: signal.Signals) -> None:
    code = (
        f"from smidgen.sim import SimBoard\nwith SimBoard('qemu-m0', firmware={str(image)!r}) as sim:\n"
        "    print(sim._process._process.pid, flush=True)\n    sim.wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        emulator = int(parent.stdout.readline())
        parent.send_signal(number)
        parent.wait(30)
    assert gone(emulator)


@pytest.mark.parametrize("make", [keyword_model, motion_model, anomaly_model])
def test_micropython_around_the_engine_is_counted_in_a_hop_and_in_one_with_an_inference(
    image: Path, make: Callable[[], bytes]
) -> None:
    native_module("armv6m")
    found = around_hops(Blob.from_bytes(make()), image)
    assert 5_000 < found.hop < found.inference - 5_000 < 500_000


def test_micropython_around_the_engine_is_counted_in_a_predict(image: Path) -> None:
    native_module("armv6m")
    found = around_predict(convert(Network((6, 6, 8), 1).conv(8, 3).build(), "net"), image)
    assert found.predict == found.engine + found.around
    assert 5_000 < found.around < 50_000 < found.engine


def test_instructions_are_counted_on_emulated_boards_alone() -> None:
    with pytest.raises(UsageError, match="instructions are counted on the boards that QEMU emulates"):
        SimBoard("pico", counted=True)
