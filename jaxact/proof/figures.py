"""The numbers of a function, each enclosed: its range, slopes, limits, zeros, fixed points and breaks."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from flint import ctx

from jaxact.proof.decisions import analysis, decided, rational
from jaxact.proof.gaussian import moments
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.ends import End
from jaxact.proof.pieces.piece import Break, UndecidedError
from jaxact.proof.pieces.signs import signs_of
from jaxact.proof.programs.program import Builder, Program
from jaxact.proof.words import SIDES, constant_on, word

_BITS = 256


def figures(f: Program, boxes: int, tolerance: float) -> dict[str, Any]:
    """The numbers of a function by name; None for what is not known.

    An interval `[low, high]` encloses the number, and is `[low, low]` where it is that number. Of a list of
    places each is an interval. Bounds of a function say whether it attains them, None if that is not known.
    """
    return {name: _known(figure, f, _Effort(boxes, tolerance)) for name, figure in FIGURES.items()}


class _Effort(NamedTuple):
    """How many boxes a search may look at, and how wide a bound may stay."""

    boxes: int
    tolerance: float


Figure = Callable[[Program, _Effort], Any]


def _known(figure: Figure, f: Program, effort: _Effort) -> Any:
    try:
        return None if analysis(f).gap else figure(f, effort)
    except UndecidedError:
        return None


def plain(found: Interval | None) -> list[float | str] | None:
    """An interval as two floats, rounded outward; infinite ones as words, of which JSON has none."""
    if found is None:
        return None
    below, above = float(found.lo), float(found.hi)
    if math.isfinite(below) and not found.lo >= below:
        below = math.nextafter(below, -math.inf)
    if math.isfinite(above) and not found.hi <= above:
        above = math.nextafter(above, math.inf)
    return [end if math.isfinite(end) else str(end) for end in (below, above)]


def _range(order: int) -> Figure:
    def figure(f: Program, effort: _Effort) -> Any:
        one = analysis(f)
        extent = one.extent(order, effort.tolerance, effort.boxes)
        found = {"infimum": plain(extent.least), "supremum": plain(extent.largest)}
        if order:
            return found
        attained = {"infimum": _attained(f, -1, effort), "supremum": _attained(f, 1, effort)}
        return {**found, "attained": attained}

    return figure


def _attained(f: Program, sign: int, effort: _Effort) -> bool | None:
    """Whether a function takes its supremum (its infimum, for sign -1) anywhere."""
    one = analysis(f)
    extent = one.extent(0, effort.tolerance, effort.boxes)
    extreme = extent.largest if sign > 0 else extent.least
    if not extreme.lo.is_finite() or not extreme.hi.is_finite():
        return False if extreme.exact else None
    flat = [constant_on(piece) for piece in one.pieces]
    if any(value is not None and value.exact and extreme.exact and value.lo == extreme.lo for value in flat):
        return True
    if word("strictly_monotonic", f, effort.boxes).holds:
        return False
    for direction, name in ((1, "increasing"), (-1, "decreasing")):
        tail = one.tail(sign * direction)
        if isinstance(tail, End) and tail.sign(1) == direction and decided(name, (f,), effort.boxes).holds:
            return False  # it strictly rises towards its limit
    return _attained_inside(f, extreme, sign, effort)


def _attained_inside(f: Program, extreme: Interval, sign: int, effort: _Effort) -> bool | None:
    """The same of a continuous function that is compared with its limits."""
    one = analysis(f)
    limits = list(one.limits(0).values())
    if any(joint.rise != 0 for joint in one.joints) or None in limits:
        return None
    if all((extreme - limit).sign == sign for limit in limits if limit is not None):
        return True  # beyond some point it is farther in than where it has been
    for limit in limits:
        others = [(limit - other).sign for other in limits if limit is not None and other is not None]
        if limit is not None and limit.exact and limit.lo in extreme and set(others) <= {sign, 0}:
            fewer = min(effort.boxes, 2000)
            strictly = one.always(0, -sign, fewer, level=rational(limit.lo), strict=True)
            return None if strictly.holds is None else not strictly.holds
    return None


def _steepness(f: Program, effort: _Effort) -> Any:
    """The Lipschitz constant."""
    one = analysis(f)
    if any(joint.rise != 0 for joint in one.joints):
        return None
    extent = one.extent(1, effort.tolerance, effort.boxes)
    low, high = -extent.least, extent.largest
    return plain(Interval(max(low.lo, high.lo), max(low.hi, high.hi)))


def _limits(order: int) -> Figure:
    def figure(f: Program, _: _Effort) -> Any:
        return {SIDES[side]: plain(limit) for side, limit in analysis(f).limits(order).items()}

    return figure


def _asymptotes(f: Program, _: _Effort) -> Any:
    """Slope and offset of the lines to which a function tends; None for a side where there is none."""
    found = {}
    for side, tail in ((side, analysis(f).tail(side)) for side in SIDES):
        slope = tail.settled(1) if isinstance(tail, End) else None
        offset = tail.offset(slope) if isinstance(tail, End) and slope is not None else None
        known = offset is not None and offset.lo.is_finite() and offset.hi.is_finite()
        found[SIDES[side]] = (
            [plain(slope.enclosure()), plain(offset)] if known and slope is not None else None
        )
    return found


def _at_zero(f: Program, _: _Effort) -> Any:
    """Value and slope at 0; None where there is no slope."""
    one = analysis(f)
    joint = next((joint for joint in one.joints if joint.at.exact == 0), None)
    value, slope = (one.limit_at(Fraction(0), order) for order in (0, 1))
    if value is None or slope is None:
        return None
    smooth = joint is None or all(joint.meets[:2])
    return {"value": plain(value.value), "slope": plain(slope.value) if smooth else None}


def _zeros(f: Program, _: _Effort) -> Any:
    """Where a function is 0: places, and intervals on which it is."""
    found: list[Any] = []
    with ctx.workprec(_BITS):
        for piece in analysis(f).pieces:
            parts = signs_of(piece, piece.program)
            found += [[_place(left, -1), _place(right, 1)] for left, right, sign in parts if sign == 0]
    return [_merged(run) for run in _runs(found)]


def _fixed_points(f: Program, effort: _Effort) -> Any:
    """Where `f(x) = x`."""
    builder = Builder()
    value = f.copied(builder)[f.result]
    return _zeros(builder.finished(builder.add("subtract", value, builder.x)), effort)


def _place(end: Break | None, side: int) -> list[float | str]:
    if end is None:
        return [str(side * math.inf)] * 2
    found = plain(end.place)
    if found is None:
        raise AssertionError("A break has a place.")
    return found


def _runs(found: list[Any]) -> list[list[Any]]:
    """Neighbouring zeros, which are one interval."""
    runs: list[list[Any]] = []
    for zero in found:
        if runs and runs[-1][-1][1] == zero[0]:
            runs[-1].append(zero)
        else:
            runs.append([zero])
    return runs


def _merged(run: list[Any]) -> Any:
    """One place, or the two ends of an interval."""
    left, right = run[0][0], run[-1][1]
    return left if left == right else {"from": left, "to": right}


def _breaks(f: Program, _: _Effort) -> Any:
    """Where it breaks, and the lowest derivative that jumps there; None where that is not known."""
    broken = [joint for joint in analysis(f).joints if joint.order != len(joint.meets)]
    return [{"at": plain(joint.at.place), "order": joint.order} for joint in broken]


def _plateaus(f: Program, _: _Effort) -> Any:
    """Intervals on which it is constant, with the value."""
    found = []
    for piece in analysis(f).pieces:
        value = None if piece.point else constant_on(piece)
        if value is not None:
            ends = {"from": _place(piece.left, -1), "to": _place(piece.right, 1)}
            found.append({**ends, "value": plain(value)})
    return found


def _moments(f: Program, _: _Effort) -> Any:
    """Mean and second moment under N(0, 1)."""
    mean, second = moments(analysis(f))
    return {"mean": plain(mean), "second": plain(second)}


FIGURES: Mapping[str, Figure] = {
    "range": _range(0),
    "slope": _range(1),
    "Lipschitz constant": _steepness,
    "limits": _limits(0),
    "limits of the slope": _limits(1),
    "asymptotes": _asymptotes,
    "at zero": _at_zero,
    "zeros": _zeros,
    "fixed points": _fixed_points,
    "breaks": _breaks,
    "plateaus": _plateaus,
    "moments under N(0, 1)": _moments,
}
"""The numbers, with what computes them."""
