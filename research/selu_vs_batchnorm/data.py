"""Classification tasks, checked before anything is trained on them."""

import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int
from sklearn import datasets
from sklearn.model_selection import train_test_split

from research.options import require_known

SHIPPED: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "digits": datasets.load_digits,
        "wine": datasets.load_wine,
        "breast_cancer": datasets.load_breast_cancer,
    }
)
"""The tasks that scikit-learn brings along."""


class Rows(NamedTuple):
    """Some rows of a task.

    Attributes:
        x: Features.
        y: Labels, from 0.
    """

    x: Float[Array, "rows features"]
    y: Int[Array, " rows"]


class Task(NamedTuple):
    """A classification task in three parts, standardised by the first.

    Attributes:
        name: What it is called.
        classes: The number of labels.
        train: What the networks learn from.
        validation: What stops the training and chooses the learning rate.
        test: What is looked at once, at the end.
    """

    name: str
    classes: int
    train: Rows
    validation: Rows
    test: Rows


def load(name: str, directory: Path | None = None, split: int = 0) -> Task:
    """Loads a task and checks it.

    Args:
        name: A task of scikit-learn, or with a directory the name of an .npz file there, without the ending.
        directory: Where .npz files lie that hold `X`, `y`, `folds` (1 marks test rows) and `val_folds`.
        split: The column of `folds` and `val_folds`.

    Raises:
        ValueError: If the name is unknown, the file is damaged, or what it holds is no classification task.
        OSError: If the file cannot be read.
    """
    if directory is None:
        require_known("dataset", name, SHIPPED)
        x, y = SHIPPED[name](return_X_y=True)
        _check(name, x, y)
        validation, test = _split(y)
    else:
        x, y, validation, test = _read(name, directory, split)
    return _standardised(name, x, y, validation, test)


def _split(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A fifth of the rows for validation and a fifth for the test, stratified, the same at every call."""
    rows = np.arange(y.size)
    rest, test = train_test_split(rows, test_size=0.2, stratify=y, random_state=0)
    _, validation = train_test_split(rest, test_size=0.25, stratify=y[rest], random_state=0)
    return np.isin(rows, validation), np.isin(rows, test)


def _read(name: str, directory: Path, split: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features, labels, and which rows are for validation and for the test, from a file."""
    if not directory.is_dir():
        raise ValueError(f"--data must be a directory with .npz files; {directory} is none.")
    require_known(f"dataset in {directory}", name, (path.stem for path in directory.glob("*.npz")))
    path = directory / f"{name}.npz"
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is damaged or no .npz file of plain arrays: {error}.") from None
    missing = {"X", "y", "folds", "val_folds"} - arrays.keys()
    if missing:
        raise ValueError(f"{path} lacks {', '.join(sorted(missing))}; it has {', '.join(arrays)}.")
    x, y = arrays.get("X_fix", arrays["X"]), arrays["y"]
    _check(str(path), x, y)
    folds, val_folds = arrays["folds"], arrays["val_folds"]
    for key, marks in (("folds", folds), ("val_folds", val_folds)):
        if marks.ndim != 2 or len(marks) != len(y) or not np.isin(marks, (0, 1)).all():
            what = f"0 or 1 for each of {len(y)} rows and each split"
            raise ValueError(f"{path}: {key} must be {what}; got shape {marks.shape}, dtype {marks.dtype}.")
    splits = min(folds.shape[1], val_folds.shape[1])
    if not 0 <= split < splits:
        raise ValueError(f"{path} has splits 0 to {splits - 1}; got {split}.")
    return x, y, val_folds[:, split] == 1, folds[:, split] == 1


def _check(source: str, x: np.ndarray, y: np.ndarray) -> None:
    """Refuses what is no classification task."""
    if x.ndim != 2 or 0 in x.shape or not np.issubdtype(x.dtype, np.floating):
        what = "floats of shape (rows, features)"
        raise ValueError(f"{source}: features must be {what}; got {x.dtype} of shape {x.shape}.")
    if y.shape != x.shape[:1] or not np.issubdtype(y.dtype, np.integer):
        raise ValueError(f"{source}: labels must be {len(x)} integers; got {y.dtype} of shape {y.shape}.")
    with np.errstate(over="ignore"):
        rows, columns = np.nonzero(~np.isfinite(x.astype(np.float32)))
    if rows.size:
        where, value = f"row {rows[0]}, feature {columns[0]}", x[rows[0], columns[0]]
        raise ValueError(f"{source}: features must be finite in float32; got {value} at {where}.")
    found = np.unique(y)
    if found.size < 2:
        raise ValueError(f"{source}: labels must be of at least two classes; got only {found[0]}.")
    if not np.array_equal(found, np.arange(found.size)):
        wrong = next(int(a) for a, b in zip(found, range(found.size), strict=True) if a != b)
        raise ValueError(
            f"{source}: labels of {found.size} classes must be 0 to {found.size - 1}; got {wrong}."
        )


def _standardised(name: str, x: np.ndarray, y: np.ndarray, validation: np.ndarray, test: np.ndarray) -> Task:
    """Splits the rows and gives every feature mean 0 and variance 1 in the training part."""
    train = ~(validation | test)
    for what, rows in (("train", train), ("validation", validation & ~test), ("test", test)):
        if not rows.any():
            raise ValueError(f"{name}: the {what} part has no rows.")
    if np.unique(y[train]).size < 2:
        raise ValueError(f"{name}: the train part must have at least two classes; got only {y[train][0]}.")
    wide = x.astype(np.float64)
    mean, deviation = wide[train].mean(axis=0), wide[train].std(axis=0)
    constant = deviation <= 1e-6 * np.abs(wide[train]).max(axis=0)
    scaled = ((wide - mean) / np.where(constant, 1, deviation)).astype(np.float32)

    def part(rows: np.ndarray) -> Rows:
        return Rows(jnp.asarray(scaled[rows]), jnp.asarray(y[rows], jnp.int32))

    return Task(name, int(y.max()) + 1, part(train), part(validation & ~test), part(test))
