"""HTRU2: is it a pulsar or radio interference?"""

from pathlib import Path

import numpy as np
from jaxtyping import Bool, Integer
from sklearn.model_selection import StratifiedKFold, train_test_split

from research.selu_vs_batchnorm.data import checks, files
from research.selu_vs_batchnorm.data.task import Task, standardised


def htru2(directory: Path, fold: int, folds: int = 10) -> Task:
    """The HTRU2 task, split for stratified cross-validation.

    Args:
        directory: Where `htru2.npz` lies: features `X` (17898, 8) and labels `y` (17898,), 1 for a pulsar.
        fold: Which fold is the test part, from 0; the folds are a partition, the same at every call.
        folds: How many there are, at least 2.

    Returns:
        The task; of the rows outside the fold, 15 % are for validation, stratified too. Its features are
        standardised by the training rows.

    Raises:
        ValueError: If the file is missing, damaged or holds no classification task, or there is no such fold.
        OSError: If the file cannot be read.

    References:
        Lyon et al. 2016, Fifty years of pulsar candidate selection.
    """
    path = files.file_in(directory, "htru2.npz")
    arrays = files.npz_arrays(path, ("X", "y"))
    x, y = arrays["X"], arrays["y"]
    checks.require_features(str(path), x)
    checks.require_labels(str(path), y, len(x))
    validation, test = _split(str(path), y, fold, folds)
    return standardised("htru2", x, y, validation, test, source=str(path))


def _split(
    source: str, y: Integer[np.ndarray, " rows"], fold: int, folds: int
) -> tuple[Bool[np.ndarray, " rows"], Bool[np.ndarray, " rows"]]:
    """Which rows are for validation and for the test."""
    most = int(np.unique(y, return_counts=True)[1].min())
    if not 2 <= folds <= most:
        raise ValueError(f"{source}: folds must be 2 to {most}, the size of the smallest class; got {folds}.")
    if not 0 <= fold < folds:
        raise ValueError(f"{source}: fold must be 0 to {folds - 1}; got {fold}.")
    rows = np.arange(y.size)
    rest, test = list(StratifiedKFold(folds, shuffle=True, random_state=0).split(rows, y))[fold]
    try:
        _, validation = train_test_split(rest, test_size=0.15, stratify=y[rest], random_state=0)
    except ValueError:
        raise ValueError(f"{source}: too few rows outside a fold for a stratified validation part.") from None
    return np.isin(rows, validation), np.isin(rows, test)
