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

from research.selu_vs_batchnorm.data import Rows, Task, shipped
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import Protocol, Setting, Unit, ensemble, measure, train
from research.selu_vs_batchnorm.training.padding import Part, parts

PROTOCOL = Protocol(epochs=20, patience=2)
WIDTHS = (4, 6, 6, 3)
KEY = jax.random.key(0)
X = jax.random.normal(jax.random.key(1), (40, 4))
ROWS = Part(X, jnp.argmax(X[:, :3], axis=1).astype(jnp.int32), jnp.int32(40), jnp.int32(3))
EPOCH = jax.jit(train.epoch, static_argnums=(0, 1, 2))


def _order(epoch: int) -> jax.Array:
    return jnp.asarray(np.random.default_rng(epoch).permutation(40), jnp.int32)


def _start(
    method: str, rate: float = 0.1, dropout: float = 0.0, protocol: Protocol = PROTOCOL
) -> tuple[train.Network, train.State]:
    network = train.Network(METHODS[method], WIDTHS, noise=dropout > 0)
    return network, train.start(protocol, network.init(KEY), jnp.float32(rate), jnp.float32(dropout))


def _epochs(method: str, count: int, rate: float = 0.1, **options: Any) -> tuple[train.Network, list[Any]]:
    """The states and losses of some epochs."""
    protocol = options.get("protocol", PROTOCOL)
    network, state = _start(method, rate, **options)
    seen = []
    for epoch in range(count):
        state, losses = EPOCH(network, protocol, 10, state, _order(epoch), KEY, ROWS, ROWS)
        seen.append((state, losses))
    return network, seen


@pytest.mark.heavy
@pytest.mark.parametrize(("method", "dropout"), [("snn", 0.05), ("batchnorm", 0.0), ("resnet", 0.5)])
def test_training_lowers_the_loss_and_keeps_the_best(method: str, dropout: float) -> None:
    network, seen = _epochs(method, 12, dropout=dropout)
    chex.assert_tree_all_finite([state.weights for state, _ in seen])
    losses = [float(losses.validation) for _, losses in seen]
    assert min(losses) < losses[0]
    last = seen[-1][0]
    assert int(last.epoch) == 12
    loss, accuracy = network.evaluate(last.best, ROWS)
    assert float(loss) == pytest.approx(min(losses[: int(last.best_epoch)]), rel=1e-5)
    assert float(last.best_score) == pytest.approx(-float(loss), rel=1e-5)
    assert 0 <= float(accuracy) <= 1


def test_the_best_epoch_is_that_of_the_highest_mean_accuracy_of_the_last_epochs() -> None:
    protocol = Protocol(epochs=9, patience=9, score="accuracy", smoothing=3)
    _, seen = _epochs("snn", 9, rate=0.3, protocol=protocol)
    accuracies = [float(losses.accuracy) for _, losses in seen]
    means = [np.mean(accuracies[max(0, end - 3) : end]) for end in range(1, 10)]
    last = seen[-1][0]
    assert int(last.best_epoch) == int(np.argmax(np.round(means, 6))) + 1
    assert float(last.best_score) == pytest.approx(max(means), rel=1e-5)
    chex.assert_trees_all_equal(last.best, seen[int(last.best_epoch) - 1][0].weights)


def test_the_second_epoch_needs_no_second_trace() -> None:
    chex.clear_trace_counter()
    program = jax.jit(chex.assert_max_traces(train.epoch, n=1), static_argnums=(0, 1, 2))
    network, state = _start("batchnorm")
    for epoch in range(2):
        state, _ = program(network, PROTOCOL, 10, state, _order(epoch), KEY, ROWS, ROWS)


def test_a_run_that_diverges_is_noted_and_its_best_weights_stay() -> None:
    _, seen = _epochs("msra", 3, rate=1e20)
    assert [int(state.diverged_at) for state, _ in seen] == [1, 1, 1]
    state, losses = seen[0]
    assert not np.isfinite(losses.train)
    assert not state.active(PROTOCOL.patience)
    chex.assert_tree_all_finite(state.best)
    assert int(state.best_epoch) == 0


def test_a_run_without_progress_stops() -> None:
    network, state = _start("snn")
    state = state._replace(best_score=jnp.float32(1), best_epoch=jnp.int32(1), epoch=jnp.int32(1))
    active = []
    for epoch in range(3):
        state, _ = EPOCH(network, PROTOCOL, 10, state, _order(epoch), KEY, ROWS, ROWS)
        active.append(bool(state.active(PROTOCOL.patience)))
    assert active == [True, False, False]


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_an_epoch_is_plain_gradient_descent_with_momentum(momentum: float) -> None:
    protocol = Protocol(epochs=1, patience=1, momentum=momentum)
    network, state = _start("msra", protocol=protocol)
    after, seen = EPOCH(network, protocol, 20, state, _order(0), KEY, ROWS, ROWS)

    def loss(params: Any, rows: jax.Array) -> jax.Array:
        logits = network.model(state.weights._replace(params=params), 0.0, KEY)(ROWS.x[rows])
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), ROWS.y[rows, None], axis=1).mean()

    params, velocity, losses = state.weights.params, None, []
    for rows in _order(0).reshape(2, 20):
        value, gradient = jax.value_and_grad(loss)(params, rows)
        velocity = (
            gradient if velocity is None else jax.tree.map(lambda v, g: momentum * v + g, velocity, gradient)
        )
        params = jax.tree.map(lambda p, v: p - 0.1 * v, params, velocity)
        losses.append(float(value))
    chex.assert_trees_all_close(after.weights.params, params, rtol=1e-4, atol=1e-6)
    assert float(seen.train) == pytest.approx(np.mean(losses), rel=1e-5)


def test_batch_normalization_is_evaluated_with_running_statistics() -> None:
    network, seen = _epochs("batchnorm", 2)
    weights = seen[-1][0].weights
    first, later = (jax.tree.leaves(state.weights.statistics) for state, _ in seen)
    assert all(np.any(a != b) for a, b in zip(first, later, strict=True))
    x = 3 + ROWS.x
    evaluation, training = (network.model(weights, 0.0, key)(x) for key in (None, KEY))
    assert not np.allclose(evaluation, training, atol=1e-2)
    alone = network.model(weights)(x[:1])
    np.testing.assert_allclose(alone, evaluation[:1], rtol=1e-5, atol=1e-5)
    assert not jax.tree.leaves(_start("snn")[1].weights.statistics)


def test_more_rows_than_a_chunk_are_evaluated_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    network, state = _start("batchnorm")
    whole = network.evaluate(state.weights, ROWS)
    monkeypatch.setattr(train, "CHUNK", 16)
    chex.assert_trees_all_close(network.evaluate(state.weights, ROWS), whole, rtol=1e-6)


def _task(rows: int, features: int, classes: int) -> Task:
    x = np.asarray(jax.random.normal(jax.random.key(2), (3 * rows, features)))
    y = x[:, :classes].argmax(axis=1).astype(np.int32)
    cut = [Rows(x[i::3], y[i::3]) for i in range(3)]
    return Task("made up", classes, *cut)


@pytest.mark.heavy
@pytest.mark.parametrize("method", ["snn", "batchnorm", "weightnorm", "highway", "resnet", "fixup"])
def test_unused_room_for_features_classes_and_rows_changes_nothing(method: str) -> None:
    task, protocol = _task(50, 5, 3), Protocol(epochs=1, patience=1)
    exact, roomy = (parts(task, padded=padded) for padded in (False, True))
    assert roomy.train.x.shape == (256, 64)
    found = []
    wide = train.Network(METHODS[method], (64, 8, 8, 32))
    weights = wide.fitted(wide.init(KEY), roomy.features)
    for data, network in ((roomy, wide), (exact, train.Network(METHODS[method], (5, 8, 8, 3)))):
        shapes = jax.tree.leaves(jax.eval_shape(network.init, KEY))
        own = jax.tree.map(
            lambda leaf, shape: leaf[tuple(slice(n) for n in shape.shape)],
            weights,
            jax.tree.unflatten(jax.tree.structure(weights), shapes),
        )
        state = train.start(protocol, own, jnp.float32(0.1), jnp.float32(0))
        order = np.zeros(len(data.train.y), np.int32)
        order[:50] = np.arange(50)
        state, seen = EPOCH(network, protocol, 16, state, order, KEY, data.train, data.validation)
        found.append((seen, network.evaluate(state.weights, data.test)))
    chex.assert_trees_all_close(*found, rtol=1e-4, atol=1e-5)


def test_weights_for_some_of_the_inputs_are_drawn_as_if_only_they_were_there() -> None:
    for method in ("snn", "weightnorm"):
        wide = train.Network(METHODS[method], (256, 512, 2))
        first = wide.fitted(wide.init(KEY), jnp.int32(64)).params["hidden"][0]["linear"]
        kernel = first["kernel"][...]
        assert not np.any(kernel[64:])
        variance = {"snn": 1, "weightnorm": 2}[method] / 64
        assert float(kernel[:64].var()) == pytest.approx(variance, rel=0.03)
    np.testing.assert_allclose(first["scale"][...], jnp.linalg.norm(kernel, axis=0), rtol=1e-6)


def test_networks_in_one_program_do_not_mix() -> None:
    task = shipped("wine")
    settings = (Setting(0.03), Setting(0.1))
    unit = Unit("wine", 0, "batchnorm", 2, 8, settings, 2, Protocol(epochs=3, patience=3), looks=True)
    together = ensemble.run(unit, task)["runs"]
    assert [(run["seed"], run["learning_rate"]) for run in together] == [
        (seed, rate) for seed in (0, 1) for rate in (0.03, 0.1)
    ]
    alone = ensemble.run(
        Unit("wine", 0, "batchnorm", 2, 8, settings[1:], 1, Protocol(epochs=3, patience=3)), task
    )["runs"]
    assert together[1]["curves"]["train"] == pytest.approx(alone[0]["curves"]["train"], rel=1e-4)
    assert together[1]["test_loss"] == pytest.approx(alone[0]["test_loss"], rel=1e-4)
    assert len({run["test_loss"] for run in together}) == 4


def test_the_same_unit_gives_the_same_numbers() -> None:
    unit = Unit("wine", 0, "snn", 2, 8, (Setting(0.1, 0.05),), 1, Protocol(epochs=3, patience=3))
    first, second = (ensemble.run(unit, shipped("wine"))["runs"] for _ in range(2))
    assert first == second


def test_conic_networks_shrink_geometrically_to_the_classes() -> None:
    unit = Unit("wine", 0, "snn", 3, 64, (Setting(0.1),), 1, PROTOCOL, form="conic")
    assert unit.widths(13, 8) == (13, 64, 32, 16, 8)


@pytest.mark.parametrize(("rows", "batch"), [(10, 10), (57, 32), (130, 32), (300, 64), (5000, 128)])
def test_small_tasks_have_smaller_batches(rows: int, batch: int) -> None:
    assert PROTOCOL.batch(rows) == batch


@pytest.mark.parametrize("method", ["snn", "batchnorm"])
def test_training_lowers_for_every_accelerator(method: str) -> None:
    network, state = _start(method, dropout=0.05)
    states = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), state)
    epoch = functools.partial(train.epoch, network, PROTOCOL, 10)
    program = jax.jit(jax.vmap(epoch, in_axes=(0, None, None, None, None)))
    exported = jax.export.export(program, platforms=("cpu", "cuda", "tpu"))(
        states, _order(0), KEY, ROWS, ROWS
    )
    assert exported.platforms == ("cpu", "cuda", "tpu")


def test_layers_are_measured_as_they_are() -> None:
    network, state = _start("snn")
    found = measure.layers(network, state.weights, ROWS)
    chex.assert_shape(list(found), (2,))
    first = network.model(state.weights).hidden[0](ROWS.x)
    assert float(found.mean[0]) == pytest.approx(float(first.mean()), rel=1e-5)
    assert float(found.variance[0]) == pytest.approx(float(first.var()), rel=1e-5)

    def loss(kernel: jax.Array) -> jax.Array:
        model = network.model(state.weights)
        model.hidden[1].linear.kernel[...] = kernel
        return optax.softmax_cross_entropy_with_integer_labels(model(ROWS.x), ROWS.y).mean()

    kernel = network.model(state.weights).hidden[1].linear.kernel[...]
    assert float(found.gradient[1]) == pytest.approx(float(jnp.linalg.norm(jax.grad(loss)(kernel))), rel=1e-4)


def test_a_gradient_too_small_to_be_squared_has_a_norm() -> None:
    deep = train.Network(METHODS["sigmoid"], (4, *[6] * 32, 3))
    norms = measure.layers(deep, deep.init(KEY), ROWS).gradient
    assert 0 < float(norms[0]) < 1e-15 * float(norms[-1])
