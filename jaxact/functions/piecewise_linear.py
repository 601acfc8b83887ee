"""Piecewise linear functions on a grid: sums of hats, and interpolation between values."""

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter
from jaxact._vectors import Numbers


class _Hat(NamedTuple):
    """`max(half - abs(x - centre), 0)` in units of `x`."""

    centre: float
    half: float

    def value(self, x: Array, unit: Array) -> Array:
        """The hat, from the nearer foot, where it is small."""
        start, end = (self.centre - self.half) * unit, (self.centre + self.half) * unit
        return jnp.maximum(jnp.minimum(x - start, end - x), 0)

    def slope(self, x: Array, unit: Array) -> Array:
        """Its derivative; at its foot and at its top 0."""
        inside = (x > (self.centre - self.half) * unit) & (x < (self.centre + self.half) * unit)
        return jnp.where(inside, jnp.sign(self.centre * unit - x), 0)


def _hats(count: int) -> list[_Hat]:
    """One hat over [0, 4], two of half the width beside each other, four, and so on."""
    halves = [2 / 2 ** ((i + 1).bit_length() - 1) for i in range(count)]
    return [_Hat((2 * i + 3) * half - 4, half) for i, half in enumerate(halves)]


def _melu_kink(at: int, jump: str) -> Kink:
    """A kink at a multiple of the unit, where the slope jumps."""
    inside = [(i, hat.centre - at) for i, hat in enumerate(_hats(3)) if 0 < abs(at - hat.centre) < hat.half]
    slope = "".join(f" {'+' if ahead > 0 else '-'} weights[{i}]" for i, ahead in inside)
    return Kink(f"where(abs({jump}) > 0, {at} * unit, 1e999)", f"1{slope}")


@activation(
    formula="where(x >= 0, x, slope * x) + weights[0] * max(2 * unit - abs(x - 2 * unit), 0)"
    " + weights[1] * max(unit - abs(x - unit), 0) + weights[2] * max(unit - abs(x - 3 * unit), 0)",
    paper="Maguolo et al. 2019, Ensemble of convolutional neural networks trained with different activation functions, arXiv:1905.02473",
    image="(-inf, inf)",
    aliases=("mexican_relu",),
    parameters=(
        Parameter(
            "slope", "(-inf, inf)", "Steepness for negative `x`", "Maguolo et al. 2019, c_0", learned=True
        ),
        Parameter(
            "weights", "(-inf, inf)", "Heights of the hats in units", "Maguolo et al. 2019, c_j", learned=True
        ),
        Parameter(
            "unit",
            "(0, inf)",
            "A quarter of the interval that the hats cover",
            "Maguolo et al. 2019, MaxInput",
        ),
    ),
    kinks=(
        _melu_kink(0, "1 - slope + weights[0] + weights[1]"),
        _melu_kink(1, "weights[1]"),
        _melu_kink(2, "weights[1] + weights[2] - 2 * weights[0]"),
        _melu_kink(3, "weights[2]"),
        _melu_kink(4, "weights[0] + weights[2]"),
    ),
    slope=lambda x, slope, weights, unit: (
        jnp.where(x >= 0, 1, slope)
        + sum(w * hat.slope(x, unit) for w, hat in zip(weights, _hats(len(weights)), strict=True))
    ),
)
def melu(
    x: ArrayLike, *, slope: ArrayLike = 0.0, weights: Numbers = (0.0, 0.0, 0.0), unit: ArrayLike = 1.0
) -> Float[Array, "..."]:
    """Mexican rectified linear unit, a PReLU and weighted hats `max(half - abs(x - centre), 0)` over [0, 4 `unit`].

    The first hat covers the interval, the next two halve it, four more would quarter it. It starts as the
    rectifier. The derivative taken at 0 is 1, at top and foot of a hat that of the hat is 0. A negative weight
    may cancel `x`, and digits with it.
    """
    hats = _hats(len(weights))
    first = 1 + sum(w for w, hat in zip(weights, hats, strict=True) if hat.centre == hat.half)
    height = sum(w * hat.value(x, unit) for w, hat in zip(weights, hats, strict=True))
    right = jnp.where(x < hats[-1].half * unit, first * x, x + height)
    return jnp.where(x >= 0, right, elementary.line(slope, x) + height)


class _Knots(NamedTuple):
    """Equidistant knots from `left` to `right`, in the coordinate `pieces * x`, where they are exact."""

    left: Array
    width: Array
    pieces: int

    def place(self, k: int) -> Array:
        return self.pieces * self.left + k * self.width

    def hat(self, x: Array, k: int) -> Array:
        """1 at a knot and 0 at all others."""
        return jnp.maximum(1 - jnp.abs(self.pieces * x - self.place(k)) / self.width, 0)


def _piece(k: int) -> str:
    """The slope right of a knot, of seven."""
    ends = {-1: "left_slope", 6: "right_slope"}
    return ends.get(k) or f"(values[{k + 1}] - values[{k}]) * 6 / (right - left)"


def _pwlu_slope(
    x: Array, *, values: Sequence[Array], left: Array, right: Array, left_slope: Array, right_slope: Array
) -> Array:
    knots = _Knots(left, right - left, len(values) - 1)
    slope = left_slope
    for k in range(knots.pieces):
        rise = (values[k + 1] - values[k]) * (knots.pieces / knots.width)
        slope = jnp.where(knots.pieces * x >= knots.place(k) if k else x >= left, rise, slope)
    return jnp.where(x >= right, right_slope, slope)


@activation(
    formula="values[0] + left_slope * min(x - left, 0) + right_slope * max(x - right, 0) + "
    + " + ".join(
        f"(values[{k + 1}] - values[{k}]) * min(max(6 * (x - left) / (right - left) - {k}, 0), 1)"
        for k in range(6)
    ),
    paper="Zhou et al. 2021, Learning specialized activation functions with the piecewise linear unit, arXiv:2104.03693",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "values",
            "(-inf, inf)",
            "Values at the knots, equidistant from `left` to `right`",
            "Zhou et al. 2021, Y_P, who start as the rectifier",
            learned=True,
        ),
        Parameter(
            "left",
            "(-inf, 0)",
            "The leftmost knot",
            "Zhou et al. 2021, B_L, before they align it",
            learned=True,
        ),
        Parameter(
            "right",
            "(0, inf)",
            "The rightmost knot",
            "Zhou et al. 2021, B_R, before they align it",
            learned=True,
        ),
        Parameter(
            "left_slope", "(-inf, inf)", "Steepness left of them", "Zhou et al. 2021, K_L", learned=True
        ),
        Parameter(
            "right_slope", "(-inf, inf)", "Steepness right of them", "Zhou et al. 2021, K_R", learned=True
        ),
    ),
    kinks=tuple(
        Kink(
            f"where(abs({_piece(k)} - {_piece(k - 1)}) > 0, {'right' if k == 6 else f'left + {k} * (right - left) / 6'}, 1e999)",
            _piece(k),
        )
        for k in range(7)
    ),
    slope=_pwlu_slope,
    ill_conditioned="at its zeros, without bound, and where it is flat while values of opposite signs are near",
)
def pwlu(
    x: ArrayLike,
    *,
    values: Numbers = (0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0),
    left: ArrayLike = -3.0,
    right: ArrayLike = 3.0,
    left_slope: ArrayLike = 0.0,
    right_slope: ArrayLike = 1.0,
) -> Float[Array, "..."]:
    """Piecewise linear unit: `values` at equidistant knots, lines between them and beyond.

    As many knots as there are values, from `left` to `right`, two at least. At a knot the derivative of the piece
    right of it is taken.
    """
    knots = _Knots(left, right - left, len(values) - 1)
    inner = jnp.clip(x, left, right)
    inside = sum(value * knots.hat(inner, k) for k, value in enumerate(values))
    outside = elementary.line(left_slope, jnp.minimum(x - left, 0)) + elementary.line(
        right_slope, jnp.maximum(x - right, 0)
    )
    return inside + outside
