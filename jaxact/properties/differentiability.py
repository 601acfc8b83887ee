"""Criterion 2, differentiability: where f breaks, what JAX does there, and whether its slopes are right."""

from collections.abc import Sequence

import numpy as np

from jaxact.properties.breaks import BEND, JUMP, KINK, Break
from jaxact.properties.evidence import Claim, Verdict, refuted, undecided
from jaxact.properties.gradient import disagreement, not_finite, pole
from jaxact.properties.survey import Survey, nearest_zero

_SHOWN = 8


def differentiability(survey: Survey) -> Verdict:
    """Reports jumps, kinks and bends, the slopes beside them and the slope JAX takes, and wrong slopes."""
    jumps, kinks, bends = ([b for b in survey.breaks if b.order == k] for k in (JUMP, KINK, BEND))
    claims = (
        _without(survey, "differentiable", sorted(jumps + kinks, key=lambda b: abs(b.at))),
        _without(survey, "continuous", jumps),
        _without(survey, "smooth", [*jumps, *kinks, *bends]),
        _finite(survey),
        _correct(survey),
    )
    level = "no class" if jumps else "C0" if kinks else "C1" if bends else "C2 or smoother"
    wrong = [claim.reason for claim in claims[3:] if claim.holds is False]
    shown = sorted(survey.breaks, key=lambda b: abs(b.at))[:_SHOWN]
    taken = _taken(survey, shown)
    seen = [describe(b, slope) for b, slope in zip(shown, taken, strict=True)]
    figures = {
        "smoothness": level,
        "breaks": len(survey.breaks),
        "at": [b.at for b in shown],
        "order": [b.order for b in shown],
        "slope to the left": [b.left[1] for b in shown],
        "slope to the right": [b.right[1] for b in shown],
        "slope taken": taken,
    }
    finding = "; ".join([*(seen or ["no jump of f, f' or f'' seen"]), *wrong])
    return Verdict("differentiability", finding, claims, figures)


def describe(b: Break, taken: float) -> str:
    """A break in words."""
    if b.order == JUMP:
        what = f"jump at {b.at:.9g} from {b.left[0]:.5g} to {b.right[0]:.5g}"
    elif b.order == BEND:
        return f"f'' jumps at {b.at:.9g} from {b.left[2]:.5g} to {b.right[2]:.5g}"
    else:
        what = f"kink at {b.at:.9g}, slope {b.left[1]:.5g} to {b.right[1]:.5g}"
    return f"{what}, JAX takes {taken:.5g}"


def _taken(survey: Survey, breaks: Sequence[Break]) -> list[float]:
    if not breaks:
        return []
    return survey.subject.trained(np.array([b.at for b in breaks]))[1].tolist()


def _without(survey: Survey, name: str, breaks: Sequence[Break]) -> Claim:
    if breaks:
        first = min(breaks, key=lambda b: (b.order, abs(b.at)))
        k, mark = first.order, "f" + "'" * first.order
        return refuted(name, f"{mark} jumps from {first.left[k]:.5g} to {first.right[k]:.5g}", first.at)
    if survey.precision > 1e-6:
        return undecided(name, f"{survey.subject.precise.dtype} is too coarse to tell a kink from rounding")
    for order, mark in enumerate(("f", "f'") if name != "continuous" else ("f",)):
        at = pole(survey, order)
        if at is not None:
            return refuted(name, f"{mark} is infinite at {at:.9g}", at)
    unknown = survey.grid[np.isnan(survey.reference[1])]
    if unknown.size and name != "continuous":
        at = nearest_zero(unknown)
        return undecided(name, f"f' is NaN at {at:.9g}", at)
    return survey.sampled(name, "no jump was seen")


def _finite(survey: Survey) -> Claim:
    lost = not_finite(survey)
    if lost is not None:
        return refuted("finite", lost[1], lost[0])
    return survey.seen("finite", "f and f' are finite at every point seen where they fit the dtype")


def _correct(survey: Survey) -> Claim:
    if survey.precision > 1e-6:
        return undecided("correct_gradient", f"{survey.subject.precise.dtype} is too coarse for differences")
    wrong = disagreement(survey)
    if wrong is None:
        return survey.sampled("correct_gradient", "jax.grad agrees with differences")
    seen = f"jax.grad gives {wrong.taken:.5g} at {wrong.at:.5g}, differences give {wrong.difference:.5g}"
    return refuted("correct_gradient", seen, wrong.at)
