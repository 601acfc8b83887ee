"""Transformed activations: what they promise is so, and so are their formulas and kinks."""

import json
import math
import pathlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, ctx

import jaxact
from jaxact._formula import NUMPY, parse
from jaxact.gaussian import MomentMap, moments
from jaxact.proof import increasing, prove

ORACLES = pathlib.Path(__file__).parents[3] / "shared" / "oracles"
X = np.linspace(-4, 4, 41)


def _recorded(name: str) -> dict[str, Any]:
    path = ORACLES / name
    if not path.exists():
        pytest.skip(f"the recorded values {name} are not in this checkout")
    return json.loads(path.read_text())


def _kinks(f: Callable[..., Any]) -> tuple[float, ...]:
    return tuple(joint.at for joint in jaxact.spec(f).joints())


def _is_told_by_its_formula(f: Callable[..., Any]) -> None:
    with jax.enable_x64(True):  # noqa: FBT003
        values = np.asarray(f(jnp.asarray(X)))
    with np.errstate(all="ignore"):  # the branch not taken may divide by 0
        expected = jaxact.spec(f).formula.evaluate(NUMPY, x=X)
    np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.heavy
def test_every_normalized_function_has_mean_0_and_variance_1(entry: jaxact.Spec) -> None:
    f = jaxact.normalize(entry.function)
    seen = moments(f, kinks=_kinks(f))
    assert (seen.mean, seen.variance) == pytest.approx((0, 1), abs=1e-10)
    _is_told_by_its_formula(f)


def test_recorded_normalizations() -> None:
    for name, (scale, shift) in _recorded("published.json")["gaussian_poincare_a_b"].items():
        f = jaxact.normalize(name, slope=True)
        plain = jaxact.specs[name].function
        with jax.enable_x64(True):  # noqa: FBT003
            x = jnp.asarray(X)
            np.testing.assert_allclose(f(x), scale * plain(x) + shift, rtol=1e-10, atol=1e-10)
        seen = moments(f, kinks=_kinks(f))
        assert (seen.second, seen.slope_squared) == pytest.approx((1, 1), rel=1e-12)


def test_selu_follows_from_elu() -> None:
    f = jaxact.self_normalize(jaxact.elu)
    recorded = _recorded("published.json")["selu"]
    assert f.__name__ == "self_normalize(elu, scale=1.6732632423543774)"
    with jax.enable_x64(True):  # noqa: FBT003
        np.testing.assert_allclose(f(jnp.asarray(X)), jaxact.selu(jnp.asarray(X)), rtol=2e-15)
    two = jaxact.self_normalize(jaxact.elu, variance=2.0)
    known = recorded["fixed_point_0_2"]
    assert float(two(1.0)) == pytest.approx(known["lambda"], rel=1e-6)
    assert f"scale={known['alpha']:.10f}"[:-2] in two.__name__
    _is_told_by_its_formula(two)


def test_a_fixed_point_anywhere_is_one_and_attracts() -> None:
    for mean, variance, omega, tau in ((0.05, 1.5, 0.0, 1.0), (-0.1, 1.0, 0.1, 1.05)):
        f = jaxact.self_normalize("elu", mean, variance, omega=omega, tau=tau)
        layer = MomentMap(f, (0.0,), omega, tau)
        assert layer(mean, variance) == pytest.approx((mean, variance), rel=1e-10, abs=1e-11)
        eigenvalues = np.linalg.eigvals(layer.jacobian(mean, variance))
        assert np.abs(eigenvalues).max() < 1


def test_what_cannot_normalize_itself_is_refused_with_the_numbers() -> None:
    with pytest.raises(TypeError, match="chooses one parameter of relu; name it, of: none"):
        jaxact.self_normalize(jaxact.relu)
    with pytest.raises(ValueError, match=r"leaky_relu has .* does not attract: .* is 1 at slope"):
        jaxact.self_normalize(jaxact.leaky_relu)
    with pytest.raises(ValueError, match=r"celu has no fixed point \(3, 1\)"):
        jaxact.self_normalize(jaxact.celu, 3.0)
    with pytest.raises(ValueError, match="variance must be positive; got -1"):
        jaxact.self_normalize(jaxact.elu, variance=-1.0)
    with pytest.raises(TypeError, match="elu has no parameter slope; its parameters: scale"):
        jaxact.self_normalize(jaxact.elu, parameter="slope")


def test_what_cannot_be_normalized_is_refused_with_the_numbers() -> None:
    with pytest.raises(ValueError, match=r"its variance under N\(0, 1\) is 0"):
        jaxact.normalize(lambda x: 0 * x + 1)
    with pytest.raises(ValueError, match="heaviside cannot be normalized: E f'\\*\\*2 is 0"):
        jaxact.normalize(jaxact.heaviside, slope=True)
    with pytest.raises(ValueError, match="it jumps"):
        jaxact.normalize(lambda x: 0.1 * x + jnp.sign(x), slope=True)


def test_an_affine_map_moves_the_kinks() -> None:
    f = jaxact.affine(
        jaxact.elu, input_scale=-2.0, input_shift=1.0, output_scale=0.5, output_shift=3.0, scale=0.25
    )
    (joint,) = jaxact.spec(f).joints()
    assert joint.at == 0.5
    assert joint.slope == pytest.approx(-0.25)
    assert float(jax.grad(f)(0.5)) == pytest.approx(joint.slope)
    _is_told_by_its_formula(f)
    with pytest.raises(ValueError, match="output_scale must not be 0"):
        jaxact.affine(jaxact.tanh, output_scale=0.0)
    with pytest.raises(TypeError, match="elu has no parameter alpha; its parameters: scale"):
        jaxact.affine(jaxact.elu, alpha=2.0)


def test_transforms_nest_and_keep_the_laws() -> None:
    f = jaxact.normalize(jaxact.affine(jaxact.normalize(jaxact.gelu), input_scale=0.5))
    seen = moments(f)
    assert (seen.mean, seen.variance) == pytest.approx((0, 1), abs=1e-10)
    _is_told_by_its_formula(f)
    assert f(jnp.float16(1.5)).dtype == jnp.float16
    assert f(3).dtype == jnp.float32
    x = jnp.linspace(-3, 3, 7)
    np.testing.assert_allclose(jax.jit(jax.vmap(jax.grad(f)))(x), jax.vmap(jax.grad(f))(x), rtol=1e-6)
    with pytest.raises(TypeError, match="is defined on the reals"):
        f(1j)


def test_a_transformed_function_is_proved_about_and_examined() -> None:
    f = jaxact.self_normalize(jaxact.elu)
    assert prove(increasing(f)).holds
    assert jaxact.check(f).claims["monotonic"].evidence == "proved"


def test_a_function_of_ones_own_is_transformed() -> None:
    f = jaxact.normalize(lambda x: x + jnp.sin(x) ** 2)
    seen = moments(f)
    assert (seen.mean, seen.variance) == pytest.approx((0, 1), abs=1e-10)
    with pytest.raises(KeyError, match="not in the catalogue"):
        jaxact.spec(f)


def test_a_surrogate_has_one_value_and_another_slope() -> None:
    spike = jaxact.surrogate(jaxact.heaviside, jaxact.sigmoid)
    x = jnp.linspace(-2, 2, 9)
    np.testing.assert_array_equal(spike(x), jaxact.heaviside(x))
    np.testing.assert_allclose(jax.vmap(jax.grad(spike))(x), jax.vmap(jax.grad(jaxact.sigmoid))(x), rtol=1e-6)
    through = jaxact.surrogate(jnp.round)
    assert float(jax.jit(jax.grad(through))(0.3)) == 1.0
    assert spike.__name__ == "surrogate(heaviside, sigmoid)"


def test_names_in_a_formula_are_replaced_and_functions_are_not() -> None:
    formula = parse("where(x > 0, x, exp * exp(x)) + 1e-5 * e")
    found = formula.substituted({"x": "2 * x", "exp": "0.5", "e": "3"})
    assert found.text == "where((2 * x) > 0, (2 * x), 0.5 * exp((2 * x))) + 1e-5 * 3"
    assert math.isclose(found.evaluate(NUMPY, x=1.0), 2 + 3e-5)


def test_constants_to_many_places() -> None:
    """Klambauer et al. 2017, equation 14, in ball arithmetic."""
    with ctx.workprec(300):
        root = arb(2).sqrt()
        once, twice = (1 / root).erfc(), root.erfc()
        e, pi = arb(1).exp(), arb.pi()
        alpha = -(2 / pi).sqrt() / (once * e.sqrt() - 1)
        inner = 2 * twice * e**2 + pi * once**2 * e - 2 * (2 + pi) * once * e.sqrt() + pi + 2
        scale = (1 - once * e.sqrt()) * (2 * pi).sqrt() / inner.sqrt()
        expected = [number.str(61, radius=False) for number in (alpha, scale)]
    found = jaxact.transform.self_normalizing_constants(jaxact.elu, digits=59)
    for text, digits in zip(expected, found, strict=True):
        assert abs(Decimal(text) - Decimal(digits)) <= Decimal(10) ** -59
        assert len(digits) == 61


def test_constants_of_another_place() -> None:
    f = jaxact.self_normalize("elu", variance=2.0)
    scale, factor = jaxact.transform.self_normalizing_constants("elu", variance=2.0, digits=20)
    assert float(scale) == pytest.approx(1.9712557503462690, rel=1e-14)
    assert f"scale={float(scale)!r}"[:20] == f.__name__.partition(", ")[2][:20]
    assert float(f(1.0)) == pytest.approx(float(factor), rel=1e-6)
    with pytest.raises(ValueError, match="digits must be from 1 to 60; got 100"):
        jaxact.transform.self_normalizing_constants("elu", digits=100)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["relu", "selu", "gelu", "hard_tanh", "heaviside", "softplus"])
def test_mollified(name: str) -> None:
    """Against the expectation, for a closed form and for quadrature, with its slope."""
    entry = jaxact.specs[name]
    kinks = tuple(joint.at for joint in entry.joints())
    f = jaxact.mollify(entry.function, 0.3)
    points = [-2.0, -0.4, 0.0, 0.7, 1.0]
    laws = [moments(entry.function, mean=x, variance=0.09, kinks=kinks) for x in points]
    np.testing.assert_allclose(f(jnp.array(points)), [law.mean for law in laws], atol=2e-6)
    if name != "heaviside":  # whose slope is that of its jump
        slopes = jax.vmap(jax.grad(f))(jnp.array(points))
        np.testing.assert_allclose(slopes, [law.slope for law in laws], atol=2e-5)
    assert float(f(-jnp.inf)) == float(entry.function(-jnp.inf))
    assert f(jnp.ones((2, 3), jnp.bfloat16)).dtype == jnp.bfloat16


def test_mollified_step_is_the_normal_distribution() -> None:
    step = jaxact.mollify(jaxact.heaviside, 0.5)
    x = jnp.linspace(-2.0, 2.0, 9)
    np.testing.assert_allclose(step(x), jax.scipy.stats.norm.cdf(x / 0.5), atol=1e-6)
    np.testing.assert_allclose(
        jax.vmap(jax.grad(step))(x), jax.scipy.stats.norm.pdf(x / 0.5) / 0.5, atol=1e-5
    )


def test_mollified_refuses() -> None:
    with pytest.raises(ValueError, match="width must be positive; got 0"):
        jaxact.mollify(jaxact.relu, 0.0)
    with pytest.raises(ValueError, match="its mean is not finite"):
        jaxact.mollify(lambda x: jnp.exp(x**2), 1.0)
