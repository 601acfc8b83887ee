"""Searches by bisection on the bounded parts of a function, box by box."""

import heapq
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from flint import arb, ctx

from jaxact.proof import budget
from jaxact.proof.numbers import exact, interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.ends import FAR, End
from jaxact.proof.pieces.piece import Piece
from jaxact.proof.pieces.vanishing import vanishing
from jaxact.proof.programs.derivatives import derivatives
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program

_HIGHEST = 3
_BITS, _SMALL_BITS, _STRICT_BITS = (64,), (64, 256), (64, 256, 640)

Boxes = Iterable[tuple[Piece, Interval]]
"""Bounded parts of pieces."""


class Decision(NamedTuple):
    """The answer to a question.

    Attributes:
        holds: Whether it is so; None where it was not decided.
        witness: A number at which it is not so, exactly; None where there is none to show.
        reason: Why it was not decided.
        boxes: How many boxes were looked at.
    """

    holds: bool | None
    witness: arb | None = None
    reason: str = ""
    boxes: int = 0


class Question(NamedTuple):
    """Whether a derivative nowhere lies on the wrong side of a number.

    Attributes:
        order: Of the derivative; 0 for the function.
        sign: 1 for "nowhere below", -1 for "nowhere above".
        level: The number.
        strict: Whether it may not be that number either.
    """

    order: int
    sign: int
    level: Fraction = Fraction(0)
    strict: bool = False

    def of(self, value: Interval) -> int | None:
        """1 where values lie on the right side, -1 on the wrong one, 0 at the number; else None."""
        sign = (value - interval.number(self.level)).sign if self.level else value.sign
        return sign * self.sign if sign else sign

    def shown(self, value: Interval) -> bool:
        """Whether no value lies on the wrong side."""
        away = value - interval.number(self.level) if self.level else value
        nearest = away.lo if self.sign > 0 else -away.hi
        return bool(nearest > 0 if self.strict else nearest >= 0)


def always(parts: Boxes, question: Question, boxes: int) -> Decision:
    """Answers a question about some boxes.

    Args:
        parts: The boxes.
        question: The question.
        boxes: How many boxes may be looked at.
    """
    looked, narrow, order = 0, 0, question.order
    stack = list(parts)
    while stack:
        piece, box = stack.pop()
        looked += 1
        if looked > boxes or budget.spent():
            reason = f"{boxes} boxes were not enough" if looked > boxes else budget.SPENT
            return Decision(holds=None, reason=reason, boxes=looked - 1)
        if _keeps(piece.program, question, box):
            continue
        if not question.strict and _touches(piece, question, box):
            continue
        middle = box.middle
        at = question.of(enclosed(piece.program, Interval(middle, middle), order)[order])
        if (at == -1 or (question.strict and at == 0)) and piece.holds(middle):
            return Decision(holds=False, witness=middle, boxes=looked)
        if not box.lo < middle < box.hi or box.width < arb(2) ** -50:
            narrow += question.strict or not _leaves(piece, question, box)
            continue
        stack += [(piece, Interval(middle, box.hi)), (piece, Interval(box.lo, middle))]
    if narrow:
        return Decision(holds=None, reason=f"{narrow} boxes of no width remain", boxes=looked)
    return Decision(holds=True, boxes=looked)


def wrong(piece: Piece, model: End, question: Question) -> arb | None:
    """A number at which a derivative is on the wrong side, if it tends there."""
    limit = model.limit(question.order)
    if limit is None or question.of(limit) != -1:
        return None
    for exponent in range(1, 64):
        at = interval.number(model.at.at(Fraction(model.at.start * 2**exponent)))
        if (
            piece.holds(at.lo)
            and question.of(enclosed(piece.program, at, question.order)[question.order]) == -1
        ):
            return at.middle
    return None


def keeps(piece: Piece, side: int, model: End | str, question: Question) -> bool:
    """Whether a derivative is on the right side beyond the boxes: by its bounds there."""
    start = model.start if isinstance(model, End) else FAR * side
    rest = Interval(piece.box.lo, start) if side < 0 else Interval(start, piece.box.hi)
    bounds = [enclosed(piece.program, rest, question.order)[question.order]]
    if isinstance(model, End):
        bounds.append(model.range(question.order))
    inside = isinstance(model, End) or piece.holds(start)
    return inside and any(map(question.shown, bounds))


def supremum(
    parts: Boxes, order: int, sign: int, tails: tuple[arb, arb], *, tolerance: float, boxes: int
) -> Interval:
    """An enclosure of the supremum of a derivative times a sign, limits at the ends of pieces included.

    Args:
        parts: Where to look.
        order: Of the derivative.
        sign: 1, or -1 for the negative of the infimum.
        tails: A number that it comes near to beyond the boxes, and a bound of it there.
        tolerance: How wide the enclosure may be.
        boxes: How many boxes may be looked at; the enclosure stays wider if they run out.
    """
    factor = interval.number(sign)
    (lower, upper), heap, count = tails, [], 0

    def look(piece: Piece, box: Interval) -> None:
        nonlocal lower, count
        value = _bound(piece.program, order, box) * factor
        for at in (piece.end_or(box.lo), piece.end_or(box.hi), Interval(box.middle, box.middle)):
            here = enclosed(piece.program, at, order)[order] * factor
            lower = max(lower, here.lo)
        count += 1
        heapq.heappush(heap, (-float(value.hi), count, piece, box, value.hi))

    for piece, box in parts:
        look(piece, box)
    while heap and heap[0][4] - lower > tolerance and count < boxes and not budget.spent():
        _, _, piece, box, most = heapq.heappop(heap)
        middle = box.middle
        if not box.lo < middle < box.hi:
            return Interval(lower, max(upper, most))
        look(piece, Interval(box.lo, middle))
        look(piece, Interval(middle, box.hi))
    return Interval(lower, max([upper, lower, *(entry[4] for entry in heap)]))


def _bound(program: Program, order: int, box: Interval) -> Interval:
    """An enclosure of a derivative on a box, as tight as three methods make it."""
    parts = enclosed(program, box, order + 1)
    natural, slope = parts[order], parts[order + 1]
    if slope.lo >= 0 or slope.hi <= 0:
        first, last = (enclosed(program, Interval(at, at), order)[order] for at in (box.lo, box.hi))
        return interval.meet(natural, interval.hull(first, last))
    middle = box.middle
    centre = enclosed(program, Interval(middle, middle), order)[order]
    return interval.meet(natural, centre + slope * (box - Interval(middle, middle)))


def _touches(piece: Piece, question: Question, box: Interval) -> bool:
    """Whether a derivative is the number at one point of a box, and else nowhere on the wrong side."""
    zero = vanishing(piece, piece.program, question.order, box, question.level)
    if zero is None:
        return False
    at, wrong = interval.number(zero.at).lo, -question.sign
    left, right = zero.left != wrong or box.lo >= at, zero.right != wrong or box.hi <= at
    return bool(left and right)


def _keeps(program: Program, question: Question, box: Interval) -> bool:
    """Whether a derivative is on the right side on a box; on a small one more is tried."""
    small = box.width < arb(1) / 8
    for bits in (_STRICT_BITS if question.strict else _SMALL_BITS) if small else _BITS:
        with ctx.workprec(bits):
            if question.shown(_bound(program, question.order, box)):
                return True
    return bool(small) and question.shown(_expanded(program, question.order, box))


def _expanded(program: Program, order: int, box: Interval) -> Interval:
    """An enclosure by Taylor's formula up to the third derivative, in which nearly equal terms cancel."""
    middle = Interval(box.middle, box.middle)
    step, total = box - middle, enclosed(program, box, _HIGHEST)[-1]
    inner = enclosed(program, middle, _HIGHEST - 1)
    for lower in range(_HIGHEST - 1, order - 1, -1):
        total = inner[lower] + total * step / interval.number(Fraction(lower - order + 1))
    return total


def _leaves(piece: Piece, question: Question, box: Interval) -> bool:
    """Whether a function goes to the right side from a break, where it is not on the wrong one."""
    if question.order:
        return False
    slope = enclosed(piece.program, box, 1)[1]
    for edge, onward in ((piece.left, question.sign), (piece.right, -question.sign)):
        if (
            edge is not None
            and edge.exact is not None
            and edge.place.lo <= box.hi
            and box.lo <= edge.place.hi
        ):
            known = derivatives(piece.program, edge.exact)
            away = slope.lo >= 0 if onward > 0 else slope.hi <= 0
            sign = (known[0] - exact.of(question.level)).sign if known else None
            if sign in {question.sign, 0} and (away or piece.point):
                return True
    return False
