"""Functions on the real line, with which one writes as with numbers."""

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from jaxact._formula import Formula
from jaxact._registry import spec
from jaxact._vectors import separated, vectors
from jaxact.proof.programs.program import Builder, Program, of_formula
from jaxact.proof.programs.tracing import of_function


@dataclasses.dataclass(frozen=True)
class Curve:
    """A function of one real variable.

    Sums, products and quotients of curves, of numbers and of what `curve` takes are curves; `<=` and `>=`
    make a statement, to be handed to `jaxact.prove`.

    Attributes:
        program: What it computes.
        text: How it is written in a statement.
    """

    program: Program
    text: str

    def __add__(self, other: Any) -> "Curve":
        """The sum."""
        return _combined("add", "+", self, other)

    def __radd__(self, other: Any) -> "Curve":
        """The sum."""
        return _combined("add", "+", other, self)

    def __sub__(self, other: Any) -> "Curve":
        """The difference."""
        return _combined("subtract", "-", self, other)

    def __rsub__(self, other: Any) -> "Curve":
        """The difference."""
        return _combined("subtract", "-", other, self)

    def __mul__(self, other: Any) -> "Curve":
        """The product."""
        return _combined("multiply", "*", self, other)

    def __rmul__(self, other: Any) -> "Curve":
        """The product."""
        return _combined("multiply", "*", other, self)

    def __truediv__(self, other: Any) -> "Curve":
        """The quotient."""
        return _combined("divide", "/", self, other)

    def __le__(self, other: Any) -> "Statement":
        """The claim that one is nowhere larger than the other."""
        return _at_most(self, curve(other))

    def __ge__(self, other: Any) -> "Statement":
        """The claim that one is nowhere smaller than the other."""
        return _at_most(curve(other), self)

    def __neg__(self) -> "Curve":
        """The negative."""
        return _applied("negative", self, f"-{self}")

    def __abs__(self) -> "Curve":
        """The absolute value."""
        return _applied("abs", self, f"abs({self})")

    def __str__(self) -> str:
        """How it is written in a statement."""
        return self.text


@dataclasses.dataclass(frozen=True)
class Statement:
    """A claim about all real numbers, true or false.

    Attributes:
        name: What is claimed, such as `"increasing"`.
        curves: Of which functions.
        text: How it is written.
    """

    name: str
    curves: tuple[Curve, ...]
    text: str

    def __str__(self) -> str:
        """How it is written."""
        return self.text


def curve(f: Any, **parameters: Any) -> Curve:
    """A function about which something is to be proved.

    Args:
        f: An activation of the catalogue or its name, which stand for their formula; a formula; a number, for
            a constant; or a function of one number that JAX can trace.
        **parameters: Of the activation or the formula.

    Raises:
        UnprovableError: If the function contains what nothing can be proved about.
        KeyError: If no activation has that name.
    """
    if isinstance(f, Curve):
        return f
    if isinstance(f, int | float | Fraction):
        builder = Builder()
        number = builder.number(f if isinstance(f, float) else Fraction(f))
        return Curve(builder.finished(number), str(f))
    if isinstance(f, Formula):
        return Curve(of_formula(f, parameters), str(f))
    entry = _catalogued(f)
    if entry is not None:
        numbers = separated(entry.name, parameters, vectors(entry.defaults))
        return Curve(of_formula(entry.formula, {**entry.defaults, **numbers}), entry.name)
    name = getattr(f, "__name__", "f")
    return Curve(of_function(f), name if name.isidentifier() else "f")


def variable() -> Curve:
    """The variable, as a curve."""
    builder = Builder()
    return Curve(builder.finished(builder.x), "x")


def _catalogued(f: str | Callable[..., Any]) -> Any:
    try:
        return spec(f)
    except KeyError:
        if isinstance(f, str):
            raise
        return None


def _at_most(smaller: Curve, larger: Curve) -> Statement:
    return Statement("at most", (smaller, larger), f"{smaller} <= {larger}")


def _applied(operator: str, one: Curve, text: str) -> Curve:
    builder = Builder()
    inner = one.program.copied(builder)[one.program.result]
    return Curve(builder.finished(builder.add(operator, inner)), text)


def _combined(operator: str, sign: str, a: Any, b: Any) -> Curve:
    builder = Builder()
    curves = curve(a), curve(b)
    given = [one.program.copied(builder)[one.program.result] for one in curves]
    return Curve(builder.finished(builder.add(operator, *given)), f"({curves[0]} {sign} {curves[1]})")
