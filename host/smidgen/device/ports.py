"""Which serial ports there are, and which one is meant."""

from __future__ import annotations

from dataclasses import dataclass

from serial.tools import list_ports

from smidgen import boards
from smidgen.errors import PortError


@dataclass(frozen=True)
class Port:
    """A USB serial port: `name` opens it, `description` says what the system knows of what is plugged in.

    serial_number: of the board's USB side, the same wherever it is plugged in; "" when it has none. usb_id: vendor and
    product, "2e8a:0005".
    """

    name: str
    description: str
    serial_number: str = ""
    usb_id: str = ""

    def candidates(self) -> list[str]:
        """Names of the boards that show this USB identity."""
        return [board.name for board in boards.load_all() if self.usb_id in board.firmware.usb_ids]


def ports() -> list[Port]:
    """The USB serial ports of this machine; ports that are no USB device are never boards."""
    found = sorted(list_ports.comports(), key=lambda port: port.device)
    return [
        Port(
            port.device,
            port.description or "USB serial",
            port.serial_number or "",
            f"{port.vid:04x}:{port.pid or 0:04x}",
        )
        for port in found
        if port.vid is not None
    ]


def port_named(name: str | None) -> str:
    """What opens a board: `name` may be a port, a URL, a board's serial number, or None for the only board.

    Raises PortError when nobody says which and there is not exactly one.
    """
    if name is None:
        return only_port()
    return next((port.name for port in ports() if port.serial_number == name), name)


def only_port() -> str:
    """The name of the one board that is plugged in. Raises PortError when there is none, or more than one."""
    found = ports()
    if not found:
        raise PortError("no board is plugged in; plug one in, name its port, or start one with `smidgen sim`")
    if len(found) > 1:
        raise PortError(f"several boards are plugged in; choose a port: {', '.join(port.name for port in found)}")
    return found[0].name
