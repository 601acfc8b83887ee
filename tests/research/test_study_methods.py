"""The compared methods are what their papers say."""

import itertools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import nnx

import jaxact
from jaxact.gaussian import half_stable
from jaxact.nnx import AlphaDropout
from research.selu_vs_batchnorm.methods import METHODS, PAPER, Dropout, Noise
from research.selu_vs_batchnorm.methods.affine import Standardized, WeightNormalized
from research.selu_vs_batchnorm.methods.residual import Fixup, Highway, NormalizerFree, Residual

X = jax.random.normal(jax.random.key(1), (200, 64))
CONNECTED = [name for name in METHODS if name != "network_in_network"]
CONVOLUTIONAL = [
    name for name, method in METHODS.items() if method.layer is not None and method.linear is None
] + ["network_in_network"]


def _network(name: str, depth: int = 2, **options: Any) -> Any:
    return METHODS[name].build((64, *[32] * depth, 10), nnx.Rngs(0), **options)


@pytest.mark.heavy
@pytest.mark.parametrize("name", CONNECTED)
def test_a_network_gives_logits_and_finite_gradients(name: str) -> None:
    model = _network(name)
    y = jnp.arange(len(X)) % 10

    def loss(model: Any) -> jax.Array:
        return optax.softmax_cross_entropy_with_integer_labels(model(X), y).mean()

    assert nnx.eval_shape(lambda: _network(name)(X)).shape == (200, 10)
    gradient = jax.tree.leaves(nnx.jit(nnx.grad(loss))(model))
    assert all(np.isfinite(leaf).all() for leaf in gradient)
    assert sum(np.abs(leaf).sum() for leaf in gradient) > 0


@pytest.mark.parametrize("name", CONVOLUTIONAL)
def test_a_convolutional_network_classifies_images(name: str) -> None:
    x = jax.random.normal(jax.random.key(0), (20, 192))

    def outputs() -> list[jax.Array]:
        model = METHODS[name].build((192, 8, 8, 8, 10), nnx.Rngs(0), shape=(8, 8, 3))
        layers = model.layers(x)
        return [*layers, model.output(layers[-1])]

    *layers, logits = nnx.eval_shape(outputs)
    assert logits.shape == (20, 10)
    assert [layer.shape for layer in layers] == [(20, 8, 8, 8), (20, 4, 4, 8), (20, 4, 4, 8)]


def test_a_method_without_such_a_network_says_so() -> None:
    with pytest.raises(ValueError, match="Highway has no convolutional network here"):
        _network("highway", shape=(8, 8, 1))
    with pytest.raises(ValueError, match="Network in Network needs images"):
        _network("network_in_network")
    with pytest.raises(ValueError, match="WeightNorm has no convolutional network here"):
        _network("weightnorm", shape=(8, 8, 1))
    with pytest.raises(ValueError, match="have 75 pixels; got 64 features"):
        _network("snn", shape=(5, 5, 3))
    with pytest.raises(ValueError, match=r"one width; got \[8, 4\]"):
        METHODS["resnet"].build((64, 8, 4, 10), nnx.Rngs(0))


def test_the_seven_of_the_paper_are_there() -> None:
    assert [METHODS[name].label for name in PAPER] == [
        "SNN",
        "MSRAinit",
        "BatchNorm",
        "LayerNorm",
        "WeightNorm",
        "Highway",
        "ResNet",
    ]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("snn", 1.0),
        ("snn_centred", 1.0),
        ("msra", 1.0),
        ("gelu_normalized", 1.0),
        ("tanh_isometric", 1.0),
        ("dks", 1.0),
        ("tat", 1.0),
        ("maxout", 1.0),
        ("batchnorm", 0.5),
        ("groupnorm", 0.5),
    ],
)
def test_a_wide_layer_keeps_the_second_moment_that_it_is_made_for(name: str, expected: float) -> None:
    model = METHODS[name].build((512, 512, 512, 2), nnx.Rngs(0))
    x = jax.random.normal(jax.random.key(0), (256, 512))
    for layer in model.layers(x):
        assert float((layer**2).mean()) == pytest.approx(expected, rel=0.12)


@pytest.mark.parametrize("name", ["gelu", "silu"])
def test_critical_weights_keep_the_second_moment_of_the_half_stable_point(name: str) -> None:
    (point,) = half_stable(getattr(jaxact, name))
    model = METHODS[name].build((512, *[512] * 8, 2), nnx.Rngs(0))
    x = math.sqrt((point.variance - point.sigma_b**2) / point.sigma_w**2) * jax.random.normal(
        jax.random.key(0), (256, 512)
    )
    before = model.hidden[-1].linear(model.layers(x)[-2])
    assert float((before**2).mean()) == pytest.approx(point.variance, rel=0.2)


def test_weight_normalization_starts_as_the_plain_layer_and_learns_length_and_direction_apart() -> None:
    he = jaxact.initializers.he()
    layer = WeightNormalized(64, 32, kernel_init=he, rngs=nnx.Rngs(0))
    np.testing.assert_allclose(layer(X), X @ layer.kernel[...], rtol=1e-4, atol=1e-5)
    gradient = nnx.grad(lambda layer: (layer(X) ** 3).mean())(layer)
    inner = (gradient["kernel"][...] * layer.kernel[...]).sum(axis=0)
    np.testing.assert_allclose(inner, 0, atol=1e-5)
    layer.scale[...] = 2 * layer.scale[...]
    layer.kernel[...] = 5 * layer.kernel[...]
    np.testing.assert_allclose(layer(X), X @ layer.kernel[...] * 0.4, rtol=1e-4, atol=1e-5)


def test_standardised_weights_sum_to_0_and_their_squares_to_1() -> None:
    layer = Standardized(64, 32, use_bias=False, kernel_init=jaxact.initializers.he(), rngs=nnx.Rngs(0))
    weights = layer(jnp.eye(64))
    np.testing.assert_allclose(weights.sum(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose((weights**2).sum(axis=0), 1, rtol=1e-5)


def test_a_highway_layer_mixes_both_ways() -> None:
    layer = Highway(64, -2.0, None, rngs=nnx.Rngs(0))
    gate = jax.nn.sigmoid(layer.gate(X))
    assert float(gate.mean()) == pytest.approx(0.12, abs=0.06)
    np.testing.assert_allclose(layer(X), gate * layer.block(X) + (1 - gate) * X, rtol=1e-5, atol=1e-6)
    layer.gate.bias[...] = jnp.full(64, -1e4)
    np.testing.assert_allclose(layer(X), X)


def test_gates_are_the_nearer_to_closed_the_deeper_the_network() -> None:
    for depth, opening in ((4, -1.0), (30, -3.0)):
        assert float(_network("highway", depth).hidden[-1].gate.bias[0]) == opening


def test_a_residual_block_normalizes_both_layers_of_its_branch() -> None:
    block = Residual(64, None, rngs=nnx.Rngs(0))
    branch = block.second(block.first(X))
    np.testing.assert_allclose(branch.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(branch.std(axis=0), 1, rtol=1e-3)
    np.testing.assert_allclose(block(X), jnp.maximum(X + branch, 0), rtol=1e-6)


def test_fixup_starts_as_if_the_blocks_were_not_there() -> None:
    block = Fixup(64, 4, None, rngs=nnx.Rngs(0))
    np.testing.assert_array_equal(block(X), jnp.maximum(X, 0))
    assert float(block.first.kernel[...].var()) == pytest.approx(2 / 64 / 4, rel=0.1)
    assert not np.any(_network("fixup")(X))


def test_normalizer_free_blocks_add_a_known_variance() -> None:
    model = METHODS["normalizer_free"].build((512, *[512] * 16, 2), nnx.Rngs(0))
    x = jax.random.normal(jax.random.key(0), (256, 512))
    layers = model.layers(x)
    branches = [after - before for before, after in itertools.pairwise(layers)]
    assert len(branches) == 8
    for place, branch in enumerate(branches):
        assert model.hidden[1 + place].deviation == pytest.approx(math.sqrt(1 + 0.04 * place))
        assert 0.02 < float((branch**2).mean()) < 0.2


def test_the_branch_gets_what_comes_in_over_its_deviation() -> None:
    block = NormalizerFree(3, 0.5, nnx.Sequential(lambda x: 2 * x), nnx.Sequential(lambda x: x + 1))
    np.testing.assert_allclose(block(X), X + 0.5 * (2 * X / math.sqrt(1.75) + 1), rtol=1e-6)


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_alpha_dropout_is_that_of_the_library(rate: float) -> None:
    noise = Noise()
    noise.set(jnp.float32(rate), jax.random.key(3))
    x = jaxact.selu(jax.random.normal(jax.random.key(0), (1000, 300)))
    found = Dropout(noise, jaxact.selu)(x)
    whole = AlphaDropout(jaxact.selu, rate, mean=0.0, variance=1.0, rngs=nnx.Rngs(0))(x)
    dropped, expected = (jnp.isclose(y, y.min()) for y in (found, whole))
    assert float(dropped.mean()) == pytest.approx(rate, abs=0.005)
    assert float(found.min()) == pytest.approx(float(whole.min()), rel=1e-5)
    both = ~dropped & ~expected
    np.testing.assert_allclose(found[both], whole[both], rtol=1e-4, atol=1e-5)
    assert float(found.mean()) == pytest.approx(0, abs=0.02)
    assert float(found.var()) == pytest.approx(1, abs=0.02)


def test_plain_dropout_keeps_the_mean_and_each_call_draws_anew() -> None:
    noise = Noise()
    noise.set(jnp.float32(0.5), jax.random.key(3))
    layer = Dropout(noise)
    x = jnp.ones((1000, 300))
    first, second = layer(x), layer(x)
    assert set(np.unique(first)) == {0.0, 2.0}
    assert float(first.mean()) == pytest.approx(1, abs=0.01)
    assert float((first == second).mean()) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("after", [None, jaxact.selu])
def test_without_a_rate_or_in_evaluation_dropout_is_the_identity(after: Any) -> None:
    noise = Noise()
    noise.set(jnp.float32(0), jax.random.key(3))
    layer = Dropout(noise, after)
    np.testing.assert_allclose(layer(X), X, rtol=1e-6)
    noise.set(jnp.float32(0.5), jax.random.key(3))
    assert not np.allclose(layer(X), X)
    layer.eval()
    np.testing.assert_array_equal(layer(X), X)


@pytest.mark.parametrize("name", [name for name in PAPER if name != "snn"] + ["fixup", "normalizer_free"])
def test_dropout_stands_after_the_activations_of_every_method(name: str) -> None:
    model = _network(name, noise=True)
    model.noise.set(jnp.float32(0.0), jax.random.key(0))
    without = model.layers(X)
    model.noise.set(jnp.float32(0.9), jax.random.key(0))
    changed = [not np.allclose(a, b) for a, b in zip(without, model.layers(X), strict=True)]
    assert all(changed)
