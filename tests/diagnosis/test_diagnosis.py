"""Diagnoses of networks whose layers are known: what is found, measured, predicted and said."""

import functools
import json
import math
import pathlib
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jaxtyping import Array

import jaxact
from jaxact import initializers
from jaxact.diagnosis.program import Run
from jaxact.nnx import MLP, SelfNormalizingMLP

WIDTH, ROWS = 128, 32
X = jax.random.normal(jax.random.key(7), (ROWS, WIDTH))


def _weights(depth: int, gain: float, seed: int = 0) -> list[Array]:
    keys = jax.random.split(jax.random.key(seed), depth)
    return [gain * jax.random.normal(key, (WIDTH, WIDTH)) / math.sqrt(WIDTH) for key in keys]


def _network(f: Any, weights: list[Array], x: Array) -> Array:
    for i, matrix in enumerate(weights):
        x = (f(x) if i else x) @ matrix
    return x


def _plain(f: Any, depth: int = 6, gain: float = 1.0) -> Any:
    return functools.partial(_network, f, _weights(depth, gain))


def test_what_is_measured_is_so() -> None:
    """Against numbers computed beside it."""
    weights = _weights(4, 1.3)
    found = jaxact.diagnose(functools.partial(_network, jaxact.tanh, weights), X)
    z, values = X, []
    for i, matrix in enumerate(weights):
        z = (jnp.tanh(z) if i else z) @ matrix
        values.append(z)
    for layer, matrix, value in zip(found.layers, weights, values, strict=True):
        assert layer.mean == pytest.approx(float(value.mean()), abs=1e-5)
        assert layer.second == pytest.approx(float((value**2).mean()), rel=1e-5)
        assert layer.variance == pytest.approx(float(value.var()), rel=1e-4)
        assert layer.sigma_w == pytest.approx(float(jnp.sqrt((matrix**2).mean() * WIDTH)), rel=1e-5)
        np.testing.assert_allclose(layer.omega, matrix.sum(axis=0), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(layer.tau, (matrix**2).sum(axis=0), rtol=1e-5)
        unit = value / jnp.linalg.norm(value, axis=1, keepdims=True)
        cosines = np.asarray(unit @ unit.T)[~np.eye(ROWS, dtype=bool)]
        assert layer.correlation == pytest.approx(float(cosines.mean()), abs=1e-5)
    last = found.layers[-1]
    slopes = 1 - jnp.tanh(values[-2]) ** 2
    assert last.chi == pytest.approx(last.sigma_w**2 * float((slopes**2).mean()), rel=1e-4)
    singular = jnp.linalg.svd(slopes[0][:, None] * weights[-1], compute_uv=False)
    np.testing.assert_allclose(
        last.singular, [singular.min(), jnp.median(singular), singular.max()], rtol=1e-3
    )


def test_gradients_are_those_of_jax() -> None:
    """Of the same random combination of outputs, taken by hand with respect to the first layer."""
    weights, key = _weights(3, 1.0), jax.random.key(3)
    found = jaxact.diagnose(functools.partial(_network, jaxact.relu, weights), X, key=key)
    mixed = jax.random.normal(jax.random.split(key, 1)[0], (ROWS, WIDTH))
    gradient = jax.grad(lambda z: (_network(jaxact.relu, [jnp.eye(WIDTH), *weights[1:]], z) * mixed).sum())
    expected = float((gradient(X @ weights[0]) ** 2).sum())
    assert found.layers[0].gradient == pytest.approx(expected, rel=1e-4)


@pytest.mark.heavy
@pytest.mark.parametrize("f", [jaxact.selu, jax.nn.gelu, jaxact.hard_tanh])
def test_predictions_hold(f: Any) -> None:
    """Nineteen of twenty would lie within two deviations; a wrong theory would lose far more."""
    found = jaxact.diagnose(_plain(f, depth=12, gain=1.2), X)
    assert all(layer.follows for layer in found.layers[1:])
    assert sum(layer.within for layer in found.layers) >= 11
    for layer in found.layers[:-1]:
        log = math.log(layer.gradient / layer.predicted_gradient)
        assert abs(log) < 3 * layer.gradient_spread


def test_a_wrong_gain_is_named() -> None:
    found = jaxact.diagnose(_plain(jaxact.relu, depth=10), X)
    (sentence,) = [said for said in found.verdict if said.startswith("Second moments")]
    assert "with relu use gain 1.41, not" in sentence
    mended = jaxact.diagnose(_plain(jaxact.relu, depth=10, gain=initializers.gain("relu")), X)
    assert not any("use gain" in said for said in mended.verdict)


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("f", "name"),
    [
        (jax.nn.gelu, "gelu_tanh"),
        (jax.nn.silu, "silu"),
        (jnp.tanh, "tanh"),
        (jaxact.selu, "selu"),
        (lambda x: x * jnp.tanh(jnp.logaddexp(x, 0.0)), "mish"),
        (lambda x: 0.5 * x, ""),
        (lambda x: x + jnp.sin(3 * x) ** 3, "f"),
    ],
)
def test_activations_are_recognized(f: Any, name: str) -> None:
    assert jaxact.diagnose(_plain(f, depth=2), X).layers[1].activation == name


@pytest.mark.heavy
def test_every_activation_is_followed(entry: jaxact.Spec) -> None:
    """None of the catalogue hides from the theory."""
    run, x = Run(), X[:2]
    program = jax.make_jaxpr(_plain(entry.function, depth=3))(x)
    run(program, program.consts, [x])
    assert len(run.layers) == 3
    source = run.layers[2].source
    assert source.origin is not None
    assert source.origin.layer == 1
    np.testing.assert_array_equal(source.function(source.origin.value), source.value)


def test_dead_and_saturated_units() -> None:
    shifted = jaxact.diagnose(lambda x: jaxact.relu(x @ _weights(1, 1.0)[0] - 100.0) @ _weights(1, 1.0)[0], X)
    assert shifted.layers[1].dead == 1
    assert any("dead" in said for said in shifted.verdict)
    flat = jaxact.diagnose(_plain(jaxact.tanh, depth=4, gain=50.0), X)
    assert flat.layers[2].saturated > 0.8
    assert any("saturated before layers 2, 3, 4" in said for said in flat.verdict)


def test_rows_that_become_alike() -> None:
    found = jaxact.diagnose(_plain(jaxact.sigmoid, depth=5), X)
    assert any(said.startswith("Different rows become alike") for said in found.verdict)


def test_flax_networks() -> None:
    """SELU's gradient factor of 1.0716, and pi / (pi - 1) of batch normalization before ReLU."""
    model = SelfNormalizingMLP((WIDTH, *[256] * 16, 10), rngs=nnx.Rngs(0))
    found = jaxact.diagnose(model, X)
    assert len(found.layers) == 17
    assert [layer.activation for layer in found.layers[1:]] == ["selu"] * 16
    factor = (found.layers[0].gradient / found.layers[-1].gradient) ** (1 / 16)
    assert factor == pytest.approx(1.0716, abs=0.04)
    normalized = MLP((WIDTH, *[256] * 12, 10), normalization="batch", rngs=nnx.Rngs(0))
    before = jax.tree.leaves(nnx.state(normalized, nnx.BatchStat))
    found = jaxact.diagnose(normalized, jax.random.normal(jax.random.key(1), (256, WIDTH)))
    factor = (found.layers[1].gradient / found.layers[-2].gradient) ** (1 / 10)
    assert factor == pytest.approx(math.pi / (math.pi - 1), abs=0.08)
    assert not any(layer.follows for layer in found.layers)
    assert all(layer.within for layer in found.layers)  # from what normalization leaves
    for was, now in zip(before, jax.tree.leaves(nnx.state(normalized, nnx.BatchStat)), strict=True):
        np.testing.assert_array_equal(was, now)


def test_units_that_meet_theorem_1() -> None:
    """Few of LeCun's, all of those that are centred."""
    for kernel_init, share in (
        (nnx.initializers.lecun_normal(), 0.1),
        (initializers.self_normalizing(), 1.0),
    ):
        model = MLP((WIDTH, WIDTH, WIDTH), activation=jaxact.selu, kernel_init=kernel_init, rngs=nnx.Rngs(0))
        layer = jaxact.diagnose(model, X).layers[0]
        assert layer.theorem_1 == 1 if share == 1 else layer.theorem_1 < share


class _Convolutions(nnx.Module):
    def __init__(self, rngs: nnx.Rngs) -> None:
        self.first = nnx.Conv(3, 64, (3, 3), padding="VALID", rngs=rngs)
        self.second = nnx.Conv(64, 64, (3, 3), padding="VALID", rngs=rngs)
        self.last = nnx.Linear(64 * 4, 10, rngs=rngs)

    def __call__(self, x: Array) -> Array:
        x = self.second(nnx.relu(self.first(x)))
        x = nnx.max_pool(nnx.relu(x), (2, 2), (2, 2))
        return self.last(x.reshape(x.shape[0], -1))


def test_convolutions_and_pooling() -> None:
    images = jax.random.normal(jax.random.key(0), (16, 8, 8, 3))
    found = jaxact.diagnose(_Convolutions(nnx.Rngs(0)), images)
    assert [(layer.fan_in, layer.units) for layer in found.layers] == [(27, 64), (576, 64), (256, 10)]
    assert [layer.follows for layer in found.layers] == [False, True, False]
    assert found.layers[1].activation == "relu"
    assert found.layers[1].within


def test_residual_branches_are_measured_and_not_predicted() -> None:
    first, second = _weights(2, 1.0)
    found = jaxact.diagnose(lambda x: (x + jaxact.tanh(x @ first)) @ second, X)
    assert [layer.follows for layer in found.layers] == [False, False]


def test_a_loop_over_layers() -> None:
    weights = _weights(5, 1.0)

    def looped(x: Array) -> Array:
        return jax.lax.scan(lambda x, matrix: (jaxact.relu(x) @ matrix, None), x, jnp.stack(weights))[0]

    found = jaxact.diagnose(looped, X)
    assert len(found.layers) == 5
    plain = jaxact.diagnose(lambda x: _network(jaxact.relu, weights, jaxact.relu(x)), X)
    for one, other in zip(found.layers, plain.layers, strict=True):
        assert one.second == pytest.approx(other.second, rel=1e-5)
        assert one.predicted_second == pytest.approx(other.predicted_second, rel=1e-4)


def test_layers_that_are_recomputed_and_in_16_bits() -> None:
    first, second = (matrix.astype(jnp.bfloat16) for matrix in _weights(2, 1.0))
    network = jax.checkpoint(lambda x: jaxact.selu(x @ first) @ second)
    found = jaxact.diagnose(network, X.astype(jnp.bfloat16))
    assert [layer.activation for layer in found.layers] == ["", "selu"]
    assert found.layers[1].within


def test_weights_on_the_left_and_vmap() -> None:
    """Equinox's way of writing a layer."""
    first, second = _weights(2, 1.0)
    biases = jnp.linspace(-1.0, 1.0, WIDTH)
    found = jaxact.diagnose(jax.vmap(lambda x: second.T @ jaxact.relu(first.T @ x + biases)), X)
    other = jaxact.diagnose(lambda x: jaxact.relu(x @ first + biases) @ second, X)
    for one, two in zip(found.layers, other.layers, strict=True):
        assert one.second == pytest.approx(two.second, rel=1e-5)
        assert one.sigma_b == pytest.approx(two.sigma_b, rel=1e-6)
        np.testing.assert_allclose(one.tau, two.tau, rtol=1e-5)
    assert found.layers[0].sigma_b == pytest.approx(float(jnp.sqrt((biases**2).mean())), rel=1e-5)


def test_text_json_and_picture(tmp_path: pathlib.Path) -> None:
    found = jaxact.diagnose(_plain(jaxact.relu, depth=41), X[:8])
    text = str(found)
    assert text.splitlines()[2].split()[:3] == ["layer", "activation", "weights"]
    assert found.verdict[0] in text
    assert "..." in text
    fields = json.loads(found.to_json())
    assert fields["layers"][0]["dead"] is None
    assert fields["layers"][3]["units"] == len(fields["layers"][3]["omega"]) == WIDTH
    found.save_picture(tmp_path / "layers.png")
    assert (tmp_path / "layers.png").read_bytes().startswith(b"\x89PNG")


def test_bad_questions() -> None:
    with pytest.raises(TypeError, match="a batch of floats in rows; got dtype int32"):
        jaxact.diagnose(_plain(jaxact.relu), jnp.ones((3, 4), int))
    with pytest.raises(ValueError, match="found no layer"):
        jaxact.diagnose(jaxact.relu, X)
