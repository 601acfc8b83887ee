"""The law of transformations: whatever JAX does to a function, it does to an activation."""

import inspect
import pickle
import pydoc
import re
from collections.abc import Callable, Iterator
from typing import Any

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from absl.testing import parameterized
from jax.sharding import Mesh, PartitionSpec

import jaxact
from jaxact._formula import NUMPY
from jaxact._vectors import joined

pytestmark = pytest.mark.heavy

POINTS = np.array([-4.3, -1.7, -0.6, -0.2, 0.1, 0.7, 2.3, 5.1], np.float32)
"""Off the kinks of every activation at its defaults."""

Function = Callable[..., jax.Array]


def _values(f: Function, x: jax.Array) -> dict[str, jax.Array]:
    mesh = Mesh(np.array(jax.devices()[:1]), ("batch",))
    sharded = jax.shard_map(f, mesh=mesh, in_specs=PartitionSpec("batch"), out_specs=PartitionSpec("batch"))
    return {
        "call": f(x),
        "vmap": jax.vmap(f)(x),
        "jvp": jax.jvp(f, (x,), (x,))[0],
        "vjp": jax.vjp(f, x)[0],
        "checkpoint": jax.checkpoint(f)(x),
        "scan": jax.lax.scan(lambda carry, x: (carry, f(x)), 0, x)[1],
        "reshaped": f(x.reshape(2, 1, 4)).reshape(-1),
        "one by one": jnp.stack([f(point) for point in x[:2]] + [*f(x[2:])]),
        "shard_map": sharded(x),
    }


def _slopes(f: Function, x: jax.Array) -> dict[str, jax.Array]:
    mesh = Mesh(np.array(jax.devices()[:1]), ("batch",))
    sharded = jax.shard_map(
        lambda x: jax.lax.psum(f(x).sum(), "batch"),
        mesh=mesh,
        in_specs=PartitionSpec("batch"),
        out_specs=PartitionSpec(),
    )
    ones = jnp.ones_like(x)
    return {
        "vmap of grad": jax.vmap(jax.grad(f))(x),
        "grad of sum": jax.grad(lambda x: f(x).sum())(x),
        "jvp": jax.jvp(f, (x,), (ones,))[1],
        "vjp": jax.vjp(f, x)[1](ones)[0],
        "linearize": jax.linearize(f, x)[1](ones),
        "diagonal of jacfwd": jnp.diagonal(jax.jacfwd(f)(x)),
        "diagonal of jacrev": jnp.diagonal(jax.jacrev(f)(x)),
        "checkpoint": jax.grad(lambda x: jax.checkpoint(f)(x).sum())(x),
        "scan": jax.grad(lambda x: jax.lax.scan(lambda carry, x: (carry + f(x), None), 0.0, x)[0])(x),
        "shard_map": jax.grad(sharded)(x),
    }


def _second_derivatives(f: Function, x: jax.Array) -> dict[str, jax.Array]:
    slope = jax.grad(lambda x: f(x).sum())
    ones = jnp.ones_like(x)
    return {
        "grad of grad": jax.vmap(jax.grad(jax.grad(f)))(x),
        "forward over reverse": jax.jvp(slope, (x,), (ones,))[1],
        "reverse over forward": jax.grad(lambda x: jax.jvp(f, (x,), (ones,))[1].sum())(x),
        "forward over forward": jax.jvp(lambda x: jax.jvp(f, (x,), (ones,))[1], (x,), (ones,))[1],
        "diagonal of hessian": jnp.diagonal(jax.hessian(lambda x: f(x).sum())(x)),
    }


def test_transformations_agree(entry: jaxact.Spec) -> None:
    @jax.jit
    def program(x: jax.Array) -> list[dict[str, jax.Array]]:
        return [derivative(entry.function, x) for derivative in (_values, _slopes, _second_derivatives)]

    for results in program(jnp.asarray(POINTS)):
        first = next(iter(results.values()))
        assert jnp.isfinite(first).all()
        for name, result in results.items():
            chex.assert_trees_all_equal_shapes_and_dtypes(result, first)
            np.testing.assert_allclose(result, first, rtol=2e-6, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("shape", [(), (0,), (2, 1, 3)], ids=str)
def test_any_shape(entry: jaxact.Spec, shape: tuple[int, ...]) -> None:
    x = jax.ShapeDtypeStruct(shape, jnp.float32)
    slope = jax.grad(lambda x: entry.function(x).sum())
    for result in jax.eval_shape(lambda x: (entry.function(x), slope(x)), x):
        assert (result.shape, result.dtype) == (x.shape, x.dtype)


@pytest.fixture
def compilations() -> Iterator[list[str]]:
    """What JAX traces, lowers or compiles while the test runs."""
    events: list[str] = []

    def listen(event: str, duration: float, **_: Any) -> None:  # noqa: ARG001  # the listener's signature
        events.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield events
    jax.monitoring.unregister_event_duration_listener(listen)


def test_second_call_traces_nothing(entry: jaxact.Spec, compilations: list[str]) -> None:
    f = jax.jit(chex.assert_max_traces(entry.function, n=1))
    for x in (jnp.asarray(POINTS), jnp.asarray(-POINTS)):
        f(x)
    eager = [entry.function, jax.grad(lambda x: entry.function(x).sum())]
    for call in eager:
        call(jnp.asarray(POINTS))
    compilations.clear()
    for call in eager:
        call(jnp.asarray(POINTS))
    assert not compilations


def test_a_retrace_is_seen(compilations: list[str]) -> None:
    jax.jit(lambda x: jnp.sin(x) + 1)(jnp.ones(7))
    assert compilations


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_lowers_for_every_platform(entry: jaxact.Spec, dtype: str) -> None:
    program = jax.jit(jax.vmap(jax.value_and_grad(entry.function)))
    shape = jax.ShapeDtypeStruct((8,), dtype)
    exported = jax.export.export(program, platforms=("cpu", "cuda", "tpu"))(shape)
    assert exported.platforms == ("cpu", "cuda", "tpu")
    assert [(out.shape, out.dtype) for out in exported.out_avals] == [((8,), shape.dtype)] * 2


def test_lowered_program_gives_the_same_values() -> None:
    x = jnp.asarray(POINTS)
    exported = jax.export.export(jax.jit(jaxact.gelu), platforms=("cpu", "cuda", "tpu"))(x)
    np.testing.assert_array_equal(exported.call(x), jax.jit(jaxact.gelu)(x))


def test_no_tracer_leaks(entry: jaxact.Spec) -> None:
    with jax.checking_leaks():
        jax.eval_shape(jax.grad(lambda x: entry.function(x).sum()), jnp.asarray(POINTS))


def test_no_nan_on_the_way(entry: jaxact.Spec) -> None:
    largest = float(jnp.finfo(jnp.float32).max)
    x = jnp.array([-largest, -1e4, -1.0, 0.0, 1.0, 1e4, largest])
    with jax.debug_nans(True):  # noqa: FBT003  # its only parameter
        y, slope = jax.jit(jax.vmap(jax.value_and_grad(entry.function)))(x)
    assert not jnp.isnan(y).any()
    assert jnp.isfinite(slope).all() or entry.name in UNBOUNDED_SLOPE


UNBOUNDED_SLOPE = {
    "exponential", "non_monotonic_cubic", "polyrelu", "relu2", "repu", "shifted_quadratic",
    "soft_exponential", "square", "star_relu", "symexp", "xielu",
}  # fmt: skip


def test_pickles_by_its_name(entry: jaxact.Spec) -> None:
    assert pickle.loads(pickle.dumps(entry.function)) is entry.function  # noqa: S301  # our own bytes
    assert pickle.loads(pickle.dumps(entry)) == entry  # noqa: S301  # our own bytes


def test_looks_like_the_function_it_is(entry: jaxact.Spec) -> None:
    signature = inspect.signature(entry.function)
    expected = joined(entry.defaults)
    assert [*signature.parameters] == ["x", *expected]
    assert {name: signature.parameters[name].default for name in expected} == expected
    assert entry.function.__name__ == entry.function.__qualname__ == entry.name
    assert entry.function.__module__ == f"jaxact.functions.{entry.family}"
    page = pydoc.plain(pydoc.render_doc(entry.function))
    assert re.search(rf"\b{entry.name}\(\s*x: ", page)
    assert "Returns:" in page


class Variants(chex.TestCase):
    """The same values with and without jit, on the default device and on the host."""

    @chex.variants(with_jit=True, without_jit=True, with_device=True, without_device=True)
    @parameterized.named_parameters((entry.name, entry) for entry in jaxact.specs.values())
    def test_value_is_that_of_the_formula(self, entry: jaxact.Spec) -> None:
        y = self.variant(entry.function)(POINTS)
        with np.errstate(all="ignore"):
            expected = entry.formula.evaluate(NUMPY, x=POINTS.astype(np.float64), **entry.defaults)
        np.testing.assert_allclose(y, expected, rtol=1e-6, atol=1e-6)
