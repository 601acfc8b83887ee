"""Intervals with exact endpoints: every operation encloses all results, rounded outward by Arb.

An endpoint is an exact `flint.arb`, infinite ones included. One wide ball would not do: balls are symmetric,
and `[0, 2] * [0, 2]` as a ball is `[-2, 4]`. What is not defined somewhere on its argument has no bound: the
result is then `ENTIRE`, so that nothing follows from it. Precision is that of `flint.ctx`.
"""

import functools
from fractions import Fraction
from typing import Union

from flint import arb, ctx, fmpq

_INFINITY = arb("inf")


class Interval:
    """All reals from `lo` to `hi`.

    Attributes:
        lo: The lower end, exact or minus infinity.
        hi: The upper end, exact or infinity.
    """

    __slots__ = ("hi", "lo")

    def __init__(self, lo: arb, hi: arb) -> None:
        """Takes the ends as they are, which must be exact and in order."""
        self.lo = lo
        self.hi = hi

    def __repr__(self) -> str:
        """The ends to 17 digits."""
        return f"[{self.lo.str(17, radius=False)}, {self.hi.str(17, radius=False)}]"

    def __contains__(self, number: Union[arb, "Interval"]) -> bool:
        """Whether a number or an interval lies inside for sure."""
        return bool(self.lo <= _lower(number) and _upper(number) <= self.hi)

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return bool(self.lo == self.hi)

    @property
    def width(self) -> arb:
        """An upper bound of the distance of the ends."""
        return (self.hi - self.lo).upper()

    @property
    def middle(self) -> arb:
        """A number near the middle, for bounded intervals."""
        return ((self.lo + self.hi) / 2).mid()

    def cut(self, count: int) -> list["Interval"]:
        """A bounded interval as so many of nearly the same width."""
        inner = [(self.lo + (self.hi - self.lo) * index / count).mid() for index in range(1, count)]
        return [Interval(a, b) for a, b in zip([self.lo, *inner], [*inner, self.hi], strict=True)]

    @property
    def sign(self) -> int | None:
        """1 or -1 where all numbers have that sign, 0 for the number 0; None else."""
        if self.lo > 0:
            return 1
        if self.hi < 0:
            return -1
        return 0 if self.exact else None

    def __neg__(self) -> "Interval":
        """All negatives."""
        return Interval(-self.hi, -self.lo)

    def __add__(self, other: "Interval") -> "Interval":
        """All sums."""
        return rounded(self.lo + other.lo, self.hi + other.hi)

    def __sub__(self, other: "Interval") -> "Interval":
        """All differences."""
        return rounded(self.lo - other.hi, self.hi - other.lo)

    def __mul__(self, other: "Interval") -> "Interval":
        """All products; 0 times what has no bound is 0, as for every number in it."""
        a, b, c, d = self.lo, self.hi, other.lo, other.hi
        if (a == 0 and b == 0) or (c == 0 and d == 0):
            return ZERO
        if a >= 0:
            return rounded(_times(b if c < 0 else a, c), _times(b if d > 0 else a, d))
        if b <= 0:
            return rounded(_times(a if d > 0 else b, d), _times(a if c < 0 else b, c))
        if c >= 0:
            return rounded(_times(a, d), _times(b, d))
        if d <= 0:
            return rounded(_times(b, c), _times(a, c))
        low, high = (_times(a, d).lower(), _times(b, c).lower()), (_times(a, c).upper(), _times(b, d).upper())
        return Interval(min(*low), max(*high))

    def __truediv__(self, other: "Interval") -> "Interval":
        """All quotients; ENTIRE where the divisor may be 0 inside."""
        a, b, c, d = self.lo, self.hi, other.lo, other.hi
        if c > 0:
            return rounded(_over(a, d if a >= 0 else c), _over(b, c if b >= 0 else d))
        if d < 0:
            return rounded(_over(b, d if b >= 0 else c), _over(a, c if a >= 0 else d))
        return self * reciprocal(other)

    def __pow__(self, exponent: int) -> "Interval":
        """All powers with an integer exponent."""
        if exponent < 0:
            return reciprocal(self**-exponent)
        if exponent == 0:
            return ONE
        base = self if exponent % 2 else absolute(self)
        return rounded(base.lo**exponent, base.hi**exponent)


def _lower(number: arb | Interval) -> arb:
    return number.lo if isinstance(number, Interval) else number.lower()


def _upper(number: arb | Interval) -> arb:
    return number.hi if isinstance(number, Interval) else number.upper()


def _times(a: arb, b: arb) -> arb:
    """A product of ends: an infinite end stands for ever larger numbers, and 0 times each of them is 0."""
    return _NOTHING if a == 0 or b == 0 else a * b


def _over(a: arb, b: arb) -> arb:
    """A quotient of ends, likewise."""
    if a.is_finite():
        return a / b if b.is_finite() else _NOTHING
    return a / b if b.is_finite() else (a if b > 0 else -a)


def rounded(lo: arb, hi: arb) -> Interval:
    """The interval between two ends that were computed, rounded outward; all reals if one is none."""
    if lo.is_nan() or hi.is_nan():
        return ENTIRE
    return Interval(lo.lower(), hi.upper())


_NOTHING = arb(0)
ZERO, ONE = Interval(arb(0), arb(0)), Interval(arb(1), arb(1))
ENTIRE = Interval(-_INFINITY, _INFINITY)
"""All reals: what is known of a result of which nothing is known."""


def number(value: Fraction | fmpq | float | int | str) -> Interval:
    """Encloses a rational number, a float taken exactly, or one of the constants pi and e.

    Args:
        value: For example `Fraction(1, 3)`, `0.1` or `"pi"`.
    """
    if isinstance(value, Fraction):
        return _rational(value.numerator, value.denominator, ctx.prec)
    ball = {"pi": arb.pi, "e": arb(1).exp}[value]() if isinstance(value, str) else arb(value)
    return Interval(ball.lower(), ball.upper())


@functools.lru_cache(maxsize=4096)
def _rational(numerator: int, denominator: int, _: int) -> Interval:
    """A rational number at some precision; programs ask for the same ones in every box."""
    ball = arb(fmpq(numerator, denominator))
    return Interval(ball.lower(), ball.upper())


def between(lo: Interval | arb | float | int, hi: Interval | arb | float | int) -> Interval:
    """The interval from one number to another; of intervals the outer ends."""
    ends = [end if isinstance(end, Interval) else Interval(arb(end), arb(end)) for end in (lo, hi)]
    return Interval(ends[0].lo, ends[1].hi)


def hull(a: Interval, b: Interval) -> Interval:
    """The smallest interval around two."""
    return Interval(min(a.lo, b.lo), max(a.hi, b.hi))


def meet(a: Interval, b: Interval) -> Interval:
    """What two enclosures of the same thing have in common."""
    return Interval(max(a.lo, b.lo), min(a.hi, b.hi))


def reciprocal(a: Interval) -> Interval:
    """All reciprocals; unbounded on the side where the argument ends with 0."""
    if a.lo > 0 or a.hi < 0:
        return rounded(_over(ONE.lo, a.hi), _over(ONE.lo, a.lo))
    if a.lo == 0 and a.hi > 0:
        return Interval(_over(ONE.lo, a.hi).lower(), _INFINITY)
    if a.hi == 0 and a.lo < 0:
        return Interval(-_INFINITY, _over(ONE.lo, a.lo).upper())
    return ENTIRE


def absolute(a: Interval) -> Interval:
    """All absolute values."""
    if a.lo >= 0:
        return a
    return -a if a.hi <= 0 else Interval(_NOTHING, max(-a.lo, a.hi))
