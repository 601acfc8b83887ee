"""The little language of formulas: parse once, evaluate in any number system, render.

A formula is one Python-like expression over the reals: numbers, names, the numbers `slopes[0]` of a vector,
`+ - * / **`, comparisons, the functions of `FUNCTIONS` and the constants of `CONSTANTS`. It is parsed into a
tree and never handed to `eval`. A number system is a mapping from operator names to callables; `NUMPY` and
`JNP` stand here, ball arithmetic in `jaxact.proof.numbers.balls`, TeX in `jaxact._latex`.
"""

import ast
import dataclasses
import functools
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from jaxact._latex import LATEX, letter

System = Mapping[str, Callable[..., Any]]
"""A number system: what each operator of the language does, and `number` for literals and constants."""

FUNCTIONS: Mapping[str, int] = {
    "where": 3,
    "min": 2,
    "max": 2,
    "abs": 1,
    "sign": 1,
    "floor": 1,
    "exp": 1,
    "expm1": 1,
    "log": 1,
    "log1p": 1,
    "sqrt": 1,
    "tanh": 1,
    "sinh": 1,
    "cosh": 1,
    "sin": 1,
    "cos": 1,
    "arctan": 1,
    "erf": 1,
    "erfc": 1,
}
"""Functions of the language with their number of arguments."""

CONSTANTS = frozenset({"pi", "e"})

_LONGEST, _DEEPEST = 2000, 100

_BINARY: Mapping[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}
_COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
}


class FormulaError(ValueError):
    """A formula leaves the language; the message shows where."""


@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    """A decimal literal, kept as written so that every number system reads it exactly."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """A variable, a parameter, a number of a vector such as `slopes[0]`, or a constant."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """An operator applied to its arguments."""

    operator: str
    arguments: tuple["Node", ...]


Node = Number | Name | Call


@dataclasses.dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula.

    Attributes:
        text: The formula as it was written.
        tree: What it means.
        names: The variables and parameters that occur; constants are left out.
    """

    text: str
    tree: Node
    names: frozenset[str]
    _steps: tuple[tuple[Node, tuple[int, ...]], ...] = dataclasses.field(repr=False, compare=False)
    """The different nodes, each behind its arguments, with where those stand."""

    def evaluate(self, system: System, **symbols: Any) -> Any:
        """Evaluates the formula.

        Args:
            system: The number system, for example `NUMPY`.
            **symbols: A value in that system for every name in `names`.

        Returns:
            A value of the system.

        Raises:
            NameError: If a name has no value.
        """
        missing = self.names - symbols.keys()
        if missing:
            raise NameError(f"{self.text!r} needs a value for {', '.join(sorted(missing))}.")

        values: list[Any] = []
        for node, places in self._steps:
            if isinstance(node, Call):
                value = system[node.operator](*[values[place] for place in places])
            else:
                value = symbols[node.text] if node.text in symbols else system["number"](node.text)
            values.append(value)
        return values[-1]

    def substituted(self, values: Mapping[str, str]) -> "Formula":
        """The formula with other formulas in the place of names.

        Args:
            values: For names, what is to stand there, as text.

        Raises:
            FormulaError: If what comes out is too long or too deep.
        """

        def inserted(match: re.Match[str]) -> str:
            text = values.get(match[0])
            return match[0] if text is None else text if re.fullmatch(r"[\w.]+", text) else f"({text})"

        return parse(re.sub(r"(?<![\w.])[A-Za-z_]\w*(\[\d+\])?(?!\w*\()", inserted, self.text))

    def latex(self) -> str:
        """The formula for a TeX typesetter, without the surrounding dollar signs."""
        return self.evaluate(LATEX, **{name: letter(name) for name in self.names}).text

    def __str__(self) -> str:
        """The formula as it was written."""
        return self.text


@functools.cache
def parse(text: str) -> Formula:
    """Parses a formula.

    Args:
        text: For example `"where(x > 0, x, slope * x)"`.

    Raises:
        FormulaError: If `text` leaves the language; the message points at the place.
    """
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        raise FormulaError(f"A formula has at most {_LONGEST} characters; got {len(text)}.")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError) as error:  # a ValueError for a null byte
        raise _error(text, (getattr(error, "offset", None) or 1) - 1, str(error.args[0])) from None
    except (MemoryError, RecursionError):
        raise _error(text, 0, f"a formula is at most {_DEEPEST} levels deep") from None
    steps: dict[Any, tuple[int, Node, tuple[int, ...]]] = {}
    tree = _node(text, tree)
    _number(tree, steps)
    names = frozenset(node.text for _, node, _ in steps.values() if isinstance(node, Name)) - CONSTANTS
    return Formula(text, tree, names, tuple((node, places) for _, node, places in steps.values()))


def _node(text: str, tree: ast.expr, depth: int = 0) -> Node:
    """Translates Python's syntax tree into ours, refusing what is not in the language."""
    if depth > _DEEPEST:
        raise _error(text, tree.col_offset, f"a formula is at most {_DEEPEST} levels deep")
    descend = functools.partial(_node, text, depth=depth + 1)
    match tree:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Number(_decimal(text, tree))
        case ast.Name(id=name):
            return Name(name)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int() as index)) if name not in {
            "x",
            *CONSTANTS,
        } and not isinstance(index, bool):
            return Name(_of_vector(text, tree, f"{name}[{index}]"))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Call("negative", (descend(operand),))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _BINARY:
            return Call(_BINARY[type(operator)], (descend(left), descend(right)))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _check_call(text, tree, name, arguments)
            test = [_comparison(text, arguments.pop(0), descend)] if name == "where" else []
            return Call(name, (*test, *map(descend, arguments)))
        case _:
            raise _error(text, tree.col_offset, f"{type(tree).__name__} is no part of a formula")


def _of_vector(text: str, tree: ast.expr, name: str) -> str:
    """A number of a vector, which is written in one way, lest it have two names."""
    if _source(text, tree) != name:
        raise _error(text, tree.col_offset, f"a number of a vector is written {name}")
    return name


def _source(text: str, tree: ast.expr) -> str:
    """What stands in the text, which is one line; `ast.get_source_segment` is a hundred times as slow."""
    return text.encode()[tree.col_offset : tree.end_col_offset].decode()


def _decimal(text: str, tree: ast.Constant) -> str:
    literal = _source(text, tree)
    if not re.fullmatch(r"(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", literal, re.IGNORECASE | re.ASCII):
        raise _error(text, tree.col_offset, f"a number is written in decimal digits; got {literal}")
    return literal


def _check_call(text: str, tree: ast.Call, name: str, arguments: list[ast.expr]) -> None:
    if name not in FUNCTIONS:
        message = f"{name} is no function of the language; it has {', '.join(FUNCTIONS)}"
        raise _error(text, tree.col_offset, message)
    if len(arguments) != FUNCTIONS[name]:
        plural = "" if FUNCTIONS[name] == 1 else "s"
        message = f"{name} takes {FUNCTIONS[name]} argument{plural}; got {len(arguments)}"
        raise _error(text, tree.col_offset, message)


def _comparison(text: str, tree: ast.expr, descend: Callable[[ast.expr], Node]) -> Node:
    """The first argument of `where`, the one place where a comparison stands."""
    match tree:
        case ast.Compare(left=left, ops=[operator], comparators=[right]) if type(operator) in _COMPARE:
            return Call(_COMPARE[type(operator)], (descend(left), descend(right)))
        case _:
            raise _error(text, tree.col_offset, "where asks for one comparison by <, <=, > or >=")


def _error(text: str, column: int, message: str) -> FormulaError:
    return FormulaError(f"{message}:\n  {text}\n  {' ' * column}^")


def _number(node: Node, steps: dict[Any, tuple[int, Node, tuple[int, ...]]]) -> int:
    """Adds a node and its arguments where none is like it; gives its place."""
    places = tuple([_number(each, steps) for each in node.arguments]) if isinstance(node, Call) else ()
    key = (node.operator, places) if isinstance(node, Call) else node
    return steps.setdefault(key, (len(steps), node, places))[0]


def _float(text: str) -> float:
    return {"pi": math.pi, "e": math.e}[text] if text in CONSTANTS else float(text)


def _array_system(library: Any, *, erf: Callable[..., Any], erfc: Callable[..., Any]) -> System:
    """The number system of an array library that follows numpy's names."""
    own = ["add", "subtract", "multiply", "divide", "power", "negative", *_COMPARE.values()]
    shared = [*own, *(FUNCTIONS.keys() - {"min", "max", "erf", "erfc"})]
    system = {name: getattr(library, name) for name in shared}
    system |= {"min": library.minimum, "max": library.maximum, "erf": erf, "erfc": erfc}
    return system | {"number": _float}


NUMPY = _array_system(np, erf=np.vectorize(math.erf), erfc=np.vectorize(math.erfc))
"""float64 arithmetic in numpy: quick and near, with no bound on the error."""

JNP = _array_system(jnp, erf=jax.lax.erf, erfc=jax.lax.erfc)
"""What the formula gives when it is typed into jax.numpy as it stands."""
