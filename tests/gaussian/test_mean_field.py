"""Second moments and correlations in wide layers: against closed forms, recorded values and real layers."""

import json
import math
import pathlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

import jaxact
from jaxact import initializers
from jaxact.functions.exponential import SELU_ALPHA, SELU_SCALE
from jaxact.gaussian import MeanField, edge_of_chaos, half_stable, moments
from jaxact.gaussian.crossings import crossings
from jaxact.gaussian.resolved import Resolved

ORACLES = pathlib.Path(__file__).parents[3] / "shared" / "oracles"


def _recorded(name: str) -> dict[str, Any]:
    path = ORACLES / name
    if not path.exists():
        pytest.skip(f"the recorded values {name} are not in this checkout")
    return json.loads(path.read_text())


def _kinks(name: str) -> tuple[float, ...]:
    return tuple(joint.at for joint in jaxact.specs[name].joints())


def _relu(c: float, q: float) -> tuple[float, float]:
    angle = math.pi - math.acos(c)
    return q * (math.sqrt(1 - c * c) + c * angle) / (2 * math.pi), angle / (2 * math.pi)


def _erf(c: float, q: float) -> tuple[float, float]:
    inner = 2 * q / (1 + 2 * q)
    value = 2 / math.pi * math.asin(inner * c)
    return value, 4 / math.pi / math.sqrt((1 + 2 * q) ** 2 - (2 * q * c) ** 2)


def _sin(c: float, q: float) -> tuple[float, float]:
    return math.exp(-q) * math.sinh(q * c), math.exp(-q) * math.cosh(q * c)


DUAL: list[tuple[Callable[..., Any], tuple[float, ...], Callable[[float, float], tuple[float, float]]]] = [
    (jax.nn.relu, (0.0,), _relu),
    (jax.nn.relu, (), _relu),
    (jax.scipy.special.erf, (), _erf),
    (jnp.sin, (), _sin),
]
"""With and without the kinks, which are then found."""


@pytest.mark.parametrize(("f", "kinks", "truth"), DUAL)
def test_products_are_those_of_closed_forms(f: Any, kinks: tuple[float, ...], truth: Any) -> None:
    """Cho and Saul 2009 for ReLU, Williams 1997 for erf."""
    resolved = Resolved(f, kinks)
    for q in (0.3, 1.0, 4.0):
        for c in (-1.0, -0.7, 0.0, 0.4, 0.99, 1 - 1e-6, 1.0):
            assert resolved.products(q, c) == pytest.approx(truth(c, q), rel=1e-11, abs=1e-13), (q, c)


@pytest.mark.parametrize(
    ("f", "breaks"),
    [
        (jax.nn.relu, [0.0]),
        (jax.nn.elu, [0.0]),
        (jaxact.hard_tanh, [-1.0, 1.0]),
        (lambda x: jnp.where(x > 0.3, x, 0.0), [0.3]),
        (jnp.tanh, []),
        (lambda x: jnp.abs(x) ** 3 + jnp.exp(x), []),
    ],
)
def test_kinks_that_nobody_states_are_found(f: Any, breaks: list[float]) -> None:
    found = Resolved(f)._breaks  # noqa: SLF001  # what the products depend on
    assert sorted({round(float(x), 6) + 0.0 for x in found if abs(x) < 12}) == breaks


def test_products_at_the_ends_are_moments() -> None:
    resolved, seen = Resolved(jaxact.selu, (0.0,)), moments(jaxact.selu, kinks=(0.0,))
    assert resolved.products(1.0, 1.0) == pytest.approx((seen.second, seen.slope_squared), rel=1e-13)
    assert resolved.products(1.0, 0.0) == pytest.approx((seen.mean**2, seen.slope**2), abs=1e-13)
    with pytest.raises(ValueError, match="correlation must lie in"):
        resolved.products(1.0, 1.1)


def test_recorded_moments_of_slopes() -> None:
    for name, record in _recorded("gaussian_q1.json").items():
        if name not in jaxact.specs:
            continue
        seen = moments(jaxact.specs[name].function, kinks=_kinks(name))
        assert seen.slope_fourth == pytest.approx(float(record["Edf4"]), rel=1e-10), name
        assert seen.stretch / seen.second == pytest.approx(float(record["Qslope1"]), rel=1e-10), name
        field = MeanField(jaxact.specs[name].function, 1 / math.sqrt(seen.second), kinks=_kinks(name))
        assert field.correlation_map(0.0, 1.0) == pytest.approx(float(record["C0"]), rel=1e-9, abs=1e-12), (
            name
        )
        slopes = [field.correlation_slope(c, 1.0) for c in (0.0, 1.0)]
        assert slopes == pytest.approx([float(record["Cslope0"]), float(record["Cslope1"])], rel=1e-9), name
        isometry = [field.isometry(orthogonal=orthogonal) for orthogonal in (False, True)]
        known = [float(record[f"iso_{kind}_per_layer"]) for kind in ("gauss", "orth")]
        assert isometry == pytest.approx(known, rel=1e-9, abs=1e-12), name


def test_a_curvature_counts_the_kink() -> None:
    assert moments(jax.nn.relu, kinks=(0.0,)).curvature == pytest.approx(
        1 / math.sqrt(2 * math.pi), rel=1e-12
    )
    assert moments(jnp.square, variance=2.0).curvature == pytest.approx(2.0, rel=1e-12)


def test_recorded_edges_of_chaos() -> None:
    for name, record in _recorded("published.json")["edge_of_chaos_sigma_b_0.2"].items():
        (point,) = edge_of_chaos(jaxact.specs[name].function, 0.2, kinks=_kinks(name))
        assert point.sigma_w == pytest.approx(record["sigma_w"], rel=1e-10), name
        assert point.variance == pytest.approx(record["q"], rel=1e-10), name
        rest = MeanField(jaxact.specs[name].function, point.sigma_w, 0.2, _kinks(name)).rest(point.variance)
        assert rest.chi == pytest.approx(1, abs=1e-12)
        assert rest.phase == "critical"
        assert rest.convergence == "polynomial"


def test_edges_of_chaos_without_biases() -> None:
    (relu,), (tanh,) = edge_of_chaos(jax.nn.relu, kinks=(0.0,)), edge_of_chaos(jnp.tanh)
    assert (relu.sigma_w**2, relu.slope) == pytest.approx((2.0, 1.0), rel=1e-12)
    assert (tanh.sigma_w, tanh.variance) == (1.0, 0.0)
    assert edge_of_chaos(jax.nn.relu, 0.1, kinks=(0.0,)) == ()
    with pytest.raises(ValueError, match="sigma_b must not be negative"):
        edge_of_chaos(jnp.tanh, -0.1)


def test_half_stable_points_are_those_of_the_book() -> None:
    """Roberts, Yaida and Hanin 2022, section 5.3.4: swish and GELU."""
    (swish,), (gelu,) = half_stable(jax.nn.silu), half_stable(jaxact.gelu)
    assert (swish.sigma_w**2, swish.sigma_b**2) == pytest.approx((1.98800468, 0.55514317), rel=1e-8)
    assert (gelu.sigma_w**2, gelu.sigma_b**2) == pytest.approx((1.98305826, 0.17292239), rel=1e-7)
    assert half_stable(jnp.tanh) == ()


def test_tanh_has_its_three_phases() -> None:
    ordered, chaotic = MeanField(jnp.tanh, 1.0, 0.3), MeanField(jnp.tanh, 2.5, 0.3)
    (low,), (high,) = ordered.fixed_points(), chaotic.fixed_points()
    assert (low.phase, high.phase) == ("ordered", "chaotic")
    assert low.attracting
    assert low.convergence == "exponential"
    assert low.gradient_depth == pytest.approx(-1 / math.log(low.chi))
    assert [one.value for one in ordered.correlations(low.variance)] == [1.0]
    inner, one = chaotic.correlations(high.variance)
    assert inner.attracting
    assert not one.attracting
    assert 0 < inner.value < 1
    assert chaotic.correlation_map(inner.value, high.variance) == pytest.approx(inner.value, rel=1e-12)
    assert 0 < inner.depth < math.inf


def test_relu_keeps_every_second_moment_and_correlations_approach_slowly() -> None:
    """Hayou et al. 2019: `1 - c` falls like `9 pi**2 / (2 l**2)`."""
    field = MeanField(jax.nn.relu, math.sqrt(2), kinks=(0.0,))
    assert field.neutral()
    assert field.fixed_points() == ()
    path = field.propagated(30, variance=2.0, correlation=0.99)
    assert [variance for variance, _ in path] == pytest.approx([2.0] * 31, rel=1e-12)
    distances = [1 / math.sqrt(1 - correlation) for _, correlation in path]
    rise = (distances[30] - distances[20]) / 10  # of l in 1 / sqrt(1 - c)
    assert rise == pytest.approx(math.sqrt(2) / (3 * math.pi), rel=0.04)


def test_real_layers_do_what_is_predicted() -> None:
    """Twelve random layers of width 1024: second moments and correlation of two inputs."""
    width, depth, field = 1024, 12, MeanField(jnp.tanh, 1.6, 0.2)
    keys = jax.random.split(jax.random.key(0), 2 * depth)
    mixed = jnp.array([[1.0, 0.0], [0.5, math.sqrt(0.75)]], jnp.float32)
    z = mixed @ jax.random.normal(jax.random.key(1), (2, width))
    for layer in range(depth):
        weights = jax.random.normal(keys[2 * layer], (width, width)) * (1.6 / math.sqrt(width))
        z = jnp.tanh(z) @ weights + 0.2 * jax.random.normal(keys[2 * layer + 1], (width,))
    variance, correlation = field.propagated(depth, variance=1.0, correlation=0.5)[-1]
    seen = np.asarray(z @ z.T) / width
    assert seen[0, 0] == pytest.approx(variance, rel=0.15)
    assert seen[0, 1] / math.sqrt(seen[0, 0] * seen[1, 1]) == pytest.approx(correlation, abs=0.1)


def test_deviations_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="sigma_w must be positive; got 0"):
        MeanField(jnp.tanh, 0.0)
    with pytest.raises(ValueError, match="sigma_b must not be negative; got -1"):
        MeanField(jnp.tanh, 1.0, -1.0)


def test_crossings_are_found_once() -> None:
    found = crossings(lambda x: (x - 0.1) * (x - 3) * (x - 50), low=1e-3, high=1e3, per_decade=4, blur=0.0)
    assert found == pytest.approx((0.1, 3, 50), rel=1e-12)
    jump = crossings(lambda x: -math.inf if x < 0.7 else 1.0, low=1e-3, high=1e3, per_decade=4, blur=0.0)
    assert jump == pytest.approx((0.7,), rel=1e-12)


@pytest.mark.heavy
@pytest.mark.parametrize(("f", "sigma_w"), [(jnp.tanh, 1.3), (jaxact.selu, 1.0), (jaxact.relu, math.sqrt(2))])
def test_spread_of_networks_of_finite_width(f: Any, sigma_w: float) -> None:
    """Given the layer before, pre-activations of Gaussian weights are normal with its second moment."""
    width, depth, networks = 200, 30, 1500

    def layer(second: Array, key: Array) -> tuple[Array, Array]:
        after = sigma_w**2 * (f(jnp.sqrt(second) * jax.random.normal(key, (width,))) ** 2).mean()
        return after, after

    @jax.jit
    @jax.vmap
    def logarithms(key: Array) -> Array:
        return jnp.log(jax.lax.scan(layer, jnp.float32(1.0), jax.random.split(key, depth))[1])

    found = np.asarray(logarithms(jax.random.split(jax.random.key(0), networks)))
    layers = MeanField(f, sigma_w)
    spread = np.array(layers.spread(depth, width=width)[1:])
    expected = [math.log(variance) for variance, _ in layers.propagated(depth, correlation=1.0)[1:]]
    np.testing.assert_allclose(found.std(axis=0), spread, rtol=0.1)
    shift = found.mean(axis=0) - (np.array(expected) - spread**2 / 2)
    assert (np.abs(shift) < 0.04 + spread**2 / 5).all()


def test_spread_of_relu() -> None:
    """Hanin 2018: the sum of 5 / width, of signals and of gradients."""
    layers = MeanField(jaxact.relu, math.sqrt(2))
    assert layers.spread(40, width=100)[-1] ** 2 == pytest.approx(2.0, rel=1e-12)
    assert layers.gradient_spread(40, width=100) ** 2 == pytest.approx(2.0, rel=1e-12)


def test_two_fixed_points_between_points_of_the_scan() -> None:
    """One of them on a point itself."""
    first, second = MeanField(jaxact.normalize(jaxact.gelu)).fixed_points()
    assert first.attracting
    assert second.variance == pytest.approx(1, rel=1e-9)
    assert not second.attracting
    assert second.slope > 1
    double = crossings(
        lambda x: (math.log(x) - 0.31) * (math.log(x) - 0.33), low=1e-2, high=1e2, per_decade=2, blur=1e-9
    )
    np.testing.assert_allclose(np.log(double), [0.31, 0.33], rtol=1e-9)
    assert crossings(lambda x: math.log(x) ** 2 + 0.01, low=1e-2, high=1e2, per_decade=3, blur=1e-9) == ()


def test_the_limit_of_small_second_moments() -> None:
    """At 0 a kink has the slopes of both sides; and layers stay there or leave."""
    (point,) = edge_of_chaos(jaxact.selu)
    left, right = SELU_ALPHA * SELU_SCALE, SELU_SCALE
    assert point.variance == 0
    assert point.sigma_w**2 * (left**2 + right**2) / 2 == pytest.approx(1, rel=1e-9)
    (tanh,) = edge_of_chaos(jnp.tanh)
    assert tanh.slope < 1
    (gelu,) = edge_of_chaos(jaxact.gelu)
    assert gelu.slope > 1
    with pytest.raises(ValueError, match="layers leave"):
        initializers.critical("gelu")
