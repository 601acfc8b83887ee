"""The words of `jaxact check` decided of functions that users write, wild ones among them."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from jaxact.proof.facts import facts
from jaxact.proof.programs.tracing import of_function


def test_a_user_s_function_is_decided() -> None:
    found = facts(of_function(lambda v: v / jnp.sqrt(1 + v * v)), tolerance=1e-3)
    holds = {name: proof.holds for name, proof in found.claims.items()}
    wanted = "odd smooth strictly_monotonic bounded non_expansive identity_at_zero alive nonlinear"
    assert all(holds[name] for name in wanted.split())
    assert not any(holds[name] for name in ("even", "convex", "concave", "non_saturating"))
    assert found.figures["fixed points"] == [[0, 0]]


TOUCHING: list[tuple[Any, list[Any]]] = [
    (lambda v: v**2, [[0, 0]]),
    (lambda v: v**3, [[0, 0]]),
    (lambda v: v * jnp.tanh(v), [[0, 0]]),
    (lambda v: jnp.exp(v) - 1 - v, [[0, 0]]),
    (lambda v: jnp.maximum(v + 1, 0) ** 2, [{"from": ["-inf", "-inf"], "to": [-1, -1]}]),
    (lambda v: v**2 - 4, [[-2, -2], [2, 2]]),
    (jnp.exp, []),
]


@pytest.mark.parametrize(("f", "zeros"), TOUCHING)
def test_zeros_of_any_multiplicity_are_found(f: Any, zeros: list[Any]) -> None:
    assert facts(of_function(f), boxes=500, tolerance=1.0).figures["zeros"] == zeros


REPEATING: list[tuple[Any, str, str]] = [
    # the slope touches 0 again and again
    (lambda v: v + jnp.sin(v) ** 2, "non_decreasing strictly_monotonic non_saturating smooth", "convex odd"),
    (lambda v: v + 0.5 * jnp.sin(2 * v), "non_decreasing non_saturating odd", "non_expansive bounded"),
    (lambda v: jnp.cos(v) - v, "non_increasing non_saturating", "even"),
    (jnp.sin, "bounded non_expansive non_saturating odd", "monotonic convex"),
    # falls somewhere in every period
    (lambda v: v + 1.0000001 * jnp.sin(v), "smooth", "monotonic non_decreasing"),
    # does not repeat
    (lambda v: jnp.sin(v) * jnp.exp(-v * v), "bounded", "monotonic non_saturating"),
]


@pytest.mark.parametrize(("f", "has", "lacks"), REPEATING)
def test_functions_that_repeat_are_decided(f: Any, has: str, lacks: str) -> None:
    claims = facts(of_function(f), boxes=500, tolerance=1.0).claims
    assert [word for word in has.split() if not claims[word].holds] == []
    assert [word for word in lacks.split() if word in claims and claims[word].holds is not False] == []


def test_a_naive_softplus_is_the_one_it_stands_for() -> None:
    claims = facts(of_function(lambda v: jnp.log(1 + jnp.exp(v))), boxes=500, tolerance=1.0).claims
    for name in ("convex", "strictly_monotonic", "smooth", "non_expansive", "bounded_below"):
        assert claims[name].holds, claims[name]


JUMPING: list[Any] = [
    # both branches of a maximum meet at 0, but what stands around it jumps there
    lambda v: jnp.where(v > 0, jnp.maximum(v, 0) + 1, 0.0),
    lambda v: jnp.maximum(v, 0) + jnp.where(v >= 0, 1e-9, 0.0),
    lambda v: jnp.abs(v) * jnp.sign(v) + jnp.sign(v) * 1e-12,
]


@pytest.mark.parametrize("f", JUMPING)
def test_a_jump_where_branches_meet_is_seen(f: Any) -> None:
    claims = facts(of_function(f), boxes=500, tolerance=1.0).claims
    for name in ("continuous", "differentiable", "smooth", "lipschitz", "convex"):
        assert claims[name].holds is False, claims[name]


UNDEFINED: list[Any] = [
    lambda v: 1 / v,
    lambda v: 1 / (3 * v - 1),
    lambda v: 1 / v**2,
    lambda v: v / v,
    lambda v: v + 1 / (v - 1e6),
    jnp.sqrt,
    jnp.log,
    lambda v: jnp.log(v * v),
    jnp.log1p,
    lambda v: v**1.5,
    lambda v: jnp.where(v > 0, jnp.log(v), 1 / v),
    lambda v: jnp.sqrt(v * v - 1e-9),
]


@pytest.mark.parametrize("f", UNDEFINED)
def test_nothing_is_said_of_what_has_no_value_somewhere(f: Any) -> None:
    found = facts(of_function(f), boxes=500, tolerance=1.0)
    assert {proof.holds for proof in found.claims.values()} == {None}
    assert all("it has no value at" in proof.reason for proof in found.claims.values())
    assert {*found.figures.values()} == {None}


def test_a_slope_needs_a_function_that_does_not_jump() -> None:
    found = facts(of_function(lambda v: jnp.where(v > 0, v + 1, v)), boxes=500, tolerance=1.0)
    assert found.claims["zero_at_zero"].holds
    assert found.claims["identity_at_zero"].holds is False
    assert found.figures["at zero"] == {"value": [0, 0], "slope": None}


def _sinc(v: Any) -> Any:
    """As `jnp.sinc` was up to JAX 0.11, which reduces its argument by rounding since."""
    return jnp.where(v == 0, 1.0, jnp.sin(jnp.pi * v) / (jnp.pi * v))


SINGULAR: list[Any] = [
    # an infinite slope
    (
        jax.lax.cbrt,
        "continuous strictly_monotonic alive odd zero_at_zero zero_mean",
        "differentiable lipschitz convex",
    ),
    (lambda v: jnp.cbrt(v - 1 / 3), "continuous strictly_monotonic", "differentiable non_expansive odd"),
    (
        lambda v: jnp.sqrt(jnp.abs(v)),
        "continuous even bounded_below",
        "differentiable convex monotonic lipschitz",
    ),
    # a curvature that is infinite, a third derivative that is
    (lambda v: jnp.maximum(v, 0) ** 1.5, "differentiable convex non_decreasing", "smooth lipschitz"),
    (lambda v: jnp.abs(v) ** 2.5, "smooth convex even", "monotonic lipschitz"),
    # a gap that is filled as it should be, a little beside it, and not at all
    (_sinc, "smooth bounded lipschitz even", "non_saturating monotonic convex zero_at_zero"),
    (lambda v: jnp.where(v == 0, 1.0, jnp.sin(v) / v), "smooth bounded non_expansive", "non_saturating"),
    (lambda v: jnp.where(v == 0, 1.000001, jnp.sin(v) / v), "bounded even", "continuous lipschitz"),
    (lambda v: jnp.sin(v) / jnp.where(v == 0, 1.0, v), "bounded even zero_at_zero", "continuous lipschitz"),
    (lambda v: jnp.where(v == 0, 1.0, jnp.expm1(v) / v), "smooth strictly_monotonic convex", "lipschitz odd"),
    (lambda v: jnp.where(v == 0, 0.5, (v - jnp.log1p(jnp.abs(v))) / v), "nonlinear", "continuous"),
    # logarithms
    (
        lambda v: jnp.where(v > 0, jnp.log(jnp.where(v > 0, v, 1.0)), 0.0),
        "nonlinear",
        "bounded_below continuous",
    ),
    (
        lambda v: jnp.where(v > 0, v * jnp.log(v), 0.0),
        "continuous bounded_below",
        "monotonic differentiable lipschitz",
    ),
    # flat to all orders
    (
        lambda v: jnp.where(v > 0, jnp.exp(-1 / v), 0.0),
        "smooth non_decreasing lipschitz bounded",
        "convex alive",
    ),
    # waves without end
    (lambda v: jnp.where(v == 0, 0.0, v * jnp.sin(1 / v)), "continuous", ""),
    (lambda v: jnp.where(v == 0, 0.0, jnp.sin(1 / v)), "bounded", ""),
    # infinite on both sides
    (lambda v: jnp.where(v == 0, 0.0, 1 / v), "odd zero_at_zero", "continuous bounded monotonic"),
]


@pytest.mark.parametrize(("f", "has", "lacks"), SINGULAR)
def test_points_where_a_function_is_not_smooth(f: Any, has: str, lacks: str) -> None:
    claims = facts(of_function(f), boxes=2000, tolerance=1e-3).claims
    assert [(word, claims[word]) for word in has.split() if not claims[word].holds] == []
    assert [(word, claims[word]) for word in lacks.split() if claims[word].holds is not False] == []


def test_a_wave_without_end_has_no_limit() -> None:
    claims = facts(
        of_function(lambda v: jnp.where(v == 0, 0.0, jnp.sin(1 / v))), boxes=500, tolerance=1.0
    ).claims
    for word in ("continuous", "differentiable", "monotonic", "lipschitz", "convex"):
        assert not claims[word].holds


def test_moments_beside_an_infinite_slope() -> None:
    """`E |z|**(2/3)` is `2**(1/3) * gamma(5/6) / sqrt(pi)`."""
    found = facts(of_function(lambda v: jnp.cbrt(v) + 1), boxes=500, tolerance=1.0).figures
    moments = found["moments under N(0, 1)"]
    second = 1 + 2 ** (1 / 3) * math.gamma(5 / 6) / math.sqrt(math.pi)
    for (low, high), truth in ((moments["mean"], 1.0), (moments["second"], second)):
        assert low <= truth <= high
        assert high - low < 1e-8


FLAT: list[Any] = [
    lambda v: jnp.sqrt(v * v) + v,  # 0 for negative v, in one expression
    lambda v: jnp.cbrt(v**3) + jnp.sqrt(v**2),
]


@pytest.mark.parametrize("f", FLAT)
def test_what_is_not_analytic_is_not_called_alive(f: Any) -> None:
    claims = facts(of_function(f), boxes=500, tolerance=1.0).claims
    assert claims["alive"].holds is not True
    assert claims["strictly_monotonic"].holds is not True
    assert claims["differentiable"].holds is not True
