"""Fixed points of mean and variance: whether layers of any activation bring their inputs there.

A layer whose units have weights with sum `omega` and squares with sum `tau` maps mean and variance of its
inputs to those of `f(z)`, where `z` is normal with `omega` times the mean and `tau` times the variance. Where
a box of means and variances is mapped into itself and the map contracts it, there is one fixed point, and it
attracts (Banach). Klambauer et al. 2017, arXiv:1706.02515, show it of SELU and (0, 1); here the
function and the place are free.
"""

import functools
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, ctx

from jaxact.proof import gaussian, interval
from jaxact.proof.curve import Curve, curve
from jaxact.proof.decisions import analysis
from jaxact.proof.gaussian import Normal
from jaxact.proof.interval import Interval, between, number
from jaxact.proof.layer import Layer
from jaxact.proof.parts import UndecidedError
from jaxact.proof.rational import line
from jaxact.proof.theorems.certificate import Certificate

_BITS = 96

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


class Image(NamedTuple):
    """What becomes of a box of means and variances of `z`.

    Attributes:
        place: Where it goes.
        layer: The moments, and their derivatives.
    """

    place: Place
    layer: Layer


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
        >>> print(fixed_point("selu"))
        selu has an attracting fixed point within 1e-06 of (0, 1): proved
    """
    for name, value in (("variance", variance), ("tau", tau), ("within", within)):
        if not value > 0:
            raise ValueError(f"{name} has to be positive; got {value}.")
    if not within < variance:
        raise ValueError(f"within has to be smaller than the variance, {variance}; got {within}.")
    one, weights = curve(f), Weights(_exactly(omega), _exactly(tau))
    target, radius = Place(_exactly(mean), _exactly(variance)), _exactly(within)
    with ctx.workprec(_BITS):
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
    if _repels(jacobian):
        return False, f"what deviates there grows, the variance by {float(slopes[3].middle):.6g}", bounds
    if weights.omega.sign == 0 and _in_proportion(f):
        return False, "the variance grows in proportion, so nothing attracts", bounds
    scale = _scale(jacobian)
    if scale is None:
        return None, "it is not known whether the map contracts there", bounds
    rate = _rate(jacobian, scale)
    # a ball of the norm that lies in the box, and is not left
    size = radius.lo * min(arb(1), scale.lo)
    away = max(_size(at.mean - target.mean), scale.hi * _size(at.variance - target.variance))
    kept = rate.hi < 1 and away <= ((1 - rate.hi) * size).lower()
    return (True, "", bounds | {"contraction": rate}) if kept else (None, "the box may be left", bounds)


def standardized(f: Any) -> Curve:
    """An activation less its mean under N(0, 1), divided by its standard deviation, both to 53 bits.

    With `omega` 0 and `tau` 1 it has the fixed point (0, 1), to rounding; whether that attracts is open.
    """
    one = curve(f)
    mean, second = gaussian.moments(analysis(one.program))
    spread = math.sqrt(float((second - mean * mean).middle))
    return (one if mean.sign is None else one - float(mean.middle)) / spread


def largest_box(f: Any, *, moments: Moments | None = None, steps: int = 10) -> Certificate:
    """The largest box of `omega` and `tau` around (0, 1) on which self-normalization is proved.

    For all weights with `omega` in [-s, s] and `tau` in [1 - s, 1 + s] one domain of means and variances is
    mapped into itself and contracted, so that each has one fixed point there, which attracts.

    Args:
        f: As for `fixed_point`, with a fixed point near (0, 1).
        moments: What a layer does, where a closed form is known, such as `selu.tight_layer`. Without one a
            step takes some seconds.
        steps: How often the range of `s`, at first from 0 to 1, is halved.

    Returns:
        A certificate with `omega`, `tau`, `mean`, `variance` and `contraction` as bounds.
    """
    one, layer = curve(f), moments or moments_of(f)
    bounds: dict[str, Interval] = {}
    low, high, looked, said = Fraction(0), Fraction(1), 0, "no box was found"
    with ctx.workprec(_BITS):
        for _ in range(steps):
            size = (low + high) / 2
            try:
                found, count = _domain(layer, _weights(size))
            except UndecidedError as error:
                found, count, said = {}, 0, str(error)
            looked += count
            if found:
                bounds, low = found, size
            else:
                high = size
    sizes = f"omega in [-s, s] and tau in [1 - s, 1 + s], s = {float(low):.6g}"
    statement = f"{one} normalizes itself for all {sizes}"
    return Certificate(
        "largest box", statement, True if bounds else None, looked, bounds, "" if bounds else said
    )


def _weights(size: Fraction) -> Weights:
    return Weights(*(between(_exactly(centre - size), _exactly(centre + size)) for centre in (0, 1)))


_GROWTH, _MARGIN, _ROUNDS, _CUTS = 1.05, 1.1, 12, (4, 16, 64)


def _domain(moments: Moments, weights: Weights) -> tuple[dict[str, Interval], int]:
    """A domain that all maps keep and contract, as bounds, and how many boxes that took; {} for none."""
    box, looked = _likely(moments, weights), 0
    if box is None:
        return {}, looked
    inputs = weights.inputs(box)
    for cuts in _CUTS:
        parts = inputs.variance.cut(cuts)
        layers = [moments(inputs.mean, part) for part in parts]
        looked += cuts
        if not all(one.mean in box.mean and one.variance in box.variance for one in layers):
            continue
        jacobians = [
            one.jacobian(weights.omega, interval.meet(weights.tau, part / box.variance))
            for one, part in zip(layers, parts, strict=True)
        ]
        scale = _scale(
            tuple(functools.reduce(interval.hull, entries) for entries in zip(*jacobians, strict=True))
        )
        rates = [] if scale is None else [_rate(one, scale) for one in jacobians]
        if rates and all(rate.hi < 1 for rate in rates):
            rate = functools.reduce(interval.hull, rates)
            return {**weights._asdict(), **box._asdict(), "contraction": rate}, looked
    return {}, looked


_LARGEST, _SETTLING = 16, 256
"""The variance up to which a domain is looked for, and how often its size is corrected."""


def _likely(moments: Moments, weights: Weights) -> Place | None:
    """A domain that all maps are likely to keep and contract: by its corners. None if there is none.

    The slopes at (0, 1) say how wide it is to be; it grows until it holds the images of its corners.
    """
    slopes = moments(number(0.0), number(1.0)).jacobian(interval.ONE, interval.ONE)
    a, b, c, d = (abs(float(entry.middle)) for entry in slopes)
    omega, tau = (float(values.width) / 2 for values in weights)
    mean = variance = 0.0
    for _ in range(_SETTLING):
        steps = omega * mean, tau + (1 + tau) * variance
        mean, variance = (min(by[0] * steps[0] + by[1] * steps[1], 4.0) for by in ((a, b), (c, d)))
    mean, variance = (
        max(mean, variance / 50) * _MARGIN,
        variance * _MARGIN,
    )  # the mean of an odd function is 0
    box = Place(between(-mean, mean), between(max(1 - variance, 0.01), 1 + variance))
    for _ in range(_ROUNDS):
        inputs = weights.inputs(box)
        if not inputs.variance.lo > 0 or inputs.variance.hi > _LARGEST:
            return None
        corners = [moments(_point(m), _point(v)) for m in _ends(inputs.mean) for v in _ends(inputs.variance)]
        means = functools.reduce(interval.hull, (one.mean for one in corners))
        variances = functools.reduce(interval.hull, (one.variance for one in corners))
        if means in box.mean and variances in box.variance:
            extremes = zip(corners, _ends(weights.tau) * 2, strict=True)
            contracts = _scale(_around([one.jacobian(weights.omega, _point(tau)) for one, tau in extremes]))
            return box if contracts is not None else None
        box = Place(_grown(interval.hull(box.mean, means)), _grown(interval.hull(box.variance, variances)))
    return None


def _around(jacobians: Iterable[tuple[Interval, ...]]) -> tuple[Interval, ...]:
    """A matrix of intervals around matrices."""
    return tuple(functools.reduce(interval.hull, entries) for entries in zip(*jacobians, strict=True))


def _ends(values: Interval) -> tuple[arb, arb]:
    return values.lo, values.hi


def _point(value: arb) -> Interval:
    return Interval(value, value)


def _grown(values: Interval) -> Interval:
    """A somewhat wider interval, so that the next image may lie in it."""
    middle, half = values.middle, (values.width / 2 * _GROWTH).upper()
    return interval.rounded(middle - half, middle + half)


def _in_proportion(f: Curve) -> bool:
    """Whether a function is, but for a constant, a multiple of its argument on both sides of 0."""
    parts = [piece for piece in analysis(f.program).pieces if not piece.point]
    lines = [line(piece.program) for piece in parts]
    ends = {end.exact for piece in parts for end in (piece.left, piece.right) if end is not None}
    return None not in lines and ends <= {0} and len({one[1] for one in lines if one is not None}) == 1


def _scale(jacobian: tuple[Interval, ...]) -> Interval | None:
    """A weight of the variance against the mean in whose norm matrices contract; None if none is found.

    The rows `|a| + |b| / s` and `s |c| + |d|` are both below 1 for `s` between `|b| / (1 - |a|)` and
    `(1 - |d|) / |c|`.
    """
    a, b, c, d = map(_size, jacobian)
    if not (a < 1 and d < 1):
        return None
    least = (b / (1 - a)).upper()
    most = ((1 - d) / c).lower() if c > 0 else arb("inf")
    if not least < most:
        return None
    if 4 * least < 1 < most:
        return interval.ONE
    scale = most / 2 if least == 0 else (least * most).sqrt() if most.is_finite() else 4 * least
    return Interval(scale.mid(), scale.mid())


def _rate(jacobian: tuple[Interval, ...], scale: Interval) -> Interval:
    """A bound of the norm of matrices, in which the variance has a weight."""
    a, b, c, d = (Interval(interval.absolute(entry).lo, _size(entry)) for entry in jacobian)
    rows = a + b / scale, scale * c + d
    return Interval(max(row.lo for row in rows), max(row.hi for row in rows))


def _repels(jacobian: tuple[Interval, ...]) -> bool:
    """Whether every matrix has an eigenvalue beyond 1 or -1, or a determinant that is."""
    a, b, c, d = jacobian
    trace, determinant, one = a + d, a * d - b * c, interval.ONE
    sides = one - trace + determinant, one + trace + determinant  # the characteristic polynomial at 1 and -1
    return any(side.hi < 0 for side in sides) or interval.absolute(determinant).lo > 1


def _size(values: Interval) -> arb:
    """The largest absolute value."""
    return max(abs(values.lo), abs(values.hi))


def _exactly(value: float | Fraction) -> Interval:
    return number(Fraction(value))
