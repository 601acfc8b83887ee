"""Rigorous proofs: what is shown here holds for every real number, rounding included.

A claim is written as one says it, `curve(f) <= g` or `increasing(f)`, and `jaxact.prove` decides it.

The rooms from the ground up: `program`, `tracing` and `curve` (functions), `claims` (what is said of them).
With python-flint, which `pip install "jaxact[check]"` brings: `interval` and `elementary` (numbers), `jet`
(derivatives), `enclosure` (a function on a box), `exact`, `approach`, `taylor`, `tail`, `tail_functions` and
`beyond` (a function near infinity, and beside a point at which it is not smooth), `rational`, `parts`,
`derivatives`, `vanishing`, `domain`, `ends`, `signs`, `pieces` and `joints` (where it is put together),
`mirror` and `periodic` (symmetry), `search` and `analysis` (what is true of it), `layer` and `gaussian` (what
it does to normal variables), `decisions` (claims decided), `words`, `figures` and `facts` (all that is known
of one function). `theorems` has those of the literature, for any function; `balls` stands beside: formulas at
points.
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
from jaxact.proof.program import UnprovableError as UnprovableError
