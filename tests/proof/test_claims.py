"""Claims read as one says them, and are decided."""

import sys
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import jaxact
from jaxact.proof import (
    affine,
    bounded,
    concave,
    continuous,
    convex,
    curve,
    decreasing,
    even,
    increasing,
    lipschitz,
    monotone,
    odd,
    prove,
    variable,
)
from jaxact.proof.programs.program import UnprovableError

TRUE = [
    increasing(jaxact.elu),
    increasing(jaxact.relu6),
    increasing(jaxact.heaviside),
    monotone(jaxact.softplus),
    decreasing(-curve(jaxact.tanh)),
    convex(jaxact.softplus),
    convex(jaxact.relu),
    convex(jaxact.squareplus),
    concave(jaxact.log_sigmoid),
    continuous(jaxact.clipped_gelu),
    continuous(jaxact.soft_shrink),
    bounded(jaxact.soft_sign),
    bounded(lambda v: jnp.sin(v) * jnp.exp(-v * v)),
    curve(jaxact.silu) <= jaxact.relu,
    curve(jaxact.gelu) <= jaxact.relu,
    curve(jaxact.softplus) >= "relu",
    curve(jaxact.tanh) <= 1,
    abs(curve(jaxact.gelu) - jaxact.gelu_tanh) <= 5e-4,
    abs(curve(jax.nn.gelu) - jaxact.gelu_tanh) <= 1e-4,
    lipschitz(jaxact.gelu) <= 1.13,
    lipschitz(jaxact.hard_tanh) <= 1,
    lipschitz(jax.nn.sigmoid) <= Fraction(1, 4),
    curve(jaxact.leaky_relu, slope=0.5) <= jaxact.relu,
    curve(jaxact.elu) >= -1 + 0 * variable(),
    odd(jaxact.tanh),
    odd(jaxact.hard_tanh),
    odd(jaxact.soft_shrink),
    odd(lambda v: v / jnp.sqrt(1 + v * v)),
    even(jaxact.log_cosh),
    even(jaxact.lisht),
    even(lambda v: jnp.exp(-v * v)),
    affine(jaxact.identity),
    affine(lambda v: 3 * v - jnp.maximum(v, 0) - jnp.minimum(v, 0)),
]

FALSE = [
    increasing(jaxact.silu),
    decreasing(jaxact.elu),
    monotone(jaxact.mish),
    convex(jaxact.gelu),
    convex(jaxact.selu),
    concave(jaxact.relu),
    continuous(jaxact.heaviside),
    continuous(jaxact.hard_shrink),
    bounded(jaxact.relu),
    bounded(jaxact.log_sigmoid),
    curve(jaxact.relu) <= jaxact.silu,
    abs(curve(jaxact.gelu) - jaxact.gelu_tanh) <= 4e-4,
    lipschitz(jaxact.gelu) <= 1.1289,
    lipschitz(jaxact.heaviside) <= 10**9,
    odd(jaxact.relu),
    odd(jaxact.sigmoid),
    even(jaxact.gelu),
    affine(jaxact.leaky_relu),
    affine(jaxact.hard_shrink),
    affine(jaxact.bent_identity),
]


@pytest.mark.parametrize("claim", TRUE, ids=str)
def test_what_is_true_is_proved(claim: Any) -> None:
    found = prove(claim)
    assert found.holds is True, found
    assert str(found) == f"{claim}: proved"


@pytest.mark.parametrize("claim", FALSE, ids=str)
def test_what_is_false_is_refuted(claim: Any) -> None:
    found = prove(claim)
    assert found.holds is False, found
    assert found.evidence == "refuted"
    assert found.reason


def test_a_refutation_shows_an_exact_number() -> None:
    found = prove(curve(jaxact.relu) <= jaxact.silu)
    assert isinstance(found.witness, Fraction)
    at = float(found.witness)
    assert float(jaxact.relu(at)) > float(jaxact.silu(at))
    assert "it is larger there" in str(found)


def test_what_is_not_known_is_said() -> None:
    found = prove(bounded(lambda v: jnp.sin(v) * jnp.sin(v * v) * jnp.exp(-jnp.sin(v)) * v))
    assert found.holds is None
    assert found.reason == "no bound was found"
    assert prove(increasing(lambda v: jnp.maximum(jnp.sin(v), 0))).evidence == "undecided"


def test_a_function_that_cannot_be_proved_about_is_refused() -> None:
    with pytest.raises(UnprovableError, match="lgamma"):
        curve(jax.lax.lgamma)
    with pytest.raises(KeyError, match="nearest"):
        curve("geluu")


def test_what_is_no_claim_is_refused() -> None:
    with pytest.raises(TypeError, match="prove decides a claim; got bool"):
        prove(jaxact.gelu is jaxact.relu)  # pyright: ignore[reportArgumentType]


def test_without_flint_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    needing = [name for name in sys.modules if name.startswith("jaxact.proof.")]
    for name in {*needing} - {"jaxact.proof.claims", "jaxact.proof.curve", "jaxact.proof.programs.program"}:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "flint", None)
    with pytest.raises(ModuleNotFoundError, match="pip install 'jaxact"):
        prove(increasing(jaxact.elu))


def test_a_limit_of_time_is_kept() -> None:
    wild = curve(lambda v: jnp.sin(50 * v) * jnp.exp(-v * v)) <= 0.99999999
    assert prove(wild, seconds=0.0).reason == "the time was not enough"


def test_functions_of_the_catalogue_are_their_formulas_within_others() -> None:
    def double(v: Any) -> Any:
        return 2 * jaxact.gelu(v) + jaxact.leaky_relu(v, slope=0.25)

    both = 2 * curve(jaxact.gelu) + curve(jaxact.leaky_relu, slope=0.25)
    found = [sorted(step.operator for step in one.program.steps) for one in (curve(double), both)]
    assert found[0] == found[1]


def test_arithmetic_of_curves_is_that_of_their_values() -> None:
    half = (2 * curve(jaxact.tanh) + 1 - variable() / 2) * 0.5
    assert prove(abs(half - (curve(jaxact.tanh) + Fraction(1, 2) - variable() / 4)) <= 1e-3).holds


def test_what_was_not_decided_for_want_of_time_is_decided_later() -> None:
    claim = increasing(lambda v: v + 0.25 * jnp.tanh(jnp.cbrt(v) * 1.75))
    assert prove(claim, seconds=0.0).reason == "the time was not enough"
    assert prove(claim).holds
