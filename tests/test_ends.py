"""The law of ends: value and slope are the limits at infinity; NaN stays NaN, -0 is that of the formula."""

import math
from collections.abc import Iterator

import jax.numpy as jnp
import numpy as np
import oracle
import pytest
from flint import arb

import jaxact
from jaxact._formula import NUMPY
from jaxact.proof.numbers import balls

pytestmark = pytest.mark.heavy

FAR = (arb(2) ** 5000, arb(2) ** 10000, arb(2) ** 10001)
"""Points so far out that no float64 tells a value from its limit: the second twice as far for a logarithm,
the third for what changes its sign again and again."""


def _comparisons(entry: jaxact.Spec) -> Iterator[oracle.Comparison]:
    """The activation in every dtype that has infinities."""
    for case in oracle.cases(entry):
        for dtype in (np.float32, np.float64):
            yield oracle.against_balls(case, dtype)
        for found in oracle.against_float64(case):
            if np.isinf(oracle.SPECIAL.astype(found.dtype)[1]):
                yield found


def test_value_and_slope_at_infinity_are_the_limits(entry: jaxact.Spec) -> None:
    for found in _comparisons(entry):
        near = 4 * float(jnp.finfo(found.dtype).eps)
        for side, order in ((side, order) for side in (0, 1) for order in (0, 1)):
            got, limit = found.special[order, side], _limit(found.case, side, order)
            said = f"{found.said(order)} at {oracle.SPECIAL[side]}: {got}"
            if limit is None:
                assert math.isfinite(got), f"{said}, but it stays finite"
            elif math.isnan(limit):
                assert not math.isnan(got), f"{said}, which nothing says"
            else:
                assert got == pytest.approx(limit, rel=near, abs=near), f"{said}, but the limit is {limit}"


def test_nan_stays_nan(entry: jaxact.Spec) -> None:
    for found in _comparisons(entry):
        for order in (0, 1):
            got = found.special[order, 2]
            assert math.isnan(got), f"{found.said(order)} at NaN: {got}"


def test_minus_zero_is_that_of_the_formula(entry: jaxact.Spec) -> None:
    for found in _comparisons(entry):
        with np.errstate(all="ignore"):
            expected = float(entry.formula.evaluate(NUMPY, x=np.float64(-0.0), **found.case.parameters))
        if expected == 0 and math.copysign(1, expected) < 0:
            got = found.special[0, 3]
            assert math.copysign(1, got) < 0, f"{found.said(0)} at -0: {got}"


def _limit(case: oracle.Case, side: int, order: int) -> float | None:
    """What the formula tends to; None where it oscillates without a limit, NaN where it swings ever wider."""
    near, far, farther = (
        getattr(balls.jet(case.entry.formula, (-point, point)[side], case.parameters), oracle.ORDERS[order])
        for point in FAR
    )
    if abs(far) > 1000 and far / near > 1.5 and farther / far > 1:
        return math.inf if far > 0 else -math.inf
    if abs(far - near) < 1e-30:
        return float(far.mid())
    return math.nan if abs(far) > 1000 else None
