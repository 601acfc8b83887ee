"""Weighted sums of fixed functions: of activations, waves, Gaussian bells and splines."""

import functools
import operator
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary, _exponential as exponential, _logistic as logistic
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter
from jaxact._vectors import Numbers


def _abu_slope(x: Array, weights: Sequence[Array]) -> Array:
    tanh, elu, relu, identity, swish = weights
    size = -jnp.abs(x)
    gate = logistic.gate_slope(logistic.plain(size), size)  # for positive x what is missing to 1
    right = elu + relu + identity + swish - swish * gate
    left = identity + swish * gate + elu * exponential.exp(jnp.minimum(x, 0))
    return jnp.where(x > 0, right, left) + tanh * elementary.sech2(x)


@activation(
    formula="weights[0] * tanh(x) + weights[1] * where(x > 0, x, expm1(x)) + weights[2] * max(x, 0) + weights[3] * x"
    " + weights[4] * x / (1 + exp(-x))",
    paper="Sütfeld et al. 2018, Adaptive blending units: trainable activation functions for deep neural networks, arXiv:1806.10064; Manessi and Rozza 2018, Learning combinations of activation functions, arXiv:1801.09403",
    image="(-inf, inf)",
    aliases=("adaptive_blending_unit",),
    parameters=(
        Parameter(
            "weights",
            "(-inf, inf)",
            "Weights of tanh, ELU, ReLU, identity and swish",
            "Sütfeld et al. 2018, alpha, 1 / n each",
            learned=True,
        ),
    ),
    kinks=(Kink("0", "weights[0] + weights[1] + weights[3] + weights[4] / 2"),),
    slope=_abu_slope,
)
def abu(x: ArrayLike, *, weights: Numbers = (0.2, 0.2, 0.2, 0.2, 0.2)) -> Float[Array, "..."]:
    """Adaptive blending unit, a weighted sum of `tanh(x)`, `elu(x)`, `relu(x)`, `x` and `x * sigmoid(x)`.

    Weights of opposite signs may cancel. The derivative taken at 0 is that from the left.
    """
    tanh, elu, relu, identity, swish = weights
    size = -jnp.abs(x)
    gate = logistic.times_logistic(logistic.finite(size), logistic.plain(size))
    line = jnp.where(x > 0, elu + relu + identity + swish, identity)
    curved = (
        tanh * elementary.tanh(x)
        + swish * gate
        + jnp.where(x > 0, 0, elu * exponential.expm1(jnp.minimum(x, 0)))
    )
    whole = elementary.line(line, x) + curved
    small = jnp.finfo(x.dtype).tiny / jnp.finfo(x.dtype).eps  # below, a single product may be lost
    near = tanh + jnp.where(x > 0, elu + relu, elu) + identity + swish / 2
    return jnp.where(jnp.abs(x) < small, near * x, whole)


def _waves(x: Array, wave: Callable[[Array], Array], scale: Array, count: int) -> list[Array]:
    """A wave at the multiples of a frequency; where the phase is infinite, at 0."""
    phases = [(j + 1) * scale * x for j in range(count)]
    return [wave(jnp.where(jnp.isfinite(phase), phase, 0)) for phase in phases]


@activation(
    formula="tanh(x) + " + " + ".join(f"weights[{j}] * scale * sin({j + 1} * scale * x)" for j in range(3)),
    paper="Jagtap et al. 2022, Deep Kronecker neural networks: a general framework for neural networks with adaptive activation functions, arXiv:2105.09513",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "weights",
            "(-inf, inf)",
            "Weights of the waves",
            "Jagtap et al. 2022, alpha, 0 each",
            learned=True,
        ),
        Parameter("scale", "(0, inf)", "Frequency and height of the first wave", "Jagtap et al. 2022, n"),
    ),
    slope=lambda x, weights, scale: functools.reduce(
        operator.add,
        [
            (j + 1) * weight * scale * scale * wave
            for j, (weight, wave) in enumerate(
                zip(weights, _waves(x, jnp.cos, scale, len(weights)), strict=True)
            )
        ],
        elementary.sech2(x),
    ),
    ill_conditioned="at its zeros, without bound, and far from 0, where the phases are rounded",
)
def rowdy(x: ArrayLike, *, weights: Numbers = (0.0, 0.0, 0.0), scale: ArrayLike = 1.0) -> Float[Array, "..."]:
    """Rowdy activation, `tanh(x) + sum(weights[j] * scale * sin((j + 1) * scale * x) for j)`.

    Starts as tanh; the waves keep it from saturating. It has no limit at infinity, where the waves are left out.
    """
    waves = _waves(x, jnp.sin, scale, len(weights))
    return functools.reduce(
        operator.add,
        [weight * scale * wave for weight, wave in zip(weights, waves, strict=True)],
        elementary.tanh(x),
    )


def _from_centres(x: Array, reach: Array, count: int) -> list[Array]:
    """Distances from `count` points between `-reach` and `reach`, in the distance of two neighbours."""
    position = jnp.clip(x / reach, -1e3, 1e3) * ((count - 1) / 2)
    return [position + ((count - 1) / 2 - i) for i in range(count)]


@jax.custom_jvp
def _bell(u: Array) -> tuple[Array, Array]:
    """`scale` and `rest` with `exp(-u * u / 6) = scale * (1 + rest)`, the first a power of two.

    Weighted bells cancel; a product with a power of two is not rounded.
    """
    return exponential.exp_parts(-u * u / 6)


@_bell.defjvp
def _(primals: tuple[Array], tangents: tuple[Array]) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    scale, rest = _bell(*primals)
    return (scale, rest), (jnp.zeros_like(scale), -primals[0] / 3 * (1 + rest) * tangents[0])


@activation(
    formula="(weights[0] * exp(-(2 * x / reach + 2)**2 / 6) + weights[4] * exp(-(2 * x / reach - 2)**2 / 6))"
    " + (weights[1] * exp(-(2 * x / reach + 1)**2 / 6) + weights[3] * exp(-(2 * x / reach - 1)**2 / 6))"
    " + weights[2] * exp(-(2 * x / reach)**2 / 6)",
    paper="Scardapane et al. 2019, Kafnets: kernel-based non-parametric activation functions for neural networks, arXiv:1707.04035",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "weights",
            "(-inf, inf)",
            "Weights of the bells",
            "a ridge regression onto tanh at the centres, one of the starts of Scardapane et al. 2019, alpha",
            learned=True,
        ),
        Parameter("reach", "(0, inf)", "The centre of the last bell", "the code of Scardapane et al. 2019"),
    ),
    slope=lambda x, weights, reach: sum(
        weight * (1 - len(weights)) / reach / 6 * (u * exponential.exp(-u * u / 6))
        for weight, u in zip(weights, _from_centres(x, reach, len(weights)), strict=True)
    ),
    ill_conditioned="at its zeros, without bound, and far out, where a bell is off by x * (x - centre) / (3 * step**2) ULP",
)
def kaf(
    x: ArrayLike, *, weights: Numbers = (0.466, -2.315, 0.0, 2.315, -0.466), reach: ArrayLike = 3.0
) -> Float[Array, "..."]:
    """Kernel activation function, `sum(weights[i] * exp(-((x - centre[i]) / step)**2 / 6) for i)`.

    The centres lie equidistantly, by `step`, from `-reach` to `reach`, as many as there are weights, two at least.
    """
    parts = [_bell(u) for u in _from_centres(x, reach, len(weights))]
    heads = [weight * scale for weight, (scale, _) in zip(weights, parts, strict=True)]
    return sum(heads) + sum(head * rest for head, (_, rest) in zip(heads, parts, strict=True))


def _spline(t: Array) -> Array:
    """The cubic B-spline on [-2, 2]."""
    size = jnp.abs(t)
    return jnp.where(size < 1, 2 / 3 - t * t * (1 - size / 2), jnp.maximum(2 - size, 0) ** 3 / 6)


def _spline_slope(t: Array) -> Array:
    size, side = jnp.abs(t), jnp.sign(t)
    outer = jnp.where(size < 2, -side * (2 - size) * (2 - size) / 2, 0)
    return jnp.where(size < 1, t * (1.5 * size - 2), outer)


def _splines(x: Array, reach: Array, count: int) -> list[Array]:
    """Distances from the centres of `count` splines, in intervals of which `count - 3` cover the grid."""
    position = jnp.clip(x / reach, -1e3, 1e3) * ((count - 3) / 2)
    return [position + ((count - 1) / 2 - i) for i in range(count)]


def _bump(i: int) -> str:
    distance = f"abs(1.5 * x / reach {'+' if i < 3 else '-'} {abs(2.5 - i)})"
    return f"coefficients[{i}] * (max(2 - {distance}, 0)**3 - 4 * max(1 - {distance}, 0)**3) / 6"


@activation(
    formula=f"base * x / (1 + exp(-x)) + scale * ({' + '.join(map(_bump, range(6)))})",
    paper="Liu et al. 2024, KAN: Kolmogorov-Arnold networks, arXiv:2404.19756",
    image="(-inf, inf)",
    aliases=("kan_spline",),
    parameters=(
        Parameter(
            "coefficients",
            "(-inf, inf)",
            "Weights of the cubic B-splines",
            "jaxact; Liu et al. 2024, c_i, draw from a normal distribution of width 0.1",
            learned=True,
        ),
        Parameter(
            "base", "(-inf, inf)", "Weight of SiLU", "Liu et al. 2024, w_b, for a single edge", learned=True
        ),
        Parameter("scale", "(-inf, inf)", "Weight of the spline", "Liu et al. 2024, w_s", learned=True),
        Parameter("reach", "(0, inf)", "Where the grid ends", "Liu et al. 2024, grid_range of their code"),
    ),
    slope=lambda x, coefficients, base, scale, reach: (
        base * logistic.gate_slope(logistic.plain(x), x)
        + scale
        / reach
        * ((len(coefficients) - 3) / 2)
        * sum(
            c * _spline_slope(t)
            for c, t in zip(coefficients, _splines(x, reach, len(coefficients)), strict=True)
        )
    ),
    ill_conditioned="at its zeros, without bound",
)
def spline_kan(
    x: ArrayLike,
    *,
    coefficients: Numbers = (0.1, -0.1, 0.1, 0.1, -0.1, 0.1),
    base: ArrayLike = 1.0,
    scale: ArrayLike = 1.0,
    reach: ArrayLike = 1.0,
) -> Float[Array, "..."]:
    """Activation of a Kolmogorov-Arnold network, `base * silu(x) + scale * spline(x)`.

    The spline is cubic: n coefficients make n - 3 equal intervals from `-reach` to `reach`, four coefficients
    at least. Beyond the grid it goes to 0 within three intervals.
    """
    silu = logistic.times_logistic(elementary.finite_below(x), logistic.plain(x))
    distances = _splines(x, reach, len(coefficients))
    spline = sum(c * _spline(t) for c, t in zip(coefficients, distances, strict=True))
    return elementary.line(base, silu) + scale * spline
