"""The UCI tasks of Klambauer et al. 2017: an .npz file each, which brings its own splits."""

from pathlib import Path
from typing import NamedTuple

from research.selu_vs_batchnorm.data import checks, files
from research.selu_vs_batchnorm.data.task import Task, standardised


class Size(NamedTuple):
    """How large a task is.

    Attributes:
        name: What `uci` calls it.
        rows: Of all parts together.
        features: Of each row.
        classes: The number of labels.
    """

    name: str
    rows: int
    features: int
    classes: int


def uci(directory: Path, name: str, split: int = 0, *, fixed: bool = False) -> Task:
    """A task of a directory of .npz files.

    A file holds features `X` (rows, features), labels `y` (rows,), `folds` and `val_folds` (rows, splits).
    In `folds` a 1 marks a row for the test, in `val_folds` for validation; the rest is to train. A row may be
    for the test in several splits or in none, but in one split it has one purpose.

    Args:
        directory: Where the files lie.
        name: That of a file, without the ending.
        split: The column of `folds` and `val_folds`, from 0.
        fixed: Whether to take `X_fix` where the file has it: features scaled anew where `X` has the test rows
            on another scale than the training rows. The table in the paper is of `X`.

    Returns:
        The task; its features are standardised by the training rows.

    Raises:
        ValueError: If a name is unknown, the file is damaged, or what it holds is no classification task.
        OSError: If the file cannot be read.

    References:
        Klambauer et al. 2017, Self-normalizing neural networks, table A11.
        Fernández-Delgado et al. 2014, Do we need hundreds of classifiers?
    """
    path = files.file_in(directory, f"{name}.npz")
    arrays = files.npz_arrays(path, ("X", "y", "folds", "val_folds"), ("X_fix",) if fixed else ())
    source, x, y = str(path), arrays.get("X_fix", arrays["X"]), arrays["y"]
    checks.require_features(source, x)
    checks.require_labels(source, y, len(x))
    for key in ("folds", "val_folds"):
        checks.require_marks(source, key, arrays[key], len(x))
    splits = min(arrays["folds"].shape[1], arrays["val_folds"].shape[1])
    if not 0 <= split < splits:
        raise ValueError(f"{path} has {splits} splits, counted from 0; got {split}.")
    validation, test = (arrays[key][:, split] == 1 for key in ("val_folds", "folds"))
    return standardised(name, x, y, validation, test, source=source)


def uci_index(directory: Path, max_rows: int | None = None) -> list[Size]:
    """How large the tasks of a directory are, without unpacking their features.

    Args:
        directory: Where .npz files lie, as for `uci`.
        max_rows: Leaves out larger tasks.

    Returns:
        A size for each, sorted by name.

    Raises:
        ValueError: If there is no such file, or one is damaged or has features or labels of a wrong form.
        OSError: If a file cannot be read.
    """
    files.require_directory(directory)
    paths = sorted(directory.glob("*.npz"))
    if not paths:
        raise ValueError(f"{directory} has no .npz files.")
    sizes = [_size(path) for path in paths]
    return [size for size in sizes if max_rows is None or size.rows <= max_rows]


def _size(path: Path) -> Size:
    """From the header of the features and from the labels."""
    shape, dtype = files.npz_header(path, "X")
    checks.require_matrix(str(path), shape, dtype)
    labels = files.npz_arrays(path, ("y",))["y"]
    return Size(path.stem, shape[0], shape[1], checks.require_labels(str(path), labels, shape[0]))
