"""Matrices of intervals in the plane: whether all of them contract, or none does."""

import functools
from collections.abc import Iterable

from flint import arb

from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval

Matrix = tuple[Interval, ...]
"""Four entries, row by row."""


def around(jacobians: Iterable[Matrix]) -> Matrix:
    """A matrix of intervals around matrices."""
    return tuple(functools.reduce(interval.hull, entries) for entries in zip(*jacobians, strict=True))


def weight(jacobian: Matrix) -> Interval | None:
    """A weight of the variance against the mean in whose norm matrices contract; None if none is found.

    The rows `|a| + |b| / s` and `s |c| + |d|` are both below 1 for `s` between `|b| / (1 - |a|)` and
    `(1 - |d|) / |c|`.
    """
    a, b, c, d = map(size, jacobian)
    if not (a < 1 and d < 1):
        return None
    least = (b / (1 - a)).upper()
    most = ((1 - d) / c).lower() if c > 0 else arb("inf")
    if not least < most:
        return None
    if 4 * least < 1 < most:
        return interval.ONE
    scale = most / 2 if least == 0 else (least * most).sqrt() if most.is_finite() else 4 * least
    return Interval(scale.mid(), scale.mid())


def norm(jacobian: Matrix, scale: Interval) -> Interval:
    """A bound of the norm of matrices, in which the variance has a weight."""
    a, b, c, d = (Interval(interval.absolute(entry).lo, size(entry)) for entry in jacobian)
    rows = a + b / scale, scale * c + d
    return Interval(max(row.lo for row in rows), max(row.hi for row in rows))


def expands(jacobian: Matrix) -> bool:
    """Whether every matrix has an eigenvalue beyond 1 or -1, or a determinant that is."""
    a, b, c, d = jacobian
    trace, determinant, one = a + d, a * d - b * c, interval.ONE
    sides = one - trace + determinant, one + trace + determinant  # the characteristic polynomial at 1 and -1
    return any(side.hi < 0 for side in sides) or interval.absolute(determinant).lo > 1


def size(values: Interval) -> arb:
    """The largest absolute value."""
    return max(abs(values.lo), abs(values.hi))
