"""Where a function of a positive number changes its sign, by a scan and bisection."""

import math
from collections.abc import Callable

import numpy as np

LOW, HIGH = 1e-6, 1e4
"""Between which variances fixed points are looked for."""


def log_ratio(ratio: float) -> float:
    """The logarithm of what may be 0, infinite or no number, which is as good as infinite."""
    if 0 < ratio < math.inf:
        return math.log(ratio)
    return -math.inf if ratio == 0 else math.inf


def vanishes(f: Callable[[float], float], blur: float) -> bool:
    """Whether a function of a positive number is 0, by a few of its values."""
    return max(abs(f(number)) for number in (1e-2, 0.3, 1.0, 7.0, 1e2)) < blur


def crossings(
    f: Callable[[float], float], *, low: float, high: float, per_decade: int, blur: float
) -> tuple[float, ...]:
    """Every number between two at which a scan shows that a function changes its sign.

    The scan sees a crossing, not a touching.

    Args:
        f: The function; where it is infinite nothing is crossed.
        low: Least number, positive.
        high: Largest number.
        per_decade: Points of the scan in every factor of 10.
        blur: What rounding may make of 0.
    """
    scan = np.geomspace(low, high, per_decade * round(math.log10(high / low)) + 1)
    values = np.array([f(number) for number in scan])
    signs = np.sign(np.where(np.abs(values) < blur, 0.0, values))
    found = []
    for i, sign in enumerate(signs[:-1]):
        after = i + 1 if signs[i + 1] else min(i + 2, signs.size - 1)  # a crossing on the scan itself
        bounded = max(values[i], values[after]) < math.inf
        if sign * signs[after] < 0 and bounded:
            found.append(_crossing(f, scan[i], scan[after]))
    return tuple(found)


def _crossing(f: Callable[[float], float], low: float, high: float) -> float:
    """The number between two at which a function changes its sign, on a logarithmic scale.

    By false position, halving the value at an end that stays (the Illinois rule), or by bisection from an
    infinite value.
    """
    behind, at = math.log(low), math.log(high)
    before, value = f(low), f(high)
    for _ in range(_STEPS):
        finite = math.isfinite(before) and math.isfinite(value)
        following = at - value * (at - behind) / (value - before) if finite else (at + behind) / 2
        found = f(math.exp(following))
        if found == 0 or abs(following - at) < _NEAR:
            return math.exp(following)
        behind, before = (at, value) if found * value < 0 else (behind, before / 2)
        at, value = following, found
    return math.exp(at)


_STEPS, _NEAR = 100, 1e-14
