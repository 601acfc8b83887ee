"""The study's data: what is shipped, what a file may hold, and what is refused before any training."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from research.selu_vs_batchnorm.__main__ import main
from research.selu_vs_batchnorm.data import SHIPPED, load

ROWS = 60
RANDOM = np.random.default_rng(0)


def _arrays() -> dict[str, np.ndarray]:
    """A sound task of three classes with two splits."""
    part = np.arange(ROWS) % 5
    return {
        "X": RANDOM.normal(3, 2, (ROWS, 4)).astype(np.float32),
        "y": (np.arange(ROWS) % 3).astype(np.int16),
        "folds": np.stack([part == 0, part == 1], axis=1).astype(np.uint8),
        "val_folds": np.stack([part == 2, part == 3], axis=1).astype(np.uint8),
    }


def _write(directory: Path, arrays: dict[str, Any], name: str = "task") -> Path:
    path = directory / f"{name}.npz"
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_tasks_are_split_and_standardised(name: str) -> None:
    task = load(name)
    x, y = SHIPPED[name](return_X_y=True)
    assert sum(len(part.y) for part in task[2:]) == len(y)
    assert len(task.test.y) == pytest.approx(0.2 * len(y), abs=1)
    assert task.classes == len(np.unique(y))
    assert task.train.x.shape[1] == x.shape[1]
    varies = np.ptp(task.train.x, axis=0) > 0
    np.testing.assert_allclose(task.train.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(task.train.x.std(axis=0)[varies], 1, rtol=1e-4)
    again = load(name)
    np.testing.assert_array_equal(task.test.x, again.test.x)


def test_a_file_brings_its_own_splits(tmp_path: Path) -> None:
    arrays = _arrays()
    _write(tmp_path, arrays)
    for split in (0, 1):
        task = load("task", tmp_path, split)
        np.testing.assert_array_equal(task.test.y, arrays["y"][arrays["folds"][:, split] == 1])
        np.testing.assert_array_equal(task.validation.y, arrays["y"][arrays["val_folds"][:, split] == 1])
        assert len(task.train.y) == ROWS * 3 // 5


def test_features_repaired_in_the_file_are_preferred(tmp_path: Path) -> None:
    arrays = _arrays()
    _write(tmp_path, {**arrays, "X_fix": arrays["X"][:, :2]})
    assert load("task", tmp_path).train.x.shape[1] == 2


def test_a_constant_feature_becomes_zero(tmp_path: Path) -> None:
    arrays = _arrays()
    arrays["X"][:, 1] = 0.1
    _write(tmp_path, arrays)
    np.testing.assert_allclose(load("task", tmp_path).train.x[:, 1], 0, atol=1e-6)


def _with(key: str, change: Callable[[np.ndarray], Any]) -> Callable[[], dict[str, Any]]:
    def arrays() -> dict[str, Any]:
        sound = _arrays()
        return {**sound, key: change(sound[key].copy())}

    return arrays


def _put(index: Any, value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        array[index] = value
        return array

    return change


def _without(key: str) -> Callable[[], dict[str, Any]]:
    return lambda: {name: array for name, array in _arrays().items() if name != key}


WRONG = {
    "a NaN feature": (_with("X", _put((7, 2), np.nan)), "finite in float32; got nan at row 7, feature 2"),
    "an infinite feature": (_with("X", _put((0, 0), np.inf)), "got inf at row 0, feature 0"),
    "a feature too large for float32": (
        _with("X", lambda x: _put((1, 1), 1e300)(x.astype(np.float64))),
        r"got 1e\+300 at row 1, feature 1",
    ),
    "features of a wrong dtype": (_with("X", lambda x: x.astype(np.int32)), "features must be floats"),
    "complex features": (_with("X", lambda x: x.astype(np.complex64)), "features must be floats"),
    "features of text": (_with("X", lambda x: x.astype(str)), "features must be floats"),
    "features of a wrong shape": (_with("X", lambda x: x[:, 0]), r"features\); got float32 of shape \(60,\)"),
    "no features": (_with("X", lambda x: x[:, :0]), r"got float32 of shape \(60, 0\)"),
    "pickled objects": (_with("X", lambda x: x.astype(object)), "damaged or no .npz file of plain arrays"),
    "a negative label": (_with("y", _put(3, -1)), "labels of 4 classes must be 0 to 3; got -1"),
    "a label out of range": (_with("y", _put(3, 9)), "labels of 4 classes must be 0 to 3; got 9"),
    "one class only": (_with("y", np.zeros_like), "at least two classes; got only 0"),
    "labels that are floats": (_with("y", lambda y: y / 2), "labels must be 60 integers; got float64"),
    "too few labels": (
        _with("y", lambda y: y[:-1]),
        r"labels must be 60 integers; got int16 of shape \(59,\)",
    ),
    "missing labels": (_without("y"), "lacks y; it has X, folds, val_folds"),
    "a split for other rows": (
        _with("folds", lambda f: f[:-1]),
        r"folds must be 0 or 1 .* got shape \(59, 2\)",
    ),
    "a split of other numbers": (_with("val_folds", _put((0, 0), 7)), "val_folds must be 0 or 1"),
    "an empty part": (_with("folds", np.zeros_like), "the test part has no rows"),
    "a training part of one class": (
        _with("folds", lambda _: np.stack([_arrays()["y"] != 0] * 2, axis=1)),
        "the train part must have at least two classes; got only 0",
    ),
}


@pytest.mark.parametrize(("arrays", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_file_that_holds_no_task_is_refused(
    tmp_path: Path, arrays: Callable[[], dict[str, Any]], message: str
) -> None:
    _write(tmp_path, arrays())
    with pytest.raises(ValueError, match=message):
        load("task", tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    path = _write(tmp_path, _arrays())
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ValueError, match=r"task\.npz is damaged or no \.npz file"):
        load("task", tmp_path)


def test_flipped_bytes_are_noticed(tmp_path: Path) -> None:
    path = _write(tmp_path, _arrays())
    damaged = bytearray(path.read_bytes())
    damaged[300] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match="damaged"):
        load("task", tmp_path)


def test_another_format_under_the_name_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "task.npz").open("wb") as file:
        np.save(file, np.ones(3))
    with pytest.raises(ValueError, match=r"damaged or no \.npz file"):
        load("task", tmp_path)


def test_a_split_that_is_not_there_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, _arrays())
    with pytest.raises(ValueError, match="has splits 0 to 1; got 2"):
        load("task", tmp_path, 2)


def test_the_command_ends_with_a_sentence_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tmp_path, _arrays(), "thyroid")
    _write(tmp_path, WRONG["a NaN feature"][0](), "broken")
    out = tmp_path / "out"
    for options, message in (
        (["--dataset", "digit"], "No dataset is called 'digit'; the nearest are digits."),
        (["--data", str(tmp_path), "--dataset", "thyroi"], "the nearest are thyroid."),
        (["--data", str(tmp_path), "--dataset", "../thyroid"], "is called '../thyroid'"),
        (["--data", str(tmp_path / "no"), "--dataset", "x"], "must be a directory with .npz files"),
        (["--data", str(tmp_path), "--dataset", "broken"], "got nan at row 7, feature 2"),
    ):
        assert main([*options, "--out", str(out)]) == 2
        said = capsys.readouterr()
        assert message in said.err
        assert said.err.startswith("error: ")
        assert said.out == ""
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--recipes", "silu"], "No recipe is called 'silu'; the nearest are selu"),
        (["--depths", "0"], "depths must be at least 1"),
        (["--depths", "x"], "--depths"),
        (["--seeds", "0"], "seeds must be at least 1"),
        (["--learning-rates", "nan"], "learning_rates must be positive and finite"),
        (["--momentum", "1"], "momentum must lie in"),
        (["--recipes"], "recipes must name at least one"),
    ],
)
def test_wrong_options_end_with_code_2(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(options)
    assert ended.value.code == 2
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert message in said
