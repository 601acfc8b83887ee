"""Claims about functions on all of R, written as one says them, and their proof or refutation.

prove(increasing(jaxact.elu))
prove(curve(jaxact.gelu) <= jaxact.relu)
prove(abs(curve(jaxact.gelu) - jaxact.gelu_tanh) <= 0.0005)
prove(lipschitz(jaxact.gelu) <= 1.13)
"""

import dataclasses
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from flint import arb

from jaxact.proof.analysis import BOXES, Analysis, Decision
from jaxact.proof.curve import AtMost, Curve, curve, x
from jaxact.proof.pieces import UndecidedError


@dataclasses.dataclass(frozen=True)
class Proof:
    """What came of a claim.

    Attributes:
        claim: As it was written.
        holds: True where it is proved for all real numbers, False where it is refuted, None where neither.
        witness: Numbers that refute it, exactly, where there are some to show.
        reason: What the witness shows, or why nothing was decided.
    """

    claim: str
    holds: bool | None
    witness: tuple[Fraction, ...] = ()
    reason: str = ""

    @property
    def evidence(self) -> str:
        """`"proved"`, `"refuted"` or `"undecided"`."""
        return {True: "proved", False: "refuted", None: "undecided"}[self.holds]

    def __str__(self) -> str:
        """One line."""
        at = ", ".join(f"{float(number):.10g}" for number in self.witness)
        parts = [self.reason, f"x = {at}" if at else ""]
        said = "; ".join(part for part in parts if part)
        return f"{self.claim}: {self.evidence}{f' ({said})' if said else ''}"


@dataclasses.dataclass(frozen=True)
class Property:
    """The claim that a function has a property.

    Attributes:
        text: As it is written.
        decide: Decides it with so many boxes.
    """

    text: str
    decide: Callable[[int], Decision]

    def __str__(self) -> str:
        """As it is written."""
        return self.text


@dataclasses.dataclass(frozen=True)
class Steepness:
    """The Lipschitz constant of a function, of which a bound can be claimed."""

    of: Curve

    def __le__(self, bound: float | int | Fraction) -> Property:
        """The claim that it is no larger than a number."""
        line = bound * x()

        def decide(boxes: int) -> Decision:
            both = (_increasing(line - self.of, boxes), _increasing(line + self.of, boxes))
            return _all([_continuous(self.of), *both])

        return Property(f"lipschitz({self.of}) <= {bound}", decide)


def prove(claim: AtMost | Property, *, boxes: int = BOXES) -> Proof:
    """Decides a claim about all real numbers, rigorously.

    Args:
        claim: Made of `curve`, `increasing`, `convex`, `lipschitz` and so on.
        boxes: How many intervals a search may look at, about 10,000 a second.

    Returns:
        A proof, a refutation with its witness, or the reason why neither was found.

    Examples:
        >>> from jaxact.proof import curve, increasing, prove
        >>> print(prove(increasing(jaxact.elu)))
        increasing(elu): proved
        >>> print(prove(curve(jaxact.silu) <= jaxact.relu))
        silu <= relu: proved
    """
    try:
        found = _never_above(claim, boxes) if isinstance(claim, AtMost) else claim.decide(boxes)
    except UndecidedError as error:
        found = Decision(holds=None, reason=str(error))
    witness = () if found.witness is None else (_rational(found.witness),)
    return Proof(str(claim), found.holds, witness, found.reason)


def increasing(f: Any) -> Property:
    """The claim that a function nowhere falls: `x <= y` implies `f(x) <= f(y)`."""
    return _of("increasing", f, _increasing)


def decreasing(f: Any) -> Property:
    """The claim that a function nowhere rises."""
    return _of("decreasing", f, lambda one, boxes: _increasing(-one, boxes))


def monotone(f: Any) -> Property:
    """The claim that a function nowhere falls, or nowhere rises."""
    return _of("monotone", f, lambda one, boxes: _either(_increasing(one, boxes), _increasing(-one, boxes)))


def convex(f: Any) -> Property:
    """The claim that no chord runs below the graph."""
    return _of("convex", f, _convex)


def concave(f: Any) -> Property:
    """The claim that no chord runs above the graph."""
    return _of("concave", f, lambda one, boxes: _convex(-one, boxes))


def continuous(f: Any) -> Property:
    """The claim that a function has no jumps."""
    return _of("continuous", f, lambda one, _: _continuous(one))


def bounded(f: Any) -> Property:
    """The claim that a function stays between two numbers."""
    return _of("bounded", f, _bounded)


def lipschitz(f: Any) -> Steepness:
    """The Lipschitz constant of a function: `lipschitz(f) <= 1` is a claim."""
    return Steepness(curve(f))


def _of(name: str, f: Any, decide: Callable[[Curve, int], Decision]) -> Property:
    one = curve(f)
    return Property(f"{name}({one})", lambda boxes: decide(one, boxes))


def _never_above(claim: AtMost, boxes: int) -> Decision:
    last = claim.smaller.program.steps[claim.smaller.program.result]
    if last.operator == "abs":  # both signs, rather than all zeros of what is inside
        inner = Curve(claim.smaller.program.rebuilt(last.arguments[0], {}), "")
        return _all(_never_above(AtMost(side, claim.larger), boxes) for side in (inner, -inner))
    found = Analysis((claim.larger - claim.smaller).program).always(0, 1, boxes)
    return found._replace(reason="it is larger there") if found.holds is False else found


def _increasing(f: Curve, boxes: int) -> Decision:
    analysis = Analysis(f.program)
    jumps = [_not_down(joint.rise, joint.at.place.middle) for joint in analysis.joints]
    slope = analysis.always(1, 1, boxes)
    if slope.holds is False:
        slope = slope._replace(reason="it falls there")
    return _all([*jumps, slope])


def _not_down(rise: int | None, at: arb) -> Decision:
    if rise is None:
        return Decision(holds=None, reason=f"whether it jumps at {float(at):.10g} is not known")
    return (
        Decision(holds=False, witness=at, reason="it jumps down there") if rise < 0 else Decision(holds=True)
    )


def _convex(f: Curve, boxes: int) -> Decision:
    analysis = Analysis(f.program)
    found = [_continuous(f)]
    for joint in analysis.joints:
        turn = joint.slopes[1] - joint.slopes[0]
        at = joint.at.place.middle
        if turn.hi < 0:
            found.append(Decision(holds=False, witness=at, reason="its slope drops there"))
        elif not turn.lo >= 0:
            found.append(
                Decision(holds=None, reason=f"how its slope changes at {float(at):.10g} is not known")
            )
    bend = analysis.always(2, 1, boxes)
    return _all([*found, bend._replace(reason="it bends down there") if bend.holds is False else bend])


def _continuous(f: Curve) -> Decision:
    for joint in Analysis(f.program).joints:
        at = joint.at.place.middle
        if joint.rise is None:
            return Decision(holds=None, reason=f"whether it jumps at {float(at):.10g} is not known")
        if joint.rise:
            return Decision(holds=False, witness=at, reason="it jumps there")
    return Decision(holds=True)


def _bounded(f: Curve, boxes: int) -> Decision:
    analysis = Analysis(f.program)
    for side, limit in analysis.limits(0).items():
        if limit is not None and not limit.lo.is_finite() and limit.lo == limit.hi:
            where = "infinity" if side > 0 else "minus infinity"
            return Decision(holds=False, reason=f"it has no bound towards {where}")
    least, largest = analysis.extent(0, 1.0, boxes)
    if least.lo.is_finite() and largest.hi.is_finite():
        return Decision(holds=True)
    return Decision(holds=None, reason="no bound was found")


def _all(decisions: Iterable[Decision]) -> Decision:
    """Whether everything holds: refuted by the first that does not, open if one is open."""
    found = list(decisions)
    for wanted in (False, None):
        for decision in found:
            if decision.holds is wanted:
                return decision
    return Decision(holds=True)


def _either(a: Decision, b: Decision) -> Decision:
    """Whether one of two holds."""
    if a.holds or b.holds:
        return Decision(holds=True)
    if a.holds is None or b.holds is None:
        return a if a.holds is None else b
    return Decision(holds=False, witness=a.witness, reason=f"{a.reason}, and it rises elsewhere")


def _rational(number: arb) -> Fraction:
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
