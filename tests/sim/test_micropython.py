"""A simulated board runs MicroPython programs as a board does: prompt, Ctrl-C, memory, files, start-up scripts."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import serial

from smidgen import boards
from smidgen.device import Board, connect
from smidgen.errors import DeviceError
from smidgen.sim import SimBoard

SECONDS = 30


class Prompt:
    """The friendly REPL as a person at a terminal has it."""

    def __init__(self, port: serial.SerialBase):
        self._port = port

    def send(self, keys: str) -> None:
        self._port.write(keys.encode())

    def until(self, ending: str) -> str:
        """What the board says up to and with `ending`."""
        end = time.monotonic() + SECONDS
        said = ""
        while not said.endswith(ending):
            assert time.monotonic() < end, f"{ending!r} never came, but {said!r}"
            said += self._port.read(1).decode()
        return said

    def ask(self, keys: str) -> str:
        self.send(keys)
        return self.until(">>> ")


@pytest.fixture
def prompt(sim: SimBoard, board: Board) -> Iterator[Prompt]:
    board.close()
    with serial.serial_for_url(sim.url, timeout=0.2) as port:
        prompt = Prompt(port)
        prompt.send("\r\x03\x02")
        prompt.until('Type "help()" for more information.\r\n>>> ')
        yield prompt
        prompt.send("\x03\x03\r\x03\x02")


LARGEST_BLOCK = """
import gc
low, high = 0, 1 << 20
while high - low > 1:
    middle = (low + high) // 2
    gc.collect()
    try:
        bytearray(middle)
        low = middle
    except MemoryError:
        high = middle
print(low)
"""

WORK = """
import gc, json

class Item:
    def __init__(self, n): self.n = [n]
    def __lt__(self, other): return str(self.n) < str(other.n)
    def __eq__(self, other): return list(self.n) == list(other.n)
    def __hash__(self): return hash(str(self.n[0] % 7))
    def __repr__(self): return 'Item' + str(self.n)

def work():
    words = list(str(i) * 3 for i in range(30))
    table = {word: [value] * 3 for word, value in zip(words, range(30))}
    text = json.dumps({'a': ','.join(a + b for a, b in zip(words, reversed(words))), 'b': [1.5, None, words]})
    items = [Item(i * 37 % 50) for i in range(30)]
    return (
        text, json.loads(text)['b'][2], sorted(table.items(), key=lambda kv: str(kv[1]) + kv[0]),
        repr(sorted(items)), sorted(repr(i) for i in set(items)), list(map(tuple, ([i] * 4 for i in range(9)))),
        str(3 ** 200), '{!r:>9} %s'.format(words) % items[0], eval('[x for x in range(9) if str(x) > "3"]'),
    )

expected = repr(work())
"""


def test_the_heap_is_the_board_s(sim: SimBoard) -> None:
    """To within 1 KB, for the program that asks takes a little itself."""
    with connect(sim.url) as board:
        assert int(board.exec(LARGEST_BLOCK)) == pytest.approx(boards.load("pico").heap_bytes, abs=1024)


def test_too_large_an_allocation_fails_and_the_board_lives(board: Board) -> None:
    assert board.exec("try:\n    bytearray(300000)\nexcept MemoryError as e:\n    print(e)").startswith("memory alloc")
    assert board.exec("print(len(bytearray(100000)))").strip() == "100000"


def test_garbage_is_collected_while_a_program_runs(board: Board) -> None:
    """Forty times the heap goes through one loop, in pieces that are still in use when the next is made."""
    code = "kept = None\nfor i in range(800):\n    kept = bytearray(10000), kept and kept[0]\nprint(len(kept[1]))"
    assert board.exec(code).strip() == "10000"


def test_the_collector_finds_what_only_c_code_holds(board: Board) -> None:
    """With a collection at every few allocations, results are those without: nothing in use is freed."""
    board.exec(WORK)
    for bytes_between in (16, 48, 333, 1000):
        assert (
            board.exec(f"gc.threshold({bytes_between}); print(repr(work()) == expected); gc.threshold(-1)").strip()
            == "True"
        )


def test_endless_recursion_is_an_exception(board: Board) -> None:
    code = "def f(): f()\ntry:\n    f()\nexcept RuntimeError as e:\n    print('caught')"
    assert board.exec(code).strip() == "caught"


@pytest.mark.parametrize(
    "program", ["while True: pass", "import time; time.sleep(1000)", "input()", "import sys; sys.stdin.read(1)"]
)
def test_ctrl_c_ends_what_does_not_end(prompt: Prompt, program: str) -> None:
    prompt.send(f"\x05print('go')\r{program}\r\x04")
    prompt.until("go\r\n")
    prompt.send("\x03")
    assert "KeyboardInterrupt" in prompt.until(">>> ")
    assert "42\r\n" in prompt.ask("6 * 7\r")


def test_a_program_catches_ctrl_c(prompt: Prompt) -> None:
    prompt.send("\x05try:\r    print('go')\r    while True: pass\rexcept KeyboardInterrupt:\r    print('caught')\r\x04")
    prompt.until("go\r\n")
    prompt.send("\x03")
    assert "caught\r\n" in prompt.until(">>> ")


def test_what_is_typed_reaches_input(prompt: Prompt) -> None:
    prompt.send("name = input('who? ')\r")
    prompt.until("who? ")
    prompt.ask("Ada\r")
    assert "'Ada'\r\n" in prompt.ask("name\r")


def test_output_arrives_while_the_program_runs(prompt: Prompt) -> None:
    prompt.send("import time; print('first'); time.sleep(1000)\r")
    assert prompt.until("first\r\n")
    prompt.send("\x03")
    prompt.until(">>> ")


def test_a_reset_runs_boot_and_main(sim: SimBoard, board: Board, prompt: Prompt) -> None:
    prompt.ask("f = open('boot.py', 'w'); f.write('print(\"booting\")'); f.close()\r")
    prompt.ask("f = open('main.py', 'w'); f.write('x = 7; print(__name__); 1 / 0'); f.close()\r")
    said = prompt.ask("\x04")
    assert "MPY: soft reboot\r\nbooting\r\n__main__\r\nTraceback" in said
    assert "ZeroDivisionError" in said
    assert "7\r\n" in prompt.ask("x\r")


def test_raw_mode_skips_main(sim: SimBoard, board: Board) -> None:
    board.exec("f = open('main.py', 'w'); f.write('ran = True'); f.close()")
    board.close()
    with connect(sim.url) as again, pytest.raises(DeviceError, match="NameError"):
        again.exec("ran")


def test_errors_have_the_numbers_of_a_board(board: Board) -> None:
    for code, number in [
        ("open('/none')", 2),
        ("import os; os.mkdir('/d'); os.mkdir('/d')", 17),
        ("os.rmdir('/none')", 2),
    ]:
        assert board.exec(f"try:\n    {code}\nexcept OSError as e:\n    print(e.errno)").strip() == str(number)


def test_a_full_flash_is_an_error_and_keeps_what_is_there(board: Board) -> None:
    board.put("/kept", b"content")
    board.exec("f = open('/big', 'wb')")
    fill = "try:\n    while True: f.write(bytes(8192))\nexcept OSError as e:\n    print(e.errno)"
    assert board.exec(fill).strip() == "28"
    board.exec("f.close()")
    assert board.exec("print(open('/kept').read())").strip() == "content"
    size, free = (int(x) for x in board.exec("import os; s = os.statvfs('/'); print(s[0] * s[2], s[0] * s[3])").split())
    assert size == boards.load("pico").filesystem_bytes
    assert free < 8192


ASYNC = """
import asyncio
from asyncio import sleep_ms

async def count(name, n):
    for i in range(n):
        print(name, i)
        await sleep_ms(20)
    return n

async def long():
    await asyncio.sleep(5)

async def fail():
    await sleep_ms(1)
    raise ValueError('inside')

async def main():
    print(await asyncio.gather(count('a', 2), count('b', 1)))
    try:
        await asyncio.wait_for(long(), 0.05)
    except asyncio.TimeoutError:
        print('timeout')
    try:
        await asyncio.create_task(fail())
    except ValueError as error:
        print(error)
    return 'result'
"""


def test_asyncio_runs_tasks_to_the_end(board: Board) -> None:
    said = board.exec(ASYNC + "print(asyncio.run(main()))").split("\n")
    assert said[:3] == ["a 0", "b 0", "a 1"]
    assert said[3:7] == ["[2, 1]", "timeout", "inside", "result"]


def test_asyncio_passes_on_what_main_raises(board: Board) -> None:
    with pytest.raises(DeviceError, match="ValueError: inside"):
        board.exec(ASYNC + "asyncio.run(fail())")
    assert board.exec("print(asyncio.get_event_loop().run_until_complete(count('c', 1)))") == "c 0\n1\n"


def test_ctrl_c_ends_asyncio(prompt: Prompt) -> None:
    prompt.ask("import asyncio\r")
    prompt.send("\x05async def forever():\r    print('go')\r    while True: await asyncio.sleep(1)\r\r")
    prompt.send("asyncio.run(forever())\r\x04")
    prompt.until("go\r\n")
    prompt.send("\x03")
    assert "KeyboardInterrupt" in prompt.until(">>> ")
