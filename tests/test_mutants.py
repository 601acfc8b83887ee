"""The laws catch what they are for: definitions that are wrong in one way each, and the law that says so."""

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import test_dtype
import test_ends
import test_memory
import test_slopes
import test_transformations
import test_values

import jaxact
from jaxact._numeric import elementwise, real

Law = Callable[[jaxact.Spec], None]


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A wrong definition of an activation, what is wrong with it, the law it breaks, and how that shows."""

    fault: str
    of: str
    function: Callable[..., Any]
    law: Law
    raises: type[BaseException] = AssertionError

    @property
    def entry(self) -> jaxact.Spec:
        return dataclasses.replace(jaxact.spec(self.of), function=self.function)


def values(entry: jaxact.Spec) -> None:
    test_values.test_values_are_those_of_the_formula_at_all_magnitudes(entry, np.float32)


def slopes(entry: jaxact.Spec) -> None:
    test_slopes.test_slopes_are_those_of_the_formula_at_all_magnitudes(entry, np.float32)


def memory(entry: jaxact.Spec) -> None:
    test_memory.test_backward_pass_keeps_one_array(entry, "float32")


def shapes(entry: jaxact.Spec) -> None:
    test_transformations.test_any_shape(entry, (2, 1, 3))


def lowering(entry: jaxact.Spec) -> None:
    test_transformations.test_lowers_for_every_platform(entry, "float32")


narrow_values = test_values.test_narrow_values_are_those_of_the_formula
limits = test_ends.test_value_and_slope_at_infinity_are_the_limits
nan = test_ends.test_nan_stays_nan
minus_zero = test_ends.test_minus_zero_is_that_of_the_formula
narrow_dtypes = test_dtype.test_narrow_floats_are_evaluated_in_float32_and_rounded_once
float64 = test_dtype.test_float64_is_evaluated_in_float64
integers = test_dtype.test_integers_and_bools_become_the_default_float
complex_numbers = test_dtype.test_complex_raises_and_names_the_function
cast_parameters = test_dtype.test_parameters_are_cast_to_the_dtype_of_x
transformations = test_transformations.test_transformations_agree
compilations = test_transformations.compilations


def mutant(fault: str, of: str, law: Law, body: Callable[..., Any], **slope: Callable[..., Any]) -> Mutant:
    """A mutant whose body, or the slope given with it, is wrong; the rest is as it should be."""
    body.__name__ = of
    return Mutant(fault, of, elementwise(body, parameters=jaxact.spec(of).parameters, **slope), law)


def original(of: str) -> Callable[..., Any]:
    """The right body, without its slope."""
    return lambda x, **parameters: jaxact.spec(of).function(x, **parameters)


def selu(alpha: float) -> Callable[..., Any]:
    return lambda x: 1.0507009873554805 * jnp.where(x > 0, x, alpha * jnp.expm1(jnp.minimum(x, 0)))


@jax.custom_vjp
def tanh_without_forward_mode(x: jax.Array) -> jax.Array:
    return jaxact.tanh(x)


tanh_without_forward_mode.defvjp(lambda x: (jaxact.tanh(x), x), lambda x, dy: (dy / jnp.cosh(x) ** 2,))


def on_the_host(x: jax.Array) -> jax.Array:
    return jax.pure_callback(np.square, x, x, vmap_method="expand_dims")


MUTANTS = [
    mutant("a constant 1e-4 off", "selu", values, selu(1.6734)),
    mutant("the default of a parameter", "leaky_relu", values,
           lambda x, slope: jnp.where(x >= 0, x, jnp.where(slope == jnp.asarray(0.01, x.dtype), 0.02, slope) * x)),
    mutant("the formula for some parameters", "celu", values,
           lambda x, scale: jaxact.celu(x, scale=jnp.minimum(scale, 1.5))),
    mutant("a kink moved", "hard_tanh", values, lambda x: jnp.clip(x, -1, 1.001)),
    mutant("digits lost by cancellation", "squareplus", values,
           lambda x, smoothness: x / 2 + jnp.hypot(x, jnp.sqrt(smoothness)) / 2),
    mutant("digits lost in a tail", "gelu", values, lambda x: x * (0.5 + jaxact.erf(x * 0.5**0.5) / 2)),
    mutant("an overflow on the way", "bent_identity", values, lambda x: x + (jnp.sqrt(x * x + 1) - 1) / 2),
    Mutant("a parameter rounded to bfloat16", "selu", jax.nn.selu, narrow_values),
    Mutant("arithmetic in 16 bits", "tanh_shrink", lambda x: x - jnp.tanh(x), narrow_values),
    mutant("the slope at a kink", "relu", slopes, original("relu"), slope=lambda x: jnp.where(x >= 0, 1, 0)),
    mutant("the slope of a surrogate", "heaviside", slopes, original("heaviside"), slope=jnp.ones_like),
    mutant("the sign of a slope far out", "tanh_shrink", slopes, original("tanh_shrink"),
           slope=lambda x: jnp.where(x < -1e4, -1, jnp.tanh(x) ** 2)),
    mutant("NaN in the second derivative far out", "log_sigmoid", slopes, original("log_sigmoid"),
           slope=lambda x: 1 / (1 + jnp.exp(x))),
    mutant("a second derivative of 0", "sigmoid", slopes, original("sigmoid"),
           slope=lambda x: jax.lax.stop_gradient(jaxact.sigmoid(x) * jaxact.sigmoid(-x))),
    mutant("a slope half as steep", "identity", slopes, original("identity"), slope=lambda x: 0.5 + 0 * x),
    mutant("NaN at minus infinity", "silu", limits, lambda x: x * jax.lax.logistic(x)),
    mutant("NaN at infinity", "snake", limits, lambda x, frequency: x + jnp.sin(frequency * x) ** 2 / frequency),
    mutant("a slope that does not vanish", "soft_sign", limits, original("soft_sign"),
           slope=lambda x: jnp.maximum(1e-3, 1 / (1 + jnp.abs(x)) ** 2)),
    mutant("NaN swallowed", "relu", nan, lambda x: jnp.where(x > 0, x, 0)),
    Mutant("NaN swallowed by the slope", "relu", jax.nn.relu, nan),
    mutant("-0 lost", "tanh", minus_zero, lambda x: jnp.where(x == 0, 0, jaxact.tanh(x))),
    Mutant("bfloat16 becomes float32", "square", lambda x: jnp.square(real("square", x).astype("float32")),
           narrow_dtypes),
    mutant("float64 evaluated in float32", "tanh", float64,
           lambda x: jaxact.tanh(x.astype(jnp.float32)).astype(x.dtype)),
    Mutant("integers stay integers", "square", jnp.square, integers),
    Mutant("weak types leak", "square", lambda x: jnp.square(x if isinstance(x, float) else real("square", x)),
           integers),
    Mutant("complex numbers taken", "square", jnp.square, complex_numbers, pytest.fail.Exception),
    Mutant("a float32 parameter makes the result float32", "prelu",
           lambda x, slope=0.25: jaxact.prelu(x.astype("float32"), slope=slope), cast_parameters),
    Mutant("no forward mode", "tanh", tanh_without_forward_mode, transformations, TypeError),
    Mutant("one element looks at another", "identity", lambda x: x + 0 * x.sum() + x.mean() / 9, transformations),
    Mutant("a shape lost", "square", lambda x: jnp.square(x).reshape(-1), shapes),
    dataclasses.replace(
        mutant("a callback to the host", "square", lowering, on_the_host, slope=lambda x: 2 * x),
        raises=NotImplementedError,
    ),
    Mutant("a second array kept", "mish", jax.nn.mish, memory),
]  # fmt: skip


@pytest.mark.heavy
@pytest.mark.parametrize("mutant", [pytest.param(m, id=f"{m.of}-{m.fault}") for m in MUTANTS])
def test_mutant_is_caught(mutant: Mutant) -> None:
    mutant.law(jaxact.spec(mutant.of))
    with pytest.raises(mutant.raises):
        mutant.law(mutant.entry)


def test_a_retrace_is_caught(compilations: list[str]) -> None:
    def square(x: jax.Array) -> jax.Array:
        program = jax.jit(lambda x: x * x)
        return program(x)

    entry = dataclasses.replace(jaxact.spec("square"), function=square)
    test_transformations.test_second_call_traces_nothing(jaxact.spec("square"), compilations)
    with pytest.raises(AssertionError):
        test_transformations.test_second_call_traces_nothing(entry, compilations)
