"""The ends of smooth pieces at infinity, and at points where they are not smooth.

What a function does there no box tells. So the end is a model of it and its derivatives, which begins at some
point; the boxes begin where it ends.
"""

import dataclasses
import functools
from fractions import Fraction
from typing import NamedTuple

from flint import arb, ctx

from jaxact.proof.numbers import exact, interval
from jaxact.proof.numbers.exact import Exact
from jaxact.proof.numbers.interval import ENTIRE, Interval
from jaxact.proof.pieces.domain import singular
from jaxact.proof.pieces.piece import Break, Piece
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.program import Program
from jaxact.proof.tails.approach import Approach, OpenError
from jaxact.proof.tails.beyond import beyond
from jaxact.proof.tails.tail import Tail

_BITS = 320
_FAR_STARTS, _NEAR_STARTS = (16, 64, 1024, 2**20), (2, 16, 512, 2**16)
_ORDERS = 4

FAR = arb(32)
"""How far to look where nothing is known of a tail."""


class End(NamedTuple):
    """A function from some point to infinity, or to a break that it comes to from one side.

    Attributes:
        at: Where it holds.
        models: The function and its first three derivatives there.
    """

    at: Approach
    models: tuple[Tail, ...]

    @property
    def start(self) -> arb:
        """Where it begins."""
        return _start(self.at)

    @property
    def inside(self) -> arb:
        """A number beyond the start."""
        return interval.number(self.at.at(Fraction(self.at.start * 2))).middle

    def sign(self, order: int, level: Fraction = Fraction(0)) -> int | None:
        """The sign of a derivative less a number beyond the start, None where it is not known."""
        with ctx.workprec(_BITS):
            model = self.models[order]
            return (model - Tail.constant(self.at, exact.of(level)) if level else model).sign

    def range(self, order: int) -> Interval:
        """Bounds of a derivative beyond the start."""
        with ctx.workprec(_BITS):
            try:
                return self.models[order].range()
            except OpenError:
                return ENTIRE

    def limit(self, order: int) -> Interval | None:
        """The limit of a derivative, None where it is not known."""
        with ctx.workprec(_BITS):
            return self.models[order].limit()

    def settled(self, order: int) -> Exact | None:
        """The constant to which a derivative tends, exactly, None where it is not known."""
        with ctx.workprec(_BITS):
            return self.models[order].settled()

    def offset(self, slope: Exact) -> Interval | None:
        """The limit of the function less a line through 0, None where it is not known."""
        with ctx.workprec(_BITS):
            return (self.models[0] - Tail.variable(self.at) * Tail.constant(self.at, slope)).limit()

    def extreme(self, order: int, sign: int) -> tuple[arb, arb]:
        """A number that a derivative times a sign comes near to beyond the start, and a bound of it."""
        with ctx.workprec(_BITS):
            model = self.models[order] if sign > 0 else -self.models[order]
            limit = model.limit()
            reached = ENTIRE.lo if limit is None else limit.lo
            if self.models[order + 1].sign is not None and limit is not None:
                return reached, limit.hi  # monotone: the other end belongs to the bounded part
            try:
                return reached, model.range().hi
            except OpenError:
                return reached, ENTIRE.hi


def tail(piece: Piece, side: int) -> End | str:
    """The model at infinity, from the first start on at which it knows the signs; or why there is none."""
    starts = [Approach(side, start) for start in _FAR_STARTS]
    return _first(piece.program, [at for at in starts if _fits(at, piece.right if side < 0 else piece.left)])


@functools.lru_cache(maxsize=256)
def germ(piece: Piece, side: int) -> End | None:
    """The model beside an end of a piece, where no box holds the function or a derivative and one is known.

    Args:
        piece: An interval.
        side: On which side of the end the piece is: 1 at its left end, -1 at its right.
    """
    edge, other = (piece.left, piece.right)[::side]
    if edge is None or edge.exact is None:
        return None
    if not singular(piece.program, edge.place):
        return None
    starts = [Approach(side, start, edge.exact) for start in _NEAR_STARTS]
    found = _first(piece.program, [at for at in starts if _fits(at, other)])
    return None if isinstance(found, str) else found


def later(model: End, piece: Piece, order: int, level: Fraction) -> End | None:
    """The first model that begins later and knows the sign of a derivative less a number; None if none does.

    Args:
        model: Of an end of the piece.
        piece: The piece.
        order: Of the derivative.
        level: The number.
    """
    for start in _FAR_STARTS if model.at.place is None else _NEAR_STARTS:
        if start > model.at.start:
            at = dataclasses.replace(model.at, start=start)
            found = _first(piece.program, [at])
            if isinstance(found, End) and found.sign(order, level) is not None:
                return found
    return None


def sign_beyond(program: Program, piece: Piece, side: int) -> tuple[arb, int] | None:
    """From where on a program has one sign up to an end of a piece, and which; None where it has not.

    Args:
        program: A smooth function on the piece.
        piece: An interval.
        side: -1 for its left end, 1 for its right.
    """
    edge, other = (piece.left, piece.right) if side < 0 else (piece.right, piece.left)
    if edge is not None and edge.exact is None:
        return None
    approaches = (
        [Approach(side, start) for start in (8, 64, 2**12, 2**40)]
        if edge is None
        else [Approach(-side, start, edge.exact) for start in _NEAR_STARTS]
    )
    for at in approaches:
        if not _fits(at, other):
            continue
        start = _start(at)
        rest = Interval(piece.box.lo, start) if side < 0 else Interval(start, piece.box.hi)
        sign = enclosed(program, rest, 0)[0].sign
        if not sign:
            try:
                sign = beyond(program, at, 0)[0].sign
            except OpenError:
                continue
        if sign:
            return start, sign
    return None


def _start(at: Approach) -> arb:
    """Where a model begins, rounded so that it holds from there on."""
    place = interval.number(at.first)
    return place.lo if at.place is not None and at.side > 0 else place.hi


def _fits(at: Approach, other: Break | None) -> bool:
    """Whether a model begins within a piece, of which the other end is given."""
    if other is None:
        return True
    side = at.side if at.place is None else -at.side
    start = interval.number(at.first)
    return bool(start.lo > other.place.hi if side > 0 else start.hi < other.place.lo)


def _first(program: Program, approaches: list[Approach]) -> End | str:
    """The first model that knows all signs, else the first that there is, else why there is none."""
    said = "it is not known"
    best: End | None = None
    with ctx.workprec(_BITS):
        for at in approaches:
            try:
                models = beyond(program, at, _ORDERS - 1)
            except OpenError as error:
                said = str(error)
                continue
            found = End(at, models)
            if all(model.sign is not None for model in models):
                return found
            best = best or found
    return best or said
