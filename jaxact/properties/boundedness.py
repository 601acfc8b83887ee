"""Criterion 6, boundedness: infimum and supremum, and where they are attained."""

import math

import numpy as np

from jaxact.properties.evidence import Claim, Verdict
from jaxact.properties.gradient import pole
from jaxact.properties.survey import Survey, simplest


def boundedness(survey: Survey) -> Verdict:
    """Compares the extrema on the grid with the limits at both ends."""
    low, low_at, low_where = _extreme(survey, -1)
    high, high_at, high_where = _extreme(survey, 1)
    below = _claim(survey, "bounded_below", low, low_at, low_where)
    above = _claim(survey, "bounded_above", high, high_at, high_where)
    both = next((c for c in (below, above) if not c.holds), above)
    bounded = survey.sampled("bounded", both.reason, *both.witness, holds=bool(below.holds and above.holds))
    finding = f"{_end(low, low_where, 'below')}, {_end(high, high_where, 'above')}"
    finding = "unbounded on both sides" if math.isinf(low) and math.isinf(high) else finding
    figures = {
        "infimum": low,
        "supremum": high,
        "infimum attained": low_where,
        "supremum attained": high_where,
    }
    return Verdict("boundedness", finding, (bounded, below, above), figures)


def _extreme(survey: Survey, sign: int) -> tuple[float, float, str]:
    """The supremum (infimum, for sign -1), a point that shows it, and where it is attained."""
    x = np.concatenate([survey.curve.x, survey.grid])
    y = sign * np.concatenate([survey.curve.y, survey.reference[0]])  # where f' is not finite, f may be
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    at = pole(survey, 0)
    if at is not None:
        i = int(np.searchsorted(survey.grid, at))
        around = sign * survey.reference[0, max(0, i - 1) : i + 2]
        if np.nanmax(around) > 1e6 * survey.size[0]:
            return sign * math.inf, at, f"at {at:.6g}"
    for end, growth in zip((-math.inf, math.inf), survey.envelope(sign), strict=True):
        if sign * growth == math.inf:
            return sign * math.inf, math.copysign(float(np.abs(x).max()), end), f"towards {end:g}"
    top = float(y.max())
    at_top = x[y >= top - survey.noise(top)]
    limits = survey.limits(0)
    for end, value in zip((-math.inf, math.inf), limits, strict=True):
        held = any(math.inf in (abs(p.low), abs(p.high)) and end in (p.low, p.high) for p in survey.plateaus)
        reaches = sign * value >= top - survey.noise(top)
        if reaches and not held and not _inside(survey, at_top, end):
            return float(value), math.copysign(1e6, end), f"approached at {end:g}"
    for p in survey.plateaus:
        if abs(p.value - sign * top) <= survey.noise(top):
            return sign * top + 0.0, p.inside, f"on ({p.low:.6g}, {p.high:.6g})"
    at = float(at_top[simplest(at_top)])
    return sign * top + 0.0, at, f"at {at:.6g}"


def _inside(survey: Survey, at_top: np.ndarray, end: float) -> bool:
    """Whether an extremum is attained elsewhere than in a tail that rounds to its limit."""
    x, y = survey.curve[:2]
    inward = at_top.max() if end < 0 else at_top.min()
    tail = (x <= inward) if end < 0 else (x >= inward)
    return bool(np.ptp(y[tail]) > 2 * survey.blur(y[tail]).max())


def _claim(survey: Survey, name: str, bound: float, at: float, where: str) -> Claim:
    if math.isinf(bound):
        reason = f"f({at:.5g}) = {survey.at(at)[0]:.5g} and no end in sight"
        return survey.sampled(name, reason, at, holds=False)
    return survey.sampled(name, f"the bound {bound:.6g} is {where}", at)


def _end(bound: float, where: str, side: str) -> str:
    if math.isinf(bound):
        return f"unbounded {side}"
    return f"{side} by {bound:.6g} ({where})"
