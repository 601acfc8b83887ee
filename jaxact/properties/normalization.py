"""Criterion 9, normalization: what f does to mean and variance, layer after layer.

References:
    Klambauer et al. 2017, Self-Normalizing Neural Networks, arXiv 1706.02515.
"""

import dataclasses

from jaxact.gaussian import FixedPoint
from jaxact.properties.evidence import Verdict
from jaxact.properties.survey import Survey


def normalization(survey: Survey) -> Verdict:
    """Reports the moments of f(z) for z ~ N(0, 1), and the fixed points of the map of mean and variance."""
    moments, layer = survey.moments, survey.moment_map
    neutral = layer.neutral()
    rests = () if neutral else tuple(_rounded(survey, rest) for rest in layer.fixed_points())
    drawn = [rest for rest in rests if rest.attracting]
    if drawn:
        finding = f"self-normalizing: drawn to {_say(drawn[0])}"
        reason = f"the Jacobian's spectral radius is {drawn[0].spectral_radius:.5g} there"
    elif neutral:
        finding, reason = "keeps the variance, whatever it is", "every variance is kept, none attracts"
    elif rests:
        finding = f"not self-normalizing: {_say(rests[0])} repels"
        reason = f"the Jacobian's spectral radius is {rests[0].spectral_radius:.5g} there"
    else:
        after = layer(0.0, 1.0)[1]
        way = "shrinks" if after < 1 else "grows"
        finding = f"not self-normalizing: the variance {way} from layer to layer"
        reason = "no variance between 1e-6 and 1e4 is kept"
    witness = [(drawn or rests)[0].mean, (drawn or rests)[0].variance] if rests else []
    centred = abs(moments.mean) <= 1e3 * survey.precision * max(1.0, moments.second)
    claims = (
        survey.sampled("self_normalizing", reason, *witness, holds=bool(drawn)),
        survey.sampled("zero_mean", f"E f(z) = {moments.mean:.5g}", holds=centred),
    )
    figures = {
        "Var f(z)": moments.variance,
        "E f(z)": moments.mean,
        "E f(z)^2": moments.second,
        "fixed points": [(rest.mean, rest.variance, rest.spectral_radius) for rest in rests],
    }
    return Verdict("normalization", finding, claims, figures)


def _rounded(survey: Survey, rest: FixedPoint) -> FixedPoint:
    """A mean that is nothing but rounding is 0."""
    noise = abs(rest.mean) <= 1e3 * survey.precision * max(1.0, rest.variance)
    return dataclasses.replace(rest, mean=0.0) if noise else rest


def _say(rest: FixedPoint) -> str:
    return f"mean {rest.mean:.5g}, variance {rest.variance:.5g}"
