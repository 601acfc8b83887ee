"""Parameters of several numbers: passed whole they are what their numbers are."""

import re
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact import _registry
from jaxact._vectors import joined, separated, stem, vectors

pytestmark = pytest.mark.heavy

X = jnp.linspace(-3.1, 3.3, 12).reshape(4, 3)

every_vector = pytest.mark.parametrize(
    ("name", "vector"),
    [(entry.name, vector) for entry in jaxact.specs.values() for vector in vectors(entry.defaults)],
)


@every_vector
def test_a_vector_passed_whole_is_its_numbers(name: str, vector: str) -> None:
    entry = jaxact.spec(name)
    numbers = {p.name: p.default * 0.7 + 0.1 for p in entry.parameters if stem(p.name) == vector}
    expected = entry.function(X, **numbers)
    whole = (*numbers.values(),)
    for value in (whole, [*whole], np.array(whole), jnp.array(whole), [jnp.float32(each) for each in whole]):
        np.testing.assert_array_equal(entry.function(X, **{vector: value}), expected)
    traced = jax.jit(lambda value: entry.function(X, **{vector: value}))(whole)
    np.testing.assert_allclose(traced, expected, rtol=1e-6, atol=1e-6)


@every_vector
def test_a_vector_has_the_gradient_of_its_numbers(name: str, vector: str) -> None:
    entry = jaxact.spec(name)
    value = jnp.array(joined(entry.defaults)[vector])
    whole = jax.grad(lambda value: entry.function(X, **{vector: value}).sum())(value)
    numbers = {p.name: jnp.float32(p.default) for p in entry.parameters if stem(p.name) == vector}
    each = jax.grad(lambda numbers: entry.function(X, **numbers).sum())(numbers)
    np.testing.assert_array_equal(whole, jnp.stack([*each.values()]))


@every_vector
def test_each_feature_may_have_a_vector_of_its_own(name: str, vector: str) -> None:
    entry = jaxact.spec(name)
    shared = np.float32(joined(entry.defaults)[vector])
    own = shared[:, None] * np.float32([0.5, 1.0, 0.25]) + np.float32([0.0, 0.0, 0.125])
    y = entry.function(X, **{vector: own})
    for i in range(3):
        np.testing.assert_allclose(y[:, i], entry.function(X[:, i], **{vector: own[:, i]}), rtol=1e-6)


def test_vectors_may_have_other_lengths() -> None:
    """Hinges of slope 0 change nothing, and more of them are more hinges."""
    x = jnp.linspace(-2, 2, 9)
    more = jaxact.apl(x, slopes=[0.2, -0.1, 0.0], places=[-0.5, 0.5, 1.0])
    np.testing.assert_array_equal(more, jaxact.apl(x))
    one = jaxact.apl(x, slopes=(0.5,), places=jnp.array([0.25]))
    np.testing.assert_allclose(one, jnp.maximum(x, 0) + 0.5 * jnp.maximum(0.25 - x, 0), rtol=1e-6)
    slope = jax.vmap(jax.grad(lambda x: jaxact.apl(x, slopes=(0.5,), places=(0.25,))))(x)
    np.testing.assert_array_equal(slope, jnp.where(x > 0, 1.0, 0.0) - jnp.where(x < 0.25, 0.5, 0.0))


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "one number": (
        {"slopes": 0.1},
        TypeError,
        "apl: slopes is numbers along the first axis; got a single one, 0.1.",
    ),
    "no number": ({"slopes": ()}, ValueError, "apl: slopes must have at least one number; got none."),
    "one twice": ({"slopes": (1, 2), "slopes[1]": 2}, TypeError, "apl: pass slopes or slopes[1]; got both."),
    "one too many": (
        {"slopes[2]": 1.0},
        TypeError,
        "apl has no parameter slopes[2]; its parameters: slopes, places.",
    ),
    "lengths that differ": (
        {"slopes": (1, 2, 3)},
        ValueError,
        "apl: slopes and places must have equally many numbers; got 3 and 2.",
    ),
    "no real number": (
        {"slopes": (0, 1j)},
        TypeError,
        "apl: slopes[1] is defined on the reals; got dtype complex64.",
    ),
    "a number outside its domain": (
        {"places": (0.5, float("nan"))},
        ValueError,
        "apl: places[1] must lie in (-inf, inf); got nan.",
    ),
    "a shape that does not broadcast": (
        {"slopes": np.ones((2, 5))},
        ValueError,
        "apl: slopes[0] of shape (5,) does not broadcast to x of shape (4, 3).",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_vector_that_does_not_fit_is_refused(case: str) -> None:
    given, error, message = WRONG[case]
    with pytest.raises(error) as caught:
        jaxact.apl(X, **given)
    assert str(caught.value) == message


def test_numbers_and_vectors_go_both_ways() -> None:
    numbers = {"scale": 1.0, "a[0]": 2.0, "a[1]": 3.0, "b[0]": 4.0}
    whole = {"scale": 1.0, "a": (2.0, 3.0), "b": (4.0,)}
    assert joined(numbers) == whole
    assert vectors(numbers) == {"a": 2, "b": 1}
    assert separated("f", whole, vectors(numbers)) == numbers


def test_a_definition_expands_its_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_registry, "_specs", {})
    monkeypatch.setattr(_registry, "names", {})

    def mine(x: Any, *, scale: Any = 1.0, parts: Any = (0.5, 0.25)) -> Any:
        return scale * (parts[0] + parts[-1] * x)

    described = (
        jaxact.Parameter("scale", "(0, inf)", "what it does", "nobody"),
        jaxact.Parameter("parts", "[0, 1]", "what they do", "nobody", learned=True),
    )
    define = jaxact.activation(
        formula="scale * (parts[0] + parts[1] * x)", paper="nobody 2000", parameters=described
    )
    define(mine)
    entry = _registry.spec("mine")
    assert entry.defaults == {"scale": 1.0, "parts[0]": 0.5, "parts[1]": 0.25}
    assert [parameter.learned for parameter in entry.parameters] == [False, True, True]
    mine.__name__ = "mine2"
    with pytest.raises(
        ValueError, match=re.escape("mine2 has no parameter parts[2]; it has ['scale', 'parts[0]'")
    ):
        jaxact.activation(formula="parts[2] * x", paper="nobody 2000", parameters=described)(mine)
