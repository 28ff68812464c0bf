"""Malformed packed weights are refused when the model is opened: no jump, read or write is left to chance."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from smidgen import _format as fmt
from smidgen.bench.seeded import VALID, Network
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.engine import Engine
from tests.evil.entries import operand
from tests.evil.mutate import Change, File


def good() -> Blob:
    """One convolution of 3 channels, 100 taps, each filter of two batches."""
    return pack(convert(Network((4, 4, 25), 1, padding=1, full=True).conv(3, 2).build(), "good"), "ARMV6M")


def dense() -> Blob:
    """One dense layer of 9 channels, 300 inputs: two groups."""
    return pack(convert(Network((300,), 1).dense(9).build(), "good"), "ARMV6M")


def depthwise() -> Blob:
    """A depthwise layer of 3 channels, 6 taps."""
    return pack(convert(Network((3, 4, 3), 1, padding=VALID).depthwise((3, 2)).build(), "good"), "ARMV6M")


def weights(at: int, code: str, change: Callable[[int], int], make: Callable[[], Blob] = good) -> Change:
    """Change a number of the packed weights, `at` bytes from their start, or from their end when negative."""

    def apply(f: File) -> None:
        blob = make()
        tensor = blob.tensors[blob.operators[0].inputs[1]]
        _, data, size = f.section("DATA")
        where = data + (tensor.offset + at if at >= 0 else size + at)
        (value,) = struct.unpack_from("<" + code, f.content, where)
        struct.pack_into("<" + code, f.content, where, change(value))

    return apply


def conv(which: int, field: str, value: int, element: int = 0) -> Change:
    return operand("CONV_2D", which, field, value, element)


def first_end() -> int:
    """Where the first filter's first batch ends."""
    blob = good()
    content = blob.data[blob.tensors[blob.operators[0].inputs[1]].offset :]
    at = 4  # behind the place of the second half
    while content[at] >= 0x80:
        at += 1 + (0x100 - 7 - content[at]) // 8
    return at


def one_word_too_few(f: File) -> None:
    """The arena ends with it."""
    conv(3, "dims", SCRATCH - 1)(f)
    f.set("header", 0, "arena_size", good().arena_size - 4)


SCRATCH = 100 * 6 + 25
END = first_end()


EVIL: dict[str, Change] = {
    "a second half that begins elsewhere": weights(0, "I", lambda at: at + 4),
    "a chunk one tap too long": weights(4, "B", lambda control: control - 8),
    "a chunk one tap too short": weights(4, "B", lambda control: control + 8),
    "a jump into the middle of a tap": weights(4, "B", lambda control: control - 1),
    "a jump before the first tap": weights(4, "b", lambda _: -128),
    "a jump to nowhere": weights(4, "b", lambda _: -7),
    "a batch without a chunk": weights(4, "B", lambda _: 0),
    "an end that says of fewer chunks": weights(END, "B", lambda rows: rows - 6),
    "an end that says of more chunks": weights(END, "B", lambda rows: rows + 6),
    "an end that adds up too many rows": weights(END + 1, "B", lambda jump: jump + 21),
    "an end that is not the last but says so": weights(END + 2, "B", lambda flags: flags - 1),
    "a first batch that is none": weights(END + 2, "B", lambda flags: flags | 2),
    "an end of no batch": weights(END + 2, "B", lambda flags: flags | 4),
    "a negative shift of a factor": weights(-4, "i", lambda shift: -shift),
    "a factor with another shift than its channel": weights(-4, "i", lambda shift: shift + 32),
    "two products with a shift of 32": weights(-4, "i", lambda rest: rest & ~0xFF | 32),
    "two products with 32 low bits": weights(-4, "i", lambda rest: rest & ~(31 << 24) | 32 << 24),
    "weights that end in the next section": conv(1, "offset", 8),
    "weights at an odd offset": conv(1, "offset", 1),
    "more channels than are packed": conv(1, "dims", 4, 0),
    "scratch memory of one word too few": one_word_too_few,
    "scratch memory of floats": conv(3, "type", fmt.TYPES["FLOAT32"]),
    "weights of four bits": conv(1, "type", fmt.TYPES["INT4"]),
}


def quads(at: int, change: Callable[[int], int]) -> Change:
    return weights(at, "i", change, dense)


EVIL_DENSE: dict[str, Change] = {
    "a second half that begins elsewhere": quads(0, lambda at: at + 4),
    "a chunk longer than its filter": quads(4, lambda _: 0),
    "a chunk one tap too short": quads(4, lambda control: control + 30),
    "a jump into the middle of a tap": quads(4, lambda control: control + 2),
    "a jump between the longest and the end": quads(4, lambda _: 600),
    "a jump beyond the end": quads(4, lambda _: 690),
    "a jump backwards": quads(4, lambda _: -30),
    "a batch without a chunk": quads(4, lambda _: 634),
    "a factor with another multiplier than its channel": quads(-8, lambda _: -1),
    "a negative shift of a factor": quads(-4, lambda shift: -shift),
    "weights that end in the next section": operand("FULLY_CONNECTED", 1, "offset", 8),
    "more channels than are packed": operand("FULLY_CONNECTED", 1, "dims", 17, 0),
    "scratch memory of floats": operand("FULLY_CONNECTED", 3, "type", fmt.TYPES["FLOAT32"]),
}


def taps(which: int, field: str, value: int, element: int = 0) -> Change:
    return operand("DEPTHWISE_CONV_2D", which, field, value, element)


def short_window(f: File) -> None:
    """The arena ends with it."""
    taps(3, "dims", 4)(f)
    f.set("header", 0, "arena_size", depthwise().arena_size - 4)


EVIL_DEPTHWISE: dict[str, Change] = {
    "two products said to be the channel's own factor": weights(8, "i", lambda rest: rest & 0xFF, depthwise),
    "a negative shift of a factor": weights(8, "i", lambda _: -1, depthwise),
    "a shift of 32": weights(8, "i", lambda rest: rest & ~0xFF | 32, depthwise),
    "two products with 32 low bits": weights(8, "i", lambda rest: rest & ~(31 << 24) | 32 << 24, depthwise),
    "weights that end in the next section": taps(1, "offset", 48),
    "weights at an odd offset": taps(1, "offset", 2),
    "scratch memory of one word too few": short_window,
    "scratch memory of floats": taps(3, "type", fmt.TYPES["FLOAT32"]),
    "weights of four bits": taps(1, "type", fmt.TYPES["INT4"]),
    "two outputs for each input": taps(1, "dims", 6, 3),
}


def test_the_good_one_is_taken():
    blob = good()
    assert [t.layout for t in blob.tensors].count("LANES") == 1
    assert blob.tensors[-1].dims == (SCRATCH,)
    Engine(blob.to_bytes(), "good.smg", table="smg_armv6m")
    assert [t.layout for t in dense().tensors].count("QUADS") == 1
    Engine(dense().to_bytes(), "good.smg", table="smg_armv6m")
    assert [t.layout for t in depthwise().tensors].count("TAPS") == 1
    Engine(depthwise().to_bytes(), "good.smg", table="smg_armv6m")


@pytest.mark.parametrize("name", EVIL)
def test_malformed_packed_weights_are_refused(name):
    file = File(good().to_bytes())
    EVIL[name](file)
    assert file.bytes() != good().to_bytes()
    with pytest.raises(fmt.OperatorError):
        Engine(file.bytes(), "evil.smg", table="smg_armv6m")


@pytest.mark.parametrize("name", EVIL_DENSE)
def test_malformed_packed_dense_weights_are_refused(name):
    file = File(dense().to_bytes())
    EVIL_DENSE[name](file)
    assert file.bytes() != dense().to_bytes()
    with pytest.raises(fmt.OperatorError):
        Engine(file.bytes(), "evil.smg", table="smg_armv6m")


@pytest.mark.parametrize("name", EVIL_DEPTHWISE)
def test_malformed_packed_depthwise_weights_are_refused(name):
    file = File(depthwise().to_bytes())
    EVIL_DEPTHWISE[name](file)
    assert file.bytes() != depthwise().to_bytes()
    with pytest.raises(fmt.OperatorError):
        Engine(file.bytes(), "evil.smg", table="smg_armv6m")


def test_engine_without_those_kernels_says_for_another_chip():
    with pytest.raises(fmt.LayoutError, match="another chip"):
        Engine(good().to_bytes(), "good.smg")
