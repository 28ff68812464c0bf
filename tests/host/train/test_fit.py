"""Fitting: the best epoch's weights stay, Ctrl-C is ours, classes weigh the same, disturbances stay in range."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from smidgen.datasets.windows import Windows
from smidgen.errors import Interrupted, UsageError
from smidgen.models import ds_cnn
from smidgen.train.fit import FitSettings, _disturber, _weights, fit, scaled

keras = pytest.importorskip("keras", reason="training needs TensorFlow: pip install 'smidgen[train]'")

SETTINGS = FitSettings(epochs=4, batch=16, learning_rate=0.05)


def toy(seed: int = 1) -> "keras.Model":
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((8, 6, 1))
    flat = keras.layers.Flatten()(inputs)
    return keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(flat))


def loud_or_quiet(count: int, seed: int) -> Windows:
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 2, count)
    features = rng.integers(-40, 40, (count, 8, 6)) + np.where(targets, 60, -60)[:, None, None]
    return Windows(features.astype(np.int8), targets)


def accuracy(model: "keras.Model", windows: Windows) -> float:
    return float((model.predict(scaled(windows.features), verbose=0).argmax(1) == windows.targets).mean())


def test_the_best_epochs_weights_are_left_in_the_model() -> None:
    model, held_out, seen = toy(), loud_or_quiet(80, 2), []
    history = fit(model, loud_or_quiet(200, 1), held_out, SETTINGS, seed=1, on_epoch=lambda *event: seen.append(event))
    accuracies = history["val_accuracy"]
    assert len(accuracies) == len(history["loss"]) == 4 and [event[:2] for event in seen] == [
        (n, 4) for n in (1, 2, 3, 4)
    ]
    assert history["best_epoch"] == accuracies.index(max(accuracies))
    assert accuracy(model, held_out) == pytest.approx(max(accuracies), abs=1e-6) and max(accuracies) > 0.9


def test_a_worse_last_epoch_is_undone() -> None:
    diverging = FitSettings(epochs=3, batch=16, learning_rate=0.05)
    model, held_out = toy(), loud_or_quiet(80, 2)

    def spoil(done: int, _total: int, _figures: dict[str, float]) -> None:
        if done == 2:
            model.set_weights([-10 * weights for weights in model.get_weights()])

    history = fit(model, loud_or_quiet(200, 1), held_out, diverging, seed=1, on_epoch=spoil)
    assert history["best_epoch"] < 2 and history["val_accuracy"][2] < 0.5
    assert accuracy(model, held_out) == pytest.approx(max(history["val_accuracy"]), abs=1e-6)


def test_the_last_epoch_stays_where_asked_for() -> None:
    settings = FitSettings(epochs=3, batch=16, learning_rate=0.05, patience=1, keep_last=True)
    model, held_out = toy(), loud_or_quiet(80, 2)

    def spoil(done: int, _total: int, _figures: dict[str, float]) -> None:
        if done == 2:
            model.set_weights([-10 * weights for weights in model.get_weights()])

    history = fit(model, loud_or_quiet(200, 1), held_out, settings, seed=1, on_epoch=spoil)
    assert history["best_epoch"] == 2 and accuracy(model, held_out) == pytest.approx(
        history["val_accuracy"][2], abs=1e-6
    )


def test_ctrl_c_while_training_is_one_line() -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="run it again"):
        fit(toy(), loud_or_quiet(40, 1), loud_or_quiet(20, 2), SETTINGS, seed=1, on_epoch=stop)


def stop_after(epochs: int) -> Callable[..., None]:
    def stop(done: int, *_: object) -> None:
        if done == epochs:
            raise KeyboardInterrupt

    return stop


def test_a_stopped_run_goes_on_from_its_last_epoch(tmp_path: Path) -> None:
    folder, data = tmp_path / "run", (loud_or_quiet(200, 1), loud_or_quiet(80, 2))
    with pytest.raises(Interrupted, match="go on from the last epoch"):
        fit(toy(), *data, SETTINGS, seed=1, on_epoch=stop_after(2), resume=folder)
    seen: list[int] = []
    model = toy(seed=9)
    history = fit(model, *data, SETTINGS, seed=1, on_epoch=lambda done, *_: seen.append(done), resume=folder)
    assert seen == [3, 4] and len(history["loss"]) == len(history["val_accuracy"]) == 4
    assert accuracy(model, data[1]) == pytest.approx(max(history["val_accuracy"]), abs=1e-6)


@pytest.mark.parametrize("settings", [SETTINGS, replace(SETTINGS, epochs=40, patience=2)], ids=["all", "impatient"])
def test_a_run_that_is_over_is_not_run_again(tmp_path: Path, settings: FitSettings) -> None:
    data, model, again = (loud_or_quiet(200, 1), loud_or_quiet(80, 2)), toy(), toy(seed=9)
    history = fit(model, *data, settings, seed=1, resume=tmp_path)
    assert fit(again, *data, settings, seed=1, resume=tmp_path, on_epoch=stop_after(1)) == history
    assert all(np.array_equal(a, b) for a, b in zip(again.get_weights(), model.get_weights(), strict=True))


def test_a_run_that_is_damaged_on_disk_starts_anew(tmp_path: Path) -> None:
    (tmp_path / "epoch.npz").write_bytes(b"PK torn")
    data = (loud_or_quiet(40, 1), loud_or_quiet(20, 2))
    assert len(fit(toy(), *data, SETTINGS, seed=1, resume=tmp_path)["loss"]) == 4


def test_fitting_ends_when_no_epoch_is_better_for_a_while() -> None:
    impatient = FitSettings(epochs=40, patience=2, batch=16, learning_rate=0.05)
    history = fit(toy(), loud_or_quiet(200, 1), loud_or_quiet(80, 2), impatient, seed=1)
    assert len(history["loss"]) == history["best_epoch"] + 1 + 2 < 40


def test_classes_weigh_the_same_however_many_windows_they_have() -> None:
    windows = Windows(np.zeros((10, 1, 1), np.int8), np.array([0] * 8 + [2] * 2))
    weights = _weights(windows, 4)
    assert weights[:8].sum() == pytest.approx(weights[8:].sum()) and weights.mean() == pytest.approx(1)


def test_disturbed_windows_stay_in_range_and_differ_every_time() -> None:
    features = np.random.default_rng(0).integers(-128, 128, (32, 49, 40)).astype(np.int8)
    disturb = _disturber(FitSettings(gain=50, warp=3, masks=(10, 10)), seed=1)
    first, second = disturb(features).numpy(), disturb(features).numpy()
    assert first.shape == (32, 49, 40, 1) and np.abs(first).max() <= 1.0
    assert not np.array_equal(first, second)


def test_no_disturbance_leaves_windows_as_they_are() -> None:
    features = np.random.default_rng(0).integers(-128, 128, (8, 49, 40)).astype(np.int8)
    disturb = _disturber(FitSettings(gain=0, warp=0, masks=(0, 0)), seed=1)
    assert np.array_equal(disturb(features).numpy(), scaled(features))


def test_features_too_small_for_the_network_are_refused() -> None:
    with pytest.raises(UsageError, match="26 x 40"):
        ds_cnn.build(25, 40, 4)
    assert ds_cnn.build(26, 40, 4, width=4).output_shape == (None, 4)
