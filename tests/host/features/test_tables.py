"""The front end's tables against their definitions."""

import numpy as np
import pytest

from smidgen.features import tables


@pytest.mark.parametrize("size", [32, 512, 4096])
def test_twiddles_are_the_first_quarter_turn(size):
    angle = 2 * np.pi * np.arange(size // 4 + 1) / size
    expected = np.stack([np.cos(angle), -np.sin(angle)], axis=1) * 32767
    assert np.abs(tables.twiddles(size) - expected).max() <= 0.5 + 1e-9
    assert tables.twiddles(size)[0].tolist() == [32767, 0]
    assert tables.twiddles(size)[-1].tolist() == [0, -32767]


@pytest.mark.parametrize("real", [np.float32, np.float64])
@pytest.mark.parametrize("size", [17, 480, 4096])
def test_window_is_hann(size, real):
    expected = 4096 * np.sin(np.pi * (np.arange(size) + 0.5) / size) ** 2
    assert np.abs(tables.hann_window(size, real) - expected).max() < 0.51


@pytest.mark.parametrize("real", [np.float32, np.float64])
def test_filterbank_is_triangles_equally_wide_in_mel(real):
    bank = tables.filterbank(16000, 512, 40, 125.0, 7500.0, real)
    assert len(bank.widths) == 41 and bank.widths.sum() == len(bank.weights)

    def mel(hz):
        return 1127 * np.log1p(np.asarray(hz) / 700)

    edges = np.linspace(mel(125), mel(7500), 42)
    bins = mel(31.25 * (bank.first_bin + np.arange(len(bank.weights))))
    slope = np.repeat(np.arange(41), bank.widths)
    assert np.all(bins > edges[slope] - 1e-3) and np.all(bins <= edges[slope + 1] + 1e-3)
    share = (edges[slope + 1] - bins) / (edges[slope + 1] - edges[slope])
    assert np.abs((bank.weights & 0x7FFF) - 4096 * share).max() < 0.6


def test_weight_and_complement_that_both_end_on_a_half_are_marked():
    share = np.float32(0.5 + 0.5 / 4096)
    assert tables._weight(share, np.float64) == 2049 | tables.WEIGHT_ROUNDED_TWICE
    assert tables._weight(np.float32(0.5), np.float64) == 2048


def test_gains_interpolate_the_power_law():
    table = tables.pcan_gains(0.95, 80.0, 21, 7).astype(float)
    for bits in range(3, 33):
        y, a1, a2 = table[3 * bits - 4 : 3 * bits - 1]
        for t in (0, 0.25, 0.5, 0.75):
            exact = 2**21 * ((1 + t) * 2.0 ** (bits - 1) / 2**7 + 80) ** -0.95
            assert y + a1 * t + a2 * t * t == pytest.approx(exact, rel=0.015, abs=2)


def test_gain_beyond_15_bits_is_refused():
    with pytest.raises(OverflowError):
        tables.pcan_gains(0.95, 10.0, 21, 7)


def test_log_segments_are_the_distance_of_log2_from_its_chord():
    t = np.arange(129) / 128
    table = tables.log_segments()
    assert np.abs(table - 65536 * (np.log2(1 + t) - t)).max() <= 0.5 + 1e-6
    assert table[0] == table[128] == 0
