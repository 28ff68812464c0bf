"""Malformed operators that work element by element, along axes, or from type to type: name -> (sample, change)."""

from __future__ import annotations

import struct

from smidgen import _format as fmt
from tests.evil.entries import operand, param, typed
from tests.evil.mutate import OPERATOR, Change, File
from tests.support.element_samples import ELEMENT_SAMPLES

AXIS = 16  # bytes of an axis: u32 extent, u32[3] strides
ABSURD = 0xFFFFFFFF


def axis(name: str, word: int, value: int, reduced: bool = False) -> Change:
    """The first axis, or the first that is reduced. Word 0 of an axis is its extent, the others are its strides."""

    def change(f: File) -> None:
        which = f.content[f.param_at(name, "rank")[0]] if reduced else 0
        at = f.operator(name)
        operands = f.content[at + 1] + f.content[at + 2]
        head = OPERATOR + (operands + 1) // 2 * 4 + struct.calcsize(fmt.PARAMS[name][0])
        struct.pack_into("<I", f.content, at + head + which * AXIS + word * 4, value)

    return change


def _factors(name: str, *pairs: tuple[str, str]) -> dict[str, Change]:
    found = {}
    for multiplier, shift in pairs:
        found[f"{name}.{multiplier}: negative"] = param(name, multiplier, -1)
        found[f"{name}.{shift}: too far left"] = param(name, shift, 31)
        found[f"{name}.{shift}: too far right"] = param(name, shift, -32)
    return found


def _clamp(name: str) -> dict[str, Change]:
    return {
        f"{name}.act_min: below the type": param(name, "act_min", -129),
        f"{name}.act_min: above act_max": param(name, "act_min", 128),
        f"{name}.act_max: above the type": param(name, "act_max", 128),
    }


def _grid(name: str) -> dict[str, Change]:
    return {
        f"{name}.rank: none": param(name, "rank", 0),
        f"{name}.rank: more than the record holds": param(name, "rank", 6),
        f"{name}.rank: more than six": param(name, "rank", 255),
        f"{name}.reserved: not zero": param(name, "reserved", 1),
        f"{name} axis: extent none": axis(name, 0, 0),
        f"{name} axis: extent too short": axis(name, 0, 1),
        f"{name} axis: extent absurd": axis(name, 0, ABSURD),
        f"{name} axis: stride beyond the input": axis(name, 1, 1000),
        f"{name} axis: stride absurd": axis(name, 1, ABSURD),
        f"{name} axis: stride of an input that there is not": axis(name, 3, 1),
    }


def _malformed() -> dict[str, Change]:
    found: dict[str, Change] = {}
    scaled = [("multiplier_a", "shift_a"), ("multiplier_b", "shift_b"), ("multiplier", "shift")]
    for name in [n for n, (_, fields) in fmt.PARAMS.items() if "multiplier_a" in fields]:
        found |= _grid(name) | _factors(name, *scaled)
        found[f"{name}.left_shift: too far"] = param(name, "left_shift", 32)
        if name in ("EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL"):
            found[f"{name}.act_min: no BOOL"] = param(name, "act_min", -1)
            found[f"{name}.act_max: no BOOL"] = param(name, "act_max", 2)
        else:
            found |= _clamp(name)
            found[f"{name}.act_max: below act_min"] = param(name, "act_max", -129)
    found |= _clamp("ADD_INT8") | {"ADD_INT8.shift: too far": param("ADD_INT8", "shift", 32)}
    found["ADD_INT8 input: b smaller than a"] = operand("ADD_INT8", 1, "dims", 1, 1)
    for name in ("MINIMUM", "MAXIMUM", "SELECT"):
        found |= _grid(name)
        found[f"{name}.reserved2: not zero"] = param(name, "reserved2", 1)
    found.pop("SELECT axis: stride of an input that there is not")
    for name in ("SUM", "REDUCE_MAX", "REDUCE_MIN"):
        found |= _grid(name) | _factors(name, ("multiplier", "shift"))
        found[f"{name}.reduced: none"] = param(name, "reduced", 0)
        found[f"{name}.reduced: more than the record holds"] = param(name, "reduced", 6)
        found[f"{name} reduced axis: shorter than the input"] = axis(name, 0, 1, reduced=True)
    found |= _clamp("RESCALE") | _factors("RESCALE", ("multiplier", "shift"), ("negative_multiplier", "negative_shift"))
    found["RESCALE.negative: not known"] = param("RESCALE", "negative", 3)
    for name in ("ARG_MAX", "ARG_MIN"):
        found[f"{name}.count: none"] = param(name, "count", 0)
        found[f"{name}.count: beyond the input"] = param(name, "count", 50)
        found[f"{name}.inner: none"] = param(name, "inner", 0)
        found[f"{name}.inner: no divisor of the output"] = param(name, "inner", 5)
    for name in ("LOGISTIC", "TANH"):
        found[f"{name}.multiplier: negative"] = param(name, "multiplier", -1)
        found[f"{name}.multiplier: more than 15 bits"] = param(name, "multiplier", 32768)
        found[f"{name}.shift: too far"] = param(name, "shift", 32)
    for name in ("QUANTIZE", "DEQUANTIZE"):
        for what, bits in {"zero": 0, "subnormal": 1, "negative": 0xBF800000, "infinite": 0x7F800000}.items():
            found[f"{name}.scale: {what}"] = param(name, "scale", bits)
    found |= _factors("SOFTMAX_INT16", ("multiplier", "shift"))
    found |= _factors("LOG_SOFTMAX", ("multiplier", "shift"), ("reverse_multiplier", "reverse_shift"))
    found["LOG_SOFTMAX.shift: to the right"] = param("LOG_SOFTMAX", "shift", -1)
    found["LOG_SOFTMAX.diff_min: positive"] = param("LOG_SOFTMAX", "diff_min", 1)
    for name in ("LOGISTIC", "TANH", "SOFTMAX_INT16"):
        found[f"{name} table: too short"] = operand(name, 1, "dims", 200)
        found[f"{name} table: of half bytes"] = typed(name, 1, "INT4")
    return found | _operands()


def _operands() -> dict[str, Change]:
    """Operands of other types and sizes, and other numbers of them."""
    found: dict[str, Change] = {}
    for name in ELEMENT_SAMPLES:
        found[f"{name} inputs: none"] = _count(name, "input_count")
        found[f"{name} outputs: none"] = _count(name, "output_count")
        found[f"{name} input: smaller than it was"] = operand(name, 0, "dims", 1, 1)
    for name in ("ADD", "ADD_INT8", "MUL", "PRELU", "EQUAL", "MAXIMUM", "SUM", "REDUCE_MIN", "ARG_MAX", "LOG_SOFTMAX"):
        found[f"{name} input: of another type"] = typed(name, 0, "UINT8")
    for name in ("SELECT", "QUANTIZE", "CAST"):
        kind = {"SELECT": "INT8", "QUANTIZE": "INT32", "CAST": "FLOAT32"}[name]
        found[f"{name} input: of another type"] = typed(name, 0, kind)
    for name, which, kind in (
        ("EQUAL", 2, "INT8"),
        ("ADD", 2, "UINT8"),
        ("ARG_MIN", 1, "FLOAT32"),
        ("DEQUANTIZE", 1, "INT32"),
    ):
        found[f"{name} output: of another type"] = typed(name, which, kind)
    return found


def _count(name: str, field: str) -> Change:
    return lambda f: f.set("operator", f.operator(name), field, 0)


ELEMENTWISE = {case: (case.replace(".", " ").split()[0].lower(), change) for case, change in _malformed().items()}
