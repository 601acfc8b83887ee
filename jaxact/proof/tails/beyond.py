"""Programs near infinity and beside a point: a function and its derivatives as models that hold there."""

import functools
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from jaxact.proof.numbers import exact
from jaxact.proof.numbers.exact import Exact
from jaxact.proof.numbers.jet import ARITHMETIC, Calculus, Jet, composed
from jaxact.proof.programs.program import Program
from jaxact.proof.tails.approach import Approach, OpenError
from jaxact.proof.tails.functions import FUNCTIONS
from jaxact.proof.tails.tail import Tail, raised


def beyond(program: Program, at: Approach, order: int) -> tuple[Tail, ...]:
    """Models of a smooth function and its derivatives near infinity, or beside a point.

    Args:
        program: Without decisions; `jaxact.proof.pieces` makes such programs.
        at: Where, and from where on.
        order: Of the highest derivative, at most 3.

    Raises:
        OpenError: If the model does not say how the function behaves there.
    """
    one, zero = Tail.constant(at, exact.of(1)), Tail.of(at, {})
    x = Jet((Tail.variable(at), one, zero, zero)[: order + 1])
    parts = program.evaluate(_system(at), x).parts
    return (*parts, *[zero] * (order + 1 - len(parts)))


class _Calculus(Calculus):
    """The derivatives where terms that are the same cancel."""

    def _of_tanh(self, x: Any) -> tuple[Any, ...]:
        y = self._do["tanh"](x)
        slope = self._number(1) - y * y  # there may be no model of the hyperbolic cosine
        return y, slope, -(y + y) * slope, slope * ((y * y).scaled(exact.of(6)) - self._number(2))


@functools.lru_cache(maxsize=16)
def _system(at: Approach) -> Mapping[str, Callable[..., Any]]:
    """Jets over models at one place."""

    def number(value: Fraction | int | str) -> Tail:
        if value in {"inf", "-inf"}:
            raise OpenError("it contains an infinite constant")
        return Tail.constant(at, exact.of(value))

    functions = _Calculus(FUNCTIONS, number).functions()

    def power(base: Jet, exponent: Jet) -> Jet:
        constant = _constant(exponent)
        if constant is None:
            return functions["exp"](exponent * functions["log"](base))
        p = constant.rational
        if p is None:
            raise OpenError("a power whose exponent is irrational")
        if p.denominator == 1:
            return base ** int(p)
        if base.constant and not base.parts[0].terms and p > 0:
            return base
        factors = [Fraction(1), p, p * (p - 1), p * (p - 1) * (p - 2)]
        return composed(
            base,
            lambda x: tuple(raised(x, p - i).scaled(exact.of(factor)) for i, factor in enumerate(factors)),
        )

    return {
        "number": lambda value: Jet((number(value),)),
        **ARITHMETIC,
        "power": power,
        **functions,
    }


def _constant(jet: Jet) -> Exact | None:
    """The constant that a jet is, None of a function."""
    return jet.parts[0].exactly if jet.constant else None
