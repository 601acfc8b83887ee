"""What happens at the points between two pieces of a function."""

from typing import NamedTuple

from flint import ctx

from jaxact.proof.derivatives import derivatives, same
from jaxact.proof.enclosure import enclosed
from jaxact.proof.interval import Interval
from jaxact.proof.parts import Break, Piece
from jaxact.proof.program import Program

_BITS = 256
_ORDERS = 4


class Joint(NamedTuple):
    """A point between two pieces.

    Attributes:
        at: Where it is.
        rise: 0 where the function is continuous; 1 or -1 where its limits and its value go up or down from
            left to right; None where that is not known, or the value lies beyond both limits.
        slopes: The slopes on the left and on the right.
        meets: Whether the function, its slope and so on, up to the third derivative, have the same limit on
            both sides; None where that is not known. For the function its value counts as well.
    """

    at: Break
    rise: int | None
    slopes: tuple[Interval, Interval]
    meets: tuple[bool | None, ...]

    @property
    def order(self) -> int | None:
        """The lowest derivative that jumps, at most 3; 4 where none of them does; None if not known."""
        for order, meets in enumerate(self.meets):
            if not meets:
                return None if meets is None else order
        return len(self.meets)


def joint(left: Program, point: Piece, right: Program, at: Break, *, meeting: bool) -> Joint:
    """What happens between two pieces.

    Args:
        left: The function on the left.
        point: The point.
        right: The function on the right.
        at: Where the point is.
        meeting: Whether nothing in the function jumps, so that its branches meet wherever they are finite.
    """
    with ctx.workprec(_BITS):
        sides = [enclosed(program, at.place, _ORDERS - 1) for program in (left, right)]
        finite = all(side[0].lo.is_finite() and side[0].hi.is_finite() for side in sides)
        pairs = () if meeting and finite else ((left, point.program), (point.program, right))
        steps = [_step(*pair, at) for pair in pairs] or [0, 0]
        unknown = None in steps
        rise = None if unknown or {1, -1} <= set(steps) else steps[0] or steps[1]
        joined = None if unknown else not any(steps)
        return Joint(at, rise, (sides[0][1], sides[1][1]), (joined, *_meeting(left, right, at, sides)))


def _meeting(
    left: Program, right: Program, at: Break, sides: list[tuple[Interval, ...]]
) -> tuple[bool | None, ...]:
    """Whether the derivatives on both sides of a point are the same, from the first on."""
    exact = [() if at.exact is None else derivatives(program, at.exact) for program in (left, right)]
    found: list[bool | None] = []
    for order in range(1, _ORDERS):
        if left == right:
            found.append(True)
        elif order < min(map(len, exact)):
            found.append(same(exact[0][order], exact[1][order]))
        else:
            found.append(False if (sides[0][order] - sides[1][order]).sign else None)
    return tuple(found)


def _step(before: Program, after: Program, at: Break) -> int | None:
    """Whether one function is smaller than another at a point, 1, larger, -1, or the same, 0."""
    if before == after:
        return 0
    if at.exact is not None:
        values = [derivatives(program, at.exact) for program in (before, after)]
        if all(values):
            return (values[1][0] - values[0][0]).sign
    change = enclosed(after, at.place, 0)[0] - enclosed(before, at.place, 0)[0]
    return change.sign
