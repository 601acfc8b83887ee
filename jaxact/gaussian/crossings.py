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

    Where the function comes nearer to 0 and goes away again, its extremum is looked for, so that two
    crossings between points of the scan are seen. A touching is not.

    Args:
        f: The function; where it is infinite nothing is crossed.
        low: Least number, positive.
        high: Largest number.
        per_decade: Points of the scan in every factor of 10.
        blur: What rounding may make of 0.
    """
    scan = np.geomspace(low, high, per_decade * round(math.log10(high / low)) + 1)
    values = np.array([f(number) for number in scan])
    scan, values = _with_dips(f, scan, values, blur)
    signs = _signs(values, blur)
    found = []
    for i, sign in enumerate(signs[:-1]):
        after = i + 1 if signs[i + 1] else min(i + 2, signs.size - 1)  # a crossing on the scan itself
        bounded = max(values[i], values[after]) < math.inf
        if sign * signs[after] < 0 and bounded:
            found.append(_crossing(f, scan[i], scan[after]))
    return tuple(found)


def _signs(values: np.ndarray, blur: float) -> np.ndarray:
    return np.sign(np.where(np.abs(values) < blur, 0.0, values))


def _with_dips(
    f: Callable[[float], float], scan: np.ndarray, values: np.ndarray, blur: float
) -> tuple[np.ndarray, np.ndarray]:
    """The scan with a point more wherever the function changes its sign twice between points."""
    found = {}
    for i in range(1, scan.size - 1):
        if not np.isfinite(values[i - 1 : i + 2]).all():
            continue
        sign = np.sign(values[i - 1])
        before, here, after = sign * values[i - 1 : i + 2]
        if not -blur < here < min(before, after) or min(before, after) < blur:
            continue
        bend = before - 2 * here + after
        if here - (before - after) ** 2 / (8 * bend) < here / 2:  # the bottom of the parabola through them
            at, value = _lowest(lambda number, sign=sign: sign * f(number), scan[i - 1], scan[i + 1], blur)
            if value < -blur:
                found[at] = sign * value
    order = np.argsort(np.append(scan, list(found)))
    return np.append(scan, list(found))[order], np.append(values, list(found.values()))[order]


def _lowest(f: Callable[[float], float], low: float, high: float, blur: float) -> tuple[float, float]:
    """Where a function is lowest between two numbers, by golden section; it stops at what is negative."""
    left, right = math.log(low), math.log(high)
    value, at = math.inf, left
    for _ in range(_SECTIONS):
        step = _GOLDEN * (right - left)
        tried = [(f(math.exp(at)), at) for at in (right - step, left + step)]
        value, at = min(tried)
        if value < -blur:
            break
        left, right = (left, tried[1][1]) if at == tried[0][1] else (tried[0][1], right)
    return math.exp(at), value


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
_GOLDEN, _SECTIONS = (math.sqrt(5) - 1) / 2, 24
