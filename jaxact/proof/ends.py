"""Where a function's tails begin, and what they are like: models of it and its derivatives up to infinity."""

from typing import NamedTuple

from flint import arb, ctx

from jaxact.proof.beyond import beyond
from jaxact.proof.exact import Exact
from jaxact.proof.infinity import Infinity, OpenError
from jaxact.proof.interval import ENTIRE, Interval
from jaxact.proof.parts import Piece
from jaxact.proof.tail import Tail

_BITS = 320
_STARTS = (16, 64, 1024, 2**20)


class End(NamedTuple):
    """A function from some point to infinity, on one side.

    Attributes:
        start: The point.
        models: The function and its first three derivatives beyond.
    """

    start: arb
    models: tuple[Tail, ...]

    def sign(self, order: int) -> int | None:
        """The sign of a derivative beyond the start, None where it is not known."""
        with ctx.workprec(_BITS):
            return self.models[order].sign

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
            at = self.models[0].at
            return (self.models[0] - Tail.variable(at) * Tail.constant(at, slope)).limit()

    def extreme(self, order: int, sign: int) -> tuple[arb, arb]:
        """A number that a derivative times a sign comes near to on a tail, and a bound of it."""
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


def end(piece: Piece, side: int) -> End | str:
    """The model of a tail from the first start on at which it knows the signs."""
    edge = piece.right if side < 0 else piece.left
    said = "it is not known"
    best: End | None = None
    with ctx.workprec(_BITS):
        for start in _STARTS:
            if edge is not None and not side * edge.place.middle < start:
                continue
            try:
                models = beyond(piece.program, Infinity(side, start), 3)
            except OpenError as error:
                said = str(error)
                continue
            found = End(arb(side * start), models)
            if all(model.sign is not None for model in models):
                return found
            best = best or found
    return best or said
