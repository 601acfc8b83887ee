"""Functions of the form `x * gate(x)`."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._registry import activation
from jaxact._spec import Parameter


def _mish_slope(x: Array) -> Array:
    # With e = exp(-|x|) every term is bounded, and so are its derivatives.
    e = jnp.exp(-jnp.abs(x))
    passed = jnp.where(x < 0, e * (e + 2), 1 + 2 * e)
    held = jnp.where(x < 0, 2, 2 * e * e)
    gate, rest = passed / (passed + held), held / (passed + held)
    logistic = jnp.where(x < 0, e, 1) / (1 + e)
    return gate + jnp.clip(x, -1e4, 1e4) * rest * (1 + gate) * logistic


@activation(
    formula="x / (1 + exp(-x))",
    paper="Elfwing et al. 2017, Sigmoid-weighted linear units for neural network function approximation in reinforcement learning, arXiv:1702.03118",
    aliases=("swish1", "sil"),
    slope=lambda x: elementary.logistic_gate_slope(x, 1.0),
)
def silu(x: ArrayLike) -> Float[Array, "..."]:
    """Sigmoid-weighted linear unit, `x * sigmoid(x)`.

    The special case of `swish` with sharpness 1, and what many libraries call swish.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[-0.27846454, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.silu(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.238    ,  0.       ,  1.7620001], dtype=float32)

    References:
        Hendrycks and Gimpel, 2016, arXiv:1606.08415; Elfwing, Uchibe and Doya, Sigmoid-weighted
        linear units for neural network function approximation in reinforcement learning, 2017,
        arXiv:1702.03118.
    """
    return elementary.logistic_gate(x, 1.0)


@activation(
    formula="x / (1 + exp(-sharpness * x))",
    paper="Ramachandran et al. 2017, Searching for activation functions, arXiv:1710.05941",
    aliases=("swish_beta", "acon_a"),
    parameters=(Parameter("sharpness", "(-inf, inf)", "Ramachandran et al. 2017, beta", learned=True),),
    slope=elementary.logistic_gate_slope,
    ill_conditioned="for negative sharpness * x: 1 + |sharpness * x|, as the product is rounded",
)
def swish(x: ArrayLike, *, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Swish, `x * sigmoid(sharpness * x)`, sharpness learned or fixed.

    Tends to the rectifier as the sharpness grows, and to `x / 2` as it vanishes.

    Args:
        x: Array of any shape.
        sharpness: How closely it follows the rectifier; broadcasts against `x`. In `(-inf, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.swish(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.238    ,  0.       ,  1.7620001], dtype=float32)

    References:
        Ramachandran, Zoph and Le, Searching for activation functions, 2017, arXiv:1710.05941.
    """
    return elementary.logistic_gate(x, sharpness)


@activation(
    formula="x * tanh(log1p(exp(x)))",
    paper="Misra 2019, Mish: a self regularized non-monotonic activation function, arXiv:1908.08681",
    slope=_mish_slope,
)
def mish(x: ArrayLike) -> Float[Array, "..."]:
    """Mish, `x * tanh(softplus(x))`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[-0.30884051, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.mish(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-0.25300002,  0.        ,  1.9440001 ], dtype=float32)

    References:
        Misra, Mish: a self regularized non-monotonic activation function, 2019, arXiv:1908.08681.
    """
    shift = 512.0 if x.dtype == jnp.float64 else 64.0
    low = x < -shift
    t = jnp.exp(jnp.where(low, x + shift, jnp.minimum(x, 20)))
    e = jnp.where(low, 0, t)
    # tanh(softplus(x)) = e (e + 2) / (e (e + 2) + 2): one exponential, scaled where it would underflow
    value = elementary.finite_below(x) * t * (e + 2) / (e * (e + 2) + 2)
    return jnp.where(x > 20, x, jnp.where(low, value * math.exp(-shift), value))


@activation(
    formula="x * tanh(x)",
    paper="Roy et al. 2019, LiSHT: non-parametric linearly scaled hyperbolic tangent activation function for neural networks, arXiv:1901.05894",
)
def lisht(x: ArrayLike) -> Float[Array, "..."]:
    """Linearly scaled hyperbolic tangent, `x * tanh(x)`.

    Even: it behaves like `x**2` near 0 and like `|x|` far out.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[0, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.lisht(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([1.9280001, 0.       , 1.9280001], dtype=float32)

    References:
        Roy et al., LiSHT: non-parametric linearly scaled hyperbolic tangent activation function for
        neural networks, 2019, arXiv:1901.05894.
    """
    return x * elementary.tanh(x)
