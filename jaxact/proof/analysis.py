"""What is true of a function on the whole line: signs, ranges and limits of it and its derivatives.

Every statement is about all real numbers, or about all but the finitely many points between two pieces, at
which a derivative may not exist. Bounded parts are searched by bisection, box by box, with the natural
enclosure, the mean value form and, where the next derivative has a sign, the values at the ends. Beyond them
stands the model of the tail. A search that runs out of boxes says so; it never guesses.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, ctx

from jaxact._formula import Formula
from jaxact.proof import budget, search
from jaxact.proof.budget import BOXES
from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import ENTIRE, Interval
from jaxact.proof.pieces.domain import undefined
from jaxact.proof.pieces.ends import FAR, End, germ, later, tail
from jaxact.proof.pieces.joints import Joint, Limit, joint, limits
from jaxact.proof.pieces.piece import Break, Piece
from jaxact.proof.pieces.pieces import COMPARISONS, pieces
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program, of_formula
from jaxact.proof.programs.tracing import of_function
from jaxact.proof.search import Decision, Question, keeps, wrong

_BITS, _HIGHEST = 256, 3
_TRIED = (Fraction(0), Fraction(1), Fraction(1, 3), Fraction(5, 2))
"""Numbers that are likely to show that a function is not symmetric."""


class Extent(NamedTuple):
    """Where a quantity lies.

    Attributes:
        least: An enclosure of its infimum, which may be minus infinity.
        largest: An enclosure of its supremum, which may be infinity.
    """

    least: Interval
    largest: Interval


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
    def ends(self) -> dict[tuple[Piece, int], End | str]:
        """What is known of the ends that no box holds, by piece, and -1 for its left end, 1 for its right.

        At infinity a model, or the reason why there is none; at breaks where the function is not smooth a
        model, where there is one.
        """
        found: dict[tuple[Piece, int], End | str] = {}
        for piece in self.pieces:
            for side, edge in ((-1, piece.left), (1, piece.right)):
                model = tail(piece, side) if edge is None else None if piece.point else germ(piece, -side)
                if model is not None:
                    found[piece, side] = model
        return found

    def tail(self, side: int) -> End | str:
        """What is known at infinity, 1, or minus infinity, -1: a model, or the reason why there is none."""
        return self.ends[self.pieces[0 if side < 0 else -1], side]

    @functools.cached_property
    def joints(self) -> list[Joint]:
        """What happens at the points between the pieces, from left to right."""
        jumps = {*COMPARISONS, "sign", "floor"}
        meeting = not any(step.operator in jumps for step in self.program.steps)
        found = []
        for left, point, right in zip(self.pieces, self.pieces[1:], self.pieces[2:], strict=False):
            if point.point and point.left is not None:
                found.append(joint(left, point, right, point.left, meeting=meeting))
        return found

    @functools.cached_property
    def gap(self) -> str:
        """Where it may have no value, as a reason to decide nothing; empty for a function on all of R."""
        gaps = [*filter(None, map(undefined, self.pieces))]
        return str(min(gaps, key=lambda gap: not gap.sure)) if gaps else ""

    def always(
        self,
        order: int,
        sign: int,
        boxes: int = BOXES,
        *,
        level: Fraction = Fraction(0),
        strict: bool = False,
    ) -> Decision:
        """Whether a derivative nowhere lies on the wrong side of a number, but for points between two pieces.

        Args:
            order: Of the derivative; 0 for the function, for which those points count.
            sign: 1 for "nowhere below", -1 for "nowhere above".
            boxes: How many boxes may be looked at.
            level: The number.
            strict: Whether it may not be that number either.
        """
        unknown, question, ends = "", Question(order, sign, level, strict), dict(self.ends)
        for (piece, side), model in self.ends.items():
            found = None if isinstance(model, str) else model.sign(order, level)
            if found is None and not strict and keeps(piece, side, model, question):
                continue
            if isinstance(model, End) and found is None:
                at = wrong(piece, model, question)
                if at is not None:
                    return Decision(holds=False, witness=at)
                model = later(model, piece, order, level) or model  # noqa: PLW2901
                found = model.sign(order, level)
                ends[piece, side] = model
            if isinstance(model, End) and (found == -sign or (strict and found == 0)):
                return Decision(holds=False, witness=model.inside)
            if found is None:
                where = _place(model, side)
                why = (
                    f"the tail {where}: {model}"
                    if isinstance(model, str)
                    else f"the sign {where} is not known"
                )
                unknown = unknown or why
        least = min(boxes, 200) if unknown else boxes  # only a counterexample is looked for
        decision = search.always(self._boxes(order, ends), question, least)
        return decision if decision.holds is False or not unknown else Decision(holds=None, reason=unknown)

    def extent(self, order: int, tolerance: float = 1e-9, boxes: int = BOXES) -> Extent:
        """Infimum and supremum of a derivative, one-sided limits at breaks and at infinity included.

        Args:
            order: Of the derivative; 0 for the function.
            tolerance: How narrow the enclosures are to be.
            boxes: How many boxes each search may look at; the enclosures stay wider if they run out.
        """
        key = order, tolerance, boxes
        known = self._extents.get(key)
        if known is None:
            least, largest = (self._supremum(order, sign, tolerance, boxes) for sign in (-1, 1))
            known = Extent(-least, largest)
            if not budget.spent():
                self._extents[key] = known
        return known

    @functools.cached_property
    def _extents(self) -> dict[tuple[int, float, int], Extent]:
        """The extents that were asked for."""
        return {}

    def _supremum(self, order: int, sign: int, tolerance: float, boxes: int) -> Interval:
        reached, bound = ENTIRE.lo, ENTIRE.lo
        for model in self.ends.values():
            if isinstance(model, str):
                return ENTIRE
            near, beyond = model.extreme(order, sign)
            reached, bound = max(reached, near), max(bound, beyond)
        return search.supremum(
            self._boxes(order, self.ends), order, sign, (reached, bound), tolerance=tolerance, boxes=boxes
        )

    def limits(self, order: int) -> dict[int, Interval | None]:
        """The limit of a derivative at minus infinity, by -1, and at infinity, by 1; None if not known."""
        tails = {side: self.tail(side) for side in (-1, 1)}
        return {side: None if isinstance(tail, str) else tail.limit(order) for side, tail in tails.items()}

    def unlike(self, sign: int) -> arb | None:
        """A number at which `f(-x)` is not `sign * f(x)`, if one of a few shows it."""
        for number in _TRIED:
            here, there = (self.at(Fraction(side) * number) for side in (1, -1))
            if here is not None and there is not None and (there - here * interval.number(sign)).sign:
                return interval.number(number).middle
        return None

    def at(self, x: Fraction) -> Interval | None:
        """The value at a number; None where it is not known in which piece that lies."""
        piece = self.piece_at(x)
        return None if piece is None else enclosed(piece.program, interval.number(x), 0)[0]

    def limit_at(self, x: Fraction, order: int) -> Limit | None:
        """A derivative at a number, or what it comes to on the right of a break; None where it is not known.

        Args:
            x: The number.
            order: Of the derivative; 0 for the function, whose value it is.
        """
        piece = self.piece_at(x, beside=bool(order))
        with ctx.workprec(_BITS):
            return None if piece is None else limits(piece, 1, Break(interval.number(x), x))[order]

    def piece_at(self, x: Fraction, *, beside: bool = False) -> Piece | None:
        """The piece in which a number lies; None where that is not known.

        Args:
            x: The number.
            beside: Whether the piece on the right is wanted, where the number is a point between two.
        """
        place = interval.number(x)
        for piece, after in zip(self.pieces, [*self.pieces[1:], None], strict=True):
            if piece.point and piece.left is not None and piece.left.exact == x:
                return after if beside else piece
            if not piece.point and piece.holds(place.lo) and piece.holds(place.hi):
                return piece
        return None

    def finite(self, order: int) -> bool:
        """Whether a derivative is known to be finite everywhere, one-sided at the ends of pieces."""
        return order in self._finite

    @functools.cached_property
    def _finite(self) -> set[int]:
        """The derivatives that are known to be finite, up to the third."""
        parts = [
            enclosed(piece.program, half, _HIGHEST)
            for piece, box in self._boxes(_HIGHEST, self.ends)
            for half in box.cut(64)
        ]
        ends = self.ends.values()
        return {
            order
            for order in range(_HIGHEST + 1)
            if all(part[order].lo.is_finite() and part[order].hi.is_finite() for part in parts)
            and all(isinstance(model, End) and model.models[order].finite for model in ends)
        }

    def _boxes(
        self, order: int, ends: Mapping[tuple[Piece, int], End | str]
    ) -> Iterator[tuple[Piece, Interval]]:
        """The parts of all pieces that end at breaks, or where the models of their ends begin."""
        for piece in self.pieces:
            if not (piece.point and order):
                lo, hi = (_edge(piece, side, ends.get((piece, side))) for side in (-1, 1))
                yield piece, Interval(lo, hi)


def _edge(piece: Piece, side: int, model: End | str | None) -> arb:
    """Where the boxes of a piece end on one side."""
    if isinstance(model, End):
        return model.start
    lo, hi = piece.box.lo, piece.box.hi
    if side < 0:
        return lo if piece.left else min(-FAR, hi - FAR)
    return hi if piece.right else max(FAR, lo + FAR)


def _place(model: End | str, side: int) -> str:
    if isinstance(model, End) and model.at.place is not None:
        return f"beside {model.at.place}"
    return f"at {'minus ' if side < 0 else ''}infinity"
