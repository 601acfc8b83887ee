"""The criteria decide rightly on functions whose truth is known."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import jaxact
from jaxact.proof.words import WORDS
from jaxact.properties.vocabulary import VOCABULARY


@jax.custom_jvp
def half_slope(x: jax.Array) -> jax.Array:
    """A function whose slope is stated wrongly."""
    return jnp.tanh(x)


@half_slope.defjvp
def _(primals: tuple[Any], tangents: tuple[Any]) -> tuple[jax.Array, jax.Array]:
    y = half_slope(*primals)
    return y, tangents[0] * (1 - y**2) / 2


@jax.custom_vjp
def straight_through(x: jax.Array) -> jax.Array:
    """A step with the slope of the identity, known to reverse mode alone."""
    return jnp.where(x >= 0, 1, 0).astype(x.dtype)


straight_through.defvjp(lambda x: (straight_through(x), None), lambda _, d: (d,))


def bump(x: jax.Array) -> jax.Array:
    """The identity with a dip that is 0.002 deep and 0.001 wide."""
    return x - jnp.exp(-((2000 * (x - 3)) ** 2)) / 500


def nan_beyond(x: jax.Array) -> jax.Array:
    return jnp.where(x > 1e4, jnp.nan, x)


TRUTH: dict[Callable[..., Any], tuple[str, str]] = {
    jaxact.relu: (
        """
        nonlinear continuous finite correct_gradient cheap lean monotonic non_decreasing bounded_below
        zero_at_zero parameter_free lipschitz non_expansive convex
        """,
        """
        differentiable smooth alive non_saturating strictly_monotonic bounded identity_at_zero odd even
        self_normalizing zero_mean concave non_increasing
        """,
    ),
    jaxact.selu: (
        """
        nonlinear continuous monotonic strictly_monotonic bounded_below self_normalizing zero_mean alive
        lean zero_at_zero lipschitz correct_gradient
        """,
        "differentiable smooth bounded convex non_expansive non_saturating cheap identity_at_zero",
    ),
    jaxact.tanh: (
        """
        nonlinear differentiable smooth bounded odd strictly_monotonic identity_at_zero alive zero_mean
        non_expansive correct_gradient finite
        """,
        "non_saturating convex concave even self_normalizing cheap",
    ),
    jaxact.gelu: (
        "nonlinear smooth bounded_below zero_at_zero lipschitz alive finite correct_gradient",
        "monotonic non_expansive convex bounded bounded_above odd even",
    ),
    jax.nn.silu: ("smooth bounded_below correct_gradient", "monotonic lean convex"),
    jnp.sin: (
        "nonlinear smooth bounded odd identity_at_zero non_expansive zero_mean alive non_saturating",
        "monotonic convex concave even",
    ),
    jaxact.identity: (
        """
        differentiable smooth odd convex concave monotonic strictly_monotonic non_saturating
        identity_at_zero zero_mean parameter_free cheap alive
        """,
        "nonlinear bounded bounded_below bounded_above even self_normalizing",
    ),
    jaxact.heaviside: (
        "nonlinear monotonic non_decreasing bounded cheap",
        "differentiable continuous smooth lipschitz alive convex odd even strictly_monotonic",
    ),
    jaxact.square: (
        "nonlinear smooth even convex bounded_below cheap zero_at_zero non_saturating",
        "monotonic lipschitz odd bounded_above non_expansive concave",
    ),
    jaxact.softplus: (
        "smooth strictly_monotonic convex non_expansive bounded_below alive correct_gradient",
        "zero_at_zero bounded non_saturating parameter_free",
    ),
    jaxact.snake: (
        "monotonic strictly_monotonic smooth identity_at_zero non_saturating alive lipschitz",
        "bounded parameter_free convex non_expansive",
    ),
    jaxact.hard_shrink: (
        "monotonic odd finite zero_at_zero non_saturating",
        "continuous differentiable alive lipschitz strictly_monotonic convex",
    ),
    jaxact.elu: (
        "differentiable continuous convex strictly_monotonic",
        "smooth parameter_free non_saturating",
    ),
    jaxact.log_sigmoid: ("concave strictly_monotonic bounded_above smooth", "convex bounded bounded_below"),
    jaxact.asinh: ("strictly_monotonic odd smooth alive", "bounded bounded_above non_saturating"),
    jnp.cbrt: ("continuous strictly_monotonic odd", "differentiable lipschitz finite bounded"),
    jnp.reciprocal: (
        "nonlinear",
        "continuous differentiable bounded bounded_below lipschitz monotonic finite",
    ),
    bump: ("nonlinear", "monotonic non_decreasing bounded"),
    half_slope: ("monotonic bounded", "correct_gradient"),
    straight_through: ("monotonic bounded", "correct_gradient continuous"),
    jnp.round: ("monotonic odd", "continuous bounded self_normalizing alive"),
}
"""Which properties each function has, and which it has not."""


@functools.cache
def report(f: Callable[..., Any]) -> jaxact.Report:
    return jaxact.check(f)


@pytest.mark.heavy
@pytest.mark.parametrize("f", TRUTH, ids=lambda f: f.__name__)
def test_properties_are_told_rightly(f: Callable[..., Any]) -> None:
    claims = report(f).claims
    has, lacks = (text.split() for text in TRUTH[f])
    assert [name for name in has if claims[name].holds is not True] == []
    assert [name for name in lacks if claims[name].holds is not False] == []


@pytest.mark.heavy
@pytest.mark.parametrize("f", TRUTH, ids=lambda f: f.__name__)
def test_no_verdict_claims_more_than_was_seen(f: Callable[..., Any]) -> None:
    counted = {*VOCABULARY["cost"], *VOCABULARY["parameters"]}
    for claim in report(f).claims.values():
        assert claim.evidence != "proved" or (claim.name in WORDS and claim.holds)
        assert (claim.evidence == "exhaustive") == (claim.name in counted), claim
        assert (claim.evidence == "undecided") == (claim.holds is None), claim
        if claim.evidence == "refuted":
            assert claim.holds is False
            assert claim.witness or claim.name in WORDS, claim
        assert claim.reason, claim


@pytest.mark.heavy
@pytest.mark.parametrize("f", TRUTH, ids=lambda f: f.__name__)
def test_every_criterion_gives_its_words(f: Callable[..., Any]) -> None:
    found = {v.criterion: {claim.name for claim in v.claims} for v in report(f).verdicts}
    assert found == {criterion: set(words) for criterion, words in VOCABULARY.items()}
    assert all(v.figures and v.finding for v in report(f).verdicts)
    for verdict in report(f).verdicts:
        assert verdict.claims[0].name == next(iter(VOCABULARY[verdict.criterion]))


@pytest.mark.parametrize("f", [jaxact.gelu, jnp.sin, jaxact.square, bump], ids=lambda f: f.__name__)
def test_the_witness_of_a_turn_can_be_recomputed(f: Callable[..., Any]) -> None:
    a, b, c, d = report(f).claims["monotonic"].witness
    with jax.enable_x64(True):  # noqa: FBT003
        fa, fb, fc, fd = (float(f(jnp.asarray(x, jnp.float64))) for x in (a, b, c, d))
    assert a < b
    assert fa > fb
    assert c < d
    assert fc < fd


def test_a_wrong_slope_is_shown_with_the_right_one() -> None:
    claim = report(half_slope).claims["correct_gradient"]
    assert claim.evidence == "refuted"
    (x,) = claim.witness
    taken = float(jax.grad(half_slope)(x))
    assert f"jax.grad gives {taken:.3g}"[:17] in claim.reason
    assert taken == pytest.approx(float(1 - jnp.tanh(x) ** 2) / 2, rel=1e-4)


def test_nan_on_finite_inputs_leaves_nothing_claimed() -> None:
    claims = report(nan_beyond).claims
    assert claims["finite"].holds is False
    assert 1e4 < claims["finite"].witness[0] < 1.1e4
    held = {name for name, claim in claims.items() if claim.holds}
    assert held == {"cheap", "lean", "parameter_free"}
    assert "NaN" in claims["monotonic"].reason
    assert report(nan_beyond)["monotonicity"].finding.startswith("undecided")


def test_an_overflow_of_the_formula_is_no_overflow_of_the_function() -> None:
    naive = jaxact.check(lambda x: jnp.log(1 + jnp.exp(x))).claims["finite"]
    assert naive.holds is False
    assert 88 < naive.witness[0] < 90
    assert jaxact.check(jnp.exp).claims["finite"].holds


def test_rounding_is_no_turn() -> None:
    noisy = jaxact.check(lambda x: x - jnp.tanh(x)).claims
    assert noisy["monotonic"].holds
    assert noisy["convex"].holds is False


def test_a_function_that_knows_float32_alone_is_examined_in_it() -> None:
    report = jaxact.check(lambda x: jnp.tanh(x.astype(jnp.float32)).astype(x.dtype) * jnp.ones((), x.dtype))
    assert report["monotonicity"].holds
    coarse = jaxact.check(lambda x: jax.nn.relu(jax.lax.reduce_precision(x, 8, 23)))
    assert coarse.claims["convex"].holds
