"""Mean and second moment of a function of a normal variable, with a rigorous error.

Arb integrates piece by piece, in the complex plane, where the pieces are analytic. Beyond 20 deviations the
function lies below a parabola, whose moments are known.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq

from jaxact.proof.analysis import Analysis
from jaxact.proof.enclosure import enclosed
from jaxact.proof.ends import End
from jaxact.proof.interval import Interval
from jaxact.proof.parts import Piece, UndecidedError
from jaxact.proof.program import Program

_FAR = 20
_BITS = 96


def moments(one: Analysis) -> tuple[Interval, Interval]:
    """`E f(z)` and `E f(z)**2` for `z ~ N(0, 1)`.

    Raises:
        UndecidedError: If the function cannot be integrated on one of its pieces, or grows too fast.
    """
    unknown = {step.operator for piece in one.pieces for step in piece.program.steps} - {"x", *_ANALYTIC}
    if unknown:
        raise UndecidedError(f"{', '.join(sorted(unknown))} is not integrated here")
    with ctx.workprec(_BITS):
        totals, missing = [arb(0), arb(0)], [_beyond(one, side) for side in (-1, 1)]
        for piece in one.pieces:
            if piece.point:
                continue
            low, high = (_end(piece, side) for side in (-1, 1))
            missing += [_doubt(piece, edge.place) for edge in (piece.left, piece.right) if edge is not None]
            for power in (1, 2) if low < high else ():
                part = acb.integral(_integrand(piece.program, power), acb(low), acb(high))
                totals[power - 1] += part.real
        errors = [sum(parts, arb(0)).upper() for parts in zip(*missing, strict=True)]
        found = [total + arb(0, error) for total, error in zip(totals, errors, strict=True)]
        if not all(value.is_finite() for value in found):
            raise UndecidedError("it cannot be integrated on one of its pieces")
        mean, second = (Interval(value.lower(), value.upper()) for value in found)
    return mean, second


def _end(piece: Piece, side: int) -> arb:
    """Where integration begins or ends: at a break, or at the far point."""
    edge = piece.left if side < 0 else piece.right
    return arb(side * _FAR) if edge is None else min(max(edge.place.middle, arb(-_FAR)), arb(_FAR))


def _doubt(piece: Piece, place: Interval) -> tuple[arb, arb]:
    """What it matters where exactly a break is, of which an enclosure is known."""
    largest = _size(enclosed(piece.program, place, 0)[0])
    return place.width * largest, place.width * largest**2


def _beyond(one: Analysis, side: int) -> tuple[arb, arb]:
    """Bounds of both integrals beyond the far point, where a parabola lies above the function."""
    tail, piece, far = one.ends[side], one.pieces[0 if side < 0 else -1], arb(side * _FAR)
    if not isinstance(tail, End) or not piece.holds(far) or abs(tail.start) > _FAR:
        raise UndecidedError("it grows too fast, or begins too far out")
    value, slope, _ = enclosed(piece.program, Interval(far, far), 2)
    steep = _size(tail.range(1))
    bend = arb(0) if steep.is_finite() else _size(tail.range(2)) / 2
    steep = steep if steep.is_finite() else _size(slope)
    if not bend.is_finite():
        raise UndecidedError("it grows too fast")
    above = [(arb(_FAR) / arb(2).sqrt()).erfc() / 2, (-(arb(_FAR) ** 2) / 2).exp() / (2 * arb.pi()).sqrt()]
    for order in (2, 3, 4):  # E z**order beyond the far point
        above.append(arb(_FAR) ** (order - 1) * above[1] + (order - 1) * above[order - 2])
    parts = (_size(value), steep, bend)  # f is at most value + steep * x + bend * x**2
    first = sum((part * above[order] for order, part in enumerate(parts)), arb(0))
    second = sum((a * b * above[i + j] for i, a in enumerate(parts) for j, b in enumerate(parts)), arb(0))
    return first, second


def _size(values: Interval) -> arb:
    """The largest absolute value."""
    return max(abs(values.lo), abs(values.hi))


def _integrand(program: Program, power: int) -> Callable[[acb, bool], acb]:
    """`f(x)**power` times the density; where it is not analytic, and has to be, no number."""

    def at(x: acb, analytic: bool) -> acb:  # noqa: FBT001  # as Arb calls it
        system = _ANALYTIC if analytic else _ANYWHERE
        density = (-x * x / 2).exp() / (2 * arb.pi()).sqrt()
        return program.evaluate(system, x) ** power * density

    return at


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

    def power(base: acb, exponent: acb) -> acb:
        whole = exponent.real.unique_fmpz() if exponent.imag == 0 else None
        return base ** int(whole) if whole is not None else (exponent * log(base)).exp()

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


_ANYWHERE, _ANALYTIC = (_functions(analytic=analytic) for analytic in (False, True))
