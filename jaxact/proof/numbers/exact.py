"""Constants known exactly: polynomials with rational coefficients in named irrational numbers.

What decides how a function behaves at infinity is often whether two constants are the same: `exp(-a * x)`
and `exp(a * x)` cancel whatever `a` is. Enclosures cannot tell that, equal expressions can. So `pi`,
`sqrt(2 / pi)` or `exp(1 / 3)` are symbols here, each with an enclosure; a difference is 0 where it is so as a
polynomial.
"""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from fractions import Fraction

from flint import ctx, fmpq

from jaxact.proof.numbers import elementary, interval
from jaxact.proof.numbers.interval import Interval


@dataclasses.dataclass(frozen=True, eq=False)
class Symbol:
    """An irrational number; the same name and argument are the same object.

    Attributes:
        name: `"pi"`, `"e"`, or the function of which it is the value.
        argument: Where that is taken.
    """

    name: str
    argument: "Exact | None" = None

    @functools.cached_property
    def rank(self) -> str:
        """What monomials are ordered by."""
        return repr(self)

    @staticmethod
    @functools.cache
    def of(name: str, argument: "Exact | None" = None) -> "Symbol":
        """The symbol of a name and an argument."""
        return Symbol(name, argument)


_NONE, _UNIT = fmpq(0), fmpq(1)

Monomial = tuple[tuple[Symbol, int], ...]
"""Symbols with their exponents, in the order of their representation."""


@dataclasses.dataclass(frozen=True, slots=True)
class Exact:
    """A constant.

    Attributes:
        terms: Monomials with their coefficients, none of them 0, in the order of their representation.
    """

    terms: tuple[tuple[Monomial, fmpq], ...]

    def __bool__(self) -> bool:
        """Whether it is not 0 as a polynomial; its value may still be 0."""
        return bool(self.terms)

    @property
    def rational(self) -> Fraction | None:
        """The rational number that it is, if no symbol occurs."""
        if not self.terms:
            return Fraction(0)
        ((monomial, coefficient), *rest) = self.terms
        return None if monomial or rest else Fraction(int(coefficient.p), int(coefficient.q))

    def __neg__(self) -> "Exact":
        """The negative."""
        return Exact(tuple((monomial, -coefficient) for monomial, coefficient in self.terms))

    def __add__(self, other: "Exact") -> "Exact":
        """The sum."""
        if not self.terms or not other.terms:
            return self if self.terms else other
        total = dict(self.terms)
        for monomial, coefficient in other.terms:
            total[monomial] = total.get(monomial, _NONE) + coefficient
        return _collected(total)

    def __sub__(self, other: "Exact") -> "Exact":
        """The difference."""
        return self + -other

    def __mul__(self, other: "Exact") -> "Exact":
        """The product."""
        total: dict[Monomial, fmpq] = {}
        for a, p in self.terms:
            for b, q in other.terms:
                for monomial, r in _product(a, b).terms:
                    total[monomial] = total.get(monomial, _NONE) + p * q * r
        return _collected(total)

    def __pow__(self, exponent: int) -> "Exact":
        """An integer power; a negative one of a single term stays a single term."""
        if exponent < 0:
            return self.inverse() ** -exponent
        return functools.reduce(Exact.__mul__, [self] * exponent, of(1))

    def __truediv__(self, other: "Exact") -> "Exact":
        """The quotient."""
        return self * other.inverse()

    def inverse(self) -> "Exact":
        """The reciprocal of a constant that is not 0."""
        if not self.terms:
            raise ZeroDivisionError("0 has no reciprocal.")
        if len(self.terms) == 1:
            ((monomial, coefficient),) = self.terms
            return Exact(((tuple((symbol, -n) for symbol, n in monomial), 1 / coefficient),)) * of(1)
        return _symbol("reciprocal", self)

    def enclosure(self) -> Interval:
        """An interval around it, at the present precision."""
        total = interval.ZERO
        for monomial, coefficient in self.terms:
            product = interval.number(coefficient)
            for symbol, exponent in monomial:
                product = product * _value(symbol) ** exponent
            total = total + product
        return total

    @property
    def sign(self) -> int | None:
        """1, -1 or 0; None where that is not known."""
        return 0 if not self.terms else (self.enclosure().sign or None)


def of(value: Fraction | int | str) -> Exact:
    """A rational number, or one of the constants pi and e."""
    if isinstance(value, str):
        return Exact(((((Symbol.of(value), 1),), _UNIT),))
    return Exact((((), fmpq(value.numerator, value.denominator)),) if value else ())


def applied(name: str, argument: Exact) -> Exact:
    """The value of an elementary function at a constant: the rational number that it is, or a symbol."""
    known = _KNOWN.get((name, argument.rational))
    if known is not None:
        return of(known)
    if name in _OTHERWISE:
        return _OTHERWISE[name](argument)
    if name == "sqrt" and argument.rational is not None and argument.rational > 0:
        root = _rational_root(argument.rational)
        if root is not None:
            return of(root)
    return _symbol(name, argument)


def power(base: Exact, exponent: Fraction) -> Exact:
    """A power, with a fractional exponent of what is positive, or of 0 if the exponent is positive."""
    if exponent.denominator == 1:
        return base ** int(exponent)
    if not base or base.rational == 1:
        return base
    root = {2: "sqrt", 3: "cbrt"}.get(exponent.denominator)
    if root is not None:
        return applied(root, base) ** exponent.numerator
    return applied("exp", of(exponent) * applied("log", base))


_KNOWN: Mapping[tuple[str, Fraction | None], int | Fraction] = {
    ("exp", Fraction(0)): 1, ("expm1", Fraction(0)): 0, ("log", Fraction(1)): 0, ("log1p", Fraction(0)): 0,
    ("sqrt", Fraction(0)): 0, ("cbrt", Fraction(0)): 0, ("cbrt", Fraction(1)): 1, ("tanh", Fraction(0)): 0,
    ("logistic", Fraction(0)): Fraction(1, 2), ("sinh", Fraction(0)): 0, ("cosh", Fraction(0)): 1,
    ("asinh", Fraction(0)): 0, ("log_cosh", Fraction(0)): 0,
    ("sin", Fraction(0)): 0, ("cos", Fraction(0)): 1, ("arctan", Fraction(0)): 0,
    ("erf", Fraction(0)): 0, ("erfc", Fraction(0)): 1,
}  # fmt: skip
"""Where elementary functions take rational values."""


_OTHERWISE: Mapping[str, Callable[[Exact], Exact]] = {
    "log1p": lambda x: applied("log", x + of(1)),
    "expm1": lambda x: applied("exp", x) - of(1),
    "erfc": lambda x: of(1) - applied("erf", x),
}
"""Functions that are told by others, so that equal constants are equal expressions."""


def _rational_root(number: Fraction) -> Fraction | None:
    """The square root of a positive rational number, if it is rational."""
    top, bottom = (round(part**0.5) for part in (number.numerator, number.denominator))
    root = Fraction(top, bottom or 1)
    return root if root * root == number else None


def _symbol(name: str, argument: Exact) -> Exact:
    return Exact(((((Symbol.of(name, argument), 1),), _UNIT),))


def _order(monomial: Monomial) -> tuple[tuple[str, int], ...]:
    return tuple((symbol.rank, exponent) for symbol, exponent in monomial)


def _collected(total: dict[Monomial, fmpq]) -> Exact:
    kept = [(monomial, coefficient) for monomial, coefficient in total.items() if coefficient]
    return Exact(tuple(sorted(kept, key=lambda term: _order(term[0])) if len(kept) > 1 else kept))


def _product(a: Monomial, b: Monomial) -> Exact:
    """The product of two monomials; a square root squared is its argument."""
    if not a or not b:
        return Exact(((a or b, _UNIT),))
    exponents = dict(a)
    for symbol, exponent in b:
        exponents[symbol] = exponents.get(symbol, 0) + exponent
    plain: dict[Symbol, int] = {}
    factors: list[Exact] = []
    for symbol, exponent in exponents.items():
        whole, rest = divmod(exponent, 2) if symbol.name == "sqrt" else (0, exponent)
        if whole and symbol.argument is not None:
            factors.append(symbol.argument**whole)
        if rest:
            plain[symbol] = rest
    monomial = tuple(sorted(plain.items(), key=lambda power: power[0].rank))
    return functools.reduce(Exact.__mul__, factors, Exact(((monomial, _UNIT),)))


def _value(symbol: Symbol) -> Interval:
    return _valued(symbol, ctx.prec)


@functools.lru_cache(maxsize=4096)
def _valued(symbol: Symbol, _: int) -> Interval:
    """The value at some precision."""
    if symbol.argument is None:
        return interval.number(symbol.name)
    argument = symbol.argument.enclosure()
    function: Callable[[Interval], Interval] = (
        interval.reciprocal if symbol.name == "reciprocal" else elementary.FUNCTIONS[symbol.name]
    )
    return function(argument)
