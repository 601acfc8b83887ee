"""What functions are made of near infinity, and beside a point at which they are not smooth.

There `x` is told by a number `u` that grows: `|x|` near infinity, `1 / |x - c|` beside `c`. So one kind of
series, in `t = 1 / u`, does for both; it holds beyond some point.
"""

import dataclasses
import functools
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from jaxact.proof.numbers import elementary, exact, interval
from jaxact.proof.numbers.exact import Exact
from jaxact.proof.numbers.interval import ENTIRE, ONE, ZERO, Interval


class OpenError(ArithmeticError):
    """The model does not say how a function behaves near infinity; the message is the reason."""


def added(a: tuple[Exact, ...], b: tuple[Exact, ...]) -> tuple[Exact, ...]:
    """The sum of two polynomials."""
    length = max(len(a), len(b))
    zero = exact.of(0)
    padded = [(*one, *[zero] * (length - len(one))) for one in (a, b)]
    total = [p + q for p, q in zip(*padded, strict=True)]
    while total and not total[-1]:
        total.pop()
    return tuple(total)


def negated(a: tuple[Exact, ...]) -> tuple[Exact, ...]:
    """The negative of a polynomial."""
    return tuple(-number for number in a)


def growth_sign(growth: tuple[Exact, ...]) -> int:
    """Whether an exponential grows, falls or is 1.

    Raises:
        OpenError: If the sign of a constant is not known.
    """
    if not growth:
        return 0
    sign = growth[-1].sign
    if not sign:
        raise OpenError("the sign of a constant in an exponent is not known")
    return sign


class Kind(NamedTuple):
    """How fast a term grows, but for an integer power of `u`.

    Attributes:
        growth: The polynomial in the exponential, from `u` on.
        logs: The power of `log(u)`.
        part: The fractional part of the power of `t`.
    """

    growth: tuple[Exact, ...]
    logs: int
    part: Fraction

    @property
    def inverse(self) -> "Kind":
        """The kind of the reciprocal."""
        return Kind(negated(self.growth), -self.logs, -self.part % 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Series:
    """`t**order * (c[0] + c[1] * t + ... + rest * t**len(c))`.

    Attributes:
        order: The leading power of `t`.
        c: Exact coefficients; the first is not 0.
        rest: An interval around what the others leave, for all `u`.
    """

    order: Fraction
    c: tuple[Exact, ...]
    rest: Interval

    @property
    def zero(self) -> bool:
        """Whether nothing is left."""
        return not self.c and self.rest.sign == 0


@dataclasses.dataclass(frozen=True)
class Approach:
    """Where a model holds: beyond `start`, on one side.

    Attributes:
        side: 1 or -1; beside a point 1 on its right.
        start: The smallest `u`.
        place: The point; None for infinity.
    """

    side: int
    start: int
    place: Fraction | None = None

    @property
    def terms(self) -> int:
        """How many coefficients a series keeps."""
        return 6 if self.place is None else 9

    @property
    def accuracy(self) -> int:
        """How many coefficients are taken of a function's Taylor series; beside a point they cancel."""
        return 3 if self.place is None else 9

    @property
    def first(self) -> Fraction:
        """The `x` at which the model begins."""
        return self.at(Fraction(self.start))

    def at(self, u: Fraction) -> Fraction:
        """The `x` of some `u`."""
        return self.side * u if self.place is None else self.place + self.side / u

    @functools.cached_property
    def t(self) -> Interval:
        """All values of `t`, the limit 0 included."""
        return Interval(ZERO.lo, interval.reciprocal(interval.number(float(self.start))).hi)

    @functools.cached_property
    def u(self) -> Interval:
        """All values of `u`."""
        return interval.between(float(self.start), ENTIRE)

    def series(self, order: Fraction, c: Iterable[Exact], rest: Interval) -> Series:
        """A series without leading zeros and with no more coefficients than are kept."""
        kept = list(c)
        while kept and not kept[0]:
            kept.pop(0)
            order += 1
        long = next((i for i, number in enumerate(kept) if len(number.terms) > _LONGEST), len(kept))
        while len(kept) > min(self.terms, long):
            rest = kept.pop().enclosure() + rest * self.t
        if not kept and rest.sign == 0:
            order = Fraction(0)
        return Series(order, tuple(kept), rest)

    def range(self, series: Series) -> Interval:
        """All values of a series without its leading power of `t`."""
        total = series.rest
        for number in reversed(series.c):
            total = total * self.t + number.enclosure()
        return total

    def sum(self, a: Series, b: Series) -> Series:
        """The sum of two series whose orders differ by an integer."""
        if a.zero or b.zero:
            return b if a.zero else a
        order = min(a.order, b.order)
        parts = [(self._shifted(one, int(one.order - order))) for one in (a, b)]
        # beyond its coefficients a series without rest has zeros
        length = min((len(c) for c, rest in parts if rest.sign != 0), default=max(len(c) for c, _ in parts))
        coefficients, rest = [exact.of(0)] * length, ZERO
        for c, remainder in parts:
            kept = [*c, *[exact.of(0)] * (length - len(c))]
            while len(kept) > length:
                remainder = kept.pop().enclosure() + remainder * self.t  # noqa: PLW2901
            coefficients = [p + q for p, q in zip(coefficients, kept, strict=True)]
            rest = rest + remainder
        return self.series(order, coefficients, rest)

    @staticmethod
    def _shifted(series: Series, by: int) -> tuple[list[Exact], Interval]:
        return [*[exact.of(0)] * by, *series.c], series.rest

    def product(self, a: Series, b: Series) -> Series:
        """The product of two series."""
        both = len(a.c) + len(b.c) - 1 if a.c and b.c else 0
        kept = [len(one.c) for one in (a, b) if one.rest.sign != 0]
        length = min([*kept, max(both, 0)])
        coefficients, rest = [exact.of(0)] * length, ZERO
        for i, p in enumerate(a.c):
            for j, q in enumerate(b.c):
                if i + j < length:
                    coefficients[i + j] = coefficients[i + j] + p * q
                else:
                    rest = rest + (p * q).enclosure() * self.t ** (i + j - length)
        for one, other in ((a, b), (b, a)):
            if one.rest.sign != 0:
                known = self.range(Series(other.order, other.c, ZERO))
                rest = rest + one.rest * known * self.t ** (len(one.c) - length)
        if a.rest.sign != 0 and b.rest.sign != 0:
            rest = rest + a.rest * b.rest * self.t ** (len(a.c) + len(b.c) - length)
        return self.series(a.order + b.order, coefficients, rest)

    def bounded(self, kind: Kind, order: Fraction) -> Interval:
        """All values of `exp(...) * t**order * log(u)**logs`, which nowhere rises.

        Raises:
            OpenError: If it rises somewhere.
        """
        growth, logs, _ = kind
        if not growth and not logs and order == 0:
            return ONE
        # u times the slope of the logarithm, divided by u**degree
        degree = len(growth)
        log = elementary.log(self.u)
        slope = (interval.number(-order) + interval.number(Fraction(logs)) / log) * self.t**degree
        for power, number in enumerate(growth, 1):
            slope = slope + number.enclosure() * interval.number(Fraction(power)) * self.t ** (degree - power)
        if slope.hi > 0:
            raise OpenError("a term does not fall from the start of the tail on")
        u = interval.number(float(self.start))
        exponent = ZERO
        for power, number in enumerate(growth, 1):
            exponent = exponent + number.enclosure() * u**power
        at = elementary.exp(exponent - interval.number(order) * elementary.log(u)) * elementary.log(u) ** logs
        return Interval(ZERO.lo, at.hi)


def speed(kind: Kind, series: Series) -> int:
    """Whether a term grows, positive, falls to 0, negative, or tends to a constant, 0."""
    power = -series.order
    return growth_sign(kind.growth) or (power > 0) - (power < 0) or kind.logs


PLAIN = Kind((), 0, Fraction(0))
"""Of polynomials, constants and what falls like them."""

_LONGEST = 12
"""Monomials of a constant up to which it is kept exactly."""
