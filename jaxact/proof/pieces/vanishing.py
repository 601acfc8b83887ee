"""Zeros of any multiplicity at rational numbers, which no search by bisection closes in on."""

import functools
from fractions import Fraction
from typing import NamedTuple

from jaxact.proof.numbers import exact, interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.piece import Piece
from jaxact.proof.programs.derivatives import derivatives
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program


class Zero(NamedTuple):
    """The only zero of a function on a box.

    Attributes:
        at: Where it is.
        left: The sign of the function on the left of it.
        right: The sign on the right.
    """

    at: Fraction
    left: int
    right: int


def vanishing(
    piece: Piece, program: Program, order: int, box: Interval, level: Fraction = Fraction(0)
) -> Zero | None:
    """The zero of a derivative at 0 or at an end of a piece, if it has one there and no other on a box.

    All derivatives below some order are exactly 0 there, and the one of that order has a sign on the box; so
    Taylor's formula says what signs the function has.

    Args:
        piece: The ends.
        program: A smooth function on the piece.
        order: Of the derivative.
        box: Part of the piece.
        level: A number that is first taken from the derivative.
    """
    ends = [end.exact for end in (piece.left, piece.right) if end is not None]
    for number in dict.fromkeys([Fraction(0), *ends]):
        if number is None or interval.number(number) not in box:
            continue
        parts = list(_derivatives(program, number)[order:])
        if level and parts:
            parts[0] = parts[0] - exact.of(level)
        multiplicity = next((count for count, part in enumerate(parts) if part), 0)
        if multiplicity:
            sign = enclosed(program, box, order + multiplicity)[-1].sign
            if sign:
                return Zero(number, -sign if multiplicity % 2 else sign, sign)
    return None


_derivatives = functools.lru_cache(maxsize=1024)(derivatives)
