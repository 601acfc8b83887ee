"""Kernels of infinitely wide fully connected networks: Gaussian process and neural tangent, any activation.

A hidden layer takes the kernel of its inputs to `sigma_w**2 E f(u) f(v) + sigma_b**2`, where u and v are
normal with variances and correlation from that kernel. By Mehler's formula the expectation is a power
series in the correlation whose coefficients are products of Hermite coefficients, one of each input: rows of
any norms need integrals of one variable alone, and the kernel of a truncated series is positive semidefinite.

The coefficients of a function with a kink fall so slowly that the rest of the series counts for correlations
near 1 and -1. It has the shape of the rest for `|x|`, whose kernel is known, and of the size that makes the
kernel exact at 1 and -1.

References:
    Lee et al. 2018, Deep neural networks as Gaussian processes, arXiv:1711.00165; Jacot et al. 2018, Neural
    tangent kernel, arXiv:1806.07572; Daniely et al. 2016, Toward deeper understanding of neural networks,
    arXiv:1602.05897, for Hermite series; Cho and Saul 2009, Kernel methods for deep learning.
"""

import dataclasses
import functools
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from jaxact.gaussian.pointwise import Elementwise
from jaxact.gaussian.quadrature import root, traced_rule
from jaxact.gaussian.resolved import resolved

TERMS = 256
"""Terms of a series that are summed; beyond them it is estimated."""


@dataclasses.dataclass(frozen=True)
class Kernel:
    """A fully connected network of infinite width, as a function of two inputs.

    Weights have variance `sigma_w**2 / fan_in`, biases `sigma_b**2`, those of the linear last layer too. The
    tangent kernel is that of networks whose weights and biases are standard normal and multiplied by these
    deviations, and are all trained.

    Attributes:
        f: Elementwise function of one array.
        depth: Hidden layers; 0 for a linear model.
        sigma_w: Deviation of the weights, times the root of their number; positive.
        sigma_b: Deviation of the biases, not negative.
        kinks: Points where f or its derivatives jump; others are found, at some cost.

    Examples:
        >>> import jax, jax.numpy as jnp
        >>> from jaxact.gaussian import Kernel
        >>> kernel = Kernel(jax.nn.relu, depth=1, sigma_w=2**0.5)
        >>> x = jnp.eye(2)  # at right angles: the kernel of ReLU is 1 / pi times their norms there
        >>> jnp.round(kernel.nngp(x) * jnp.pi, 4)
        Array([[3.1416, 1.    ],
               [1.    , 3.1416]], dtype=float32)
    """

    f: Elementwise
    depth: int = 1
    sigma_w: float = 1.0
    sigma_b: float = 0.0
    kinks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a network that is none."""
        if self.depth < 0:
            raise ValueError(f"depth must not be negative; got {self.depth}.")
        if not 0 < self.sigma_w < math.inf:
            raise ValueError(f"sigma_w must be positive; got {self.sigma_w}.")
        if not 0 <= self.sigma_b < math.inf:
            raise ValueError(f"sigma_b must not be negative; got {self.sigma_b}.")

    def nngp(
        self, x: Float[Array, "rows _"], y: Float[Array, "others _"] | None = None
    ) -> Float[Array, "rows ..."]:
        """The covariance of the outputs of random networks for two inputs.

        Args:
            x: Inputs in rows.
            y: Others; those of `x` if not given.

        Returns:
            The kernel of every row of `x` with every row of `y`, to 1e-6 in float32. JAX differentiates it.

        Raises:
            ValueError: If the rows have different numbers of features.
        """
        return self._given(x, x if y is None else y)[0]

    def ntk(
        self, x: Float[Array, "rows _"], y: Float[Array, "others _"] | None = None
    ) -> Float[Array, "rows ..."]:
        """The product of the gradients of a random network's outputs for two inputs.

        The slope of f is that of JAX, so that f may jump, if networks are trained with it.

        Args:
            x: Inputs in rows.
            y: Others; those of `x` if not given.

        Returns:
            The kernel of every row of `x` with every row of `y`, to 2e-4 for nearly parallel rows.

        Raises:
            ValueError: If the rows have different numbers of features.
        """
        return self._given(x, x if y is None else y)[1]

    def _given(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Both kernels."""
        if x.ndim != 2 or y.ndim != 2 or x.shape[1] != y.shape[1]:
            raise ValueError(f"A kernel needs rows of the same features; got shapes {x.shape} and {y.shape}.")
        return self._program(x, y)

    @functools.cached_property
    def _program(self) -> Callable[[Array, Array], tuple[Array, Array]]:
        edges = self._edges

        def program(x: Array, y: Array) -> tuple[Array, Array]:
            covariance = self._affine(jnp.matmul(x, y.T, precision="highest") / x.shape[1])
            own = [self._affine((rows**2).mean(axis=1)) for rows in (x, y)]
            layers = functools.partial(self._layer, edges)
            (*_, covariance, tangent), _ = jax.lax.scan(
                layers, (*own, covariance, covariance), length=self.depth
            )
            return covariance, tangent

        return jax.jit(program)

    def _affine(self, product: Array) -> Array:
        """What a layer of random weights and biases makes of a mean product of its inputs."""
        return self.sigma_w**2 * product + self.sigma_b**2

    def _layer(self, edges: np.ndarray, before: tuple[Array, ...], _: None) -> tuple[tuple[Array, ...], None]:
        """The variances of either rows, and both kernels, after one more hidden layer."""
        left, right, covariance, tangent = before
        scale = root(left)[:, None] * root(right)
        correlation = covariance / jnp.where(scale > 0, scale, 1)
        aligned = (
            1 - jnp.abs(correlation) < 8 * jnp.finfo(scale.dtype).eps
        )  # the slope of a series is steep there
        correlation = jnp.where(aligned, jnp.sign(correlation), correlation)
        one, other = (self._series(edges, variances) for variances in (left, right))
        products = _summed(one[0], other[0], correlation, _rest_of_abs)
        slopes = _summed(one[1], other[1], correlation, _rest_of_sign)
        covariance = self._affine(products)
        tangent = covariance + self.sigma_w**2 * slopes * tangent
        return (self._affine(one[0].total), self._affine(other[0].total), covariance, tangent), None

    def _series(self, edges: np.ndarray, variances: Array) -> tuple["_Series", "_Series"]:
        """The series of f and of f'."""
        z, weights = traced_rule(edges, jnp.zeros_like(variances), variances, few=True)
        x = root(variances)[:, None] * z
        return tuple(_expanded(function, x, z, weights) for function in (self.f, _slope(self.f)))  # pyright: ignore[reportReturnType]

    @functools.cached_property
    def _edges(self) -> np.ndarray:
        """The ends of cells that resolve f, mirrored, so that the nodes lie symmetrically."""
        edges = resolved(self.f, tuple(self.kinks)).edges
        return np.union1d(edges, -edges)


@dataclasses.dataclass(frozen=True)
class _Series:
    """A function under normal laws of mean 0, in Hermite polynomials.

    Attributes:
        coefficients: The first ones, shape `(TERMS, rows)`.
        total: The sum of the squares of all, that is E f**2, shape `(rows,)`.
        rest: What the others of even and of odd order add to it, shape `(2, rows)`.
    """

    coefficients: Array
    total: Array
    rest: Array


def _expanded(f: Elementwise, x: Array, z: Array, weights: Array) -> _Series:
    """Expands a function; the nodes lie symmetrically, so that their reverse is their mirror image."""
    y = f(x)

    found = jax.lax.map(_coefficients, (z, weights * y), batch_size=8).T
    total, mirrored = (weights * y**2).sum(axis=-1), (weights * y * y[..., ::-1]).sum(axis=-1)
    halves = jnp.stack([total + mirrored, total - mirrored]) / 2
    summed = jnp.stack([(found[parity::2] ** 2).sum(axis=0) for parity in (0, 1)])
    return _Series(found, total, jnp.maximum(halves - summed, 0))


_Rest = Callable[[Array], tuple[Array, Array]]
"""From correlations to the rest of a series, of even and of odd order."""


def _coefficients(row: tuple[Array, Array]) -> Array:
    """The Hermite coefficients of one row, from nodes and weighted values."""
    z, values = row

    def coefficient(carry: tuple[Array, Array], order: Array) -> tuple[tuple[Array, Array], Array]:
        before, now = carry
        following = (z * now - jnp.sqrt(order) * before) / jnp.sqrt(order + 1)
        return (now, following), values @ now

    _, found = jax.lax.scan(
        coefficient, (jnp.zeros_like(z), jnp.ones_like(z)), jnp.arange(TERMS, dtype=z.dtype)
    )
    return found


def _summed(left: _Series, right: _Series, correlation: Array, rest: "_Rest") -> Array:
    """E f(u) f(v) for all rows of one and of the other."""

    def term(found: Array, coefficients: tuple[Array, Array]) -> tuple[Array, None]:
        first, second = coefficients
        return found * correlation + first[:, None] * second, None

    start = jnp.zeros_like(correlation)
    series, _ = jax.lax.scan(term, start, (left.coefficients, right.coefficients), reverse=True)
    sizes = root(left.rest)[:, :, None] * root(right.rest)[:, None, :]
    even, odd = rest(correlation)
    return series + sizes[0] * even + sizes[1] * odd


def _rest_of_abs(correlation: Array) -> tuple[Array, Array]:
    """The rest of a series of a function with a kink, of even and odd order, scaled to 1 at 1."""
    even = _beyond(_abs_product(correlation), correlation**2, _ABS)
    return even, correlation * even


def _rest_of_sign(correlation: Array) -> tuple[Array, Array]:
    """The same for a function with a jump."""
    odd = _beyond(_arcsin(correlation) * 2 / math.pi, correlation**2, _SIGN, correlation)
    return correlation * odd, odd


def _beyond(whole: Array, square: Array, coefficients: np.ndarray, first: Array | float = 1.0) -> Array:
    """What a power series in a square lacks if it is cut off, over the same at 1."""
    known = first * jnp.polyval(jnp.asarray(coefficients[::-1], square.dtype), square)
    return (whole - known) / (1 - float(coefficients.sum()))


@jax.custom_jvp
def _abs_product(correlation: Array) -> Array:
    """E |u| |v| for standard normal u and v."""
    return (jnp.sqrt(1 - correlation**2) + correlation * _arcsin(correlation)) * 2 / math.pi


@_abs_product.defjvp
def _abs_product_rule(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (correlation,), (tangent,) = primals, tangents
    return _abs_product(correlation), tangent * _arcsin(correlation) * 2 / math.pi


@jax.custom_jvp
def _arcsin(correlation: Array) -> Array:
    """The arc sine, whose slope stays finite."""
    return jnp.arcsin(correlation)


@_arcsin.defjvp
def _arcsin_rule(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (correlation,), (tangent,) = primals, tangents
    room = jnp.maximum(1 - correlation**2, jnp.finfo(correlation.dtype).eps)
    return jnp.arcsin(correlation), tangent / jnp.sqrt(room)


def _slope(f: Elementwise) -> Elementwise:
    return lambda x: jax.jvp(f, (x,), (jnp.ones_like(x),))[1]


_HALF = np.arange(TERMS // 2)
_BINOMIALS = np.cumprod(np.concatenate([[1.0], 1 - 0.5 / _HALF[1:]]))
"""Those of 2 m over m, divided by 4**m."""

_SIGN = _BINOMIALS / (2 * _HALF + 1) * 2 / math.pi
_ABS = np.concatenate([[1.0], _BINOMIALS[:-1] / (2 * _HALF[1:] * (2 * _HALF[1:] - 1))]) * 2 / math.pi
"""Coefficients of the kernels of sign, from order 1 on, and of abs, from order 0 on; the others are 0."""
