"""The operators of a program on complex balls, as Arb integrates with them."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import acb, arb, fmpq


def _number(value: Fraction | str) -> acb:
    if isinstance(value, str):
        known = {"pi": arb.pi, "e": lambda: arb(1).exp()}
        return acb(known[value]()) if value in known else acb("nan")
    return acb(arb(fmpq(value.numerator, value.denominator)))


def _functions(*, analytic: bool) -> Mapping[str, Callable[..., Any]]:
    """The operators on complex balls; those with branch cuts refuse to cross them, where asked to."""

    def root(z: acb) -> acb:
        return z.sqrt(analytic=analytic)

    def log(z: acb) -> acb:
        return z.log(analytic=analytic)

    def cbrt(z: acb) -> acb:  # of negative numbers, too
        return -(log(-z) / 3).exp() if z.real.mid() < 0 else (log(z) / 3).exp()

    def power(base: acb, exponent: acb) -> acb:
        whole = exponent.real.unique_fmpz() if exponent.imag == 0 else None
        if whole is not None:
            return base ** int(whole)
        return base if base == 0 and exponent.real > 0 else (exponent * log(base)).exp()

    i = acb(0, 1)
    return {
        "number": _number,
        "add": acb.__add__,
        "subtract": acb.__sub__,
        "multiply": acb.__mul__,
        "divide": acb.__truediv__,
        "negative": acb.__neg__,
        "power": power,
        "exp": acb.exp,
        "expm1": acb.expm1,
        "log": log,
        "log1p": lambda z: log(1 + z),
        "sqrt": root,
        "cbrt": cbrt,
        "tanh": acb.tanh,
        "logistic": lambda z: 1 / (1 + (-z).exp()),
        "sinh": acb.sinh,
        "cosh": acb.cosh,
        "asinh": lambda z: log(z + root(z * z + 1)),
        "log_cosh": lambda z: log(z.cosh()),
        "sin": acb.sin,
        "cos": acb.cos,
        "arctan": lambda z: (log(1 + i * z) - log(1 - i * z)) / (2 * i),
        "erf": acb.erf,
        "erfc": acb.erfc,
    }


ANYWHERE, ANALYTIC = (_functions(analytic=analytic) for analytic in (False, True))
"""For any argument; and for those around which the function has to be analytic, else no number comes out."""
