"""`jaxact.nn` is jax.nn: names, signatures, and results wherever jax.nn is right.

Who is right is measured: the formula in ball arithmetic is the truth for both.
"""

import dataclasses
import functools
import importlib
import inspect
import math
import types
from collections.abc import Callable, Mapping
from typing import Any

import compiling
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb

import jaxact
import jaxact.nn
from jaxact.proof.numbers import balls

pytestmark = pytest.mark.heavy

PUBLIC = sorted(name for name in dir(jax.nn) if not name.startswith("_"))
CATALOGUE = {name for entry in jaxact.specs.values() for name in (entry.name, *entry.aliases)}
OWN = [name for name in PUBLIC if name in CATALOGUE | {"glu"}]
DEFAULTS = {"gelu": "gelu_tanh", "swish": "silu"}
RENAMED = {"leaky_relu": "slope", "elu": "scale", "celu": "scale", "squareplus": "smoothness"}

FAULTS = {
    "NaN at an end": {
        "gelu", "hard_silu", "hard_swish", "mish", "silu", "soft_sign", "squareplus", "swish",
    },
    "not finite where the function is": {"gelu", "sparse_plus", "squareplus"},
    "more than 8 ULP off": {"gelu", "mish", "silu", "squareplus", "swish"},
}  # fmt: skip
"""Where jax.nn is wrong, so that jaxact.nn differs: the whole list."""


@dataclasses.dataclass(frozen=True)
class Case:
    """A function of jax.nn at some parameters, with its entry in the catalogue."""

    name: str
    arguments: Mapping[str, Any]
    entry: jaxact.Spec

    @functools.cached_property
    def theirs(self) -> Callable[..., jax.Array]:
        return functools.partial(getattr(jax.nn, self.name), **self.arguments)

    @functools.cached_property
    def ours(self) -> Callable[..., jax.Array]:
        return functools.partial(getattr(jaxact.nn, self.name), **self.arguments)

    @property
    def parameters(self) -> dict[str, float]:
        roles = [RENAMED[self.name]] if self.name in RENAMED else []
        return {**self.entry.defaults, **dict(zip(roles, self.arguments.values(), strict=False))}

    def __str__(self) -> str:
        return "-".join([self.name, *(f"{k}={v}" for k, v in self.arguments.items())])


CASES = [
    *(Case(name, {}, jaxact.spec(DEFAULTS.get(name, name))) for name in OWN if name != "glu"),
    Case("gelu", {"approximate": False}, jaxact.spec("gelu")),
    Case("leaky_relu", {"negative_slope": 0.25}, jaxact.spec("leaky_relu")),
    Case("elu", {"alpha": 0.5}, jaxact.spec("elu")),
    Case("celu", {"alpha": 2.0}, jaxact.spec("celu")),
    Case("squareplus", {"b": 1.0}, jaxact.spec("squareplus")),
]
every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_dtype = pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])


@pytest.mark.parametrize("name", PUBLIC)
def test_every_name_has_its_signature(name: str) -> None:
    ours, theirs = getattr(jaxact.nn, name), getattr(jax.nn, name)
    if isinstance(theirs, types.ModuleType):
        assert ours is theirs
        return
    described = [
        [(p.name, p.kind, p.default) for p in inspect.signature(f).parameters.values()]
        for f in (ours, theirs)
    ]
    assert described[0] == described[1]


def test_what_jaxact_does_not_implement_is_handed_through(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"gelu", "relu", "glu", "tanh"} <= set(OWN)
    for name in PUBLIC:
        assert (getattr(jaxact.nn, name) is getattr(jax.nn, name)) == (name not in OWN), name
    monkeypatch.setattr(jax.nn, "of_next_year", jnp.sin, raising=False)
    assert jaxact.nn.of_next_year is jnp.sin
    assert "of_next_year" in dir(jaxact.nn)
    with pytest.raises(AttributeError, match=r"Neither jaxact\.nn nor jax\.nn .* has 'of_no_year'"):
        _ = jaxact.nn.of_no_year


def test_initializers_can_be_imported_from_here() -> None:
    assert importlib.import_module("jaxact.nn.initializers") is jax.nn.initializers


@every_case
@every_dtype
def test_values_and_slopes_are_those_of_jax_wherever_jax_is_right(case: Case, dtype: str) -> None:
    x = _points(dtype)
    truth = [balls.jet(case.entry.formula, float(p), case.parameters) for p in x]
    ours, theirs = (compiling.usual(jax.vmap(jax.value_and_grad(f)))(x) for f in (case.ours, case.theirs))
    values = [jet.value for jet in truth]
    _compare(case, x, _errors(ours[0], values), _errors(theirs[0], values))
    kinks = [joint.at for joint in case.entry.joints(**case.parameters)]
    smooth = [i for i, p in enumerate(x.tolist()) if p not in kinks]
    slopes = [truth[i].slope for i in smooth]
    errors = [_errors(f[1][jnp.array(smooth)], slopes, smallest=1) for f in (ours, theirs)]
    _compare(case, x[jnp.array(smooth)], *errors)


@pytest.mark.parametrize("case", [case for case in CASES if case.entry.kinks], ids=str)
def test_slopes_at_kinks_are_those_of_jax(case: Case) -> None:
    kinks = jnp.array([joint.at for joint in case.entry.joints(**case.parameters)])
    ours, theirs = (compiling.usual(jax.vmap(jax.grad(f)))(kinks) for f in (case.ours, case.theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@every_case
@every_dtype
def test_ends_are_those_of_jax_wherever_jax_is_right(case: Case, dtype: str) -> None:
    ends = jnp.array([-jnp.inf, jnp.inf], dtype)
    far = [-(arb(2) ** 5000), arb(2) ** 5000]
    truth = [balls.value(case.entry.formula, end, case.parameters) for end in far]
    ours, theirs = (_errors(f(ends), truth) for f in (case.ours, case.theirs))
    assert (ours <= 2).all(), case.ours(ends)
    assert case.name in FAULTS["NaN at an end"] or (theirs <= 2).all()


@every_case
@every_dtype
@pytest.mark.parametrize("shape", [(), (0,), (2, 3, 4)], ids=str)
def test_shape_and_dtype_are_those_of_jax(case: Case, dtype: str, shape: tuple[int, ...]) -> None:
    x = jax.ShapeDtypeStruct(shape, jnp.dtype(dtype))
    ours, theirs = jax.eval_shape(case.ours, x), jax.eval_shape(case.theirs, x)
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)


@every_case
def test_outside_of_jit_nothing_changes(case: Case) -> None:
    x = jnp.linspace(-2, 2, 24).reshape(2, 3, 4)
    np.testing.assert_allclose(case.ours(x), jax.jit(case.theirs)(x), rtol=1e-6, atol=1e-6)


@every_case
def test_integers_become_floats_and_complex_raises(case: Case) -> None:
    for x in (jnp.arange(-3, 4), jnp.array([True, False]), 2):
        assert case.ours(x).dtype == jnp.float32
        assert not jnp.asarray(case.ours(x)).weak_type
    with pytest.raises(TypeError, match=rf"{case.entry.name} is defined on the reals; got .*64"):
        case.ours(jnp.complex64(1j))


@pytest.mark.parametrize("name", RENAMED)
def test_array_parameters_broadcast_as_in_jax(name: str) -> None:
    ours, theirs = getattr(jaxact.nn, name), getattr(jax.nn, name)
    column = jnp.array([[-2.0], [1.0]])
    for x, parameter in ((column, jnp.array([[0.5, 2.0, 3.0]])), (-1.5, jnp.array([0.5, 2.0]))):
        np.testing.assert_allclose(ours(x, parameter), theirs(x, parameter), rtol=1e-6)
    assert ours(column.astype("bfloat16"), jnp.array(0.5)).dtype == jnp.bfloat16


def test_parameters_without_meaning_raise() -> None:
    for f in (jaxact.nn.elu, jaxact.nn.celu, jaxact.nn.squareplus):
        with pytest.raises(ValueError, match=r"must lie in .*; got -1"):
            f(1.0, -1.0)


@every_dtype
@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_glu(dtype: str, axis: int) -> None:
    x = jnp.linspace(-4, 4, 48, dtype=dtype).reshape(4, 6, 2)
    ours, theirs = jaxact.nn.glu(x, axis), jax.nn.glu(x, axis=axis)
    assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
    near = 4 * float(jnp.finfo(dtype).eps)
    np.testing.assert_allclose(np.float64(ours), np.float64(theirs), rtol=near)
    assert jaxact.nn.glu(jnp.arange(4)).dtype == jnp.float32
    with pytest.raises(
        ValueError, match=r"glu halves x, which must have an even number .*; got shape \(3,\)"
    ):
        jaxact.nn.glu(jnp.ones(3))


def _points(dtype: str) -> jax.Array:
    """All magnitudes of a dtype on both sides of 0, the largest number, and the nearer numbers."""
    largest = float(jnp.finfo(dtype).max)
    magnitudes = np.geomspace(max(float(jnp.finfo(dtype).tiny), 1e-30), largest, 48)
    positive = np.concatenate([magnitudes, np.arange(0.125, 20, 0.6875), [largest, 1, 3, 6]])
    points = np.concatenate([-positive, [0], np.minimum(positive, largest)])
    return jnp.array(np.unique(points.clip(-largest, largest)), dtype)


def _errors(got: jax.Array, truth: list[arb], smallest: float = 0) -> np.ndarray:
    """Distances from the truth in ULP.

    Results below the smallest normal number may be flushed. A slope is a factor, of which an output
    that has saturated no longer knows the last digits: its ULP is that of 1 where it is below 1.
    """
    info = jnp.finfo(got.dtype)
    values = np.asarray(got, np.float64)
    return np.array([_ulp(g, t, info, smallest) for g, t in zip(values, truth, strict=True)])


def _ulp(got: float, truth: arb, info: Any, smallest: float) -> float:
    largest, tiny = float(info.max), float(info.tiny)
    if abs(truth) > largest:
        return 0.0 if abs(got) >= largest and (got > 0) == (truth > 0) else math.inf
    exact = float(truth.mid())
    if not math.isfinite(got):
        return math.inf
    if abs(got - exact) <= tiny:
        return 0.0
    spacing = 2.0 ** (math.frexp(max(abs(exact), tiny, smallest))[1] - 1 - info.nmant)
    return abs(got - exact) / spacing


def _compare(case: Case, x: jax.Array, ours: np.ndarray, theirs: np.ndarray) -> None:
    """Ours is right, or at worst as wrong as jax.nn; where jax.nn is wrong, the list has it."""
    limit = 4.0 if x.dtype == jnp.float32 else 1.0
    worse = ours > np.maximum(theirs, limit)
    assert not worse.any(), [(float(x[i]), ours[i], theirs[i]) for i in np.flatnonzero(worse)]
    lost = np.isinf(theirs)
    off = (theirs > 8) & ~lost
    assert case.name in FAULTS["not finite where the function is"] or not lost.any(), x[lost]
    assert case.name in FAULTS["more than 8 ULP off"] or not off.any(), (x[off], theirs[off])
