"""What the deeper tests and builds take from Debian: packages, and MicroPython's source.

    python tools/debian.py boards native      install the packages of these groups; needs root on Debian
    python tools/debian.py --source           print the folder of MicroPython's source, fetched when it is not there
    python tools/debian.py --tests            both, for `make test`: where they cannot be had it says so, and is content

MPY_DIR names a source of your own and keeps this from fetching one. Debian's, of the suite and version below, goes into
the user's cache. It needs no root; the machine's own list of sources stays as it is. This file needs no more than
Python, so that it can run while pip installs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ARM = "gcc-arm-none-eabi libnewlib-arm-none-eabi"
RISCV = "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf"
GROUPS = {
    "boards": f"{ARM} {RISCV} gcc libc6-dev make qemu-system-arm qemu-system-misc",
    "native": f"{ARM} {RISCV} binutils-source gcc gcc-xtensa-lx106 libc6-dev picolibc-xtensa-lx106-elf",
    "voices": "espeak-ng festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts flite "
    "gcc libc6-dev python3-dev",  # these build Pico
    "source": "dpkg-dev xz-utils",
}
SUITE, VERSION = "trixie", "1.25.0"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MARK = Path("py/mpconfig.h")  # a folder that has it is MicroPython's source
UPDATES = re.compile(r"[-/](updates|security|backports.*|proposed-updates)$")


def can_install() -> bool:
    """Whether this process may install packages: root, on Debian."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and _on_debian()


def missing(group: str) -> list[str]:
    """The packages of a group that are not installed."""
    wanted = GROUPS[group].split()
    if shutil.which("dpkg-query") is None:
        return wanted
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *wanted]
    found = subprocess.run(query, capture_output=True, text=True).stdout
    installed = {line.split()[0] for line in found.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in installed]


def install(*groups: str) -> None:
    """Install the packages of groups. Raises SystemExit with the line that does it where this process may not."""
    wanted = sorted({name for group in groups for name in missing(group)})
    if not wanted:
        return
    line = f"apt-get install -y {' '.join(wanted)}"
    if not can_install():
        raise SystemExit(f"packages are missing; as root on Debian: {line}")
    print(line, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Use-Pty=0"]
    _run([*apt, "update"], environment)
    _run([*apt, "install", "-y", "--no-install-recommends", *wanted], environment)


def micropython() -> Path:
    """The folder of MicroPython's source. Raises SystemExit with a line that says what to do when it cannot be had."""
    if "MPY_DIR" in os.environ:
        folder = Path(os.environ["MPY_DIR"]).resolve()
        if not (folder / MARK).exists():
            raise SystemExit(f"MPY_DIR={os.environ['MPY_DIR']}: not MicroPython's source: there is no {MARK} in it")
        return folder
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = cache / "smidgen" / f"micropython-{VERSION}"
    if not target.exists():
        _fetch(target)
    return target


def _on_debian() -> bool:
    try:
        return "ID=debian" in Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False


def _fetch(target: Path) -> None:
    """Unpack Debian's source package into `target`, which appears whole or not at all."""
    if not _on_debian():
        raise SystemExit("MicroPython's source is missing: set MPY_DIR to a folder that has it, version 1.25 or newer")
    install("source")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=target.parent) as name:
        work = Path(name)
        apt = _apt(work)
        _run([*apt, "update"])
        _run([*apt, "source", "--download-only", "micropython"], cwd=work)
        description = next(work.glob("micropython_*.dsc"))
        if not description.name.startswith(f"micropython_{VERSION}"):
            raise SystemExit(f"Debian's {SUITE} has {description.name} by now; {__file__} expects version {VERSION}")
        _run(["dpkg-source", "--no-check", "--extract", description.name, "source"], cwd=work)
        try:
            (work / "source").rename(target)
        except OSError:
            if not target.exists():  # otherwise somebody else was faster, and theirs is as good
                raise


def _apt(work: Path) -> list[str]:
    """apt-get with a list of sources, an index and a cache of its own, all in `work`."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    sources = work / "sources.list"
    sources.write_text(f"deb-src [signed-by={KEYS}] {_archive()} {SUITE} main\n", encoding="utf-8")
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": work / "lists",
        "Dir::Cache": work / "cache",
        "APT::Sandbox::User": "root",  # another user could not write here
    }
    options = [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]
    return ["apt-get", "-qq", *options]


def _archive() -> str:
    """Where this machine gets Debian from: the first of apt's archives that is not one of updates."""
    listing = subprocess.run(["apt-get", "update", "--print-uris"], capture_output=True, text=True).stdout
    for address, suite in re.findall(r"^'(\S+)/dists/(\S+)/InRelease'", listing, re.MULTILINE):
        if not UPDATES.search(suite):
            return address
    raise SystemExit("apt knows no archive of Debian; set MPY_DIR to a folder with MicroPython's source")


def _run(command: list[str], environment: dict[str, str] | None = None, cwd: Path | None = None) -> None:
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def main(arguments: list[str]) -> int:
    if arguments == ["--source"]:
        print(micropython())
    elif arguments == ["--tests"]:
        _for_tests()
    elif not arguments or not set(arguments) <= set(GROUPS):
        raise SystemExit(
            f"{' '.join(arguments) or 'nothing'}: choose from {', '.join(GROUPS)}, or --source, or --tests"
        )
    else:
        install(*arguments)
    return 0


def _for_tests() -> None:
    try:
        install(*GROUPS)
        micropython()
    except SystemExit as reason:
        print(f"Some tests will be skipped: {reason}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
