"""Functions that pass the positive half-line and hold the negative one back."""

from collections.abc import Sequence

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._numeric import Either
from jaxact._registry import activation
from jaxact._spec import Joint, Kink, Parameter
from jaxact._vectors import Numbers, joined, same_count


def _repu_joints(power: float) -> tuple[Joint, ...]:
    return () if power > 2 else (Joint(0.0, 0.0),)


@activation(
    formula="where(x > 0, x, 0)",
    paper="Fukushima 1969, Visual feature extraction by a multilayered network of analog threshold elements; Nair and Hinton 2010, Rectified linear units improve restricted Boltzmann machines",
    image="[0, inf)",
    kinks=(Kink("0", "0"),),
    slope_from_output=lambda y: Either(y > 0, 1, 0),
)
def relu(x: ArrayLike) -> Float[Array, "..."]:
    """Rectified linear unit, `max(x, 0)`.

    The derivative taken at 0 is 0.
    """
    return jnp.where(x <= 0, 0, x)


@activation(
    formula="where(x >= 0, x, slope * x)",
    paper="Maas et al. 2013, Rectifier nonlinearities improve neural network acoustic models",
    image="(-inf, inf)",
    aliases=("lrelu",),
    parameters=(Parameter("slope", "(-inf, inf)", "Steepness for negative `x`", "Maas et al. 2013"),),
    kinks=(Kink("0", "1"),),
    slope=lambda x, slope: Either(x >= 0, 1, slope),
)
def leaky_relu(x: ArrayLike, *, slope: ArrayLike = 0.01) -> Float[Array, "..."]:
    """Leaky rectified linear unit, `x` where `x >= 0` and `slope * x` elsewhere.

    The derivative taken at 0 is 1, as in jax.nn.
    """
    return jnp.where(x >= 0, x, elementary.line(slope, x))


@activation(
    formula="where(x >= 0, x, slope * x)",
    paper="He et al. 2015, Delving deep into rectifiers, arXiv:1502.01852",
    image="(-inf, inf)",
    parameters=(
        Parameter("slope", "(-inf, inf)", "Steepness for negative `x`", "He et al. 2015", learned=True),
    ),
    kinks=(Kink("0", "1"),),
    slope=lambda x, slope: Either(x >= 0, 1, slope),
)
def prelu(x: ArrayLike, *, slope: ArrayLike = 0.25) -> Float[Array, "..."]:
    """Parametric rectified linear unit, `x` where `x >= 0` and `slope * x` elsewhere, slope learned.

    The leaky rectifier with a slope that is trained, one for all channels or one for each. The
    derivative taken at 0 is 1.
    """
    return jnp.where(x >= 0, x, elementary.line(slope, x))


@activation(
    formula="where(x > 0, where(x < 6, x, 6), 0)",
    paper="Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10",
    image="[0, 6]",
    kinks=(Kink("0", "0"), Kink("6", "0")),
    slope_from_output=lambda y: Either((y > 0) & (y < 6), 1, 0),
)
def relu6(x: ArrayLike) -> Float[Array, "..."]:
    """Rectified linear unit clipped at 6, `min(max(x, 0), 6)`.

    The derivative taken at 0 and at 6 is 0.
    """
    return jnp.where(x <= 0, 0, jnp.where(x >= 6, 6, x))


@activation(
    formula="where(x > 0, x * x, 0)",
    paper="So et al. 2021, Primer: searching for efficient transformers for language modeling, arXiv:2109.08668",
    image="[0, inf)",
    aliases=("squared_relu", "relu_squared"),
    kinks=(Kink("0", "0"),),
)
def relu2(x: ArrayLike) -> Float[Array, "..."]:
    """Squared rectified linear unit, `max(x, 0)**2`.

    Once differentiable at 0.
    """
    return jnp.where(x <= 0, 0, x * x)


@activation(
    formula="where(x > 0, max(x, 0)**power, 0)",
    paper="Li et al. 2019, Better approximations of high dimensional smooth functions by deep neural networks with rectified power units, arXiv:1903.05858",
    image="[0, inf)",
    aliases=("power_relu", "recu"),
    parameters=(
        Parameter(
            "power", "[2, inf)", "Exponent, 2 for ReQU and 3 for ReCU", "Li et al. 2019, the cubic one"
        ),
    ),
    kinks=_repu_joints,
    slope=lambda x, power: jnp.where(x > 0, power * jnp.where(x <= 0, 1, x) ** (power - 1), 0),
)
def repu(x: ArrayLike, *, power: ArrayLike = 3.0) -> Float[Array, "..."]:
    """Rectified power unit, `max(x, 0)**power`.

    As often differentiable at 0 as the power is above 1. The square is `relu2`.
    """
    return jnp.where(x <= 0, 0, jnp.where(x <= 0, 1, x) ** power)


@activation(
    formula="where(x > 0, scale * x * x, 0) + shift",
    paper="Yu et al. 2022, MetaFormer baselines for vision, arXiv:2210.13452",
    image="[shift, inf)",
    parameters=(
        Parameter("scale", "(-inf, inf)", "Factor of the square", "Yu et al. 2022, s", learned=True),
        Parameter("shift", "(-inf, inf)", "Value up to 0", "Yu et al. 2022, b", learned=True),
    ),
    kinks=(Kink("0", "0"),),
    slope=lambda x, scale, shift: jnp.where(x > 0, 2 * scale * x, 0),  # noqa: ARG005  # every slope is given the parameters
    ill_conditioned="where scale * x**2 and shift cancel, without bound",
)
def star_relu(x: ArrayLike, *, scale: ArrayLike = 0.8944, shift: ArrayLike = -0.4472) -> Float[Array, "..."]:
    """StarReLU, `scale * max(x, 0)**2 + shift`, both learned.

    The defaults give a standard normal `x` mean 0 and variance 1. Once differentiable at 0.
    """
    return jnp.where(x <= 0, 0, elementary.line(elementary.line(scale, x), x)) + shift


@activation(
    formula="where(x > 0, where(x < maximum, x, maximum), 0)",
    paper="Hannun et al. 2014, Deep Speech, arXiv:1412.5567; Liew et al. 2016, Bounded activation functions for enhanced training stability of deep neural networks",
    image="[0, maximum]",
    aliases=("bounded_relu",),
    parameters=(
        Parameter(
            "maximum",
            "(0, inf)",
            "Largest value",
            "Kunc and Klema 2024, arXiv:2402.09092, section on the bounded ReLU",
        ),
    ),
    kinks=(Kink("0", "0"), Kink("maximum", "0")),
    slope=lambda x, maximum: Either((x > 0) & (x < maximum), 1, 0),
    slope_from_output=lambda y, maximum: Either((y > 0) & (y < maximum), 1, 0),
)
def clipped_relu(x: ArrayLike, *, maximum: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Rectified linear unit clipped at a maximum, `min(max(x, 0), maximum)`.

    The derivative taken at both joints is 0.
    """
    return jnp.where(x <= 0, 0, jnp.where(x >= maximum, maximum, x))


@activation(
    formula="abs(x)",
    paper="Hu 2018, vReLU activation functions for artificial neural networks",
    image="[0, inf)",
    aliases=("abs", "vrelu", "modulus"),
    kinks=(Kink("0", "0"),),
    slope=jnp.sign,
)
def absolute(x: ArrayLike) -> Float[Array, "..."]:
    """Absolute value, `|x|`.

    The derivative taken at 0 is 0.
    """
    return jnp.abs(x)


def _crossing(**parameters: float) -> tuple[Joint, ...]:
    """Where the first two lines meet."""
    (first, second), (low, high) = (joined(parameters)[name] for name in ("slopes", "intercepts"))
    return () if first == second else (Joint((high - low) / (first - second), second),)


def _steepest(x: Array, slopes: Sequence[Array], intercepts: Sequence[Array]) -> tuple[Array, Array]:
    """The largest of some lines and its slope; of equal ones that of the last."""
    value, slope = elementary.line(slopes[0], x) + intercepts[0], slopes[0]
    for steepness, height in zip(slopes[1:], intercepts[1:], strict=True):
        other = elementary.line(steepness, x) + height
        slope = jnp.where(other >= value, steepness, slope)
        value = jnp.maximum(other, value)
    return value, slope


@activation(
    formula="max(slopes[0] * x + intercepts[0], slopes[1] * x + intercepts[1])",
    paper="Chen et al. 2020, Dynamic ReLU, arXiv:2003.10027",
    image="(-inf, inf)",
    aliases=("dynamic_relu",),
    parameters=(
        Parameter("slopes", "(-inf, inf)", "Of the lines", "Chen et al. 2020, a", learned=True),
        Parameter("intercepts", "(-inf, inf)", "Their values at 0", "Chen et al. 2020, b", learned=True),
    ),
    kinks=_crossing,
    slope=lambda x, slopes, intercepts: _steepest(x, slopes, intercepts)[1],
    ill_conditioned="where a line crosses 0, without bound",
)
def dy_relu(
    x: ArrayLike, *, slopes: Numbers = (1.0, 0.0), intercepts: Numbers = (0.0, 0.0)
) -> Float[Array, "..."]:
    """Dynamic rectifier, `max(slopes[k] * x + intercepts[k] for k)`: the largest of some lines.

    Of any number of lines. In the paper a small network makes the coefficients of every input from its mean;
    they broadcast against `x`. It starts as the rectifier, whose derivative at 0 is taken as 0.
    """
    same_count("dy_relu", slopes=slopes, intercepts=intercepts)
    return _steepest(x, slopes, intercepts)[0]
