"""Models of tails enclose the function and its derivatives at every point beyond their start."""

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from flint import arb, ctx, fmpq

import jaxact
from jaxact.proof.numbers import elementary, interval
from jaxact.proof.numbers.interval import Interval
from jaxact.proof.pieces.pieces import UndecidedError, pieces
from jaxact.proof.programs import program, tracing
from jaxact.proof.programs.enclosure import enclosed
from jaxact.proof.tails.approach import Approach, OpenError
from jaxact.proof.tails.beyond import beyond
from jaxact.proof.tails.tail import Tail

START, ORDER, PRECISION = 16, 2, 320

CUSTOM: dict[str, Callable[[Any], Any]] = {
    "serf": lambda x: x * jax.lax.erf(jax.nn.softplus(x)),
    "tanhexp": lambda x: x * jnp.tanh(jnp.exp(x)),
    "logish": lambda x: x * jnp.log(1 + jax.nn.sigmoid(x)),
    "isru": lambda x: x * jax.lax.rsqrt(1 + x * x),
    "gompertz": lambda x: jnp.exp(-jnp.exp(-x)),
    "symlog": lambda x: jnp.sign(x) * jnp.log1p(jnp.abs(x)),
    "pade": lambda x: (x + 0.5 * x**3) / (1 + jnp.abs(x) + 0.5 * x**2),
    "cbrt": jax.lax.cbrt,
    "sinc": lambda x: jnp.sin(x) / x,
    "powers": lambda x: (1 + x * x) ** 0.3 * x,
    "phish": lambda x: x * jnp.tanh(0.5 * x * (1 + jax.lax.erf(x))),
    "hyperbolic": lambda x: jnp.cosh(x) / jnp.sinh(x),
}


def _smooth(found: program.Program, side: int) -> program.Program:
    with ctx.workprec(PRECISION):
        return pieces(found)[0 if side < 0 else -1].program


def _at(model: Tail, u: arb) -> Interval:
    """The model at one point."""
    point = Interval(u.lower(), u.upper())
    t, total = interval.reciprocal(point), interval.ZERO
    for kind, series in model.terms.items():
        inner = series.rest
        for number in reversed(series.c):
            inner = inner * t + number.enclosure()
        exponent = interval.ZERO
        for power, number in enumerate(kind.growth, 1):
            exponent = exponent + number.enclosure() * point**power
        order = elementary.exp(interval.number(-series.order) * elementary.log(point))
        total = total + elementary.exp(exponent) * order * elementary.log(point) ** kind.logs * inner
    return total


def _check(found: program.Program, name: str) -> int:
    """Holds both tails against enclosures at points; gives the number of comparisons."""
    chance, count = random.Random(name), 0
    for side in (-1, 1):
        smooth = _smooth(found, side)
        with ctx.workprec(PRECISION):
            try:
                models = beyond(smooth, Approach(side, START), ORDER)
            except OpenError:
                continue
            for _ in range(20):
                u = arb(START * (1 + chance.expovariate(0.3) ** 3)).mid()
                truths = enclosed(smooth, Interval(side * u, side * u), ORDER)
                for model, truth in zip(models, truths, strict=True):
                    at = _at(model, u)
                    assert at.lo <= truth.hi, (name, side, float(u))
                    assert truth.lo <= at.hi, (name, side, float(u))
                    count += 1
    return count


def test_tails_of_the_catalogue_enclose_it(entry: jaxact.Spec) -> None:
    try:
        assert _check(program.of_formula(entry.formula, entry.defaults), entry.name) == 120
    except UndecidedError:
        pytest.skip("its pieces are not known")


@pytest.mark.parametrize("name", CUSTOM)
def test_tails_of_other_functions_enclose_them(name: str) -> None:
    assert _check(tracing.of_function(CUSTOM[name]), name) > 0


BESIDE: dict[str, tuple[Callable[[Any], Any], Fraction]] = {
    "cbrt": (jax.lax.cbrt, Fraction(0)),
    "a third": (lambda x: jnp.cbrt(3 * x - 1) * x, Fraction(1, 3)),
    "sinc": (lambda x: jnp.sin(x) / x, Fraction(0)),
    "root": (lambda x: jnp.sqrt(jnp.abs(x - 2)) + jnp.exp(x), Fraction(2)),
    "power": (lambda x: jnp.abs(x) ** 2.3, Fraction(0)),
    "entropy": (lambda x: x * jnp.log(jnp.abs(x)), Fraction(0)),
    "flat": (lambda x: jnp.exp(-1 / (x * x)), Fraction(0)),
    "quotient": (lambda x: jnp.expm1(x) / jnp.tanh(x), Fraction(0)),
    "pole": (lambda x: 1 / jnp.log1p(x * x), Fraction(0)),
    "wave": (lambda x: x * jnp.sin(1 / x), Fraction(0)),
    "of all": (
        lambda x: (jnp.arctan(x) - jnp.arcsinh(x) + jax.lax.erf(x) - jax.nn.sigmoid(x) + jnp.cosh(x)) / x,
        Fraction(0),
    ),
    "elsewhere": (lambda x: (jnp.tanh(x) - jnp.tanh(1.0)) / (x - 1), Fraction(1)),
}


@pytest.mark.parametrize("name", BESIDE)
def test_models_beside_a_point_enclose_the_function(name: str) -> None:
    f, place = BESIDE[name]
    chance = random.Random(name)
    with ctx.workprec(PRECISION):
        parts = pieces(tracing.of_function(f))
        for side in (-1, 1):
            edges = ((part.left if side > 0 else part.right, part) for part in parts if not part.point)
            smooth = next(part.program for edge, part in edges if edge is not None and edge.exact == place)
            models = beyond(smooth, Approach(side, START, place), 3)
            for _ in range(50):
                u = Fraction(START * (1 + chance.expovariate(0.3) ** 3))
                truths = enclosed(smooth, interval.number(place + side / u), 3)
                for model, truth in zip(models, truths, strict=True):
                    at = _at(model, arb(fmpq(u.numerator, u.denominator)))
                    assert at.lo <= truth.hi, (side, float(u))
                    assert truth.lo <= at.hi, (side, float(u))


def test_a_wrong_model_is_seen() -> None:
    at = Approach(1, START)
    with ctx.workprec(PRECISION):
        (model,) = beyond(tracing.of_function(lambda x: x + 1 / x), at, 0)
        assert _at(model, arb(20)).hi < 20.06
        assert not _at(Tail.variable(at), arb(20)).hi > 20.04


@pytest.mark.parametrize(
    ("f", "side", "limit"),
    [
        (lambda x: jnp.sqrt(x * x + x) - x, 1, 0.5),
        (lambda x: (jnp.exp(x) - jnp.exp(-x)) / (jnp.exp(x) + jnp.exp(-x)), 1, 1.0),
        (lambda x: x * jnp.log1p(1 / x), 1, 1.0),
        (lambda x: x * jnp.arctan(1 / x), -1, 1.0),
        (lambda x: jnp.log(jnp.exp(2 * x) + x) - 2 * x, 1, 0.0),
        (lambda x: x**2 * jnp.exp(x), -1, 0.0),
    ],
)
def test_limits(f: Callable[[Any], Any], side: int, limit: float) -> None:
    with ctx.workprec(PRECISION):
        (model,) = beyond(_smooth(tracing.of_function(f), side), Approach(side, START), 0)
        found = model.limit()
    assert found is not None
    assert abs(found.middle - limit) < 1e-12


def test_what_has_no_limit_has_none() -> None:
    with ctx.workprec(PRECISION):
        (wave,) = beyond(tracing.of_function(jnp.sin), Approach(1, START), 0)
        (growing,) = beyond(tracing.of_function(lambda x: x + jnp.sin(x)), Approach(1, START), 0)
    assert wave.limit() is None
    assert wave.sign is None
    assert growing.sign == 1
    assert growing.limit() is not None


def test_what_the_model_does_not_know_is_said() -> None:
    with pytest.raises(OpenError, match="logarithm"):
        beyond(tracing.of_function(lambda x: jnp.log(jnp.log(x))), Approach(1, START), 0)
    with pytest.raises(OpenError, match="exponential"):
        beyond(tracing.of_function(lambda x: jnp.exp(jnp.exp(x))), Approach(1, START), 0)
