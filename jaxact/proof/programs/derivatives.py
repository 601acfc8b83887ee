"""A program and its derivatives at one rational number, in exact constants, which can be told equal."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from jaxact.proof.numbers import elementary, exact
from jaxact.proof.numbers.exact import Exact
from jaxact.proof.numbers.jet import ARITHMETIC, Calculus, Jet, composed
from jaxact.proof.programs.program import Program


class InexactError(ArithmeticError):
    """A value that cannot be told exactly, or does not exist."""


def derivatives(program: Program, x: Fraction) -> tuple[Exact, ...]:
    """The value and the first three derivatives of a smooth program at a number.

    Args:
        program: Without decisions.
        x: Where.

    Returns:
        All four, the value alone, or nothing: what exists and is known exactly.
    """
    at = Jet((exact.of(x), exact.of(1), exact.of(0), exact.of(0)))
    try:
        parts = program.evaluate(_JETS, at).parts
    except (ArithmeticError, KeyError):
        value = _value(program, x)
        return () if value is None else (value,)
    return (*parts, *[exact.of(0)] * (4 - len(parts)))


def _value(program: Program, x: Fraction) -> Exact | None:
    try:
        return program.evaluate(_VALUES, exact.of(x))
    except (ArithmeticError, KeyError):
        return None


def same(a: Exact, b: Exact) -> bool | None:
    """Whether two constants are equal, None where that is not known."""
    if not a - b:
        return True
    return False if (a - b).sign else None


def _applied(name: str) -> Callable[[Exact], Exact]:
    def apply(argument: Exact) -> Exact:
        least = {"log": 0, "log1p": -1}.get(name)
        if least is not None and (argument - exact.of(least)).sign != 1:
            raise InexactError(f"{name} of what may not be in its domain")
        if name == "sqrt" and argument.sign not in {0, 1}:
            raise InexactError("the root of what may be negative")
        return exact.applied(name, argument)

    return apply


def _quotient(a: Exact, b: Exact) -> Exact:
    if not b.sign:
        raise InexactError("a quotient by what may be 0")
    return a / b


def _power(base: Exact, exponent: Exact) -> Exact:
    number = _rational(exponent)
    sign = base.sign
    if (number < 0 and not sign) or (number.denominator != 1 and sign not in {0, 1}):
        raise InexactError("a power of what may be negative, or a quotient by what may be 0")
    return exact.power(base, number)


def _rational(exponent: Exact) -> Fraction:
    if exponent.rational is None:
        raise InexactError("a power whose exponent is irrational")
    return exponent.rational


def _number(value: Fraction | str) -> Exact:
    if value in {"inf", "-inf"}:
        raise InexactError("an infinite constant")
    return exact.of(value)


def _quotient_of_jets(a: Jet, b: Jet) -> Jet:
    _quotient(a.parts[0], b.parts[0])
    return a / b


def _power_of_jets(base: Jet, exponent: Jet) -> Jet:
    if not exponent.constant:
        raise InexactError("a power whose exponent is no constant")
    number = _rational(exponent.parts[0])
    value = _power(base.parts[0], exponent.parts[0])
    if number.denominator == 1:
        return base ** int(number)
    if base.constant:
        return Jet((value,))
    factors = [Fraction(1), number, number * (number - 1), number * (number - 1) * (number - 2)]
    return composed(
        base,
        lambda x: tuple(
            _power(x, exact.of(number - order)) * exact.of(factor) for order, factor in enumerate(factors)
        ),
    )


_FUNCTIONS = {name: _applied(name) for name in elementary.FUNCTIONS}

_VALUES: Mapping[str, Callable[..., Any]] = {
    **_FUNCTIONS,
    "number": _number,
    "add": Exact.__add__,
    "subtract": Exact.__sub__,
    "multiply": Exact.__mul__,
    "divide": _quotient,
    "negative": Exact.__neg__,
    "power": _power,
}

_JETS: Mapping[str, Callable[..., Any]] = {
    **ARITHMETIC,
    **Calculus(_FUNCTIONS, exact.of).functions(),
    "number": lambda value: Jet((_number(value),)),
    "divide": _quotient_of_jets,
    "power": _power_of_jets,
}
