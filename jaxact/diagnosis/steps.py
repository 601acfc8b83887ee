"""The steps of a traced program: which act on every entry alone, which wrap others, which apply weights."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import jax.numpy as jnp
from jax.extend import core
from jaxtyping import Array


def bound(equation: Any, values: Sequence[Any]) -> list[Any]:
    """What an equation computes."""
    with equation.ctx.manager:
        found = equation.primitive.bind(*values, **equation.primitive.get_bind_params(equation.params))
    return list(found) if equation.primitive.multiple_results else [found]


def keeps_uniform(equation: Any) -> bool:
    """Whether a step makes an array of one number of arrays of one number."""
    return elementwise(equation) or equation.primitive.name in {"broadcast_in_dim", *MOVED}


def elementwise(equation: Any) -> bool:
    """Whether a step acts on every entry alone."""
    if equation.primitive.name in _ELEMENTWISE:
        return True
    if equation.primitive.name == "cond":  # between platforms, say
        branches = [opened(branch) for branch in equation.params["branches"]]
        return equation.invars[0].aval.shape == () and all(map(_all_elementwise, branches))
    inner = inner_program(equation)
    return inner is not None and _all_elementwise(inner)


def _all_elementwise(inner: tuple[core.Jaxpr, Sequence[Any]]) -> bool:
    program, constants = inner
    uniform = all(jnp.size(value) == 1 for value in constants)
    return uniform and all(elementwise(step) or _of_a_number(step) for step in program.eqns)


def _of_a_number(equation: Any) -> bool:
    """Whether a step makes its output of one number, or of none."""
    given = [math.prod(variable.aval.shape) for variable in equation.invars]
    return equation.primitive.name in {"broadcast_in_dim", "platform_index"} and given in ([], [1])


def inner_program(equation: Any) -> tuple[core.Jaxpr, Sequence[Any]] | None:
    """The program within a step that merely wraps it, as `jit` and custom derivatives do."""
    if equation.primitive.name not in _WRAPPERS:
        return None
    return next(
        opened(equation.params[key]) for key in ("jaxpr", "call_jaxpr", "fun_jaxpr") if key in equation.params
    )


def opened(program: Any) -> tuple[core.Jaxpr, Sequence[Any]]:
    """A program, closed or not, and the constants that it holds."""
    return (program.jaxpr, program.consts) if isinstance(program, core.ClosedJaxpr) else (program, ())


def programs(equation: Any) -> Iterator[core.Jaxpr]:
    """Those within a step."""
    for value in equation.params.values():
        if isinstance(value, core.ClosedJaxpr | core.Jaxpr):
            yield opened(value)[0]


def has_product(jaxpr: core.Jaxpr) -> bool:
    """Whether something in a program may be a layer."""
    return any(
        equation.primitive.name in PRODUCTS or any(map(has_product, programs(equation)))
        for equation in jaxpr.eqns
    )


def called(equation: Any) -> str:
    """What a step is called by whoever wrote it."""
    name = equation.primitive.name
    if name in ("jit", "pjit"):
        name = equation.params["name"]
    elif name == "custom_jvp_call":
        name = str(equation.params["call_jaxpr"].jaxpr.debug_info.func_src_info).split(" at ")[0]
    return {"logistic": "sigmoid"}.get(name, name.rpartition("jaxact.")[2])


def matrix(weights: Array, options: Any, place: int) -> Array:
    """The weights of a product as `(fan_in, units)`."""
    contracted, batch = options[0][place], options[1][place]
    free = [axis for axis in range(weights.ndim) if axis not in (*contracted, *batch)]
    fan_in = math.prod(weights.shape[axis] for axis in contracted)
    return jnp.transpose(weights, (*contracted, *batch, *free)).reshape(fan_in, -1)


def kernel(weights: Array, spec: Sequence[int]) -> Array:
    """The kernel of a convolution as `(fan_in, units)`."""
    out, *inputs = spec
    return jnp.transpose(weights, (*inputs, out)).reshape(-1, weights.shape[out])


PRODUCTS = frozenset({"dot_general", "conv_general_dilated"})
MOVED = frozenset({"reshape", "squeeze", "expand_dims", "copy", "copy_p", "transpose"})
"""Steps that leave the entries as they are."""

_WRAPPERS = frozenset(
    {"jit", "pjit", "closed_call", "core_call", "remat2", "checkpoint", "custom_jvp_call", "custom_vjp_call"}
)
_ELEMENTWISE = frozenset(
    itertools.chain(
        (
            "add",
            "sub",
            "mul",
            "div",
            "rem",
            "max",
            "min",
            "pow",
            "integer_pow",
            "square",
            "neg",
            "sign",
            "abs",
        ),
        (
            "exp",
            "exp2",
            "expm1",
            "log",
            "log1p",
            "logistic",
            "sqrt",
            "rsqrt",
            "cbrt",
            "erf",
            "erfc",
            "erf_inv",
        ),
        (
            "sin",
            "cos",
            "tan",
            "sinh",
            "cosh",
            "tanh",
            "asin",
            "acos",
            "atan",
            "asinh",
            "acosh",
            "atanh",
            "atan2",
        ),
        ("select_n", "gt", "ge", "lt", "le", "eq", "ne", "and", "or", "xor", "not", "is_finite", "clamp"),
        ("floor", "ceil", "round", "lgamma", "digamma", "convert_element_type", "reduce_precision"),
        (
            "bitcast_convert_type",
            "shift_left",
            "shift_right_arithmetic",
            "shift_right_logical",
            "stop_gradient",
        ),
        ("device_put", "optimization_barrier", "nextafter", "copysign", "add_any", "one_minus_square"),
    )
)
