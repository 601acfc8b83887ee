"""Steps that train: each has the values of a step and, in place of its slope, which is 0, that of a ramp.

Their slopes are those of no formula, so they are not in `jaxact.specs`. `jaxact.transform.surrogate` makes
others.
"""

import functools

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._numeric import Either, elementwise
from jaxact._spec import Parameter
from jaxact.functions.hard import hard_tanh, heaviside
from jaxact.transform.surrogate import surrogate


def _binary(x: Array) -> Array:
    """1 where `x >= 0`, -1 elsewhere."""
    return 2 * heaviside(x) - 1


_straight_through = surrogate(_binary, hard_tanh)


@functools.partial(elementwise, slope=lambda x: Either(jnp.abs(x) <= 1, 1, 0))
def sign_ste(x: ArrayLike) -> Float[Array, "..."]:
    """Sign with the straight-through estimator: 1 where `x >= 0` and -1 elsewhere, with another slope.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values -1 and 1. The slope taken is that of
        `hard_tanh`, 1 where `|x| <= 1` and 0 elsewhere.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> import jax
        >>> import jaxact
        >>> float(jaxact.sign_ste(-0.5)), float(jax.grad(jaxact.sign_ste)(-0.5))
        (-1.0, 1.0)

    References:
        Hubara et al. 2016, Binarized neural networks: training deep neural networks with weights and
        activations constrained to +1 or -1, arXiv:1602.02830.
    """
    return _binary(x)  # pyright: ignore[reportArgumentType]  # a body is given arrays


@functools.partial(
    elementwise,
    parameters=(
        Parameter(
            "threshold", "(-inf, inf)", "Where it jumps", "Liu et al. 2020, alpha", learned=True, default=0.0
        ),
    ),
    slope=lambda x, threshold: Either(jnp.abs(x - threshold) <= 1, 1, 0),
)
def rsign(x: ArrayLike, *, threshold: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Sign with a learned threshold, 1 where `x > threshold`, -1 elsewhere, differentiated as `hard_tanh`.

    Args:
        x: Array of any shape.
        threshold: Where it jumps; broadcasts against `x`, to be learned, one for a channel. The slope taken
            in it is minus that in `x`.

    Returns:
        Array of the shape and floating dtype of `x`; values -1 and 1. The slope taken is 1 where
        `|x - threshold| <= 1` and 0 elsewhere; the authors' code takes `2 - 2 * |x - threshold|` there.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> import jax
        >>> import jaxact
        >>> float(jaxact.rsign(0.3, threshold=0.5))
        -1.0
        >>> float(jax.grad(lambda t: jaxact.rsign(0.3, threshold=t))(0.5))
        -1.0

    References:
        Liu et al. 2020, ReActNet: towards precise binary neural network with generalized activation
        functions, arXiv:2003.03488.
    """
    return -_straight_through(threshold - x)  # pyright: ignore[reportOperatorIssue]  # a body is given arrays


@functools.partial(
    elementwise,
    parameters=(
        Parameter(
            "sharpness", "(0, inf)", "How fast the slope falls", "Zenke and Ganguli 2018, beta", default=1.0
        ),
    ),
    slope=lambda x, sharpness: (1 / (1 + sharpness * jnp.abs(x))) ** 2,
)
def heaviside_surrogate(x: ArrayLike, *, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:  # noqa: ARG001  # of the slope
    """Unit step with the slope of SuperSpike: 1 where `x >= 0` and 0 elsewhere.

    Args:
        x: Array of any shape, the potential less the threshold.
        sharpness: How fast the slope falls beside 0; broadcasts against `x`. In `(0, inf)`. The default is
            that of Zenke and Ganguli 2018, beta, in 1 / mV; snntorch takes 25.

    Returns:
        Array of the shape and floating dtype of `x`; values 0 and 1. The slope taken is
        `1 / (1 + sharpness * |x|)**2`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> import jax
        >>> import jaxact
        >>> float(jaxact.heaviside_surrogate(0.5)), float(jax.grad(jaxact.heaviside_surrogate)(1.0))
        (1.0, 0.25)

    References:
        Zenke and Ganguli 2018, SuperSpike: supervised learning in multilayer spiking neural networks,
        arXiv:1705.11146.
    """
    return heaviside(x)
