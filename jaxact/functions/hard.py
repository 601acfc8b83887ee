"""Piecewise linear and quadratic stand-ins for smooth functions."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._numeric import Either
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter


def _ramp(x: Array) -> Array:
    """`(x + 3) / 6` between 0 and 1, in the form that is rounded less."""
    inside = jnp.where(x < -1, (x + 3) / 6, 0.5 + x / 6)
    return jnp.where(x <= -3, 0, jnp.where(x >= 3, 1, inside))


@activation(
    formula="where(x < -1, -1, where(x > 1, 1, x))",
    paper="Collobert 2004, Large scale machine learning",
    image="[-1, 1]",
    aliases=("hardtanh",),
    kinks=(Kink("-1", "1"), Kink("1", "1")),
    slope=lambda x: Either(jnp.abs(x) <= 1, 1, 0),
)
def hard_tanh(x: ArrayLike) -> Float[Array, "..."]:
    """Hard hyperbolic tangent, `min(max(x, -1), 1)`.

    The derivative taken at -1 and 1 is 1, as in jax.nn.
    """
    return jnp.where(x < -1, -1, jnp.where(x > 1, 1, x))


@activation(
    formula="where(x > -3, where(x < 3, (x + 3) / 6, 1), 0)",
    paper="Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244",
    image="[0, 1]",
    kinks=(Kink("-3", "0"), Kink("3", "0")),
    slope=lambda x: Either(jnp.abs(x) < 3, 1 / 6, 0),
)
def hard_sigmoid(x: ArrayLike) -> Float[Array, "..."]:
    """Hard sigmoid, `min(max((x + 3) / 6, 0), 1)`.

    The derivative taken at -3 and 3 is 0.
    """
    return _ramp(x)


@activation(
    formula="where(slope * x + offset > 0, where(slope * x + offset < 1, slope * x + offset, 1), 0)",
    paper="ONNX 2017, operator HardSigmoid",
    image="[0, 1]",
    parameters=(
        Parameter("slope", "(0, inf)", "Steepness of the middle piece", "ONNX, HardSigmoid, alpha"),
        Parameter("offset", "(-inf, inf)", "Value at 0", "ONNX, HardSigmoid, beta"),
    ),
    kinks=(Kink("-offset / slope", "0"), Kink("(1 - offset) / slope", "0")),
    ill_conditioned="at its lower joint, where slope * x and offset cancel, without bound",
)
def hard_sigmoid_onnx(
    x: ArrayLike, *, slope: ArrayLike = 0.2, offset: ArrayLike = 0.5
) -> Float[Array, "..."]:
    """Hard sigmoid of ONNX, `min(max(slope * x + offset, 0), 1)`.

    The derivative taken at both joints is 0.
    """
    line = slope * x + offset
    return jnp.where(line <= 0, 0, jnp.where(line >= 1, 1, line))


@activation(
    formula="where(x > -3, where(x < 3, x * (x + 3) / 6, x), 0)",
    paper="Howard et al. 2019, Searching for MobileNetV3, arXiv:1905.02244",
    image="[-0.375, inf)",
    aliases=("hard_swish", "hardswish"),
    kinks=(Kink("-3", "0"), Kink("3", "1")),
)
def hard_silu(x: ArrayLike) -> Float[Array, "..."]:
    """Hard sigmoid-weighted linear unit, `x * min(max((x + 3) / 6, 0), 1)`.

    The derivative taken is the outer one: 0 at -3, 1 at 3.
    """
    return jnp.where(x <= -3, 0, jnp.where(x >= 3, x, x * _ramp(x)))


@activation(
    formula="where(x > -2, where(x < 0, x * (x / 2 + 1), x), 0)",
    paper="Misra 2019, Mish: a self regularized non-monotonic activation function, arXiv:1908.08681",
    image="[-0.5, inf)",
    kinks=(Kink("-2", "0"), Kink("0", "1")),
)
def hard_mish(x: ArrayLike) -> Float[Array, "..."]:
    """Hard mish, `x / 2 * min(max(x + 2, 0), 2)`.

    At -2 the derivative taken is 0; at 0 it is 1 from both sides.
    """
    middle = x * (x / 2 + 1)
    return jnp.where(x <= -2, 0, jnp.where(x >= 0, x, middle))


@activation(
    formula="where(x > -1, where(x < 1, (x + 1)**2 / 4, x), 0)",
    paper="Martins and Astudillo 2016, From softmax to sparsemax, arXiv:1602.02068; Blondel et al. 2019, Learning with Fenchel-Young losses, arXiv:1901.02324",
    image="[0, inf)",
    kinks=(Kink("-1", "0"), Kink("1", "1")),
)
def sparse_plus(x: ArrayLike) -> Float[Array, "..."]:
    """Sparse softplus: 0 up to -1, `(x + 1)**2 / 4` between, `x` from 1 on.

    Once differentiable; its derivative is `sparse_sigmoid`.
    """
    root = (x + 1) / 2
    return jnp.where(x <= -1, 0, jnp.where(x >= 1, x, root * root))


@activation(
    formula="where(x > -1, where(x < 1, (x + 1) / 2, 1), 0)",
    paper="Courbariaux et al. 2015, BinaryConnect, arXiv:1511.00363; Blondel et al. 2019, Learning with Fenchel-Young losses, arXiv:1901.02324",
    image="[0, 1]",
    kinks=(Kink("-1", "0.25"), Kink("1", "0.25")),
    slope=lambda x: jnp.where(jnp.abs(x) < 1, 0.5, jnp.where(jnp.abs(x) > 1, 0, 0.25)).astype(x.dtype),
)
def sparse_sigmoid(x: ArrayLike) -> Float[Array, "..."]:
    """Sparse sigmoid, `min(max((x + 1) / 2, 0), 1)`.

    The derivative taken at -1 and 1 is the mean of both sides, 1/4, as in jax.nn.
    """
    return jnp.where(x <= -1, 0, jnp.where(x >= 1, 1, (x + 1) / 2))


@activation(
    formula="sign(x)",
    paper="Widrow and Hoff 1960, Adaptive switching circuits",
    image="[-1, 1]",
    kinks=(Kink("0", "0"),),
    slope_from_output=jnp.zeros_like,
)
def sign(x: ArrayLike) -> Float[Array, "..."]:
    """Sign, 1 where `x > 0`, -1 where `x < 0` and 0 at 0.

    Its derivative is 0 everywhere; `sign_ste` trains through it.
    """
    return jnp.sign(x)


@activation(
    formula="where(x >= 0, 1, 0)",
    paper="McCulloch and Pitts 1943, A logical calculus of the ideas immanent in nervous activity",
    image="{0, 1}",
    aliases=("binary_step",),
    kinks=(Kink("0", "0"),),
    slope_from_output=jnp.zeros_like,
)
def heaviside(x: ArrayLike) -> Float[Array, "..."]:
    """Unit step, 1 where `x >= 0` and 0 elsewhere.

    Its derivative is 0 everywhere, so nothing upstream of it trains without a surrogate gradient.
    """
    return jnp.where(jnp.isnan(x), x, jnp.where(x >= 0, 1, 0))
