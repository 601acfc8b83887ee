"""The edge of chaos: weights and biases with which gradients neither grow nor fall."""

import dataclasses
import math

import numpy as np

from jaxact.gaussian.crossings import HIGH, LOW, crossings, log_ratio, vanishes
from jaxact.gaussian.pointwise import Elementwise
from jaxact.gaussian.resolved import resolved


@dataclasses.dataclass(frozen=True, slots=True)
class Critical:
    """A point on the edge of chaos.

    Attributes:
        sigma_w: Deviation of the weights, times the root of their number.
        sigma_b: Deviation of the biases.
        variance: The second moment that layers keep; 0 where it is the limit of ever smaller ones.
        slope: Of the variance map there; 1 where every second moment is kept. At the limit it is by how much
            layers scale a second moment of 1e-6: with more than 1 they leave it.
    """

    sigma_w: float
    sigma_b: float
    variance: float
    slope: float


def edge_of_chaos(
    f: Elementwise, sigma_b: float = 0.0, *, kinks: tuple[float, ...] = ()
) -> tuple[Critical, ...]:
    """The weights with which gradients neither grow nor fall: `sigma_w**2 E f'(u)**2 = 1` at a fixed point.

    Args:
        f: Elementwise function of one array.
        sigma_b: Deviation of the biases, not negative.
        kinks: Points where f or its derivatives jump.

    Returns:
        All points from a second moment of 1e-6 to 1e4, by their second moments; where every second moment is
        kept, that of 1; where there is none and `f(0)` and `sigma_b` are 0, the limit at 0.

    Raises:
        ValueError: If `sigma_b` is negative.

    References:
        Schoenholz et al. 2017, arXiv:1611.01232; Hayou et al. 2019, arXiv:1902.06853.

    Examples:
        >>> import jax
        >>> from jaxact.gaussian import edge_of_chaos
        >>> (point,) = edge_of_chaos(jax.nn.relu)
        >>> round(point.sigma_w**2, 12)
        2.0
    """
    if not sigma_b >= 0:
        raise ValueError(f"sigma_b must not be negative; got {sigma_b}.")
    one = resolved(f, tuple(kinks))

    def surplus(variance: float) -> float:
        """By how much the second moment grows with weights that keep gradients."""
        law = one.law(0.0, variance)
        slope = law.slope_squared
        return log_ratio((law.second / slope + sigma_b**2) / variance) if slope > 0 else math.inf

    def critical(variance: float) -> Critical:
        law = one.law(0.0, variance)
        slope = law.slope_squared
        return Critical(1 / math.sqrt(slope), sigma_b, variance, law.stretch / math.sqrt(variance) / slope)

    found = crossings(surplus, low=LOW, high=HIGH, per_decade=4, blur=one.blur)
    if found or sigma_b:
        return tuple(map(critical, found))
    if vanishes(surplus, one.blur):
        return (critical(1.0),)
    slope = one.law(0.0, _NOTHING).slope_squared  # of either side of a kink at 0
    if not slope or one.evaluate(np.zeros(1))[0] != 0:
        return ()
    return (Critical(1 / math.sqrt(slope), 0.0, 0.0, one.law(0.0, LOW).second / (LOW * slope)),)


def half_stable(f: Elementwise, *, kinks: tuple[float, ...] = ()) -> tuple[Critical, ...]:
    """Points on the edge of chaos at which the slope of the variance map is 1 as well.

    Args:
        f: Elementwise function of one array.
        kinks: Points where f or its derivatives jump.

    Returns:
        All of them from a second moment of 1e-6 to 1e4, by their second moments.

    References:
        Roberts, Yaida and Hanin 2022, The principles of deep learning theory, arXiv:2106.10165, section 5.3.

    Examples:
        >>> import jax
        >>> from jaxact.gaussian import half_stable
        >>> (point,) = half_stable(jax.nn.silu)
        >>> round(point.sigma_w**2, 5), round(point.sigma_b**2, 5)
        (1.988, 0.55514)
    """
    one = resolved(f, tuple(kinks))

    def excess(variance: float) -> float:
        law = one.law(0.0, variance)
        slope = law.slope_squared
        return law.stretch / math.sqrt(variance) / slope - 1 if slope > 0 else math.inf

    points = []
    for variance in crossings(excess, low=LOW, high=HIGH, per_decade=4, blur=one.blur):
        law = one.law(0.0, variance)
        slope = law.slope_squared
        bias = variance - law.second / slope
        if bias >= 0:
            points.append(Critical(1 / math.sqrt(slope), math.sqrt(bias), variance, 1.0))
    return tuple(points)


_NOTHING = 1e-24
"""A second moment at which only the slopes at 0 count."""
