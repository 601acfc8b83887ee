"""The theorems of self-normalization: proved, with the numbers of the paper; and what is false is not."""

from collections.abc import Callable

import numpy as np
import pytest

import jaxact
from jaxact.gaussian import MomentMap
from jaxact.proof.layer import Layer
from jaxact.proof.numbers import interval
from jaxact.proof.numbers.interval import Interval, number
from jaxact.proof.theorems import selu
from jaxact.proof.theorems.certificate import Certificate

THEOREMS = [selu.theorem_1, selu.theorem_2, selu.theorem_3, selu.lemma_12]


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda theorem: theorem.__name__)
def test_theorems_are_proved(theorem: Callable[[], Certificate]) -> None:
    found = theorem()
    assert found.holds
    assert 0 < found.boxes < 5000
    assert found.statement


def test_the_constants_are_those_of_the_paper() -> None:
    alpha, scale = selu.constants()
    assert float(alpha.middle) == pytest.approx(1.67326324235437728, abs=1e-14)
    assert float(scale.middle) == pytest.approx(1.05070098735548049, abs=1e-14)


def test_bounds_are_those_of_the_paper() -> None:
    """Its Jacobian at the fixed point, and the norm at the corner of lemma 12, for both moments."""
    bounds = selu.theorem_1().bounds
    assert float(bounds["slope of the mean at (0, 1)"].middle) == pytest.approx(0.088834, abs=1e-6)
    assert float(bounds["slope of the variance at (0, 1)"].middle) == pytest.approx(0.782648, abs=1e-6)
    corner = selu.lemma_12().bounds
    second, variance = (corner[f"of the {name} at the corner"] for name in ("second moment", "variance"))
    assert float(second.middle) == pytest.approx(0.9912524171058772, abs=1e-12)
    assert float(variance.middle) == pytest.approx(0.989026271839354, abs=1e-12)


def test_moments_are_those_of_quadrature() -> None:
    moments = MomentMap(jaxact.selu, (0.0,))
    for mean, variance in ((0.0, 1.0), (0.1, 0.8), (-0.3, 2.5), (0.05, 0.1), (-1.0, 9.0)):
        found = selu.layer(_point(mean), _point(variance))
        expected = moments.moments(mean, variance)
        assert float(found.mean.middle) == pytest.approx(float(expected.mean), abs=1e-6)
        assert float(found.square.middle) == pytest.approx(float(expected.second), abs=1e-5)


def test_derivatives_are_those_of_the_moments() -> None:
    h = 1e-6
    for mean, variance in ((0.0, 1.0), (0.2, 0.7), (-0.4, 3.0)):
        at = selu.layer(_point(mean), _point(variance))
        for by, (dm, dv) in (("m", (h, 0.0)), ("v", (0.0, h))):
            after = selu.layer(_point(mean + dm), _point(variance + dv))
            before = selu.layer(_point(mean - dm), _point(variance - dv))
            for name in ("mean", "square"):
                change = float((getattr(after, name) - getattr(before, name)).middle) / (2 * h)
                assert change == pytest.approx(float(getattr(at, f"{name}_{by}").middle), abs=1e-6)


def test_no_value_lies_outside_its_enclosure() -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        m, width = random.uniform(-0.2, 0.2), random.uniform(0, 0.1)
        v, height = random.uniform(0.05, 10), random.uniform(0, 1)
        box = selu.layer(_between(m, m + width), _between(v, v + height))
        inside = selu.layer(_point(m + width * random.uniform()), _point(v + height * random.uniform()))
        for name in ("mean", "square", "mean_m", "mean_v", "square_m", "square_v", "variance"):
            assert interval.meet(getattr(box, name), getattr(inside, name)).width >= 0
            assert getattr(box, name).lo <= getattr(inside, name).hi
            assert getattr(inside, name).lo <= getattr(box, name).hi


FALSE: list[tuple[Callable[[Layer], bool], tuple[float, float], tuple[float, float]]] = [
    (lambda found: bool(found.variance.hi < 1.481), (-0.01, 0.01), (0.76, 1.65)),  # it reaches 1.4816
    (lambda found: bool(found.mean.lo > -0.03106), (-0.01, 0.01), (0.76, 1.65)),  # and -0.0310605
    (lambda found: bool(found.square_v.hi < 0.7826), (0.0, 0.0), (1.0, 1.1)),  # 0.782648 at 1
]


@pytest.mark.parametrize(("claim", "m", "v"), FALSE)
def test_what_is_false_is_not_proved(
    claim: Callable[[Layer], bool],
    m: tuple[float, float],
    v: tuple[float, float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(selu, "BOXES", 500)
    shown, boxes = selu.everywhere(lambda *box: claim(selu.layer(*box)), _between(*m), _between(*v))
    assert not shown
    assert boxes == 501


def _point(value: float) -> Interval:
    return number(value)


def _between(low: float, high: float) -> Interval:
    return interval.between(low, high)
