"""The study's training as pure functions: what a step does, what an epoch notes, where it compiles."""

import functools
from typing import Any

import chex
import jax
import jax.export
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from research.selu_vs_batchnorm import measure, train
from research.selu_vs_batchnorm.config import Config
from research.selu_vs_batchnorm.data import Rows
from research.selu_vs_batchnorm.recipes import RECIPES

CONFIG = Config(batch_size=16, patience=2)
WIDTHS = (4, 6, 6, 3)
KEY = jax.random.key(0)
X = jax.random.normal(jax.random.key(1), (40, 4))
ROWS = Rows(X, jnp.argmax(X[:, :3], axis=1).astype(jnp.int32))


EPOCH = jax.jit(train.epoch, static_argnums=(0, 1))


def _start(recipe: str, rate: float = 0.1, config: Config = CONFIG) -> tuple[train.Network, train.State]:
    network = train.Network(RECIPES[recipe], WIDTHS)
    return network, train.init(network, config, KEY, jnp.float32(rate))


def _epochs(recipe: str, count: int, rate: float = 0.1) -> tuple[train.Network, list[Any]]:
    """The states and losses of some epochs."""
    network, state = _start(recipe, rate)
    seen = []
    for _ in range(count):
        state, losses = EPOCH(network, CONFIG, state, ROWS, ROWS)
        seen.append((state, losses))
    return network, seen


@pytest.mark.parametrize("recipe", RECIPES)
def test_training_lowers_the_loss_and_keeps_the_best(recipe: str) -> None:
    network, seen = _epochs(recipe, 12)
    chex.assert_tree_all_finite([state._replace(key=None) for state, _ in seen])
    losses = [float(losses.validation) for _, losses in seen]
    assert min(losses) < losses[0]
    last = seen[-1][0]
    assert int(last.epoch) == 12
    loss, accuracy = network.evaluate(last.best, ROWS)
    assert float(loss) == pytest.approx(min(losses[: int(last.best_epoch)]), rel=1e-5)
    assert float(last.best_loss) == pytest.approx(float(loss), rel=1e-5)
    assert 0 <= float(accuracy) <= 1


def test_the_second_epoch_needs_no_second_trace() -> None:
    chex.clear_trace_counter()
    program = jax.jit(chex.assert_max_traces(train.epoch, n=1), static_argnums=(0, 1))
    network, state = _start("relu_batchnorm")
    for _ in range(2):
        state, _ = program(network, CONFIG, state, ROWS, ROWS)


def test_a_run_that_diverges_is_noted_and_its_best_weights_stay() -> None:
    _, seen = _epochs("relu", 3, rate=1e20)
    assert [int(state.diverged_at) for state, _ in seen] == [1, 1, 1]
    state, losses = seen[0]
    assert not np.isfinite(losses.train)
    assert not state.active(CONFIG.patience)
    chex.assert_tree_all_finite(state.best)
    assert int(state.best_epoch) == 0


def test_a_run_without_progress_stops() -> None:
    network, state = _start("selu")
    state = state._replace(best_loss=jnp.float32(-1), best_epoch=jnp.int32(1), epoch=jnp.int32(1))
    active = []
    for _ in range(3):
        state, _ = EPOCH(network, CONFIG, state, ROWS, ROWS)
        active.append(bool(state.active(CONFIG.patience)))
    assert active == [True, False, False]


def test_an_epoch_is_plain_gradient_descent_with_momentum() -> None:
    config = Config(batch_size=40)
    network, state = _start("relu", 0.1, config)
    after, _ = EPOCH(network, config, state, ROWS, ROWS)

    def loss(params: Any) -> jax.Array:
        logits = network.model(state.weights._replace(params=params), training=True)(ROWS.x)
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), ROWS.y[:, None], axis=1).mean()

    gradient = jax.grad(loss)(state.weights.params)
    by_hand = jax.tree.map(lambda p, g: p - 0.1 * g, state.weights.params, gradient)
    chex.assert_trees_all_close(after.weights.params, by_hand, rtol=1e-4, atol=1e-6)


def test_batch_normalization_is_evaluated_with_running_statistics() -> None:
    network, seen = _epochs("relu_batchnorm", 2)
    weights = seen[-1][0].weights
    first, later = (jax.tree.leaves(state.weights.statistics) for state, _ in seen)
    assert all(np.any(a != b) for a, b in zip(first, later, strict=True))
    x = 3 + ROWS.x
    evaluation, training = (network.model(weights, training=mode)(x) for mode in (False, True))
    assert not np.allclose(evaluation, training, atol=1e-2)
    alone = network.model(weights, training=False)(x[:1])
    np.testing.assert_allclose(alone, evaluation[:1], rtol=1e-5, atol=1e-5)
    assert not jax.tree.leaves(_start("selu")[1].weights.statistics)


def test_seeds_in_one_program_do_not_mix() -> None:
    network = train.Network(RECIPES["relu_batchnorm"], WIDTHS)
    keys, rates = jnp.stack([KEY, jax.random.key(7)]), jnp.array([0.1, 0.01])
    state = jax.vmap(functools.partial(train.init, network, CONFIG))(keys, rates)
    epoch = functools.partial(train.epoch, network, CONFIG)
    together, _ = jax.jit(jax.vmap(epoch, in_axes=(0, None, None)))(state, ROWS, ROWS)
    alone, _ = EPOCH(network, CONFIG, _start("relu_batchnorm")[1], ROWS, ROWS)
    first = jax.tree.map(lambda leaf: leaf[0], together.weights)
    chex.assert_trees_all_close(first, alone.weights, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("recipe", ["selu", "relu_batchnorm"])
def test_training_lowers_for_every_accelerator(recipe: str) -> None:
    network = train.Network(RECIPES[recipe], WIDTHS)
    keys, rates = jax.random.split(KEY, 2), jnp.array([0.1, 0.01])
    state = jax.vmap(functools.partial(train.init, network, CONFIG))(keys, rates)
    program = jax.jit(jax.vmap(functools.partial(train.epoch, network, CONFIG), in_axes=(0, None, None)))
    exported = jax.export.export(program, platforms=("cpu", "cuda", "tpu"))(state, ROWS, ROWS)
    assert exported.platforms == ("cpu", "cuda", "tpu")


def test_layers_are_measured_as_they_are() -> None:
    network, state = _start("selu")
    found = measure.layers(network, state.weights, ROWS)
    chex.assert_shape(list(found), (2,))
    first = network.model(state.weights, training=True).hidden[0](ROWS.x)
    assert float(found.mean[0]) == pytest.approx(float(first.mean()), rel=1e-5)
    assert float(found.variance[0]) == pytest.approx(float(first.var()), rel=1e-5)

    def loss(kernel: jax.Array) -> jax.Array:
        model = network.model(state.weights, training=True)
        model.hidden[1].linear.kernel[...] = kernel
        return optax.softmax_cross_entropy_with_integer_labels(model(ROWS.x), ROWS.y).mean()

    kernel = network.model(state.weights, training=True).hidden[1].linear.kernel[...]
    assert float(found.gradient[1]) == pytest.approx(float(jnp.linalg.norm(jax.grad(loss)(kernel))), rel=1e-4)


def test_a_gradient_too_small_to_be_squared_has_a_norm() -> None:
    deep = train.Network(RECIPES["sigmoid"], (4, *[6] * 32, 3))
    norms = measure.layers(deep, deep.init(KEY), ROWS).gradient
    assert 0 < float(norms[0]) < 1e-15 * float(norms[-1])
