"""What happens at the points between two pieces of a function."""

from typing import NamedTuple

from flint import ctx

from jaxact.proof.numbers.exact import Exact
from jaxact.proof.numbers.interval import ENTIRE, Interval
from jaxact.proof.pieces.domain import singular
from jaxact.proof.pieces.ends import End, germ
from jaxact.proof.pieces.piece import Break, Piece
from jaxact.proof.programs.derivatives import derivatives, same
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program

_BITS = 256
_ORDERS = 4


class Limit(NamedTuple):
    """What a function or a derivative comes to beside a point.

    Attributes:
        value: An enclosure.
        exact: The number, where it is known.
    """

    value: Interval
    exact: Exact | None

    @property
    def infinite(self) -> bool:
        """Whether it is infinite."""
        return self.value.exact and not self.value.lo.is_finite()


class Joint(NamedTuple):
    """A point between two pieces.

    Attributes:
        at: Where it is.
        rise: 0 where the function is continuous; 1 or -1 where its limits and its value go up or down from
            left to right; None where that is not known, or where its value lies beyond both limits.
        sides: On the left and on the right, the limits of the function and its first three derivatives.
        meets: Whether the function, its slope and so on, up to the third derivative, have the same finite
            limit on both sides; None where that is not known. For the function its value counts as well.
    """

    at: Break
    rise: int | None
    sides: tuple[tuple[Limit, ...], tuple[Limit, ...]]
    meets: tuple[bool | None, ...]

    @property
    def slopes(self) -> tuple[Interval, Interval]:
        """The slopes on the left and on the right."""
        return self.sides[0][1].value, self.sides[1][1].value

    @property
    def order(self) -> int | None:
        """The lowest derivative that jumps, at most 3; 4 where none of them does; None if not known."""
        for order, meets in enumerate(self.meets):
            if not meets:
                return None if meets is None else order
        return len(self.meets)


def joint(left: Piece, point: Piece, right: Piece, at: Break, *, meeting: bool) -> Joint:
    """What happens between two pieces.

    Args:
        left: The piece on the left.
        point: The point.
        right: The piece on the right.
        at: Where the point is.
        meeting: Whether nothing in the function jumps, so that its branches meet wherever they are finite.
    """
    with ctx.workprec(_BITS):
        sides = limits(left, -1, at), limits(right, 1, at)
        here = _values(point.program, at)[0]
        finite = all(_finite(limit) for limit in (sides[0][0], here, sides[1][0]))
        if meeting and finite:
            steps: list[int | None] = [0, 0]
        else:
            steps = [
                0
                if piece.program == point.program and _finite(here) and not singular(piece.program, at.place)
                else _step(*pair)
                for piece, pair in ((left, (sides[0][0], here)), (right, (here, sides[1][0])))
            ]
        unknown = None in steps
        rise = None if unknown or {1, -1} <= set(steps) else steps[0] or steps[1]
        same_program = left.program == right.program and not singular(left.program, at.place)
        pairs = list(zip(*sides, strict=True))[1:]
        meets = [same_program or _meets(*pair) for pair in pairs]
        return Joint(at, rise, sides, (None if unknown else not any(steps), *meets))


def limits(piece: Piece, side: int, at: Break) -> tuple[Limit, ...]:
    """What a function and its first three derivatives come to at an end of a piece, or are within it.

    Args:
        piece: The piece.
        side: On which side of the end it is: 1 at its left end, -1 at its right.
        at: The end, or a number in it.
    """
    edge = piece.left if side > 0 else piece.right
    at_end = not piece.point and edge is not None and edge.exact is not None and edge.exact == at.exact
    model = germ(piece, side) if at_end else None
    if model is not None:
        return tuple(_of_model(model, order) for order in range(_ORDERS))
    if not singular(piece.program, at.place):
        return _values(piece.program, at)
    unknown = Limit(ENTIRE, None)
    return (_values(piece.program, at)[0] if piece.point else unknown, *[unknown] * (_ORDERS - 1))


def _of_model(model: End, order: int) -> Limit:
    limit = model.limit(order)
    return Limit(ENTIRE if limit is None else limit, model.settled(order))


def _values(program: Program, at: Break) -> tuple[Limit, ...]:
    """A function and its derivatives at a point where it is smooth; of others only the value counts."""
    values = enclosed(program, at.place, _ORDERS - 1)
    known = () if at.exact is None else derivatives(program, at.exact)
    return tuple(
        Limit(value, known[order] if order < len(known) else None) for order, value in enumerate(values)
    )


def _finite(limit: Limit) -> bool:
    return limit.value.lo.is_finite() and limit.value.hi.is_finite()


def _meets(left: Limit, right: Limit) -> bool | None:
    """Whether two limits are the same finite number; None where that is not known."""
    if left.infinite or right.infinite:
        return False
    if left.exact is not None and right.exact is not None:
        return same(left.exact, right.exact)
    return False if (left.value - right.value).sign else None


def _step(before: Limit, after: Limit) -> int | None:
    """Whether one number is smaller than another, 1, larger, -1, or the same, 0."""
    if before.exact is not None and after.exact is not None:
        return (after.exact - before.exact).sign
    return (after.value - before.value).sign
