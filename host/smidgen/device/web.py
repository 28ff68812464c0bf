"""A CircuitPython board on the network, by its web workflow (the documentation of CircuitPython: File REST API)."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from smidgen import boards
from smidgen.device.drives import check_circuitpython
from smidgen.device.install import beside
from smidgen.errors import DeviceError, PortError

_SECONDS = 20.0
_FIRST_SECOND, _TIMES = 1_577_836_800, 1 << 26  # files of ours are of the years from 2020 to 2024
_REASONS = {
    401: "wrong password; it is CIRCUITPY_WEB_API_PASSWORD in the board's settings.toml",
    403: "the board has no password for its web workflow; set CIRCUITPY_WEB_API_PASSWORD in its settings.toml",
    409: "the board's files are in use by USB; eject the drive or unplug the board from this computer",
    413: "no room for the file",
    417: "no room for the file",
}


class Web:
    """A board's files as a target of `install`. A file grows beside its place; the old one goes first, for FAT knows no
    replacing, and `install` can tell what a cut between the two left."""

    root = ""
    main = "/code.py"  # CircuitPython takes it before main.py

    def __init__(self, url: str, password: str):
        """url: http://cpy-f57ce8.local or an address. Raises PortError when nobody answers so, DeviceError for a wrong
        password or CircuitPython before 9."""
        self.port = url
        self._base = url.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f":{password}".encode()).decode()
        content, at = self._ask("GET", "/cp/version.json")
        self._base = "{0.scheme}://{0.netloc}".format(urlsplit(at))  # circuitpython.local leads to the board's own name
        try:
            about = json.loads(content)
            version = tuple(map(int, re.findall(r"\d+", about["version"])[:3]))
        except (ValueError, KeyError, TypeError):
            raise PortError(f"{url}: not a CircuitPython board's web workflow; check the address") from None
        check_circuitpython(version, url)
        self.board = boards.identify("", circuitpython=about.get("board_id"))
        self._listing("/")

    def holds(self, files: Mapping[str, bytes]) -> set[str]:
        """By what the folders' listings say of size and time; a file of that size and another time is read."""
        listings: dict[str, dict[str, tuple[int, int]]] = {}
        found = set()
        for path, content in files.items():
            folder, _, name = path.rpartition("/")
            if folder not in listings:
                listings[folder] = self._sizes_and_times(folder)
            size, time_ns = listings[folder].get(name, (-1, 0))
            if size == len(content) and (time_ns == _time_ms(content) * 1_000_000 or self.read(path) == content):
                found.add(path)
        return found

    def read(self, path: str) -> bytes | None:
        return self._if_there("GET", path)

    def listdir(self, path: str) -> list[str]:
        return sorted(entry["name"] + "/" * entry["directory"] for entry in self._listing(path)["files"])

    def room(self) -> tuple[int, int]:
        about = self._listing("/")
        return int(about["free"]) * int(about["block_size"]), int(about["block_size"])

    def put(self, path: str, content: bytes, progress: Callable[[int], None] | None = None) -> None:
        fresh = beside(path)
        self._make_folder(path.rpartition("/")[0])
        self._ask("PUT", _place(fresh), content, {"X-Timestamp": str(_time_ms(content))})
        if self.read(fresh) != content:
            raise DeviceError(f"{path}: arrived damaged; try again")
        self._if_there("DELETE", path)
        self._ask("MOVE", _place(fresh), headers={"X-Destination": _place(path)})
        if progress:
            progress(len(content))

    def copy(self, source: str, target: str) -> None:
        self.put(target, self.read(source) or b"")

    def remove(self, path: str) -> None:
        if self._if_there("DELETE", path) is None:
            self._if_there("DELETE", path + "/")

    def _make_folder(self, path: str) -> None:
        parts = path.strip("/").split("/") if path.strip("/") else []
        for depth in range(len(parts)):
            self._ask("PUT", _place("/" + "/".join(parts[: depth + 1]) + "/"), b"")

    def _listing(self, path: str) -> dict[str, Any]:
        content, _ = self._ask("GET", _place(path.rstrip("/") + "/"), headers={"Accept": "application/json"})
        about: dict[str, Any] = json.loads(content)
        return about

    def _sizes_and_times(self, folder: str) -> dict[str, tuple[int, int]]:
        """(bytes, nanoseconds since 1970) of each file in a folder; nothing where there is none."""
        try:
            files = self._listing(folder)["files"]
        except _Missing:
            return {}
        return {entry["name"]: (entry["file_size"], entry["modified_ns"]) for entry in files if not entry["directory"]}

    def _if_there(self, method: str, path: str) -> bytes | None:
        """The answer's content; None when there is no such file or folder."""
        try:
            return self._ask(method, _place(path))[0]
        except _Missing:
            return None

    def _ask(
        self, method: str, place: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[bytes, str]:
        """The answer's content, and where it came from in the end."""
        headers = {"Authorization": self._authorization, **(headers or {})}
        try:
            request = urllib.request.Request(self._base + place, content, headers, method=method)
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                return answer.read(), answer.geturl()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                raise _Missing(f"{self.port}: no {place.removeprefix('/fs')} there") from None
            raise DeviceError(f"{self.port}: {_REASONS.get(error.code, f'refused with status {error.code}')}") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise PortError(
                f"{self.port}: no board answers there ({reason}); check its address and the Wi-Fi"
            ) from None


class _Missing(DeviceError):
    """No such file or folder on the board."""


def _time_ms(content: bytes) -> int:
    """The modification time that a file gets, in milliseconds since 1970: made of its content, in steps of FAT's two
    seconds. The board computes no hashes; a file that somebody else has changed has another time."""
    number = int.from_bytes(hashlib.sha256(content).digest()[:4], "big") % _TIMES
    return (_FIRST_SECOND + 2 * number) * 1000


def _place(path: str) -> str:
    return "/fs" + quote(path)
