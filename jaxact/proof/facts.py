"""All that is proved of one function: the words of `jaxact check` decided, and its numbers enclosed."""

from jaxact._facts import Facts
from jaxact.proof.budget import BOXES
from jaxact.proof.decisions import proof
from jaxact.proof.figures import figures
from jaxact.proof.programs.program import Program
from jaxact.proof.words import WORDS, word


def facts(f: Program, *, boxes: int = BOXES, tolerance: float = 1e-9) -> Facts:
    """What is proved of a function.

    Args:
        f: The function.
        boxes: How many intervals each search may look at.
        tolerance: How far apart the ends of a bound may lie.
    """
    return Facts({name: proof(name, word(name, f, boxes)) for name in WORDS}, figures(f, boxes, tolerance))
