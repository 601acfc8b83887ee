"""Where a smooth function is positive, where negative, and where it passes through 0.

Exactly where it is a line; else by bisection into intervals that hold no zero, and intervals on which the
function rises or falls through one.
"""

from fractions import Fraction

from flint import arb

from jaxact.proof import budget
from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.domain import singular
from jaxact.proof.pieces.ends import sign_beyond
from jaxact.proof.pieces.piece import Break, Piece, UndecidedError
from jaxact.proof.pieces.vanishing import Zero, vanishing
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program
from jaxact.proof.programs.rational import line

_MOST, _MOST_SIGNS = 4000, 500
_NARROWEST = arb(2) ** -40

Signs = list[tuple[Break | None, Break | None, int]]
"""Parts of a piece with the sign of a function on each."""


def signs_of(piece: Piece, program: Program) -> Signs:
    """The sign of a smooth program on a piece, part by part, points where it is 0 included."""
    straight = line(program)
    if straight is not None:
        return _signs_of_line(piece, *straight)
    if piece.point and piece.left is not None:
        return [(piece.left, piece.right, _sign_at(program, piece.left))]
    return _signs_of_curve(piece, program)


def _signs_of_line(piece: Piece, slope: Fraction, offset: Fraction) -> Signs:
    if not slope:
        return [(piece.left, piece.right, _sign(offset))]
    root = -offset / slope
    where = _compare(root, piece)
    if where:  # the root lies left or right of the piece
        return [(piece.left, piece.right, -where * _sign(slope))]
    if piece.point:
        return [(piece.left, piece.right, 0)]
    at = Break(interval.number(root), root)
    return [(piece.left, at, -_sign(slope)), (at, at, 0), (at, piece.right, _sign(slope))]


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def _compare(root: Fraction, piece: Piece) -> int:
    """-1 or 1 for a number left or right of a piece, or at its end; 0 for one inside."""
    place = interval.number(root)
    for end, side in ((piece.left, -1), (piece.right, 1)):
        if end is None:
            continue
        if end.exact is not None:
            beyond = (root - end.exact) * side
            if beyond > 0 or (beyond == 0 and not piece.point):
                return side
        elif (place.hi < end.place.lo) if side < 0 else (place.lo > end.place.hi):
            return side
        elif place.lo <= end.place.hi and place.hi >= end.place.lo:
            raise UndecidedError(f"two of its breaks may be one, near {end}")
    return 0


def _sign_at(program: Program, at: Break) -> int:
    value = enclosed(program, at.place, 0)[0]
    if value.sign is None:
        raise UndecidedError(f"a difference on which it depends may be 0 at {at}")
    return value.sign


def _signs_of_curve(piece: Piece, program: Program) -> Signs:
    """By bisection: boxes without a zero, and boxes on which the function rises or falls through one."""
    lo, hi, tails = _core(piece, program)
    found: Signs = []
    if tails[0]:
        _append(found, tails[0], None)
    boxes, looked = [(lo, hi)], 0
    while boxes:
        looked += 1
        if looked > _MOST or len(found) > _MOST_SIGNS:
            raise UndecidedError("a difference on which it depends changes its sign too often")
        if budget.spent():
            raise UndecidedError(budget.SPENT)
        a, b = boxes.pop()
        value, slope = enclosed(program, Interval(a, b), 1)
        if value.sign:
            _append(found, value.sign, None)
        elif zero := vanishing(piece, program, 0, Interval(a, b)):
            _touch(found, zero, Interval(a, b), piece)
        elif slope.sign:
            found = _through(program, found, a, b, slope.sign)
        elif b - a < _NARROWEST:
            raise UndecidedError(
                f"it cannot tell the sign of a difference on which it depends near {float(a):.6g}"
            )
        else:
            middle = ((a + b) / 2).mid()
            boxes += [(middle, b), (a, middle)]
    if tails[1]:
        _append(found, tails[1], None)
    return _joined(piece, found)


def _touch(found: Signs, zero: Zero, box: Interval, piece: Piece) -> None:
    """Adds the signs beside the zero of a box, and the zero unless the box ends or the piece begins there."""
    at = interval.number(zero.at)
    if box.lo < at.lo:
        _append(found, zero.left, None)
    if at.hi < box.hi:
        begins = piece.left is not None and piece.left.exact == zero.at
        _append(found, zero.right, None if begins else Break(at, zero.at))


def _append(found: Signs, sign: int, root: Break | None) -> None:
    """Adds a sign, or a root and the sign after it, to signs whose ends are not set yet."""
    if root is not None:
        found += [(root, root, 0), (None, None, sign)]
    elif not found or found[-1][2] != sign:
        found.append((None, None, sign))


def _through(program: Program, found: Signs, a: arb, b: arb, slope: int) -> Signs:
    """Adds what a monotone function does on a box."""
    first, last = (enclosed(program, Interval(end, end), 0)[0].sign for end in (a, b))
    if first is None or last is None:
        raise UndecidedError(
            f"a difference on which it depends may be 0 at {float(a):.17g} or {float(b):.17g}"
        )
    if first == last:
        _append(found, first, None)
    elif first == 0:
        if found and found[-1][2] == -slope:
            _append(found, slope, _exactly(a))
        else:
            _append(found, slope, None)
    elif last == 0:
        _append(found, -slope, None)
    else:
        _append(found, first, None)
        _append(found, last, _narrowed(program, a, b, slope))
    return found


def _exactly(a: arb) -> Break:
    mantissa, exponent = a.man_exp()
    return Break(Interval(a, a), Fraction(int(mantissa)) * Fraction(2) ** int(exponent))


def _narrowed(program: Program, a: arb, b: arb, slope: int) -> Break:
    """The zero of a monotone function between two numbers, by bisection and Newton's method."""
    while b - a > arb(2) ** -200 * (1 + abs(a)):
        middle = ((a + b) / 2).mid()
        at = Interval(middle, middle)
        value = enclosed(program, at, 0)[0]
        if value.sign is None or value.sign == 0:
            return _exactly(middle) if value.sign == 0 else Break(Interval(a, b))
        width = b - a
        a, b = (middle, b) if value.sign != slope else (a, middle)
        step = interval.meet(Interval(a, b), at - value / enclosed(program, Interval(a, b), 1)[1])
        if step.lo <= step.hi:
            a, b = step.lo, step.hi
        if b - a > width * 3 / 4:
            break
    return Break(Interval(a, b))


def _core(piece: Piece, program: Program) -> tuple[arb, arb, tuple[int, int]]:
    """A bounded part of a piece, and the signs beyond it; 0 where there is nothing beyond."""
    ends, signs = [piece.box.lo, piece.box.hi], [0, 0]
    for index, edge in enumerate((piece.left, piece.right)):
        if edge is not None and not singular(program, edge.place):
            continue
        found = sign_beyond(program, piece, -1 if index == 0 else 1)
        if found is not None:
            ends[index], signs[index] = found
        elif edge is None:
            raise UndecidedError("it cannot tell the sign of a difference on which it depends far from 0")
    return ends[0], ends[1], (signs[0], signs[1])


def _joined(piece: Piece, found: Signs) -> Signs:
    """Gives every sign its ends: the roots beside it, or those of the piece."""
    parts: Signs = []
    for index, (root, _, sign) in enumerate(found):
        if root is not None:
            parts.append((root, root, sign))
            continue
        left = found[index - 1][0] if index else piece.left
        right = found[index + 1][0] if index + 1 < len(found) else piece.right
        if (index and left is None) or (index + 1 < len(found) and right is None):
            raise UndecidedError("a difference on which it depends changes its sign without a zero")
        parts.append((left, right, sign))
    return parts
