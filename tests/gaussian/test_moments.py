"""Moments of functions of Gaussians, against closed forms and recorded values."""

import functools
import json
import math
import pathlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact.gaussian import MeanField, MomentMap, Pointwise, Resolved, expectation, moments, supports

ORACLES = pathlib.Path(__file__).parents[3] / "shared" / "oracles"


@functools.cache
def oracle(name: str) -> dict[str, Any]:
    path = ORACLES / name
    if not path.exists():
        pytest.skip(f"the recorded values {name} are not in this checkout")
    return json.loads(path.read_text())


def test_recorded_moments() -> None:
    recorded = oracle("gaussian_q1.json")
    shared = [name for name in recorded if name in jaxact.specs]
    assert len(shared) >= 10
    for name in shared:
        seen = moments(jaxact.spec(name).function)
        expected = {key: float(recorded[name][key]) for key in ("Ef", "Ef2", "Var", "Edf", "Edf2")}
        found = (seen.mean, seen.second, seen.variance, seen.slope, seen.slope_squared)
        assert found == pytest.approx(tuple(expected.values()), rel=1e-11, abs=1e-12), name


def test_recorded_jacobians() -> None:
    recorded = oracle("gaussian_q1.json")
    for name in ("selu", "tanh", "elu"):
        jacobian = MomentMap(jaxact.spec(name).function).jacobian(0.0, 1.0)
        assert jacobian[0, 1] == pytest.approx(float(recorded[name]["dmean_dvar"]), rel=1e-9, abs=1e-11)
        assert jacobian[1, 1] == pytest.approx(float(recorded[name]["dvar_dvar"]), rel=1e-9)


def test_the_fixed_point_of_selu() -> None:
    (rest,) = MomentMap(jaxact.selu).fixed_points()
    assert rest.mean == pytest.approx(0, abs=1e-12)
    assert rest.variance == pytest.approx(1, rel=1e-12)
    assert rest.spectral_radius == pytest.approx(0.782647883197, rel=1e-9)
    assert rest.attracting


CLOSED: dict[Callable[..., Any], tuple[float, float]] = {
    jax.nn.relu: (1 / math.sqrt(2 * math.pi), 0.5),
    jnp.abs: (math.sqrt(2 / math.pi), 1.0),
    jnp.square: (1.0, 3.0),
    jnp.exp: (math.exp(0.5), math.exp(2)),
    jnp.sin: (0.0, (1 - math.exp(-2)) / 2),
    jnp.sign: (0.0, 1.0),
}
"""E f(z) and E f(z)^2."""


@pytest.mark.parametrize("f", CLOSED, ids=lambda f: f.__name__)
def test_closed_forms(f: Callable[..., Any]) -> None:
    seen = moments(f)
    assert (seen.mean, seen.second) == pytest.approx(CLOSED[f], rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(("mean", "variance"), [(0.5, 1.0), (-2.0, 0.01), (3.0, 25.0), (0.0, 1e-6)])
def test_relu_under_any_normal_law(mean: float, variance: float) -> None:
    deviation = math.sqrt(variance)
    z = mean / deviation
    density, below = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi), math.erfc(-z / math.sqrt(2)) / 2
    exact = mean * below + deviation * density
    assert expectation(jax.nn.relu, mean=mean, variance=variance) == pytest.approx(
        exact, rel=1e-10, abs=1e-15
    )


def test_an_unstated_kink_costs_no_accuracy() -> None:
    exact = math.exp(-(0.3**2) / 2) / math.sqrt(2 * math.pi) - 0.3 * math.erfc(0.3 / math.sqrt(2)) / 2
    found = expectation(lambda x: jnp.maximum(x - 0.3, 0))
    assert found == pytest.approx(exact, rel=1e-12)
    assert expectation(lambda x: jnp.maximum(x - 0.3, 0), kinks=[0.3]) == pytest.approx(exact, rel=1e-13)


def test_the_jacobian_is_the_derivative_of_the_map() -> None:
    layer = MomentMap(jaxact.selu, omega=0.05, tau=1.1)
    at, h = np.array([0.03, 0.9]), 1e-5
    steps = [np.array(layer(*(at + e))) - np.array(layer(*(at - e))) for e in h * np.eye(2)]
    assert layer.jacobian(*at) == pytest.approx(np.stack(steps, axis=1) / (2 * h), rel=1e-8, abs=1e-9)


def test_fixed_points_are_none_where_the_variance_drifts() -> None:
    assert MomentMap(jax.nn.relu).fixed_points() == ()
    assert (
        MomentMap(lambda x: jnp.log(1 + jnp.exp(x))).fixed_points() == ()
    )  # it overflows, and rests nowhere
    assert MomentMap(lambda x: x).neutral()
    assert not MomentMap(jax.nn.relu).neutral()


def test_errors() -> None:
    with pytest.raises(ValueError, match="variance of a normal law must be positive; got 0"):
        moments(jnp.tanh, variance=0.0)
    with pytest.raises(ValueError, match=r"needs weights of sum omega = 0; got 0\.1"):
        MomentMap(jnp.tanh, omega=0.1).fixed_points()


def test_derivatives_at_points() -> None:
    points = np.linspace(-2, 2, 2500).reshape(50, 50)
    y, slope, curvature = Pointwise(jnp.tanh, order=2)(points)
    assert y == pytest.approx(np.tanh(points), rel=1e-14)
    assert slope == pytest.approx(1 - np.tanh(points) ** 2, rel=1e-12)
    assert curvature == pytest.approx(-2 * np.tanh(points) * (1 - np.tanh(points) ** 2), rel=1e-12, abs=1e-14)
    assert Pointwise(jnp.tanh, order=2)(np.zeros((0,))).shape == (3, 0)


def test_float64_is_used_where_a_function_can() -> None:
    constant = jnp.array([2.0], jnp.float32)
    assert supports(jnp.tanh, np.dtype(np.float64))
    assert not supports(lambda x: x.astype(jnp.float32), np.dtype(np.float64))
    with jax.numpy_dtype_promotion("standard"):
        assert moments(jnp.tanh).dtype == "float64"
    assert moments(lambda x: constant * x.astype(jnp.float32)).dtype == "float32"


def test_a_function_that_changes_is_looked_at_again() -> None:
    """And one that cannot be hashed is taken as well."""

    class Leaky:
        slope = 0.1
        __hash__ = None  # pyright: ignore[reportAssignmentType]

        def __call__(self, x: Any) -> Any:
            return jnp.where(x > 0, x, self.slope * x)

    f = Leaky()
    for slope in (0.1, 0.9):
        f.slope = slope
        assert moments(f).second == pytest.approx((1 + slope**2) / 2, rel=1e-12)


def test_what_is_known_of_a_function_serves_many_maps() -> None:
    traced = []

    def f(x: jax.Array) -> jax.Array:
        traced.append(x)
        return jnp.tanh(x)

    known = Resolved(f)
    first = moments(known, variance=2.0)
    count = len(traced)
    assert moments(known, variance=2.0) == first
    assert MeanField(known, sigma_w=1.2).variance_map(2.0) == pytest.approx(1.44 * first.second, rel=1e-14)
    assert len(traced) == count > 0
    assert float(known(1.0)) == pytest.approx(math.tanh(1))


def test_a_program_serves_every_parameter() -> None:
    traced = []

    def power(x: jax.Array, exponent: jax.Array) -> jax.Array:
        traced.append(exponent)
        return x**exponent

    square = Pointwise(power, arguments=(2.0,))
    points = np.array([0.5, 3.0])
    np.testing.assert_allclose(square(points), [points**2, 2 * points], rtol=1e-14)
    count = len(traced)
    np.testing.assert_allclose(square.at(3.0)(points), [points**3, 3 * points**2], rtol=1e-14)
    assert len(traced) == count
