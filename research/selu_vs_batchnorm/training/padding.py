"""Tasks of different sizes in arrays of a few shapes, so that one compiled program trains on many tasks."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from research.selu_vs_batchnorm.data import Rows, Task


class Part(NamedTuple):
    """Rows of a task on the device; behind the counts stand zeros that nothing looks at.

    Attributes:
        x: Features.
        y: Labels, from 0.
        rows: How many rows there are.
        classes: How many classes.
    """

    x: Float[Array, "room features"]
    y: Int[Array, " room"]
    rows: Int[Array, ""]
    classes: Int[Array, ""]


class Parts(NamedTuple):
    """A task on the device.

    Attributes:
        train: What the networks learn from.
        validation: What stops the training and chooses.
        test: What is looked at once, at the end.
        features: How many features there are.
        widths: Room for features and classes.
    """

    train: Part
    validation: Part
    test: Part
    features: Int[Array, ""]
    widths: tuple[int, int]


def parts(task: Task, *, padded: bool = False) -> Parts:
    """Puts a task on the device.

    Args:
        task: The task.
        padded: Whether to round its sizes up: features to 64, 256, 1024, ..., classes to 32, 128, ..., rows
            to 256, 1024, ....
    """
    features, classes = task.train.x.shape[1], task.classes
    widths = (room(features, 64), room(classes, 32)) if padded else (features, classes)

    def part(rows: Rows) -> Part:
        count = len(rows.y)
        extra = room(count, 256) - count if padded else 0
        x = np.pad(rows.x, ((0, extra), (0, widths[0] - features)))
        y = np.pad(rows.y, (0, extra))
        return Part(jnp.asarray(x), jnp.asarray(y), jnp.int32(count), jnp.int32(classes))

    return Parts(part(task.train), part(task.validation), part(task.test), jnp.int32(features), widths)


def room(count: int, least: int) -> int:
    """The smallest of `least`, 4 least, 16 least, ... that is not below a count."""
    while least < count:
        least *= 4
    return least
