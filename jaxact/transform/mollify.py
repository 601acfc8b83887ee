"""A function averaged over a normal neighbourhood: smooth whatever it was before."""

import functools
import math
from collections.abc import Callable
from typing import Any, cast

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from jaxact._numeric import elementwise
from jaxact._spec import Activation
from jaxact.gaussian import closed
from jaxact.gaussian.quadrature import traced_rule
from jaxact.gaussian.resolved import resolved
from jaxact.transform.composed import Base, base

_CLOSED = {"relu", "leaky_relu", "elu", "selu", "gelu", "erf"}
"""Activations whose mean under a normal law has a closed form of the same name."""

_PROBED = np.array([-3.0, -0.5, 0.0, 0.5, 3.0])


def mollify(f: str | Callable[..., Any], width: float, *, name: str = "", **parameters: float) -> Activation:
    """`E f(x + width z)` for z ~ N(0, 1): f without its kinks and jumps, all derivatives bounded.

    A closed form where `jaxact.gaussian.closed` has one: of ReLU, `x Phi(x / width) + width phi(x / width)`.
    Otherwise a quadrature whose cells end at the kinks of f, of about a thousand values for each element.

    Args:
        f: An activation of the catalogue or its name, or an elementwise function of one array.
        width: Deviation of the neighbourhood, positive.
        name: What the function is called; `mollify(f, width)` if not given.
        **parameters: Of the activation.

    Returns:
        An elementwise function of one array; its value is an integral, so it has no spec.

    Raises:
        ValueError: If `width` is not positive and finite, or f grows too fast to be averaged.

    References:
        Friedrichs 1944, The identity of weak and strong extensions of differential operators.

    Examples:
        >>> import jax, jaxact
        >>> step = jaxact.transform.mollify(jaxact.heaviside, 0.5)  # the normal distribution function
        >>> round(float(step(0.5)), 4), round(float(jax.grad(step)(0.0)), 4)
        (0.8413, 0.7979)
    """
    if not 0 < width < math.inf:
        raise ValueError(f"width must be positive; got {width}.")
    inner = base(f, parameters)
    mean = _closed(inner, width) or _averaged(inner, width)

    def body(x: Array) -> Array:
        return jnp.where(jnp.isfinite(x), mean(jnp.where(jnp.isfinite(x), x, 0)), inner.function(x))

    body.__name__ = body.__qualname__ = name or f"mollify({inner.name}, {width:g})"
    body.__doc__ = f"`E f(x + {width:g} z)` with f = {inner.name} and z ~ N(0, 1)."
    found = cast("Activation", elementwise(body))
    if not np.isfinite(found(jnp.asarray(_PROBED, jnp.float32))).all():
        raise ValueError(f"{inner.name} cannot be averaged with width {width:g}: its mean is not finite.")
    return found


def _closed(inner: Base, width: float) -> Callable[[Array], Array] | None:
    """The closed form of an activation of the catalogue, where there is one."""
    if inner.spec is None or inner.spec.name not in _CLOSED:
        return None
    form = functools.partial(getattr(closed, inner.spec.name), **inner.values)
    return lambda x: form(x, jnp.full_like(x, width**2)).mean


def _averaged(inner: Base, width: float) -> Callable[[Array], Array]:
    """The same by quadrature."""
    edges = resolved(inner.function, inner.kinks).edges

    def mean(x: Array) -> Array:
        z, weights = traced_rule(edges, x, jnp.full_like(x, width**2), few=True)
        return (inner.function(x[..., None] + width * z) * weights).sum(axis=-1)

    return mean
