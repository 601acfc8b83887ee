"""Drop-in for `jax.nn`: its names and signatures, and its results wherever jax.nn is right.

Write `from jaxact import nn` where `from jax import nn` stood. What differs, and is meant to:

- At infinity value and slope are the limits, and both are finite wherever the mathematics is;
  several functions of jax.nn give NaN there, or overflow on the way.
- 8- and 16-bit inputs are evaluated in float32 and rounded once.
- The backward pass keeps one array.
- Integers and bools become the default float, and no result is weakly typed.
- An array as `alpha`, `negative_slope` or `b` is cast to the dtype of `x` and widens no result.
- Complex numbers raise, and so do an `alpha` or `b` for which the function has no meaning.

What jaxact does not implement is the installed jax.nn's own.
"""

import sys
from typing import Any

import jax.nn
import jax.numpy as jnp
from jax.nn import (
    dot_product_attention as dot_product_attention,
    get_scaled_dot_general_config as get_scaled_dot_general_config,
    initializers as initializers,
    log1mexp as log1mexp,
    log_softmax as log_softmax,
    logmeanexp as logmeanexp,
    logsumexp as logsumexp,
    one_hot as one_hot,
    scaled_dot_general as scaled_dot_general,
    scaled_matmul as scaled_matmul,
    softmax as softmax,
    standardize as standardize,
)
from jaxtyping import Array, ArrayLike, Float

from jaxact._numeric import real
from jaxact.functions import (
    exponential,
    gelu as _gelu,
    glu as _glu,
    rectified,
    sigmoidal,
    softplus as _softplus,
)
from jaxact.functions.exponential import selu as selu
from jaxact.functions.gated import mish as mish, silu as silu
from jaxact.functions.hard import (
    hard_sigmoid as hard_sigmoid,
    hard_silu as hard_silu,
    hard_tanh as hard_tanh,
    sparse_plus as sparse_plus,
    sparse_sigmoid as sparse_sigmoid,
)
from jaxact.functions.polynomial import identity as identity
from jaxact.functions.rectified import relu as relu, relu6 as relu6
from jaxact.functions.sigmoidal import sigmoid as sigmoid, soft_sign as soft_sign
from jaxact.functions.softplus import log_sigmoid as log_sigmoid

swish = silu
hard_swish = hard_silu

# `import jaxact.nn.initializers` looks here, as `import os.path` does.
sys.modules[f"{__name__}.initializers"] = initializers


def tanh(x: ArrayLike, /) -> Float[Array, "..."]:
    """Hyperbolic tangent; see `jaxact.tanh`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[-1, 1]`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.nn.tanh(0.5).round(3)
        Array(0.462, dtype=float32)
    """
    return sigmoidal.tanh(x)


def gelu(x: ArrayLike, approximate: bool = True) -> Float[Array, "..."]:  # noqa: FBT001, FBT002
    """Gaussian error linear unit; see `jaxact.gelu` and `jaxact.gelu_tanh`, which it chooses from.

    Args:
        x: Array of any shape.
        approximate: Whether to use the tanh approximation.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-0.1701, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.nn.gelu(2.0).round(4), jaxact.nn.gelu(2.0, approximate=False).round(4)
        (Array(1.9546, dtype=float32), Array(1.9545, dtype=float32))
    """
    return _gelu.gelu_tanh(x) if approximate else _gelu.gelu(x)


def leaky_relu(x: ArrayLike, negative_slope: ArrayLike = 0.01) -> Float[Array, "..."]:
    """Leaky rectified linear unit; see `jaxact.leaky_relu`.

    Args:
        x: Array of any shape.
        negative_slope: Steepness for negative `x`; broadcasts with `x`.

    Returns:
        Array of the floating dtype of `x`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.nn.leaky_relu(-2.0, 0.1)
        Array(-0.2, dtype=float32)
    """
    return rectified.leaky_relu(_spread("leaky_relu", x, negative_slope), slope=negative_slope)


def elu(x: ArrayLike, alpha: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Exponential linear unit; see `jaxact.elu`.

    Args:
        x: Array of any shape.
        alpha: Depth of the negative side, in `[0, inf)`; broadcasts with `x`.

    Returns:
        Array of the floating dtype of `x`; values in `[-alpha, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If `alpha` is a negative number.

    Examples:
        >>> jaxact.nn.elu(-2.0, alpha=0.5).round(3)
        Array(-0.432, dtype=float32)
    """
    return exponential.elu(_spread("elu", x, alpha), scale=alpha)


def celu(x: ArrayLike, alpha: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Continuously differentiable exponential linear unit; see `jaxact.celu`.

    Args:
        x: Array of any shape.
        alpha: Depth of the negative side, in `(0, inf)`; broadcasts with `x`.

    Returns:
        Array of the floating dtype of `x`; values in `[-alpha, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If `alpha` is no positive number.

    Examples:
        >>> jaxact.nn.celu(jnp.array([-2.0]), alpha=0.5).round(3)
        Array([-0.49100003], dtype=float32)
    """
    return exponential.celu(_spread("celu", x, alpha), scale=alpha)


def softplus(x: ArrayLike) -> Float[Array, "..."]:
    """Softplus, `log(1 + exp(x))`; see `jaxact.softplus`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `[0, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.nn.softplus(0.0).round(4)
        Array(0.6931, dtype=float32)
    """
    return _softplus.softplus(x)


def squareplus(x: ArrayLike, b: ArrayLike = 4) -> Float[Array, "..."]:
    """Squareplus, `(x + sqrt(x**2 + b)) / 2`; see `jaxact.squareplus`.

    Args:
        x: Array of any shape.
        b: Smoothness at 0, in `[0, inf)`; broadcasts with `x`.

    Returns:
        Array of the floating dtype of `x`; values in `[0, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If `b` is a negative number.

    Examples:
        >>> jaxact.nn.squareplus(0.0)
        Array(1., dtype=float32)
    """
    return _softplus.squareplus(_spread("squareplus", x, b), smoothness=b)


def glu(x: ArrayLike, axis: int = -1) -> Float[Array, "..."]:
    """Gated linear unit: one half of `x` times the sigmoid of the other; see `jaxact.glu`.

    Args:
        x: Array whose length along `axis` is even.
        axis: The axis that is halved.

    Returns:
        Array of the floating dtype of `x`, half as long along `axis`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If the length along `axis` is odd.

    Examples:
        >>> jaxact.nn.glu(jnp.array([2.0, 0.0]))
        Array([1.], dtype=float32)

    References:
        Dauphin et al., Language modeling with gated convolutional networks, 2016, arXiv:1612.08083.
    """
    return _glu.glu(x, axis=axis)


def _spread(name: str, x: ArrayLike, parameter: ArrayLike) -> Float[Array, "..."]:
    """Returns `x` broadcast with a parameter, which jaxact itself never lets enlarge it."""
    x = real(name, x)
    shape = jnp.broadcast_shapes(x.shape, jnp.shape(parameter))
    return x if shape == x.shape else jnp.broadcast_to(x, shape)


def __getattr__(name: str) -> Any:
    """Hands through what a newer jax.nn has."""
    if name.startswith("_") or not hasattr(jax.nn, name):
        raise AttributeError(f"Neither jaxact.nn nor jax.nn {jax.__version__} has {name!r}.")
    return getattr(jax.nn, name)


def __dir__() -> list[str]:
    """The names of the installed jax.nn."""
    return [name for name in dir(jax.nn) if not name.startswith("_")]
