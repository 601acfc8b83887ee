"""A program taken apart into smooth pieces: every comparison, maximum and absolute value decided beforehand.

Where a function is put together from branches, the line falls into open intervals on each of which one branch
holds, and the points between them. What decides is the sign of a difference: exactly, where that is a line;
else by isolating its zeros in intervals, with a derivative that does not vanish. Where quotients, logarithms
and roots are not smooth are breaks, too. On its piece a function is then one smooth expression, which may be
enclosed up to the ends, or has a model beside one, and there is the limit from that side.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from flint import ctx

from jaxact.proof.pieces.domain import conditions
from jaxact.proof.pieces.piece import Piece, UndecidedError
from jaxact.proof.pieces.signs import signs_of
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import FALSE, TRUE, Builder, Program

COMPARISONS = {"greater", "greater_equal", "less", "less_equal", "equal", "unequal"}
"""Operators that ask for the sign of a difference."""

DECISIONS = {*COMPARISONS, "max", "min", "abs", "sign"}
"""Operators whose meaning depends on the sign of a difference. Comparisons and `sign` jump; others do not."""

_TRUE_FOR = {
    "greater": {1}, "greater_equal": {0, 1}, "less": {-1}, "less_equal": {-1, 0}, "equal": {0},
    "unequal": {-1, 1},
}  # fmt: skip
"""The signs of `a - b` for which a comparison of `a` with `b` holds."""

_PRECISION = 256


class _Unfinished(NamedTuple):
    """A piece that may fall into several.

    Attributes:
        piece: The piece.
        known: Programs that have one sign on it.
    """

    piece: Piece
    known: frozenset[Program]


def pieces(program: Program) -> list[Piece]:
    """The smooth pieces of a function from left to right, a point between any two intervals.

    Raises:
        UndecidedError: If a sign on which the function depends cannot be decided, or changes without end.
    """
    with ctx.workprec(_PRECISION):
        found: list[Piece] = []
        left = [_Unfinished(Piece(None, None, program), frozenset())]
        while left:
            piece, known = left.pop()
            steps = piece.program.steps
            index = next((i for i, step in enumerate(steps) if step.operator in DECISIONS), None)
            before = range(len(steps)) if index is None else sorted(piece.program.needed(index))
            broken = _broken(piece, known, before)
            if broken is not None:
                left += reversed(broken)
            elif index is not None:
                left += reversed([_Unfinished(part, known) for part in _decided(piece, index)])
            elif any(step.operator == "floor" for step in steps):
                raise UndecidedError("floor jumps without end")
            else:
                found.append(piece)
        return found


def _broken(piece: Piece, known: frozenset[Program], steps: Iterable[int]) -> list[_Unfinished] | None:
    """The parts of a piece on which what one of some steps asks has one sign; None if nothing is open."""
    for condition in () if piece.point else conditions(piece.program, steps):
        what = condition.what
        if what in known or enclosed(what, piece.box, 0)[0].sign:
            continue
        parts = signs_of(piece, what)
        return [_Unfinished(Piece(a, b, piece.program), known | {what}) for a, b, _ in parts]
    return None


def _decided(piece: Piece, index: int) -> Iterator[Piece]:
    """The parts of a piece on which one of its decisions always falls the same way."""
    step = piece.program.steps[index]

    def difference(builder: Builder, given: list[int]) -> int:
        return builder.add("subtract", *given) if len(given) == 2 else given[0]

    for left, right, sign in signs_of(piece, piece.program.rebuilt(index, {index: difference})):

        def chosen(builder: Builder, given: list[int], sign: int = sign) -> int:
            return _choice(builder, step.operator, given, sign)

        yield Piece(left, right, piece.program.rebuilt(piece.program.result, {index: chosen}))


def _choice(builder: Builder, operator: str, given: list[int], sign: int) -> int:
    """What a decision comes to where the difference of its arguments has a sign."""
    match operator:
        case "max":
            return given[0] if sign >= 0 else given[1]
        case "min":
            return given[0] if sign <= 0 else given[1]
        case "abs":
            return given[0] if sign >= 0 else builder.add("negative", given[0])
        case "sign":
            return builder.number(Fraction(sign))
    return builder.add((TRUE if sign in _TRUE_FOR[operator] else FALSE).operator)
