"""Sparse probabilities: projections of a row onto the simplex."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Bool, Float

from jaxact._operations import operation
from jaxact._spec import Parameter

Changes = dict[str, Array]


def _within(x: Array, axis: int, where: Array | None) -> tuple[Array, Array]:
    """`x` minus its largest entry, no less than -2, and where there is anything: what is below -1 gets 0."""
    if where is not None:
        x = jnp.where(where, x, -jnp.inf)
    top = jnp.max(x, axis, keepdims=True, initial=-jnp.inf)
    below = jnp.where(x == top, 0, jnp.maximum(x - top, -2))
    return below, (top > -jnp.inf) | jnp.isnan(top)


def _along_support(y: Array, dx: Array, _at: Changes, _changes: Changes, axis: int) -> Array:
    support = (y > 0).astype(y.dtype)
    count = jnp.sum(support, axis, keepdims=True)
    mean = jnp.sum(support * dx, axis, keepdims=True) / jnp.maximum(count, 1)
    return support * (dx - mean)


@operation(
    "row",
    formula="max(x_i - t, 0) with t such that they sum to 1",
    paper="Martins and Astudillo 2016, From softmax to sparsemax, arXiv:1602.02068",
    laws=("simplex", "shift_invariant", "equivariant"),
    lipschitz=1.0,
    tangent=_along_support,
)
def sparsemax(
    x: ArrayLike, *, axis: int = -1, where: Bool[Array, "..."] | None = None
) -> Float[Array, "..."]:
    """Sparsemax, the point of the simplex that is nearest to `x`.

    Where an entry just reaches the support the derivative taken is that without it. Masked entries and those
    of minus infinity get 0.

    Examples:
        >>> jaxact.sparsemax(jnp.array([1.0, 0.5, -1.0]))
        Array([0.75, 0.25, 0.  ], dtype=float32)
    """
    below, some = _within(x, axis, where)
    falling = -jnp.sort(-below, axis)
    sums = jnp.cumsum(falling, axis) - 1
    rank = 1 + jax.lax.broadcasted_iota(jnp.int32, x.shape, axis).astype(x.dtype)
    size = jnp.sum((rank * falling > sums).astype(jnp.int32), axis, keepdims=True)
    last = jnp.take_along_axis(sums, jnp.maximum(size - 1, 0), axis)
    found = jnp.maximum(below - last / jnp.maximum(size, 1).astype(x.dtype), 0)
    return jnp.where(some, jnp.where(jnp.isnan(last), jnp.nan, found), 0)


def _along_entmax(y: Array, dx: Array, at: Changes, changes: Changes, axis: int) -> Array:
    """Correia et al. 2019, propositions 1 and 2."""
    order, change = at["order"], changes["order"]
    inside = y > 0
    safe = jnp.where(inside, y, 1)
    weight = jnp.where(inside, safe ** (2 - order), 0)
    total = jnp.sum(weight, axis, keepdims=True)
    share = weight / jnp.where(total == 0, 1, total)
    along = weight * dx - share * jnp.sum(weight * dx, axis, keepdims=True)
    information = jnp.where(inside, y * jnp.log(safe), 0)
    skewed = information - share * jnp.sum(information, axis, keepdims=True)
    return along + ((y - share) / (order - 1) - skewed) / (order - 1) * change


@operation(
    "row",
    formula="max((order - 1) * x_i - t, 0)**(1 / (order - 1)) with t such that they sum to 1",
    paper="Peters et al. 2019, Sparse sequence-to-sequence models, arXiv:1905.05702; Correia et al. 2019, Adaptively sparse transformers, arXiv:1909.00015",
    aliases=("entmax15", "entmax_bisect"),
    parameters=(
        Parameter(
            "order", "(1, inf)", "1 is softmax, 2 is sparsemax", "Peters et al. 2019, alpha", learned=True
        ),
    ),
    laws=("simplex", "shift_invariant", "equivariant"),
    lipschitz=2**-0.5,
    tangent=_along_entmax,
)
def entmax(
    x: ArrayLike,
    *,
    axis: int = -1,
    where: Bool[Array, "..."] | None = None,
    order: ArrayLike = 1.5,
) -> Float[Array, "..."]:
    """Entmax, sparse probabilities between softmax and sparsemax.

    The threshold is found by bisection; the derivatives in `x` and the order are exact.

    Examples:
        >>> [round(y, 3) for y in jaxact.entmax(jnp.array([1.0, 0.0, -3.0])).tolist()]
        [0.831, 0.169, 0.0]
    """
    power = 1 / (order - 1)
    below, some = _within((order - 1) * x, axis, where)

    def parts(threshold: Array) -> Array:
        over = jnp.maximum(below - threshold, 0)
        return jnp.where(over > 0, jnp.where(over > 0, over, 1) ** power, 0)

    def halve(_: Array | int, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = ends
        middle = (low + high) / 2
        enough = jnp.sum(parts(middle), axis, keepdims=True) >= 1
        return jnp.where(enough, middle, low), jnp.where(enough, high, middle)

    zero = jnp.zeros_like(jnp.sum(below, axis, keepdims=True))
    steps = jnp.finfo(x.dtype).nmant + 2
    low, _ = jax.lax.fori_loop(0, steps, halve, (zero - 1, zero))
    found = parts(low)
    total = jnp.sum(found, axis, keepdims=True)
    lost = jnp.any(jnp.isnan(below), axis, keepdims=True)
    return jnp.where(some, jnp.where(lost, jnp.nan, found / jnp.where(total == 0, 1, total)), 0)
