"""What a function's program contains: its operations and the numbers written in it."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core

_LENGTH = 1024


def sample(dtype: np.dtype) -> jax.ShapeDtypeStruct:
    """The input on which programs are traced and counted: a length that no constant has."""
    return jax.ShapeDtypeStruct((_LENGTH,), dtype)


def equations(jaxpr: core.Jaxpr) -> Iterator[Any]:
    """Every equation of a program that does something itself, those of inner programs included."""
    for equation in jaxpr.eqns:
        inner = [program for value in equation.params.values() for program in _programs(value)]
        if not inner:
            yield equation
        for program in inner:
            yield from equations(program)


def trace(call: Callable[[Any], Any], dtype: np.dtype) -> core.ClosedJaxpr:
    """The program of a function of one array."""
    return jax.make_jaxpr(call)(sample(dtype))


def rounds_below(jaxpr: core.Jaxpr, bits: int) -> bool:
    """Whether a program computes an array of floats with fewer bits, or rounds one on purpose."""
    for equation in equations(jaxpr):
        narrow = [v.aval for v in equation.outvars if jnp.issubdtype(v.aval.dtype, jnp.floating)]
        if any(aval.size == _LENGTH and jnp.finfo(aval.dtype).bits < bits for aval in narrow):
            return True
        if equation.primitive.name == "reduce_precision":
            return True
    return False


def numbers(program: core.ClosedJaxpr) -> list[float]:
    """The numbers in a program: literals, and the first entries of arrays that it holds."""
    found = [value for constant in program.consts for value in np.ravel(np.asarray(constant))[:8]]
    for equation in equations(program.jaxpr):
        found += [variable.val for variable in equation.invars if isinstance(variable, core.Literal)]
    real = [np.asarray(value) for value in found]
    return sorted({float(value) for value in real if value.size == 1 and value.dtype.kind in "fiuV"})


def _programs(value: Any) -> Iterator[core.Jaxpr]:
    match value:
        case core.ClosedJaxpr():
            yield value.jaxpr
        case core.Jaxpr():
            yield value
        case tuple() | list():
            for entry in value:
                yield from _programs(entry)
