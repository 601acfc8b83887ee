"""A family's own parameters chosen so that layers draw mean and variance to a given place."""

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from jaxact._spec import Activation, Parameter, Spec
from jaxact.gaussian import MomentMap, Pointwise, Resolved, moments
from jaxact.gaussian.crossings import crossings
from jaxact.transform.affine import affine
from jaxact.transform.composed import Base, base
from jaxact.transform.target import Target

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
    return _solved(f, Target(mean, variance, omega, tau), parameter, parameters)[0]


def self_normalizing_constants(
    f: str | Callable[..., Any],
    mean: float = 0.0,
    variance: float = 1.0,
    *,
    digits: int = 30,
    parameter: str = "",
    omega: float = 0.0,
    tau: float = 1.0,
    **parameters: float,
) -> tuple[str, str]:
    """The parameter and the scale of `self_normalize`, to any number of decimal places.

    The integrals of the formula are enclosed by ball arithmetic, and the equation for the parameter has
    opposite signs on either side of the last place.

    Args:
        f: An activation of the catalogue with a parameter, or its name.
        mean: Mean of the fixed point.
        variance: Its variance, positive.
        digits: Decimal places, from 1 to 60.
        parameter: Which parameter is chosen; the only one if not given.
        omega: The sum of a unit's weights.
        tau: The sum of their squares, positive.
        **parameters: The other parameters.

    Returns:
        The parameter and the scale, as decimal numbers.

    Raises:
        ImportError: If python-flint is not installed.
        TypeError: If the parameter is not named and there are several, or none.
        ValueError: If there is no such fixed point, or so many places cannot be had.

    Examples:
        >>> import jaxact
        >>> jaxact.transform.self_normalizing_constants("elu", digits=30)
        ('1.673263242354377284817042991672', '1.050700987355480493419334985295')
    """
    if not 1 <= digits <= 60:
        raise ValueError(f"digits must be from 1 to 60; got {digits}.")
    target = Target(mean, variance, omega, tau)
    _, inner, name = _solved(f, target, parameter, parameters)
    from jaxact.transform.constants import constants  # noqa: PLC0415  # python-flint is an extra

    return constants(inner, name, target, digits)


def _solved(
    f: str | Callable[..., Any], target: Target, parameter: str, parameters: Mapping[str, float]
) -> tuple[Activation, Base, str]:
    """The function, what it is a multiple of, and the name of the parameter that was chosen."""
    if not target.variance > 0:
        raise ValueError(f"variance must be positive; got {target.variance}.")
    if not target.tau > 0:
        raise ValueError(f"tau must be positive; got {target.tau}.")
    inner = base(f, parameters)
    chosen = _parameter(inner, parameter)
    family = _Family(f, parameters, chosen.name)
    reasons = []
    for value in _values(family, inner, chosen, target):
        one = family.at(value)
        found = affine(
            f,
            output_scale=math.sqrt(target.variance / family.seen(value, target)[1]),
            name=f"self_normalize({inner.name}, {chosen.name}={value!r})",
            paper="Klambauer et al. 2017, arXiv:1706.02515",
            **one.values,
        )
        rest = _rest(found, one, target)
        if rest < 1 - _NEAR:
            return found, one, chosen.name
        reasons.append(f"{rest:.6g} at {chosen.name} = {value:.6g}")
    said = f"does not attract: the largest eigenvalue of the map there is {', '.join(reasons)}"
    raise ValueError(f"{inner.name} has a fixed point ({target.mean:g}, {target.variance:g}), which {said}.")


@dataclasses.dataclass(frozen=True)
class _Family:
    """A function with one parameter free."""

    f: str | Callable[..., Any]
    parameters: Mapping[str, float]
    free: str

    def at(self, value: float) -> Base:
        """The function at a value of the parameter."""
        return base(self.f, {**self.parameters, self.free: value})

    def seen(self, value: float, target: Target) -> tuple[float, float]:
        """Mean and variance of the function under the law of pre-activations at the fixed point."""
        one = self.at(value)
        law = target.omega * target.mean, target.tau * target.variance
        found = moments(
            Resolved(one.function, one.kinks, self._program.at(value)), mean=law[0], variance=law[1]
        )
        return found.mean, found.variance

    @functools.cached_property
    def _program(self) -> Pointwise:
        """One program for all values of the parameter."""
        inner = base(self.f, self.parameters)
        fixed = {name: number for name, number in inner.values.items() if name != self.free}
        function = cast("Spec", inner.spec).function
        return Pointwise(lambda x, value: function(x, **fixed, **{self.free: value}))


def _values(family: _Family, inner: Base, chosen: Parameter, target: Target) -> tuple[float, ...]:
    """Every value of the parameter for which some multiple of the function has the fixed point."""

    def away(value: float) -> float:
        """By how much the mean is too large once the variance is right."""
        first, spread = family.seen(value, target)
        return first - target.mean * math.sqrt(spread / target.variance) if spread > 0 else math.inf

    low, high = chosen.bounds
    values = crossings(away, low=max(low, 1e-3), high=min(high, 1e3), per_decade=8, blur=0.0)
    if not values:
        usual = family.seen(chosen.default, target)
        where = f"({target.mean:g}, {target.variance:g}) for any {chosen.name} in {chosen.domain}"
        known = f"its mean is {usual[0]:.6g} at {chosen.default:g}"
        raise ValueError(f"{inner.name} has no fixed point {where}: {known}.")
    return values


def _rest(found: Activation, one: Base, target: Target) -> float:
    """The largest eigenvalue of the map at its fixed point.

    Raises:
        AssertionError: If it is none, which would be a mistake here.
    """
    at = target.mean, target.variance
    layer = MomentMap(found, one.kinks, target.omega, target.tau)
    if not np.allclose(layer(*at), at, rtol=_NEAR, atol=_NEAR):
        raise AssertionError(f"{one.name} takes {at} to {layer(*at)}.")
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
