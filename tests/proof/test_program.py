"""Programs say what the function says, wherever they come from."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact._formula import NUMPY, parse
from jaxact.proof.programs import program, tracing
from jaxact.proof.programs.program import Step, UnprovableError

FLOATS = {
    **NUMPY,
    "number": lambda value: float({"pi": np.pi, "e": np.e}.get(value, value)),
    "true": lambda: np.True_,
    "false": lambda: np.False_,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "equal": np.equal,
    "unequal": np.not_equal,
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "asinh": np.arcsinh,
    "cbrt": np.cbrt,
    "log_cosh": lambda x: np.logaddexp(x, -x) - np.log(2),
}
X = np.array([-30.0, -3.1, -1.0, -0.5, -0.01, 0.0, 0.3, 0.5, 1.0, 2.9, 6.5, 30.0])


@np.errstate(all="ignore")
def _values(found: program.Program) -> np.ndarray:
    return np.array([float(found.evaluate(FLOATS, np.float64(x))) for x in X])


def test_the_program_of_a_formula_is_the_formula(entry: jaxact.Spec) -> None:
    found = program.of_formula(entry.formula, entry.defaults)
    with np.errstate(all="ignore"):
        expected = [float(entry.formula.evaluate(NUMPY, x=np.float64(x), **entry.defaults)) for x in X]
    np.testing.assert_allclose(_values(found), expected, rtol=1e-11)


SHARED = (
    "relu", "relu6", "elu", "selu", "celu", "silu", "softplus", "log_sigmoid", "mish", "hard_tanh",
    "hard_silu", "hard_sigmoid", "soft_sign", "squareplus", "sparse_plus", "sparse_sigmoid", "sigmoid",
    "leaky_relu", "gelu", "tanh",
)  # fmt: skip


@pytest.mark.parametrize("name", SHARED)
def test_the_program_of_a_traced_function_is_the_function(name: str) -> None:
    f = getattr(jax.nn, name)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        expected = np.asarray(f(jnp.asarray(X)))
    np.testing.assert_allclose(_values(tracing.of_function(f)), expected, rtol=1e-9, atol=1e-12)


def test_equal_steps_are_one_and_needless_ones_are_gone() -> None:
    found = tracing.of_function(lambda x: (jnp.exp(x) + jnp.exp(x)) * (jnp.sin(x) > 2).size)
    operators = [step.operator for step in found.steps]
    assert operators.count("exp") == 1
    assert "sin" not in operators
    assert found.steps[0] == Step("x", ())


def test_constants_are_the_numbers_that_stand_there() -> None:
    found = program.of_formula(parse("0.1 * x + pi"))
    assert [step.arguments[0] for step in found.steps if step.operator == "number"] == [Fraction(1, 10), "pi"]
    traced = tracing.of_function(lambda x: 0.1 * x)
    assert Step("number", (Fraction(0.1),)) in traced.steps


def test_questions_for_nan_are_answered() -> None:
    def careful(x: Any) -> Any:
        return jnp.where(jnp.isnan(x), 7.0, jnp.where(jnp.isfinite(x), jnp.exp(x), 3.0))

    np.testing.assert_allclose(_values(tracing.of_function(careful)), np.exp(X))


CONTROLLED: list[Callable[..., Any]] = [
    lambda x: jax.lax.cond(x > 0.5, jnp.tanh, lambda y: y * y, x),
    lambda x: jax.lax.switch(jnp.where(x > 0, jnp.where(x > 1, 2, 1), 0), [jnp.exp, jnp.sin, lambda y: y], x),
    lambda x: jax.lax.fori_loop(0, 3, lambda i, y: jnp.tanh(y) + i, x),
    lambda x: jax.lax.fori_loop(
        0, 4, lambda i, y: jax.lax.cond(i < 2, lambda z: z / 2, lambda z: z + x, y), x
    ),
]


@pytest.mark.parametrize("f", CONTROLLED)
def test_branches_and_loops_over_numbers_are_followed(f: Callable[..., Any]) -> None:
    np.testing.assert_allclose(_values(tracing.of_function(f)), [f(x) for x in X], rtol=1e-6)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (jax.lax.lgamma, "lgamma"),
        (lambda x: jax.lax.while_loop(lambda y: y > 1, lambda y: y / 2, x), "until something holds"),
        (lambda x: jax.lax.fori_loop(0, 1000, lambda _, y: jnp.sin(y), x), "1000 times"),
        (lambda x: jax.lax.scan(lambda y, a: (y * a, None), x, np.arange(3.0))[0], "array of shape"),
        (lambda x: jax.lax.scan(lambda y, _: (y, y), x, length=3)[0], "over arrays"),
        (lambda x: (x, x), "something else"),
        (lambda x: x * jnp.ones(3), "something else"),
        (lambda x: (x * np.arange(3.0)).sum(), "array of shape"),
        (lambda x: x * jnp.nan, "nan"),
        (lambda x: x.astype(int).astype(float), "int64"),
    ],
)
def test_what_cannot_be_proved_is_refused(f: Callable[..., Any], said: str) -> None:
    with pytest.raises(UnprovableError, match=said):
        tracing.of_function(f)
