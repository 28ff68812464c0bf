"""What a `.smg` or `.tflite` consists of: operators, shapes, scales, work, bytes, and the arena over time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from typing import Any

from smidgen import _format as fmt
from smidgen.blob import TYPE_NAMES, Blob, OperatorRecord, TensorRecord
from smidgen.convert import convert, read
from smidgen.errors import ConvertError
from smidgen.features.audio import AudioFrontEnd
from smidgen.graph import Op, Tensor
from smidgen.lifetimes import Life, lifetimes

Shape = tuple[int, ...]


@dataclass(frozen=True)
class TensorView:
    """A tensor as `inspect` shows it. scale is 0 when it is not quantised; `scales` counts them (per-channel: many)."""

    name: str
    type: str
    shape: tuple[int, ...]
    scale: float
    zero_point: int
    scales: int = 1

    def __str__(self) -> str:
        return f"{'x'.join(map(str, self.shape)) or 'scalar'} {self.type.lower()}"


@dataclass(frozen=True)
class Layer:
    """One operator. weight_bytes: what DATA holds for it: weights, biases, multipliers, tables."""

    name: str
    inputs: list[TensorView]
    outputs: list[TensorView]
    weight_bytes: int
    macs: int


@dataclass(frozen=True)
class Steps:
    """How a model that keeps state listens. hop_frames: new frames of the front end a step. hop_ms: how long they last.
    window_frames: frames after which its scores count. macs_a_second: its work in real time."""

    hop_frames: int
    hop_ms: float
    window_frames: int
    macs_a_second: int

    def __str__(self) -> str:
        warm_up_s = self.window_frames * self.hop_ms / self.hop_frames / 1000
        return (
            f"steps of {self.hop_frames} frames, {self.hop_ms:g} ms; scores count after {self.window_frames} frames, "
            f"{warm_up_s:.2g} s; {self.macs_a_second:,} MACs a second"
        )


@dataclass(frozen=True)
class Inspection:
    """A model, seen from outside.

    steps: the engine's operators; lives: what their arena holds. For a `.tflite` that cannot be converted these are
    empty, arena_bytes and state_bytes are 0, and problems says why.
    """

    source: str
    format: str
    file_bytes: int
    inputs: list[TensorView]
    outputs: list[TensorView]
    layers: list[Layer]
    macs: int
    steps: list[str] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    arena_bytes: int = 0
    state_bytes: int = 0
    sections: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    stream: Steps | None = None

    def live(self, step: int) -> int:
        """Bytes of arena in use while operator `step` runs: those that hold what it or a later operator needs."""
        ends = sorted((life.offset, life.offset + life.size) for life in self.lives if life.first <= step <= life.last)
        total = covered = 0
        for start, end in ends:
            total += max(end - max(start, covered), 0)
            covered = max(covered, end)
        return total

    def to_dict(self) -> dict[str, Any]:
        """What `smidgen inspect --json` prints."""
        return {
            "format": self.format,
            "file_bytes": self.file_bytes,
            "macs": self.macs,
            "arena_bytes": self.arena_bytes,
            "state_bytes": self.state_bytes,
            "sections": self.sections,
            "labels": self.labels,
            "stream": None if self.stream is None else vars(self.stream),
            "inputs": [vars(t) for t in self.inputs],
            "outputs": [vars(t) for t in self.outputs],
            "layers": [
                {
                    "operator": layer.name,
                    "inputs": [vars(t) for t in layer.inputs],
                    "outputs": [vars(t) for t in layer.outputs],
                    "macs": layer.macs,
                    "weight_bytes": layer.weight_bytes,
                }
                for layer in self.layers
            ],
            "arena": [{"operator": name, "live_bytes": self.live(i)} for i, name in enumerate(self.steps)],
            "problems": self.problems,
        }


def steps_of(blob: Blob) -> Steps | None:
    """None for a model that does not listen, or hears whole windows."""
    section = blob.sections.get("AUDIO")
    if section is None or not blob.state:
        return None
    front_end = AudioFrontEnd(section)
    frames = blob.tensors[0].elements // front_end.channels
    hop_ms = frames * front_end.hop * 1000 / front_end.rate_hz
    return Steps(frames, hop_ms, front_end.frames, round(blob.macs * 1000 / hop_ms))


_EMPTY = Inspection("", "", 0, [], [], [], 0)


def inspect_model(path: str | Path) -> Inspection:
    """Look at a `.tflite` or `.smg` file; the content decides which. Raises OSError, ModelError (a damaged `.smg`) or
    ConvertError (a damaged `.tflite`)."""
    content = Path(path).read_bytes()
    if content[4:8] == b"TFL3":
        return inspect_tflite(content, str(path))
    return inspect_blob(Blob.from_bytes(content, str(path)), str(path))


def inspect_blob(blob: Blob, source: str) -> Inspection:
    """A parsed `.smg`."""
    views = [TensorView(f"tensor {i}", t.type, t.dims, t.scale, t.zero_point) for i, t in enumerate(blob.tensors)]
    layers = [_blob_layer(op, blob, views) for op in blob.operators]
    outputs = views[blob.input_count :][: blob.output_count]
    return Inspection(
        source,
        "smg",
        len(blob.to_bytes()),
        views[: blob.input_count],
        outputs,
        layers,
        blob.macs,
        [op.name for op in blob.operators],
        lifetimes(blob),
        blob.arena_size,
        len(blob.state),
        {"DATA": len(blob.data), **{name: len(content) for name, content in blob.sections.items()}},
        blob.labels,
        stream=steps_of(blob),
    )


def inspect_tflite(content: bytes, source: str) -> Inspection:
    """A `.tflite` file's bytes. Its arena is that of the `.smg` it becomes."""
    graph = read(content, source)
    layers = [_graph_layer(op) for op in graph.ops]
    ends = [[_graph_view(t) for t in tensors] for tensors in (graph.inputs, graph.outputs)]
    problems: list[str] = []
    try:
        planned = inspect_blob(convert(content, source), source)
    except ConvertError as error:
        planned, problems = _EMPTY, error.problems
    macs = sum(layer.macs for layer in layers)
    return replace(
        planned, source=source, format="tflite", file_bytes=len(content), inputs=ends[0], outputs=ends[1],
        layers=layers, macs=macs, sections={}, problems=problems,
    )  # fmt: skip


def _blob_layer(op: OperatorRecord, blob: Blob, views: list[TensorView]) -> Layer:
    operands, outputs = ([blob.tensors[i] for i in indices] for indices in (op.inputs, op.outputs))
    size = sum(t.nbytes for t in operands if t.place == "DATA") + _channel_bytes(op, outputs[0])
    macs = _macs(op.name, [t.dims for t in operands], outputs[0].dims)
    return Layer(op.name, [views[i] for i in op.inputs], [views[i] for i in op.outputs], size, macs)


def _channel_bytes(op: OperatorRecord, out: TensorRecord) -> int:
    """Bytes of the channel block: a bias an output channel, a multiplier and a shift a scale."""
    if "channels" not in op.params:
        return 0
    return out.dims[-1] * fmt.TYPE_BYTES[TYPE_NAMES[op.params["bias_type"]]] + op.params["scales"] * 5


def _macs(name: str, operands: list[Shape], out: Shape) -> int:
    """Multiply-accumulates as the engine counts them. operands: of its operator or of TensorFlow Lite's."""
    if name in ("CONV_2D", "FULLY_CONNECTED"):
        return prod(out) * prod(operands[1][1:])
    if name == "DEPTHWISE_CONV_2D":
        return prod(out) * prod(operands[1][1:3])
    if name == "TRANSPOSE_CONV":
        x = operands[2] if len(operands[0]) == 1 else operands[0]  # TensorFlow Lite puts the output's shape first
        return prod(x) * prod(operands[1][:3])
    if name == "SVDF":
        return operands[0][0] * (prod(operands[1]) + prod(operands[2]))
    if name == "LSTM":
        return prod(operands[0][:2]) * (prod(operands[1]) + prod(operands[2]))
    if name == "UNIDIRECTIONAL_SEQUENCE_LSTM":
        return prod(operands[0][:2]) * sum(prod(weights) for weights in operands[1:9])
    return 0


def _graph_layer(op: Op) -> Layer:
    operands = [t for t in op.inputs if t is not None]
    computed = [_graph_view(t) for t in operands if t.data is None]
    size = sum(map(_constant_bytes, operands))
    macs = _macs(op.name, [t.shape for t in operands], op.outputs[0].shape) if op.outputs else 0
    return Layer(op.name, computed, [_graph_view(t) for t in op.outputs], size, macs)


def _constant_bytes(t: Tensor) -> int:
    if t.data is None:
        return 0
    return (t.data.size + 1) // 2 if t.type == "INT4" else t.data.nbytes


def _graph_view(t: Tensor) -> TensorView:
    return TensorView(t.name, t.type, t.shape, float(t.s), t.zp, t.scale.size)
