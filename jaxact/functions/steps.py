"""Steps that train: each has the values of a step and, in place of its slope, which is 0, that of a ramp.

Their slopes are those of no formula, so they are `jaxact.operations`. `jaxact.transform.surrogate` makes others.
"""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._numeric import Either
from jaxact._operations import operation
from jaxact._spec import Parameter
from jaxact.functions.hard import heaviside


def _binary(x: Array) -> Array:
    """1 where `x >= 0`, -1 elsewhere."""
    return 2 * heaviside(x) - 1


@jax.custom_jvp
def _straight_through(x: Array) -> Array:
    """The same, differentiated as `hard_tanh`."""
    return _binary(x)


_straight_through.defjvps(lambda dx, _, x: jnp.where(jnp.abs(x) <= 1, dx, 0))


@operation(
    "step",
    formula="1 if x >= 0, else -1",
    paper="Hubara et al. 2016, Binarized neural networks: training deep neural networks with weights and activations constrained to +1 or -1, arXiv:1602.02830",
    slope=lambda x: Either(jnp.abs(x) <= 1, 1, 0),
)
def sign_ste(x: ArrayLike) -> Float[Array, "..."]:
    """Sign with the straight-through estimator: 1 where `x >= 0` and -1 elsewhere, with another slope.

    The slope taken is that of `hard_tanh`, 1 where `|x| <= 1` and 0 elsewhere.

    Examples:
        >>> float(jaxact.sign_ste(-0.5)), float(jax.grad(jaxact.sign_ste)(-0.5))
        (-1.0, 1.0)
    """
    return _binary(x)  # pyright: ignore[reportArgumentType]  # a body is given arrays


@operation(
    "step",
    formula="1 if x > threshold, else -1",
    paper="Liu et al. 2020, ReActNet: towards precise binary neural network with generalized activation functions, arXiv:2003.03488",
    parameters=(
        Parameter("threshold", "(-inf, inf)", "Where it jumps", "Liu et al. 2020, alpha", learned=True),
    ),
    slope=lambda x, threshold: Either(jnp.abs(x - threshold) <= 1, 1, 0),
)
def rsign(x: ArrayLike, *, threshold: ArrayLike = 0.0) -> Float[Array, "..."]:
    """Sign with a learned threshold, 1 where `x > threshold`, -1 elsewhere, differentiated as `hard_tanh`.

    The slope taken is 1 where `|x - threshold| <= 1` and 0 elsewhere, that in the threshold minus that in `x`;
    the authors' code takes `2 - 2 * |x - threshold|` there.

    Examples:
        >>> float(jaxact.rsign(0.3, threshold=0.5))
        -1.0
        >>> float(jax.grad(lambda t: jaxact.rsign(0.3, threshold=t))(0.5))
        -1.0
    """
    return -_straight_through(threshold - x)  # pyright: ignore[reportOperatorIssue]  # a body is given arrays


@operation(
    "step",
    formula="1 if x >= 0, else 0",
    paper="Zenke and Ganguli 2018, SuperSpike: supervised learning in multilayer spiking neural networks, arXiv:1705.11146",
    parameters=(
        Parameter(
            "sharpness",
            "(0, inf)",
            "How fast the slope falls beside 0",
            "Zenke and Ganguli 2018, beta in 1 / mV",
        ),
    ),
    slope=lambda x, sharpness: (1 / (1 + sharpness * jnp.abs(x))) ** 2,
)
def heaviside_surrogate(x: ArrayLike, *, sharpness: ArrayLike = 1.0) -> Float[Array, "..."]:  # noqa: ARG001  # of the slope
    """Unit step with the slope of SuperSpike: 1 where `x >= 0` and 0 elsewhere.

    The slope taken is `1 / (1 + sharpness * |x|)**2`; snntorch takes a sharpness of 25.

    Examples:
        >>> float(jaxact.heaviside_surrogate(0.5)), float(jax.grad(jaxact.heaviside_surrogate)(1.0))
        (1.0, 0.25)
    """
    return heaviside(x)
