"""A function's value and derivatives together, in any arithmetic: Taylor's rules, written once.

The components are numbers of some arithmetic: intervals, balls, models of a tail. A `Calculus` turns what
that arithmetic can do with numbers into what it can do with jets. Derivatives come forward, from the function
itself: the program of a gradient repeats subexpressions, and its enclosures are a thousand times as wide.
"""

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

from flint import arb

Rule = Callable[[Any], tuple[Any, ...]]
"""Of a number, the value and the first three derivatives of an elementary function there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Jet:
    """Value, slope, curvature and so on at the same argument.

    Attributes:
        parts: The derivatives from the zeroth on; what a constant does not list is 0.
    """

    parts: tuple[Any, ...]

    @property
    def constant(self) -> bool:
        """Whether it does not depend on the argument."""
        return len(self.parts) == 1

    def __neg__(self) -> "Jet":
        """The jet of the negative."""
        return Jet(tuple(-part for part in self.parts))

    def __add__(self, other: "Jet") -> "Jet":
        """The jet of the sum."""
        both = zip(self.parts, other.parts, strict=False)
        longer = max(self.parts, other.parts, key=len)
        return Jet((*(a + b for a, b in both), *longer[min(len(self.parts), len(other.parts)) :]))

    def __sub__(self, other: "Jet") -> "Jet":
        """The jet of the difference."""
        return self + -other

    def __mul__(self, other: "Jet") -> "Jet":
        """The jet of the product, by Leibniz's rule."""
        if other.constant:
            return Jet(tuple(part * other.parts[0] for part in self.parts))
        if self.constant:
            return other * self
        return Jet(tuple(_leibniz(self.parts, other.parts, order) for order in range(len(self.parts))))

    def __truediv__(self, other: "Jet") -> "Jet":
        """The jet of the quotient, from `self = quotient * other`."""
        a, b = self.parts, other.parts
        found = [a[0] / b[0]]
        for order in range(1, max(len(a), len(b))):
            left = a[order] if order < len(a) else None
            for lower in range(max(0, order - len(b) + 1), order):
                term = _scaled(found[lower] * b[order - lower], math.comb(order, lower))
                left = -term if left is None else left - term
            if left is None:
                raise AssertionError("A quotient of jets has a part of every order.")
            found.append(left / b[0])
        return Jet(tuple(found))

    def __pow__(self, exponent: int) -> "Jet":
        """The jet of an integer power."""
        base = self.parts[0]

        def derivative(order: int) -> Any:
            factor = math.prod(range(exponent - order + 1, exponent + 1))
            # of x**2 the third derivative is 0 and x**-1 need not exist
            return _scaled(raised(base, exponent - order), factor) if factor else one - one

        one = raised(base, 0)
        if exponent in {0, 1}:
            return self if exponent else Jet((one,))
        return composed(self, lambda _: tuple(derivative(order) for order in range(4)))


ARITHMETIC: Mapping[str, Callable[..., Jet]] = {
    "add": Jet.__add__,
    "subtract": Jet.__sub__,
    "multiply": Jet.__mul__,
    "divide": Jet.__truediv__,
    "negative": Jet.__neg__,
}
"""The operators of a program that jets of any numbers have."""


def _leibniz(a: tuple[Any, ...], b: tuple[Any, ...], order: int) -> Any:
    total = a[0] * b[order]
    for first in range(1, order + 1):
        total = total + _scaled(a[first] * b[order - first], math.comb(order, first))
    return total


def _scaled(number: Any, factor: int) -> Any:
    """An integer multiple: by doubling and adding, which every arithmetic can."""
    if factor < 0:
        return _scaled(-number, -factor)
    if factor == 1:
        return number
    half = _scaled(number, factor // 2)
    return half + half + number if factor % 2 else half + half


def composed(inner: Jet, rule: Rule) -> Jet:
    """The jet of an elementary function of a jet, by Faa di Bruno's rule.

    Args:
        inner: With at most three derivatives.
        rule: Of the elementary function.
    """
    f, df, ddf, dddf = rule(inner.parts[0])
    if inner.constant:
        return Jet((f,))
    _, slope, *higher = inner.parts
    parts = [f, df * slope]
    if higher:
        curvature, square = higher[0], raised(slope, 2)
        parts.append(ddf * square + df * curvature)
        if len(higher) > 1:
            parts.append(dddf * (slope * square) + _scaled(ddf * (slope * curvature), 3) + df * higher[1])
    return Jet(tuple(parts))


def raised(number: Any, exponent: int) -> Any:
    """An integer power; of an interval a tight one. Of a ball around 0 Arb knows none, but a product."""
    if not isinstance(number, arb) or not number.contains(0):
        return number**exponent
    product = functools.reduce(arb.__mul__, [number] * abs(exponent), arb(1))
    return product if exponent >= 0 else 1 / product


class Calculus:
    """The derivatives of the elementary functions in the arithmetic of some numbers."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]], number: Callable[[Any], Any]) -> None:
        """Takes what the arithmetic can do.

        Args:
            functions: The elementary functions of a number, by name.
            number: A number of the arithmetic from an integer, a fraction or `"pi"`.
        """
        self._do = functions
        self._number = number

    def functions(self) -> dict[str, Callable[[Jet], Jet]]:
        """The elementary functions of jets, for all names that the arithmetic has and a rule is known for."""
        rules = {name: self.rule(name) for name in self._do if hasattr(self, f"_of_{name}")}
        return {name: lambda jet, rule=rule: composed(jet, rule) for name, rule in rules.items()}

    def rule(self, name: str) -> Rule:
        """The value and the first three derivatives of a function, from its argument."""
        return getattr(self, f"_of_{name}")

    def _of_exp(self, x: Any) -> tuple[Any, ...]:
        y = self._do["exp"](x)
        return y, y, y, y

    def _of_expm1(self, x: Any) -> tuple[Any, ...]:
        y = self._do["exp"](x)
        return self._do["expm1"](x), y, y, y

    def _of_log(self, x: Any) -> tuple[Any, ...]:
        return (self._do["log"](x), *self._reciprocals(x))

    def _of_log1p(self, x: Any) -> tuple[Any, ...]:
        return (self._do["log1p"](x), *self._reciprocals(x + self._number(1)))

    def _reciprocals(self, x: Any) -> tuple[Any, ...]:
        """`1 / x` and its first two derivatives."""
        one = self._number(1) / x
        return one, -(raised(one, 2)), _scaled(raised(one, 3), 2)

    def _of_sqrt(self, x: Any) -> tuple[Any, ...]:
        y = self._do["sqrt"](x)
        half = self._number(1) / (y + y)
        return y, half, -_scaled(raised(half, 3), 2), _scaled(raised(half, 5), 12)

    def _of_cbrt(self, x: Any) -> tuple[Any, ...]:
        y = self._do["cbrt"](x)
        slope = self._number(1) / _scaled(raised(y, 2), 3)
        return y, slope, -_scaled(raised(slope, 2) / y, 2), _scaled(raised(slope, 3) / raised(y, 2), 10)

    def _of_tanh(self, x: Any) -> tuple[Any, ...]:
        y = self._do["tanh"](x)
        slope = self._number(1) / raised(self._do["cosh"](x), 2)
        return y, slope, -_scaled(y * slope, 2), slope * (_scaled(raised(y, 2), 6) - self._number(2))

    def _of_logistic(self, x: Any) -> tuple[Any, ...]:
        y, rest = self._do["logistic"](x), self._do["logistic"](-x)
        slope = y * rest
        return y, slope, slope * (rest - y), slope * (self._number(1) - _scaled(slope, 6))

    def _of_sinh(self, x: Any) -> tuple[Any, ...]:
        y, slope = self._do["sinh"](x), self._do["cosh"](x)
        return y, slope, y, slope

    def _of_cosh(self, x: Any) -> tuple[Any, ...]:
        y, slope = self._do["cosh"](x), self._do["sinh"](x)
        return y, slope, y, slope

    def _of_log_cosh(self, x: Any) -> tuple[Any, ...]:
        return (self._do["log_cosh"](x), *self._of_tanh(x)[:3])

    def _of_asinh(self, x: Any) -> tuple[Any, ...]:
        one = self._number(1)
        slope = one / self._do["sqrt"](one + raised(x, 2))
        return (
            self._do["asinh"](x),
            slope,
            -(x * raised(slope, 3)),
            (_scaled(raised(x, 2), 2) - one) * raised(slope, 5),
        )

    def _of_sin(self, x: Any) -> tuple[Any, ...]:
        y, slope = self._do["sin"](x), self._do["cos"](x)
        return y, slope, -y, -slope

    def _of_cos(self, x: Any) -> tuple[Any, ...]:
        y, slope = self._do["cos"](x), -self._do["sin"](x)
        return y, slope, -y, -slope

    def _of_arctan(self, x: Any) -> tuple[Any, ...]:
        one = self._number(1)
        slope = one / (one + raised(x, 2))
        bend = -_scaled(x * raised(slope, 2), 2)
        return (
            self._do["arctan"](x),
            slope,
            bend,
            (_scaled(raised(x, 2), 6) - self._number(2)) * raised(slope, 3),
        )

    def _of_erf(self, x: Any) -> tuple[Any, ...]:
        return (self._do["erf"](x), *self._bell(x))

    def _of_erfc(self, x: Any) -> tuple[Any, ...]:
        return (self._do["erfc"](x), *(-part for part in self._bell(x)))

    def _bell(self, x: Any) -> tuple[Any, ...]:
        """`2 / sqrt(pi) * exp(-x**2)` and its first two derivatives."""
        square, two = raised(x, 2), self._number(2)
        y = two / self._do["sqrt"](self._number("pi")) * self._do["exp"](-square)
        return y, -(two * x * y), y * (_scaled(square, 4) - two)
