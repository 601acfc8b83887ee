"""Polynomials and quotients of polynomials with learned coefficients."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike, Float, Int

from jaxact import _elementary as elementary
from jaxact._registry import activation
from jaxact._spec import Joint, Kink, Parameter
from jaxact._vectors import Numbers, joined


@activation(
    formula="weights[0] + weights[1] * max(x, 0) + weights[2] * max(x, 0)**2 + weights[3] * max(x, 0)**3",
    paper="Zhuo et al. 2024, Polynomial composition activations: unleashing the dynamics of large language models, arXiv:2411.03884",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "weights",
            "(-inf, inf)",
            "Weights of the powers, that of the constant first",
            "Zhuo et al. 2024, a_i",
            learned=True,
        ),
    ),
    kinks=(Kink("0", "0"),),
)
def polyrelu(x: ArrayLike, *, weights: Numbers = (0.0, 1 / 3, 1 / 3, 1 / 3)) -> Float[Array, "..."]:
    """Polynomial of the rectifier, `sum(weights[i] * max(x, 0)**i for i)`.

    Of any degree. The derivative taken at 0 is 0.
    """
    *lower, total = weights
    for weight in reversed(lower):
        total = elementary.line(total, x) + weight
    return jnp.where(x <= 0, weights[0], total)


class _Scaled(NamedTuple):
    """A polynomial far out as `head * x**degree`, where `head` stays finite.

    Attributes:
        head: The polynomial divided by the power.
        degree: The place of its last coefficient that is not 0.
    """

    head: Array
    degree: Int[Array, "..."]


def _scaled(coefficients: Sequence[Array], inverse: Array) -> _Scaled:
    """A polynomial, lowest coefficient first, at `1 / inverse`."""
    head, step = jnp.broadcast_to(coefficients[0], inverse.shape), inverse
    degree = jnp.zeros(inverse.shape, jnp.int32)
    for place, coefficient in enumerate(coefficients[1:], 1):
        there = coefficient != 0
        head = jnp.where(there, coefficient + step * head, head)
        step = jnp.where(there, inverse, step * inverse)
        degree = jnp.where(there, place, degree)
    return _Scaled(head, degree)


def _horner(coefficients: Sequence[Array], x: Array) -> Array:
    total = jnp.broadcast_to(coefficients[-1], x.shape)
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


def _size(x: Array) -> Array:
    """`|x|` with the slope 1 at 0."""
    return jnp.where(x < 0, -x, x)


def _powered(y: Array, x: Array, exponent: Int[Array, "..."], most: int) -> Array:
    """`y * x**exponent` for a small exponent that differs from place to place."""
    for count in range(most):
        y = jnp.where(exponent > count, y * x, y)
    return y


def _quotient(x: Array, top: Sequence[Array], bottom: Sequence[Array], *, safe: bool) -> Array:
    """The quotient of two polynomials, lowest coefficients first; that of the denominator is 1 and left out.

    If safe, the absolute value of the denominator without the 1 takes its place.
    """
    # so far out that cubes of the polynomials, as second derivatives have them, do not overflow
    reach = 2.0 ** (jnp.finfo(x.dtype).maxexp // (4 * max(len(top) - 1, len(bottom))))
    beyond = jnp.abs(x) > reach
    inner, outer = jnp.where(beyond, 1, x), jnp.where(beyond, x, reach)
    rest = inner * _horner(bottom, inner)
    near = _horner(top, inner) / (1 + (_size(rest) if safe else rest))

    inverse = 1 / outer
    above = _scaled(top, inverse)
    below = _scaled([jnp.zeros_like(x) if safe else jnp.ones_like(x), *bottom], inverse)
    divisor = below.head
    if safe:
        divisor = _size(divisor) + _powered(jnp.ones_like(x), jnp.abs(inverse), below.degree, len(bottom))
    gap = above.degree - below.degree
    far = _powered(above.head / divisor, inverse, -gap, len(bottom))
    return jnp.where(beyond, _powered(far, outer, gap, len(top) - 1), near)


def _changes_of_sign(**parameters: float) -> tuple[Joint, ...]:
    """Where the polynomial between the bars crosses 0, with the slope taken there."""
    given = joined(parameters)
    top, bottom = (
        np.polynomial.Polynomial(given["numerator"]),
        np.polynomial.Polynomial((0, *given["denominator"])),
    )
    found = bottom.roots()
    roots = sorted({float(root.real) for root in found if abs(root.imag) <= 1e-12 * abs(root)})
    between = [(a + b) / 2 for a, b in itertools.pairwise(roots)]
    ends = [roots[0] - 1, *between, roots[-1] + 1] if roots else []
    crossed = [
        at
        for at, (left, right) in zip(roots, itertools.pairwise(ends), strict=True)
        if bottom(left) * bottom(right) < 0
    ]
    return tuple(Joint(at, float(top.deriv()(at) - top(at) * bottom.deriv()(at))) for at in crossed)


def _sum(name: str, count: int, first: int) -> str:
    powers = ["", " * x", *(f" * x**{k}" for k in range(2, 9))]
    return " + ".join(f"{name}[{i}]{powers[i + first]}" for i in range(count))


@activation(
    formula=f"({_sum('numerator', 6, 0)}) / (1 + abs({_sum('denominator', 4, 1)}))",
    paper="Molina et al. 2020, Padé activation units: end-to-end learning of flexible activation functions in deep networks, arXiv:1907.06732",
    image="(-inf, inf)",
    aliases=("pau", "safe_pau"),
    parameters=(
        Parameter(
            "numerator",
            "(-inf, inf)",
            "Coefficients of the numerator, that of the constant first",
            "rational_activations, version B, which fits a leaky rectifier on [-3, 3]",
            learned=True,
        ),
        Parameter(
            "denominator",
            "(-inf, inf)",
            "Coefficients of the denominator from that of `x` on",
            "the same; coefficients below 1e-4 are left out",
            learned=True,
        ),
    ),
    kinks=_changes_of_sign,
    ill_conditioned="at its zeros, without bound, and left of 0, where terms of opposite signs cancel, up to 400",
)
def pade_activation_unit(
    x: ArrayLike,
    *,
    numerator: Numbers = (0.03355816, 0.5049941, 1.653416, 2.009985, 0.93189, 0.1524224),
    denominator: Numbers = (0.0, 3.980248, 0.0, 0.3018338),
) -> Float[Array, "..."]:
    """Padé activation unit, `sum(numerator[j] * x**j) / (1 + |sum(denominator[k] * x**(k + 1))|)`.

    The safe one, without poles, of any degrees. Where the sum between the bars crosses 0, the derivative of its
    positive side is taken. Other libraries sum the absolute values of its terms.
    """
    return _quotient(x, numerator, denominator, safe=True)


@activation(
    formula=f"({_sum('numerator', 4, 0)}) / (1 + {_sum('denominator', 2, 1)})",
    paper="Boullé et al. 2020, Rational neural networks, arXiv:2004.01902",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "numerator",
            "(-inf, inf)",
            "Coefficients of the numerator, that of the constant first",
            "Boullé et al. 2020, who fit the rectifier on [-1, 1]",
            learned=True,
        ),
        Parameter(
            "denominator",
            "(-inf, inf)",
            "Coefficients of the denominator from that of `x` on",
            "Boullé et al. 2020, whose first one is 1",
            learned=True,
        ),
    ),
    ill_conditioned="at its zeros, without bound, and left of 0, where terms of opposite signs cancel",
)
def rational_nn(
    x: ArrayLike,
    *,
    numerator: Numbers = (0.0218, 0.5, 1.5957, 1.1915),
    denominator: Numbers = (0.0, 2.383),
) -> Float[Array, "..."]:
    """Rational activation, `sum(numerator[j] * x**j) / (1 + sum(denominator[k] * x**(k + 1)))`.

    Of any degrees; with the defaults a smooth rectifier on [-1, 1]. Denominators with a real zero make poles.
    """
    return _quotient(x, numerator, denominator, safe=False)
