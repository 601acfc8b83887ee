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
    image="(-inf, inf)",
    aliases=("hardshrink",),
    parameters=(Parameter("threshold", "[0, inf)", "Half-width of the dead zone", "torch.nn.Hardshrink"),),
    kinks=(Kink("-threshold", "0"), Kink("threshold", "0")),
    slope_from_output=lambda y, threshold: Either(y == 0, 0, 1),  # noqa: ARG005  # every slope is given the parameters
)
def hard_shrink(x: ArrayLike, *, threshold: ArrayLike = 0.5) -> Float[Array, "..."]:
    """Hard shrinkage, `x` where `|x| > threshold` and 0 elsewhere.

    Jumps at both thresholds, where the derivative taken is 0.
    """
    return jnp.where(jnp.abs(x) <= threshold, 0, x)


@activation(
    formula="where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0))",
    paper="Donoho 1995, De-noising by soft-thresholding",
    image="(-inf, inf)",
    aliases=("softshrink", "soft_threshold"),
    parameters=(Parameter("threshold", "[0, inf)", "Half-width of the dead zone", "torch.nn.Softshrink"),),
    kinks=(Kink("-threshold", "0"), Kink("threshold", "0")),
    slope=lambda x, threshold: Either(jnp.abs(x) > threshold, 1, 0),
)
def soft_shrink(x: ArrayLike, *, threshold: ArrayLike = 0.5) -> Float[Array, "..."]:
    """Soft shrinkage, `sign(x) * max(|x| - threshold, 0)`.

    The proximal operator of `threshold * |x|`. The derivative taken at both joints is 0.
    """
    inner = jnp.where(x < -threshold, x + threshold, 0 * x)
    return jnp.where(x > threshold, x - threshold, inner)


@activation(
    formula="where(x > threshold, x - bias, where(x < -threshold, x + bias, 0))",
    paper="ONNX 2018, operator Shrink",
    image="(-inf, inf)",
    parameters=(
        Parameter("threshold", "[0, inf)", "Half-width of the dead zone", "ONNX, Shrink, lambd"),
        Parameter("bias", "(-inf, inf)", "How far values move towards zero", "ONNX, Shrink, bias"),
    ),
    kinks=(Kink("-threshold", "0"), Kink("threshold", "0")),
    slope=lambda x, threshold, bias: Either(jnp.abs(x) > threshold, 1, 0),  # noqa: ARG005  # every slope is given the parameters
)
def shrink(x: ArrayLike, *, threshold: ArrayLike = 0.5, bias: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Shrinkage of ONNX: `x + bias` below `-threshold`, `x - bias` above `threshold`, 0 between.

    Hard shrinkage for a bias of 0, soft shrinkage for a bias equal to the threshold. The derivative
    taken at both joints is 0.
    """
    inner = jnp.where(x < -threshold, x + bias, 0 * x)
    return jnp.where(x > threshold, x - bias, inner)


@activation(
    formula="x - tanh(x)",
    paper="Collobert et al. 2011, Torch7: a Matlab-like environment for machine learning",
    image="(-inf, inf)",
    aliases=("tanhshrink",),
    slope=lambda x: elementary.tanh(x) ** 2,
)
def tanh_shrink(x: ArrayLike) -> Float[Array, "..."]:
    """Tanh shrinkage, `x - tanh(x)`."""
    square = jnp.minimum(x * x, 1)
    # x - tanh(x) cancels near 0; Lambert's continued fraction of tanh does not.
    tail = jnp.zeros_like(x)
    for odd in range(19, 1, -2):
        tail = square / (odd + tail)
    return jnp.where(jnp.abs(x) < 1, x * tail / (1 + tail), x - elementary.tanh(x))
