"""What is true of a function on the whole line: signs, ranges and limits of it and its derivatives.

Every statement is about all real numbers, or about all but the finitely many points between two pieces, at
which a derivative may not exist. Bounded parts are searched by bisection, box by box, with the natural
enclosure, the mean value form and, where the next derivative has a sign, the values at the ends. Beyond them
stands the model of the tail. A search that runs out of boxes says so; it never guesses.
"""

import dataclasses
import functools
import heapq
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flint import arb, ctx

from jaxact._formula import Formula
from jaxact.proof import interval
from jaxact.proof.beyond import beyond
from jaxact.proof.enclosure import enclosed
from jaxact.proof.infinity import Infinity, OpenError
from jaxact.proof.interval import ENTIRE, Interval
from jaxact.proof.pieces import Break, Piece, UndecidedError, exactly, pieces
from jaxact.proof.program import Program, of_formula, of_function
from jaxact.proof.tail import Tail

BOXES = 20_000
"""Boxes that a search may look at."""

_BITS, _MORE_BITS, _TAIL_BITS = 64, 256, 320
_STARTS = (16, 64, 1024, 2**20)


class Decision(NamedTuple):
    """The answer to a question.

    Attributes:
        holds: Whether it is so; None where it was not decided.
        witness: A number at which it is not so, exactly; None where there is none to show.
        reason: Why it was not decided.
    """

    holds: bool | None
    witness: arb | None = None
    reason: str = ""


class Extent(NamedTuple):
    """Where a quantity lies.

    Attributes:
        least: An enclosure of its infimum, which may be minus infinity.
        largest: An enclosure of its supremum, which may be infinity.
    """

    least: Interval
    largest: Interval


class Joint(NamedTuple):
    """A point between two pieces.

    Attributes:
        at: Where it is.
        rise: 0 where the function is continuous; 1 or -1 where its limits and its value go up or down from
            left to right; None where that is not known, or the value lies beyond both limits.
        slopes: The slopes on the left and on the right.
    """

    at: Break
    rise: int | None
    slopes: tuple[Interval, Interval]


class _End(NamedTuple):
    """A function from some point to infinity."""

    start: arb
    models: tuple[Tail, ...]


@dataclasses.dataclass(frozen=True)
class Analysis:
    """A function of one real variable, taken apart.

    Attributes:
        program: What it computes.
    """

    program: Program

    @staticmethod
    def of(f: Formula | Callable[[Any], Any], **parameters: float) -> "Analysis":
        """Analyses a formula with values for its parameters, or a function that JAX can trace.

        Raises:
            UnprovableError: If it is no function about which something can be proved.
        """
        return Analysis(of_formula(f, parameters) if isinstance(f, Formula) else of_function(f))

    @functools.cached_property
    def pieces(self) -> list[Piece]:
        """Its smooth pieces, from left to right.

        Raises:
            UndecidedError: If they cannot be told apart.
        """
        return pieces(self.program)

    @functools.cached_property
    def _ends(self) -> dict[int, _End | str]:
        """Both tails; the reason where there is no model of one."""
        return {side: _end(self.pieces[0 if side < 0 else -1], side) for side in (-1, 1)}

    def always(self, order: int, sign: int, boxes: int = BOXES) -> Decision:
        """Whether a derivative nowhere has the other sign, but for points between two pieces.

        Args:
            order: Of the derivative; 0 for the function, for which those points count.
            sign: 1 for "nowhere negative", -1 for "nowhere positive".
            boxes: How many boxes may be looked at.
        """
        beyond_boxes = self._tails_always(order, sign)
        return self._boxes_always(order, sign, boxes) if beyond_boxes.holds else beyond_boxes

    def _tails_always(self, order: int, sign: int) -> Decision:
        for side, end in self._ends.items():
            where = f"at {'minus ' if side < 0 else ''}infinity"
            if isinstance(end, str):
                return Decision(holds=None, reason=f"the tail {where}: {end}")
            with ctx.workprec(_TAIL_BITS):
                found = end.models[order].sign
            if found == -sign:
                return Decision(holds=False, witness=end.start * 2)
            if found is None:
                return Decision(holds=None, reason=f"the sign {where} is not known")
        return Decision(holds=True)

    def _boxes_always(self, order: int, sign: int, boxes: int) -> Decision:
        left, narrow = boxes, 0
        stack = list(self._boxes(order))
        while stack:
            piece, box = stack.pop()
            program = piece.program
            left -= 1
            if left < 0:
                return Decision(holds=None, reason=f"{boxes} boxes were not enough")
            if _keeps(program, order, sign, box):
                continue
            middle = box.middle
            at = enclosed(program, Interval(middle, middle), order)[order] * interval.number(sign)
            if at.sign == -1 and piece.holds(middle):
                return Decision(holds=False, witness=middle)
            if not box.lo < middle < box.hi or box.width < arb(2) ** -50:
                narrow += not _leaves(piece, order, sign, box)
                continue
            stack += [(piece, Interval(middle, box.hi)), (piece, Interval(box.lo, middle))]
        if narrow:
            return Decision(holds=None, reason=f"{narrow} boxes of no width remain")
        return Decision(holds=True)

    def extent(self, order: int, tolerance: float = 1e-9, boxes: int = BOXES) -> Extent:
        """Infimum and supremum of a derivative, one-sided limits at breaks and at infinity included.

        Args:
            order: Of the derivative; 0 for the function.
            tolerance: How narrow the enclosures are to be.
            boxes: How many boxes each search may look at; the enclosures stay wider if they run out.
        """
        largest = self._supremum(order, 1, tolerance, boxes)
        return Extent(-self._supremum(order, -1, tolerance, boxes), largest)

    def limits(self, order: int) -> dict[int, Interval | None]:
        """The limit of a derivative at minus infinity, by -1, and at infinity, by 1; None if not known."""
        with ctx.workprec(_TAIL_BITS):
            return {
                side: None if isinstance(end, str) else end.models[order].limit()
                for side, end in self._ends.items()
            }

    @functools.cached_property
    def joints(self) -> list[Joint]:
        """What happens at the points between the pieces, from left to right."""
        found = []
        for left, point, right in zip(self.pieces, self.pieces[1:], self.pieces[2:], strict=False):
            if point.point and point.left is not None:
                found.append(_joint(left.program, point, right.program, point.left))
        return found

    def _boxes(self, order: int) -> Iterator[tuple[Piece, Interval]]:
        """The bounded parts of all pieces."""
        for piece in self.pieces:
            if piece.point and order:
                continue
            box = piece.box
            ends = [self._ends[side] for side in (-1, 1)]
            lo = ends[0].start if piece.left is None and isinstance(ends[0], _End) else box.lo
            hi = ends[1].start if piece.right is None and isinstance(ends[1], _End) else box.hi
            yield piece, Interval(lo, hi)

    def _supremum(self, order: int, sign: int, tolerance: float, boxes: int) -> Interval:
        """An enclosure of the supremum of a derivative times a sign."""
        factor = interval.number(sign)
        lower, upper, heap, count = ENTIRE.lo, ENTIRE.lo, [], 0
        for end in self._ends.values():
            if isinstance(end, str):
                return ENTIRE
            reached, bound = _tail_extreme(end, order, sign)
            lower, upper = max(lower, reached), max(upper, bound)

        def look(program: Program, box: Interval) -> None:
            nonlocal lower, count
            value = _bound(program, order, box) * factor
            for at in (box.lo, box.hi, box.middle):
                here = enclosed(program, Interval(at, at), order)[order] * factor
                lower = max(lower, here.lo)
            count += 1
            heapq.heappush(heap, (-float(value.hi), count, program, box, value.hi))

        for piece, box in self._boxes(order):
            look(piece.program, box)
        while heap and heap[0][4] - lower > tolerance and count < boxes:
            _, _, program, box, _ = heapq.heappop(heap)
            middle = box.middle
            if not box.lo < middle < box.hi:
                return Interval(lower, max(upper, _bound(program, order, box).hi))
            look(program, Interval(box.lo, middle))
            look(program, Interval(middle, box.hi))
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


def _keeps(program: Program, order: int, sign: int, box: Interval) -> bool:
    """Whether a derivative does not have the other sign on a box; on a small one with more digits, too."""
    for bits in (_BITS, _MORE_BITS) if box.width < arb(1) / 8 else (_BITS,):
        with ctx.workprec(bits):
            value = _bound(program, order, box)
            if value.lo >= 0 if sign > 0 else value.hi <= 0:
                return True
    return False


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
            value = exactly(piece.program, edge.exact)
            away = slope.lo >= 0 if onward > 0 else slope.hi <= 0
            if value is not None and value * sign >= 0 and (away or piece.point):
                return True
    return False


def _joint(left: Program, point: Piece, right: Program, at: Break) -> Joint:
    with ctx.workprec(_MORE_BITS):
        sides = [enclosed(program, at.place, 1) for program in (left, right)]
        slopes = (sides[0][1], sides[1][1])
        if at.joined:
            return Joint(at, 0, slopes)
        steps = [_step(*pair, at) for pair in ((left, point.program), (point.program, right))]
    if None in steps or {1, -1} <= set(steps):
        return Joint(at, None, slopes)
    return Joint(at, steps[0] or steps[1], slopes)


def _step(before: Program, after: Program, at: Break) -> int | None:
    """Whether one function is smaller than another at a point, 1, larger, -1, or the same, 0."""
    if before == after:
        return 0
    if at.exact is not None:
        values = exactly(before, at.exact), exactly(after, at.exact)
        if values[0] is not None and values[1] is not None:
            return (values[1] > values[0]) - (values[1] < values[0])
    change = enclosed(after, at.place, 0)[0] - enclosed(before, at.place, 0)[0]
    return change.sign


def _end(piece: Piece, side: int) -> _End | str:
    """The model of a tail from the first start on at which it knows the signs."""
    edge = piece.right if side < 0 else piece.left
    said = "it is not known"
    best: _End | None = None
    with ctx.workprec(_TAIL_BITS):
        for start in _STARTS:
            if edge is not None and not side * edge.place.middle < start:
                continue
            try:
                models = beyond(piece.program, Infinity(side, start), 3)
            except OpenError as error:
                said = str(error)
                continue
            found = _End(arb(side * start), models)
            if all(model.sign is not None for model in models):
                return found
            best = best or found
    return best or said


def _tail_extreme(end: _End, order: int, sign: int) -> tuple[arb, arb]:
    """A number that a derivative times a sign comes near to on a tail, and a bound of it."""
    with ctx.workprec(_TAIL_BITS):
        model = end.models[order] if sign > 0 else -end.models[order]
        limit = model.limit()
        reached = ENTIRE.lo if limit is None else limit.lo
        if end.models[order + 1].sign is not None and limit is not None:
            return reached, limit.hi  # monotone: the other end belongs to the bounded part
        try:
            return reached, model.range().hi
        except OpenError:
            return reached, ENTIRE.hi


__all__ = ["Analysis", "Decision", "Extent", "UndecidedError"]
