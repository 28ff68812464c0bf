"""`smidgen repl`: a board's prompt. pyserial's terminal, for mpremote's takes no `socket://` port."""

from __future__ import annotations

import sys
from typing import Annotated

import serial
import typer
from serial.tools.miniterm import Miniterm, key_description

from smidgen.cli.console import say
from smidgen.cli.options import OptionalPort
from smidgen.device import connect, port_that_opens
from smidgen.errors import PortError, UsageError

Loaded = Annotated[bool, typer.Option("--model", help="Load the deployed model first; this stops the program.")]
_BAUD = 115200
_LEAVE = "\x1d"  # Ctrl-], as in mpremote and telnet


def repl(port: OptionalPort = None, loaded: Loaded = False) -> None:
    """Talk to a board's MicroPython prompt.

    What its program prints appears too. Ctrl-C interrupts the program, Ctrl-D at the prompt restarts the board, Ctrl-]
    leaves. With --model the program is stopped and the deployed model is there as `model`.
    """
    name = port_that_opens(port)
    if not sys.stdin.isatty():
        raise UsageError(f"repl needs a terminal; in a script use: mpremote connect {name} exec 'print(1)'")
    if loaded:
        say(load_model(name))
    say(f"{name}: press Enter for the prompt, {key_description(_LEAVE)} to leave")
    terminal = _Terminal(serial.serial_for_url(name, _BAUD, timeout=1), echo=False, eol="cr", filters=("direct",))
    terminal.exit_character = _LEAVE
    terminal.set_rx_encoding("utf-8")
    terminal.set_tx_encoding("utf-8")
    terminal.start()
    try:
        terminal.join()
    finally:
        terminal.close()
    if terminal.lost:
        raise PortError(f"{name}: the board has gone; plug it in again")


def load_model(port: str) -> str:
    """Stop the board's program and open the deployed model as `model` at its prompt. Returns a hint for who sits there.

    Raises PortError, or DeviceError when there is no model or it does not fit.
    """
    with connect(port) as board:
        board.exec("from smidgen import Model\nmodel = Model('model.smg')")
        engine, shape, size = board.eval("(model.engine, model.inputs[0].shape, model.inputs[0].size)")
    shown = "x".join(map(str, shape))
    return f"model: {shown} values, {engine} engine. Try: model.labels, model.memory, model.predict([0.0] * {size})"


class _Terminal(Miniterm):
    """lost: the board went away."""

    lost = False

    def reader(self) -> None:
        try:
            super().reader()
        except (serial.SerialException, OSError):
            self.lost = True
            self.console.cancel()
