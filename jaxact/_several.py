"""What activations of several numbers do beside their mathematics: the dtype law, axes, and what AD keeps.

Each wrapper takes a body in the arithmetic of float32 or wider. Inputs of 8 and 16 bits are widened first and
the result is rounded once; differentiation keeps the inputs and computes the rest again, or, for a row whose
derivative follows from its output, the output.
"""

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike

from jaxact._numeric import by_name, checked, computed_again, real, wide_of
from jaxact._spec import Parameter

Body = Callable[..., Any]


def rowwise(body: Body, *, parameters: Sequence[Parameter] = (), tangent: Body | None = None) -> Body:
    """Makes a body a function of the rows of an array.

    Args:
        body: Function of an array and the keywords `axis`, counted from the front, `where` if it takes
            masks, parameters, and whatever else is no array.
        parameters: Which of its keywords are parameters.
        tangent: The derivative, from the output, the change of `x`, the parameters, their changes, and the
            axis; AD of the body where none is given.
    """
    name = body.__name__
    known = {parameter.name for parameter in parameters}
    masks = "where" in inspect.signature(body).parameters

    def evaluate(options: tuple[Any, ...], x: Array, where: Array | None, at: list[Array]) -> Array:
        mask = {"where": where} if masks else {}
        return body(x, **dict(options), **mask, **by_name(parameters, at, x.dtype))

    core: Any = evaluate
    if tangent is not None:
        core = jax.custom_jvp(evaluate, nondiff_argnums=(0,))

        def rule(options: tuple[Any, ...], primals: Any, tangents: Any) -> tuple[Array, Array]:
            x, _, at = primals
            y = core(options, *primals)
            mine, changes = (by_name(parameters, arrays, x.dtype) for arrays in (at, tangents[2]))
            along = functools.partial(tangent, axis=dict(options)["axis"])
            return y, computed_again(along)(y, tangents[0], mine, changes)

        core.defjvp(rule)

    @functools.partial(jax.jit, static_argnums=0, inline=True)
    def run(options: tuple[Any, ...], x: Array, where: Array | None, at: list[Array]) -> Array:
        wide = wide_of(x.dtype)
        if tangent is not None and wide == x.dtype:
            return core(options, x, where, at)
        return computed_again(
            lambda x, at: core(options, x.astype(wide), where, [v.astype(wide) for v in at]).astype(x.dtype)
        )(x, at)

    @functools.wraps(body)
    def function(x: ArrayLike, **given: Any) -> Array:
        x = real(name, x)
        bound = inspect.signature(body).bind(x, **given)
        bound.apply_defaults()
        options = {key: value for key, value in bound.kwargs.items() if key not in {*known, "where"}}
        options["axis"] = axis_of(name, x, options["axis"])
        where = _mask(name, x, given.get("where"))
        chosen = {key: value for key, value in given.items() if key in known}
        return run(tuple(options.items()), x, where, checked(name, parameters, chosen, x.shape))

    return function


def gated(body: Body, *, parameters: Sequence[Parameter] = ()) -> Body:
    """Makes a body of a value and a gate a function of both, or of an array whose halves they are."""
    name = body.__name__

    @functools.partial(jax.jit, inline=True)
    def run(value: Array, gate: Array, at: list[Array]) -> Array:
        wide = wide_of(value.dtype)
        return computed_again(
            lambda value, gate, at: body(
                value.astype(wide), gate.astype(wide), **by_name(parameters, at, wide)
            ).astype(value.dtype)
        )(value, gate, at)

    def function(x: ArrayLike, gate: ArrayLike | None = None, *, axis: int = -1, **given: ArrayLike) -> Array:
        value = real(name, x)
        if gate is None:
            place = axis_of(name, value, axis)
            if value.shape[place] % 2:
                what = f"an even number of entries along axis {axis}"
                raise ValueError(f"{name} halves x, which must have {what}; got shape {value.shape}.")
            value, other = jnp.split(value, 2, place)
        else:
            other = real(f"{name}: gate", gate)
        if (value.shape, value.dtype) != (other.shape, other.dtype):
            got = f"{value.dtype}{list(value.shape)} and {other.dtype}{list(other.shape)}"
            raise ValueError(f"{name}: x and gate must have the same shape and dtype; got {got}.")
        return run(value, other, checked(name, parameters, given, value.shape))

    kind = inspect.Parameter
    own = [p for p in inspect.signature(body).parameters.values() if p.kind is kind.KEYWORD_ONLY]
    first = [
        kind("x", kind.POSITIONAL_OR_KEYWORD, annotation=ArrayLike),
        kind("gate", kind.POSITIONAL_OR_KEYWORD, default=None, annotation=ArrayLike | None),
        kind("axis", kind.KEYWORD_ONLY, default=-1, annotation=int),
    ]
    wrapped: Any = functools.wraps(body)(function)
    wrapped.__signature__ = inspect.Signature([*first, *own], return_annotation=Array)
    return wrapped


def drawn(body: Body, *, parameters: Sequence[Parameter] = ()) -> Body:
    """Makes a body a function of an array and a random key, or None for what is expected."""
    name = body.__name__
    known = {parameter.name for parameter in parameters}

    @functools.partial(jax.jit, static_argnums=0, inline=True)
    def run(options: tuple[Any, ...], x: Array, key: Array | None, at: list[Array]) -> Array:
        wide = wide_of(x.dtype)
        return computed_again(
            lambda x, at: body(x.astype(wide), key, **dict(options), **by_name(parameters, at, wide)).astype(
                x.dtype
            )
        )(x, at)

    @functools.wraps(body)
    def function(x: ArrayLike, key: Array | None = None, **given: Any) -> Array:
        x = real(name, x)
        bound = inspect.signature(body).bind(x, key, **given)
        bound.apply_defaults()
        options = {name: value for name, value in bound.kwargs.items() if name not in known}
        if "axis" in options:
            options["axis"] = axis_of(name, x, options["axis"])
        chosen = {name: value for name, value in given.items() if name in known}
        return run(tuple(options.items()), x, key, checked(name, parameters, chosen, x.shape))

    return function


def on_complex(body: Body, *, parameters: Sequence[Parameter] = ()) -> Body:
    """Makes a body a function of complex numbers; real ones are taken as such."""
    name = body.__name__

    @jax.jit
    def run(z: Array, at: list[Array]) -> Array:
        return computed_again(lambda z, at: body(z, **by_name(parameters, at, z.real.dtype)))(z, at)

    @functools.wraps(body)
    def function(z: ArrayLike, **given: ArrayLike) -> Array:
        z = jnp.asarray(z)
        if not jnp.issubdtype(z.dtype, jnp.complexfloating):
            z = real(name, z)
            z = jax.lax.complex(*(part.astype(wide_of(z.dtype)) for part in (z, jnp.zeros_like(z))))
        return run(z, checked(name, parameters, given, z.shape))

    return function


def axis_of(name: str, x: Array, axis: Any) -> int:
    """An axis counted from the front.

    Raises:
        ValueError: If `x` has no such axis.
    """
    if not isinstance(axis, int) or not -x.ndim <= axis < x.ndim:
        raise ValueError(f"{name}: axis must be one of the {x.ndim} axes of x; got {axis!r}.")
    return axis % x.ndim


def _mask(name: str, x: Array, where: ArrayLike | None) -> Array | None:
    """A mask of the shape of `x`."""
    if where is None:
        return None
    mask = jnp.asarray(where)
    if mask.dtype != bool:
        raise TypeError(f"{name}: where must be an array of bools; got dtype {mask.dtype}.")
    try:
        return jnp.broadcast_to(mask, x.shape)
    except ValueError:
        what = f"where of shape {mask.shape} does not broadcast to x of shape {x.shape}"
        raise ValueError(f"{name}: {what}.") from None
