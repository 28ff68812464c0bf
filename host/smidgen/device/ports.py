"""Which serial ports there are, and which one is meant when nobody says."""

from __future__ import annotations

from dataclasses import dataclass

from serial.tools import list_ports

from smidgen.errors import PortError


@dataclass(frozen=True)
class Port:
    """A USB serial port: `name` opens it, `description` says what the system knows of what is plugged in."""

    name: str
    description: str


def ports() -> list[Port]:
    """The USB serial ports of this machine; ports that are no USB device are never boards."""
    found = sorted(list_ports.comports(), key=lambda port: port.device)
    return [Port(port.device, port.description or "USB serial") for port in found if port.vid is not None]


def only_port() -> str:
    """The name of the one board that is plugged in. Raises PortError when there is none, or more than one."""
    found = ports()
    if not found:
        raise PortError("no board is plugged in; plug one in, name its port, or start one with `smidgen sim`")
    if len(found) > 1:
        raise PortError(f"several boards are plugged in; choose a port: {', '.join(port.name for port in found)}")
    return found[0].name
