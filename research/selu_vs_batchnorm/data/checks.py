"""What makes arrays a classification task; all else is refused, in one sentence that names the source."""

import numpy as np
from jaxtyping import Bool, Integer


def require_features(source: str, x: np.ndarray) -> None:
    """Refuses what are no finite floats of shape (rows, features).

    Raises:
        ValueError: If the dtype, the shape or a value is wrong.
    """
    require_matrix(source, x.shape, x.dtype)
    require_finite(source, "features", x)


def require_matrix(source: str, shape: tuple[int, ...], dtype: np.dtype) -> None:
    """Refuses what cannot be features, whatever their values.

    Raises:
        ValueError: If the dtype or the shape is wrong.
    """
    if len(shape) != 2 or 0 in shape or not np.issubdtype(dtype, np.floating):
        what = "floats of shape (rows, features)"
        raise ValueError(f"{source}: features must be {what}; got {dtype} of shape {shape}.")


def require_finite(source: str, what: str, x: np.ndarray) -> None:
    """Refuses NaN, infinity and what becomes infinite in float32.

    Raises:
        ValueError: With the first such value and its place.
    """
    with np.errstate(over="ignore"):
        rows, columns = np.nonzero(~np.isfinite(x.astype(np.float32)))
    if rows.size:
        where, value = f"row {rows[0]}, feature {columns[0]}", x[rows[0], columns[0]]
        raise ValueError(f"{source}: {what} must be finite in float32; got {value} at {where}.")


def require_labels(source: str, y: np.ndarray, rows: int) -> int:
    """Refuses what are no labels 0 to K - 1 of that many rows.

    Returns:
        K, the number of classes, at least 2.

    Raises:
        ValueError: If the dtype, the shape or a value is wrong, or there is one class only.
    """
    if y.shape != (rows,) or not np.issubdtype(y.dtype, np.integer):
        raise ValueError(f"{source}: labels must be {rows} integers; got {y.dtype} of shape {y.shape}.")
    found = np.unique(y)
    if found.size < 2:
        raise ValueError(f"{source}: labels must be of at least two classes; got only {found[0]}.")
    wrong = found[found != np.arange(found.size)]
    if wrong.size:
        allowed = f"0 to {found.size - 1}"
        raise ValueError(f"{source}: labels of {found.size} classes must be {allowed}; got {wrong[0]}.")
    return found.size


def require_marks(source: str, key: str, marks: np.ndarray, rows: int) -> None:
    """Refuses what does not mark rows by 0 or 1 in every split.

    Raises:
        ValueError: If the shape is not (rows, splits) or another value occurs.
    """
    if marks.ndim != 2 or len(marks) != rows or not np.isin(marks, (0, 1)).all():
        what = f"0 or 1 for each of {rows} rows and each split"
        raise ValueError(f"{source}: {key} must be {what}; got {marks.dtype} of shape {marks.shape}.")


def require_split(
    source: str,
    y: Integer[np.ndarray, " rows"],
    validation: Bool[np.ndarray, " rows"],
    test: Bool[np.ndarray, " rows"],
) -> None:
    """Refuses a split with a row in two parts, with an empty part, or with nothing to learn.

    Raises:
        ValueError: If it is such a split.
    """
    both = np.flatnonzero(validation & test)
    if both.size:
        raise ValueError(f"{source}: a row is for validation or for the test; row {both[0]} is for both.")
    train = ~(validation | test)
    for part, rows in (("train", train), ("validation", validation), ("test", test)):
        if not rows.any():
            raise ValueError(f"{source}: the {part} part has no rows.")
    require_two_classes(source, y[train])


def require_two_classes(source: str, y: Integer[np.ndarray, " rows"]) -> None:
    """Refuses training labels that are all the same.

    Raises:
        ValueError: If they are.
    """
    if y.min() == y.max():
        raise ValueError(f"{source}: the train part must have at least two classes; got only {y[0]}.")
