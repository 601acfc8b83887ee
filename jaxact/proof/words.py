"""The words of `jaxact check` that speak of a function of the real numbers, and how each is decided."""

import functools
from collections.abc import Callable, Mapping
from fractions import Fraction

from flint import arb

from jaxact.proof.analysis import Analysis
from jaxact.proof.decisions import analysis, bounded_on, decided, slower
from jaxact.proof.gaussian import moments
from jaxact.proof.numbers import exact, interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.piece import Piece, UndecidedError
from jaxact.proof.programs.derivatives import same
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.programs.periodic import repeating
from jaxact.proof.programs.program import Program
from jaxact.proof.programs.rational import line
from jaxact.proof.search import Decision

Rule = Callable[[Program, int], Decision]

_BITS = 256

YES = Decision(holds=True)
SIDES = {-1: "left", 1: "right"}


def word(name: str, f: Program, boxes: int) -> Decision:
    """Decides what a word says of a function.

    Args:
        name: One of `WORDS`.
        f: The function.
        boxes: How many boxes each search may look at.
    """
    try:
        gap = analysis(f).gap
        return Decision(holds=None, reason=gap) if gap else WORDS[name](f, boxes)
    except UndecidedError as error:
        return Decision(holds=None, reason=str(error))


def _nonlinear(f: Program, boxes: int) -> Decision:
    found = decided("affine", (f,), boxes)
    if found.holds is None:
        return found
    return Decision(holds=not found.holds, reason="it is a straight line" if found.holds else "")


def _meeting(order: int) -> Rule:
    """Whether no derivative up to some order jumps or is infinite."""

    def rule(f: Program, _: int) -> Decision:
        one = analysis(f)
        for joint in one.joints:
            for lower, meets in enumerate(joint.meets[: order + 1]):
                at, name = joint.at.place.middle, f"f{chr(39) * lower}"
                if meets is None:
                    return Decision(holds=None, reason=f"whether it breaks at {float(at):.10g} is not known")
                if not meets:
                    infinite = any(limits[lower].infinite for limits in joint.sides)
                    reason = f"{name} is infinite there" if infinite else f"{name} jumps there"
                    return Decision(holds=False, witness=at, reason=reason)
        return (
            YES if one.finite(order) else Decision(holds=None, reason=f"f{chr(39) * order} may be infinite")
        )

    return rule


def _non_saturating(f: Program, _: int) -> Decision:
    waves = repeating(f)
    if waves is not None and any(_slope(piece, 1).sign for piece in analysis(f).pieces):
        return YES  # its slope repeats, and is not 0 everywhere
    for side, limit in analysis(f).limits(1).items():
        if limit is None or limit.sign is None:
            return Decision(holds=None, reason=f"the limit of the slope on the {SIDES[side]} is not known")
        if limit.sign == 0:
            return Decision(holds=False, reason=f"the slope tends to 0 on the {SIDES[side]}")
    return YES


def _alive(f: Program, _: int) -> Decision:
    """A function that is analytic on its pieces, and constant on none, has isolated zeros of its slope."""
    one = analysis(f)
    pieces = [piece for piece in one.pieces if not piece.point]
    for piece in pieces:
        if constant_on(piece) is not None:
            return Decision(holds=False, witness=piece.inside(), reason="the slope is 0 around it")
    moving = all(any(_slope(piece, at).sign for at in (1, 2, 5)) for piece in pieces)
    return (
        YES if moving and one.finite(3) else Decision(holds=None, reason="its slope may be 0 on an interval")
    )


def constant_on(piece: Piece) -> Interval | None:
    """The value of a function that is constant on a piece; None where it is not, or not known to be."""
    straight = line(piece.program)
    if straight is not None:
        return None if straight[0] else interval.number(straight[1])
    if any(step.operator == "x" for step in piece.program.steps):
        return None
    return enclosed(piece.program, interval.ZERO, 0)[0]


def _slope(piece: Piece, step: int) -> Interval:
    at = piece.inside(step)
    return enclosed(piece.program, Interval(at, at), 1)[1]


def _strictly_monotonic(f: Program, boxes: int) -> Decision:
    found = [decided("monotone", (f,), boxes), word("alive", f, boxes)]
    return next((one for one in found if one.holds is False), min(found, key=lambda one: one.holds is True))


def _at_zero(*numbers: int) -> Rule:
    """Whether value and slope at 0 are some numbers."""

    def rule(f: Program, _: int) -> Decision:
        one = analysis(f)
        for order, number in enumerate(numbers):
            is_it = _is_at_zero(one, order, number)
            mark = chr(39) * order
            if is_it is None:
                return Decision(holds=None, reason=f"f{mark}(0) is not known exactly")
            if not is_it:
                return Decision(holds=False, witness=arb(0), reason=f"f{mark}(0) is not {number}")
        return YES

    return rule


def _is_at_zero(one: Analysis, order: int, number: int) -> bool | None:
    """Whether a derivative at 0 is a number."""
    at = next((joint for joint in one.joints if joint.at.exact == 0), None)
    if at is not None and order and not all(at.meets[: order + 1]):
        return None if None in at.meets[: order + 1] else False
    limit = one.limit_at(Fraction(0), order)
    if limit is None:
        return None
    if limit.exact is not None:
        return same(limit.exact, exact.of(number))
    sign = (limit.value - interval.number(Fraction(number))).sign
    return None if sign is None else sign == 0


def _lipschitz(f: Program, boxes: int) -> Decision:
    one = analysis(f)
    joined = decided("continuous", (f,), boxes)
    if not joined.holds:
        return joined
    for side, limit in one.limits(1).items():
        if limit is not None and limit.exact and not limit.lo.is_finite():
            return Decision(holds=False, reason=f"the slope has no bound on the {SIDES[side]}")
    for joint in one.joints:
        if any(limits[1].infinite for limits in joint.sides):
            return Decision(holds=False, witness=joint.at.place.middle, reason="the slope has no bound there")
    extent = one.extent(1, 1.0, boxes)
    if extent.least.lo.is_finite() and extent.largest.hi.is_finite():
        return YES
    return Decision(holds=None, reason="no bound of the slope was found")


def _non_expansive(f: Program, boxes: int) -> Decision:
    return slower(f, Fraction(1), boxes)


def _zero_mean(f: Program, boxes: int) -> Decision:
    if decided("odd", (f,), boxes).holds:
        moments(analysis(f))  # it has a mean
        return YES
    mean, _ = moments(analysis(f))
    if mean.sign:
        return Decision(holds=False, reason=f"E f(z) is {float(mean.middle):.6g}")
    return Decision(holds=None, reason="E f(z) may be 0")


def _statement(name: str) -> Rule:
    return lambda f, boxes: decided(name, (f,), boxes)


WORDS: Mapping[str, Rule] = {
    "nonlinear": _nonlinear,
    "continuous": _statement("continuous"),
    "differentiable": _meeting(1),
    "smooth": _meeting(2),
    "non_saturating": _non_saturating,
    "alive": _alive,
    "monotonic": _statement("monotone"),
    "non_decreasing": _statement("increasing"),
    "non_increasing": _statement("decreasing"),
    "strictly_monotonic": _strictly_monotonic,
    "bounded": _statement("bounded"),
    "bounded_below": functools.partial(bounded_on, -1),
    "bounded_above": functools.partial(bounded_on, 1),
    "identity_at_zero": _at_zero(0, 1),
    "zero_at_zero": _at_zero(0),
    "lipschitz": _lipschitz,
    "non_expansive": _non_expansive,
    "zero_mean": _zero_mean,
    "convex": _statement("convex"),
    "concave": _statement("concave"),
    "odd": _statement("odd"),
    "even": _statement("even"),
}
"""The words, with their rules."""
