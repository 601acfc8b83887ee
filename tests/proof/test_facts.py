"""What is on record of the catalogue: proved anew, and as the literature has it."""

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import jaxact
from jaxact import _facts
from jaxact._command import certifying, properties
from jaxact.proof.facts import facts
from jaxact.proof.programs.program import of_formula
from jaxact.proof.programs.tracing import of_function
from jaxact.proof.words import WORDS

ROOT = Path(__file__).parents[2]

RANGES: dict[str, tuple[float, float]] = {
    "gelu": (-0.128904145, 1.128904145),
    "silu": (-0.099839201, 1.099839201),
    "mish": (-0.112526, 1.088498),
    "selu": (0, 1.758099341),
    "softplus": (0, 1),
    "tanh": (0, 1),
    "sigmoid": (0, 0.25),
}
"""Ranges of the slope, `shared/notes/proofs.md` and by hand."""


def test_facts_on_record_are_found_again(entry: jaxact.Spec) -> None:
    found = facts(of_formula(entry.formula, entry.defaults), tolerance=1e-2)
    assert certifying.differences(entry.name, entry.facts, found) == []


def test_every_question_is_decided() -> None:
    recorded = _facts.catalogue()
    assert recorded.keys() == jaxact.specs.keys()
    assert all(one.claims.keys() == WORDS.keys() for one in recorded.values())
    unknown = {(n, w) for n, one in recorded.items() for w, p in one.claims.items() if p.holds is None}
    assert unknown == {("selu", "zero_mean")}  # it is 0 to 25 digits


def test_every_word_is_one_of_the_vocabulary() -> None:
    assert WORDS.keys() <= properties.MEANINGS.keys()


@pytest.mark.parametrize("name", RANGES)
def test_slopes_range_as_published(name: str) -> None:
    recorded = _recorded(name).figures["slope"]
    for bound, published in zip(("infimum", "supremum"), RANGES[name], strict=True):
        low, high = recorded[bound]
        assert high - low <= 2e-9
        assert low == pytest.approx(published, abs=1e-6)


def test_figures_are_those_of_the_functions() -> None:
    elu, gelu, hard, step = (_recorded(name).figures for name in ("elu", "gelu", "hard_tanh", "heaviside"))
    assert elu["range"]["infimum"] == [-1, -1]
    assert elu["range"]["attained"] == {"infimum": False, "supremum": False}
    assert elu["asymptotes"] == {"left": [[0, 0], [-1, -1]], "right": [[1, 1], [0, 0]]}
    assert elu["breaks"] == [{"at": [0, 0], "order": 2}]
    assert elu["fixed points"] == [{"from": [0, 0], "to": ["inf", "inf"]}]
    assert gelu["range"]["attained"] == {"infimum": True, "supremum": False}
    assert gelu["zeros"] == [[0, 0]]
    assert gelu["at zero"] == {"value": [0, 0], "slope": [0.5, 0.5]}
    assert gelu["limits"] == {"left": [0, 0], "right": ["inf", "inf"]}
    assert [plateau["value"] for plateau in hard["plateaus"]] == [[-1, -1], [1, 1]]
    assert hard["range"]["attained"] == {"infimum": True, "supremum": True}
    assert step["Lipschitz constant"] is None
    assert step["breaks"] == [{"at": [0, 0], "order": 0}]


def test_moments_are_those_of_the_oracle() -> None:
    oracle = ROOT.parent / "shared" / "oracles" / "gaussian_q1.json"
    if not oracle.exists():
        pytest.skip(f"{oracle.parent} is not there")
    exact = json.loads(oracle.read_text(encoding="utf-8"))
    shared = [name for name in exact if name in jaxact.specs and name != "exponential"]
    assert len(shared) >= 10
    for name in shared:
        found = _recorded(name).figures["moments under N(0, 1)"]
        for figure, key in (("mean", "Ef"), ("second", "Ef2")):
            low, high = found[figure]
            assert low - 1e-15 <= float(exact[name][key]) <= high + 1e-15, (name, key)
            assert high - low < 1e-15


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


def test_facts_are_written_and_read_as_they_are() -> None:
    found = facts(of_function(lambda v: jnp.maximum(v, v / 3)), tolerance=1e-3)
    again = _facts.read(json.loads(json.dumps(_facts.written(found))))
    assert again.claims == found.claims
    assert again.figures == found.figures
    witness = again.claims["identity_at_zero"].witness
    assert isinstance(witness, Fraction)


def test_another_fact_is_noticed() -> None:
    found = _recorded("tanh")
    claims = {**found.claims, "odd": _facts.Proof("odd", holds=False)}
    slope = {"infimum": [0.0, 0.0], "supremum": [1.1, 1.2]}
    other = _facts.Facts(claims, {**found.figures, "slope": slope})
    assert len(certifying.differences("tanh", found, other)) == 2
    assert certifying.differences("tanh", None, found) == ["tanh: not certified yet"]
    assert not certifying.agree([0, math.inf], [-2, -1])
    assert not certifying.agree([[0, 0]], [[0, 0], [1, 1]])


def _recorded(name: str) -> _facts.Facts:
    found = jaxact.specs[name].facts
    assert found is not None
    return found
