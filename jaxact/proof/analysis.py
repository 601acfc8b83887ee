"""What is true of a function on the whole line: signs, ranges and limits of it and its derivatives.

Every statement is about all real numbers, or about all but the finitely many points between two pieces, at
which a derivative may not exist. Bounded parts are searched by bisection, box by box, with the natural
enclosure, the mean value form and, where the next derivative has a sign, the values at the ends. Beyond them
stands the model of the tail. A search that runs out of boxes says so; it never guesses.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb

from jaxact._formula import Formula
from jaxact.proof import interval, search
from jaxact.proof.claims import BOXES
from jaxact.proof.domain import undefined
from jaxact.proof.enclosure import enclosed
from jaxact.proof.ends import End, end
from jaxact.proof.interval import ENTIRE, Interval
from jaxact.proof.joints import Joint, joint
from jaxact.proof.parts import Piece
from jaxact.proof.pieces import COMPARISONS, pieces
from jaxact.proof.program import Program, of_formula
from jaxact.proof.search import Decision
from jaxact.proof.tracing import of_function

_FAR = arb(32)
"""How far to look where nothing is known of a tail."""

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
    def ends(self) -> dict[int, End | str]:
        """Both tails, by side, -1 and 1; the reason where there is no model of one."""
        return {side: end(self.pieces[0 if side < 0 else -1], side) for side in (-1, 1)}

    @functools.cached_property
    def joints(self) -> list[Joint]:
        """What happens at the points between the pieces, from left to right."""
        jumps = {*COMPARISONS, "sign", "floor"}
        meeting = not any(step.operator in jumps for step in self.program.steps)
        found = []
        for left, point, right in zip(self.pieces, self.pieces[1:], self.pieces[2:], strict=False):
            if point.point and point.left is not None:
                found.append(joint(left.program, point, right.program, point.left, meeting=meeting))
        return found

    @functools.cached_property
    def gap(self) -> str:
        """Where it may have no value, as a reason to decide nothing; empty for a function on all of R."""
        for piece in self.pieces:
            at = undefined(piece.program, piece.box)
            if at is not None:
                return f"it may have no value near {float(at):.6g}"
        return ""

    def always(self, order: int, sign: int, boxes: int = BOXES, *, strict: bool = False) -> Decision:
        """Whether a derivative nowhere has the other sign, but for points between two pieces.

        Args:
            order: Of the derivative; 0 for the function, for which those points count.
            sign: 1 for "nowhere negative", -1 for "nowhere positive".
            boxes: How many boxes may be looked at.
            strict: Whether it may not be 0 either.
        """
        unknown = ""
        for side, tail in self.ends.items():
            where = f"at {'minus ' if side < 0 else ''}infinity"
            found = None if isinstance(tail, str) else tail.sign(order)
            if found is None and not strict and self._beyond_keeps(side, order, sign):
                continue
            if isinstance(tail, End) and (found == -sign or (strict and found == 0)):
                return Decision(holds=False, witness=tail.start * 2)
            if found is None:
                what = (
                    f"the tail {where}: {tail}" if isinstance(tail, str) else f"the sign {where} is not known"
                )
                unknown = unknown or what
        least = min(boxes, 200) if unknown else boxes  # only a counterexample is looked for
        decision = search.always(self._boxes(order), order, sign, least, strict=strict)
        return decision if decision.holds is False or not unknown else Decision(holds=None, reason=unknown)

    def _beyond_keeps(self, side: int, order: int, sign: int) -> bool:
        """Whether a derivative does not have the other sign beyond the boxes: by its bounds there."""
        tail, piece = self.ends[side], self.pieces[0 if side < 0 else -1]
        bounds = [tail.range(order)] if isinstance(tail, End) else []
        start = tail.start if isinstance(tail, End) else _FAR * side
        rest = Interval(ENTIRE.lo, start) if side < 0 else Interval(start, ENTIRE.hi)
        bounds.append(enclosed(piece.program, rest, order)[order])
        inside = piece.holds(start) or isinstance(tail, End)
        return inside and any((bound.lo if sign > 0 else -bound.hi) >= 0 for bound in bounds)

    def extent(self, order: int, tolerance: float = 1e-9, boxes: int = BOXES) -> Extent:
        """Infimum and supremum of a derivative, one-sided limits at breaks and at infinity included.

        Args:
            order: Of the derivative; 0 for the function.
            tolerance: How narrow the enclosures are to be.
            boxes: How many boxes each search may look at; the enclosures stay wider if they run out.
        """
        key = order, tolerance, boxes
        if key not in self._extents:
            least, largest = (self._supremum(order, sign, tolerance, boxes) for sign in (-1, 1))
            self._extents[key] = Extent(-least, largest)
        return self._extents[key]

    @functools.cached_property
    def _extents(self) -> dict[tuple[int, float, int], Extent]:
        """The extents that were asked for."""
        return {}

    def _supremum(self, order: int, sign: int, tolerance: float, boxes: int) -> Interval:
        reached, bound = ENTIRE.lo, ENTIRE.lo
        for tail in self.ends.values():
            if isinstance(tail, str):
                return ENTIRE
            near, beyond = tail.extreme(order, sign)
            reached, bound = max(reached, near), max(bound, beyond)
        return search.supremum(
            self._boxes(order), order, sign, (reached, bound), tolerance=tolerance, boxes=boxes
        )

    def limits(self, order: int) -> dict[int, Interval | None]:
        """The limit of a derivative at minus infinity, by -1, and at infinity, by 1; None if not known."""
        return {
            side: None if isinstance(tail, str) else tail.limit(order) for side, tail in self.ends.items()
        }

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
        parts = [(piece.program, half) for piece, box in self._boxes(order) for half in box.cut(64)]
        bounds = (enclosed(program, half, order)[order] for program, half in parts)
        bounded = all(part.lo.is_finite() and part.hi.is_finite() for part in bounds)
        return bounded and all(isinstance(tail, End) for tail in self.ends.values())

    def _boxes(self, order: int) -> Iterator[tuple[Piece, Interval]]:
        """The bounded parts of all pieces."""
        for piece in self.pieces:
            if piece.point and order:
                continue
            box, (left, right) = piece.box, (self.ends[side] for side in (-1, 1))
            lo = box.lo if piece.left else left.start if isinstance(left, End) else min(-_FAR, box.hi - _FAR)
            hi = (
                box.hi if piece.right else right.start if isinstance(right, End) else max(_FAR, box.lo + _FAR)
            )
            yield piece, Interval(lo, hi)
