"""What a task is, and how one is made of rows that are marked for validation and for the test."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float32, Int32, Integer

from research.selu_vs_batchnorm.data import checks


class Rows(NamedTuple):
    """Some rows of a task, in the memory of the host.

    Attributes:
        x: Features, float32 of shape (rows, features), finite and without unit.
        y: Labels, int32 of shape (rows,), from 0.
    """

    x: Float32[np.ndarray, "rows features"]
    y: Int32[np.ndarray, " rows"]


class Task(NamedTuple):
    """A classification task in three parts, standardised by the first.

    Attributes:
        name: What it is called.
        classes: The number of labels, at least 2; not every part need have them all.
        train: What the networks learn from; at least two classes.
        validation: What stops the training and chooses the learning rate; not empty.
        test: What is looked at once, at the end; not empty.
    """

    name: str
    classes: int
    train: Rows
    validation: Rows
    test: Rows


def standardised(
    name: str,
    x: Float[np.ndarray, "rows features"],
    y: Integer[np.ndarray, " rows"],
    validation: Bool[np.ndarray, " rows"],
    test: Bool[np.ndarray, " rows"],
    *,
    source: str,
) -> Task:
    """Splits the rows and gives every feature mean 0 and variance 1 in the training part.

    A feature that is constant in the training part is only shifted to 0.

    Args:
        name: What the task is called.
        x: Features, finite in float32.
        y: Labels, each of 0 to the largest.
        validation: Which rows are for validation.
        test: Which rows are for the test; the rest is to train.
        source: What an error names: the task or its file.

    Raises:
        ValueError: If the split is none, or a row lies too far from the training part for float32.
    """
    checks.require_split(source, y, validation, test)
    train = ~(validation | test)
    wide = x.astype(np.float64)
    mean, deviation = wide[train].mean(axis=0), wide[train].std(axis=0)
    constant = deviation <= 1e-6 * np.abs(wide[train]).max(axis=0)
    scaled = (wide - mean) / np.where(constant, 1, deviation)
    checks.require_finite(source, "standardised features", scaled)

    def part(rows: np.ndarray) -> Rows:
        return Rows(scaled[rows].astype(np.float32), y[rows].astype(np.int32))

    return Task(name, int(y.max()) + 1, part(train), part(validation), part(test))
