"""What is no elementwise function of one array is refused in a sentence."""

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact.properties.subject import subject


def with_branch(x: jax.Array) -> jax.Array:
    return x if x.sum() > 0 else -x


def needs_slope(x: jax.Array, slope: float) -> jax.Array:
    return slope * x


@jax.custom_vjp
def undifferentiable(x: jax.Array) -> jax.Array:
    return x


undifferentiable.defvjp(lambda x: (x, None), lambda _, d: (d[:1],))

CASES: dict[str, tuple[Any, type[Exception], str]] = {
    "no function": (3, TypeError, "check examines a function; got int 3"),
    "softmax": (jax.nn.softmax, ValueError, "depends on other elements"),
    "position": (lambda x: x * jnp.arange(x.size, dtype=x.dtype), ValueError, "depends on the position"),
    "sum": (jnp.sum, ValueError, r"must keep the shape of its input; got \(\)"),
    "maxout": (lambda x: x.reshape(-1, 3).max(axis=1), ValueError, "takes 3 inputs per unit"),
    "dtype": (lambda x: x > 0, ValueError, "must keep the dtype of its input; got bool"),
    "two results": (lambda x: (x, x), ValueError, "must return one array; got tuple"),
    "numpy": (lambda x: np.tanh(np.asarray(x)), TypeError, "hands its input to numpy"),
    "branch": (with_branch, TypeError, "needs the value of its input; use jax.numpy.where"),
    "failure": (lambda x: x.nothing, TypeError, "fails on shape"),
    "slope": (undifferentiable, TypeError, "cannot be differentiated"),
    "missing": (needs_slope, TypeError, "needs a value for slope; pass parameters="),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused(case: str) -> None:
    f, error, message = CASES[case]
    with pytest.raises(error, match=message) as raised:
        subject(f, jnp.float32, None)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("dtype", ["int32", "complex64", "nonsense", None.__class__])
def test_dtypes_are_real_and_floating(dtype: Any) -> None:
    with pytest.raises(TypeError, match="dtype must be a real floating dtype"):
        jaxact.check(jnp.tanh, dtype=dtype)


def test_unknown_parameters_are_named() -> None:
    with pytest.raises(TypeError, match="leaky_relu has no parameter gain; its parameters: slope"):
        jaxact.check(jaxact.leaky_relu, parameters={"gain": 2.0})
    with pytest.raises(TypeError, match="parameters must map names to values; got float"):
        subject(jaxact.leaky_relu, jnp.float32, 0.5)


def test_all_ways_to_bind_a_parameter_agree() -> None:
    by_name = jaxact.check(jaxact.leaky_relu, parameters={"slope": 0.25})
    by_partial = jaxact.check(functools.partial(jaxact.leaky_relu, slope=0.25))
    by_lambda = jaxact.check(lambda x: jaxact.leaky_relu(x, slope=0.25))
    for criterion in ("nonlinearity", "saturation", "normalization", "shape"):
        assert by_name[criterion] == by_partial[criterion] == by_lambda[criterion]
    assert by_partial.name == "leaky_relu(slope=0.25)"


def test_a_function_that_is_differentiable_once_is_examined() -> None:
    @jax.custom_vjp
    def once(x: jax.Array) -> jax.Array:
        return jnp.tanh(x)

    once.defvjp(lambda x: (once(x), np.zeros(3)), lambda _, d: (jax.lax.stop_gradient(d),))
    claims = jaxact.check(once).claims
    assert claims["monotonic"].holds
    assert claims["correct_gradient"].holds is False
