"""Rows turned into probabilities, or weighted by them."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Bool, Float

from jaxact import _logistic as logistic
from jaxact._operations import operation
from jaxact._spec import Parameter

Changes = dict[str, Array]


def _below_top(x: Array, axis: int, where: Array | None, top_at_least: float = -jnp.inf) -> Array:
    """`x` minus its largest entry, which are two of infinity's if there are two; minus infinity if masked."""
    if where is not None:
        x = jnp.where(where, x, -jnp.inf)
    top = jnp.max(x, axis, keepdims=True, initial=top_at_least)
    below = jnp.where(x == top, 0, x - top)
    return jnp.where(top == -jnp.inf, -jnp.inf, below)


def _shares(parts: Array, axis: int) -> Array:
    """Nonnegative numbers divided by their sum; 0 if all are."""
    total = jnp.sum(parts, axis, keepdims=True)
    return parts / jnp.where(total == 0, 1, total)


def _along_shares(y: Array, dx: Array, _at: Changes, _changes: Changes, axis: int) -> Array:
    """The tangent of a softmax, from its output."""
    return y * (dx - jnp.sum(y * dx, axis, keepdims=True))


def _along_minus_shares(y: Array, dx: Array, at: Changes, changes: Changes, axis: int) -> Array:
    return _along_shares(y, -dx, at, changes, axis)


def _along_logarithm(y: Array, dx: Array, _at: Changes, _changes: Changes, axis: int) -> Array:
    inside = y > -jnp.inf
    mean = jnp.sum(jnp.where(inside, jnp.exp(y) * dx, 0), axis, keepdims=True)
    return jnp.where(inside | jnp.isnan(y), dx - mean, 0)  # what was masked does not move


_SIMPLEX = ("simplex", "shift_invariant", "equivariant")


@operation(
    "row",
    formula="exp(x_i) / sum_j exp(x_j)",
    paper="Bridle 1990, Probabilistic interpretation of feedforward classification network outputs",
    laws=_SIMPLEX,
    lipschitz=0.5,
    tangent=_along_shares,
)
def softmax(x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None) -> Float[Array, "..."]:
    """Softmax, `exp(x_i) / sum_j exp(x_j)`.

    Entries that are masked or minus infinity get 0, and so does every entry of a row that has no others;
    several of plus infinity share 1. In float32 and float64 the backward pass keeps the output alone.

    Examples:
        >>> jaxact.softmax(jnp.array([0.0, 0.0, -jnp.inf]))
        Array([0.5, 0.5, 0. ], dtype=float32)
    """
    return _shares(jnp.exp(_below_top(x, axis, where)), axis)


@operation(
    "row",
    formula="x_i - log(sum_j exp(x_j))",
    paper="Bridle 1990, Probabilistic interpretation of feedforward classification network outputs",
    laws=("equivariant", "shift_invariant"),
    tangent=_along_logarithm,
)
def log_softmax(
    x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None
) -> Float[Array, "..."]:
    """Logarithm of the softmax, `x_i - log(sum_j exp(x_j))`.

    Minus infinity where the softmax is 0 by a mask or an entry of minus infinity.

    Examples:
        >>> jaxact.log_softmax(jnp.array([0.0, 0.0])).round(4)
        Array([-0.6931, -0.6931], dtype=float32)
    """
    below = _below_top(x, axis, where)
    total = jnp.sum(jnp.exp(below), axis, keepdims=True)
    return below - jnp.log(jnp.where(total == 0, 1, total))


@operation(
    "row",
    formula="exp(-x_i) / sum_j exp(-x_j)",
    paper="Goodfellow et al. 2016, Deep learning",
    laws=_SIMPLEX,
    lipschitz=0.5,
    tangent=_along_minus_shares,
)
def softmin(x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None) -> Float[Array, "..."]:
    """Softmin, `softmax(-x)`.

    Examples:
        >>> jaxact.softmin(jnp.array([0.0, 0.0, jnp.inf]))
        Array([0.5, 0.5, 0. ], dtype=float32)
    """
    return _shares(jnp.exp(_below_top(-x, axis, where)), axis)


@operation(
    "row",
    formula="exp(x_c) / sum_d exp(x_d) over channels",
    paper="Bridle 1990, Probabilistic interpretation of feedforward classification network outputs",
    laws=_SIMPLEX,
    lipschitz=0.5,
    tangent=_along_shares,
)
def softmax2d(
    x: ArrayLike, *, axis: int = -3, where: Bool[Array, "..."] | None = None
) -> Float[Array, "..."]:
    """Softmax over the channels of images, the third axis from the end.

    Examples:
        >>> jaxact.softmax2d(jnp.zeros((2, 1, 1))).ravel()
        Array([0.5, 0.5], dtype=float32)
    """
    return _shares(jnp.exp(_below_top(x, axis, where)), axis)


@operation(
    "row",
    formula="exp(x_i / temperature) / sum_j exp(x_j / temperature)",
    paper="Hinton et al. 2015, Distilling the knowledge in a neural network, arXiv:1503.02531",
    aliases=("temperature_softmax", "beta_softmax"),
    parameters=(
        Parameter("temperature", "(0, inf)", "How even the result is", "Hinton et al. 2015, T", learned=True),
    ),
    laws=_SIMPLEX,
    lipschitz=0.5,
)
def tempered_softmax(
    x: ArrayLike,
    *,
    axis: int = -1,
    where: Bool[Array, "..."] | None = None,
    temperature: ArrayLike = 1.0,
) -> Float[Array, "..."]:
    """Softmax at a temperature, `softmax(x / temperature)`.

    Its Lipschitz constant is `1 / (2 * temperature)`.

    Examples:
        >>> jaxact.tempered_softmax(jnp.array([0.0, 1.0]), temperature=1e6).round(3)
        Array([0.5, 0.5], dtype=float32)
    """
    return jax.nn.softmax(_below_top(x, axis, where) / temperature, axis, where=where)


@operation(
    "row",
    formula="exp(x_i) / (1 + sum_j exp(x_j))",
    paper="Miller 2023, Attention is off by one",
    aliases=("softmax1", "quiet_softmax", "softmax_off_by_one"),
    laws=("equivariant",),
    lipschitz=0.5,
    tangent=_along_shares,
)
def softmax_one(
    x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None
) -> Float[Array, "..."]:
    """Softmax with one more entry of 0, which is left out of the result: a row may attend to nothing.

    Examples:
        >>> jaxact.softmax_one(jnp.array([-100.0, -100.0]))
        Array([0., 0.], dtype=float32)
    """
    masked = x if where is None else jnp.where(where, x, -jnp.inf)
    top = jnp.max(masked, axis, keepdims=True, initial=0)
    parts = jnp.exp(_below_top(x, axis, where, top_at_least=0.0))
    return parts / (jnp.exp(-top) + jnp.sum(parts, axis, keepdims=True))


@operation(
    "row",
    formula="exp(x_i) * sigmoid(x_i) / sum_j exp(x_j) * sigmoid(x_j)",
    paper="Kanai et al. 2018, Sigsoftmax: reanalysis of the softmax bottleneck, arXiv:1805.10829",
    laws=("simplex", "equivariant"),
    lipschitz=1.0,
)
def sigsoftmax(
    x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None
) -> Float[Array, "..."]:
    """Softmax of `x + log(sigmoid(x))`, whose logarithm is no linear function of `x`.

    Examples:
        >>> jaxact.sigsoftmax(jnp.array([0.0, 0.0]))
        Array([0.5, 0.5], dtype=float32)
    """
    finite = jnp.maximum(x, jnp.finfo(x.dtype).min)
    weights = jnp.where(jnp.isneginf(x), x, finite - logistic.softplus(-finite))
    return _shares(jnp.exp(_below_top(weights, axis, where)), axis)


@operation(
    "row",
    formula="(1 + x_i + x_i**2 / 2) / sum_j (1 + x_j + x_j**2 / 2)",
    paper="de Brébisson and Vincent 2015, An exploration of softmax alternatives belonging to the spherical loss family, arXiv:1511.05042",
    laws=("simplex", "equivariant"),
)
def taylor_softmax(
    x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None
) -> Float[Array, "..."]:
    """Softmax with the second Taylor polynomial in the place of the exponential; never 0.

    Examples:
        >>> [round(y, 4) for y in jaxact.taylor_softmax(jnp.array([0.0, 2.0])).tolist()]
        [0.1667, 0.8333]
    """
    mask = jnp.ones(x.shape, bool) if where is None else where
    top = jnp.max(jnp.where(mask, jnp.abs(x), 0), axis, keepdims=True, initial=1)
    unit = jax.lax.stop_gradient(1 / jnp.where(jnp.isinf(top), 1, top))  # it cancels
    inside = jnp.where(jnp.isinf(x), 0, x) * unit
    parts = unit * unit + unit * inside + inside * inside / 2
    parts = jnp.where(jnp.isinf(top), jnp.isinf(x).astype(x.dtype), parts)
    return _shares(jnp.where(mask, jnp.where(jnp.isnan(x), x, parts), 0), axis)


@operation(
    "row",
    formula="(x_i + offset)**2 / sum_j (x_j + offset)**2",
    paper="Wuraola et al. 2021, Efficient activation functions for embedded inference engines",
    aliases=("square_softmax",),
    parameters=(Parameter("offset", "(-inf, inf)", "Added before the square", "Wuraola et al. 2021, c"),),
    laws=("simplex", "equivariant"),
)
def sqmax(
    x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None, offset: ArrayLike = 4.0
) -> Float[Array, "..."]:
    """Softmax with squares in the place of exponentials, `(x_i + offset)**2 / sum_j (x_j + offset)**2`.

    Examples:
        >>> [round(y, 4) for y in jaxact.sqmax(jnp.array([-3.0, -2.0])).tolist()]
        [0.2, 0.8]
    """
    shifted = x + offset
    mask = jnp.ones(x.shape, bool) if where is None else where
    top = jnp.max(jnp.where(mask, jnp.abs(shifted), 0), axis, keepdims=True, initial=0)
    unit = jax.lax.stop_gradient(1 / jnp.where((top > 0) & ~jnp.isinf(top), top, 1))  # it cancels
    parts = jnp.where(jnp.isinf(top), jnp.where(jnp.isinf(shifted), 1, 0), shifted * unit)
    return _shares(jnp.where(mask, jnp.where(jnp.isnan(x), x, parts * parts), 0), axis)


@operation(
    "row",
    formula="x_i * exp(x_i) / sum_j exp(x_j)",
    paper="Elhage et al. 2022, Softmax linear units, Transformer circuits thread",
    laws=("equivariant",),
)
def solu(x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None) -> Float[Array, "..."]:
    """Softmax linear unit, `x * softmax(x)`.

    Examples:
        >>> jaxact.solu(jnp.array([1.0, 1.0]))
        Array([0.5, 0.5], dtype=float32)
    """
    share = _shares(jnp.exp(_below_top(x, axis, where)), axis)
    return jnp.where(share == 0, 0, jnp.where(jnp.isneginf(x), 0, x) * share)


@operation(
    "row",
    formula="1 at the first largest entry, 0 elsewhere",
    paper="ONNX operator Hardmax",
    laws=("simplex", "shift_invariant"),
)
def hardmax(x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None) -> Float[Array, "..."]:
    """One at the first of the largest entries, 0 elsewhere; its derivative is 0.

    Examples:
        >>> jaxact.hardmax(jnp.array([1.0, 3.0, 3.0]))
        Array([0., 1., 0.], dtype=float32)
    """
    masked = x if where is None else jnp.where(where, x, -jnp.inf)
    place = jnp.argmax(masked, axis, keepdims=True)
    hot = jax.lax.broadcasted_iota(place.dtype, x.shape, axis) == place
    hot = hot if where is None else hot & where
    nan = jnp.any(jnp.isnan(masked), axis, keepdims=True)
    return jnp.where(nan, jnp.nan, hot.astype(x.dtype))
