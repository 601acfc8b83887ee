"""A family's own parameters chosen so that layers draw mean and variance to a given place."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from jaxact._spec import Activation, Parameter
from jaxact.gaussian import MomentMap
from jaxact.gaussian.crossings import crossings
from jaxact.transform.affine import affine
from jaxact.transform.composed import Base, base

_NEAR = 1e-9


def self_normalize(
    f: str | Callable[..., Any],
    mean: float = 0.0,
    variance: float = 1.0,
    *,
    parameter: str = "",
    omega: float = 0.0,
    tau: float = 1.0,
    **parameters: float,
) -> Activation:
    """`scale * f(x; parameter)` with an attracting fixed point, as SELU follows from ELU.

    Args:
        f: An activation of the catalogue with a parameter, or its name.
        mean: Mean of the fixed point.
        variance: Its variance, positive.
        parameter: Which parameter is chosen; the only one if not given.
        omega: The sum of a unit's weights.
        tau: The sum of their squares, positive.
        **parameters: The other parameters.

    Returns:
        An elementwise function of one array; its spec states the numbers.

    Raises:
        TypeError: If the parameter is not named and there are several, or none.
        ValueError: If no value of the parameter has such a fixed point, or it does not attract.

    References:
        Klambauer et al. 2017, arXiv:1706.02515, equation 14.

    Examples:
        >>> import jaxact
        >>> print(jaxact.spec(jaxact.transform.self_normalize(jaxact.elu)).name)
        self_normalize(elu, scale=1.6732632423543774)
    """
    if not variance > 0:
        raise ValueError(f"variance must be positive; got {variance}.")
    if not tau > 0:
        raise ValueError(f"tau must be positive; got {tau}.")
    inner = base(f, parameters)
    chosen = _parameter(inner, parameter)

    def seen(value: float) -> tuple[float, float]:
        bound = base(f, {**parameters, chosen.name: value})
        found = MomentMap(bound.function, bound.kinks).moments(omega * mean, tau * variance)
        return found.mean, found.variance

    def away(value: float) -> float:
        """By how much the mean is too large once the variance is right."""
        first, spread = seen(value)
        return first - mean * math.sqrt(spread / variance) if spread > 0 else math.inf

    low, high = chosen.bounds
    values = crossings(away, low=max(low, 1e-3), high=min(high, 1e3), per_decade=8, blur=0.0)
    if not values:
        usual = seen(chosen.default)
        where = f"({mean:g}, {variance:g}) for any {chosen.name} in {chosen.domain}"
        known = f"its mean is {usual[0]:.6g} at {chosen.default:g}"
        raise ValueError(f"{inner.name} has no fixed point {where}: {known}.")
    reasons = []
    for value in values:
        scale = math.sqrt(variance / seen(value)[1])
        found = affine(
            f,
            output_scale=scale,
            name=f"self_normalize({inner.name}, {chosen.name}={value!r})",
            paper="Klambauer et al. 2017, arXiv:1706.02515",
            **{**parameters, chosen.name: value},
        )
        rest = _rest(found, base(f, {**parameters, chosen.name: value}), (mean, variance), (omega, tau))
        if rest < 1 - _NEAR:
            return found
        reasons.append(f"{rest:.6g} at {chosen.name} = {value:.6g}")
    said = f"does not attract: the largest eigenvalue of the map there is {', '.join(reasons)}"
    raise ValueError(f"{inner.name} has a fixed point ({mean:g}, {variance:g}), which {said}.")


def _rest(found: Activation, inner: Base, at: tuple[float, float], weights: tuple[float, float]) -> float:
    """The largest eigenvalue of the map at its fixed point.

    Raises:
        AssertionError: If it is none, which would be a mistake here.
    """
    layer = MomentMap(found, inner.kinks, *weights)
    if not np.allclose(layer(*at), at, rtol=_NEAR, atol=_NEAR):
        raise AssertionError(f"{inner.name} takes {at} to {layer(*at)}.")
    return float(np.abs(np.linalg.eigvals(layer.jacobian(*at))).max())


def _parameter(inner: Base, name: str) -> Parameter:
    known = () if inner.spec is None else inner.spec.parameters
    for parameter in known:
        if parameter.name == name or (not name and len(known) == 1):
            return parameter
    names = ", ".join(parameter.name for parameter in known) or "none"
    if name:
        raise TypeError(f"{inner.name} has no parameter {name}; its parameters: {names}.")
    raise TypeError(f"self_normalize chooses one parameter of {inner.name}; name it, of: {names}.")
