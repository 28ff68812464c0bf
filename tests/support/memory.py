"""What TensorFlow Lite Micro needs of memory, as far as its wheel says."""

from __future__ import annotations

import re

import pytest
from tflite_micro.python.tflite_micro import runtime


def tflm_head(content: bytes, capfd: pytest.CaptureFixture[str]) -> int:
    """Bytes that TFLM's planner gives to tensors, without its own structures, which vary with the platform."""
    interpreter = runtime.Interpreter.from_bytes(content, arena_size=4 << 20)
    interpreter.invoke()
    capfd.readouterr()
    interpreter.print_allocations()
    printed = "".join(capfd.readouterr())
    found = re.search(r"Arena allocation head (\d+) bytes", printed)
    assert found is not None, printed
    return int(found[1])
