"""The law of slopes: differentiation gives the derivatives of the formula, and at kinks what is stated."""

import jax.numpy as jnp
import numpy as np
import oracle
import pytest

import jaxact

pytestmark = pytest.mark.heavy

ALLOWED = {1: 1, 2: 2}
"""Errors of slope and second derivative: so many ULP, or so many half epsilons of the largest on [-4, 4].

In float32 and float64, whose results are not rounded from a wider one, eight times as many.
"""

FROM_ROUNDED = {"log_sigmoid", "softplus"}
"""Functions whose slope follows from an output of 16 bits. Just below 1/4 the second derivative is off by
half a ULP for the rounding of the output, a whole one for the slope, half a one for its own: 2 or more."""

every_wide_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])


@every_wide_dtype
def test_slopes_are_those_of_the_formula_at_all_magnitudes(entry: jaxact.Spec, dtype: type) -> None:
    for case in oracle.cases(entry):
        _check(oracle.against_balls(case, dtype), factor=8)


def test_narrow_slopes_are_those_of_the_formula(entry: jaxact.Spec) -> None:
    for case in oracle.cases(entry):
        for found in oracle.against_float64(case):
            _check(found, factor=1, allowed=ALLOWED | {2: 3} if entry.name in FROM_ROUNDED else ALLOWED)


def _check(found: oracle.Comparison, factor: int, allowed: dict[int, int] = ALLOWED) -> None:
    for order, count in allowed.items():
        half = float(jnp.finfo(found.dtype).eps) / 2 * found.size(order)
        found.check(order, factor * count * np.maximum(found.units(order), half) + found.blur(order))
