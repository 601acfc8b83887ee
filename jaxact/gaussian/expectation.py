"""Expectations as numbers, and as functions of mean and variance that JAX differentiates."""

from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array

from jaxact.gaussian.moments import moments
from jaxact.gaussian.pointwise import Elementwise
from jaxact.gaussian.quadrature import traced_rule
from jaxact.gaussian.resolved import resolved


def expectation(
    f: Elementwise, *, mean: Any = 0.0, variance: Any = 1.0, kinks: Iterable[float] = ()
) -> float | Array:
    """E f(x) for x ~ N(mean, variance).

    For JAX's arrays it is a function of mean and variance that `jit`, `vmap` and `grad` know, jumps of f
    included: cells of the quadrature end at them, and move with the law.

    Args:
        f: Elementwise function of one array.
        mean: Mean of x: a number, or an array of any shape.
        variance: Variance of x, positive; of a shape that fits.
        kinks: Points where f or its derivatives jump; others are found, at some cost.

    Returns:
        For numbers a number, to 1e-12 for a function of ordinary size. For arrays an array of their common
        shape: to 1e-12 in float64; in float32, which all narrower dtypes become, to 1e-5.

    Raises:
        ValueError: If the variance is a number and not positive and finite.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> from jaxact.gaussian import expectation
        >>> round(expectation(jnp.abs) ** 2, 12)  # 2 / pi
        0.636619772368
        >>> slope = jax.grad(lambda mean: expectation(jax.nn.relu, mean=mean))(jnp.float32(0.0))
        >>> round(float(slope), 5)  # E relu'
        0.5
    """
    arrays = [given for given in (mean, variance) if isinstance(given, jax.Array)]
    if not arrays:
        return moments(f, mean=float(mean), variance=float(variance), kinks=kinks).mean
    wide = any(given.dtype == jnp.float64 for given in arrays)
    law = [jnp.asarray(given, jnp.float64 if wide else jnp.float32) for given in (mean, variance)]
    centre, spread = jnp.broadcast_arrays(*law)
    z, weights = traced_rule(resolved(f, tuple(kinks)).edges, centre, spread)
    return (f(centre[..., None] + jnp.sqrt(spread)[..., None] * z) * weights).sum(axis=-1)
