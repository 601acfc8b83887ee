"""The law of values: an activation equals its formula."""

import numpy as np
import oracle
import pytest

import jaxact

pytestmark = pytest.mark.heavy

every_wide_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])


@every_wide_dtype
def test_values_are_those_of_the_formula_at_all_magnitudes(entry: jaxact.Spec, dtype: type) -> None:
    for case in oracle.cases(entry):
        found = oracle.against_balls(case, dtype)
        found.check(0, 4 * found.units(0) + found.blur(0))


def test_narrow_values_are_those_of_the_formula(entry: jaxact.Spec) -> None:
    for case in oracle.cases(entry):
        for found in oracle.against_float64(case):
            found.check(0, found.units(0) + found.blur(0))


def test_values_in_8_bits_are_those_of_the_formula(entry: jaxact.Spec) -> None:
    for found in oracle.values_in_8_bits(entry):
        found.check(0, found.units(0))


def test_what_is_said_to_be_ill_conditioned_is(entry: jaxact.Spec) -> None:
    if entry.ill_conditioned:
        with np.errstate(all="ignore"):
            conditions = [
                np.abs(found.x * found.exact[1] / found.exact[0])
                for case in oracle.cases(entry)
                for found in (oracle.against_balls(case, np.float64),)
            ]
        assert max(condition[np.isfinite(condition)].max(initial=0) for condition in conditions) > 2
