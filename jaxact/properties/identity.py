"""Criterion 7, nearness to the identity: how f passes a small signal on."""

import numpy as np

from jaxact.properties.evidence import Claim, Verdict, refuted
from jaxact.properties.survey import Survey

_ORIGIN = np.zeros(1)


def identity(survey: Survey) -> Verdict:
    """Reports f(0), f'(0), the distance from the identity under N(0, 1) and the asymptotic slopes."""
    value, slope = survey.at(0.0)
    taken = float(survey.subject.trained(_ORIGIN)[1][0])
    ends = survey.asymptotes
    distance = survey.moments.identity_distance
    seen = f"f(0) = {value:.5g} and f'(0) = {taken:.5g}"
    zero = _near(survey, value, 0.0)
    passes = zero and _near(survey, slope, 1.0) and not any(b.at == 0 for b in survey.kinks)
    claims = (
        _claim(survey, "identity_at_zero", seen, holds=passes),
        _claim(survey, "zero_at_zero", f"f(0) = {value:.5g}", holds=zero),
    )
    figures = {
        "E (f(z) - z)^2": distance,
        "f(0)": value,
        "f'(0)": taken,
        "f(x) / x at -inf": ends.left,
        "f(x) / x at inf": ends.right,
    }
    return Verdict("identity", seen, claims, figures)


def _near(survey: Survey, value: float, target: float) -> bool:
    return abs(value - target) <= survey.noise(target)


def _claim(survey: Survey, name: str, reason: str, *, holds: bool) -> Claim:
    """One point is looked at, and decides."""
    return survey.seen(name, reason, 0.0) if holds else refuted(name, reason, 0.0)
