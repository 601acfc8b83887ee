"""Searches by bisection on the bounded parts of a function, box by box."""

import heapq
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from flint import arb, ctx

from jaxact.proof import budget, interval
from jaxact.proof.derivatives import derivatives
from jaxact.proof.enclosure import enclosed
from jaxact.proof.interval import Interval
from jaxact.proof.parts import Piece
from jaxact.proof.program import Program
from jaxact.proof.vanishing import vanishing

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


def always(parts: Boxes, order: int, sign: int, boxes: int, *, strict: bool = False) -> Decision:
    """Whether a derivative nowhere has the other sign on some boxes.

    Args:
        parts: The boxes.
        order: Of the derivative; 0 for the function.
        sign: 1 for "nowhere negative", -1 for "nowhere positive".
        boxes: How many boxes may be looked at.
        strict: Whether it may not be 0 either.
    """
    looked, narrow = 0, 0
    stack = list(parts)
    while stack:
        piece, box = stack.pop()
        looked += 1
        if looked > boxes or budget.spent():
            reason = f"{boxes} boxes were not enough" if looked > boxes else budget.SPENT
            return Decision(holds=None, reason=reason, boxes=looked - 1)
        if _keeps(piece.program, order, sign, box, strict=strict):
            continue
        if not strict and _touches(piece, order, sign, box):
            continue
        middle = box.middle
        at = enclosed(piece.program, Interval(middle, middle), order)[order].sign
        if (at == -sign or (strict and at == 0)) and piece.holds(middle):
            return Decision(holds=False, witness=middle, boxes=looked)
        if not box.lo < middle < box.hi or box.width < arb(2) ** -50:
            narrow += strict or not _leaves(piece, order, sign, box)
            continue
        stack += [(piece, Interval(middle, box.hi)), (piece, Interval(box.lo, middle))]
    if narrow:
        return Decision(holds=None, reason=f"{narrow} boxes of no width remain", boxes=looked)
    return Decision(holds=True, boxes=looked)


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


def _touches(piece: Piece, order: int, sign: int, box: Interval) -> bool:
    """Whether a derivative is 0 at one point of a box, and else does not have the other sign."""
    zero = vanishing(piece, piece.program, order, box)
    if zero is None:
        return False
    at = interval.number(zero.at).lo
    left, right = zero.left != -sign or box.lo >= at, zero.right != -sign or box.hi <= at
    return bool(left and right)


def _keeps(program: Program, order: int, sign: int, box: Interval, *, strict: bool) -> bool:
    """Whether a derivative does not have the other sign on a box; on a small one more is tried."""

    def shown(value: Interval) -> bool:
        nearest = value.lo if sign > 0 else -value.hi
        return bool(nearest > 0 if strict else nearest >= 0)

    small = box.width < arb(1) / 8
    for bits in (_STRICT_BITS if strict else _SMALL_BITS) if small else _BITS:
        with ctx.workprec(bits):
            if shown(_bound(program, order, box)):
                return True
    return bool(small) and shown(_expanded(program, order, box))


def _expanded(program: Program, order: int, box: Interval) -> Interval:
    """An enclosure by Taylor's formula up to the third derivative, in which nearly equal terms cancel."""
    middle = Interval(box.middle, box.middle)
    step, total = box - middle, enclosed(program, box, _HIGHEST)[-1]
    inner = enclosed(program, middle, _HIGHEST - 1)
    for lower in range(_HIGHEST - 1, order - 1, -1):
        total = inner[lower] + total * step / interval.number(Fraction(lower - order + 1))
    return total


def _leaves(piece: Piece, order: int, sign: int, box: Interval) -> bool:
    """Whether a function goes from a break, where it is exactly 0 or on the right side, to the right side."""
    if order:
        return False
    slope = enclosed(piece.program, box, 1)[1]
    for edge, onward in ((piece.left, sign), (piece.right, -sign)):
        if (
            edge is not None
            and edge.exact is not None
            and edge.place.lo <= box.hi
            and box.lo <= edge.place.hi
        ):
            known = derivatives(piece.program, edge.exact)
            away = slope.lo >= 0 if onward > 0 else slope.hi <= 0
            if known and known[0].sign in {sign, 0} and (away or piece.point):
                return True
    return False
