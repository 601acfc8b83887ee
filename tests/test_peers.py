"""Other libraries compute the same, where `jaxact list --peers` says so; one that is missing is skipped."""

import importlib
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact._command.peers import PEERS

POINTS = np.linspace(-30, 30, 10_001)

LOOSE = {
    ("keras", "tanh"): 4e-7,  # it is evaluated in float32
    ("torch", "softplus"): 3e-9,  # beyond 20 it is x itself
    ("torch", "mish"): 3e-9,
    ("transformers", "laplace"): 3e-5,  # its two constants have six digits
    ("transformers", "sqrt_softplus"): 3e-9,
}
"""How far apart two may be, relative and absolute, where a peer is known to be less exact."""

WRONG = {("keras", "sparsemax")}  # on rows with a large support, up to 200 where all should sum to 1
"""What a peer is known to get wrong; once it is mended, this list is."""


def _torch(module: str) -> Callable[[str], Callable[[np.ndarray], np.ndarray]]:
    """Functions of a library on torch, as functions of arrays of numpy."""
    torch: Any = pytest.importorskip("torch")

    def find(name: str) -> Callable[[np.ndarray], np.ndarray]:
        function = _OF_TORCH[module](name)
        return lambda x: function(torch.from_numpy(np.array(x))).numpy()

    return find


def _of_functional(name: str) -> Any:
    functional = importlib.import_module("torch.nn.functional")
    if name in {"tanh", "sigmoid"}:
        return getattr(importlib.import_module("torch"), name)
    function = getattr(functional, name)
    return (lambda x: function(x, -1)) if name in {"softmax", "softmin", "log_softmax"} else function


def _of_timm(name: str) -> Any:
    act = pytest.importorskip("timm.layers.create_act")
    return act.get_act_fn(name) if name != "identity" else act.get_act_layer("identity")()


def _of_transformers(name: str) -> Any:
    return pytest.importorskip("transformers.activations").ACT2FN[name]


_OF_TORCH = {"torch": _of_functional, "timm": _of_timm, "transformers": _of_transformers}


def _of_jax(name: str) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: np.asarray(getattr(jax.nn, name)(jnp.asarray(x)))


def _of_keras(name: str) -> Callable[[np.ndarray], np.ndarray]:
    keras = pytest.importorskip("keras")
    return lambda x: np.asarray(getattr(keras.activations, name)(jnp.asarray(x)))


def _peer(library: str, name: str) -> Callable[[np.ndarray], np.ndarray]:
    own = {"jax.nn": _of_jax, "keras": _of_keras}
    return own[library](name) if library in own else _torch(library)(name)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("library", "ours"), [(library, ours) for library in PEERS for ours in PEERS[library]]
)
def test_a_peer_computes_the_same(
    library: str, ours: str, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    theirs = _peer(library, PEERS[library][ours])
    shape = (-1,) if ours in jaxact.specs else (10, 1000)
    points = POINTS if ours in jaxact.specs else POINTS[:10_000]
    with jax.enable_x64(dtype == "float64"):
        x = points.reshape(shape).astype(dtype)
        own = np.asarray(jaxact.get(ours)(jnp.asarray(x)))
        with jax.numpy_dtype_promotion("standard"):  # theirs mix dtypes
            other = theirs(x)
    digits = 16 * float(np.finfo(dtype).eps)
    allowed = max(LOOSE.get((library, ours), 0), digits)
    if (library, ours) in WRONG:
        assert not np.allclose(own, other, rtol=1e-3)
        return
    np.testing.assert_allclose(own, other, rtol=allowed, atol=allowed)
