"""How every kind of statement is decided, from what an analysis of its functions finds."""

import functools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from flint import arb

from jaxact._facts import Proof
from jaxact.proof.analysis import Analysis
from jaxact.proof.curve import Statement
from jaxact.proof.pieces.piece import UndecidedError
from jaxact.proof.programs.mirror import mirrored
from jaxact.proof.programs.program import Builder, Program
from jaxact.proof.programs.rational import line
from jaxact.proof.search import Decision

_TRUE = Decision(holds=True)


def decide(statement: Statement, boxes: int) -> Proof:
    """Decides a statement; `jaxact.proof.claims.prove` says how."""
    programs = tuple(curve.program for curve in statement.curves)
    return proof(statement.text, decided(statement.name, programs, boxes))


def decided(name: str, programs: tuple[Program, ...], boxes: int) -> Decision:
    """Decides what a statement of some name says of functions."""
    try:
        for program in programs if name != "at most" else ():  # which looks at the difference itself
            if analysis(program).gap:
                return Decision(holds=None, reason=analysis(program).gap)
        return RULES[name](*programs, boxes)
    except UndecidedError as error:
        return Decision(holds=None, reason=str(error))


def proof(claim: str, found: Decision) -> Proof:
    """A decision as it is kept."""
    witness = None if found.witness is None else rational(found.witness)
    return Proof(claim, found.holds, witness, found.reason, found.boxes)


@functools.lru_cache(maxsize=64)
def analysis(program: Program) -> Analysis:
    """The analysis of a function, once for all that is asked about it."""
    return Analysis(program)


def _at_most(smaller: Program, larger: Program, boxes: int) -> Decision:
    last = smaller.steps[smaller.result]
    if last.operator == "abs":  # both signs, rather than all zeros of what is inside
        inner = smaller.rebuilt(last.arguments[0], {})
        return _all(_at_most(side, larger, boxes) for side in (inner, _negative(inner)))
    one = analysis(_difference(larger, smaller))
    if one.gap:
        return Decision(holds=None, reason=one.gap)
    found = one.always(0, 1, boxes)
    return found._replace(reason="it is larger there") if found.holds is False else found


def _moving(sign: int, f: Program, boxes: int) -> Decision:
    """Whether a function nowhere falls; nowhere rises, for sign -1."""
    one, (against, way) = analysis(f), (("falls", "down"), ("rises", "up"))[sign < 0]
    jumps = []
    for joint in one.joints:
        at = joint.at.place.middle
        if joint.meets[0] is None:
            reason = f"whether it jumps at {float(at):.10g} is not known"
            jumps.append(Decision(holds=None, reason=reason))
        elif joint.rise == -sign or (joint.rise is None and not joint.meets[0]):
            jumps.append(Decision(holds=False, witness=at, reason=f"it jumps {way} there"))
    slope = one.always(1, sign, boxes)
    return _all([*jumps, slope._replace(reason=f"it {against} there") if slope.holds is False else slope])


def _monotone(f: Program, boxes: int) -> Decision:
    up, down = (_moving(sign, f, boxes) for sign in (1, -1))
    for found in (up, down):
        if found.holds:
            return found
    if up.holds is None or down.holds is None:
        return up if up.holds is None else down
    where = "" if down.witness is None else f", and rises at {float(down.witness):.10g}"
    return up._replace(reason=f"{up.reason}{where}")


def _bent(sign: int, f: Program, boxes: int) -> Decision:
    """Whether no chord runs below the graph; above it, for sign -1."""
    one, (against, way) = analysis(f), (("drops", "down"), ("grows", "up"))[sign < 0]
    found = [_continuous(f, boxes)]
    for joint in one.joints:
        turn = joint.slopes[1] - joint.slopes[0]
        at = joint.at.place.middle
        if (turn.hi < 0) if sign > 0 else (turn.lo > 0):
            found.append(Decision(holds=False, witness=at, reason=f"its slope {against} there"))
        elif not joint.meets[1] and not ((turn.lo >= 0) if sign > 0 else (turn.hi <= 0)):
            reason = f"how its slope changes at {float(at):.10g} is not known"
            found.append(Decision(holds=None, reason=reason))
    bend = one.always(2, sign, boxes)
    return _all([*found, bend._replace(reason=f"it bends {way} there") if bend.holds is False else bend])


def _continuous(f: Program, _: int) -> Decision:
    for joint in analysis(f).joints:
        at = joint.at.place.middle
        if joint.meets[0] is None:
            return Decision(holds=None, reason=f"whether it jumps at {float(at):.10g} is not known")
        if not joint.meets[0]:
            return Decision(holds=False, witness=at, reason="it jumps there")
    return _TRUE


def bounded_on(side: int, f: Program, boxes: int) -> Decision:
    """Whether a function has a bound above; below, for side -1."""
    one = analysis(f)
    for end, limit in one.limits(0).items():
        infinite = limit is not None and limit.exact and not limit.lo.is_finite()
        if limit is not None and infinite and (limit.lo > 0) == (side > 0):
            where = "infinity" if end > 0 else "minus infinity"
            return Decision(holds=False, reason=f"it has no bound towards {where}")
    for joint in one.joints:
        for limit in (limits[0] for limits in joint.sides):
            if limit.infinite and (limit.value.lo > 0) == (side > 0):
                return Decision(holds=False, reason=f"it has no bound beside {joint.at}")
    extent = one.extent(0, 1.0, boxes)
    bound = extent.largest.hi if side > 0 else extent.least.lo
    return _TRUE if bound.is_finite() else Decision(holds=None, reason="no bound was found")


def _bounded(f: Program, boxes: int) -> Decision:
    return _all(bounded_on(side, f, boxes) for side in (-1, 1))


def _lipschitz(f: Program, constant: Program, boxes: int) -> Decision:
    straight = line(constant)
    if straight is None:
        return Decision(holds=None, reason="the constant is not rational")
    return slower(f, straight[1], boxes)


def slower(f: Program, bound: Fraction, boxes: int) -> Decision:
    """Whether a function is Lipschitz with a constant: continuous, and nowhere steeper."""
    joined = _continuous(f, boxes)
    if not joined.holds:
        return joined
    found = _all(analysis(f).always(1, -sign, boxes, level=sign * bound) for sign in (1, -1))
    return found._replace(reason="it is steeper there") if found.holds is False else found


def _symmetric(sign: int, f: Program, _: int) -> Decision:
    found = analysis(f)
    differs = found.unlike(sign)
    if differs is not None:
        return Decision(holds=False, witness=differs, reason=f"f(-x) is not {'-' * (sign < 0)}f(x) there")
    if mirrored(found.pieces, sign):
        return _TRUE
    return Decision(holds=None, reason="f(x) and f(-x) are not the same expression")


def _affine(f: Program, boxes: int) -> Decision:
    one = analysis(f)
    if all(line(piece.program) is not None for piece in one.pieces):
        lines = {line(piece.program) for piece in one.pieces if not piece.point}
        if len(lines) == 1:
            return _continuous(f, boxes)
    for sign in (1, -1):
        found = one.always(2, sign, boxes)
        if found.holds is False:
            return found._replace(reason="it bends there")
    for joint in one.joints:
        if joint.meets[0] is False or (joint.slopes[0] - joint.slopes[1]).sign in {1, -1}:
            return Decision(holds=False, witness=joint.at.place.middle, reason="it breaks there")
    return Decision(holds=None, reason="no bend was found")


def _negative(f: Program) -> Program:
    builder = Builder()
    return builder.finished(builder.add("negative", f.copied(builder)[f.result]))


def _difference(a: Program, b: Program) -> Program:
    builder = Builder()
    given = [program.copied(builder)[program.result] for program in (a, b)]
    return builder.finished(builder.add("subtract", *given))


def _all(decisions: Iterable[Decision]) -> Decision:
    """Whether everything holds: refuted by the first that does not, open if one is open."""
    found = list(decisions)
    boxes = sum(decision.boxes for decision in found)
    for wanted in (False, None):
        for decision in found:
            if decision.holds is wanted:
                return decision._replace(boxes=boxes)
    return Decision(holds=True, boxes=boxes)


def rational(number: arb) -> Fraction:
    """The rational number that an end is."""
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


RULES: Mapping[str, Callable[..., Decision]] = {
    "at most": _at_most,
    "increasing": functools.partial(_moving, 1),
    "decreasing": functools.partial(_moving, -1),
    "monotone": _monotone,
    "convex": functools.partial(_bent, 1),
    "concave": functools.partial(_bent, -1),
    "continuous": _continuous,
    "bounded": _bounded,
    "lipschitz": _lipschitz,
    "odd": functools.partial(_symmetric, -1),
    "even": functools.partial(_symmetric, 1),
    "affine": _affine,
}
