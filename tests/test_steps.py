"""Steps that train have the values of a step and the slope that is stated."""

import pickle
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact

X = np.array([-2.5, -1.0, -0.5, 0.0, 0.25, 1.0, 1.5], np.float32)
STEPS: dict[str, tuple[list[float], list[float]]] = {
    "sign_ste": ([-1, -1, -1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1, 0]),
    "rsign": ([-1, -1, -1, -1, 1, 1, 1], [0, 1, 1, 1, 1, 1, 0]),
    "heaviside_surrogate": ([0, 0, 0, 1, 1, 1, 1], [1 / (1 + abs(x)) ** 2 for x in X.tolist()]),
}
every_step = pytest.mark.parametrize("name", STEPS)


def _derivatives(f: Callable[..., jax.Array], x: Any) -> list[jax.Array]:
    slope = jax.vmap(jax.grad(f))
    return [f(x), slope(x), jax.jvp(f, (x,), (jnp.ones_like(x),))[1], jax.jit(slope)(x)]


@every_step
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_values_are_those_of_a_step_and_slopes_as_stated(name: str, dtype: str) -> None:
    values, slopes = STEPS[name]
    got, *derivatives = _derivatives(getattr(jaxact, name), jnp.asarray(X, dtype))
    assert got.dtype == dtype
    np.testing.assert_array_equal(got.astype(jnp.float32), values)
    for found in derivatives:
        assert found.dtype == dtype
        tolerance = 2 * float(jnp.finfo(dtype).eps)
        np.testing.assert_allclose(found.astype(jnp.float32), slopes, rtol=tolerance)


@every_step
def test_at_infinity_nothing_is_nan_and_nan_stays_nan(name: str) -> None:
    x = jnp.array([-jnp.inf, jnp.inf, jnp.nan])
    values, *derivatives = _derivatives(getattr(jaxact, name), x)
    assert values[:2].tolist() == [STEPS[name][0][0], 1]
    assert jnp.isnan(values[2])
    for slopes in derivatives:
        np.testing.assert_allclose(slopes[:2], 0, atol=1e-30)
        assert jnp.isnan(slopes[2])


@every_step
def test_a_step_is_a_function_like_the_others(name: str) -> None:
    step = getattr(jaxact, name)
    assert pickle.loads(pickle.dumps(step)) is step  # noqa: S301  # our own bytes
    assert step(1).dtype == jnp.float32
    with pytest.raises(TypeError, match=f"{name} is defined on the reals"):
        step(1j)
    assert float(jax.grad(jax.grad(step))(0.5)) == pytest.approx(-(16 / 27) if "heavi" in name else 0)


def test_a_threshold_is_learned() -> None:
    thresholds = jnp.array([-1.0, 0.25, 1.0])
    x = jnp.array([[-0.5, 0.25, -2.0], [4.0, 0.0, 1.5]])
    np.testing.assert_array_equal(jaxact.rsign(x, threshold=thresholds), [[1, -1, -1], [1, -1, 1]])
    slopes = jax.grad(lambda t: jaxact.rsign(x, threshold=t).sum())(thresholds)
    np.testing.assert_array_equal(slopes, [-1, -2, -1])


def test_sharpness_changes_the_slope_alone() -> None:
    f = jaxact.heaviside_surrogate
    slope = jax.vmap(jax.grad(lambda x: f(x, sharpness=25.0)))(X)
    np.testing.assert_allclose(slope, 1 / (1 + 25 * np.abs(X)) ** 2, rtol=1e-6)
    assert float(jax.grad(lambda k: f(0.5, sharpness=k))(2.0)) == 0
    with pytest.raises(ValueError, match=r"sharpness must lie in \(0, inf\)"):
        f(X, sharpness=-1.0)
