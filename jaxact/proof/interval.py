"""Intervals with exact endpoints: every operation encloses all results, rounded outward by Arb.

An endpoint is an exact `flint.arb`, infinite ones included. One wide ball would not do: balls are symmetric,
and `[0, 2] * [0, 2]` as a ball is `[-2, 4]`. What is not defined somewhere on its argument has no bound: the
result is then `ENTIRE`, so that nothing follows from it. Precision is that of `flint.ctx`.
"""

import functools
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Union

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
        return _rounded(self.lo + other.lo, self.hi + other.hi)

    def __sub__(self, other: "Interval") -> "Interval":
        """All differences."""
        return _rounded(self.lo - other.hi, self.hi - other.lo)

    def __mul__(self, other: "Interval") -> "Interval":
        """All products; 0 times what has no bound is 0, as for every number in it."""
        a, b, c, d = self.lo, self.hi, other.lo, other.hi
        if (a == 0 and b == 0) or (c == 0 and d == 0):
            return ZERO
        if a >= 0:
            return _rounded(_times(b if c < 0 else a, c), _times(b if d > 0 else a, d))
        if b <= 0:
            return _rounded(_times(a if d > 0 else b, d), _times(a if c < 0 else b, c))
        if c >= 0:
            return _rounded(_times(a, d), _times(b, d))
        if d <= 0:
            return _rounded(_times(b, c), _times(a, c))
        low, high = (_times(a, d).lower(), _times(b, c).lower()), (_times(a, c).upper(), _times(b, d).upper())
        return Interval(min(*low), max(*high))

    def __truediv__(self, other: "Interval") -> "Interval":
        """All quotients; ENTIRE where the divisor may be 0 inside."""
        a, b, c, d = self.lo, self.hi, other.lo, other.hi
        if c > 0:
            return _rounded(_over(a, d if a >= 0 else c), _over(b, c if b >= 0 else d))
        if d < 0:
            return _rounded(_over(b, d if b >= 0 else c), _over(a, c if a >= 0 else d))
        return self * reciprocal(other)

    def __pow__(self, exponent: int) -> "Interval":
        """All powers with an integer exponent."""
        if exponent < 0:
            return reciprocal(self**-exponent)
        if exponent == 0:
            return ONE
        base = self if exponent % 2 else absolute(self)
        return _rounded(base.lo**exponent, base.hi**exponent)


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


def _rounded(lo: arb, hi: arb) -> Interval:
    """Rounds outward; what is not defined has no bound."""
    if lo.is_nan() or hi.is_nan():
        return ENTIRE
    return Interval(lo.lower(), hi.upper())


_NOTHING = arb(0)
ZERO, ONE = Interval(arb(0), arb(0)), Interval(arb(1), arb(1))
ENTIRE = Interval(-_INFINITY, _INFINITY)
"""All reals: what is known of a result of which nothing is known."""


def number(value: Fraction | float | int | str) -> Interval:
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
        return _rounded(_over(ONE.lo, a.hi), _over(ONE.lo, a.lo))
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


def _rising(
    f: Callable[[arb], arb], image: Interval = ENTIRE, domain: Interval = ENTIRE
) -> Callable[[Interval], Interval]:
    """A continuous rising function, which takes its bounds at the ends.

    Args:
        f: At one number, which may be infinite; what it does not know there is the bound of the image.
        image: All values.
        domain: Where it is defined. Beyond, nothing is known.
    """

    def extended(a: Interval) -> Interval:
        if a not in domain:
            return ENTIRE
        lo, hi = f(a.lo), f(a.hi)
        low = image.lo if lo.is_nan() else max(lo.lower(), image.lo)
        high = image.hi if hi.is_nan() else min(hi.upper(), image.hi)
        return Interval(low, high)

    return extended


def _logistic(x: arb) -> arb:
    if x >= 0:
        return 1 / (1 + (-x).exp())
    small = x.exp()
    return small / (1 + small)


def _cube_root(x: arb) -> arb:
    return x.root(3) if x >= 0 else -((-x).root(3))


def _from(lo: int) -> Interval:
    return Interval(arb(lo), _INFINITY)


exp = _rising(arb.exp, _from(0))
expm1 = _rising(arb.expm1, _from(-1))
log = _rising(arb.log, domain=_from(0))
log1p = _rising(arb.log1p, domain=_from(-1))
sqrt = _rising(arb.sqrt, _from(0), _from(0))
tanh = _rising(arb.tanh, between(-1, 1))
logistic = _rising(_logistic, between(0, 1))
erf = _rising(arb.erf, between(-1, 1))
arctan = _rising(arb.atan)
sinh = _rising(arb.sinh)
asinh = _rising(arb.asinh)
cbrt = _rising(_cube_root)


def erfc(a: Interval) -> Interval:
    """All values of `1 - erf`, each to its own digits."""
    return _erfc_of_negative(-a)


_erfc_of_negative = _rising(lambda x: (-x).erfc(), between(0, 2))


def cosh(a: Interval) -> Interval:
    """All hyperbolic cosines."""
    return _even_cosh(absolute(a))


_even_cosh = _rising(arb.cosh, _from(1))


def log_cosh(a: Interval) -> Interval:
    """All logarithms of hyperbolic cosines."""
    return _even_log_cosh(absolute(a))


_even_log_cosh = _rising(lambda x: x + ((-2 * x).exp()).log1p() - arb(2).log(), _from(0))


def sin(a: Interval) -> Interval:
    """All sines: the values at the ends, and 1 and -1 where the argument passes through their places."""
    if not (a.lo.is_finite() and a.hi.is_finite()):
        return between(-1, 1)
    ends = hull(*(_rounded(value, value) for value in (a.lo.sin(), a.hi.sin())))
    high = ONE.hi if _passes(a, arb(1) / 2) else min(ends.hi, ONE.hi)
    low = -ONE.hi if _passes(a, arb(3) / 2) else max(ends.lo, -ONE.hi)
    return Interval(low, high)


def _passes(a: Interval, at: arb) -> bool:
    """Whether an interval may hold one of the numbers `(at + 2 k) pi`."""
    first, last = (a.lo / arb.pi() - at) / 2, (a.hi / arb.pi() - at) / 2
    return bool(not first.lower().ceil() > last.upper().floor())


def cos(a: Interval) -> Interval:
    """All cosines."""
    half = arb.pi() / 2
    return sin(a + Interval(half.lower(), half.upper()))


def power(base: Interval, exponent: Interval) -> Interval:
    """All powers; with an exponent that is no integer, of bases that are not negative."""
    integer = exponent.lo.unique_fmpz() if exponent.exact else None
    if integer is not None:
        return base ** int(integer)
    if base.lo >= 0 and exponent.lo > 0:
        return _power_of_positive(base, exponent)
    return exp(exponent * log(base)) if base.lo > 0 else ENTIRE


def _power_of_positive(base: Interval, exponent: Interval) -> Interval:
    """Powers with positive exponents, of bases down to 0."""
    high = exp(exponent * log(Interval(base.hi, base.hi))) if base.hi > 0 else ZERO
    low = exp(exponent * log(Interval(base.lo, base.lo))) if base.lo > 0 else ZERO
    return hull(low, high)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": exp,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "sqrt": sqrt,
    "cbrt": cbrt,
    "tanh": tanh,
    "logistic": logistic,
    "sinh": sinh,
    "cosh": cosh,
    "asinh": asinh,
    "log_cosh": log_cosh,
    "sin": sin,
    "cos": cos,
    "arctan": arctan,
    "erf": erf,
    "erfc": erfc,
}
"""The elementary functions."""
