"""Arrays on disk, keyed by all that they were made from. What is there is whole: written beside, then renamed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from smidgen.errors import DataError
from smidgen.files import write_whole

Arrays = dict[str, np.ndarray]


def cache_folder() -> Path:
    """Where generated data goes unless the caller says otherwise: the user's cache folder for this system."""
    return Path(platformdirs.user_cache_dir("smidgen", appauthor=False))


def key_of(*parts: Any) -> str:
    """A hexadecimal key of parameters (JSON-able) and of data (arrays, bytes)."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).data)
        elif isinstance(part, bytes):
            digest.update(part)
        else:
            digest.update(json.dumps(part, sort_keys=True, ensure_ascii=False).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:32]


def load_arrays(path: Path) -> Arrays | None:
    """The arrays of a cache file, or None when there is none or it is damaged (then it is simply made again)."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays to a .npz, all or nothing. Raises DataError when the disk does not take them."""
    content = io.BytesIO()
    np.savez(content, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    save_bytes(path, content.getvalue())


def save_bytes(path: Path, content: bytes) -> None:
    """Write a file, all or nothing, and its folder. Raises DataError when the disk does not take it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        why = f"cannot be written ({error.strerror}); free disk space or give another folder"
        raise DataError(f"{path}: {why}") from error
