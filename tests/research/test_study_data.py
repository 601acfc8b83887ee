"""The study's data: what is shipped, what files hold, how rows are split and standardised."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from study_files import (
    ROWS,
    arrays as sound_arrays,
    assert_sound,
    write as write_npz,
    write_images,
    write_pulsars,
)

from research.selu_vs_batchnorm.data import SHIPPED, Task, fashion, htru2, shipped, uci, uci_index

DATA = Path(__file__).parents[3] / "shared" / "data"
real = pytest.mark.skipif(not DATA.is_dir(), reason=f"there is no {DATA}")


def _assert_standardised(x: np.ndarray) -> None:
    varies = np.ptp(x, axis=0) > 0
    np.testing.assert_allclose(x.mean(axis=0, dtype=np.float64), 0, atol=1e-5)
    np.testing.assert_allclose(x.std(axis=0, dtype=np.float64)[varies], 1, rtol=1e-4)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_tasks_are_split_and_standardised(name: str) -> None:
    task = shipped(name)
    x, y = SHIPPED[name](return_X_y=True)
    assert_sound(task)
    _assert_standardised(task.train.x)
    assert sum(len(part.y) for part in task[2:]) == len(y)
    assert len(task.test.y) == pytest.approx(0.2 * len(y), abs=1)
    assert task.classes == len(np.unique(y))
    assert task.train.x.shape[1] == x.shape[1]


def test_a_file_brings_its_own_splits(tmp_path: Path) -> None:
    arrays = sound_arrays()
    write_npz(tmp_path, arrays)
    for split in (0, 1):
        task = uci(tmp_path, "task", split)
        np.testing.assert_array_equal(task.test.y, arrays["y"][arrays["folds"][:, split] == 1])
        np.testing.assert_array_equal(task.validation.y, arrays["y"][arrays["val_folds"][:, split] == 1])
        assert len(task.train.y) == ROWS * 3 // 5


def test_features_repaired_in_the_file_are_taken_if_asked_for(tmp_path: Path) -> None:
    arrays = sound_arrays()
    write_npz(tmp_path, {**arrays, "X_fix": arrays["X"][:, :2]})
    assert uci(tmp_path, "task").train.x.shape[1] == 4
    assert uci(tmp_path, "task", fixed=True).train.x.shape[1] == 2
    write_npz(tmp_path, arrays)
    assert uci(tmp_path, "task", fixed=True).train.x.shape[1] == 4


def test_a_constant_feature_becomes_zero(tmp_path: Path) -> None:
    arrays = sound_arrays()
    arrays["X"][:, 1] = 0.1
    write_npz(tmp_path, arrays)
    np.testing.assert_allclose(uci(tmp_path, "task").train.x[:, 1], 0, atol=1e-6)


def test_the_index_tells_sizes_by_name(tmp_path: Path) -> None:
    write_npz(tmp_path, sound_arrays(), "small")
    write_npz(tmp_path, {"X": np.ones((90, 7)), "y": np.arange(90) % 2}, "large")
    assert uci_index(tmp_path) == [("large", 90, 7, 2), ("small", 60, 4, 3)]
    assert uci_index(tmp_path, max_rows=60) == [("small", 60, 4, 3)]


def test_folds_of_pulsars_are_a_stratified_partition(tmp_path: Path) -> None:
    write_pulsars(tmp_path)
    tests = []
    for fold in range(10):
        task = htru2(tmp_path, fold)
        numbers = np.argsort(np.argsort(np.concatenate([part.x[:, 0] for part in task[2:]])))
        tests.append(numbers[-len(task.test.y) :])
        assert [part.y.sum() for part in task[2:]] == [31, 5, 4]
        assert [len(part.y) for part in task[2:]] == [153, 27, 20]
    np.testing.assert_array_equal(np.sort(np.concatenate(tests)), np.arange(200))


def test_images_are_flattened_and_share_one_scale(tmp_path: Path) -> None:
    task = fashion(write_images(tmp_path), rows=15)
    assert_sound(task)
    assert (task.name, task.classes) == (tmp_path.name, 10)
    assert [part.x.shape for part in task[2:]] == [(15, 4), (5000, 4), (30, 4)]
    assert task.validation.y[0] == 20 % 10
    assert task.train.x.mean(dtype=np.float64) == pytest.approx(0, abs=1e-6)
    assert task.train.x.std(dtype=np.float64) == pytest.approx(1, rel=1e-6)
    pixels = np.random.default_rng(30).integers(0, 256, (30, 4), np.uint8)
    slope, shift = np.polyfit(pixels.ravel(), task.test.x.ravel(), 1)
    np.testing.assert_allclose(task.test.x, slope * pixels + shift, atol=1e-5)
    assert len(fashion(tmp_path).train.y) == 20


LOADERS: dict[str, Callable[[Path], Task]] = {
    "shipped": lambda _: shipped("wine"),
    "uci": lambda directory: uci(directory, "task", 1),
    "htru2": lambda directory: htru2(directory, 3, folds=5),
    "fashion": lambda directory: fashion(directory, rows=15),
}


@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS.keys())
def test_a_task_is_the_same_at_every_call(tmp_path: Path, load: Callable[[Path], Task]) -> None:
    write_npz(tmp_path, sound_arrays())
    write_pulsars(tmp_path)
    write_images(tmp_path)
    for one, other in zip(load(tmp_path)[2:], load(tmp_path)[2:], strict=True):
        np.testing.assert_array_equal(one.x, other.x)
        np.testing.assert_array_equal(one.y, other.y)


@real
def test_all_uci_tasks_load() -> None:
    sizes = uci_index(DATA / "uci")
    with (DATA / "uci" / "index.csv").open() as file:
        known = {row["name"]: row for row in csv.DictReader(file)}
    assert len(sizes) == 85
    for name, rows, features, classes in sizes:
        told = [int(known[name][key]) for key in ("n_samples", "n_features", "n_classes")]
        assert [rows, features, classes] == told
        for split in range(4):
            task = uci(DATA / "uci", name, split)
            assert_sound(task)
            _assert_standardised(task.train.x)
            assert sum(len(part.y) for part in task[2:]) == rows
            assert (task.train.x.shape[1], task.classes) == (features, classes)


@real
def test_all_folds_of_the_pulsars_load() -> None:
    folds = [htru2(DATA / "htru2", fold) for fold in range(10)]
    assert sum(len(task.test.y) for task in folds) == 17898
    assert sum(int(task.test.y.sum()) for task in folds) == 1639
    for task in folds:
        assert_sound(task)
        for part in task[2:]:
            assert part.y.mean() == pytest.approx(1639 / 17898, abs=1e-3)


@real
def test_fashion_mnist_loads() -> None:
    task = fashion(DATA / "fashion_mnist")
    assert_sound(task)
    assert (task.name, task.classes) == ("fashion_mnist", 10)
    assert [part.x.shape for part in task[2:]] == [(55000, 784), (5000, 784), (10000, 784)]
    assert task.train.x.std(dtype=np.float64) == pytest.approx(1, rel=1e-6)
    np.testing.assert_array_equal(np.bincount(task.test.y), [1000] * 10)
