"""The derivative of a program as a program: jets whose numbers are expressions."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Union

from jaxact.proof.numbers.jet import ARITHMETIC, Calculus, Jet, composed
from jaxact.proof.programs.program import Builder, Program

_FUNCTIONS = (
    "exp", "expm1", "log", "log1p", "sqrt", "cbrt", "tanh", "logistic", "sinh", "cosh", "asinh", "log_cosh",
    "sin", "cos", "arctan", "erf", "erfc",
)  # fmt: skip
_COMPARISONS = (
    "greater", "greater_equal", "less", "less_equal", "equal", "unequal", "and", "or", "not", "sign", "floor",
)  # fmt: skip


class Expression:
    """A step that a builder has, with which one writes as with a number."""

    __slots__ = ("builder", "index")

    def __init__(self, builder: Builder, index: int) -> None:
        """Takes one of the builder's steps."""
        self.builder, self.index = builder, index

    def apply(self, operator: str, *others: Union["Expression", int]) -> "Expression":
        """An operator of this and others."""
        given = [one.index if isinstance(one, Expression) else one for one in others]
        return Expression(self.builder, self.builder.add(operator, self.index, *given))

    def __neg__(self) -> "Expression":
        """The negative."""
        return self.apply("negative")

    def __add__(self, other: "Expression") -> "Expression":
        """The sum."""
        return self.apply("add", other)

    def __sub__(self, other: "Expression") -> "Expression":
        """The difference."""
        return self.apply("subtract", other)

    def __mul__(self, other: "Expression") -> "Expression":
        """The product."""
        return self.apply("multiply", other)

    def __truediv__(self, other: "Expression") -> "Expression":
        """The quotient."""
        return self.apply("divide", other)

    def __pow__(self, exponent: int) -> "Expression":
        """An integer power."""
        return self.apply("power", self.builder.number(Fraction(exponent)))


def derivative(program: Program) -> Program:
    """The derivative of a program; at a kink that of the branch that holds there."""
    builder = Builder()
    one, zero = (Expression(builder, builder.number(Fraction(n))) for n in (1, 0))
    found = program.evaluate(_system(builder, zero), Jet((Expression(builder, builder.x), one)))
    return builder.finished(zero.index if found.constant else found.parts[1].index)


def _system(builder: Builder, zero: Expression) -> Mapping[str, Callable[..., Any]]:
    """What the operators mean to jets of expressions."""

    def number(value: Fraction | int | str) -> Expression:
        return Expression(builder, builder.number(value if isinstance(value, str) else Fraction(value)))

    def where(test: Jet, yes: Jet, no: Jet) -> Jet:
        pairs = [(*branch.parts, zero)[:2] for branch in (yes, no)]
        return Jet(tuple(test.parts[0].apply("where", a, b) for a, b in zip(*pairs, strict=True)))

    def compared(operator: str) -> Callable[..., Jet]:
        def apply(first: Jet, *others: Jet) -> Jet:
            return Jet((first.parts[0].apply(operator, *(other.parts[0] for other in others)),))

        return apply

    def power(base: Jet, exponent: Jet) -> Jet:
        if not exponent.constant:
            return functions["exp"](exponent * functions["log"](base))
        step = builder.step(exponent.parts[0].index)
        value = step.arguments[0] if step.operator == "number" else None
        if isinstance(value, Fraction) and value.denominator == 1:
            return base ** int(value)
        x, n = base.parts[0], exponent.parts[0]
        steep = n * x.apply("power", n - number(1))
        return composed(base, lambda _: (x.apply("power", n), steep, zero, zero))  # no more than the slope

    greater = compared("greater_equal")
    functions = Calculus({name: _function(name) for name in _FUNCTIONS}, number).functions()
    none = Jet((zero,))
    return {
        **functions,
        **{name: compared(name) for name in _COMPARISONS},
        "number": lambda value: Jet((number(value),)),
        "true": lambda: Jet((Expression(builder, builder.add("true")),)),
        "false": lambda: Jet((Expression(builder, builder.add("false")),)),
        **ARITHMETIC,
        "power": power,
        "where": where,
        "max": lambda a, b: where(greater(a, b), a, b),
        "min": lambda a, b: where(greater(b, a), a, b),
        "abs": lambda a: where(greater(a, none), a, -a),
    }


def _function(name: str) -> Callable[[Expression], Expression]:
    return lambda argument: argument.apply(name)
