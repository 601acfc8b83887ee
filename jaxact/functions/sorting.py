"""Functions that reorder the entries of a row, or keep the largest: their Jacobians are permutations."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact._operations import operation
from jaxact._spec import Parameter


def _groups(name: str, x: Array, axis: int, size: int) -> Array:
    """The axis split into groups of a size, which come last but one, before what was behind the axis."""
    if size < 1 or x.shape[axis] % size:
        what = f"divide the {x.shape[axis]} entries along axis {axis}"
        raise ValueError(f"{name}: size must be at least 1 and {what}; got {size}.")
    return x.reshape(*x.shape[:axis], x.shape[axis] // size, size, *x.shape[axis + 1 :])


@operation(
    "row",
    formula="sort(x)",
    paper="Anil et al. 2018, Sorting out Lipschitz function approximation, arXiv:1811.05381",
    laws=("idempotent", "norm_preserving", "homogeneous"),
    lipschitz=1.0,
)
def fullsort(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """The entries of a row, ascending.

    Examples:
        >>> jaxact.fullsort(jnp.array([3.0, 1.0, 2.0]))
        Array([1., 2., 3.], dtype=float32)
    """
    return jnp.sort(x, axis)


@operation(
    "row",
    formula="sort of each group",
    paper="Anil et al. 2018, Sorting out Lipschitz function approximation, arXiv:1811.05381",
    laws=("idempotent", "norm_preserving", "homogeneous"),
    lipschitz=1.0,
)
def groupsort(x: ArrayLike, *, axis: int = -1, size: int = 2) -> Float[Array, "..."]:
    """The entries of every group of neighbours, ascending.

    Args:
        size: Entries of a group; divides those of the axis.

    Examples:
        >>> jaxact.groupsort(jnp.array([3.0, 1.0, 2.0, 0.0]))
        Array([1., 3., 0., 2.], dtype=float32)
    """
    return jnp.sort(_groups("groupsort", x, axis, size), axis + 1).reshape(x.shape)


@operation(
    "row",
    formula="(max(a, b), min(a, b)) for each pair",
    paper="Chernodub and Nowicki 2016, Norm-preserving orthogonal permutation linear unit activation functions (OPLU), arXiv:1604.02313",
    aliases=("oplu", "groupsort2"),
    laws=("idempotent", "norm_preserving", "homogeneous"),
    lipschitz=1.0,
)
def maxmin(x: ArrayLike, *, axis: int = -1) -> Float[Array, "..."]:
    """The larger and then the smaller of every pair of neighbours.

    Examples:
        >>> jaxact.maxmin(jnp.array([1.0, 3.0, 2.0, 0.0]))
        Array([3., 1., 2., 0.], dtype=float32)
    """
    return -jnp.sort(-_groups("maxmin", x, axis, 2), axis + 1).reshape(x.shape)


@operation(
    "row",
    formula="(a, b) or, where a sin(angle / 2) <= b cos(angle / 2), its reflection",
    paper="Singla et al. 2021, Improved deterministic l2 robustness on CIFAR-10 and CIFAR-100, arXiv:2108.04062",
    parameters=(
        Parameter(
            "angle",
            "(-inf, inf)",
            "Twice that of the line of reflection, in radians",
            "Singla et al. 2021, theta, with which it is maxmin",
            learned=True,
        ),
    ),
    laws=("idempotent", "norm_preserving", "homogeneous"),
    lipschitz=1.0,
)
def householder(
    x: ArrayLike, *, axis: int = -1, angle: ArrayLike = 1.5707963267948966
) -> Float[Array, "..."]:
    """Every pair of a first and a second half reflected to one side of a line.

    The angle is one number, or broadcasts against `x`, where the first half of the entries counts.

    Examples:
        >>> jaxact.householder(jnp.array([1.0, 3.0])).round(5)
        Array([3., 1.], dtype=float32)
    """
    if x.shape[axis] % 2:
        raise ValueError(f"householder halves an axis of even length; got shape {x.shape} and axis {axis}.")
    first, second = jnp.split(x, 2, axis)
    turn = jnp.split(jnp.broadcast_to(angle, x.shape), 2, axis)[0]
    kept = first * jnp.sin(turn / 2) > second * jnp.cos(turn / 2)
    sine, cosine = jnp.sin(turn), jnp.cos(turn)
    return jnp.concatenate(
        [
            jnp.where(kept, first, cosine * first + sine * second),
            jnp.where(kept, second, sine * first - cosine * second),
        ],
        axis,
    )


@operation(
    "row",
    formula="x_i if it is among the count largest, else 0",
    paper="Makhzani and Frey 2013, k-sparse autoencoders, arXiv:1312.5663; Xiao et al. 2019, Enhancing adversarial defense by k-winners-take-all, arXiv:1905.10510",
    aliases=("topk", "k_winners_take_all"),
    laws=("equivariant", "homogeneous"),
)
def kwta(x: ArrayLike, *, axis: int = -1, count: int = 1) -> Float[Array, "..."]:
    """The largest entries of a row, and 0 for the others; entries equal to the smallest of them stay too.

    Args:
        count: How many stay.

    Examples:
        >>> jaxact.kwta(jnp.array([1.0, 3.0, 2.0]), count=2)
        Array([0., 3., 2.], dtype=float32)
    """
    if not 1 <= count <= x.shape[axis]:
        raise ValueError(f"kwta: count must lie in [1, {x.shape[axis]}]; got {count}.")
    falling = -jnp.sort(-x, axis)
    least = jnp.take(falling, jnp.array([count - 1]), axis)
    return jnp.where(x < least, 0, x)
