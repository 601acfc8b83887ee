"""Intervals enclose: at least 100,000 boxes with points inside them, and no point outside the result."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction

import pytest
from flint import arb, ctx

from jaxact.proof.numbers import elementary, interval
from jaxact.proof.numbers.interval import ENTIRE, Interval

BOXES = 4500
"""For each of the operations."""

ONE_ARGUMENT: dict[str, tuple[Callable[[Interval], Interval], Callable[[arb], arb]]] = {
    **{
        name: (elementary.FUNCTIONS[name], getattr(arb, "atan" if name == "arctan" else name))
        for name in sorted(elementary.FUNCTIONS.keys() - {"logistic", "cbrt", "log_cosh"})
    },
    "logistic": (elementary.logistic, lambda x: (1 + (-x).exp()) ** -1),
    "cbrt": (elementary.cbrt, lambda x: x.root(3) if x >= 0 else -((-x).root(3))),
    "log_cosh": (elementary.log_cosh, lambda x: x.cosh().log()),
    "negative": (Interval.__neg__, arb.__neg__),
    "abs": (interval.absolute, abs),
    "reciprocal": (interval.reciprocal, lambda x: 1 / x),
    **{f"power {n}": (lambda a, n=n: a**n, lambda x, n=n: x**n) for n in (-3, -2, -1, 0, 1, 2, 3, 4)},
}

TWO_ARGUMENTS: dict[str, tuple[Callable[[Interval, Interval], Interval], Callable[[arb, arb], arb]]] = {
    "add": (Interval.__add__, arb.__add__),
    "subtract": (Interval.__sub__, arb.__sub__),
    "multiply": (Interval.__mul__, arb.__mul__),
    "divide": (Interval.__truediv__, arb.__truediv__),
    "power": (elementary.power, arb.__pow__),
}


def _number(chance: random.Random) -> float:
    """Numbers of many sizes; 0 and small integers too, where cases meet."""
    if chance.random() < 0.2:
        return float(chance.randint(-3, 3))
    return chance.choice((-1, 1)) * 10 ** chance.uniform(-6, 2.5)


def _box(chance: random.Random) -> Interval:
    a, b = sorted((_number(chance), _number(chance)))
    if chance.random() < 0.1:
        b = a
    box = interval.between(a, b)
    if chance.random() < 0.05:
        box = interval.between(-arb("inf"), box)
    return interval.between(box, arb("inf")) if chance.random() < 0.05 else box


def _inside(box: Interval, chance: random.Random) -> Iterator[arb]:
    """The ends and two points between them, exact numbers all."""
    lo = box.lo if box.lo.is_finite() else (box.hi if box.hi.is_finite() else arb(0)) - 1000
    hi = box.hi if box.hi.is_finite() else lo + 2000
    yield lo.mid()
    yield hi.mid()
    for _ in range(2):
        point = (lo + (hi - lo) * chance.random()).mid()
        if lo <= point <= hi:
            yield point


def _outside(result: Interval, value: arb) -> bool:
    """Whether a value is surely not in the result."""
    return bool(value < result.lo or value > result.hi)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
def test_functions_enclose_their_values(name: str) -> None:
    ours, exact = ONE_ARGUMENT[name]
    chance = random.Random(name)
    for _ in range(BOXES):
        box = _box(chance)
        result = ours(box)
        assert result.lo <= result.hi
        with ctx.workprec(200):
            for point in _inside(box, chance):
                value = exact(point)
                assert value.is_nan() or not _outside(result, value), (box, point, result, value)


@pytest.mark.parametrize("name", TWO_ARGUMENTS)
def test_operators_enclose_their_values(name: str) -> None:
    ours, exact = TWO_ARGUMENTS[name]
    chance = random.Random(name)
    for _ in range(BOXES):
        boxes = _box(chance), _box(chance)
        result = ours(*boxes)
        assert result.lo <= result.hi
        with ctx.workprec(200):
            for points in zip(*(_inside(box, chance) for box in boxes), strict=False):
                value = exact(*points)
                assert value.is_nan() or not _outside(result, value), (boxes, points, result, value)


def test_enough_boxes_are_tried() -> None:
    assert BOXES * (len(ONE_ARGUMENT) + len(TWO_ARGUMENTS)) >= 100_000


@pytest.mark.parametrize("name", [*elementary.FUNCTIONS])
def test_ends_are_tight(name: str) -> None:
    point = interval.number(Fraction(1, 3))
    assert elementary.FUNCTIONS[name](point).width < 1e-14
    wide = elementary.FUNCTIONS[name](interval.between(0.25, 0.5))
    ends = [elementary.FUNCTIONS[name](interval.number(end)) for end in (0.25, 0.5)]
    assert wide.width <= abs(ends[0].middle - ends[1].middle) + 1e-14  # all are monotone there


def test_a_square_is_not_negative_and_a_sine_knows_its_peaks() -> None:
    assert (interval.between(-1, 2) ** 2).lo == 0
    assert elementary.sin(interval.between(1, 2)).hi == 1
    assert elementary.sin(interval.between(-1, 1)).hi < 0.85
    assert elementary.sin(interval.between(2, 8)).lo == -1
    assert elementary.cos(interval.between(3, 4)).lo == -1


def test_what_is_not_defined_has_no_bound() -> None:
    for found in (
        elementary.log(interval.between(-1, 1)),
        elementary.sqrt(interval.between(-1, 1)),
        interval.number(1.0) / interval.between(-1, 1),
        elementary.power(interval.between(-1, 1), interval.number(0.5)),
    ):
        assert (found.lo, found.hi) == (ENTIRE.lo, ENTIRE.hi)


def test_infinite_ends_stand_for_ever_larger_numbers() -> None:
    above = interval.between(2, arb("inf"))
    assert (elementary.exp(-above).lo, (interval.number(0.0) * above).hi) == (0, 0)
    assert (above / above).lo == 0
    assert interval.reciprocal(above).hi == 0.5
    assert elementary.tanh(above).hi == 1
    assert (above * interval.between(-1, 1)).hi == arb("inf")


def test_two_unknowns_are_not_one() -> None:
    """What nothing is known of may be one object; a product of two such is no square."""
    unknown = interval.reciprocal(interval.between(-1, 1))
    product = unknown * elementary.log(interval.between(-1, 1))
    assert (product.lo, product.hi) == (ENTIRE.lo, ENTIRE.hi)


def test_a_rational_number_lies_inside() -> None:
    third = interval.number(Fraction(1, 3))
    assert arb(1) / 3 in interval.Interval((arb(1) / 3).lower(), (arb(1) / 3).upper())
    assert not third.exact
    assert third.width < 1e-15
    assert interval.number("pi").lo < interval.number("pi").hi
    assert interval.number(0.1).exact
