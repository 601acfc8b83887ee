"""Statements about functions on all of R, written as one says them, and `prove`, which decides them.

    prove(increasing(jaxact.elu))
    prove(curve(jaxact.gelu) <= jaxact.relu)
    prove(abs(curve(jaxact.gelu) - jaxact.gelu_tanh) <= 0.0005)
    prove(lipschitz(jaxact.gelu) <= 1.13)

A statement is data; nothing here needs python-flint until something is to be proved.
"""

import dataclasses
import math
from fractions import Fraction
from typing import Any

from jaxact._facts import Proof
from jaxact.proof import budget
from jaxact.proof.budget import BOXES
from jaxact.proof.curve import Curve, Statement, curve


@dataclasses.dataclass(frozen=True)
class Steepness:
    """The Lipschitz constant of a function, of which a bound can be claimed."""

    of: Curve

    def __le__(self, bound: float | int | Fraction) -> Statement:
        """The claim that it is no larger than a number."""
        return Statement("lipschitz", (self.of, curve(bound)), f"lipschitz({self.of}) <= {bound}")


def prove(claim: Statement, *, boxes: int = BOXES, seconds: float = math.inf) -> Proof:
    """Decides a claim about all real numbers, rigorously.

    Args:
        claim: Made of `curve`, `increasing`, `convex`, `lipschitz` and so on, from `jaxact.proof`.
        boxes: How many intervals a search may look at, some 10,000 in a second.
        seconds: How long the searches may take in all.

    Returns:
        A proof, a refutation with its witness, or the reason why neither was found.

    Raises:
        ModuleNotFoundError: If python-flint is not installed.
        TypeError: If the claim is none.

    Examples:
        >>> from jaxact.proof import curve, increasing
        >>> print(jaxact.prove(increasing(jaxact.elu)))
        increasing(elu): proved
        >>> print(jaxact.prove(curve(jaxact.silu) <= jaxact.relu))
        silu <= relu: proved
    """
    if not isinstance(claim, Statement):
        hint = "write jaxact.prove(increasing(f)), or jaxact.prove(curve(f) <= g), with jaxact.proof"
        raise TypeError(f"prove decides a claim; got {type(claim).__name__}; {hint}.")
    try:
        from jaxact.proof.decisions import decide  # noqa: PLC0415  # needs python-flint
    except ModuleNotFoundError as error:
        if error.name != "flint":
            raise
        hint = "pip install 'jaxact[check]' brings it; jaxact.check samples without it"
        raise ModuleNotFoundError(f"prove needs python-flint; {hint}.", name="flint") from None
    with budget.seconds(seconds):
        return decide(claim, boxes)


def increasing(f: Any) -> Statement:
    """The claim that a function nowhere falls: `x <= y` implies `f(x) <= f(y)`."""
    return _of("increasing", f)


def decreasing(f: Any) -> Statement:
    """The claim that a function nowhere rises."""
    return _of("decreasing", f)


def monotone(f: Any) -> Statement:
    """The claim that a function nowhere falls, or nowhere rises."""
    return _of("monotone", f)


def convex(f: Any) -> Statement:
    """The claim that no chord runs below the graph."""
    return _of("convex", f)


def concave(f: Any) -> Statement:
    """The claim that no chord runs above the graph."""
    return _of("concave", f)


def continuous(f: Any) -> Statement:
    """The claim that a function has no jumps."""
    return _of("continuous", f)


def bounded(f: Any) -> Statement:
    """The claim that a function stays between two numbers."""
    return _of("bounded", f)


def odd(f: Any) -> Statement:
    """The claim that `f(-x) = -f(x)`."""
    return _of("odd", f)


def even(f: Any) -> Statement:
    """The claim that `f(-x) = f(x)`."""
    return _of("even", f)


def affine(f: Any) -> Statement:
    """The claim that a function is a straight line, so that layers of it collapse into one."""
    return _of("affine", f)


def derivative(f: Any) -> Curve:
    """The derivative of a function, as a curve; at a kink that of the branch which holds there.

    Raises:
        ModuleNotFoundError: If python-flint is not installed.
    """
    from jaxact.proof.programs.symbolic import derivative as derived  # noqa: PLC0415  # needs python-flint

    one = curve(f)
    return Curve(derived(one.program), f"{one}'")


def lipschitz(f: Any) -> Steepness:
    """The Lipschitz constant of a function: `lipschitz(f) <= 1` is a claim."""
    return Steepness(curve(f))


def _of(name: str, f: Any) -> Statement:
    one = curve(f)
    return Statement(name, (one,), f"{name}({one})")
