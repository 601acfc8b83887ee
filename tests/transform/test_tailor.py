"""Tailored activations: the conditions hold, recorded numbers are met, a network does as is said."""

import json
import math
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact.gaussian import MeanField, Pointwise, moments
from jaxact.gaussian.quadrature import normal_rule
from jaxact.transform.tailor import rectifier_slope

ORACLES = pathlib.Path(__file__).parents[3] / "shared" / "oracles"


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["tanh", "gelu", "softplus", "elu", "snake"])
def test_dks_meets_its_conditions(name: str) -> None:
    f = jaxact.tailor_dks(name, 50, zeta=1.5)
    seen = moments(f, kinks=tuple(joint.at for joint in jaxact.spec(f).joints()))
    assert (seen.mean, seen.second, seen.stretch) == pytest.approx((0, 1, 1), abs=1e-8)
    assert seen.slope_squared**50 == pytest.approx(1.5, rel=1e-6)


def test_dks_finds_the_recorded_numbers() -> None:
    path = ORACLES / "published.json"
    if not path.exists():
        pytest.skip("the recorded values are not in this checkout")
    scale, shift, offset, factor = json.loads(path.read_text())["dks_resnet101mod_zeta_1.2"]["softplus"]
    known = jaxact.affine(
        "softplus", input_scale=scale, input_shift=shift, output_scale=factor, output_shift=factor * offset
    )
    found = jaxact.tailor_dks("softplus", 1, slope=moments(known).slope_squared)
    x = jnp.linspace(-3, 3, 13)
    np.testing.assert_allclose(found(x), known(x), rtol=1e-5, atol=1e-5)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["tanh", "gelu", "softplus"])
def test_tat_meets_its_conditions(name: str) -> None:
    f = jaxact.tailor_tat(name, 50)
    seen = moments(f)
    assert (seen.second, seen.stretch, seen.slope_squared) == pytest.approx((1, 1, 1), abs=1e-8)
    x, _, weights = normal_rule(np.arange(-12.0, 13.0), 0.0, 1.0)
    bend = Pointwise(f, order=2)(x)[2]
    assert float(weights @ bend**2) == pytest.approx(0.3 / 50, rel=1e-6)


def test_tailored_rectifiers_take_correlations_where_they_should_go() -> None:
    f = jaxact.tailor_tat("leaky_relu", 40, correlation=0.75)
    path = MeanField(f, 1.0, kinks=(0.0,)).propagated(40, variance=1.0, correlation=0.0)
    assert path[-1] == pytest.approx((1.0, 0.75), rel=1e-9)
    assert rectifier_slope(40, 0.75) == pytest.approx(0.5470866795, rel=1e-9)


def test_a_deep_network_keeps_its_signals() -> None:
    """A hundred layers of width 128 of a tailored tanh, where plain tanh lets them die."""
    f, width = jaxact.tailor_dks("tanh", 100), 128
    keys = jax.random.split(jax.random.key(0), 100)
    tailored = plain = jax.random.normal(jax.random.key(1), (16, width))
    for key in keys:
        weights = jax.random.orthogonal(key, width)
        tailored, plain = f(tailored @ weights), jnp.tanh(plain @ weights)
    assert float((tailored**2).mean()) == pytest.approx(1, abs=0.25)
    assert float((plain**2).mean()) < 0.02


def test_what_cannot_be_tailored_is_refused_with_the_numbers() -> None:
    with pytest.raises(ValueError, match=r"relu cannot be tailored by DKS to slope .* are missed by 0\.1"):
        jaxact.tailor_dks("relu", 10)
    with pytest.raises(ValueError, match=r"10 layers of ReLU come to the correlation 0\.8715; got 0\.9"):
        jaxact.tailor_tat("leaky_relu", 10)
    with pytest.raises(ValueError, match="depth must be at least 1; got 0"):
        jaxact.tailor_dks("tanh", 0)
    with pytest.raises(ValueError, match=r"zeta and slope must be more than 1; got 0\.5"):
        jaxact.tailor_dks("tanh", 5, zeta=0.5)
    with pytest.raises(ValueError, match="curvature must be positive; got 0"):
        jaxact.tailor_tat("tanh", 5, curvature=0.0)
    with pytest.raises(ValueError, match="correlation must lie between 0 and 1; got 1"):
        rectifier_slope(3, 1.0)
    assert math.isclose(rectifier_slope(1, 1 / math.pi - 1e-12), 0, abs_tol=1e-9)
