"""Criterion 4, saturation: where gradients vanish."""

import math

from jaxact.properties.evidence import Claim, Verdict, refuted
from jaxact.properties.survey import Survey

_SHOWN = 8


def saturation(survey: Survey) -> Verdict:
    """Reports the limits of f', hard or soft saturation for each side, and intervals of zero slope."""
    limits, dead = survey.limits(1), survey.plateaus
    left = _kind(limits.left, hard=any(p.low == -math.inf for p in dead))
    right = _kind(limits.right, hard=any(p.high == math.inf for p in dead))
    finding = f"{left} on both sides" if left == right else f"{left} on the left, {right} on the right"
    if dead:
        finding += "; dead on " + ", ".join(f"({p.low:.5g}, {p.high:.5g})" for p in dead[:3])
        finding += " and more" if len(dead) > 3 else ""
    figures = {
        "E f'(z)^2": survey.moments.slope_squared,
        "slope at -inf": limits.left,
        "slope at inf": limits.right,
        "left": left,
        "right": right,
        "dead intervals": [(p.low, p.high) for p in dead[:_SHOWN]],
    }
    return Verdict("saturation", finding, (_non_saturating(survey), _alive(survey)), figures)


def _kind(limit: float, *, hard: bool) -> str:
    if limit == 0:
        return "hard saturation" if hard else "soft saturation"
    return "no saturation"


def _non_saturating(survey: Survey) -> Claim:
    far = 1e6
    for limit, x in zip(survey.limits(1), (-far, far), strict=True):
        if limit == 0:
            slope = survey.at(x)[1]
            return survey.sampled("non_saturating", f"f' is {slope:.3g} at {x:.9g}", x, holds=False)
    return survey.sampled("non_saturating", "f' tends to 0 at neither end")


def _alive(survey: Survey) -> Claim:
    if not survey.plateaus:
        return survey.sampled("alive", "f' is 0 on no interval seen")
    first = max(survey.plateaus, key=lambda p: p.high - p.low)
    return refuted("alive", f"f' is 0 on ({first.low:.5g}, {first.high:.5g})", first.inside)
