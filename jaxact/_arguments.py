"""What a caller passes: real arrays, and parameters that lie in their domains and broadcast against `x`."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, ArrayLike

from jaxact._spec import Parameter
from jaxact._vectors import entry_names, stem


def real(name: str, x: ArrayLike) -> Array:
    """Returns `x` as a strongly typed real floating array.

    Args:
        name: The function that was called, for the error message.
        x: Floats of any width keep their dtype; integers and bools become the default float.

    Raises:
        TypeError: If `x` is complex or no array of numbers.
    """
    try:
        array = jnp.asarray(x)
    except ValueError as error:  # JAX 0.12 says so of None
        raise TypeError(f"{name} is defined on the reals; {error}") from error
    if jnp.issubdtype(array.dtype, jnp.floating):
        return jax.lax.convert_element_type(array, array.dtype)
    if jnp.issubdtype(array.dtype, jnp.integer) or array.dtype == bool:
        return array.astype(jax.dtypes.canonicalize_dtype(float))
    raise TypeError(f"{name} is defined on the reals; got dtype {array.dtype}.")


def checked(
    name: str, parameters: Sequence[Parameter], given: Mapping[str, Any], shape: tuple[int, ...]
) -> list[Array]:
    """The parameters as arrays that broadcast against `x` and never enlarge it."""
    unknown = given.keys() - {parameter.name for parameter in parameters}
    if unknown:
        known = ", ".join(dict.fromkeys(stem(p.name) for p in parameters)) or "none"
        raise TypeError(f"{name} has no parameter {', '.join(sorted(unknown))}; its parameters: {known}.")
    values: list[Array] = []
    for parameter in parameters:
        value: ArrayLike = given.get(parameter.name, parameter.default)
        array = real(f"{name}: {parameter.name}", value)
        if not isinstance(value, jax.Array):  # whose values may not be known yet
            outside = [number for number in np.ravel(value) if float(number) not in parameter]
            if outside:
                message = f"{name}: {parameter.name} must lie in {parameter.domain}; got {outside[0]}."
                raise ValueError(message)
        if not _broadcasts(array.shape, shape):
            message = (
                f"{name}: {parameter.name} of shape {array.shape} does not broadcast to x of shape {shape}."
            )
            raise ValueError(message)
        values.append(jax.lax.expand_dims(array, range(len(shape) - array.ndim)))
    return values


def _broadcasts(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    """Whether an array of one shape broadcasts to another, by numpy's rules."""
    pairs = zip(reversed(small), reversed(large), strict=False)
    return len(small) <= len(large) and all(s in (1, n) for s, n in pairs)


def resized(parameters: Sequence[Parameter], counts: Mapping[str, int]) -> list[Parameter]:
    """The parameters of vectors of other lengths, all of whose numbers are passed.

    Args:
        parameters: One for each number.
        counts: How many numbers each vector has.
    """
    known = {p.name: p for p in parameters}
    first = {stem(name): known[name] for name in reversed(known)}
    keys = dict.fromkeys(map(stem, known))
    names = [name for key in keys for name in (entry_names(key, counts[key]) if key in counts else [key])]
    return [known.get(name) or dataclasses.replace(first[stem(name)], name=name) for name in names]
