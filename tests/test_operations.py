"""The laws of activations of several numbers: values, dtypes, derivatives, memory, what is stated of each."""

import functools
import itertools
import math
import pickle
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from references import REFERENCES

import jaxact

pytestmark = pytest.mark.heavy

SIZES = (1e-3, 1.0, 20.0, 1e3)
"""Of the numbers in the rows that are looked at."""


def _rows(operation: jaxact.Operation, size: float = 1.0, count: int = 6, length: int = 6) -> np.ndarray:
    """Rows of normal numbers, complex where the activation is of such."""
    random = np.random.default_rng(0)
    rows = size * random.normal(size=(count, length))
    if operation.kind == "complex":
        rows = rows + 1j * size * random.normal(size=(count, length))
    return rows


def _applied(operation: jaxact.Operation, rows: Any, **options: Any) -> Any:
    """The activation along the last axis."""
    if operation.kind in {"row", "gated"}:
        options = {"axis": -1, **options}
    return operation.function(rows, **options)


def _exact(operation: jaxact.Operation, rows: np.ndarray) -> np.ndarray:
    wide = rows.astype(np.clongdouble if np.iscomplexobj(rows) else np.longdouble)
    return np.stack([REFERENCES[operation.name](row) for row in wide])


def _wide(dtype: str, operation: jaxact.Operation) -> str:
    return {"float32": "complex64", "float64": "complex128"}[dtype] if operation.kind == "complex" else dtype


def test_every_operation_has_a_reference() -> None:
    assert REFERENCES.keys() == {name for name, each in jaxact.operations.items() if each.kind != "step"}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_are_those_of_the_formula(operation: jaxact.Operation, dtype: str) -> None:
    eps = float(np.finfo(dtype).eps)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        for size in SIZES:
            rows = _rows(operation, size).astype(_wide(dtype, operation))
            found, exact = np.asarray(_applied(operation, jnp.asarray(rows))), _exact(operation, rows)
            assert found.dtype == rows.dtype
            scale = np.maximum(np.abs(exact).max(-1), np.minimum(np.abs(rows).max(-1), 1))[:, None]
            # a rounding of x changes an exponential by as many units as x is large
            units = eps * (8 * scale + 4 * min(size, 90) * np.abs(exact))
            assert np.all(np.abs(found - exact) <= units + np.finfo(dtype).tiny)


def test_narrow_floats_are_evaluated_in_float32_and_rounded_once(operation: jaxact.Operation) -> None:
    if operation.kind == "complex":
        pytest.skip("there are no complex numbers of 16 bits")

    @jax.jit  # in one program, where XLA computes float32 once
    def both(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        return _applied(operation, x), _applied(operation, x.astype(jnp.float32)).astype(x.dtype)

    for dtype in ("bfloat16", "float16"):
        found, once = both(jnp.asarray(_rows(operation), dtype))
        assert found.dtype == once.dtype
        np.testing.assert_array_equal(np.float32(found), np.float32(once))


def test_integers_become_floats_and_complex_raises(operation: jaxact.Operation) -> None:
    whole = jnp.arange(6).reshape(1, 6)
    if operation.kind == "complex":
        assert _applied(operation, whole).dtype == jnp.complex64
        return
    assert _applied(operation, whole).dtype == jnp.float32
    with pytest.raises(TypeError, match=f"{operation.name} is defined on the reals; got dtype complex64"):
        _applied(operation, whole.astype("complex64"))


def _jacobians(operation: jaxact.Operation, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Of every row, in forward and in reverse mode; of real and imaginary parts where there are such."""

    def f(parts: jax.Array) -> jax.Array:
        whole = jax.lax.complex(*parts) if operation.kind == "complex" else parts
        y = _applied(operation, whole[None])[0]
        return jnp.stack([y.real, y.imag]) if operation.kind == "complex" else y

    parts = jnp.stack([rows.real, rows.imag], 1) if operation.kind == "complex" else jnp.asarray(rows)
    for derivative in (jax.jacfwd, jax.jacrev):
        yield np.asarray(jax.jit(lambda parts, way=derivative: jax.lax.map(way(f), parts))(parts))


def test_derivatives_are_those_of_the_formula(operation: jaxact.Operation) -> None:
    step = np.longdouble(1e-6)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        rows = _rows(operation, 2.0, count=3)
        for row, forward, reverse in zip(rows, *_jacobians(operation, rows), strict=True):
            np.testing.assert_allclose(forward, reverse, rtol=1e-12, atol=1e-14)
            if operation.kind == "complex":
                continue  # the formula's are looked at below
            columns = []
            for place in range(len(row)):
                moved = np.zeros(len(row), np.longdouble)
                moved[place] = step
                up, down = (REFERENCES[operation.name](row + sign * moved) for sign in (1, -1))
                columns.append((up - down) / (2 * step))
            tolerance = 1e-5 if operation.name in {"geglu", "noisy_relu"} else 1e-8  # erfc has 53 bits
            np.testing.assert_allclose(forward, np.stack(columns, -1), rtol=tolerance, atol=tolerance)


def test_second_derivatives_are_those_of_the_first(operation: jaxact.Operation) -> None:
    if operation.kind == "complex":
        pytest.skip("its second derivatives are AD's")
    random, step = np.random.default_rng(1), 1e-5
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        row = jnp.asarray(_rows(operation, 2.0, count=1)[0])
        weights = jnp.asarray(random.normal(size=_applied(operation, row[None]).shape))
        direction = jnp.asarray(random.normal(size=row.shape))
        slope = jax.grad(lambda row: jnp.sum(weights * _applied(operation, row[None])))
        along = jax.jit(lambda row: jax.jvp(slope, (row,), (direction,))[1])
        up, down = (jax.jit(slope)(row + side * direction) for side in (step, -step))
        np.testing.assert_allclose(along(row), (up - down) / (2 * step), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_slopes_are_finite_everywhere(operation: jaxact.Operation, dtype: str) -> None:
    if operation.kind == "complex" and dtype != "float32":
        pytest.skip("there are no complex numbers of 16 bits")
    largest = math.sqrt(float(jnp.finfo(dtype).max)) / 64  # no product of two overflows
    special = [0.0, 1.0, -1.0, largest, -largest, 1e-30, 100.0, -100.0]
    rows = np.array([*itertools.islice(itertools.permutations(special, 6), 0, 20000, 97)])
    x = jnp.asarray(rows, dtype)
    x = jax.lax.complex(x, x[:, ::-1]) if operation.kind == "complex" else x

    @jax.jit
    def value_and_slope(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        y, pull_back = jax.vjp(lambda x: _applied(operation, x), x)
        return y, pull_back(jnp.ones_like(y))[0]

    y, slope = value_and_slope(x)
    finite = np.isfinite(np.asarray(y, y.dtype if operation.kind == "complex" else np.float32))
    assert finite.all() or operation.name == "relu2_glu"  # a product of three
    assert jnp.isfinite(slope).all()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_backward_pass_keeps_inputs_or_the_output(operation: jaxact.Operation, dtype: str) -> None:
    x = jnp.asarray(_rows(operation), "complex64" if operation.kind == "complex" else dtype)
    inputs = jnp.split(x, 2, -1) if operation.kind == "gated" else [x]
    where = {"axis": -1} if operation.kind in {"row", "gated"} else {}
    y, pull_back = jax.vjp(functools.partial(operation.function, **where), *inputs)
    kept = [leaf for leaf in jax.tree.leaves(pull_back) if leaf.size >= y.size]
    known = [*inputs, y]
    assert all(any(leaf.shape == a.shape and np.array_equal(leaf, a) for a in known) for leaf in kept)
    assert len(kept) <= len(inputs)


STATED = [(each, law) for each in jaxact.operations.values() for law in each.laws]


@pytest.mark.parametrize(("stated", "law"), STATED, ids=[f"{each.name}-{law}" for each, law in STATED])
def test_a_stated_law_holds(stated: jaxact.Operation, law: str) -> None:
    x = jnp.asarray(_rows(stated, 3.0), jnp.float32)
    y = _applied(stated, x)
    same = {"rtol": 2e-5, "atol": 2e-6}
    match law:
        case "simplex":
            assert (y >= 0).all()
            np.testing.assert_allclose(y.sum(-1), 1, **same)
        case "shift_invariant":
            np.testing.assert_allclose(_applied(stated, x + 7), y, **same)
        case "equivariant":
            order = np.random.default_rng(2).permutation(x.shape[-1])
            np.testing.assert_allclose(_applied(stated, x[:, order]), y[:, order], **same)
        case "norm_preserving":
            np.testing.assert_allclose(jnp.linalg.norm(y, axis=-1), jnp.linalg.norm(x, axis=-1), **same)
        case "idempotent":
            np.testing.assert_allclose(_applied(stated, y), y, **same)
        case "homogeneous":
            np.testing.assert_allclose(_applied(stated, 5 * x), 5 * y, **same)
        case _:
            pytest.fail(f"nobody tests {law}")


LIPSCHITZ = [each for each in jaxact.operations.values() if each.lipschitz < math.inf]


@pytest.mark.parametrize("bounded", LIPSCHITZ, ids=lambda each: each.name)
def test_a_lipschitz_constant_holds_and_is_reached(bounded: jaxact.Operation) -> None:
    random = np.random.default_rng(3)
    rows = [size * random.normal(size=4) for size in (0.0, 0.1, 0.3, 1, 3) for _ in range(20)]
    rows += [np.array([a, a + b, -c, -c]) for a in (-30, 0, 30) for b in (0, 0.1) for c in (1, 60)]
    jacobian = jax.jit(
        jax.vmap(jax.jacfwd(lambda row: _applied(bounded, row[:, None, None], axis=0).ravel()))
    )
    norms = np.linalg.norm(np.asarray(jacobian(jnp.asarray(np.stack(rows), jnp.float32))), 2, axis=(1, 2))
    assert 0.95 * bounded.lipschitz <= norms.max() <= bounded.lipschitz * (1 + 1e-4)


def test_any_axis_gives_the_same(operation: jaxact.Operation) -> None:
    if operation.kind not in {"row", "gated"}:
        pytest.skip("it has no axis")
    x = jnp.asarray(_rows(operation), jnp.float32)
    np.testing.assert_allclose(
        _applied(operation, x.T, axis=0).T, _applied(operation, x), rtol=1e-5, atol=1e-7
    )
    with pytest.raises(ValueError, match=f"{operation.name}: axis must be one of the 2 axes of x; got 2"):
        _applied(operation, x, axis=2)


def test_transformations_agree(operation: jaxact.Operation) -> None:
    x = jnp.asarray(_rows(operation), "complex64" if operation.kind == "complex" else "float32")
    y = _applied(operation, x)
    np.testing.assert_allclose(jax.jit(lambda x: _applied(operation, x))(x), y, rtol=1e-6, atol=1e-7)
    one_by_one = jax.vmap(lambda row: _applied(operation, row[None])[0])(x)
    np.testing.assert_allclose(one_by_one, y, rtol=1e-6, atol=1e-7)
    assert pickle.loads(pickle.dumps(operation.function)) is operation.function  # noqa: S301  # our own bytes


def test_nan_stays(operation: jaxact.Operation) -> None:
    x = _rows(operation).astype("complex64" if operation.kind == "complex" else "float32")
    x[0, :] = math.nan
    y = np.asarray(_applied(operation, jnp.asarray(x)))
    assert np.isnan(y[0]).all()
    assert np.isfinite(y[1:]).all()
