"""The law of dtypes: floats keep theirs, parameters follow, narrow floats are evaluated in float32."""

import functools
import inspect
import math
import re
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import oracle
import pytest

import jaxact
from jaxact._numeric import real
from jaxact._vectors import joined
from jaxact.proof.numbers import balls

pytestmark = pytest.mark.heavy

INTEGERS = ["bool", "int8", "uint8", "int16", "uint16", "int32", "uint32"]
POINTS = (-2.0, -0.5, 0.0, 0.5, 1.0, 3.0)


def assert_same(y: jax.Array, expected: jax.Array, where: str = "") -> None:
    np.testing.assert_array_equal(np.float32(y), np.float32(expected), err_msg=where)


def _strong(array: jax.Array, dtype: Any) -> bool:
    return array.dtype == dtype and not array.weak_type


every_parametric = pytest.mark.parametrize(
    "parametric",
    [entry for entry in jaxact.specs.values() if entry.parameters],
    ids=lambda entry: entry.name,
)


def test_narrow_floats_are_evaluated_in_float32_and_rounded_once(entry: jaxact.Spec) -> None:
    parameters = {name: np.float32(value) for name, value in entry.defaults.items()}

    @jax.jit
    def both(narrow: list[jax.Array]) -> list[tuple[jax.Array, jax.Array]]:
        wide = [entry.function(x.astype(jnp.float32), **parameters) for x in narrow]
        return [(entry.function(x), y.astype(x.dtype)) for x, y in zip(narrow, wide, strict=True)]

    points = [jnp.array(POINTS, dtype) for dtype in oracle.narrow(entry)]
    for x, (y, once) in zip(points, both(points), strict=True):
        assert _strong(y, x.dtype), x.dtype
        assert_same(y, once, x.dtype.name)
        slope = jax.eval_shape(jax.vmap(jax.grad(entry.function)), x)
        assert _strong(slope, x.dtype), x.dtype


def test_every_dtype_of_8_bits_is_some_function_s() -> None:
    seen = {oracle.narrow(entry)[-1] for entry in jaxact.specs.values()}
    assert seen == set(oracle.EIGHT_BITS)


def test_float32_and_float64_keep_their_dtype(entry: jaxact.Spec) -> None:
    assert _strong(jax.eval_shape(entry.function, jnp.array(POINTS, "float32")), jnp.float32)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        for dtype in ("float32", "float64"):
            x = jnp.array(POINTS, dtype)
            for f in (entry.function, jax.vmap(jax.grad(entry.function))):
                assert _strong(jax.eval_shape(f, x), dtype), dtype


def test_float64_is_evaluated_in_float64(entry: jaxact.Spec) -> None:
    wide = np.geomspace(0.01, 4, 40)
    wide = np.concatenate([-wide, wide])
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        y = np.asarray(entry.function(wide))
    truth = [float(balls.value(entry.formula, x, entry.defaults)) for x in wide]
    np.testing.assert_allclose(y, truth, rtol=1e-13, atol=1e-15)


def test_integers_and_bools_become_the_default_float(entry: jaxact.Spec) -> None:
    for dtype in INTEGERS:
        x = jnp.array([0, 1], dtype)
        y = entry.function(x)
        assert _strong(y, jnp.float32), dtype
        np.testing.assert_array_equal(y, entry.function(jnp.array([0.0, 1.0])), err_msg=dtype)
    for scalar in (True, 1, 1.0, np.int64(1), np.float64(1)):
        assert _strong(jax.eval_shape(lambda one=scalar: entry.function(one)), jnp.float32), type(scalar)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        for scalar in (1, 1.0):
            assert _strong(jax.eval_shape(lambda one=scalar: entry.function(one)), jnp.float64), type(scalar)


def test_complex_raises_and_names_the_function(entry: jaxact.Spec) -> None:
    for x in (1j, jnp.complex64(1j), np.complex128(1j)):
        with pytest.raises(
            TypeError, match=rf"^{entry.name} is defined on the reals; got dtype complex64\.$"
        ):
            entry.function(x)


@pytest.mark.parametrize("x", [None, "1", jax.random.key(0), [1.0, "2"]], ids=repr)
def test_what_is_no_number_raises(x: Any) -> None:
    with pytest.raises(TypeError):
        jaxact.relu(x)


@every_parametric
def test_parameters_are_cast_to_the_dtype_of_x(parametric: jaxact.Spec) -> None:
    kinds = {kind.__name__: kind for kind in (np.float64, np.float32, jnp.float32)}

    @jax.jit
    def program(xs: list[jax.Array], traced: dict[str, jax.Array]) -> list[dict[str, jax.Array]]:
        given = {name: {k: kind(v) for k, v in parametric.defaults.items()} for name, kind in kinds.items()}
        given |= {"traced": traced, "default": {}}
        return [{name: parametric.function(x, **p) for name, p in given.items()} for x in xs]

    points = [jnp.array(POINTS, dtype) for dtype in ("bfloat16", "float16", "float32")]
    for x, results in zip(points, program(points, dict(parametric.defaults)), strict=True):
        for kind, y in results.items():
            assert _strong(y, x.dtype), (x.dtype, kind)
        traced = results.pop("traced")  # XLA computes what depends on a constant alone as it compiles
        ulp = float(jnp.finfo(x.dtype).eps)
        np.testing.assert_allclose(np.float32(traced), np.float32(results["default"]), 2 * ulp, 0)
        for kind, y in results.items():
            assert_same(y, results["default"], f"{x.dtype} {kind}")


@every_parametric
def test_parameters_out_of_their_domain_raise(parametric: jaxact.Spec) -> None:
    x = jnp.array(POINTS)
    for parameter in parametric.parameters:
        name, (low, high) = parameter.name, parameter.bounds
        bad = [math.nan]
        bad += [low - 1, *([low] if parameter.domain[0] == "(" else [])] if math.isfinite(low) else []
        bad += [high + 1] if math.isfinite(high) else []
        for number in bad:
            for value in (number, np.float64(number), np.full(6, number)):
                with pytest.raises(ValueError, match="must lie in") as caught:
                    parametric.function(x, **{name: value})
                message = str(caught.value)
                expected = f"{parametric.name}: {name} must lie in {parameter.domain}; got {float(number)}."
                assert message == expected


@every_parametric
def test_complex_parameters_raise(parametric: jaxact.Spec) -> None:
    name = parametric.parameters[0].name
    said = re.escape(f"{parametric.name}: {name} is defined on the reals; got ")
    with pytest.raises(TypeError, match=f"{said}.*complex"):
        parametric.function(1.0, **{name: 1j})


def test_unknown_parameters_raise(entry: jaxact.Spec) -> None:
    known = ", ".join(joined(entry.defaults)) or "none"
    with pytest.raises(TypeError) as caught:
        entry.function(1.0, colour=1.0)
    assert str(caught.value) == f"{entry.name} has no parameter colour; its parameters: {known}."


def test_parameters_are_passed_by_keyword(entry: jaxact.Spec) -> None:
    kinds = [parameter.kind for parameter in inspect.signature(entry.function).parameters.values()]
    assert kinds[1:] == [inspect.Parameter.KEYWORD_ONLY] * len(joined(entry.defaults))
    with pytest.raises(TypeError):
        entry.function(1.0, 1.0)


@every_parametric
def test_array_parameters_broadcast_against_x_and_never_enlarge_it(parametric: jaxact.Spec) -> None:
    x = jnp.array([POINTS, POINTS])
    columns = {name: jnp.array([[default], [default]]) for name, default in parametric.defaults.items()}
    np.testing.assert_array_equal(parametric.function(x, **columns), parametric.function(x))
    for parameter in parametric.parameters:
        name, default = parameter.name, parameter.default
        said = re.escape(f"{parametric.name}: {name} of shape ")
        for shape in ((), (1,), (6,), (1, 6), (2, 6)):
            given = {name: jnp.full(shape, default)}
            assert jax.eval_shape(functools.partial(parametric.function, **given), x).shape == x.shape
        for shape in ((2,), (3, 1), (1, 2, 6)):
            with pytest.raises(ValueError, match=f"{said}.* does not broadcast"):
                parametric.function(x, **{name: jnp.full(shape, default)})


def test_each_row_has_its_own_parameter() -> None:
    slopes = jnp.array([[0.25], [0.5]])
    y = jaxact.prelu(-jnp.ones((2, 3)), slope=slopes)
    np.testing.assert_array_equal(y, -slopes * jnp.ones((2, 3)))


def test_real_keeps_floats_and_converts_the_rest() -> None:
    assert _strong(real("f", 2), jnp.float32)
    assert _strong(real("f", jnp.array([True])), jnp.float32)
    assert _strong(real("f", jnp.float8_e4m3fn(1)), jnp.float8_e4m3fn)


@every_parametric
def test_gradients_of_parameters_keep_their_dtype(parametric: jaxact.Spec) -> None:
    x = jnp.array(POINTS, "bfloat16")
    parameters = {name: jnp.float32(value) for name, value in parametric.defaults.items()}
    gradient = jax.grad(lambda p: parametric.function(x, **p).astype(jnp.float32).sum())
    slopes = jax.eval_shape(gradient, parameters)
    for name, slope in slopes.items():
        assert _strong(slope, jnp.float32), name
        assert slope.shape == (), name
