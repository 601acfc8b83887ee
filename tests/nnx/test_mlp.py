"""Deep networks: shapes, starts, normalization in training and evaluation."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

import jaxact
import jaxact.nnx
from jaxact.nnx import MLP, AlphaDropout, SelfNormalizingMLP

X = jax.random.normal(jax.random.key(0), (256, 16))


@pytest.mark.heavy
@pytest.mark.parametrize("normalization", [None, "batch", "layer", "rms", nnx.BatchNorm])
def test_shapes_and_finite_gradients(normalization: Any) -> None:
    activation = jaxact.nnx.PReLU()
    model = MLP((16, 8, 12, 3), activation=activation, normalization=normalization, rngs=nnx.Rngs(0))
    assert model(X).shape == (256, 3)
    assert [block.linear.kernel.shape for block in model.hidden] == [(16, 8), (8, 12)]
    gradient = nnx.grad(lambda model: jnp.mean(model(X) ** 2))(model)
    assert all(np.isfinite(leaf).all() and np.any(leaf != 0) for leaf in jax.tree.leaves(gradient))


def test_a_bias_stands_only_where_the_normalization_has_none() -> None:
    def biased(normalization: str | None) -> bool:
        model = MLP((16, 8, 3), normalization=normalization, rngs=nnx.Rngs(0))
        return model.hidden[0].linear.bias is not None

    assert [biased(name) for name in (None, "batch", "layer", "rms")] == [True, False, False, True]


def test_a_network_without_hidden_layers_is_affine() -> None:
    model = MLP((16, 3), rngs=nnx.Rngs(0))
    assert len(model.hidden) == 0
    assert model(X).shape == (256, 3)


def test_batch_normalization_tells_training_from_evaluation() -> None:
    model = MLP((16, 8, 3), normalization="batch", rngs=nnx.Rngs(0))
    norm = model.hidden[0].normalization
    x = 5 + 3 * X
    training = model(x)
    before = np.asarray(norm.mean[...])
    model.eval()
    assert not np.allclose(model(x), training, atol=1e-2)
    np.testing.assert_array_equal(norm.mean[...], before)  # evaluation leaves the statistics alone
    model.train()
    for _ in range(200):
        model(x)
    assert not np.allclose(norm.mean[...], before)
    pre = model.hidden[0].linear(x)
    np.testing.assert_allclose(norm.mean[...], pre.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(norm.var[...], pre.var(axis=0), rtol=1e-4)
    model.eval()
    np.testing.assert_allclose(model(x), training, atol=1e-3)  # the running statistics are now the batch's


@pytest.mark.parametrize("normalization", ["batch", "layer"])
def test_the_variance_survives_a_large_mean(normalization: str) -> None:
    axis = 0 if normalization == "batch" else -1
    model = MLP((1, 4096, 1), normalization=normalization, rngs=nnx.Rngs(0))
    norm = model.hidden[0].normalization
    y = norm(1e4 + jax.random.normal(jax.random.key(0), (512, 4096)))
    assert float(y.std(axis=axis).mean()) == pytest.approx(1, abs=1e-3)


def test_a_self_normalizing_network_keeps_mean_and_variance_over_depth() -> None:
    for rate in (0.0, 0.1):
        x = jax.random.normal(jax.random.key(1), (128, 256))
        for block in SelfNormalizingMLP((256, *[256] * 12, 10), rate=rate, rngs=nnx.Rngs(0)).hidden:
            x = block(x)
            assert abs(float(x.mean())) < 0.2
            assert 0.5 < float(x.var()) < 1.6


def test_a_self_normalizing_network_starts_as_the_paper_says() -> None:
    model = SelfNormalizingMLP((512, 512, 10), rate=0.05, rngs=nnx.Rngs(0))
    (block,) = model.hidden
    assert float(block.linear.kernel[...].var()) * 512 == pytest.approx(1, rel=0.02)
    assert block.activation is jaxact.selu
    assert isinstance(block.dropout, AlphaDropout)
    assert block.dropout.rate == 0.05
    assert SelfNormalizingMLP((4, 4, 2), rngs=nnx.Rngs(0)).hidden[0].dropout is None


def test_what_cannot_be_built_is_refused() -> None:
    with pytest.raises(ValueError, match="normalization must be batch, layer, rms or None; got 'bach'"):
        MLP((4, 4, 2), normalization="bach", rngs=nnx.Rngs(0))
    for widths in ((4,), (4, 0, 2), ()):
        with pytest.raises(ValueError, match="MLP needs positive widths"):
            MLP(widths, rngs=nnx.Rngs(0))
    with pytest.raises(ValueError, match="identity has no finite limit"):
        SelfNormalizingMLP((4, 4, 2), activation=jaxact.identity, rate=0.1, rngs=nnx.Rngs(0))


def test_biases_of_hidden_layers_start_as_asked_for() -> None:
    network = MLP((4, 8, 2), bias_init=nnx.initializers.ones, rngs=nnx.Rngs(0))
    assert np.all(network.hidden[0].linear.bias[...] == 1)
    assert not np.any(network.output.bias[...])
