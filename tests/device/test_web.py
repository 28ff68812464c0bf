"""CircuitPython's web workflow: the same sets and promises as on a drive, against a server that speaks the documented
API over a folder, FAT's ways included."""

from __future__ import annotations

import base64
import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from smidgen.device import Part, install
from smidgen.device.web import Web
from smidgen.errors import DeployError, DeviceError, PortError
from tests.host.cli.conftest import Command, fails_with_one_line
from tests.support.keyword_model import keyword_model

PARTS = [Part("model", {"model.smg": b"m" * 5000}), Part("program", {"main.py": b"print('new')\n"})]


class Handler(BaseHTTPRequestHandler):
    """The documented answers (CircuitPython's docs/workflows.md, the same in 9.0.0, 10.0.0 and since). The server has:
    folder, password ("" for none set), version, usb, read, allowed (how many requests that change something it still
    takes; then the board is gone)."""

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _path(self) -> Path | None:
        """The file that is asked about; None when the answer is given already."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.body = body
        board = self.server.board
        given = self.headers.get("Authorization", "")
        if not board.password:
            self._answer(403)
        elif given != "Basic " + base64.b64encode(f":{board.password}".encode()).decode():
            self._answer(401)
        elif self.command != "GET" and board.usb:
            self._answer(409)
        elif self.command != "GET" and board.allowed == 0:
            self.close_connection = True
        else:
            if self.command != "GET":
                board.allowed -= 1
            return board.folder / unquote(self.path).removeprefix("/fs/")
        return None

    def do_GET(self) -> None:
        if self.path == "/cp/version.json":
            self._answer(200, json.dumps({"web_api_version": 4, "version": self.server.board.version}).encode())
        elif path := self._path():
            if self.path.endswith("/") and path.is_dir():
                files = [listed(p) for p in path.iterdir()]
                about = {"free": self.server.board.free, "total": 1000, "block_size": 1024, "writable": True}
                self._answer(200, json.dumps({**about, "files": files}).encode())
            elif path.is_file():
                self.server.board.read.append(path.name)
                self._answer(200, path.read_bytes())
            else:
                self._answer(404)

    def do_PUT(self) -> None:
        if path := self._path():
            if not path.parent.is_dir():
                return self._answer(404)
            status = 204 if path.exists() else 201
            if self.path.endswith("/"):
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(self.body)
                if "X-Timestamp" in self.headers:
                    seconds = int(self.headers["X-Timestamp"]) // 2000 * 2
                    os.utime(path, (seconds, seconds))
            self._answer(status)

    def do_MOVE(self) -> None:
        if path := self._path():
            target = self.server.board.folder / unquote(self.headers["X-Destination"]).removeprefix("/fs/")
            if target.exists():
                return self._answer(412)
            if not path.exists() or not target.parent.is_dir():
                return self._answer(404)
            path.rename(target)
            self._answer(201)

    def do_DELETE(self) -> None:
        if path := self._path():
            if path.is_dir() != self.path.endswith("/") or not path.exists():
                return self._answer(404)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            self._answer(204)


def listed(path: Path) -> dict[str, object]:
    """An entry of a folder's listing, with FAT's times."""
    about, folder = path.stat(), path.is_dir()
    modified_ns = int(about.st_mtime) // 2 * 2_000_000_000
    size = 0 if folder else about.st_size
    return {"name": path.name, "directory": folder, "modified_ns": modified_ns, "file_size": size}


class FakeBoard:
    """read: names of the files that were read."""

    def __init__(self, folder: Path):
        self.read: list[str] = []
        self.folder, self.password, self.version = folder, "secret", "9.2.1"
        self.usb, self.free, self.allowed = False, 900, -1
        (folder / "code.py").write_text("print('Hello World!')\n")
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.board = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def board(tmp_path: Path) -> Iterator[FakeBoard]:
    (tmp_path / "files").mkdir()
    fake = FakeBoard(tmp_path / "files")
    thread = threading.Thread(target=fake.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.server.shutdown()
    thread.join()
    fake.server.server_close()


def test_a_set_arrives_and_the_program_that_was_there_is_kept(board: FakeBoard):
    done = install(Web(board.url, "secret"), PARTS, starts=True)
    assert (board.folder / "code.py").read_text().startswith("# Placed by `smidgen deploy`")
    assert (board.folder / done.kept["/code.py"].lstrip("/")).read_text() == "print('Hello World!')\n"
    folders = (board.folder / ".smidgen" / "current").read_text().split("\n")
    assert (board.folder / ".smidgen" / folders[0] / "model.smg").read_bytes() == b"m" * 5000
    assert install(Web(board.url, "secret"), PARTS, starts=True).bytes_sent == 0
    install(Web(board.url, "secret"), [Part("model", {"model.smg": b"n"}), PARTS[1]], starts=True)
    assert not list(board.folder.rglob("*.new")) and len(list(board.folder.rglob("model.smg"))) == 1


def test_an_unchanged_set_is_looked_up_and_not_read_and_what_somebody_changed_is_found(board: FakeBoard):
    install(Web(board.url, "secret"), PARTS, starts=True)
    board.read.clear()
    assert install(Web(board.url, "secret"), PARTS, starts=True).bytes_sent == 0
    assert board.read == ["current"]  # whose folders those are
    (model,) = board.folder.rglob("model.smg")
    model.write_bytes(b"x" * 5000)
    assert install(Web(board.url, "secret"), PARTS, starts=True).bytes_sent == 5000
    assert model.read_bytes() == b"m" * 5000
    os.utime(model)  # another time, the same bytes
    assert install(Web(board.url, "secret"), PARTS, starts=True).bytes_sent == 0


def test_a_board_that_goes_away_at_any_request_takes_the_next_deployment(board: FakeBoard):
    install(Web(board.url, "secret"), PARTS, starts=True)
    new = [Part("model", {"model.smg": b"n" * 100}), PARTS[1]]
    cuts = 0
    while True:
        board.allowed = cuts
        try:
            install(Web(board.url, "secret"), new, starts=True)
            break
        except DeployError as error:
            assert "\n" not in str(error)
        pointers = [board.folder / ".smidgen" / name for name in ("current", "current.new")]
        lines = next(path.read_text().split("\n") for path in pointers if path.exists())
        assert lines[-1] == "." and all((board.folder / ".smidgen" / line).is_dir() for line in lines[:-1])
        cuts += 1
    assert cuts > 5


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"password": "other"}, "wrong password"),
        ({"password": ""}, "has no password for its web workflow"),
        ({"version": "8.2.6"}, r"CircuitPython 8\.2\.6; Smidgen needs 9\.0"),
        ({"usb": True}, "in use by USB"),
        ({"free": 3}, "bytes are needed on the board"),
    ],
)
def test_what_is_wrong_is_one_clear_line(board: FakeBoard, change, text):
    vars(board).update(change)
    with pytest.raises(DeviceError, match=text) as caught:
        install(Web(board.url, "secret"), PARTS, starts=True)
    assert "\n" not in str(caught.value) and board.url in str(caught.value)
    assert (board.folder / "code.py").read_text() == "print('Hello World!')\n"


def test_an_address_where_nobody_answers_is_named():
    for url in ("http://127.0.0.1:1", "nonsense"):
        with pytest.raises(PortError, match="no board answers there"):
            Web(url, "secret")


def test_deploy_takes_the_password_from_the_environment(board: FakeBoard, tmp_path: Path):
    (tmp_path / "model.smg").write_bytes(keyword_model())
    smidgen = Command(tmp_path)
    fails_with_one_line(smidgen("deploy", "model.smg", "--web", board.url), "wrong password")
    smidgen.environment["CIRCUITPY_WEB_API_PASSWORD"] = "secret"
    assert smidgen("deploy", "model.smg", "--web", board.url).returncode == 0
    assert list(board.folder.rglob("model.smg")) and list(board.folder.rglob("smidgen/model.py"))
    fails_with_one_line(smidgen("deploy", "model.smg", "--web", board.url, "--port", "x"), "one of them")
    fails_with_one_line(
        smidgen("deploy", "model.smg", "--web", board.url, "--romfs"), "CircuitPython reads no model in place"
    )
