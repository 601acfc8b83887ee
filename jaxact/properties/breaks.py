"""Where a function breaks: jumps of f, f' and f'', closed in to neighbouring floats.

On an interval without a break, the change of f is nearly the integral of f', and the more nearly the shorter
the interval. Intervals where it is not are bisected down to two neighbouring floats; what remains then is a
break, unless a look from further away takes it back as rounding noise.
"""

import dataclasses
from typing import Any

import jax.numpy as jnp
import numpy as np

from jaxact.gaussian import Pointwise

JUMP, KINK, BEND = range(3)
"""The order of a break: the lowest derivative that jumps."""

_SUSPECTS, _CLOSED_IN = 4096, 256
"""Intervals that are halved a few times, and those of them that are closed in, for each order."""

_UNKNOWN = 16
"""Points without a finite value or slope that are looked at, as cusps hide behind them."""


Ends = tuple[np.ndarray, np.ndarray]
"""Points, and f, f' and f'' there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Break:
    """A point where f, f' or f'' jumps.

    Attributes:
        at: The point.
        order: `JUMP`, `KINK` or `BEND`: the lowest derivative that jumps.
        left: f, f' and f'' just to the left of it.
        right: The same just to the right.
    """

    at: float
    order: int
    left: tuple[float, ...]
    right: tuple[float, ...]


def find_breaks(evaluate: Pointwise, x: np.ndarray, rows: np.ndarray) -> tuple[Break, ...]:
    """The breaks that points of a grid give away, from left to right.

    Args:
        evaluate: Computes f, f' and f'' in float32 or float64; narrower dtypes show no breaks.
        x: Points in increasing order.
        rows: f, f' and f'' there, shape `(3, n)`.
    """
    if jnp.finfo(evaluate.dtype).bits < 32:
        return ()
    precision = float(jnp.finfo(evaluate.dtype).eps)
    least = 4 * np.sqrt(precision)
    near = np.abs(x) <= min(2.0**20, 2.0**-10 / precision)
    x, rows = x[near], rows[:, near]
    size = sizes(x, rows)
    with np.errstate(all="ignore"):
        ends = ((x[:-1], rows[:, :-1]), (x[1:], rows[:, 1:]))
        weight = _weights(*ends, size, least)
        order, start = np.nonzero(weight >= np.maximum(_nth_largest(weight, _SUSPECTS), 1e-300))
        low, high = _close_in(evaluate, x[start], x[start + 1], order, halvings=6)
        ends = ((low, evaluate(low)), (high, evaluate(high)))
        weight = _weights(*ends, size, least)[order, np.arange(low.size)]
        few = np.concatenate([_strongest(np.flatnonzero(order == k), weight) for k in (JUMP, KINK, BEND)])
        low, high = _close_in(evaluate, low[few], high[few], order[few], halvings=64)
        closed = [_simplest(*pair, evaluate.dtype) for pair in zip(low, high, strict=True)]
        unknown = x[~np.isfinite(rows[:2]).all(axis=0)]
        unknown = unknown[np.argsort(np.abs(unknown))][:_UNKNOWN]
        places = np.unique([*closed, *unknown])
        return _confirmed(evaluate, places, size, least) if places.size else ()


def sizes(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How large f, f' and f'' ordinarily are, shape `(3, 1)`."""
    middle = (np.abs(x) > 2.0**-6) & (np.abs(x) <= 4)
    ordinary = np.where(np.isfinite(rows[:, middle]), np.abs(rows[:, middle]), 0)
    if not ordinary.size:
        return np.ones((len(rows), 1))
    return np.quantile(ordinary, 0.9, axis=1)[:, None] + 1e-30


def neighbour(x: np.ndarray, steps: int, dtype: Any) -> np.ndarray:
    """The float that many steps above (below, where negative); subnormals are passed over."""
    return _floats(_ordinals(x, dtype) + steps, dtype)


def _gaps(a: np.ndarray, at_a: np.ndarray, b: np.ndarray, at_b: np.ndarray) -> np.ndarray:
    """What the next derivative leaves unexplained of the change of f, f' and f'' between a and b."""
    change = at_b - at_a
    change[:2] -= np.nan_to_num(at_a + at_b, nan=0.0)[1:] * (b - a) / 2
    return np.nan_to_num(np.abs(change), nan=0.0, posinf=0.0)


def _weights(left: Ends, right: Ends, size: np.ndarray, least: float) -> np.ndarray:
    """How suspicious intervals are, for each order: large gaps, and near 0; 0 where rounding explains it."""
    (a, at_a), (b, at_b) = left, right
    share = _gaps(a, at_a, b, at_b) / (np.abs(at_a) + np.abs(at_b) + size)
    return np.where(share > least, share / (1 + np.abs(b)), 0)


def _nth_largest(weight: np.ndarray, count: int) -> np.ndarray:
    kept = min(count, weight.shape[1])
    return np.partition(weight, weight.shape[1] - kept, axis=1)[:, -kept:][:, :1]


def _strongest(indices: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Those with the largest weights, none of weight 0."""
    best = indices[np.argsort(-weight[indices], kind="stable")][:_CLOSED_IN]
    return best[weight[best] > 0]


def _close_in(
    evaluate: Pointwise, low: np.ndarray, high: np.ndarray, order: np.ndarray, halvings: int
) -> tuple[np.ndarray, np.ndarray]:
    """Halves intervals, keeping the half with the larger gap, at most down to neighbouring floats."""
    dtype, each = evaluate.dtype, np.arange(low.size)
    a, b = _ordinals(low, dtype), _ordinals(high, dtype)
    at_a, at_b = evaluate(low), evaluate(high)
    for _ in range(halvings):
        if not (b - a > 1).any():
            break
        middle = a + (b - a) // 2  # the sum would overflow
        at_middle = evaluate(_floats(middle, dtype))
        xa, xm, xb = (_floats(n, dtype) for n in (a, middle, b))
        left = _gaps(xa, at_a, xm, at_middle)[order, each] >= _gaps(xm, at_middle, xb, at_b)[order, each]
        a, at_a = np.where(left, a, middle), np.where(left, at_a, at_middle)
        b, at_b = np.where(left, middle, b), np.where(left, at_middle, at_b)
    return _floats(a, dtype), _floats(b, dtype)


def _confirmed(evaluate: Pointwise, places: np.ndarray, size: np.ndarray, least: float) -> tuple[Break, ...]:
    """The places where f, f' or f'' jumps both between neighbours and seen from a little further away."""
    dtype = evaluate.dtype
    h = np.cbrt(float(jnp.finfo(dtype).eps)) * np.maximum(1, np.abs(places))
    at, left, right = (evaluate(neighbour(places, steps, dtype)) for steps in (0, -4, 4))
    beside = [places + h * k for k in (-2, -1, 1, 2)]
    far = [evaluate(x) for x in beside]
    from_left, from_right = 2 * far[1] - far[0], 2 * far[2] - far[3]
    left, right = (np.where(_lost(a), b, a) for a, b in ((left, from_left), (right, from_right)))
    close, distant = np.abs(right - left), np.abs(from_right - from_left)
    alone = [np.abs(2 * at[0] - a[0] - b[0]) / 2 for a, b in ((left, right), (from_left, from_right))]
    close[0], distant[0] = np.fmax(close[0], alone[0]), np.fmax(distant[0], alone[1])
    unsteady = [_gaps(beside[k], far[k], beside[k + 1], far[k + 1]) for k in (0, 2)]
    scale = np.abs(left) + np.abs(right) + size
    jumps = (close > least * scale) & (distant > least * scale) & (close > distant / 2)
    jumps &= np.maximum(*unsteady) < 0.3 * distant
    jumps &= np.isfinite(left[0]) & np.isfinite(right[0])
    found: list[Break] = []
    for i in np.flatnonzero(jumps.any(axis=0)):
        order = int(np.argmax(jumps[:, i]))
        new = Break(float(places[i]), order, tuple(left[:, i].tolist()), tuple(right[:, i].tolist()))
        if found and new.at - found[-1].at <= 64 * np.spacing(max(abs(new.at), 1e-290)):
            if new.order < found[-1].order:
                found[-1] = new
        else:
            found.append(new)
    return tuple(found)


def _lost(rows: np.ndarray) -> np.ndarray:
    """Where f, f' or f'' was lost to an underflow next to a cusp; an infinite f is a pole, and stays."""
    lost = ~np.isfinite(rows)
    lost[0] = np.isnan(rows[0])
    return lost


def _simplest(low: float, high: float, dtype: Any) -> float:
    """Of two neighbours the one that is written shorter: thresholds are round numbers."""
    kind = np.dtype(dtype).type
    return float(min(low, high, key=lambda x: len(str(kind(x)))))


def _ordinals(x: np.ndarray, dtype: Any) -> np.ndarray:
    """Numbers the floats, 0 for 0, so that neighbours differ by 1; subnormals, which XLA flushes, are 0."""
    kind = np.dtype(dtype)
    bits = np.abs(x).astype(kind).view(f"i{kind.itemsize}").astype(np.int64)
    return np.sign(x).astype(np.int64) * np.maximum(bits - _before_normal(kind), 0)


def _floats(ordinals: np.ndarray, dtype: Any) -> np.ndarray:
    """The floats with these numbers, as float64."""
    kind = np.dtype(dtype)
    bits = np.where(ordinals == 0, 0, np.abs(ordinals) + _before_normal(kind))
    return np.sign(ordinals) * bits.astype(f"i{kind.itemsize}").view(kind).astype(np.float64)


def _before_normal(kind: np.dtype) -> int:
    """The bit pattern below that of the smallest normal number."""
    return int(np.asarray(np.finfo(kind).smallest_normal).view(f"i{kind.itemsize}")) - 1
