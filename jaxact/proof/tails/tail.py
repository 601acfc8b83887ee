"""Functions near infinity: enclosures that hold for every `x` beyond some point, and the limit with it.

With `u = |x|` and `t = 1 / u`, or `t = |x - c|` beside a point `c`, a function is there a sum of terms

    exp(g1 * u + g2 * u**2 + ...) * u**p * log(u)**j * (c0 + c1 * t + c2 * t**2 + ... + R * t**n),

whose constants are exact and whose last coefficient is an interval that holds for all `u >= start`. So
`inf - inf` and `0 * inf` cancel as symbols, where intervals with infinite ends know nothing.
"""

import functools
import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from jaxact.proof import budget
from jaxact.proof.numbers import elementary, exact, interval
from jaxact.proof.numbers.exact import Exact
from jaxact.proof.numbers.interval import ENTIRE, ONE, ZERO, Interval
from jaxact.proof.pieces.piece import UndecidedError
from jaxact.proof.tails.approach import (
    PLAIN,
    Approach,
    Kind,
    OpenError,
    Series,
    added,
    growth_sign,
    negated,
    speed,
)

_MOST = 4
"""Kinds of terms that a function keeps."""


class Tail:
    """A function near infinity."""

    __slots__ = ("at", "terms")

    def __init__(self, at: Approach, terms: Mapping[Kind, Series]) -> None:
        """Takes the terms as they are."""
        self.at = at
        self.terms = dict(terms)

    @staticmethod
    def of(at: Approach, terms: Mapping[Kind, Series]) -> "Tail":
        """A function from its terms, without those that are 0."""
        return Tail(at, {kind: series for kind, series in terms.items() if not series.zero})

    @staticmethod
    def variable(at: Approach) -> "Tail":
        """The variable `x`."""
        if at.place is None:
            return Tail.of(at, {PLAIN: Series(Fraction(-1), (exact.of(at.side),), ZERO)})
        return Tail.of(at, {PLAIN: at.series(Fraction(0), map(exact.of, (at.place, at.side)), ZERO)})

    @staticmethod
    def constant(at: Approach, value: Exact) -> "Tail":
        """A constant."""
        return Tail.of(at, {PLAIN: at.series(Fraction(0), (value,), ZERO)})

    @staticmethod
    def within(at: Approach, values: Interval) -> "Tail":
        """A function of which nothing is known but its values."""
        return Tail.of(at, {PLAIN: Series(Fraction(0), (), values)})

    @staticmethod
    def monomial(at: Approach, kind: Kind, order: Fraction, factor: Exact) -> "Tail":
        """One term: `factor * t**order` with the growth and the logarithms of a kind."""
        return Tail.of(at, {kind._replace(part=order % 1): Series(order, (factor,), ZERO)})

    def __neg__(self) -> "Tail":
        """The negative."""
        return self.scaled(exact.of(-1))

    def __add__(self, other: "Tail") -> "Tail":
        """The sum."""
        total = dict(self.terms)
        for kind, series in other.terms.items():
            total[kind] = self.at.sum(total[kind], series) if kind in total else series
        return Tail.of(self.at, total)._pruned()

    def __sub__(self, other: "Tail") -> "Tail":
        """The difference."""
        return self + -other

    def __mul__(self, other: "Tail") -> "Tail":
        """The product."""
        if budget.spent():
            raise UndecidedError(budget.SPENT)
        total: dict[Kind, Series] = {}
        for a, p in self.terms.items():
            for b, q in other.terms.items():
                product = self.at.product(p, q)
                kind = Kind(added(a.growth, b.growth), a.logs + b.logs, product.order % 1)
                total[kind] = self.at.sum(total[kind], product) if kind in total else product
        return Tail.of(self.at, total)._pruned()

    def __truediv__(self, other: "Tail") -> "Tail":
        """The quotient."""
        return self * raised(other, Fraction(-1))

    def __pow__(self, exponent: int) -> "Tail":
        """An integer power."""
        if exponent < 0:
            return raised(self**-exponent, Fraction(-1))
        return functools.reduce(Tail.__mul__, [self] * exponent, Tail.constant(self.at, exact.of(1)))

    def scaled(self, factor: Exact) -> "Tail":
        """The product with a constant."""
        scale = factor.enclosure()
        return Tail.of(
            self.at,
            {
                kind: Series(series.order, tuple(c * factor for c in series.c), series.rest * scale)
                for kind, series in self.terms.items()
            },
        )

    def _pruned(self) -> "Tail":
        """Without the weakest terms, which the rest of the weakest that stays takes in."""
        if len(self.terms) <= _MOST:
            return self
        kinds = sorted(self.terms, key=functools.cmp_to_key(self._compare), reverse=True)
        last = kinds[_MOST - 1]
        kept = self.terms[last]
        for kind in kinds[_MOST:]:
            series = self.terms[kind]
            ratio = Kind(added(kind.growth, negated(last.growth)), kind.logs - last.logs, Fraction(0))
            below = self.at.bounded(ratio, series.order - kept.order - len(kept.c))
            kept = Series(kept.order, kept.c, kept.rest + below * self.at.range(series))
        return Tail(self.at, {**{kind: self.terms[kind] for kind in kinds[: _MOST - 1]}, last: kept})

    def _compare(self, a: Kind, b: Kind) -> int:
        """Which of two terms is larger in the end."""
        sign = growth_sign(added(a.growth, negated(b.growth)))
        if sign:
            return sign
        power = self.terms[b].order - self.terms[a].order
        return (power > 0) - (power < 0) or a.logs - b.logs

    @property
    def exactly(self) -> Exact | None:
        """The constant that it is, None of everything else."""
        if not self.terms:
            return exact.of(0)
        series = self.terms.get(PLAIN)
        alone = series is not None and len(self.terms) == len(series.c) == 1
        return series.c[0] if series and alone and series.order == 0 and series.rest.sign == 0 else None

    @property
    def finite(self) -> bool:
        """Whether it is known to have a value for every `u`."""
        rests = [series.rest for series in self.terms.values()]
        return all(rest.lo.is_finite() and rest.hi.is_finite() for rest in rests)

    def leading(self) -> tuple[Kind, Series]:
        """The largest term.

        Raises:
            OpenError: If there is none.
        """
        if not self.terms:
            raise OpenError("it is 0")
        kind = max(self.terms, key=functools.cmp_to_key(self._compare))
        return kind, self.terms[kind]

    def divided(self) -> tuple[Kind, Fraction, Exact, "Tail"]:
        """Kind, order and constant of the leading monomial, and the function divided by it, less 1.

        Raises:
            OpenError: If the leading coefficient is not known.
        """
        kind, series = self.leading()
        if not series.c or not series.c[0].sign:
            raise OpenError("its leading coefficient is not known")
        c0 = series.c[0]
        inverse = Tail.monomial(self.at, kind.inverse, -series.order, c0.inverse())
        return kind, series.order, c0, self * inverse - Tail.constant(self.at, exact.of(1))

    def range(self) -> Interval:
        """An enclosure of all values.

        Raises:
            OpenError: If it is not bounded as far as the model knows.
        """
        total = ZERO
        for kind, series in self.terms.items():
            total = total + self.at.bounded(kind, series.order) * self.at.range(series)
        return total

    @property
    def sign(self) -> int | None:
        """1, -1 or 0 where that is the sign everywhere beyond the start; None where it is not known."""
        if not self.terms:
            return 0
        try:
            kind, series = self.leading()
            lead = self.at.range(series).sign
            others = Tail.of(self.at, {k: s for k, s in self.terms.items() if k != kind})
            if not lead or not others.terms:
                return lead or None
            ratio = others * Tail.monomial(self.at, kind.inverse, -series.order, exact.of(1))
            share = ratio.range() * interval.reciprocal(self.at.range(series))
        except OpenError:
            return None
        return lead if share.lo > -1 else None

    def limit(self) -> Interval | None:
        """The limit, infinite ones included; None where there is none, or none is known."""
        constant = self.settled()
        if constant is not None:
            return constant.enclosure()
        growing = any(speed(kind, series) > 0 for kind, series in self.terms.items())
        sign = self.sign if growing else None
        return None if not sign else interval.between(ENTIRE.hi, ENTIRE.hi) if sign > 0 else _MINUS_INFINITY

    def settled(self) -> Exact | None:
        """The constant that is the limit, exactly; None where it is infinite or not known."""
        total = exact.of(0)
        for kind, series in self.terms.items():
            pace = speed(kind, series)
            if pace > 0 or (pace == 0 and not series.c):
                return None
            total = total + series.c[0] if pace == 0 else total
        return total


_MINUS_INFINITY = Interval(ENTIRE.lo, ENTIRE.lo)


def expanded(w: Tail, coefficients: Iterable[Exact], rest: Interval) -> Tail:
    """`c0 + c1 * w + c2 * w**2 + ... + rest * w**n` for a function that falls to 0."""
    total = Tail.within(w.at, rest)
    for number in reversed(list(coefficients)):
        total = total * w + Tail.constant(w.at, number)
    return total


def _factor(p: Fraction, k: int) -> Fraction:
    """The binomial coefficient `p` over `k`."""
    return math.prod(((p - i) / (i + 1) for i in range(k)), start=Fraction(1))


def raised(a: Tail, p: Fraction) -> Tail:
    """`a**p`, of a positive function unless `p` is an integer."""
    return bounded(lambda: _raised(a, p), a, lambda values: elementary.power(values, interval.number(p)))


def bounded(model: Callable[[], Tail], a: Tail, values: Callable[[Interval], Interval]) -> Tail:
    """A function of another: its model, or where there is none its bounds.

    Args:
        model: Makes the model.
        a: The other.
        values: All values of the function on an interval.

    Raises:
        OpenError: If there are no bounds either.
    """
    try:
        return model()
    except OpenError:
        try:
            found = values(a.range())
        except OpenError:
            found = values(ENTIRE)
        if not (found.lo.is_finite() and found.hi.is_finite()):
            raise
        return Tail.within(a.at, found)


def _raised(a: Tail, p: Fraction) -> Tail:
    kind, order, c0, w = a.divided()
    n = a.at.terms
    inner = w.range() + ONE
    if not inner.lo > 0:
        raise OpenError("a power is too near its branch point at the start of the tail")
    rest = interval.number(_factor(p, n)) * elementary.exp(interval.number(p - n) * elementary.log(inner))
    series = expanded(w, [exact.of(_factor(p, k)) for k in range(n)], rest)
    if p.denominator != 1 and c0.sign != 1:
        raise OpenError("a power of a negative number with a fractional exponent")
    constant = exact.power(c0, p)
    if kind.logs * p % 1:
        raise OpenError("a root of a logarithm")
    scale = exact.of(p)
    growth = tuple(number * scale for number in kind.growth)
    lead = {Kind(growth, int(kind.logs * p), order * p % 1): Series(order * p, (constant,), ZERO)}
    return series * Tail.of(a.at, lead)
