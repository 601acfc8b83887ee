"""Activations that give a normal input mean 0 and variance 1, or keep values and gradients alike."""

import math
from collections.abc import Callable
from typing import Any

from jaxact._spec import Activation
from jaxact.gaussian import moments
from jaxact.transform.affine import affine
from jaxact.transform.composed import base

_NEAR = 1e-9


def normalize(f: str | Callable[..., Any], *, slope: bool = False, **parameters: float) -> Activation:
    """`a f(x) + b` with mean 0 and variance 1 for x ~ N(0, 1); or with `E f**2 = E f'**2 = 1`.

    Args:
        f: An activation of the catalogue or its name, or an elementwise function of one array.
        slope: Whether the second moments of the function and of its slope are to be 1, so that signals and
            gradients are both kept; its mean is then not 0.
        **parameters: Of the activation.

    Returns:
        An elementwise function of one array, with a spec if `f` has one.

    Raises:
        ValueError: If there are no such numbers: for a constant, or for a function that jumps.

    References:
        Brock et al. 2021, arXiv:2101.08692, section 4; Lu et al. 2020, Bidirectional self-normalizing neural
        networks, arXiv:2006.12169.

    Examples:
        >>> import jaxact
        >>> from jaxact.gaussian import moments
        >>> seen = moments(jaxact.transform.normalize(jaxact.gelu))
        >>> abs(seen.mean) < 1e-12, round(seen.variance, 12)
        (True, 1.0)
    """
    inner = base(f, parameters)
    seen = moments(inner.function, kinks=inner.kinks)
    if not 0 < seen.variance < math.inf:
        raise ValueError(
            f"{inner.name} cannot be normalized: its variance under N(0, 1) is {seen.variance:g}."
        )
    if slope:
        if not 0 < seen.slope_squared < math.inf:
            raise ValueError(f"{inner.name} cannot be normalized: E f'**2 is {seen.slope_squared:g}.")
        scale = 1 / math.sqrt(seen.slope_squared)
        left = 1 - scale**2 * seen.variance
        if left < -_NEAR:  # the slope does not see a jump
            known = f"Var f is {seen.variance:.6g} and E f'**2 {seen.slope_squared:.6g}"
            raise ValueError(f"{inner.name} cannot be normalized: it jumps, {known}.")
        shift = -scale * seen.mean + math.sqrt(max(0.0, left))
    else:
        scale = 1 / math.sqrt(seen.variance)
        shift = -scale * seen.mean
    found = affine(
        f,
        output_scale=scale,
        output_shift=shift,
        name=f"normalize({inner.name})",
        paper="Lu et al. 2020, arXiv:2006.12169" if slope else "Brock et al. 2021, arXiv:2101.08692",
        **parameters,
    )
    after = moments(found, kinks=inner.kinks)
    reached = (after.second, after.slope_squared) if slope else (after.mean + 1, after.variance)
    if max(abs(value - 1) for value in reached) > _NEAR:
        raise ValueError(f"{inner.name} cannot be normalized: it comes to {reached}, not to (1, 1).")
    return found
