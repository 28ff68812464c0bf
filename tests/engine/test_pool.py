"""AVERAGE_POOL_2D and MAX_POOL_2D over their parameter space."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.quantise import window_out
from tests.support.equality import assert_same_everywhere

SIDE = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(4, 9))  # kernel, stride, size


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["AVERAGE_POOL_2D", "MAX_POOL_2D"]),
    st.sampled_from(["INT8", "INT16"]),
    SIDE,
    SIDE,
    st.integers(1, 2),
    st.integers(1, 3),
    st.sampled_from([0, 1]),
    st.sampled_from([0, 1, 2, 3]),
    st.integers(0, 2**32 - 1),
)
def test_pooling_gives_tflm_bytes(name, kind, rows, columns, n, c, padding, fused, seed):
    rng = np.random.default_rng(seed)
    (kh, sy, h), (kw, sx, w) = rows, columns
    scale = float(rng.uniform(0.02, 0.1)) if kind == "INT8" else 0.001
    zero = int(rng.integers(-128, 128)) if kind == "INT8" else 0
    m = ModelBuilder()
    x = m.input(kind, (n, h, w, c), scale, zero)
    y = m.output(kind, (n, window_out(padding, h, kh, sy), window_out(padding, w, kw, sx), c), scale, zero)
    window = {"padding": padding, "strideH": sy, "strideW": sx, "filterHeight": kh, "filterWidth": kw}
    m.op(name, [x], [y], "Pool2DOptions", fusedActivationFunction=fused, **window)
    assert_same_everywhere(m.build(), seed)
