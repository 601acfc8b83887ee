"""The shape of f beside the nine criteria: Lipschitz constant, convexity, parity."""

import math

import numpy as np

from jaxact.properties.breaks import JUMP
from jaxact.properties.evidence import Claim, Verdict, refuted, undecided
from jaxact.properties.gradient import pole
from jaxact.properties.survey import PLOTTED, Survey, simplest


def shape(survey: Survey) -> Verdict:
    """Reports the steepest slope, whether the slope is monotonic, and whether f is odd or even."""
    constant, at = _steepest(survey)
    odd, even = _mirror(survey, "odd", -1), _mirror(survey, "even", 1)
    convex, concave = _bent(survey, "convex", 1), _bent(survey, "concave", -1)
    known = [claim.name for claim in (convex, concave, odd, even) if claim.holds]
    finding = ", ".join(
        [f"steepest slope {constant:.6g}" if constant < math.inf else "not Lipschitz", *known]
    )
    figures = {"Lipschitz constant": constant, "steepest at": at}
    return Verdict("shape", finding, (*_lipschitz(survey, constant, at), convex, concave, odd, even), figures)


def _steepest(survey: Survey) -> tuple[float, float]:
    """The Lipschitz constant and a point that shows it."""
    jumps = [b.at for b in survey.breaks if b.order == JUMP]
    upright = pole(survey, 1)
    if jumps or upright is not None:
        return math.inf, upright if upright is not None else min(jumps, key=abs)
    x, y, slope, _ = survey.curve
    h = np.maximum(np.diff(x, prepend=-np.inf), np.diff(x, append=np.inf))
    with np.errstate(all="ignore"):
        shown = 64 * survey.precision * np.abs(y) <= h * np.abs(slope)  # f itself moves that much
    size = np.where(shown, np.abs(slope), 0.0)
    for limit, end in zip(survey.limits(1), (-1.0, 1.0), strict=True):
        if math.isinf(limit):
            return math.inf, end * 1e6
    top = float(size.max())
    steep = x[size >= top - survey.noise(top, order=1)]
    return top, float(steep[simplest(steep)])


def _lipschitz(survey: Survey, constant: float, at: float) -> tuple[Claim, Claim]:
    slope = abs(survey.at(at)[1])
    if math.isinf(constant):
        jump = any(b.at == at and b.order == JUMP for b in survey.breaks)
        reason = f"f jumps at {at:.6g}" if jump else f"f' is {slope:.5g} at {at:.9g} and has no bound"
        return refuted("lipschitz", reason, at), refuted("non_expansive", reason, at)
    reason = f"|f'| is at most {constant:.6g}, at {at:.6g}"
    steep = constant > 1 + survey.noise(1.0, order=1)
    return (
        survey.sampled("lipschitz", reason, at),
        refuted("non_expansive", reason, at) if steep else survey.sampled("non_expansive", reason, at),
    )


def _bent(survey: Survey, name: str, sign: int) -> Claim:
    """Whether the slope never falls (never rises, for sign -1)."""
    jumps = [b for b in survey.breaks if b.order == JUMP]
    if jumps:
        at = min((b.at for b in jumps), key=abs)
        return refuted(name, f"f jumps at {at:.6g}", at)
    x, slope = survey.curve.x, survey.curve.slope
    found = survey.deepest_fall(sign * slope, 1)
    if found is None:
        return survey.seen(name, f"f' never {'falls' if sign > 0 else 'rises'} beyond rounding")
    i, j, _ = found
    seen = f"f' is {slope[i]:.5g} at {x[i]:.5g} and {slope[j]:.5g} at {x[j]:.5g}"
    return refuted(name, seen, x[i], x[j])


def _mirror(survey: Survey, name: str, sign: int) -> Claim:
    """Whether f(-x) is f(x) (is -f(x), for sign -1)."""
    grid, y = survey.grid, survey.reference[0]
    here, there = y[grid > 0], y[grid < 0][::-1]
    x = grid[grid > 0]
    if here.shape != there.shape:
        return undecided(name, f"{survey.subject.dtype} has no negative numbers")
    both = np.isfinite(here) & np.isfinite(there)
    if sign < 0 and survey.at(0.0)[0] != 0 and not any(b.at == 0 for b in survey.breaks):
        return refuted(name, f"f(0) = {survey.at(0.0)[0]:.5g}", 0.0)
    x, here, there = x[both], here[both], there[both]
    off = np.abs(here - sign * there) - survey.blur(here)
    near = np.where(x <= PLOTTED, off, 0)
    off = near if (near > 0).any() else off
    i = int(np.argmax(off))
    if off[i] <= 0:
        return survey.seen(name, f"f(-x) = {'' if sign > 0 else '-'}f(x) at every point seen")
    return refuted(name, f"f({x[i]:.5g}) = {here[i]:.5g}, f({-x[i]:.5g}) = {there[i]:.5g}", x[i], -x[i])
