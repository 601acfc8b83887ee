"""Rigorous proofs: what is shown here holds for every real number, rounding included.

A claim is written as one says it, `curve(f) <= g` or `increasing(f)`, and `jaxact.prove` decides it.

From the ground up: `numbers` (intervals, jets, exact constants), `programs` (functions, and what is read off
them), `tails` (a function near infinity, and beside a point where it is not smooth), `pieces` (where it is
put together), `search` and `analysis` (what is true of it), `layer` and `gaussian` (what it does to normal
variables), `curve` and `claims` (how one says something of it), `decisions` (how that is decided), `words`,
`figures` and `facts` (all that is known of one function), `theorems` (those of the literature, for any
function). `curve` and `claims` need no more than JAX; what proves needs python-flint, which
`pip install "jaxact[check]"` brings.
"""

from jaxact._facts import Proof as Proof
from jaxact.proof.claims import (
    affine as affine,
    bounded as bounded,
    concave as concave,
    continuous as continuous,
    convex as convex,
    decreasing as decreasing,
    derivative as derivative,
    even as even,
    increasing as increasing,
    lipschitz as lipschitz,
    monotone as monotone,
    odd as odd,
    prove as prove,
)
from jaxact.proof.curve import (
    Curve as Curve,
    Statement as Statement,
    curve as curve,
    variable as variable,
)
from jaxact.proof.programs.program import UnprovableError as UnprovableError
