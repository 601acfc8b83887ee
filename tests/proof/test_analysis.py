"""What is said of a function on the whole line is so: against the literature, points and false claims."""

import math
import random

import pytest
from flint import arb, ctx

import jaxact
from jaxact._formula import parse
from jaxact.proof import search
from jaxact.proof.analysis import Analysis
from jaxact.proof.numbers import balls
from jaxact.proof.numbers.interval import ENTIRE, Interval

OPEN: set[tuple[str, int]] = set()
"""Where nothing is known."""

LOOSE = {("growing_cosine", 0), ("growing_cosine", 1), ("sine_relu", 0), ("sine_relu", 1)}
"""Whose extents are no closer than where the proofs stop: they oscillate without end."""

RANGES = {  # of the slope, to the digits that are published
    "gelu": (-0.128904, 1.128904),
    "silu": (-0.099839, 1.099839),
    "mish": (-0.112526, 1.088498),
    "selu": (0.0, 1.758099),
    "squareplus": (0.0, 1.0),
    "softplus": (0.0, 1.0),
    "sigmoid": (0.0, 0.25),
    "tanh": (0.0, 1.0),
}


@pytest.mark.heavy
def test_the_sign_of_every_derivative_of_the_catalogue_is_decided(entry: jaxact.Spec) -> None:
    chance = random.Random(entry.name)
    found = Analysis.of(entry.formula, **entry.defaults)
    joints = [joint.at for joint in entry.joints()]
    points = [chance.gauss(0, 3) for _ in range(40)] + [chance.gauss(0, 40) for _ in range(10)]
    points = [x for x in points if all(abs(x - joint) > 1e-9 for joint in joints)]
    jets = [balls.jet(entry.formula, x, entry.defaults) for x in points]
    for order in range(3):
        for sign in (1, -1):
            decision = found.always(order, sign)
            assert (decision.holds is None) == ((entry.name, order) in OPEN), (order, sign, decision)
            against = [x for x, jet in zip(points, jets, strict=True) if sign * jet[order] < 0]
            assert decision.holds is not True or not against
            if decision.witness is not None:
                witness = balls.jet(entry.formula, decision.witness, entry.defaults)
                assert sign * witness[order] < 0


@pytest.mark.heavy
def test_no_value_lies_outside_the_extent(entry: jaxact.Spec) -> None:
    found = Analysis.of(entry.formula, **entry.defaults)
    for order in range(2):
        least, largest = found.extent(order, tolerance=1e-3)
        for x in (-30.0, -2.2, -0.9, -0.3, 0.1, 0.7, 1.5, 4.0, 100.0):
            value = balls.jet(entry.formula, x, entry.defaults)[order]
            assert not value < least.lo
            assert not value > largest.hi
        if (entry.name, order) not in LOOSE:
            for end in (least, largest):
                assert not end.lo.is_finite() or end.width < 2e-3


@pytest.mark.parametrize("name", RANGES)
def test_ranges_are_those_of_the_literature(name: str) -> None:
    entry = jaxact.specs[name]
    extent = Analysis.of(entry.formula, **entry.defaults).extent(1)
    for end, published in zip(extent, RANGES[name], strict=True):
        assert end.width < 2e-9
        assert abs(float(end.middle) - published) < 1e-6


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [("selu", -1.7580993408473766, math.inf), ("tanh", -1, 1), ("gelu", 0, math.inf)],
)
def test_limits_are_those_of_the_function(name: str, left: float, right: float) -> None:
    limits = Analysis.of(jaxact.specs[name].formula).limits(0)
    for side, expected in ((-1, left), (1, right)):
        found = limits[side]
        assert found is not None
        assert float(found.middle if found.lo.is_finite() else found.lo) == pytest.approx(expected)


FALSE = [
    # a slope that is negative on an interval of width 1e-6 alone
    ("x - sqrt(pi) * 0.000001 * erf((x - 1) / 0.000001)", 1, 1),
    ("x - sqrt(pi) * 0.000001 * erf((x + 3.3) / 0.000001)", 1, 1),
    # ranges 0.001 % too small
    ("1.12889 * x - x * erfc(-x / sqrt(2)) / 2", 1, 1),
    ("x * erfc(-x / sqrt(2)) / 2 + 0.128903 * x", 1, 1),
    ("1.0998 * x - x / (1 + exp(-x))", 1, 1),
    ("0.24999 * x - 1 / (1 + exp(-x))", 1, 1),
    ("0.99999 * x - tanh(x)", 1, 1),
    ("x / (1 + exp(-x)) + 0.27846", 0, 1),
    ("0.99999 - tanh(x)", 0, 1),
    # bumps far out
    ("0.000000001 * exp(-(x - 1000)**2)", 0, -1),
    ("0.000000001 * exp(-(x + 1000)**2) - 0.0000000005", 0, -1),
    ("x + 2 * erf(x - 1000) - 3 * erf(x - 1001)", 1, 1),
    # true up to a million, and not beyond
    ("x - x**2 / 4000000", 1, 1),
    ("where(x > 1000000, 1000000 - x, x)", 1, 1),
    ("max(x, 0) - x**2 / 100000000", 0, 1),
    ("exp(-x) - 0.000000000001", 0, 1),
    ("1 / (1 + x**2) - 0.000000000001", 0, 1),
    # nearly monotone, nearly convex
    ("x**3 - 0.0000001 * x", 1, 1),
    ("x**4 - 0.0000001 * x**2", 2, 1),
    ("x + 1.0000001 * sin(x)", 1, 1),
    ("arctan(x) - 0.0000001 * x", 1, 1),
    ("log1p(exp(-abs(x))) + max(x, 0) - 0.0000001 * x**2", 2, 1),
    ("abs(x) - 0.0000001 * x**2", 2, 1),
    ("sqrt(x**2 + 1) - 1.0000001 * x", 0, 1),
    # a product of two things that are not known on a wide box
    ("(-(x**2 - x + 1))**(-1) * (x**2 - x + 1)**(-1) + 0.001", 0, 1),
    # of the catalogue
    ("where(x > 0, x, 0.01 * x)", 0, 1),
    ("x * tanh(log1p(exp(x)))", 1, 1),
    ("x / (1 + exp(-1.702 * x))", 2, 1),
    ("max(0, min(1, (x + 3) / 6))", 1, -1),
    ("where(x > 0.5, x, where(x < -0.5, x, 0))", 0, 1),
    ("exp(x) - 1 - x - 0.5000001 * x**2", 2, 1),
    ("tanh(x)", 2, -1),
    ("x / (1 + abs(x))", 2, 1),
]


@pytest.mark.parametrize(("formula", "order", "sign"), FALSE)
def test_what_is_false_is_not_proved(formula: str, order: int, sign: int) -> None:
    found = Analysis.of(parse(formula))
    decision = found.always(order, sign)
    assert decision.holds is not True
    if decision.witness is not None:
        assert sign * balls.jet(parse(formula), decision.witness, {})[order] < 0


def test_there_are_enough_of_them() -> None:
    assert len(FALSE) >= 30


@pytest.mark.parametrize(
    ("formula", "order", "sign"),
    [
        ("1.1289042 * x - x * erfc(-x / sqrt(2)) / 2", 1, 1),
        ("x / (1 + exp(-x)) + 0.2784646", 0, 1),
        ("x**3", 1, 1),
        ("x + 0.9999999 * sin(x)", 1, 1),
        ("arctan(x)", 1, 1),
        ("max(x, 0) - x * erfc(-x / sqrt(2)) / 2", 0, 1),
        ("sqrt(x**2 + 1) - x", 0, 1),
        ("where(x > 1 / 3, x, 0.1 * x + 0.3)", 1, 1),
    ],
)
def test_what_is_true_is_proved(formula: str, order: int, sign: int) -> None:
    assert Analysis.of(parse(formula)).always(order, sign).holds is True


def test_a_search_that_runs_out_says_so() -> None:
    decision = Analysis.of(parse("x**4 - 2 * x**2 + 1.0000001")).always(0, 1, boxes=3)
    assert decision.holds is None
    assert decision.reason == "3 boxes were not enough"


def test_a_function_of_the_user_is_analysed_from_its_program() -> None:
    found = Analysis.of(lambda x: x / (1 + abs(x)))
    assert [found.always(1, sign).holds for sign in (1, -1)] == [True, False]
    with ctx.workprec(64):
        assert arb(1) in found.extent(0).largest


def test_boxes_of_no_width_bound_both_ways() -> None:
    (piece,) = Analysis.of(parse("exp(x)")).pieces
    nothing = (ENTIRE.lo, ENTIRE.lo)
    for sign in (1, -1):
        box = [(piece, Interval(arb(2), arb(2)))]
        found = search.supremum(box, 0, sign, nothing, tolerance=0.0, boxes=10)
        assert arb(2).exp().mid() * sign in found
        assert found.width < 1e-12
