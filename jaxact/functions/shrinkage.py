"""Functions that draw their argument towards zero."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._numeric import Either
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


@activation(
    formula="where(abs(x) > threshold, x, 0)",
    paper="Donoho and Johnstone 1994, Ideal spatial adaptation by wavelet shrinkage",
    aliases=("hardshrink",),
    parameters=(Parameter("threshold", "[0, inf)", "torch.nn.Hardshrink"),),
    kinks=(Kink("-threshold", "0"), Kink("threshold", "0")),
    slope_from_output=lambda y, threshold: Either(y == 0, 0, 1),  # noqa: ARG005  # every slope is given the parameters
)
def hard_shrink(x: ArrayLike, *, threshold: ArrayLike = 0.5) -> Float[Array, "..."]:
    """Hard shrinkage, `x` where `|x| > threshold` and 0 elsewhere.

    Jumps at both thresholds, where the derivative taken is 0.

    Args:
        x: Array of any shape.
        threshold: Half-width of the dead zone. In `[0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.hard_shrink(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-2.,  0.,  2.], dtype=float32)

    References:
        Donoho and Johnstone, Ideal spatial adaptation by wavelet shrinkage, 1994.
    """
    return jnp.where(jnp.abs(x) <= threshold, 0, x)


@activation(
    formula="where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0))",
    paper="Donoho 1995, De-noising by soft-thresholding",
    aliases=("softshrink", "soft_threshold"),
    parameters=(Parameter("threshold", "[0, inf)", "torch.nn.Softshrink"),),
    kinks=(Kink("-threshold", "0"), Kink("threshold", "0")),
    slope=lambda x, threshold: Either(jnp.abs(x) > threshold, 1, 0),
)
def soft_shrink(x: ArrayLike, *, threshold: ArrayLike = 0.5) -> Float[Array, "..."]:
    """Soft shrinkage, `sign(x) * max(|x| - threshold, 0)`.

    The proximal operator of `threshold * |x|`. The derivative taken at both joints is 0.

    Args:
        x: Array of any shape.
        threshold: Half-width of the dead zone. In `[0, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.soft_shrink(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-1.5000001,  0.       ,  1.5000001], dtype=float32)

    References:
        Donoho, De-noising by soft-thresholding, 1995.
    """
    inner = jnp.where(x < -threshold, x + threshold, 0 * x)
    return jnp.where(x > threshold, x - threshold, inner)


@activation(
    formula="where(x > threshold, x - bias, where(x < -threshold, x + bias, 0))",
    paper="ONNX 2018, operator Shrink",
    parameters=(
        Parameter("threshold", "[0, inf)", "ONNX, Shrink, lambd"),
        Parameter("bias", "(-inf, inf)", "ONNX, Shrink, bias"),
    ),
    kinks=(Kink("-threshold", "0"), Kink("threshold", "0")),
    slope=lambda x, threshold, bias: Either(jnp.abs(x) > threshold, 1, 0),  # noqa: ARG005  # every slope is given the parameters
)
def shrink(x: ArrayLike, *, threshold: ArrayLike = 0.5, bias: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Shrinkage of ONNX: `x + bias` below `-threshold`, `x - bias` above `threshold`, 0 between.

    Hard shrinkage for a bias of 0, soft shrinkage for a bias equal to the threshold. The derivative
    taken at both joints is 0.

    Args:
        x: Array of any shape.
        threshold: Half-width of the dead zone. In `[0, inf)`.
        bias: How far values move towards zero. In `(-inf, inf)`.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.
        ValueError: If a parameter is outside its domain.

    Examples:
        >>> jaxact.shrink(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-2.,  0.,  2.], dtype=float32)

    References:
        ONNX operators, Shrink, 2018.
    """
    inner = jnp.where(x < -threshold, x + bias, 0 * x)
    return jnp.where(x > threshold, x - bias, inner)


@activation(
    formula="x - tanh(x)",
    paper="Collobert et al. 2011, Torch7: a Matlab-like environment for machine learning",
    aliases=("tanhshrink",),
    slope=lambda x: elementary.tanh(x) ** 2,
)
def tanh_shrink(x: ArrayLike) -> Float[Array, "..."]:
    """Tanh shrinkage, `x - tanh(x)`.

    Args:
        x: Array of any shape.

    Returns:
        Array of the shape and floating dtype of `x`; values in `(-inf, inf)`.

    Raises:
        TypeError: If `x` is complex.

    Examples:
        >>> jaxact.tanh_shrink(jnp.array([-2.0, 0.0, 2.0])).round(3)
        Array([-1.036,  0.   ,  1.036], dtype=float32)

    References:
        Collobert, Kavukcuoglu and Farabet, Torch7: a Matlab-like environment for machine learning,
        2011.
    """
    square = jnp.minimum(x * x, 1)
    # x - tanh(x) cancels near 0; Lambert's continued fraction of tanh does not.
    tail = jnp.zeros_like(x)
    for odd in range(19, 1, -2):
        tail = square / (odd + tail)
    return jnp.where(jnp.abs(x) < 1, x * tail / (1 + tail), x - elementary.tanh(x))
