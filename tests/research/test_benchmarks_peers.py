"""The functions that benchmarks compare are found by looking at the libraries."""

import importlib.util

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact.nn
from research.benchmarks.peers import Shared, chosen, shared

ENTRIES = pytest.mark.parametrize("found", shared().values(), ids=lambda found: found.name)


def test_what_is_no_activation_or_has_another_name_is_left_out() -> None:
    names = set(shared())
    assert {"gelu", "gelu_tanh", "relu", "silu", "selu", "mish", "squareplus", "tanh"} <= names
    assert names.isdisjoint({"identity", "swish", "hard_swish", "glu", "softmax", "log_softmax", "one_hot"})


def test_none_of_jaxact_s_own_is_missed() -> None:
    own = {getattr(jaxact.nn, name) for name in dir(jaxact.nn)}
    aliases = [
        f for f in own if callable(f) and f.__module__.startswith("jaxact") and hasattr(jax.nn, f.__name__)
    ]
    assert len(aliases) == len(shared()) - 1 + 2  # gelu gives two; identity and glu are left out


@ENTRIES
def test_both_are_the_function_of_the_formula(found: Shared) -> None:
    x = jnp.linspace(-4.03, 4.1, 50)
    expected = found.spec.function(x)
    for library in ("jaxact", "jax.nn"):
        np.testing.assert_allclose(found.functions[library](x), expected, rtol=2e-5, atol=1e-6)
    assert found.functions["jaxact"] is not found.functions["jax.nn"]


@ENTRIES
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_torch_s_is_the_same_function(found: Shared) -> None:
    torch = pytest.importorskip("torch")
    lacking = {"sparse_plus", "sparse_sigmoid", "squareplus"}
    assert ("torch" in found.functions) == (found.name not in lacking)
    if found.name not in lacking:
        x = np.linspace(-4.03, 4.1, 50, dtype=np.float32)
        got = found.functions["torch"](torch.from_numpy(x)).numpy()
        np.testing.assert_allclose(got, found.spec.function(x), rtol=2e-5, atol=1e-6)


def test_chosen_are_in_the_order_asked_for_and_known() -> None:
    assert [found.name for found in chosen(("silu", "gelu", "silu"))] == ["silu", "gelu"]
    assert len(chosen(())) == len(shared())
    with pytest.raises(ValueError, match="No shared function is called 'gleu'; the nearest are gelu"):
        chosen(("gleu",))
