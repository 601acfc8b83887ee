"""Functions that JAX can trace as programs: what they compute on the real numbers.

Functions of the catalogue stand for their formulas; what only changes how a number is held is passed over.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core

from jaxact._numeric import traced_name
from jaxact._registry import specs
from jaxact._spec import Spec
from jaxact.proof.programs.program import Builder, Program, UnprovableError, written

_SAME = {
    "add": "add", "add_any": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "pow": "power",
    "neg": "negative", "max": "max", "min": "min", "abs": "abs", "sign": "sign", "floor": "floor",
    "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "sqrt": "sqrt", "cbrt": "cbrt",
    "tanh": "tanh", "logistic": "logistic", "sinh": "sinh", "cosh": "cosh", "asinh": "asinh", "sin": "sin",
    "cos": "cos", "atan": "arctan", "erf": "erf", "erfc": "erfc", "eq": "equal",
    "and": "and", "or": "or", "not": "not", "gt": "greater", "ge": "greater_equal", "lt": "less",
    "le": "less_equal",
}  # fmt: skip
"""JAX's primitives that are operators here."""

_NOTHING_ON_THE_REALS = {
    "convert_element_type", "copy", "copy_p", "stop_gradient", "broadcast_in_dim", "reshape", "squeeze",
    "reduce_precision", "optimization_barrier", "pvary", "expand_dims",
}  # fmt: skip
"""Primitives that change how a number is held, not the number."""


def of_function(f: Callable[[Any], Any]) -> Program:
    """The program of a function that JAX can trace at a scalar.

    Args:
        f: Of one real number; traced in float64.

    Raises:
        UnprovableError: If it contains what is no function of a real number here: loops that end by a
            condition, random numbers, unknown primitives, several results.
    """
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        closed = jax.make_jaxpr(f)(jax.ShapeDtypeStruct((), jnp.float64))
    if len(closed.jaxpr.outvars) != 1 or closed.out_avals[0].shape != ():
        raise UnprovableError("A proof is about a function of one number; this one returns something else.")
    builder = Builder(rewriting=True)
    (result,) = _traced(builder, closed, [builder.x])
    return builder.finished(result)


def _traced(builder: Builder, closed: core.ClosedJaxpr, arguments: list[int]) -> list[int]:
    """Adds the steps of a traced program; gives those that are its results."""
    known: dict[Any, int] = dict(zip(closed.jaxpr.invars, arguments, strict=True))
    known |= {v: _constant(builder, c) for v, c in zip(closed.jaxpr.constvars, closed.consts, strict=True)}

    def index(variable: Any) -> int:
        return _constant(builder, variable.val) if isinstance(variable, core.Literal) else known[variable]

    for equation in closed.jaxpr.eqns:
        given = [index(variable) for variable in equation.invars]
        entry, inner = _activation(equation), _inner(equation)
        if entry is not None:  # whose formula is what it stands for, not its arithmetic
            names = ("x", *(parameter.name for parameter in entry.parameters))
            found = [written(builder, entry.formula, dict(zip(names, given, strict=True)))]
        elif equation.primitive.name in _CONTROL:
            found = _CONTROL[equation.primitive.name](builder, equation, given)
        else:
            found = [_step(builder, equation, given)] if inner is None else _traced(builder, inner, given)
        known |= dict(zip(equation.outvars, found, strict=True))
    return [index(variable) for variable in closed.jaxpr.outvars]


def _chosen(builder: Builder, equation: Any, given: list[int]) -> list[int]:
    """The results of `cond` and `switch`: those of the branch with the number of the first argument."""
    which, *arguments = given
    branches = [_traced(builder, _closed(branch), arguments) for branch in equation.params["branches"]]
    found = branches[-1]
    for number in reversed(range(len(branches) - 1)):
        here = builder.add("less_equal", which, builder.number(Fraction(number)))
        pairs = zip(branches[number], found, strict=True)
        found = [builder.add("where", here, yes, no) for yes, no in pairs]
    return found


def _unrolled(builder: Builder, equation: Any, given: list[int]) -> list[int]:
    """The results of a loop over numbers that runs a known number of times, as `fori_loop` writes it."""
    body, length = _closed(equation.params["jaxpr"]), equation.params["length"]
    said = f"loops {length} times" if length > _LONGEST else ""
    if any(variable.aval.shape for variable in (*equation.invars, *equation.outvars)):
        said = "loops over arrays"
    if said:
        limit = f"up to {_LONGEST} times, as fori_loop makes them"
        raise UnprovableError(
            f"The function {said} (scan); jaxact proves something of loops over numbers, {limit}."
        )
    constants = len(given) - len(equation.outvars)  # what is carried comes after them
    found = given[constants:]
    for _ in range(length):
        found = _traced(builder, body, [*given[:constants], *found])
    return found


_LONGEST = 64
"""How often a loop may run."""

_CONTROL: Mapping[str, Callable[[Builder, Any, list[int]], list[int]]] = {"cond": _chosen, "scan": _unrolled}
"""Primitives that run others, with what they compute."""


def _activation(equation: Any) -> Spec | None:
    """The activation of the catalogue that a step calls."""
    if equation.primitive.name != "custom_jvp_call":
        return None
    called = str(equation.params["call_jaxpr"].jaxpr.debug_info.func_src_info).split(" at ")[0]
    return next((entry for entry in specs.values() if called == traced_name(entry.name)), None)


def _constant(builder: Builder, value: Any) -> int:
    array = np.asarray(value)
    if array.size != 1:
        shape = tuple(array.shape)
        raise UnprovableError(
            f"A proof is about a function of one number; this one holds an array of shape {shape}."
        )
    if array.dtype == bool:
        return builder.add("true" if array.item() else "false")
    return builder.number(float(array.item()))


def _inner(equation: Any) -> core.ClosedJaxpr | None:
    """The program within a step that merely wraps it, as `jit` and custom derivatives do."""
    name, given = equation.primitive.name, equation.params
    wrapped = {"jit", "pjit", "closed_call", "remat2", "checkpoint", "custom_jvp_call", "custom_vjp_call"}
    if name not in wrapped:
        return None
    program = next(given[key] for key in ("jaxpr", "call_jaxpr", "fun_jaxpr") if key in given)
    return _closed(program)


def _closed(program: Any) -> core.ClosedJaxpr:
    return program if isinstance(program, core.ClosedJaxpr) else core.ClosedJaxpr(program, ())


_REWRITTEN: Mapping[str, Callable[[Builder, list[int], Mapping[str, Any]], int]] = {
    "is_finite": lambda b, _, __: b.add("true"),
    "integer_pow": lambda b, a, options: b.add("power", a[0], b.number(Fraction(options["y"]))),
    "square": lambda b, a, _: b.add("power", a[0], b.number(Fraction(2))),
    "one_minus_square": lambda b, a, _: b.add(
        "subtract", b.number(Fraction(1)), b.add("power", a[0], b.number(Fraction(2)))
    ),
    "rsqrt": lambda b, a, _: b.add("divide", b.number(Fraction(1)), b.add("sqrt", a[0])),
    "exp2": lambda b, a, _: b.add("power", b.number(Fraction(2)), a[0]),
    "clamp": lambda b, a, _: b.add("min", b.add("max", a[1], a[0]), a[2]),
    "select_n": lambda b, a, _: b.add("where", a[0], a[2], a[1]),
    "ne": lambda b, a, _: b.add("unequal", *a),  # of a number with itself it asks for NaN, and is folded
}
"""Primitives that are other operators in another order."""


def _step(builder: Builder, equation: Any, given: list[int]) -> int:
    """The index of what a primitive computes."""
    name = equation.primitive.name
    if name in _NOTHING_ON_THE_REALS:
        return _converted(builder, equation, given[0])
    if name in _REWRITTEN and len(given) <= 3:
        return _REWRITTEN[name](builder, given, equation.params)
    if name in _SAME:
        return builder.add(_SAME[name], *given)
    if name == "while":
        raise UnprovableError(
            "The function loops until something holds (while), of which jaxact proves nothing."
        )
    raise UnprovableError(
        f"The function calls {name}, of which jaxact proves nothing; write it with elementary functions, or "
        "have it sampled by jaxact.check."
    )


def _converted(builder: Builder, equation: Any, given: int) -> int:
    """A number in another dtype: the same, but for truth values and integers."""
    before, after = equation.invars[0].aval.dtype, equation.outvars[0].aval.dtype
    truth = np.dtype(bool)
    if before == truth and after != truth:
        return builder.add("where", given, builder.number(Fraction(1)), builder.number(Fraction(0)))
    if jnp.issubdtype(before, jnp.floating) and not jnp.issubdtype(after, jnp.floating):
        raise UnprovableError(
            f"The function turns a real number into {after}, of which jaxact proves nothing."
        )
    return given
