"""Dead channels: what a channel holds is a constant, or nobody weighs it. It goes, with its filter and with its
readers' weights; what a constant adds to its readers' sums goes into their biases.

That is exact where every output of a reader sees the constant through the same weights: in dense layers and in
convolutions without padding; under padding, when the constant is the zero point, which adds nothing anywhere.
Depthwise convolutions, pooling and LOOKUP work channel by channel: they keep step with the value that they read, and a
channel goes only from all of them at once. Whatever else reads or writes a value keeps all of its channels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen.convert.program import Channels, Instruction, Program, Value
from smidgen.graph import DTYPES
from smidgen.reference.arith import scale, scale_wide, wrap32

MIXING = ("CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED")
LOCKSTEP = ("DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "MAX_POOL_2D", "LOOKUP")


def fold_channels(program: Program) -> None:
    """Take out dead channels until none is left."""
    folded = True
    while folded:
        folds = [_fold_family(program, family) for family in _families(program)]
        folded = any(folds)


@dataclass(eq=False)
class _Family:
    """A value with `channels` channels, all that is computed from it in lockstep, and what mixes its channels.

    members: root -> how many of its channels stand for one of the family's. chain: the instructions between members.
    """

    producer: Instruction
    channels: int
    members: dict[Value, int]
    chain: list[Instruction]
    mixers: list[Instruction]


def _families(program: Program) -> list[_Family]:
    found = [_family(program, i) for i in program.instructions if _heads(i)]
    return [family for family in found if family is not None]


def _mixes(instruction: Instruction) -> bool:
    """Does each output weigh all input channels with constant weights?"""
    if instruction.name not in MIXING:
        return False
    x, weights = instruction.inputs[:2]
    whole = instruction.name == "FULLY_CONNECTED" or weights.shape[-1] == x.shape[-1]
    return weights.data is not None and whole


def _heads(instruction: Instruction) -> bool:
    """Is each of its outputs a filter's own, free to go? Depthwise over one channel is a convolution."""
    single = instruction.name == "DEPTHWISE_CONV_2D" and instruction.inputs[0].shape[-1] == 1
    return _mixes(instruction) or (single and _constant_weights(instruction))


def _family(program: Program, producer: Instruction) -> _Family | None:
    """The family that `producer` heads; None when something else reads or writes one of its members."""
    head = producer.outputs[0]
    family = _Family(producer, head.shape[-1], {head.root: 1}, [], [])
    fixed = {v.root for v in [*program.inputs, *program.outputs]}
    writers = [v.root for i in program.instructions for v in i.outputs]
    for instruction in program.instructions:  # in order, so members are known before their readers
        if any(v.root in family.members for v in instruction.inputs) and not _joins(family, instruction):
            return None
    whole = all(root not in fixed and root.initial is None and writers.count(root) == 1 for root in family.members)
    return family if whole and family.mixers else None


def _joins(family: _Family, instruction: Instruction) -> bool:
    """Enter a reader of the family; False when it does not go along."""
    x, out = instruction.inputs[0], instruction.outputs[0]
    multiple = family.members.get(x.root)
    if (
        multiple is None
        or not (x.shape and out.shape)
        or x.elements != x.root.elements
        or not _constant_weights(instruction)
    ):
        return False
    width = family.channels * multiple
    if _mixes(instruction):
        family.mixers.append(instruction)
        return x.shape[-1] % width == 0 and instruction.inputs[1].shape[-1] % width == 0
    family.chain.append(instruction)
    family.members[out.root] = multiple * (out.shape[-1] // x.shape[-1])
    return instruction.name in LOCKSTEP and x.shape[-1] == width


def _constant_weights(instruction: Instruction) -> bool:
    return all(v.data is not None for v in instruction.inputs[1:])


def _fold_family(program: Program, family: _Family) -> bool:
    """Take the dead channels out of one family; True when there were any."""
    constants = _constants(family)
    keep = np.zeros(family.channels, bool)
    for mixer in family.mixers:
        root = mixer.inputs[0].root
        keep |= _needed(mixer, constants[root]).reshape(family.channels, -1).any(axis=1)
    if not keep.any():
        keep[0] = True
    if keep.all():
        return False
    for mixer in family.mixers:
        _drop_inputs(mixer, constants[mixer.inputs[0].root], np.repeat(keep, family.members[mixer.inputs[0].root]))
    for instruction in [family.producer, *family.chain]:
        _drop_outputs(instruction, np.repeat(keep, family.members[instruction.outputs[0].root]))
    _narrow(program, family, keep)
    for instruction in [family.producer, *family.chain, *family.mixers]:
        instruction.macs = _macs(instruction)
    return True


# What a channel holds: NaN when it varies.
_Constants = np.ndarray


def _constants(family: _Family) -> dict[Value, _Constants]:
    """What every channel of every member holds."""
    producer, weights = family.producer, _weights(family.producer)
    filters = weights.reshape(-1, weights.shape[-1]).T if producer.name == "DEPTHWISE_CONV_2D" else weights
    silent = (filters.reshape(family.channels, -1) == 0).all(axis=1)
    found = {producer.outputs[0].root: np.where(silent, _requantised(producer, np.zeros(family.channels)), np.nan)}
    for instruction in family.chain:
        found[instruction.outputs[0].root] = _through(instruction, found[instruction.inputs[0].root])
    return found


def _through(instruction: Instruction, held: _Constants) -> _Constants:
    """What the outputs of an instruction of the chain hold."""
    known = ~np.isnan(held)
    values = np.where(known, held, 0).astype(np.int64)
    if instruction.name == "LOOKUP":
        table = instruction.inputs[1].data
        kind = DTYPES[instruction.inputs[0].type]
        return np.where(known, np.asarray(table)[values.astype(kind).view(np.uint8)], np.nan)
    if instruction.name != "DEPTHWISE_CONV_2D":
        return np.where(known, values.clip(instruction.params["act_min"], instruction.params["act_max"]), np.nan)
    weights = _weights(instruction)[0]
    taps = weights.reshape(-1, weights.shape[-1])
    multiple = taps.shape[1] // len(held)
    values, exact = np.repeat(values, multiple), np.repeat(_exact(instruction, held), multiple)
    sums = (values - instruction.inputs[0].zero_point) * taps.sum(axis=0)
    silent = (taps == 0).all(axis=0)
    return np.where(exact | silent, _requantised(instruction, np.where(silent, 0, sums)), np.nan)


def _exact(instruction: Instruction, held: _Constants) -> np.ndarray:
    """Which constants add the same to every output?"""
    if instruction.name == "FULLY_CONNECTED" or (instruction.name != "TRANSPOSE_CONV" and not _pads(instruction)):
        return ~np.isnan(held)
    return held == instruction.inputs[0].zero_point


def _pads(instruction: Instruction) -> bool:
    """Does a tap of the window ever lie outside the picture?"""
    x, weights, out, p = instruction.inputs[0], instruction.inputs[1], instruction.outputs[0], instruction.params
    last_row = (out.shape[1] - 1) * p["stride_h"] + (weights.shape[1] - 1) * p["dilation_h"]
    last_column = (out.shape[2] - 1) * p["stride_w"] + (weights.shape[2] - 1) * p["dilation_w"]
    return p["pad_top"] > 0 or p["pad_left"] > 0 or last_row >= x.shape[1] or last_column >= x.shape[2]


def _weights(instruction: Instruction) -> np.ndarray:
    """The weights less their zero point, int64; convolutions ignore theirs."""
    weights = instruction.inputs[1]
    zero_point = weights.zero_point if instruction.name == "FULLY_CONNECTED" else 0
    return np.asarray(weights.data, np.int64) - zero_point


def _by_channel(mixer: Instruction, channels: int) -> np.ndarray:
    """A mixer's weights as [out_c, taps, channels]."""
    weights = _weights(mixer)
    return weights.reshape(len(weights), -1, channels)


def _requantised(instruction: Instruction, sums: np.ndarray) -> np.ndarray:
    """The outputs for sums [out_c] without bias."""
    block, p = instruction.channels, instruction.params
    if block is None:
        raise ValueError(f"{instruction.name} without a channel block")
    whole = np.asarray(sums, np.int64) + block.bias
    wide = block.bias.dtype == np.int64
    scaled = (
        scale_wide(whole, block.multiplier, block.shift)
        if wide
        else scale(wrap32(whole), block.multiplier, block.shift)
    )
    return wrap32(scaled + instruction.outputs[0].zero_point).clip(p["act_min"], p["act_max"])


def _needed(mixer: Instruction, held: _Constants) -> np.ndarray:
    """Which input channels must a mixer see?"""
    weighed = (_by_channel(mixer, len(held)) != 0).any(axis=(0, 1))
    return weighed & ~_exact(mixer, held)


def _drop_inputs(mixer: Instruction, held: _Constants, keep: np.ndarray) -> None:
    """Take input channels out of a mixer; what they add goes into its bias."""
    weights, block = _by_channel(mixer, len(held)), mixer.channels
    if block is None:
        raise ValueError(f"{mixer.name} without a channel block")
    values = np.where(np.isnan(held), 0, held).astype(np.int64) - mixer.inputs[0].zero_point
    added = (weights.sum(axis=1) * np.where(keep | ~_exact(mixer, held), 0, values)).sum(axis=1)
    bias = block.bias + added
    mixer.channels = Channels(
        bias if bias.dtype == block.bias.dtype else wrap32(bias).astype(np.int32), block.multiplier, block.shift
    )
    old = mixer.inputs[1]
    kept = np.asarray(old.data).reshape(weights.shape)[..., keep]
    shape = (*old.shape[:-1], old.shape[-1] // len(held) * int(keep.sum()))
    _replace_weights(mixer, kept.reshape(shape))


def _drop_outputs(instruction: Instruction, keep: np.ndarray) -> None:
    """Take output channels out of an instruction that has weights."""
    block = instruction.channels
    if block is None:
        return
    scales = (
        (block.multiplier, block.shift) if block.multiplier.size == 1 else (block.multiplier[keep], block.shift[keep])
    )
    instruction.channels = Channels(block.bias[keep], *scales)
    data = np.asarray(instruction.inputs[1].data)
    _replace_weights(instruction, data[..., keep] if instruction.name == "DEPTHWISE_CONV_2D" else data[keep])


def _replace_weights(instruction: Instruction, data: np.ndarray) -> None:
    old = instruction.inputs[1]
    data = np.ascontiguousarray(data)
    instruction.inputs[1] = Value(old.type, data.shape, old.zero_point, old.scale, old.name, data)


def _narrow(program: Program, family: _Family, keep: np.ndarray) -> None:
    """Give every member, and every view of one, the shape that is left."""
    values = {v for i in program.instructions for v in [*i.inputs, *i.outputs]} | set(family.members)
    for value in [v for v in values if v.root in family.members]:
        chain = [value]
        while chain[-1].base is not None:
            chain.append(chain[-1].base)
        values.update(chain)
    for value in values:
        if value.root in family.members:
            last = value.shape[-1] // family.channels * int(keep.sum())
            value.shape = (*value.shape[:-1], last)


def _macs(instruction: Instruction) -> int:
    x, out = instruction.inputs[0], instruction.outputs[0]
    if instruction.name not in (*MIXING, "DEPTHWISE_CONV_2D"):
        return 0
    weights = instruction.inputs[1]
    if instruction.name == "TRANSPOSE_CONV":
        return x.elements * weights.elements // x.shape[-1]
    return out.elements * weights.elements // out.shape[-1]
