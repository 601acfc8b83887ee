"""Fixed points of mean and variance: whether layers of any activation bring their inputs there.

A layer whose units have weights with sum `omega` and squares with sum `tau` maps mean and variance of its
inputs to those of `f(z)`, where `z` is normal with `omega` times the mean and `tau` times the variance. Where
a box of means and variances is mapped into itself and the map contracts it, there is one fixed point, and it
attracts (Banach). Klambauer et al. 2017, arXiv:1706.02515, show it of SELU and (0, 1); here the function
and the place are free.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, ctx

from jaxact.proof import gaussian
from jaxact.proof.curve import Curve, curve
from jaxact.proof.decisions import analysis
from jaxact.proof.gaussian import Normal
from jaxact.proof.layer import Layer
from jaxact.proof.numbers.interval import Interval, between, number
from jaxact.proof.pieces.piece import UndecidedError
from jaxact.proof.programs.rational import line
from jaxact.proof.theorems import contraction
from jaxact.proof.theorems.certificate import Certificate

BITS = 96

Moments = Callable[[Interval, Interval], Layer]
"""What a layer does to normal inputs with mean and variance in some intervals."""


class Place(NamedTuple):
    """Means and variances.

    Attributes:
        mean: Means.
        variance: Variances.
    """

    mean: Interval
    variance: Interval


class Weights(NamedTuple):
    """What of a unit's weights matters.

    Attributes:
        omega: Their sum.
        tau: The sum of their squares.
    """

    omega: Interval
    tau: Interval

    def inputs(self, box: Place) -> Place:
        """Mean and variance of `z` where those of the inputs lie in a box."""
        return Place(self.omega * box.mean, self.tau * box.variance)


def moments_of(f: Any) -> Moments:
    """What a layer of an activation does: of anything that `jaxact.proof.curve` takes."""
    one = analysis(curve(f).program)
    return lambda m, v: gaussian.layer(one, Normal(m, v))


def fixed_point(
    f: Any,
    mean: float | Fraction = 0.0,
    variance: float | Fraction = 1.0,
    *,
    omega: float | Fraction = 0.0,
    tau: float | Fraction = 1.0,
    within: float | Fraction = 1e-6,
) -> Certificate:
    """Whether layers of an activation have one fixed point near a mean and a variance, which attracts.

    Args:
        f: An activation of the catalogue, its name, or a function of one number that JAX can trace.
        mean: The mean.
        variance: The variance, positive.
        omega: The sum of a unit's weights.
        tau: The sum of their squares, positive.
        within: How far from both the fixed point may lie.

    Returns:
        A certificate that proves it; or refutes it, because there is none so near, or because it does not
        attract.

    Raises:
        ValueError: If `variance`, `tau` or `within` is not positive, or `within` not below the variance.

    Examples:
        >>> from jaxact.proof.theorems.fixed_points import fixed_point
        >>> print(fixed_point("selu"))
        selu has an attracting fixed point within 1e-06 of (0, 1): proved
    """
    for name, value in (("variance", variance), ("tau", tau), ("within", within)):
        if not value > 0:
            raise ValueError(f"{name} has to be positive; got {value}.")
    if not within < variance:
        raise ValueError(f"within has to be smaller than the variance, {variance}; got {within}.")
    one, weights = curve(f), Weights(exactly(omega), exactly(tau))
    target, radius = Place(exactly(mean), exactly(variance)), exactly(within)
    with ctx.workprec(BITS):
        try:
            holds, reason, bounds = _attracts(one, target, radius, weights)
        except UndecidedError as error:
            holds, reason, bounds = None, str(error), {}
    statement = f"{one} has an attracting fixed point within {within:g} of ({mean:g}, {variance:g})"
    return Certificate("fixed point", statement, holds, 2, bounds, reason)


Verdict = tuple[bool | None, str, dict[str, Interval]]
"""Whether something holds, why not, and what was found on the way."""


def _attracts(f: Curve, target: Place, radius: Interval, weights: Weights) -> Verdict:
    """Whether there is one fixed point near a place, which attracts, for some weights."""
    moments = moments_of(f)
    around = Place(*(between(centre - radius, centre + radius) for centre in target))
    at, near = (moments(*weights.inputs(box)) for box in (target, around))
    slopes, jacobian = at.jacobian(*weights), near.jacobian(*weights)
    bounds = {
        "mean": at.mean,
        "variance": at.variance,
        "slope of the mean in the variance": slopes[1],
        "slope of the variance in the variance": slopes[3],
    }
    for name, here in around._asdict().items():
        there = getattr(near, name)
        if there.lo > here.hi or there.hi < here.lo:
            return False, f"the {name} there becomes {float(getattr(at, name).middle):.6g}", bounds
    if contraction.expands(jacobian):
        return False, f"what deviates there grows, the variance by {float(slopes[3].middle):.6g}", bounds
    if weights.omega.sign == 0 and _in_proportion(f):
        return False, "the variance grows in proportion, so nothing attracts", bounds
    scale = contraction.weight(jacobian)
    if scale is None:
        return None, "it is not known whether the map contracts there", bounds
    rate = contraction.norm(jacobian, scale)
    # a ball of the norm that lies in the box, and is not left
    size = radius.lo * min(arb(1), scale.lo)
    away = max(
        contraction.size(at.mean - target.mean), scale.hi * contraction.size(at.variance - target.variance)
    )
    kept = rate.hi < 1 and away <= ((1 - rate.hi) * size).lower()
    return (True, "", bounds | {"contraction": rate}) if kept else (None, "the box may be left", bounds)


def standardized(f: Any) -> Curve:
    """An activation less its mean under N(0, 1), divided by its standard deviation, both to 53 bits.

    With `omega` 0 and `tau` 1 it has the fixed point (0, 1), to rounding; whether that attracts is open.

    Args:
        f: As for `fixed_point`.

    Raises:
        UndecidedError: If the function cannot be integrated.

    Examples:
        >>> from jaxact.proof.theorems.fixed_points import fixed_point, standardized
        >>> fixed_point(standardized("tanh")).holds, fixed_point(standardized("silu")).holds
        (True, False)
    """
    one = curve(f)
    mean, second = gaussian.moments(analysis(one.program))
    spread = math.sqrt(float((second - mean * mean).middle))
    return (one if mean.sign is None else one - float(mean.middle)) / spread


def _in_proportion(f: Curve) -> bool:
    """Whether a function is, but for a constant, a multiple of its argument on both sides of 0."""
    parts = [piece for piece in analysis(f.program).pieces if not piece.point]
    lines = [line(piece.program) for piece in parts]
    ends = {end.exact for piece in parts for end in (piece.left, piece.right) if end is not None}
    return None not in lines and ends <= {0} and len({one[1] for one in lines if one is not None}) == 1


def exactly(value: float | Fraction) -> Interval:
    """A number as an interval."""
    return number(Fraction(value))
