"""Masked and infinite entries of rows."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact

pytestmark = pytest.mark.heavy

masked = pytest.mark.parametrize(
    "entry_of_rows",
    [each for each in jaxact.operations.values() if "where" in inspect.signature(each.function).parameters],
    ids=lambda entry: entry.name,
)
NOTHING = {"log_softmax": -jnp.inf}
"""What an entry that does not take part gets, where that is not 0."""


@masked
def test_masked_entries_do_not_take_part(entry_of_rows: jaxact.Operation) -> None:
    random = np.random.default_rng(0)
    x = jnp.asarray(random.normal(size=6), jnp.float32)
    where = jnp.array([True, False, True, True, False, True])
    y = entry_of_rows.function(x, axis=0, where=where)
    np.testing.assert_allclose(y[where], entry_of_rows.function(x[where], axis=0), rtol=1e-6)
    assert (y[~where] == NOTHING.get(entry_of_rows.name, 0)).all()
    inside = lambda x: jnp.where(where, entry_of_rows.function(x, axis=0, where=where), 0)  # noqa: E731
    slope = jax.grad(lambda x: jnp.sum(x * inside(x)))(x)
    assert jnp.isfinite(slope).all()
    assert (slope[~where] == inside(x)[~where]).all()


@masked
def test_a_row_without_entries_gives_nothing(entry_of_rows: jaxact.Operation) -> None:
    x, where = jnp.ones((2, 3)), jnp.zeros((2, 3), bool)
    y, pull_back = jax.vjp(lambda x: entry_of_rows.function(x, axis=-1, where=where), x)
    assert (y == NOTHING.get(entry_of_rows.name, 0)).all()
    assert (pull_back(jnp.ones_like(y))[0] == 0).all()


@masked
def test_masks_that_do_not_fit_are_refused(entry_of_rows: jaxact.Operation) -> None:
    with pytest.raises(TypeError, match="where must be an array of bools; got dtype int32"):
        entry_of_rows.function(jnp.ones(3), axis=0, where=jnp.ones(3, "int32"))
    with pytest.raises(ValueError, match="where of shape"):
        entry_of_rows.function(jnp.ones(3), axis=0, where=jnp.ones(2, bool))


@pytest.mark.parametrize(
    "name", ["softmax", "sparsemax", "entmax", "sigsoftmax", "taylor_softmax", "softmax_one"]
)
def test_infinite_entries_share_what_there_is(name: str) -> None:
    f = jaxact.get(name)
    np.testing.assert_array_equal(f(jnp.array([jnp.inf, 1.0, jnp.inf, -3.0])), [0.5, 0, 0.5, 0])
    if name != "taylor_softmax":  # which is a polynomial, and even in the large
        np.testing.assert_array_equal(f(jnp.array([-jnp.inf, 1.0]))[0], 0)
        np.testing.assert_array_equal(f(jnp.array([-jnp.inf, -jnp.inf])), [0, 0])


def test_the_order_of_entmax_leads_from_softmax_to_sparsemax() -> None:
    x = jnp.array([0.3, -0.2, 1.1, 0.9])
    np.testing.assert_allclose(jaxact.entmax(x, order=1.001), jaxact.softmax(x), atol=2e-3)
    np.testing.assert_allclose(jaxact.entmax(x, order=2.0), jaxact.sparsemax(x), atol=1e-6)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        wide = jnp.asarray([0.3, -0.2, 1.1, 0.9])
        slope = jax.jacfwd(lambda order: jaxact.entmax(wide, order=order))(1.7)
        around = (jaxact.entmax(wide, order=1.7 + 1e-5) - jaxact.entmax(wide, order=1.7 - 1e-5)) / 2e-5
    np.testing.assert_allclose(slope, around, rtol=1e-6, atol=1e-8)
