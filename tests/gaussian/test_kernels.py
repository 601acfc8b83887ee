"""Kernels of infinitely wide networks against closed forms, quadrature and networks of finite width."""

import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree
from jaxtyping import Array

import jaxact
from jaxact.gaussian import Kernel, MeanField
from jaxact.gaussian.pointwise import Elementwise
from jaxact.gaussian.resolved import Resolved

Pair = Callable[[float, float, float], float]
"""Of two variances and a covariance."""

ROWS = jnp.concatenate(
    [
        jax.random.normal(jax.random.key(0), (6, 5)),
        jnp.array(
            [[1.0, 2.0, 0.0, 0.0, -1.0], [2.0, 4.0, 0.0, 0.0, -2.0], [-1.0, -2.0, 0.0, 0.0, 1.0], [0.0] * 5]
        ),
    ]
)
"""Rows of different norms, among them parallel and opposite ones, and one that is 0."""


@pytest.fixture
def _wide() -> Iterator[None]:
    with jax.enable_x64(True):  # noqa: FBT003
        yield


def _layers(
    dual: tuple[Pair, Pair], depth: int, weight: float, bias: float, x: Array
) -> tuple[np.ndarray, np.ndarray]:
    """Both kernels in numpy, from functions of two variances and a covariance."""
    products, slopes = map(np.vectorize, dual)
    rows = np.asarray(x, np.float64)
    covariance = weight * rows @ rows.T / rows.shape[1] + bias
    tangent = covariance
    for _ in range(depth):
        own = np.diag(covariance)
        pair = np.broadcast_arrays(own[:, None], own, covariance)
        covariance = weight * products(*pair) + bias
        tangent = covariance + weight * slopes(*pair) * tangent
    return covariance, tangent


def _angle(a: float, b: float, c: float) -> float:
    return math.acos(max(-1.0, min(1.0, c / math.sqrt(a * b)))) if a * b else math.pi / 2


def _relu(a: float, b: float, c: float) -> float:
    """Cho and Saul 2009."""
    angle = _angle(a, b, c)
    return math.sqrt(a * b) * (math.sin(angle) + (math.pi - angle) * math.cos(angle)) / (2 * math.pi)


def _relu_slope(a: float, b: float, c: float) -> float:
    return (math.pi - _angle(a, b, c)) / (2 * math.pi)


def _erf(a: float, b: float, c: float) -> float:
    """Williams 1997, Computing with infinite networks."""
    return 2 / math.pi * math.asin(2 * c / math.sqrt((1 + 2 * a) * (1 + 2 * b)))


def _erf_slope(a: float, b: float, c: float) -> float:
    return 4 / math.pi / math.sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c**2)


def _sin(a: float, b: float, c: float) -> float:
    return math.exp(-(a + b) / 2) * math.sinh(c)


def _sin_slope(a: float, b: float, c: float) -> float:
    return math.exp(-(a + b) / 2) * math.cosh(c)


CLOSED = {
    "relu": (jaxact.relu, _relu, _relu_slope),
    "erf": (jaxact.erf, _erf, _erf_slope),
    "sin": (jnp.sin, _sin, _sin_slope),
}


@pytest.mark.heavy
@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.usefixtures("_wide")
def test_closed_forms(name: str) -> None:
    f, products, slopes = CLOSED[name]
    bias = 0.0 if name == "relu" else 0.3  # a zero row has no angle to others
    expected = _layers((products, slopes), 3, 1.7, bias**2, ROWS)
    x = jnp.asarray(ROWS, jnp.float64)
    kernel = Kernel(f, 3, math.sqrt(1.7), bias)
    np.testing.assert_allclose(
        kernel.nngp(x), expected[0], rtol=0, atol=1e-8
    )  # rows are parallel to 1e-7 only
    if name == "relu":
        np.testing.assert_allclose(kernel.ntk(x)[:-1, :-1], expected[1][:-1, :-1], rtol=0, atol=1e-6)
    else:
        np.testing.assert_allclose(kernel.ntk(x), expected[1], rtol=0, atol=1e-9)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["selu", "hard_tanh", "gelu", "soft_shrink"])
def test_any_function_in_float32(name: str) -> None:
    spec = jaxact.specs[name]
    kinks = tuple(joint.at for joint in spec.joints())
    resolved = Resolved(spec.function, kinks)
    angles = jnp.linspace(0.0, math.pi, 9)
    circle = jnp.stack([jnp.cos(angles), jnp.sin(angles)], axis=1) * math.sqrt(2)
    kernel = Kernel(spec.function, 1, kinks=kinks)
    expected = np.array([resolved.products(1.0, float(jnp.cos(angle))) for angle in angles]).T
    found = kernel.nngp(circle[:1], circle)[0]
    np.testing.assert_allclose(found, expected[0], rtol=0, atol=2e-6)
    tangent = expected[0] + expected[1] * np.cos(angles)
    np.testing.assert_allclose(kernel.ntk(circle[:1], circle)[0], tangent, rtol=0, atol=3e-5)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["relu", "tanh", "hard_tanh", "selu", "soft_shrink"])
def test_near_parallel_rows(name: str) -> None:
    """Where the rest of the series counts."""
    spec = jaxact.specs[name]
    kinks = tuple(joint.at for joint in spec.joints())
    kernel = Kernel(spec.function, 1, kinks=kinks)
    with jax.enable_x64(True):  # noqa: FBT003
        for angle in (0.002, 0.02, 0.1, 3.1):
            pair = jnp.array([[1.0, 0.0], [math.cos(angle), math.sin(angle)]]) * math.sqrt(2)
            expected = Resolved(spec.function, kinks).products(1.0, math.cos(angle))
            assert abs(float(kernel.nngp(pair)[0, 1]) - expected[0]) < 1e-6
            tangent = expected[0] + expected[1] * math.cos(angle)
            assert abs(float(kernel.ntk(pair)[0, 1]) - tangent) < 2e-4


@pytest.mark.parametrize("f", [jaxact.selu, lambda x: x * jnp.sin(x)], ids=["selu", "lambda"])
def test_networks_of_finite_width(f: Elementwise) -> None:
    """Gradients of real networks: thirty of width 512, to four deviations of their mean."""
    widths, x, sigma_w, sigma_b = (5, 512, 512, 1), ROWS[:3], 1.3, 0.2

    def network(weights: list[tuple[Array, Array]], row: Array) -> Array:
        for i, (matrix, biases) in enumerate(weights):
            row = sigma_w * matrix @ (f(row) if i else row) / math.sqrt(matrix.shape[1]) + sigma_b * biases
        return row[0]

    def draw(key: Array) -> list[tuple[Array, Array]]:
        keys = jax.random.split(key, 2 * len(widths))
        pairs = zip(widths[1:], widths, strict=False)
        return [
            (jax.random.normal(keys[2 * i], shape), jax.random.normal(keys[2 * i + 1], shape[:1]))
            for i, shape in enumerate(pairs)
        ]

    @jax.jit
    def sampled(key: Array) -> tuple[Array, Array]:
        weights = draw(key)
        gradients = jax.vmap(lambda row: ravel_pytree(jax.grad(network)(weights, row))[0])(x)
        return jax.vmap(functools.partial(network, weights))(x), gradients @ gradients.T

    outputs, tangents = zip(*map(sampled, jax.random.split(jax.random.key(1), 30)), strict=True)
    kernel = Kernel(f, 2, sigma_w, sigma_b)
    mean, deviation = np.mean(tangents, axis=0), np.std(tangents, axis=0) / math.sqrt(30)
    expected = np.asarray(kernel.ntk(x))
    assert (np.abs(mean - expected) < 4 * deviation + 0.02 * np.abs(expected)).all()
    covariance = np.mean([np.outer(output, output) for output in outputs], axis=0)
    own = np.asarray(kernel.nngp(x))
    noise = np.sqrt((own**2 + np.outer(np.diag(own), np.diag(own))) / 30)
    assert (np.abs(covariance - own) < 4 * noise).all()


def test_diagonal_is_the_variance_map() -> None:
    layers = MeanField(jaxact.gelu, 1.5, 0.1)
    kernel = Kernel(jaxact.gelu, 4, 1.5, 0.1)
    row = ROWS[:1]
    variance = 1.5**2 * float((row**2).mean()) + 0.1**2
    after = layers.propagated(4, variance=variance, correlation=1.0)[-1][0]
    assert float(kernel.nngp(row)[0, 0]) == pytest.approx(after, rel=1e-5)


def test_positive_semidefinite() -> None:
    x = jax.random.normal(jax.random.key(3), (60, 4)) * jnp.linspace(0.1, 4.0, 60)[:, None]
    for f in (jaxact.hard_tanh, jaxact.softplus):
        kernel = Kernel(f, 3, 1.4, 0.1)
        for matrix in (kernel.nngp(x), kernel.ntk(x)):
            values = np.linalg.eigvalsh(np.asarray(matrix, np.float64))
            assert values[0] > -1e-5 * values[-1]


def test_transformations() -> None:
    kernel = Kernel(jaxact.relu, 2, math.sqrt(2))
    whole = kernel.ntk(ROWS)
    np.testing.assert_allclose(jax.jit(kernel.ntk)(ROWS), whole, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(kernel.ntk(ROWS[:2], ROWS), whole[:2], rtol=1e-5, atol=1e-6)
    slope = jax.jit(jax.grad(lambda x: kernel.nngp(x).sum()))(ROWS)
    assert bool(jnp.isfinite(slope).all())
    step = 1e-2 * jnp.zeros_like(ROWS).at[0, 0].set(1.0)
    rise = (kernel.nngp(ROWS + step).sum() - kernel.nngp(ROWS - step).sum()) / 2e-2
    assert float(slope[0, 0]) == pytest.approx(float(rise), rel=1e-2)


def test_linear_model() -> None:
    x = ROWS[:4]
    np.testing.assert_allclose(
        Kernel(jnp.tanh, 0, 2.0, 1.0).ntk(x), 4 * x @ x.T / 5 + 1, rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"depth": -1}, "depth must not be negative; got -1"),
        ({"sigma_w": 0.0}, "sigma_w must be positive; got 0"),
        ({"sigma_b": -0.5}, "sigma_b must not be negative; got -0.5"),
    ],
)
def test_bad_networks(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Kernel(jnp.tanh, **options)


def test_bad_rows() -> None:
    with pytest.raises(ValueError, match=r"rows of the same features; got shapes \(10, 5\) and \(2, 3\)"):
        Kernel(jnp.tanh).nngp(ROWS, jnp.ones((2, 3)))
