"""The largest box of weights around (0, 1) on which a function is proved to normalize itself."""

import functools
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from jaxact.proof.curve import curve
from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval, between, number
from jaxact.proof.pieces.piece import UndecidedError
from jaxact.proof.theorems import contraction
from jaxact.proof.theorems.certificate import Certificate
from jaxact.proof.theorems.fixed_points import BITS, Moments, Place, Weights, exactly, moments_of


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

    Examples:
        >>> from jaxact.proof.theorems import selu
        >>> from jaxact.proof.theorems.largest_box import largest_box
        >>> found = largest_box("selu", moments=selu.tight_layer)
        >>> found.holds, round(float(found.bounds["omega"].hi), 3)
        (True, 0.081)
    """
    one, layer = curve(f), moments or moments_of(f)
    bounds: dict[str, Interval] = {}
    low, high, looked, said = Fraction(0), Fraction(1), 0, "no box was found"
    with ctx.workprec(BITS):
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
    return Weights(*(between(exactly(centre - size), exactly(centre + size)) for centre in (0, 1)))


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
        scale = contraction.weight(contraction.around(jacobians))
        rates = [] if scale is None else [contraction.norm(one, scale) for one in jacobians]
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
    mean = max(mean, variance / 50)  # that of an odd function is 0
    mean, variance = mean * _MARGIN, variance * _MARGIN
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
            contracts = contraction.weight(
                contraction.around([one.jacobian(weights.omega, _point(tau)) for one, tau in extremes])
            )
            return box if contracts is not None else None
        box = Place(_grown(interval.hull(box.mean, means)), _grown(interval.hull(box.variance, variances)))
    return None


def _ends(values: Interval) -> tuple[arb, arb]:
    return values.lo, values.hi


def _point(value: arb) -> Interval:
    return Interval(value, value)


def _grown(values: Interval) -> Interval:
    """A somewhat wider interval, so that the next image may lie in it."""
    middle, half = values.middle, (values.width / 2 * _GROWTH).upper()
    return interval.rounded(middle - half, middle + half)
