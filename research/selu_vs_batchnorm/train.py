"""Training as pure functions of one run's state; `run.py` maps them over all runs of a recipe."""

import dataclasses
import functools
from typing import Any, NamedTuple

import chex
import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from jaxact.nnx import MLP
from research.selu_vs_batchnorm.config import Config
from research.selu_vs_batchnorm.data import Rows
from research.selu_vs_batchnorm.recipes import Recipe


class Weights(NamedTuple):
    """What a network has learned.

    Attributes:
        params: Weights, biases, and scales of the normalization.
        statistics: Running means and variances of the normalization, empty without one.
    """

    params: optax.Params
    statistics: nnx.State


class State(NamedTuple):
    """One run in the middle of its training.

    Attributes:
        key: From which the order of the rows comes.
        learning_rate: Of this run.
        weights: Now.
        optimizer: Momentum.
        best: The weights with the lowest validation loss so far.
        best_loss: That loss.
        best_epoch: When that was, counted from 1; 0 before training.
        epoch: Epochs done.
        diverged_at: The epoch in which the loss became infinite or NaN; 0 if it did not.
    """

    key: PRNGKeyArray
    learning_rate: Float[Array, ""]
    weights: Weights
    optimizer: optax.OptState
    best: Weights
    best_loss: Float[Array, ""]
    best_epoch: Int[Array, ""]
    epoch: Int[Array, ""]
    diverged_at: Int[Array, ""]

    def active(self, patience: int) -> Bool[Array, ""]:
        """Whether the run may still improve."""
        return (self.diverged_at == 0) & (self.epoch - self.best_epoch < patience)


class Losses(NamedTuple):
    """What an epoch shows.

    Attributes:
        train: Mean loss of its steps.
        validation: Loss after it, in evaluation mode.
        accuracy: Validation accuracy after it.
    """

    train: Float[Array, ""]
    validation: Float[Array, ""]
    accuracy: Float[Array, ""]


@dataclasses.dataclass(frozen=True)
class Network:
    """A recipe at given widths, as functions of weights.

    Attributes:
        recipe: How it is built.
        widths: Of input, hidden layers and output.
    """

    recipe: Recipe
    widths: tuple[int, ...]

    @functools.cached_property
    def _graph(self) -> nnx.GraphDef[MLP]:
        return nnx.graphdef(nnx.eval_shape(lambda: self.recipe.build(self.widths, jax.random.key(0))))

    def init(self, key: PRNGKeyArray) -> Weights:
        """Draws weights."""
        return Weights(*nnx.state(self.recipe.build(self.widths, key), nnx.Param, nnx.BatchStat))

    def model(self, weights: Weights, *, training: bool) -> MLP:
        """The network with given weights, in training or evaluation mode."""
        model = nnx.merge(self._graph, *weights, copy=True)
        if training:
            model.train()
        else:
            model.eval()
        return model

    def evaluate(self, weights: Weights, rows: Rows) -> tuple[Float[Array, ""], Float[Array, ""]]:
        """Mean cross-entropy and accuracy in evaluation mode."""
        logits = self.model(weights, training=False)(rows.x)
        return cross_entropy(logits, rows.y), jnp.mean(logits.argmax(axis=-1) == rows.y)


def cross_entropy(logits: Float[Array, "rows classes"], y: Int[Array, " rows"]) -> Float[Array, ""]:
    """Mean cross-entropy of the softmax; from logits, its gradient survives a saturated softmax."""
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()


def init(network: Network, config: Config, key: PRNGKeyArray, learning_rate: Float[Array, ""]) -> State:
    """A run before its first step."""
    draw, order = jax.random.split(key)
    weights = network.init(draw)
    zero = jnp.zeros((), jnp.int32)
    return State(
        key=order,
        learning_rate=learning_rate,
        weights=weights,
        optimizer=_optimizer(config, learning_rate).init(weights.params),
        best=weights,
        best_loss=jnp.full((), jnp.inf, jnp.float32),
        best_epoch=zero,
        epoch=zero,
        diverged_at=zero,
    )


def epoch(
    network: Network, config: Config, state: State, train: Rows, validation: Rows
) -> tuple[State, Losses]:
    """Goes once through the training rows in a new order, then looks at the validation rows.

    Rows that do not fill a batch are left out, others in every epoch.
    """
    chex.assert_rank([train.x, train.y], [2, 1])
    chex.assert_type([train.x, train.y], [jnp.float32, jnp.int32])
    batch = min(config.batch_size, len(train.y))
    order = jax.random.permutation(jax.random.fold_in(state.key, state.epoch), len(train.y))
    batches = order[: order.size // batch * batch].reshape(-1, batch)
    optimizer = _optimizer(config, state.learning_rate)

    def next_step(carry: tuple[Weights, Any], rows: Array) -> tuple[tuple[Weights, Any], Array]:
        return step(network, optimizer, *carry, Rows(train.x[rows], train.y[rows]))

    (weights, momentum), losses = jax.lax.scan(next_step, (state.weights, state.optimizer), batches)
    loss, accuracy = network.evaluate(weights, validation)
    seen = Losses(losses.mean(), loss, accuracy)
    chex.assert_shape(list(seen), ())
    return _noted(state._replace(weights=weights, optimizer=momentum), seen, config.patience), seen


def step(
    network: Network, optimizer: optax.GradientTransformation, weights: Weights, momentum: Any, rows: Rows
) -> tuple[tuple[Weights, Any], Float[Array, ""]]:
    """One step of gradient descent; the loss is that before it."""

    def objective(params: Any) -> tuple[Array, nnx.State]:
        model = network.model(weights._replace(params=params), training=True)
        return cross_entropy(model(rows.x), rows.y), nnx.state(model, nnx.BatchStat)

    (loss, statistics), gradient = jax.value_and_grad(objective, has_aux=True)(weights.params)
    update, momentum = optimizer.update(gradient, momentum, weights.params)
    return (Weights(optax.apply_updates(weights.params, update), statistics), momentum), loss


def _noted(state: State, seen: Losses, patience: int) -> State:
    """Keeps the best weights, and notes the epoch in which the loss ceased to be a number."""
    active = state.active(patience)
    now = state.epoch + 1
    finite = jnp.isfinite(seen.train) & jnp.isfinite(seen.validation)
    better = active & finite & (seen.validation < state.best_loss)
    return state._replace(
        best=jax.tree.map(lambda new, old: jnp.where(better, new, old), state.weights, state.best),
        best_loss=jnp.where(better, seen.validation, state.best_loss),
        best_epoch=jnp.where(better, now, state.best_epoch),
        epoch=now,
        diverged_at=jnp.where(active & ~finite, now, state.diverged_at),
    )


def _optimizer(config: Config, learning_rate: Any) -> optax.GradientTransformation:
    return optax.sgd(learning_rate, momentum=config.momentum)
