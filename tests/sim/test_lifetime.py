"""Simulated boards start, live side by side, keep their files, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from smidgen.device import connect
from smidgen.errors import DeviceError, PortError, UsageError
from smidgen.sim import SimBoard

SECONDS = 30


def gone(pid: int) -> bool:
    """Whether a process has ended, waiting for it if need be."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/stat")
        if status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_boards_side_by_side_know_nothing_of_each_other() -> None:
    with SimBoard() as one, SimBoard() as two:
        assert one.url != two.url
        with connect(one.url) as first, connect(two.url) as second:
            first.exec("x = 1; f = open('/mine', 'w'); f.close()")
            with pytest.raises(DeviceError, match="NameError"):
                second.exec("x")
            assert second.listdir() == []


def test_files_survive_a_stop_and_a_kill(tmp_path: Path) -> None:
    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        board.exec(
            "import os; os.mkdir('/a'); f = open('/a/b', 'w'); f.write('one'); f.close(); os.rename('/a/b', '/a/c')"
        )
        assert sim._process is not None
        sim._process._process.kill()
    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        assert board.exec("print(open('/a/c').read(), os.listdir('/a') if 'os' in globals() else '')").strip() == "one"
        assert board.listdir("/a") == ["c"]
        board.exec("import os; os.chdir('/a'); os.remove('c'); os.chdir('/'); os.rmdir('a')")
    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        assert board.listdir() == []


def test_a_file_that_was_never_closed_leaves_the_old_one(tmp_path: Path) -> None:
    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        board.exec("f = open('/x', 'w'); f.write('old'); f.close()")
        board.exec("f = open('/x', 'w'); f.write('new, but half'); f.flush()")
    with SimBoard(state=tmp_path) as sim, connect(sim.url) as board:
        assert board.exec("print(open('/x').read())").strip() == "old"


def test_a_folder_serves_one_board_at_a_time(tmp_path: Path) -> None:
    with SimBoard(state=tmp_path), pytest.raises(PortError, match="in use by another simulated board"):
        SimBoard(state=tmp_path).start()
    with SimBoard(state=tmp_path):
        pass


def test_a_taken_port_is_refused_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=f"port {port} is taken") as caught:
            SimBoard(port=port).start()
    assert "\n" not in str(caught.value)


def test_an_unknown_board_and_port_are_refused() -> None:
    with pytest.raises(UsageError, match=r"no such board; there are .*pico"):
        SimBoard("nothing")
    with pytest.raises(UsageError, match="port 70000"):
        SimBoard(port=70000)


def test_stop_leaves_no_process_no_terminal_and_may_be_repeated() -> None:
    sim = SimBoard()
    sim.start()
    assert sim._process is not None
    pid, terminal = sim._process._process.pid, sim.pty
    sim.stop()
    sim.stop()
    assert gone(pid)
    assert terminal is None or not Path(terminal).exists()
    with pytest.raises(DeviceError, match="not running"):
        sim.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_node_process_outlives_whoever_started_it(number: signal.Signals) -> None:
    code = (
        "from smidgen.sim import SimBoard\nfrom smidgen.device import connect\n"
        "with SimBoard() as sim:\n    board = connect(sim.url)\n"
        "    board._transport.exec_raw_no_follow('while True: pass')\n"
        "    print(sim._process._process.pid, flush=True)\n    sim.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with parent:
        assert parent.stdout is not None
        node = int(parent.stdout.readline())
        parent.send_signal(number)
        parent.wait(SECONDS)
    assert gone(node)


def test_a_crash_of_micropython_resets_the_board_and_keeps_its_files(sim: SimBoard) -> None:
    with connect(sim.url) as board:
        board.exec("f = open('/kept', 'w'); f.write('1'); f.close()")
        board._transport.exec_raw_no_follow("import js; js.process.exit(3)")
    with connect(sim.url) as board:
        assert board.exec("import os; print('kept' in os.listdir())").strip() == "True"
        board.exec("os.remove('/kept')")


class TestMicrophone:
    READ = """
import _sim, array, time

def hear(n):
    buffer = array.array('h', bytes(2 * n))
    heard = []
    while True:
        count = _sim.microphone_readinto(buffer)
        if count == 0:
            return heard
        heard.extend(buffer[: count // 2])

def milliseconds_to_hear(n):
    start = time.ticks_ms()
    hear(n)
    return time.ticks_diff(time.ticks_ms(), start)
"""

    def test_the_board_hears_what_is_played_sample_by_sample(self, sim: SimBoard) -> None:
        samples = np.random.default_rng(1).integers(-32768, 32768, 1001).astype(np.int16)
        with connect(sim.url) as board:
            board.exec(self.READ)
            sim.play(samples)
            sim.play(samples[:3])
            assert board.eval("hear(160)") == samples.tolist()
            assert not sim.play_done(0)
            assert board.eval("hear(160)") == samples[:3].tolist()
            assert sim.play_done(SECONDS)
            assert board.eval("hear(160)") == []

    def test_what_is_left_is_heard_after_a_reset(self, sim: SimBoard) -> None:
        samples = np.arange(500, dtype=np.int16)
        with connect(sim.url) as board:
            board.exec(self.READ)
            sim.play(samples)
            board.exec("_sim.microphone_readinto(bytearray(200))")
        with connect(sim.url) as board:
            board.exec(self.READ)
            assert board.eval("hear(64)") == samples[100:].tolist()

    def test_in_real_time_a_second_of_sound_takes_a_second(self) -> None:
        with SimBoard(realtime=True) as sim, connect(sim.url) as board:
            board.exec(self.READ)
            sim.play(np.zeros(16000, np.int16))
            assert board.eval("milliseconds_to_hear(320)") >= 990

    def test_samples_of_another_type_are_refused(self, sim: SimBoard) -> None:
        with pytest.raises(UsageError, match="int16"):
            sim.play(np.zeros(4, np.float32))
