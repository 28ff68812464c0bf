"""Named malformations of the container: header, section table, tensors, operator heads. Name -> (change, error)."""

from __future__ import annotations

from smidgen import _format as fmt
from tests.evil.mutate import Change, File


def header(field: str, value: int, element: int = 0) -> Change:
    return lambda f: f.set("header", 0, field, value, element)


def section(name: str, field: str, value: int) -> Change:
    return lambda f: f.set("section", f.section(name)[0], field, value)


def tensor(field: str, value: int | float, index: int = 0, element: int = 0) -> Change:
    return lambda f: f.set("tensor", f.tensor(index), field, value, element)


def operator(name: str, field: str, value: int) -> Change:
    return lambda f: f.set("operator", f.operator(name), field, value)


def operand(name: str, which: int, value: int) -> Change:
    def change(f: File) -> None:
        at = f.operator(name) + 4 + 2 * which
        f.content[at : at + 2] = value.to_bytes(2, "little")

    return change


CONTAINER: dict[str, tuple[Change, type[fmt.ModelError]]] = {
    "header.magic: another letter": (header("magic", ord("X")), fmt.MagicError),
    "header.major: a newer format": (header("major", fmt.MAJOR + 1), fmt.VersionError),
    "header.minor: a newer revision": (header("minor", fmt.MINOR + 1), fmt.VersionError),
    "header.section_count: more than the file holds": (header("section_count", 255), fmt.HeaderError),
    "header.section_count: none": (header("section_count", 0), fmt.SectionError),
    "header.size: beyond the end": (header("size", 1 << 20), fmt.TruncatedError),
    "header.size: inside the section table": (header("size", 40), fmt.HeaderError),
    "header.arena_size: one byte short": (
        lambda f: f.set("header", 0, "arena_size", f.get("header", 0, "arena_size") - 1),
        fmt.TensorError,
    ),
    "header.arena_size: one byte long": (
        lambda f: f.set("header", 0, "arena_size", f.get("header", 0, "arena_size") + 1),
        fmt.HeaderError,
    ),
    "header.arena_size: absurd": (header("arena_size", 0xFFFFFFFF), fmt.HeaderError),
    "header.state_size: absurd": (header("state_size", 0xFFFFFFFF), fmt.HeaderError),
    "header.macs: a lie": (header("macs", 1), fmt.HeaderError),
    "header.input_count: more than tensors": (header("input_count", 60000), fmt.HeaderError),
    "header.output_count: more than tensors": (header("output_count", 60000), fmt.HeaderError),
    "header.target: a chip that is not known": (header("target", 200), fmt.HeaderError),
    "section.kind: unknown below 16": (section("DATA", "kind", 9), fmt.SectionError),
    "section.kind: repeated": (section("DATA", "kind", fmt.SECTIONS["OPERATORS"]), fmt.SectionError),
    "section.kind: a needed one missing": (section("TENSORS", "kind", 0), fmt.SectionError),
    "section.reserved: not zero": (section("DATA", "reserved", 1), fmt.SectionError),
    "section.offset: not a multiple of 8": (section("DATA", "offset", 1001), fmt.SectionError),
    "section.offset: inside the table": (section("TENSORS", "offset", 8), fmt.SectionError),
    "section.offset: beyond the end": (section("DATA", "offset", 1 << 24), fmt.SectionError),
    "section.size: beyond the end": (section("DATA", "size", 1 << 24), fmt.SectionError),
    "section.size: half a tensor": (section("TENSORS", "size", 20), fmt.SectionError),
    "tensor.type: unknown": (tensor("type", 99), fmt.TensorError),
    "tensor.type: none": (tensor("type", 0), fmt.TensorError),
    "tensor.place: unknown": (tensor("place", 3), fmt.TensorError),
    "tensor.place: an input that is a constant": (tensor("place", fmt.PLACES["DATA"]), fmt.TensorError),
    "tensor.rank: seven": (tensor("rank", 7), fmt.TensorError),
    "tensor.rank: sizes beyond it": (tensor("rank", 2), fmt.TensorError),
    "tensor.layout: an activation that is packed": (tensor("layout", 1), fmt.LayoutError),
    "tensor.offset: beyond the arena": (tensor("offset", 1 << 20), fmt.TensorError),
    "tensor.offset: wraps around": (tensor("offset", 0xFFFFFFFF), fmt.TensorError),
    "tensor.zero_point: not an int8": (tensor("zero_point", 128), fmt.TensorError),
    "tensor.dims: zero": (tensor("dims", 0, element=1), fmt.TensorError),
    "tensor.dims: product overflows": (tensor("dims", 0x10001, element=1), fmt.TensorError),
    "tensor.dims: larger than the arena": (tensor("dims", 6000, element=1), fmt.TensorError),
    "operator.code: unknown": (operator("CONV_2D", "code", 250), fmt.UnsupportedError),
    "operator.input_count: one too few": (operator("CONV_2D", "input_count", 1), fmt.OperatorError),
    "operator.input_count: more than the record holds": (operator("CONV_2D", "input_count", 255), fmt.OperatorError),
    "operator.output_count: none": (operator("CONV_2D", "output_count", 0), fmt.OperatorError),
    "operator.words: none": (operator("CONV_2D", "words", 0), fmt.OperatorError),
    "operator.words: beyond the section": (operator("SOFTMAX", "words", 255), fmt.OperatorError),
    "operator operands: no such tensor": (operand("CONV_2D", 0, 60000), fmt.OperatorError),
    "operator operands: output is a constant": (operand("CONV_2D", 2, 2), fmt.OperatorError),
}
