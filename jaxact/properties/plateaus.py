"""Intervals on which a function is constant, told from tails that only round to a constant."""

import dataclasses
import math

import jax.numpy as jnp
import numpy as np

from jaxact.gaussian import Pointwise
from jaxact.properties.breaks import BEND, Break


@dataclasses.dataclass(frozen=True, slots=True)
class Plateau:
    """An interval on which f is constant.

    Attributes:
        low: Its left end, -inf where it has none.
        high: Its right end, inf where it has none.
        value: f there.
    """

    low: float
    high: float
    value: float

    @property
    def inside(self) -> float:
        """A point of it."""
        if math.isinf(self.low) and math.isinf(self.high):
            return 0.0
        if math.isinf(self.low):
            return self.high - 1
        return self.low + 1 if math.isinf(self.high) else (self.low + self.high) / 2


def find_plateaus(
    evaluate: Pointwise, points: tuple[np.ndarray, ...], breaks: tuple[Break, ...], size: float
) -> tuple[Plateau, ...]:
    """The intervals on which f' is 0, from left to right.

    tanh rounds to 1 beyond 20, and its slope to 0, but next to that region the slope is still tiny; next to
    a plateau it is not.

    Args:
        evaluate: Computes f and f'.
        points: x in increasing order, f and f' there.
        breaks: Where f, f' or f'' jumps.
        size: How large f' ordinarily is.
    """
    x, y, slope = points
    joints = np.array([b.at for b in breaks])
    jumps = {b.at for b in breaks if b.order < BEND}
    flat = slope == 0
    together = flat[1:] & flat[:-1] & (y[1:] == y[:-1])
    starts = np.flatnonzero(together & ~np.concatenate([[False], together[:-1]]))
    stops = np.flatnonzero(together & ~np.concatenate([together[1:], [False]])) + 1
    found = []
    for i, j in zip(starts.tolist(), stops.tolist(), strict=True):
        wide = x[j] - x[i] > 1e-3 * (1 + min(abs(x[i]), abs(x[j])))
        if not wide:
            continue
        low = -math.inf if i == 0 else _edge(joints, x[i - 1], x[i])
        high = math.inf if j == x.size - 1 else _edge(joints, x[j], x[j + 1])
        ends = [(end, outwards) for end, outwards in ((low, -1), (high, 1)) if math.isfinite(end)]
        if all(end in jumps or _abrupt(evaluate, end, outwards, size) for end, outwards in ends):
            found.append(Plateau(low, high, float(y[i])))
    return tuple(found)


def _edge(joints: np.ndarray, a: float, b: float) -> float:
    """The end of a plateau between two points: the break there, if there is one."""
    inside = joints[(joints >= a) & (joints <= b)] if joints.size else joints
    return float(inside[0]) if inside.size else float(min(a, b, key=abs))


def _abrupt(evaluate: Pointwise, end: float, outwards: int, size: float) -> bool:
    """Whether the slope is no longer tiny a little outside of a plateau's end."""
    beyond = end + outwards * (1 + abs(end)) / 16
    slope = evaluate(np.array([beyond]))[1, 0]
    return bool(abs(slope) > np.sqrt(float(jnp.finfo(evaluate.dtype).eps)) * size)
