"""What is seen of a function before any criterion judges it; everything is computed once and when needed."""

import dataclasses
import functools
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from jaxact.gaussian import MomentMap, Moments, Resolved
from jaxact.properties.breaks import BEND, Break, find_breaks, neighbour, sizes
from jaxact.properties.evidence import Claim, Evidence, undecided
from jaxact.properties.grid import EXHAUSTIVE_BITS, adversarial, every_value, refinements
from jaxact.properties.plateaus import Plateau, find_plateaus
from jaxact.properties.program import numbers, trace
from jaxact.properties.subject import Subject
from jaxact.properties.tails import limit, octaves

PLOTTED = 32.0
"""Witnesses are looked for up to here first."""

_ROUNDS = 3
_ROOM = 4096


class Curve(NamedTuple):
    """A function at points in increasing order, all of them finite and none NaN."""

    x: np.ndarray
    y: np.ndarray
    slope: np.ndarray
    curvature: np.ndarray


class Fall(NamedTuple):
    """Two points of a curve between which values fall by nine tenths of the deepest fall, and its depth."""

    high: int
    low: int
    depth: float


class Ends(NamedTuple):
    """One number for minus infinity and one for plus."""

    left: float
    right: float


@dataclasses.dataclass(frozen=True)
class Survey:
    """A function on its grid.

    The grid holds every value of a 16-bit dtype, and points chosen to catch a function out in a wider one.
    Its shape is taken in `subject.precise`, where rounding does not hide it.

    Attributes:
        subject: The function.
    """

    subject: Subject

    @functools.cached_property
    def evidence(self) -> Evidence:
        """How something seen at every point of the grid is known."""
        few = jnp.finfo(self.subject.dtype).bits <= EXHAUSTIVE_BITS
        return Evidence.EXHAUSTIVE if few else Evidence.SAMPLED

    @functools.cached_property
    def grid(self) -> np.ndarray:
        """Values of the dtype in increasing order."""
        if self.evidence is Evidence.EXHAUSTIVE:
            return every_value(self.subject.dtype)
        with self.subject.trained.arithmetic():
            program = trace(self.subject.call, self.subject.dtype)
        return adversarial(self.subject.dtype, numbers(program))

    @functools.cached_property
    def computed(self) -> np.ndarray:
        """Value and slope on the grid as training computes them, shape `(2, n)`."""
        return self.subject.trained(self.grid)

    @functools.cached_property
    def reference(self) -> np.ndarray:
        """f, f' and f'' on the grid, NaN and infinities included, shape `(3, n)`."""
        return self.subject.precise(self.grid)

    @functools.cached_property
    def curve(self) -> Curve:
        """The function where it is finite: on the grid, refined at extrema of f and f' and at breaks."""
        x, rows = self.grid, self.reference
        for _ in range(_ROUNDS):
            new = refinements(x, _remarkable(rows, x), self.subject.precise.dtype, _ROOM)
            x, rows = _merge(x, rows, new, self.subject.precise(new))
        if self.breaks:
            at = np.array([b.at for b in self.breaks])
            places = [neighbour(at, k, self.subject.precise.dtype) for k in (-1, 0, 1)]
            new = np.setdiff1d(np.concatenate(places), x)
            x, rows = _merge(x, rows, new, self.subject.precise(new))
        finite = np.isfinite(rows[:2]).all(axis=0)
        return Curve(x[finite], *rows[:, finite])

    def deepest_fall(self, values: np.ndarray, order: int) -> Fall | None:
        """Where values on the curve fall by more than rounding, None where they never do.

        Args:
            values: f or a derivative of it on the curve, or the negative of it.
            order: Which derivative.
        """
        x = self.curve.x
        for part in (np.abs(x) <= PLOTTED, np.full(x.size, fill_value=True)):
            points, part_values = x[part], values[part]
            top = np.maximum.accumulate(part_values)
            fall = top - part_values - self.blur(part_values, order) - self.blur(top, order)
            if (fall > 0).any():
                low = np.flatnonzero(fall >= 0.9 * fall.max())
                j = low[simplest(points[low])]
                high = np.flatnonzero(part_values[:j] - part_values[j] >= 0.9 * (top[j] - part_values[j]))
                i = high[simplest(points[high])]
                i, j = np.flatnonzero(part)[[i, j]].tolist()
                return Fall(i, j, float((top - part_values).max()))
        return None

    @functools.cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Jumps of f, f' and f''."""
        return find_breaks(self.subject.precise, self.grid, self.reference)

    @functools.cached_property
    def plateaus(self) -> tuple[Plateau, ...]:
        """Intervals on which f is constant."""
        return find_plateaus(self.subject.precise, self.curve[:3], self.breaks, float(self.size[1]))

    @property
    def kinks(self) -> tuple[Break, ...]:
        """Jumps of f and f'."""
        return tuple(b for b in self.breaks if b.order < BEND)

    @functools.cached_property
    def blind(self) -> float | None:
        """The finite input nearest to 0 at which f is NaN in `subject.precise`, None where there is none.

        A NaN in the narrower dtype alone, such as that of an overflow on the way, says nothing of the shape;
        it refutes the claim that f is finite.
        """
        unknown = np.isnan(self.reference[0])
        return nearest_zero(self.grid[unknown]) if unknown.any() else None

    @functools.cached_property
    def size(self) -> np.ndarray:
        """How large f, f' and f'' ordinarily are."""
        return sizes(self.grid, self.reference).ravel()

    @functools.cached_property
    def precision(self) -> float:
        """The rounding error of one operation in `subject.precise`."""
        return float(jnp.finfo(self.subject.precise.dtype).eps)

    def blur(self, values: np.ndarray, order: int = 0) -> np.ndarray:
        """What rounding may do to values of f or a derivative of it."""
        return 2**10 * self.precision * np.maximum(np.abs(values), self.size[order])

    def noise(self, value: float, order: int = 0) -> float:
        """What rounding may do to one value of f or a derivative of it."""
        return float(self.blur(np.array([value]), order)[0])

    def at(self, x: float) -> tuple[float, float]:
        """Value and slope at a point."""
        y, slope, _ = self.subject.precise(np.array([x]))[:, 0].tolist()
        return y, slope

    @functools.cached_property
    def _octaves(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        return tuple(octaves(self.subject.precise, side) for side in (-1, 1))

    def limits(self, order: int) -> Ends:
        """The limits of f or one of its derivatives at both ends, NaN where there is none."""
        return Ends(*(limit(rows[order]) for _, rows in self._octaves))

    @functools.cached_property
    def asymptotes(self) -> Ends:
        """The limits of f(x) / x at both ends."""
        with np.errstate(all="ignore"):
            return Ends(*(limit(rows[0] / x) for x, rows in self._octaves))

    def envelope(self, sign: int) -> Ends:
        """The limits of the largest value in every octave (of the least, for sign -1)."""
        return Ends(*(sign * limit((sign * rows[0]).max(axis=1)[:, None]) for _, rows in self._octaves))

    @functools.cached_property
    def moment_map(self) -> MomentMap:
        """What a layer of independent weights with sum 0 and sum of squares 1 does to mean and variance."""
        return MomentMap(Resolved(self.subject.call, tuple(b.at for b in self.breaks), self.subject.precise))

    @functools.cached_property
    def moments(self) -> Moments:
        """Moments of f(z) for z ~ N(0, 1)."""
        return self.moment_map.moments()

    def seen(self, name: str, reason: str, *witness: float, holds: bool = True) -> Claim:
        """A claim about every point of the grid."""
        return self._claim(name, reason, witness, holds=holds, evidence=self.evidence)

    def sampled(self, name: str, reason: str, *witness: float, holds: bool = True) -> Claim:
        """A claim about the real line, of which the grid is a sample in any dtype."""
        return self._claim(name, reason, witness, holds=holds, evidence=Evidence.SAMPLED)

    def _claim(
        self, name: str, reason: str, witness: tuple[float, ...], *, holds: bool, evidence: Evidence
    ) -> Claim:
        if self.blind is not None:
            return undecided(name, f"f is NaN at {self.blind:g}", self.blind)
        return Claim(name, holds=holds, evidence=evidence, witness=witness, reason=reason)


def nearest_zero(x: np.ndarray) -> float:
    """The point of smallest magnitude."""
    return float(x[np.argmin(np.abs(x))])


def simplest(x: np.ndarray) -> int:
    """The index of the point that is written shortest, and of those the nearest to 0."""
    points = x.tolist()
    return min(range(len(points)), key=lambda i: (len(str(points[i])), abs(points[i])))


def _remarkable(rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Indices at extrema of f and f', the global ones first, then those nearest to 0."""
    finite = np.where(np.isfinite(rows), rows, 0.0)
    best = np.concatenate([finite[:2].argmax(axis=1), finite[:2].argmin(axis=1)])
    signs = np.sign(finite[1:])
    turns = np.flatnonzero((signs[:, 1:] * signs[:, :-1] < 0).any(axis=0))
    return np.concatenate([best, turns[np.argsort(np.abs(x[turns]))]])


def _merge(
    x: np.ndarray, rows: np.ndarray, new: np.ndarray, new_rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    order = np.argsort(np.concatenate([x, new]), kind="stable")
    return np.concatenate([x, new])[order], np.concatenate([rows, new_rows], axis=1)[:, order]
