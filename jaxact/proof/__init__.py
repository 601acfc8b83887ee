"""Rigorous proofs: what is shown here holds for every real number, rounding included.

A claim is written as one says it, `curve(f) <= g` or `increasing(f)`, and `prove` decides it. The rooms, from
the ground up: `interval` (numbers), `jet` (derivatives), `program` (functions), `enclosure` (a function on a
box), `exact`, `infinity`, `tail`, `tail_functions`, `beyond` (a function near infinity), `pieces` (where it is
put together), `analysis` (what is true of it), `curve` and `claims` (how it is said). `balls` stands beside
them: formulas at single points. It needs python-flint, which `pip install "jaxact[check]"` brings.
"""

from jaxact.proof.claims import (
    Proof as Proof,
    bounded as bounded,
    concave as concave,
    continuous as continuous,
    convex as convex,
    decreasing as decreasing,
    increasing as increasing,
    lipschitz as lipschitz,
    monotone as monotone,
    prove as prove,
)
from jaxact.proof.curve import Curve as Curve, curve as curve, x as x
from jaxact.proof.program import UnprovableError as UnprovableError
