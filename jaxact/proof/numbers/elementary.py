"""The elementary functions on intervals."""

from collections.abc import Callable, Mapping
from typing import Any

from flint import arb

from jaxact.proof.numbers.interval import ENTIRE, ONE, ZERO, Interval, absolute, between, hull, rounded


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
    return Interval(arb(lo), ENTIRE.hi)


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
    ends = hull(*(rounded(value, value) for value in (a.lo.sin(), a.hi.sin())))
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
