"""Whether the slope that JAX takes is the slope of the function: `jax.grad` against differences."""

import dataclasses

import jax.numpy as jnp
import numpy as np

from jaxact.properties.survey import Survey, nearest_zero

_CHECKED = 64
"""Points with the largest suspicion that are looked at again with one-sided differences."""


@dataclasses.dataclass(frozen=True, slots=True)
class Disagreement:
    """A point where the slope JAX takes is not the slope of f.

    Attributes:
        at: The point.
        taken: The slope JAX takes.
        difference: The difference quotient there.
    """

    at: float
    taken: float
    difference: float


def disagreement(survey: Survey) -> Disagreement | None:
    """The point where slope and difference quotient disagree most, None where they agree.

    On short intervals without a break the change of f is compared with the trapezoid of f'. Where it does
    not fit, one-sided difference quotients on both sides decide.
    """
    x, y, slope, _ = survey.curve
    breaks = np.array([b.at for b in survey.breaks])
    h = np.diff(x)
    broken = np.zeros(h.size, bool)
    if breaks.size:
        index = np.searchsorted(breaks, x[:-1])
        following = np.append(breaks, np.inf)[index]
        broken = following <= x[1:]
    with np.errstate(all="ignore"):
        off = np.abs(np.diff(y) / h - (slope[1:] + slope[:-1]) / 2)
        noise = 64 * survey.precision * np.maximum(np.abs(y[1:]), survey.size[0]) / h
        scale = np.abs(slope[1:]) + np.abs(slope[:-1]) + survey.size[1]
        share = np.where(broken | (h > 1) | (off < noise), 0, off / scale)
    candidates = np.argsort(share)[-_CHECKED:]
    candidates = candidates[share[candidates] > np.sqrt(survey.precision)]
    return _worst(survey, (x[candidates] + x[candidates + 1]) / 2) if candidates.size else None


def _worst(survey: Survey, x: np.ndarray) -> Disagreement | None:
    evaluate = survey.subject.precise
    step = np.cbrt(survey.precision)
    h = step * np.maximum(np.abs(x), 2.0**-6)
    before, here, after = (evaluate(x + k * h) for k in (-1, 0, 1))
    taken = here[1]
    with np.errstate(all="ignore"):
        left, right = (here[0] - before[0]) / h, (after[0] - here[0]) / h
        nearest = np.where(np.abs(left - taken) < np.abs(right - taken), left, right)
        error = np.abs(nearest - taken)
    noise = 64 * survey.precision * (np.abs(here[0]) + survey.size[0]) / h
    bend = np.maximum(np.abs(after[1] - taken), np.abs(taken - before[1]))
    allowed = noise + bend + 16 * step * (np.abs(taken) + survey.size[1])
    wrong = np.flatnonzero(error > allowed)
    if not wrong.size:
        return None
    i = wrong[np.argmax(error[wrong] / allowed[wrong])]
    return Disagreement(float(x[i]), float(taken[i]), float(nearest[i]))


def not_finite(survey: Survey) -> tuple[float, str] | None:
    """The input nearest to 0 where value or slope are NaN, or infinite though the mathematics fits the dtype.

    Returns:
        The input, and what was seen there; None where all is finite.
    """
    largest = float(jnp.finfo(survey.subject.dtype).max)
    x, near = survey.grid, np.argsort(np.abs(survey.grid))
    for computed, real, what in zip(survey.computed, survey.reference[:2], ("f", "f'"), strict=True):
        fits = np.isfinite(real) & (np.abs(real) <= largest)
        lost = np.isinf(computed) & (fits | _isolated(x, computed))
        bad = np.isnan(computed) | lost
        if bad.any():
            i = near[bad[near]][0]
            return float(x[i]), f"{what} is {computed[i]:g} at {x[i]:.9g}"
    return None


def pole(survey: Survey, order: int) -> float | None:
    """The point nearest to 0 where f (f', for order 1) is infinite between finite values, or None."""
    values = survey.reference[order]
    points = survey.grid[np.isinf(values) & _isolated(survey.grid, values)]
    return nearest_zero(points) if points.size else None


def _isolated(x: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Infinities beyond which, away from 0, the values are finite again."""
    finite = x[np.isfinite(values)]
    if not finite.size:
        return np.zeros(x.size, bool)
    return (x >= finite.min()) & (x <= finite.max())
