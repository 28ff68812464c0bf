"""The Python engine's inner loops as machine code: the bytes of the C engine and of the plain loops.

In MicroPython's port for this machine, which has the C engine as a user module, and compiled for other boards."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import pytest

from smidgen.bench.seeded import Network
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.device import package_part
from smidgen.device.viper import compiled
from smidgen.engine import Engine
from smidgen.errors import EngineError
from smidgen.features.audio import AudioSpec
from smidgen.native import architecture_of
from smidgen.quantise import window_out
from tests.support.board import LIBRARY
from tests.support.debian import ROOT
from tests.support.keyword_model import AUDIO, speech_like
from tests.support.pictures import CASES as PICTURES
from tests.support.pictures import expected_of, frame_of
from tests.support.samples import SAMPLES
from tests.support.unix_port import run

PROGRAM = Path(__file__).parent / "on_board" / "twins.py"
VIPER = ["viper_audio.mpy", "viper_loops.mpy", "viper_picture.mpy", "viper_sound.mpy"]
ARCHITECTURES = ("x64", "armv6m", "armv7m", "armv7emsp", "xtensa", "xtensawin", "rv32imc")
FRONT_ENDS = {
    "default": AUDIO,
    "odd_power_of_two": AudioSpec(frames=12, channels=16, window_ms=15, hop_ms=10),
    "plain": AudioSpec(frames=12, channels=20, window_ms=25, hop_ms=20, noise_reduction=False, pcan=False),
}


def weighted(seed: int) -> bytes:
    """A convolution of some kind: groups, multipliers, dilation, padding, scales that shift either way."""
    rng = np.random.default_rng(seed)
    depthwise, padding, n = bool(seed % 2), int(rng.integers(2)), int(rng.integers(1, 3))
    kernel, stride = rng.integers(1, 4, 2).tolist(), rng.integers(1, 4, 2).tolist()
    dilation = [int(rng.integers(1, 3)), 1]
    size = [(k - 1) * d + int(rng.integers(1, 6)) for k, d in zip(kernel, dilation, strict=True)]
    out = [window_out(padding, *axis) for axis in zip(size, kernel, stride, dilation, strict=True)]
    groups, group_c, multiple = (int(x) for x in rng.integers(1, 7, 3))
    c, out_c = (groups, groups * multiple) if depthwise else (groups * group_c, groups * multiple)
    shape = (1, *kernel, out_c) if depthwise else (out_c, *kernel, group_c)
    scales = 10 ** rng.uniform(-4, 1, out_c)
    m = ModelBuilder()
    x = m.input("INT8", (n, *size, c), 0.05, int(rng.integers(-128, 128)))
    w = m.constant("INT8", rng.integers(-127, 128, shape), scales, axis=3 if depthwise else 0)
    b = m.constant("INT32", rng.integers(-(2**31), 2**31, out_c), scales * 0.05)
    y = m.output("INT8", (n, *out, out_c), float(rng.uniform(0.01, 2)), int(rng.integers(-128, 128)))
    name, options = ("DEPTHWISE_CONV_2D", "DepthwiseConv2DOptions") if depthwise else ("CONV_2D", "Conv2DOptions")
    geometry = {"padding": padding, "strideH": stride[0], "strideW": stride[1]}
    geometry |= {"dilationHFactor": dilation[0], "dilationWFactor": dilation[1]}
    if depthwise:
        geometry["depthMultiplier"] = multiple
    m.op(name, [x, w, b], [y], options, **geometry)
    return m.build()


def dense(seed: int) -> bytes:
    rng, m = np.random.default_rng(seed), ModelBuilder()
    rows, n, out_c = (int(x) for x in rng.integers(1, 40, 3))
    x = m.input("INT8", (rows, n), 0.5, int(rng.integers(-128, 128)))
    w = m.constant(
        "INT8", rng.integers(-128, 128, (out_c, n)), float(10 ** rng.uniform(-4, 1)), int(rng.integers(-3, 4))
    )
    b = m.constant("INT32", rng.integers(-(2**31), 2**31, out_c))
    m.op("FULLY_CONNECTED", [x, w, b], [m.output("INT8", (rows, out_c), 0.25, 5)], "FullyConnectedOptions")
    return m.build()


def pool(seed: int) -> bytes:
    rng, m = np.random.default_rng(seed), ModelBuilder()
    kernel, stride = rng.integers(1, 5, 2).tolist(), rng.integers(1, 4, 2).tolist()
    size, c, padding = [k + int(rng.integers(4)) for k in kernel], int(rng.integers(1, 9)), int(rng.integers(2))
    out = [window_out(padding, *axis) for axis in zip(size, kernel, stride, strict=True)]
    x, y = m.input("INT8", (2, *size, c), 0.1, 3), m.output("INT8", (2, *out, c), 0.1, 3)
    options = {"padding": padding, "strideH": stride[0], "strideW": stride[1], "filterHeight": kernel[0]}
    name = ("AVERAGE_POOL_2D", "MAX_POOL_2D")[seed % 2]
    m.op(name, [x], [y], "Pool2DOptions", filterWidth=kernel[1], **options)
    return m.build()


def addition(seed: int) -> bytes:
    rng, m = np.random.default_rng(seed), ModelBuilder()
    scales, zeros = 10 ** rng.uniform(-2, 0, 3), rng.integers(-128, 128, 3)
    shapes = [(3, 5, 70), (3, int(rng.choice([1, 5])), int(rng.choice([1, 70])))]
    a, b = (m.input("INT8", shapes[i], float(scales[i]), int(zeros[i])) for i in range(2))
    m.op("ADD", [a, b], [m.output("INT8", shapes[0], float(scales[2]), int(zeros[2]))], "AddOptions")
    return m.build()


def network(seed: int) -> bytes:
    net = Network((14, 9, 2), seed).conv(12, (3, 3), 1).depthwise(3, 2, 2).conv(7).depthwise(5).conv(16, 3, 2)
    return net.global_average().dense(11).softmax().build()


CASES = {
    **{
        f"sample_{name}": SAMPLES[name]()
        for name in ("add", "copy", "keyword", "lookup", "max_pool")
        if name in SAMPLES
    },
    **{f"{kind.__name__}_{i}": kind(i) for kind in (weighted, dense, pool, addition) for i in range(16)},
    **{f"network_{i}": network(i) for i in range(3)},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What the program reads."""
    root = tmp_path_factory.mktemp("twins")
    for name in ("models", "sounds", "pictures"):
        (root / name).mkdir()
    for name, content in CASES.items():
        _write_model(root / "models" / name, convert(content, name).to_bytes())
    for name, spec in FRONT_ENDS.items():
        (root / "sounds" / f"{name}.section").write_bytes(spec.to_section())
    for name, case in PICTURES.items():
        parts = {"section": case.spec.to_section(), "frame": frame_of(case), "out": expected_of(case)}
        parts["size"] = f"{case.kind} {case.width} {case.height}".encode()
        for ending, part in parts.items():
            (root / "pictures" / f"{name}.{ending}").write_bytes(part)
    loud = np.random.default_rng(2).integers(-32768, 32768, 4000).astype(np.int16)
    square = np.where(np.arange(4000) // 20 % 2, 32767, -32768).astype(np.int16)
    samples = np.concatenate([speech_like(1), loud, square, np.zeros(2000, np.int16)])
    (root / "sounds" / "samples").write_bytes(samples.tobytes())
    bits = np.concatenate([np.random.default_rng(3).integers(0, 256, 1600), np.full(400, 255), np.zeros(400, int)])
    (root / "sounds" / "bits").write_bytes(bits.astype(np.uint8).tobytes())
    return root


def _write_model(path: Path, content: bytes) -> None:
    engine, rng = Engine(content), np.random.default_rng(1)
    xs = [rng.integers(-128, 128, x.elements, np.int8) for x in engine.inputs]
    for ending, data in ((".smg", [content]), (".in", xs), (".out", engine.invoke(xs))):
        path.with_suffix(ending).write_bytes(b"".join(bytes(part) for part in data))


def assert_all_same(folder: Path, library: Path) -> None:
    first, *lines = run(PROGRAM, cwd=folder, library=library)
    assert first == "machine code True"
    found = {name: rest for name, *rest in (line.split() for line in lines)}
    for name, spec in FRONT_ENDS.items():
        frames, *rest = found.pop(name)
        assert int(frames) > 50 and rest == ["same", "same"], spec
    assert found.pop("microphone") == ["same"]
    assert found == {name: ["same"] * 3 for name in CASES} | {name: ["same"] * 2 for name in PICTURES}


def test_c_viper_and_plain_loops_give_the_same_bytes(folder):
    assert_all_same(folder, LIBRARY.parent)


def test_what_a_deployment_brings_gives_them_too(folder, tmp_path):
    for name, content in package_part("x64").files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    assert sorted(path.name for path in tmp_path.glob("smidgen/viper_*")) == VIPER
    assert_all_same(folder, tmp_path)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_loops_compile_for_every_kind_of_board(architecture):
    for name, content in package_part(architecture).files.items():
        if "viper_" in name:
            mpy = content[1] | content[2] << 8  # as in sys.implementation
            assert content[:1] == b"M" and mpy & 0x3FF == 0x306 and architecture_of(mpy) == architecture


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_their_sizes_are_those_of_the_documentation(architecture):
    files = package_part(architecture).files
    sizes = (f"{len(files[f'smidgen/viper_{kind}.mpy']):,}" for kind in ("loops", "audio", "picture", "sound"))
    row = rf"^\| `{architecture}` \| .* \| {' .. '.join(sizes)} \|$".replace("..", r"\|")
    assert re.search(row, (ROOT / "docs" / "firmware.md").read_text(encoding="utf-8"), re.MULTILINE), row


def test_boards_without_machine_code_get_no_viper():
    names = package_part(None).files
    assert "smidgen/plain_loops.py" in names and not any("viper_" in name for name in names)


def test_both_twins_have_the_same_functions_with_the_same_arguments():
    for kind in ("loops", "audio", "picture", "sound"):
        plain, viper = (_signatures(LIBRARY / f"{twin}_{kind}.py") for twin in ("plain", "viper"))
        assert viper == {name: plain[name] for name in viper} and set(plain) - set(viper) <= {"_mean"}


def _signatures(path: Path) -> dict[str, list[str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {f.name: [a.arg for a in f.args.args] for f in tree.body if isinstance(f, ast.FunctionDef)}


def test_code_that_mpy_cross_refuses_is_an_error_with_its_reason(tmp_path):
    source = tmp_path / "viper_wrong.py"
    source.write_text("@micropython.viper\ndef f(x: nothing): pass\n")
    with pytest.raises(EngineError, match="for armv6m: ViperTypeError: unknown type 'nothing'"):
        compiled(source, "armv6m")
