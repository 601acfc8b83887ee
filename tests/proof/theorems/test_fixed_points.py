"""Fixed points of mean and variance: proved where they are known, refuted where none attracts."""

import random

import jax.numpy as jnp
import pytest

import jaxact
from jaxact.gaussian import MomentMap
from jaxact.proof import gaussian
from jaxact.proof.curve import curve
from jaxact.proof.decisions import analysis
from jaxact.proof.gaussian import Normal
from jaxact.proof.numbers.interval import Interval, between, number
from jaxact.proof.theorems import selu
from jaxact.proof.theorems.fixed_points import fixed_point, moments_of, standardized
from jaxact.proof.theorems.largest_box import largest_box

ATTRACTING = ["elu", "tanh", "sigmoid", "sparse_sigmoid", "hard_tanh", "snake", "soft_sign", "sqrt_softplus"]
REPELLING = ["silu", "mish", "gelu", "softplus", "square", "tanh_shrink", "soft_shrink"]


def test_selu_normalizes_itself_and_others_do_not() -> None:
    assert fixed_point(jaxact.selu).holds
    for name, reason in (
        ("elu", "the mean there becomes 0.16"),
        ("tanh", "the variance there becomes 0.394"),
    ):
        found = fixed_point(name)
        assert found.holds is False
        assert reason in found.reason


@pytest.mark.parametrize("name", ATTRACTING)
def test_functions_that_normalize_themselves_once_they_are_standardized(name: str) -> None:
    found = fixed_point(standardized(name))
    assert found.holds, found
    assert found.bounds["contraction"].hi < 1


@pytest.mark.parametrize("name", REPELLING)
def test_functions_that_do_not(name: str) -> None:
    found = fixed_point(standardized(name))
    assert found.holds is False
    assert "deviates there grows" in found.reason
    assert found.bounds["slope of the variance in the variance"].lo > 1


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "identity"])
def test_what_grows_in_proportion_attracts_nothing(name: str) -> None:
    found = fixed_point(standardized(name))
    assert found.holds is False
    assert "in proportion" in found.reason


def test_a_fixed_point_elsewhere() -> None:
    """Layers with larger weights settle at another variance, and with a sum of weights at a mean."""
    for name, omega, tau in (("tanh", 0.0, 2.0), ("selu", 0.1, 1.05), ("relu6", 0.0, 4.0)):
        entry = jaxact.specs[name]
        map_ = MomentMap(entry.function, tuple(joint.at for joint in entry.joints()))
        mean, variance = 0.0, 1.0
        for _ in range(300):
            found = map_.moments(omega * mean, tau * variance)
            mean, variance = float(found.mean), float(found.second - found.mean**2)
        at = fixed_point(name, mean, variance, omega=omega, tau=tau, within=1e-4)
        assert at.holds, (name, mean, variance, at)
        beside = fixed_point(name, mean, variance * 1.01, omega=omega, tau=tau, within=1e-4)
        assert beside.holds is False


def test_a_layer_encloses_what_it_does_to_every_normal_variable() -> None:
    chance = random.Random(0)
    for f in (jaxact.selu, jaxact.gelu, jnp.cbrt, lambda x: jnp.exp(0.3 * x)):
        one = analysis(curve(f).program)
        for _ in range(4):
            m, v = chance.uniform(-0.5, 0.5), chance.uniform(0.3, 2)
            wide = gaussian.layer(one, Normal(between(m, m + 0.1), between(v, v + 0.1)))
            inner = m + 0.1 * chance.random(), v + 0.1 * chance.random()
            narrow = gaussian.layer(one, Normal(*map(number, inner)))
            for name in ("mean", "square", "mean_m", "mean_v", "square_m", "square_v"):
                outer, truth = getattr(wide, name), getattr(narrow, name)
                assert outer.lo <= truth.hi, (f, name)
                assert truth.lo <= outer.hi, (f, name)
                assert outer.width < 1, (f, name)


def test_moments_of_selu_are_those_of_its_closed_form() -> None:
    general = moments_of(jaxact.selu)
    for m, v in ((0.0, 1.0), (0.2, 0.7), (-0.3, 3.0)):
        found, known = general(number(m), number(v)), selu.layer(number(m), number(v))
        for name in ("mean", "square", "mean_m", "mean_v", "square_m", "square_v"):
            assert float((getattr(found, name) - getattr(known, name)).middle) == pytest.approx(0, abs=1e-12)


def test_the_largest_box_of_selu() -> None:
    found = largest_box("selu", moments=selu.tight_layer)
    assert found.holds
    omega, tau = found.bounds["omega"], found.bounds["tau"]
    assert omega.hi == (tau.hi - 1)
    assert 0.08 < float(omega.hi) < 0.1
    assert found.bounds["contraction"].hi < 1


def test_the_largest_box_of_another_function() -> None:
    found = largest_box(standardized("hard_tanh"), steps=2)
    assert found.holds
    assert float(found.bounds["omega"].hi) == 0.25


def test_where_nothing_attracts_there_is_no_box() -> None:
    found = largest_box(standardized("silu"), steps=4)
    assert found.holds is None
    assert "no box" in found.reason


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"variance": 0.0}, "variance has to be positive; got 0.0"),
        ({"tau": -1.0}, "tau has to be positive; got -1.0"),
        ({"within": 2.0}, "within has to be smaller than the variance"),
    ],
)
def test_bad_arguments_are_named(given: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fixed_point("selu", **given)


def test_a_certificate_says_what_came_of_it() -> None:
    assert str(fixed_point("selu")) == "selu has an attracting fixed point within 1e-06 of (0, 1): proved"
    assert str(fixed_point("relu")).endswith("refuted (the mean there becomes 0.398942)")
    assert isinstance(fixed_point("selu").bounds["mean"], Interval)
