"""Whether a program has a value everywhere: no quotient by 0, no logarithm or root of a negative number."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb

from jaxact.proof import elementary, interval
from jaxact.proof.interval import ENTIRE, Interval
from jaxact.proof.program import Program

_FAR = arb(64)
_NARROWEST = arb(2) ** -40
_BOXES = 4000


class _OutsideError(ArithmeticError):
    """An operation that may have no value on a box."""


def undefined(program: Program, box: Interval) -> arb | None:
    """A number near which a smooth program may have no value; None where it has one on all of a box.

    Args:
        program: Without decisions.
        box: A closed interval, infinite ends included.
    """
    stack, looked = [box], 0
    while stack:
        part = stack.pop()
        looked += 1
        try:
            program.evaluate(_DOMAIN, part)
        except _OutsideError:
            lo, hi = max(part.lo, -_FAR), min(part.hi, _FAR)
            middle = ((lo + hi) / 2).mid() if lo < hi else part.lo if part.lo.is_finite() else part.hi
            if looked > _BOXES or not part.lo < middle < part.hi or hi - lo < _NARROWEST:
                return middle
            if not (part.lo.is_finite() and part.hi.is_finite()) and not (part.lo < _FAR and part.hi > -_FAR):
                return middle  # far out, where cutting helps no more
            stack += [Interval(middle, part.hi), Interval(part.lo, middle)]
    return None


def _number(value: Fraction | str) -> Interval:
    return ENTIRE if value in {"inf", "-inf"} else interval.number(value)


def _divide(a: Interval, b: Interval) -> Interval:
    if b.sign not in {1, -1}:
        raise _OutsideError
    return a / b


def _power(base: Interval, exponent: Interval) -> Interval:
    whole = exponent.lo.unique_fmpz() if exponent.exact else None
    if whole is not None:
        if whole < 0 and base.sign not in {1, -1}:
            raise _OutsideError
        return base ** int(whole)
    if not base.lo >= 0 or (base.lo == 0 and not exponent.lo > 0):
        raise _OutsideError
    return elementary.power(base, exponent) if exponent.exact else Interval(arb(0), ENTIRE.hi)


def _above(name: str, least: int, *, open_: bool) -> Callable[[Interval], Interval]:
    function = elementary.FUNCTIONS[name]

    def apply(a: Interval) -> Interval:
        if a.lo < least or (open_ and a.lo == least) or not a.lo >= least:
            raise _OutsideError
        return function(a)

    return apply


_DOMAIN: Mapping[str, Callable[..., Any]] = {
    **elementary.FUNCTIONS,
    "number": _number,
    "add": Interval.__add__,
    "subtract": Interval.__sub__,
    "multiply": Interval.__mul__,
    "negative": Interval.__neg__,
    "divide": _divide,
    "power": _power,
    "log": _above("log", 0, open_=True),
    "log1p": _above("log1p", -1, open_=True),
    "sqrt": _above("sqrt", 0, open_=False),
}
