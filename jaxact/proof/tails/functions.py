"""The elementary functions near infinity, and beside a point."""

import functools
import math
from collections.abc import Callable, Mapping
from fractions import Fraction

from jaxact.proof.numbers import elementary, exact, interval
from jaxact.proof.numbers.interval import ZERO
from jaxact.proof.numbers.taylor import Taylor
from jaxact.proof.tails.approach import PLAIN, Kind, OpenError, Series, added, growth_sign, speed
from jaxact.proof.tails.tail import Tail, bounded, expanded, raised

_HALF, _THIRD = Fraction(1, 2), Fraction(1, 3)

_EXACT = Taylor({name: functools.partial(exact.applied, name) for name in elementary.FUNCTIONS}, exact.of)
_ON_INTERVALS = Taylor(elementary.FUNCTIONS, interval.number)


def _near(name: str, a: Tail) -> Tail | None:
    """An elementary function of what tends to a finite number, by Taylor's rule; None where it does not."""
    constant, w = exact.of(0), dict(a.terms)
    for kind, series in a.terms.items():
        pace = speed(kind, series)
        if pace > 0 or (pace == 0 and not series.c):
            return None
        if pace == 0:
            constant = series.c[0]
    small, length = Tail.of(a.at, w) - Tail.constant(a.at, constant), a.at.accuracy
    try:
        coefficients = _EXACT.series(name, constant, length)
    except ZeroDivisionError as error:
        raise OpenError(f"{name} at a point where it has no slope") from error
    rest = _ON_INTERVALS.series(name, a.range(), length + 1)[-1]
    return expanded(small, coefficients, rest)


def _exp(a: Tail) -> Tail:
    """The exponential: of polynomials a growth, of constants a factor, of what falls a series."""
    near = _near("exp", a)
    if near is not None:
        return near
    plain = a.terms.get(PLAIN, Series(Fraction(0), (), ZERO))
    logs = a.terms.get(Kind((), 1, Fraction(0)))
    rest = {kind: series for kind, series in a.terms.items() if kind != PLAIN}
    power = Fraction(0)
    if logs is not None and logs.order == 0 and len(logs.c) == 1 and logs.rest.sign == 0:
        rational = logs.c[0].rational
        if rational is None:
            raise OpenError("a power of x whose exponent is irrational")
        power = rational
        del rest[Kind((), 1, Fraction(0))]
    if any(
        growth_sign(k.growth) > 0 or (not k.growth and (s.order < 0 or k.logs > 0)) for k, s in rest.items()
    ):
        return _exp_of_growing(a)
    degree = max(0, -int(plain.order)) if plain.c or plain.rest.sign != 0 else 0
    if degree > len(plain.c) and plain.rest.sign != 0:
        raise OpenError("an exponent whose growth is not known exactly")
    polar = [*plain.c[:degree], *[exact.of(0)] * (degree - len(plain.c))]
    growth = added(tuple(reversed(polar)), ())
    tame = a.at.series(Fraction(0), plain.c[degree:], plain.rest) if degree else plain
    small = _near("exp", Tail.of(a.at, {PLAIN: tame, **rest}))
    if small is None:
        raise OpenError("an exponential of what has no limit")
    lead = Tail.of(a.at, {Kind(growth, 0, -power % 1): Series(-power, (exact.of(1),), ZERO)})
    return small * lead


def _exp_of_growing(a: Tail) -> Tail:
    """The exponential of a negative exponential, which falls faster than any other."""
    if a.sign == -1:
        for rate in (32, 8, 1):
            line = Tail.monomial(a.at, PLAIN, Fraction(-1), exact.of(rate))
            if (a + line).sign == -1:
                kind = Kind((exact.of(-rate),), 0, Fraction(0))
                return Tail.of(a.at, {kind: Series(Fraction(0), (), interval.between(0.0, 1.0))})
    raise OpenError("an exponential of an exponential")


def _log(a: Tail) -> Tail:
    """The logarithm of a positive function."""
    kind, order, c0, w = a.divided()
    if kind.logs or c0.sign != 1:
        raise OpenError("a logarithm of a logarithm, or of what is not positive")
    near = _near("log1p", w)
    if near is None:
        raise OpenError("a logarithm of what has no leading term")
    polynomial = Tail.constant(a.at, exact.applied("log", c0))
    for power, number in enumerate(kind.growth, 1):
        polynomial = polynomial + Tail.of(a.at, {PLAIN: Series(Fraction(-power), (number,), ZERO)})
    if order:
        logs = {Kind((), 1, Fraction(0)): Series(Fraction(0), (exact.of(-order),), ZERO)}
        polynomial = polynomial + Tail.of(a.at, logs)
    return polynomial + near


def _odd(f: Callable[[Tail], Tail]) -> Callable[[Tail], Tail]:
    """An odd function from what it does for positive arguments."""

    def extended(a: Tail) -> Tail:
        return -f(-a) if a.sign == -1 else f(a)

    return extended


def _erfc(a: Tail) -> Tail:
    """The complementary error function of what grows to infinity, by its enveloping series."""
    if a.sign == -1:
        return Tail.constant(a.at, exact.of(2)) - _erfc(-a)
    n = a.at.terms
    odds = [math.prod(range(1, 2 * k, 2)) * (-1) ** k for k in range(n + 1)]
    inverse = raised(a, Fraction(-1))
    w = (inverse * inverse).scaled(exact.of(_HALF))
    rest = interval.hull(ZERO, interval.number(Fraction(odds[n])))
    series = expanded(w, [exact.of(k) for k in odds[:n]], rest)
    scale = exact.applied("sqrt", exact.of("pi")).inverse()
    return (_exp(-(a * a)) * inverse * series).scaled(scale)


def _far(name: str, one: Callable[[Tail], Tail]) -> dict[str, Callable[[Tail], Tail]]:
    """What a function does: by Taylor's rule where the argument has a limit, else as said."""

    def chosen(a: Tail) -> Tail:
        near = _near(name, a)
        return one(a) if near is None else near

    return {name: chosen}


def _one(a: Tail) -> Tail:
    return Tail.constant(a.at, exact.of(1))


def _half(a: Tail) -> Tail:
    return a.scaled(exact.of(_HALF))


def _sqrt(a: Tail) -> Tail:
    return raised(a, _HALF)


def _open(_: Tail) -> Tail:
    raise OpenError("a wave has no limit")


def _tanh(a: Tail) -> Tail:
    small = _exp(-(a + a))  # of which a model is known where that of its reciprocal is not
    return _one(a) - (small + small) / (_one(a) + small)


def _asinh(a: Tail) -> Tail:
    return _log(a + _sqrt(a * a + _one(a)))


def _arctan(a: Tail) -> Tail:
    right = exact.of("pi") * exact.of(_HALF)
    inner = _near("arctan", _one(a) / a)
    if inner is None:
        raise OpenError("an arc tangent of what has no limit")
    return Tail.constant(a.at, right) - inner


def _logistic(a: Tail) -> Tail:
    if a.sign == -1:
        small = _exp(a)
        return small / (_one(a) + small)
    return _one(a) / (_one(a) + _exp(-a))


_MODELS: Mapping[str, Callable[[Tail], Tail]] = {
    "exp": _exp,
    "sqrt": _sqrt,
    "cbrt": _odd(lambda a: raised(a, _THIRD)),
    **_far("expm1", lambda a: _exp(a) - _one(a)),
    "log": _log,
    **_far("log1p", lambda a: _log(a + _one(a))),
    **_far("tanh", _odd(_tanh)),
    **_far("logistic", _logistic),
    **_far("sinh", lambda a: _half(_exp(a) - _exp(-a))),
    **_far("cosh", lambda a: _half(_exp(a) + _exp(-a))),
    **_far("log_cosh", lambda a: _log(_MODELS["cosh"](a))),
    **_far("asinh", _odd(_asinh)),
    **_far("sin", _open),
    **_far("cos", _open),
    **_far("arctan", _odd(_arctan)),
    **_far("erf", lambda a: _one(a) - _erfc(a)),
    **_far("erfc", _erfc),
}
"""The elementary functions near infinity, of what they have models of."""


def _function(name: str) -> Callable[[Tail], Tail]:
    return lambda a: bounded(lambda: _MODELS[name](a), a, elementary.FUNCTIONS[name])


FUNCTIONS: Mapping[str, Callable[[Tail], Tail]] = {name: _function(name) for name in _MODELS}
"""The elementary functions near infinity."""
