"""Moments of a function of a normal variable, and how they move with its mean and variance, rigorously.

Arb integrates piece by piece, in the complex plane, where the pieces are analytic. Far out, and beside a
break where a function is not smooth, its model bounds what is left. With Hermite's polynomials as weights the
same integrals give the derivatives, so that the function needs none.
"""

import functools
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from flint import acb, arb, ctx

from jaxact.proof import budget
from jaxact.proof.analysis import Analysis
from jaxact.proof.layer import Layer
from jaxact.proof.numbers import exact, interval
from jaxact.proof.numbers.analytic import ANALYTIC, ANYWHERE
from jaxact.proof.numbers.interval import ONE, ZERO, Interval
from jaxact.proof.pieces.ends import End
from jaxact.proof.pieces.piece import Piece, UndecidedError
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program
from jaxact.proof.tails.approach import PLAIN, Approach, Kind, OpenError
from jaxact.proof.tails.beyond import beyond
from jaxact.proof.tails.tail import Tail

_DEVIATIONS = 20
_STRIP = 2**24
_HALF = interval.number(0.5)
_MOST = 20_000
_BITS, _TAIL_BITS = 96, 320


class Normal(NamedTuple):
    """A normal variable, or all with mean and variance in some intervals.

    Attributes:
        mean: Its mean.
        variance: Its variance, positive.
    """

    mean: Interval
    variance: Interval

    @property
    def balls(self) -> tuple[arb, arb]:
        """Mean and variance as balls."""
        return _ball(self.mean), _ball(self.variance)


class Moment(NamedTuple):
    """`E f(z)**power * He(d)`, where `d` is the deviation of `z` from its mean in standard deviations.

    Attributes:
        normal: Of which `z` is.
        power: 1 or 2.
        hermite: The degree of Hermite's polynomial `He`, at most 4.
    """

    normal: Normal
    power: int
    hermite: int = 0

    def weight(self) -> Callable[[acb], acb]:
        """The density times the polynomial."""
        mean, variance = self.normal.balls
        bend, scale, deviation = -1 / (2 * variance), 1 / (2 * arb.pi() * variance).sqrt(), variance.sqrt()
        polynomial = _HERMITE[self.hermite]

        def at(x: acb) -> acb:
            step = x - mean
            density = (step * step * bend).exp() * scale
            return density * polynomial(step / deviation) if self.hermite else density

        return at


_HERMITE: Mapping[int, Callable[[acb], acb]] = {
    0: lambda d: d**0,
    1: lambda d: d,
    2: lambda d: d * d - 1,
    3: lambda d: d * (d * d - 3),
    4: lambda d: d * d * (d * d - 6) + 3,
}
"""Hermite's polynomials; at 20 deviations and more each is below a power of `1 + |d|`."""

STANDARD = Normal(ZERO, ONE)


@functools.lru_cache(maxsize=64)
def moments(one: Analysis, normal: Normal = STANDARD, bits: int = _BITS) -> tuple[Interval, Interval]:
    """`E f(z)` and `E f(z)**2`.

    Args:
        one: The function.
        normal: Of which `z` is.
        bits: Of the arithmetic; two thirds of them are what the integrals aim at.

    Raises:
        UndecidedError: If the function cannot be integrated on one of its pieces, or grows too fast.
    """
    mean, second = (_expectation(one, Moment(normal, power), bits) for power in (1, 2))
    return mean, second


def layer(one: Analysis, normal: Normal) -> Layer:
    """Both moments and their derivatives in mean and variance, by Taylor's formula where they are intervals.

    Raises:
        UndecidedError: If the function cannot be integrated on one of its pieces, or grows too fast.
    """
    with ctx.workprec(_BITS):
        (mean, mean_m, mean_v), (square, square_m, square_v) = (
            _moving(one, normal, power) for power in (1, 2)
        )
    return Layer(mean, square, mean_m, mean_v, square_m, square_v)


def _moving(one: Analysis, normal: Normal, power: int) -> tuple[Interval, Interval, Interval]:
    """A moment and its derivatives in mean and variance."""
    centre = Normal(*(Interval(values.middle, values.middle) for values in normal))
    value, by_mean, bend = (_derivative(one, Moment(centre, power, order)) for order in (0, 1, 2))
    by_variance = bend * _HALF
    if not all(values.exact for values in normal):
        step, rise = normal.mean - centre.mean, normal.variance - centre.variance
        second, third, fourth = (_derivative(one, Moment(normal, power, order)) for order in (2, 3, 4))
        by_mean = by_mean + second * step + third * _HALF * rise
        by_variance = by_variance + third * _HALF * step + fourth * _HALF * _HALF * rise
        value = value + by_mean * step + by_variance * rise
    return value, by_mean, by_variance


def _derivative(one: Analysis, moment: Moment) -> Interval:
    """A derivative of a moment in the mean; a derivative in the variance is half of the second."""
    deviation = Interval(moment.normal.variance.lo.sqrt().lower(), moment.normal.variance.hi.sqrt().upper())
    return _expectation(one, moment) / deviation**moment.hermite


def _expectation(one: Analysis, moment: Moment, bits: int = _BITS) -> Interval:
    unknown = {step.operator for piece in one.pieces for step in piece.program.steps} - {"x", *ANALYTIC}
    if unknown:
        raise UndecidedError(f"{', '.join(sorted(unknown))} is not integrated here")
    with ctx.workprec(bits):
        tails = {side: _tail(one, side) for side in (-1, 1)}
        far = {side: side * _reach(model, moment.normal) for side, model in tails.items()}
        total = sum((arb(0, _left(model, moment, abs(far[side]))) for side, model in tails.items()), arb(0))
        for piece in one.pieces:
            if not piece.point:
                total += _over(one, piece, moment, far)
        if not total.is_finite():
            raise UndecidedError("it cannot be integrated on one of its pieces")
        return Interval(total.lower(), total.upper())


def _over(one: Analysis, piece: Piece, moment: Moment, far: Mapping[int, arb]) -> arb:
    """The integral over a piece, as far as it is not far out."""
    ends, total, weight = [], arb(0), moment.weight()
    for side, edge in ((-1, piece.left), (1, piece.right)):
        at = far[side] if edge is None else edge.place.middle
        if edge is not None and far[-1] < at < far[1]:
            model, place = one.ends.get((piece, side)), _ball(edge.place)
            if isinstance(model, End):
                at, value = _strip(piece, model, moment.power)
                total += value * weight(acb(at.union(place))).real
            else:  # it matters little where exactly the break is
                size = _size(enclosed(piece.program, edge.place, 0)[0]) ** moment.power * edge.place.width
                total += arb(0, (size * abs(weight(acb(place)))).upper())
        ends.append(min(max(at, far[-1]), far[1]))
    low, high = ends
    if low < high:
        f = _integrand(piece.program, weight, moment.power)
        error = arb(2) ** (-2 * ctx.prec // 3)
        total += acb.integral(f, acb(low), acb(high), abs_tol=error, rel_tol=error, eval_limit=_MOST).real
    return total


def _strip(piece: Piece, model: End, power: int) -> tuple[arb, arb]:
    """How far a narrow strip beside a break reaches, and the integral over it of a power of the function."""
    at = Approach(model.at.side, max(_STRIP, model.at.start), model.at.place)
    half = Fraction(1, 2)
    with ctx.workprec(_TAIL_BITS):
        try:
            found = beyond(piece.program, at, 0)[0] ** power
            try:
                total = _ball(found.range()) / at.start
            except OpenError:  # if it grows, less than the root of u
                weak = found * Tail.monomial(at, PLAIN, half, exact.of(1))
                total = _ball(weak.range()) * 2 / arb(at.start).sqrt()
        except OpenError as error:
            raise UndecidedError(f"it is not integrated beside {at.place}: {error}") from error
    return End(at, ()).start, total


def _tail(one: Analysis, side: int) -> End:
    tail = one.tail(side)
    if isinstance(tail, str):
        raise UndecidedError(f"it is not known how it grows: {tail}")
    return tail


def _reach(tail: End, normal: Normal) -> arb:
    """The `|x|` where integration ends and the model of a tail begins to count."""
    mean, variance = normal.balls
    reach = _DEVIATIONS * variance.sqrt() + tail.at.side * mean + _steepest(tail.models[0]) * variance
    return max(reach.upper().ceil(), arb(tail.at.start))


def _steepest(model: Tail) -> arb:
    """The largest rate of an exponential in a model."""
    rates = [_ball(kind.growth[0].enclosure()).upper() for kind in model.terms if kind.growth]
    return max([arb(0), *rates])


def _left(tail: End, moment: Moment, u: arb) -> arb:
    """A bound of what lies beyond some `|x|`."""
    with ctx.workprec(_TAIL_BITS):
        model = tail.models[0] ** moment.power
        mean, variance = moment.normal.balls
        deviation = variance.sqrt()
        scale = (
            1 + (abs(mean) + deviation) / u
        ) / deviation  # the polynomial is below its power, times one of x
        bounds = [
            _size(model.at.range(series))
            * _beyond(kind, moment.hermite - series.order, moment.normal, u, tail.at.side)
            for kind, series in model.terms.items()
        ]
        return (sum(bounds, arb(0)) * scale**moment.hermite).upper()


def _beyond(kind: Kind, power: Fraction, normal: Normal, u: arb, side: int) -> arb:
    """A bound of the integral of a power of `|x|`, times a kind's growth and the density."""
    mean, variance = normal.balls
    rates = [_ball(number.enclosure()) for number in kind.growth]
    growth = sum((rate * u**order for order, rate in enumerate(rates, 1)), arb(0)).exp()
    if all(rate <= 0 for rate in rates):
        rates = []  # it is largest where it begins
    exponent = _ball(interval.number(power + max(0, kind.logs)))
    step = u - side * mean
    slope = max(arb(0), exponent) / u - step / variance  # of the logarithm, which falls if it is not bent
    bent = len(rates) > 2 or (len(rates) == 2 and not 2 * rates[1] < 1 / variance)
    for order, rate in enumerate(rates, 1):
        slope += order * rate * u ** (order - 1)
    if bent or not slope < 0:
        raise UndecidedError("it grows too fast")
    density = (exponent * u.log() - step * step / (2 * variance)).exp() / (2 * arb.pi() * variance).sqrt()
    return growth * density * u.log() ** min(0, kind.logs) / -slope


def _ball(values: Interval) -> arb:
    """A ball around an interval."""
    return values.lo.union(values.hi)


def _size(values: Interval) -> arb:
    """The largest absolute value."""
    return max(abs(values.lo), abs(values.hi))


def _integrand(program: Program, weight: Callable[[acb], acb], power: int) -> Callable[[acb, bool], acb]:
    """`f(x)**power` with its weight; where it is not analytic, and has to be, no number."""

    def at(x: acb, analytic: bool) -> acb:  # noqa: FBT001  # as Arb calls it
        if budget.spent():
            raise UndecidedError(budget.SPENT)
        system = ANALYTIC if analytic else ANYWHERE
        return program.evaluate(system, x) ** power * weight(x)

    return at
