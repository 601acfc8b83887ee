"""What every activation does beside its mathematics: the dtype law, and a derivative with one residual.

An activation is written as a body in the arithmetic of one floating dtype. `elementwise` wraps it so that

- floats keep their dtype, integers and bools become the default float, complex raises `TypeError`;
- inputs of 8 and 16 bits are evaluated in float32 and rounded once, parameters included;
- differentiation keeps one array, chosen by one rule. Where the slope follows from the output, it is the
  output, which the next layer keeps anyway. Where the slope takes two values (`Either`), it is a byte that
  says which. Elsewhere it is `x`, which serves the parameters too where they are differentiated. The slope is
  recomputed behind `jax.checkpoint`. Keeping it instead took as much time, within the noise, in one program
  of value and gradient on XLA's CPU backend, and let it hold a root or a gate too in an unrolled network.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from jax.custom_derivatives import SymbolicZero
from jaxtyping import Array, ArrayLike

from jaxact._arguments import checked, real, resized
from jaxact._spec import Parameter
from jaxact._vectors import Numbers, joined, separated, vectors

F = TypeVar("F", bound=Callable[..., Any])


class Either(NamedTuple):
    """A slope of two values, which is kept in one byte.

    Attributes:
        test: Where it has the first.
        yes: The first value, a number or a parameter.
        no: The second.
    """

    test: Array
    yes: ArrayLike
    no: ArrayLike


def _renamed(function: Callable[..., Array], name: str) -> Callable[..., Array]:
    """A function under another name; a lambda, which no decorator that checks annotations wraps."""
    renamed = lambda *arguments: function(*arguments)  # noqa: E731, PLW0108
    renamed.__name__ = renamed.__qualname__ = name
    return renamed


def traced_name(name: str) -> str:
    """What the primal of an activation is called in a traced program, by which it is known there."""
    return f"jaxact.{name}"


class _Rules(NamedTuple):
    """What is written down of a function; `elementwise` says what each of them is."""

    body: Callable[..., Any]
    slope: Callable[..., Any] | None
    slope_from_output: Callable[..., Any] | None
    narrow: Callable[..., Any] | None
    narrow_slope: Callable[..., Any] | None

    def of_numbers(self, known: Mapping[str, int]) -> "_Rules":
        """Rules that take the numbers of vectors, from those that take vectors."""

        def taken(rule: Callable[..., Any]) -> Callable[..., Any]:
            return lambda x, **numbers: rule(x, **joined(numbers))

        return _Rules(*(rule and taken(rule) for rule in self)) if known else self  # pyright: ignore[reportArgumentType]


def elementwise(
    body: F,
    *,
    parameters: Sequence[Parameter] = (),
    slope: Callable[..., Any] | None = None,
    slope_from_output: Callable[..., Any] | None = None,
    narrow: Callable[..., Array] | None = None,
    narrow_slope: Callable[..., Array] | None = None,
) -> F:
    """Gives a body the dtype law and its derivative.

    Args:
        body: Function of an array of float32 or float64 and keyword parameters of the same dtype; a vector is
            a tuple, whose length is that of what a caller passes.
        parameters: The keyword parameters, one for each number of a vector.
        slope: Derivative in `x` from `x` and the parameters, an array or `Either`; AD of the body where none
            is given.
        slope_from_output: Derivative from the output and the parameters. It serves all dtypes where it is
            the only one given, and float32 where `slope` is given too: a 16-bit output has lost what the
            slope needs, and float64 is asked for digits, not for memory.
        narrow: What takes the place of the body for inputs of 8 and 16 bits, whose values need fewer digits;
            it too is handed float32.
        narrow_slope: What takes the place of `slope` there.
    """
    name = body.__name__
    known = vectors(parameter.name for parameter in parameters)
    rules = _Rules(body, slope, slope_from_output, narrow, narrow_slope).of_numbers(known)

    @functools.cache  # made when it is first called, for every import would wait for all
    def of_length(*counts: int) -> tuple[Sequence[Parameter], Callable[..., Array]]:
        """The parameters and the function where vectors have so many numbers."""
        if counts == (*known.values(),):
            return parameters, _differentiable(traced_name(name), parameters, rules)
        own = resized(parameters, dict(zip(known, counts, strict=True)))
        return own, _differentiable(".".join(map(str, (traced_name(name), *counts))), own, rules)

    @functools.wraps(body)
    def function(x: ArrayLike, **given: ArrayLike | Numbers) -> Array:
        x = real(name, x)
        numbers = separated(name, given, known)
        counts = {key: count for key, count in vectors(numbers).items() if key in given}
        own, run = of_length(*{**known, **counts}.values())
        return run(x, *checked(name, own, numbers, x.shape))

    return function  # pyright: ignore[reportReturnType]  # same signature as the body


def _differentiable(name: str, parameters: Sequence[Parameter], rules: _Rules) -> Callable[..., Array]:
    """The function of arrays, parameters behind `x`, that is traced under a name."""
    body, _, _, narrow, _ = rules

    def evaluate(x: Array, *values: Array) -> Array:
        wide = wide_of(x.dtype)
        chosen = narrow if narrow and wide != x.dtype else body
        return chosen(x.astype(wide), **by_name(parameters, values, wide)).astype(x.dtype)

    core = jax.custom_jvp(_renamed(evaluate, name))
    along_x = _along_x(parameters, rules)

    def rule(primals: tuple[Array, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
        x, *values = primals
        dx, *dvalues = tangents
        y = core(*primals)
        moved = [i for i, d in enumerate(dvalues) if not isinstance(d, SymbolicZero)]
        dy = jnp.zeros_like(y)
        if not isinstance(dx, SymbolicZero):
            dy = along_x(x, y, values, dx, again=bool(moved))
        if moved:
            changes = [dvalues[i] for i in moved]
            dy = dy + _along_parameters(body, parameters, moved)(x, values, changes)
        return y, dy

    core.defjvp(rule, symbolic_zeros=True)
    return jax.jit(core, inline=True)  # one dispatch when called eagerly, nothing inside a caller's jit


def _along_x(parameters: Sequence[Parameter], rules: _Rules) -> Callable[..., Array]:
    """The tangent for a change of `x`: `slope * dx`, from what the backward pass is to keep."""
    body, slope, slope_from_output, _, narrow_slope = rules
    exact = slope or _derivative(body)

    @functools.cache
    def two_valued(derivative: Callable[..., Any]) -> bool:
        number = jax.ShapeDtypeStruct((), jnp.float32)
        return isinstance(jax.eval_shape(derivative, number, **{p.name: number for p in parameters}), Either)

    def tangent(x: Array, y: Array, values: list[Array], dx: Array, *, again: bool) -> Array:
        wide = wide_of(x.dtype)
        named = by_name(parameters, values, wide)
        from_output = False
        derivative, kept = narrow_slope if narrow_slope and wide != x.dtype else exact, x
        if slope_from_output and not again and (slope is None or x.dtype == jnp.float32):
            from_output, derivative, kept = True, slope_from_output, y

        def source(kept: Array) -> Array:
            return kept.astype(wide) if from_output else _finite(kept.astype(wide))

        def product(kept: Array, named: dict[str, Array], dx: Array) -> Array:
            along = _diagonal(functools.partial(_dense, derivative))(source(kept), named)
            along = jnp.where(jnp.isnan(kept), kept.astype(wide), along)  # a comparison would hide it
            return (along * dx.astype(wide)).astype(dx.dtype)

        if two_valued(derivative) and not again:
            test, yes, no = derivative(source(kept), **named)
            code = jnp.where(jnp.isnan(kept), 2, test.astype(jnp.uint8)).astype(jnp.uint8)
            return jax.checkpoint(_unpacked, prevent_cse=False)(
                code, jnp.asarray(yes, wide), jnp.asarray(no, wide), dx
            )
        return computed_again(product)(kept, named, dx)

    return tangent


def computed_again(function: Callable[..., Array]) -> Callable[..., Array]:
    """Has a function recomputed in the backward pass, and nothing of it kept.

    XLA merges what is recomputed with the forward pass, and may then hold it, unless a barrier stands
    between the two. On a GPU it holds nothing more, and a barrier would cost a second reading of `x`.
    """
    return jax.checkpoint(function, prevent_cse=jax.default_backend() != "gpu")


def _unpacked(code: Array, yes: Array, no: Array, dx: Array) -> Array:
    """The tangent of a slope of two values, from a byte that says which, or 2 for NaN."""
    along = jnp.where(code == 2, jnp.asarray(jnp.nan, yes.dtype), jnp.where(code == 1, yes, no))
    return along.astype(dx.dtype) * dx


def _dense(derivative: Callable[..., Any], x: Array, **named: Array) -> Array:
    """A slope as an array, whichever way it is given."""
    found = derivative(x, **named)
    found = jnp.where(*found) if isinstance(found, Either) else found
    return jnp.broadcast_to(found, x.shape).astype(x.dtype)


def _derivative(function: Callable[..., Array]) -> Callable[..., Array]:
    """The derivative of an elementwise function in its first argument, by forward mode."""

    def slope(x: Array, **named: Array) -> Array:
        return jax.jvp(lambda x: function(x, **named), (x,), (jnp.ones_like(x),))[1]

    return slope


def _diagonal(function: Callable[..., Array]) -> Callable[[Array, dict[str, Array]], Array]:
    """An elementwise function whose tangent, at every order, is its derivative times `dx`.

    Transposing what AD makes of a `where` multiplies the branch not taken by 0, and 0 times an overflow is
    NaN. The derivative is therefore evaluated forward, where the branch not taken is never multiplied.
    """

    @jax.custom_jvp
    def diagonal(x: Array, named: dict[str, Array]) -> Array:
        return function(x, **named)

    def rule(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
        x, named = primals
        dx, changes = tangents
        y = diagonal(x, named)
        dy = jnp.zeros_like(y)
        if not isinstance(dx, SymbolicZero):
            dy = _diagonal(_derivative(function))(x, named) * dx
        # 0 times the derivative in a parameter that does not change may be NaN, as for sqrt(0)
        moved = {name: change for name, change in changes.items() if not isinstance(change, SymbolicZero)}
        if moved:
            at = {name: named[name] for name in moved}
            dy = dy + jax.jvp(lambda at: function(x, **{**named, **at}), (at,), (moved,))[1]
        return y, dy

    diagonal.defjvp(rule, symbolic_zeros=True)
    return diagonal


def _along_parameters(
    body: Callable[..., Array], parameters: Sequence[Parameter], moved: list[int]
) -> Callable[[Array, list[Array], list[Array]], Array]:
    """The tangent for a change of some parameters, recomputed from `x` and the parameters."""

    @computed_again
    def tangent(x: Array, values: list[Array], changes: list[Array]) -> Array:
        wide = wide_of(x.dtype)
        at, named = x.astype(wide), by_name(parameters, values, wide)
        total = jnp.zeros_like(at)
        for index, change in zip(moved, changes, strict=True):
            name = parameters[index].name
            slope = _derivative(lambda value, name=name: body(at, **{**named, name: value}))
            total = total + slope(named[name]) * change.astype(wide)
        return total.astype(x.dtype)

    return tangent


def wide_of(dtype: Any) -> Any:
    """The dtype in which a function of `dtype` is evaluated."""
    return jnp.float32 if jnp.finfo(dtype).bits < 32 else dtype


def _finite(x: Array) -> Array:
    """Moves infinities to the largest finite numbers, where every slope has reached its limit."""
    return jnp.where(jnp.isinf(x), jnp.sign(x) * jnp.finfo(x.dtype).max, x)


def by_name(parameters: Sequence[Parameter], values: Sequence[Array], dtype: Any) -> dict[str, Array]:
    return {p.name: v.astype(dtype) for p, v in zip(parameters, values, strict=True)}
