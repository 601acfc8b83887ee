"""Sums of hinges, `max(x - place, 0)` or `max(place - x, 0)`, with learned slopes."""

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float

from jaxact import _elementary as elementary
from jaxact._registry import activation
from jaxact._spec import Kink, Parameter
from jaxact._vectors import Numbers, same_count


class _Hinge(NamedTuple):
    """`weight * max(x - place, 0)`, or of `place - x` if it opens to the left."""

    weight: Array | float
    place: Array | float
    left: bool = False

    def slope(self, x: Array) -> Array:
        """Its derivative; at the hinge 0."""
        opened = x < self.place if self.left else x > self.place
        return jnp.where(opened, -self.weight if self.left else self.weight, 0)


def _hinged(x: Array, hinges: Sequence[_Hinge]) -> Array:
    """The sum of hinges."""
    large = jnp.sqrt(jnp.finfo(x.dtype).max)
    inner = jnp.clip(x, -large, large)
    near = sum(h.weight * jnp.maximum(h.place - inner if h.left else inner - h.place, 0) for h in hinges)
    slopes = [h.slope(x) for h in hinges]
    offset = sum(-slope * h.place for slope, h in zip(slopes, hinges, strict=True))
    far = jnp.where(sum(slopes) == 0, offset, elementary.line(sum(slopes), x))
    return jnp.where(jnp.abs(x) >= large, far, near)


def _sloped(x: Array, hinges: Sequence[_Hinge]) -> Array:
    """Its derivative."""
    return sum(h.slope(x) for h in hinges)


def _apl(slopes: Sequence[Array], places: Sequence[Array]) -> list[_Hinge]:
    same_count("apl", slopes=slopes, places=places)
    return [_Hinge(1, 0), *(_Hinge(a, b, left=True) for a, b in zip(slopes, places, strict=True))]


def _apl_slope(at: str) -> str:
    falls = " - ".join(f"where({at} < places[{i}], slopes[{i}], 0)" for i in range(2))
    return f"where({at} > 0, 1, 0) - {falls}"


@activation(
    formula="max(x, 0) + slopes[0] * max(places[0] - x, 0) + slopes[1] * max(places[1] - x, 0)",
    paper="Agostinelli et al. 2014, Learning activation functions to improve deep neural networks, arXiv:1412.6830",
    image="(-inf, inf)",
    aliases=("aplu",),
    parameters=(
        Parameter(
            "slopes",
            "(-inf, inf)",
            "How steeply the hinges fall",
            "jaxact; the code of Agostinelli et al. 2014, a, draws from [-0.2, 0.2]",
            learned=True,
        ),
        Parameter(
            "places",
            "(-inf, inf)",
            "Where the hinges are",
            "jaxact; the code of Agostinelli et al. 2014, b, draws from a normal distribution of width 0.5",
            learned=True,
        ),
    ),
    kinks=(
        Kink("0", _apl_slope("0")),
        *(
            Kink(f"where(abs(slopes[{i}]) > 0, {at}, 1e999)", _apl_slope(at))
            for i, at in enumerate(("places[0]", "places[1]"))
        ),
    ),
    slope=lambda x, slopes, places: _sloped(x, _apl(slopes, places)),
    ill_conditioned="at its zeros, without bound, and where hinges of opposite signs cancel",
)
def apl(x: ArrayLike, *, slopes: Numbers = (0.2, -0.1), places: Numbers = (-0.5, 0.5)) -> Float[Array, "..."]:
    """Adaptive piecewise linear unit, `max(x, 0) + sum(slopes[s] * max(places[s] - x, 0) for s)`.

    The identity far to the right, any piecewise linear function to the left; as many hinges as wanted. At a hinge
    its own derivative is taken as 0.
    """
    return _hinged(x, _apl(slopes, places))


def _splash(right: Sequence[Array], left: Sequence[Array], places: Sequence[Array]) -> list[_Hinge]:
    same_count("splash", right=right, left=left, places=places)
    rising = [_Hinge(a, b) for a, b in zip(right, places, strict=True)]
    return rising + [_Hinge(a, -b, left=True) for a, b in zip(left, places, strict=True)]


def _splash_slope(at: str) -> str:
    rises = " + ".join(f"where({at} > places[{i}], right[{i}], 0)" for i in range(4))
    falls = " - ".join(f"where({at} < -places[{i}], left[{i}], 0)" for i in range(4))
    return f"{rises} - {falls}"


@activation(
    formula=" + ".join(
        f"right[{i}] * max(x - places[{i}], 0) + left[{i}] * max(-x - places[{i}], 0)" for i in range(4)
    ),
    paper="Tavakoli et al. 2020, SPLASH: learnable activation functions for improving accuracy and adversarial robustness, arXiv:2006.08947",
    image="(-inf, inf)",
    parameters=(
        Parameter(
            "right",
            "(-inf, inf)",
            "Slopes of the hinges that open to the right",
            "Tavakoli et al. 2020, a+, who start as the rectifier",
            learned=True,
        ),
        Parameter(
            "left",
            "(-inf, inf)",
            "The same of those that open to the left",
            "Tavakoli et al. 2020, a-, who start as the rectifier",
            learned=True,
        ),
        Parameter(
            "places",
            "[0, inf)",
            "Where the hinges are, on both sides of 0",
            "Tavakoli et al. 2020, b, for inputs of variance 1",
        ),
    ),
    kinks=tuple(
        Kink(f"where(abs({hinge}[{i}]) > 0, {at}, 1e999)", _splash_slope(at))
        for i in range(4)
        for hinge, at in (("right", f"places[{i}]"), ("left", f"-places[{i}]"))
    ),
    slope=lambda x, right, left, places: _sloped(x, _splash(right, left, places)),
    ill_conditioned="at its zeros, without bound, and where hinges of opposite signs cancel",
)
def splash(
    x: ArrayLike,
    *,
    right: Numbers = (1.0, 0.0, 0.0, 0.0),
    left: Numbers = (0.0, 0.0, 0.0, 0.0),
    places: Numbers = (0.0, 1.0, 2.0, 2.5),
) -> Float[Array, "..."]:
    """SPLASH unit, `sum(right[s] * max(x - places[s], 0) + left[s] * max(-x - places[s], 0) for s)`.

    Piecewise linear with symmetric hinges, 0 at 0. At a hinge its own derivative is taken as 0.
    """
    return _hinged(x, _splash(right, left, places))
