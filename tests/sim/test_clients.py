"""Real mpremote and real ampy drive a simulated board as they drive any other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from smidgen.sim import SimBoard

SECONDS = 60
needs_pty = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


def client(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )


def mpremote(port: str | None, *arguments: str) -> str:
    assert port is not None
    result = client("mpremote", "connect", port, *arguments)
    assert result.returncode == 0, result.stderr + result.stdout
    return result.stdout


def ampy(sim: SimBoard, *arguments: str) -> str:
    result = client("ampy.cli", "--port", str(sim.pty), *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_mpremote_runs_code_and_files(sim: SimBoard, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("import sys\nfor i in range(3):\n    print(i * i)\n")
    assert mpremote(sim.url, "exec", "print(6 * 7)").split() == ["42"]
    assert mpremote(sim.url, "run", str(script)).split() == ["0", "1", "4"]


@pytest.mark.parametrize("way", ["url", pytest.param("pty", marks=needs_pty)])
def test_mpremote_copies_files_both_ways_and_back_unchanged(sim: SimBoard, tmp_path: Path, way: str) -> None:
    port = getattr(sim, way)
    content = bytes(range(256)) * 3 + b"\x00\x04\x03\x01\r\n"
    (tmp_path / "there.bin").write_bytes(content)
    mpremote(port, "fs", "mkdir", ":folder")
    mpremote(port, "fs", "cp", str(tmp_path / "there.bin"), ":folder/file.bin")
    assert "file.bin" in mpremote(port, "fs", "ls", ":folder")
    mpremote(port, "fs", "cp", ":folder/file.bin", str(tmp_path / "back.bin"))
    assert (tmp_path / "back.bin").read_bytes() == content
    mpremote(port, "fs", "rm", ":folder/file.bin")
    mpremote(port, "fs", "rmdir", ":folder")
    assert "folder" not in mpremote(port, "fs", "ls")


def test_mpremote_names_a_file_that_is_not_there(sim: SimBoard) -> None:
    result = client("mpremote", "connect", sim.url, "fs", "cat", ":nothing.txt")
    assert result.returncode != 0
    assert "No such file or directory" in result.stderr


def test_mpremote_resumes_without_a_reset_and_resets_when_asked(sim: SimBoard) -> None:
    mpremote(sim.url, "exec", "kept = 5")
    assert mpremote(sim.url, "resume", "exec", "print(kept)").split() == ["5"]
    mpremote(sim.url, "soft-reset")
    result = client("mpremote", "connect", sim.url, "resume", "exec", "print(kept)")
    assert "NameError" in result.stderr + result.stdout


def test_mpremote_breaks_into_an_endless_loop(sim: SimBoard) -> None:
    mpremote(sim.url, "exec", "--no-follow", "while True: pass")
    assert mpremote(sim.url, "exec", "print('alive')").split() == ["alive"]


@needs_pty
def test_ampy_puts_lists_runs_gets_and_removes(sim: SimBoard, tmp_path: Path) -> None:
    script = tmp_path / "hello.py"
    script.write_text("print('hello', 1 + 1)\n")
    ampy(sim, "put", str(script))
    ampy(sim, "mkdir", "deep")
    assert {"/hello.py", "/deep"} <= set(ampy(sim, "ls").split())
    assert ampy(sim, "run", str(script)).split() == ["hello", "2"]
    assert ampy(sim, "get", "hello.py").strip() == script.read_text().strip()
    ampy(sim, "rm", "hello.py")
    ampy(sim, "rmdir", "deep")
    assert not {"/hello.py", "/deep"} & set(ampy(sim, "ls").split())


def test_a_second_client_is_turned_away_while_the_first_works(sim: SimBoard) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "mpremote", "connect", sim.url, "exec", "print('on'); input()"],
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline().strip() == b"on"
        assert client("mpremote", "connect", sim.url, "exec", "print(1)").returncode != 0
        assert first.poll() is None
    finally:
        first.kill()
        first.wait()
        assert first.stdout is not None
        first.stdout.close()
    assert mpremote(sim.url, "exec", "print(2)").split() == ["2"]
