"""Functions that divide a row by its norm or by the spread of its entries."""

import functools

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _logistic as logistic
from jaxact._operations import operation
from jaxact._spec import Parameter
from jaxact._vectors import Numbers


def _norm(x: Array, axis: int) -> tuple[Array, Array]:
    """The direction of a row and its Euclidean norm, of any size."""
    top = jnp.max(jnp.abs(x), axis, keepdims=True, initial=0)
    unit = jnp.where(top > 0, top, 1)
    scaled = x / unit
    root = jnp.sqrt(jnp.sum(scaled * scaled, axis, keepdims=True))
    return scaled / jnp.where(root > 0, root, 1), top * root


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _squashed(x: Array, axis: int) -> Array:
    direction, norm = _norm(x, axis)
    small = jnp.minimum(norm, 1)
    low = small * small / (1 + small * small)
    inverse = 1 / jnp.maximum(norm, 1)
    return direction * jnp.where(norm <= 1, low, 1 / (1 + inverse * inverse))


@_squashed.defjvp
def _(axis: int, primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    direction, norm = _norm(x, axis)
    inverse = 1 / jnp.maximum(norm, 1)
    small = jnp.minimum(norm, 1)
    gain = jnp.where(norm <= 1, small / (1 + small * small), inverse / (1 + inverse * inverse))
    # the gain's own slope times the norm: n (1 - n**2) / (1 + n**2)**2
    balance = jnp.where(
        norm <= 1,
        (1 - small * small) / (1 + small * small),
        (inverse * inverse - 1) / (inverse * inverse + 1),
    )
    along = jnp.sum(direction * dx, axis, keepdims=True)
    return _squashed(x, axis), gain * (dx + direction * (balance * along))


@operation(
    "row",
    formula="x / |x| * |x|**2 / (1 + |x|**2)",
    paper="Sabour et al. 2017, Dynamic routing between capsules, arXiv:1710.09829",
    laws=("equivariant",),
    lipschitz=0.75 * 3**0.5 / 2,
)
def squash(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """Squashing, `x / |x| * |x|**2 / (1 + |x|**2)`: a row keeps its direction and gets a norm below 1.

    Its derivative at 0 is 0.

    Examples:
        >>> jaxact.squash(jnp.array([0.0, 3.0]))
        Array([0. , 0.9], dtype=float32)
    """
    return _squashed(x, axis)


@operation(
    "row",
    formula="sum_k weights[k] * x**k / |x**k| + bias, k = 1, 2, 3",
    paper="Zhuo et al. 2024, Polynomial composition activations, arXiv:2411.03884",
    parameters=(Parameter("bias", "(-inf, inf)", "Added", "Zhuo et al. 2024, a_0", learned=True),),
)
def polynorm(
    x: ArrayLike, *, axis: int = -1, weights: Numbers = (1 / 3, 1 / 3, 1 / 3), bias: ArrayLike = 0.0
) -> Float[Array, "..."]:
    """Powers of a row, each divided by its norm, weighted: `sum_k weights[k] * x**k / |x**k| + bias`.

    Args:
        weights: Of the powers 1, 2, ...; numbers along the first axis, to be learned.

    Examples:
        >>> jaxact.polynorm(jnp.array([3.0, 4.0]), weights=(1.0,)).round(3)
        Array([0.6, 0.8], dtype=float32)
    """
    top = jnp.max(jnp.abs(x), axis, keepdims=True, initial=0)
    unit = x / jnp.where(top > 0, jax.lax.stop_gradient(top), 1)  # it cancels
    total, power = jnp.zeros_like(x) + bias, jnp.ones_like(x)
    for weight in jnp.asarray(weights):
        power = power * unit
        squares = jnp.sum(power * power, axis, keepdims=True)
        total = total + weight * power * jax.lax.rsqrt(jnp.where(squares > 0, squares, 1))
    return total


@operation(
    "row",
    formula="(p + (1 - p) * slope) * x, p = sigmoid((x - mean(x)) / sqrt(var(x) + 1e-8))",
    paper="Zhou et al. 2018, Deep interest network for click-through rate prediction, arXiv:1706.06978",
    parameters=(
        Parameter("slope", "(-inf, inf)", "Slope where the gate is shut", "Zhou et al. 2018", learned=True),
    ),
    laws=("equivariant",),
)
def dice(x: ArrayLike, *, axis: int = 0, slope: ArrayLike = 0.25) -> Float[Array, "..."]:
    """Data adaptive rectifier: a leaky one whose soft corner lies where the batch has its mean.

    Mean and (biased) variance are those along the axis, the first by default, where the rows of a batch lie.

    Examples:
        >>> [round(y, 3) for y in jaxact.dice(jnp.array([-1.0, 1.0]), slope=0.0).tolist()]
        [-0.269, 0.731]
    """
    centred = x - jnp.mean(x, axis, keepdims=True)
    variance = jnp.mean(centred * centred, axis, keepdims=True)
    gate = logistic.sigmoid(centred * jax.lax.rsqrt(variance + 1e-8))
    return (gate + (1 - gate) * slope) * x


@operation(
    "row",
    formula="max(x - mean(x), 0)",
    paper="Dubey and Chakraborty 2018, Average biased ReLU based CNN descriptor for improved face retrieval, arXiv:1804.02051",
    laws=("shift_invariant", "equivariant", "homogeneous"),
    lipschitz=1.0,
)
def abrelu(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """Average biased rectifier, `relu(x - mean(x))`.

    Examples:
        >>> jaxact.abrelu(jnp.array([1.0, 3.0]))
        Array([0., 1.], dtype=float32)
    """
    above = x - jnp.mean(x, axis, keepdims=True)
    return jnp.where(above <= 0, 0, above)
