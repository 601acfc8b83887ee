"""What activations of several numbers do beside their mathematics: the dtype law, axes, and what AD keeps.

Each wrapper takes a body in the arithmetic of float32 or wider. Inputs of 8 and 16 bits are widened first and
the result is rounded once; differentiation keeps the inputs and computes the rest again, or, for a row whose
derivative follows from its output, the output.
"""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike

from jaxact._arguments import checked, real
from jaxact._numeric import computed_again, wide_of
from jaxact._spec import Parameter

Body = Callable[..., Any]
Numbers = Mapping[str, Array]
"""Parameters by name, those of several numbers along the first axis."""


def rowwise(body: Body, *, parameters: Sequence[Parameter] = (), tangent: Body | None = None) -> Body:
    """Makes a body a function of the rows of an array.

    Args:
        body: Function of an array and the keywords `axis`, counted from the front, `where` if it takes
            masks, parameters, and whatever else is no array. One whose default is a tuple is an array.
        parameters: Which of its keywords are parameters of one number.
        tangent: The derivative, from the output, the change of `x`, the parameters, their changes, and the
            axis; AD of the body where none is given.
    """
    masks = "where" in inspect.signature(body).parameters

    def evaluate(options: tuple[Any, ...], x: Array, where: Array | None, numbers: Numbers) -> Array:
        mask = {"where": where} if masks else {}
        return body(x, **dict(options), **mask, **numbers)

    core: Any = evaluate
    if tangent is not None:
        core = jax.custom_jvp(evaluate, nondiff_argnums=(0,))

        def rule(options: tuple[Any, ...], primals: Any, tangents: Any) -> tuple[Array, Array]:
            y = core(options, *primals)
            along = functools.partial(tangent, axis=dict(options)["axis"])
            return y, computed_again(along)(y, tangents[0], primals[2], tangents[2])

        core.defjvp(rule)

    @functools.partial(jax.jit, static_argnums=0, inline=True)
    def run(options: tuple[Any, ...], x: Array, where: Array | None, numbers: Numbers) -> Array:
        if tangent is not None and wide_of(x.dtype) == x.dtype:
            return core(options, x, where, _cast(numbers, x.dtype))
        return _rounded_once(lambda x, numbers: core(options, x, where, numbers))(x, numbers)

    @functools.wraps(body)
    def function(x: ArrayLike, **given: Any) -> Array:
        x = real(body.__name__, x)
        where = _mask(body.__name__, x, given.pop("where", None))
        options, numbers = _separated(body, parameters, x, **given)
        return run(options, x, where, numbers)

    return function


def gated(body: Body, *, parameters: Sequence[Parameter] = ()) -> Body:
    """Makes a body of a value and a gate a function of both, or of an array whose halves they are."""
    name = body.__name__

    @functools.partial(jax.jit, inline=True)
    def run(value: Array, gate: Array, numbers: Numbers) -> Array:
        return _rounded_once(lambda value, gate, numbers: body(value, gate, **numbers))(value, gate, numbers)

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
        return run(value, other, _named(name, parameters, given, value.shape))

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

    @functools.partial(jax.jit, static_argnums=0, inline=True)
    def run(options: tuple[Any, ...], x: Array, key: Array | None, numbers: Numbers) -> Array:
        return _rounded_once(lambda x, numbers: body(x, key, **dict(options), **numbers))(x, numbers)

    @functools.wraps(body)
    def function(x: ArrayLike, key: Array | None = None, **given: Any) -> Array:
        x = real(body.__name__, x)
        options, numbers = _separated(body, parameters, x, **given)
        return run(options, x, key, numbers)

    return function


def on_complex(body: Body, *, parameters: Sequence[Parameter] = ()) -> Body:
    """Makes a body a function of complex numbers; real ones are taken as such."""
    name = body.__name__

    @jax.jit
    def run(z: Array, numbers: Numbers) -> Array:
        return computed_again(lambda z, numbers: body(z, **_cast(numbers, z.real.dtype)))(z, numbers)

    @functools.wraps(body)
    def function(z: ArrayLike, **given: ArrayLike) -> Array:
        z = jnp.asarray(z)
        if not jnp.issubdtype(z.dtype, jnp.complexfloating):
            z = real(name, z)
            z = jax.lax.complex(*(part.astype(wide_of(z.dtype)) for part in (z, jnp.zeros_like(z))))
        return run(z, _named(name, parameters, given, z.shape))

    return function


def axis_of(name: str, x: Array, axis: Any) -> int:
    """An axis counted from the front.

    Raises:
        ValueError: If `x` has no such axis.
    """
    if not isinstance(axis, int) or not -x.ndim <= axis < x.ndim:
        raise ValueError(f"{name}: axis must be one of the {x.ndim} axes of x; got {axis!r}.")
    return axis % x.ndim


def _rounded_once(function: Body) -> Body:
    """A function of arrays and numbers in the wide dtype, its result in that of the first array.

    Of all that it computes AD keeps the inputs alone.
    """

    def narrow(*given: Any) -> Array:
        *arrays, numbers = given
        dtype = arrays[0].dtype
        wide = wide_of(dtype)
        return function(*(a.astype(wide) for a in arrays), _cast(numbers, wide)).astype(dtype)

    return computed_again(narrow)


def _cast(numbers: Numbers, dtype: Any) -> dict[str, Array]:
    return {name: value.astype(dtype) for name, value in numbers.items()}


def _named(
    name: str, parameters: Sequence[Parameter], given: Mapping[str, Any], shape: tuple[int, ...]
) -> dict[str, Array]:
    """The parameters of one number, checked."""
    arrays = checked(name, parameters, given, shape)
    return {parameter.name: array for parameter, array in zip(parameters, arrays, strict=True)}


def _separated(
    body: Body, parameters: Sequence[Parameter], x: Array, **given: Any
) -> tuple[tuple[Any, ...], dict[str, Array]]:
    """What a caller passes by keyword and what it leaves out: options that are no arrays, and numbers.

    Raises:
        TypeError: If the body has no such keyword.
    """
    name, known = body.__name__, {parameter.name for parameter in parameters}
    signature = inspect.signature(body).parameters
    own = [key for key, each in signature.items() if each.kind is inspect.Parameter.KEYWORD_ONLY]
    for key in given.keys() - set(own):
        raise TypeError(f"{name} has no keyword {key}; it has {', '.join(own)}.")
    numbers = _named(name, parameters, {key: given[key] for key in given.keys() & known}, x.shape)
    options = {}
    for key in own:
        value = given.get(key, signature[key].default)
        if isinstance(signature[key].default, tuple):
            numbers[key] = real(f"{name}: {key}", jnp.asarray(value))
        elif key not in {*known, "where"}:
            options[key] = axis_of(name, x, value) if key == "axis" else value
    return tuple(options.items()), numbers


def _mask(name: str, x: Array, where: ArrayLike | None) -> Array | None:
    """A mask of the shape of `x`.

    Raises:
        TypeError: If it is no array of bools.
        ValueError: If it does not broadcast to `x`.
    """
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
