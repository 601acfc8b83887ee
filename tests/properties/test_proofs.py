"""What is proved is said to be, and a contradiction is loud."""

import jax.numpy as jnp
import pytest

import jaxact
from jaxact._facts import Proof
from jaxact.properties import proofs
from jaxact.properties.evidence import Claim, Evidence, Verdict


def test_properties_of_a_user_s_function_are_proved() -> None:
    report = jaxact.check(lambda x: x * jnp.tanh(jnp.exp(jnp.minimum(x, 1))))
    claims = report.claims
    assert report.unproved == ""
    for name in ("continuous", "bounded_below", "lipschitz", "zero_at_zero", "nonlinear", "alive"):
        assert claims[name].evidence == "proved", claims[name]
    assert claims["monotonic"].evidence == "refuted"
    assert claims["monotonic"].witness


def test_properties_of_the_catalogue_are_proved_without_proving() -> None:
    report = jaxact.check(jaxact.selu)
    proved = {name for name, claim in report.claims.items() if claim.evidence == "proved"}
    assert proved >= {"continuous", "strictly_monotonic", "lipschitz", "bounded_below", "zero_at_zero"}


def test_other_parameters_are_proved_anew() -> None:
    report = jaxact.check(jaxact.leaky_relu, parameters={"slope": 1.0})
    assert report.claims["nonlinear"].holds is False
    assert report.claims["strictly_monotonic"].evidence == "proved"
    assert jaxact.check(jaxact.leaky_relu).claims["nonlinear"].evidence == "proved"


def test_what_cannot_be_proved_is_sampled_and_says_so() -> None:
    from jax.scipy.special import gammaln  # noqa: PLC0415

    report = jaxact.check(lambda x: gammaln(x * x + 1))
    assert "lgamma" in report.unproved
    assert report.claims["even"].evidence == "sampled"
    assert "lgamma" in str(report)


def test_without_flint_the_derivatives_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs.importlib.util, "find_spec", lambda _: None)
    report = jaxact.check(lambda x: x * jnp.tanh(x))
    assert report.claims["even"].evidence == "sampled"
    assert "python-flint" in report.unproved
    with_facts = jaxact.check(jaxact.tanh)
    assert with_facts.claims["odd"].evidence == "proved"


def test_rounding_that_breaks_a_property_is_seen() -> None:
    seen = Claim("lipschitz", holds=False, evidence=Evidence.SAMPLED, witness=(710.0,), reason="f' is inf")
    found = {"lipschitz": Proof("lipschitz", holds=True)}
    verdict = proofs.strengthened(Verdict("shape", "", (seen,)), found, catalogued=False)
    assert verdict.evidence == "refuted"
    assert "over the reals it holds" in verdict.reason


def test_a_contradiction_is_an_error() -> None:
    seen = Claim("odd", holds=True, evidence=Evidence.SAMPLED)
    found = {"odd": Proof("odd", holds=False, reason="f(-x) is not -f(x) there")}
    with pytest.raises(proofs.ContradictionError, match="contradicts itself"):
        proofs.strengthened(Verdict("shape", "", (seen,)), found, catalogued=True)
    refuted = proofs.strengthened(Verdict("shape", "", (seen,)), found, catalogued=False)
    assert (refuted.holds, refuted.evidence) == (False, "refuted")
