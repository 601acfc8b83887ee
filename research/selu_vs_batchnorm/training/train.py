"""Training as pure functions of one network's state; `ensemble.py` maps them over many networks.

What is drawn at random comes from outside: networks that differ in their settings only share it.
"""

import dataclasses
import functools
from typing import Any, NamedTuple

import chex
import jax
import jax.numpy as jnp
import optax
from flax import nnx
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from research.selu_vs_batchnorm.methods import Method, Stack
from research.selu_vs_batchnorm.training.padding import Part
from research.selu_vs_batchnorm.training.protocol import Protocol

CHUNK = 1024
"""Rows that are evaluated at once."""


class Weights(NamedTuple):
    """What a network has learned.

    Attributes:
        params: Weights, biases, and scales of the normalization.
        statistics: Running means and variances of the normalization, empty without one.
    """

    params: optax.Params
    statistics: nnx.State


class State(NamedTuple):
    """One network in the middle of its training.

    Attributes:
        learning_rate: Of this network.
        dropout: Likewise.
        weights: Now.
        optimizer: Momentum.
        scores: Of the last epochs, which are averaged; the higher the better, the newest last.
        best: The weights at the best mean score so far.
        best_score: That score.
        best_epoch: When that was, counted from 1; 0 before training.
        epoch: Epochs done.
        diverged_at: The epoch in which the loss became infinite or NaN; 0 if it did not.
    """

    learning_rate: Float[Array, ""]
    dropout: Float[Array, ""]
    weights: Weights
    optimizer: optax.OptState
    scores: Float[Array, " smoothing"]
    best: Weights
    best_score: Float[Array, ""]
    best_epoch: Int[Array, ""]
    epoch: Int[Array, ""]
    diverged_at: Int[Array, ""]

    def active(self, patience: int) -> Bool[Array, ""]:
        """Whether the network may still improve."""
        return (self.diverged_at == 0) & (self.epoch - self.best_epoch < patience)


class Seen(NamedTuple):
    """What an epoch shows.

    Attributes:
        train: Mean loss of its steps, in nats per row.
        validation: Loss after it, in evaluation mode.
        accuracy: Validation accuracy after it, in [0, 1].
    """

    train: Float[Array, ""]
    validation: Float[Array, ""]
    accuracy: Float[Array, ""]


@dataclasses.dataclass(frozen=True)
class Network:
    """A method at given widths, as functions of weights.

    Attributes:
        method: How it is built.
        widths: Of input, hidden layers and output.
        noise: Whether it has dropout layers.
        shape: Of an image, for a convolutional network.
    """

    method: Method
    widths: tuple[int, ...]
    noise: bool = False
    shape: tuple[int, int, int] | None = None

    @functools.cached_property
    def _abstract(self) -> tuple[nnx.GraphDef[Stack], nnx.State]:
        """What stays when the weights are taken out, and the shapes of what is no weight: the noise."""
        model = nnx.eval_shape(lambda: self._build(jax.random.key(0)))
        graph, _, _, rest = nnx.split(model, nnx.Param, nnx.BatchStat, ...)
        return graph, rest

    def _build(self, key: PRNGKeyArray) -> Stack:
        return self.method.build(self.widths, nnx.Rngs(params=key), noise=self.noise, shape=self.shape)

    def init(self, key: PRNGKeyArray) -> Weights:
        """Draws weights."""
        return _weights(self._build(key))

    def fitted(self, weights: Weights, features: Int[Array, ""]) -> Weights:
        """Weights as they would be drawn if only the first `features` inputs were there."""
        if not self.method.pads or self.shape is not None:
            return weights
        model = self.model(weights)
        _use_inputs(model, features)
        return _weights(model)

    def model(self, weights: Weights, dropout: Any = 0.0, key: PRNGKeyArray | None = None) -> Stack:
        """The network with given weights: in training mode with a key, in evaluation mode without."""
        graph, rest = self._abstract
        model = nnx.merge(graph, *weights, jax.tree.map(_blank, rest), copy=True)
        if key is None:
            model.eval()
            return model
        model.train()
        if model.noise is not None:
            model.noise.set(dropout, key)
        return model

    def logits(self, weights: Weights, part: Part) -> Float[Array, "room classes"]:
        """Logits of all rows in evaluation mode; minus infinity where there is no class."""
        model = self.model(weights)
        rows = len(part.y)
        if rows <= CHUNK:
            return _masked(model(part.x), part.classes)
        extra = -rows % CHUNK
        chunks = jnp.pad(part.x, ((0, extra), (0, 0))).reshape(-1, CHUNK, part.x.shape[1])
        logits = jax.lax.map(model, chunks)
        return _masked(logits.reshape(-1, logits.shape[-1])[:rows], part.classes)

    def evaluate(self, weights: Weights, part: Part) -> tuple[Float[Array, ""], Float[Array, ""]]:
        """Mean cross-entropy and accuracy in evaluation mode."""
        logits = self.logits(weights, part)
        real = jnp.arange(len(part.y)) < part.rows
        loss = jnp.sum(jnp.where(real, cross_entropy(logits, part.y), 0)) / part.rows.astype(jnp.float32)
        return loss, jnp.sum(real & (logits.argmax(axis=-1) == part.y)) / part.rows


def cross_entropy(logits: Float[Array, "rows classes"], y: Int[Array, " rows"]) -> Float[Array, " rows"]:
    """Cross-entropy of the softmax; from logits, its gradient survives a saturated softmax."""
    return optax.softmax_cross_entropy_with_integer_labels(logits, y)


def start(
    protocol: Protocol, weights: Weights, learning_rate: Float[Array, ""], dropout: Float[Array, ""]
) -> State:
    """A network before its first step."""
    zero = jnp.zeros((), jnp.int32)
    return State(
        learning_rate=learning_rate,
        dropout=dropout,
        weights=weights,
        optimizer=_optimizer(protocol, learning_rate).init(weights.params),
        scores=jnp.full(protocol.smoothing, jnp.nan, jnp.float32),
        best=weights,
        best_score=jnp.full((), -jnp.inf, jnp.float32),
        best_epoch=zero,
        epoch=zero,
        diverged_at=zero,
    )


def epoch(  # noqa: PLR0917  # vmap maps over positions
    network: Network,
    protocol: Protocol,
    batch: int,
    state: State,
    order: Int[Array, " room"],
    key: PRNGKeyArray,
    train: Part,
    validation: Part,
) -> tuple[State, Seen]:
    """Goes once through the training rows in a given order, then looks at the validation rows.

    Rows at the end of the order that do not fill a batch are left out.
    """
    chex.assert_rank([train.x, train.y], [2, 1])
    chex.assert_type([train.x, train.y], [jnp.float32, jnp.int32])
    optimizer = _optimizer(protocol, state.learning_rate)
    steps = train.rows // batch

    def next_step(i: Array, carry: tuple[Weights, Any, Array]) -> tuple[Weights, Any, Array]:
        weights, momentum, total = carry
        rows = jax.lax.dynamic_slice_in_dim(order, i * batch, batch)
        seen = train._replace(x=train.x[rows], y=train.y[rows])
        mask = jax.random.fold_in(key, i)
        (weights, momentum), loss = step(network, optimizer, weights, momentum, seen, state.dropout, mask)
        return weights, momentum, total + loss

    before = (state.weights, state.optimizer, jnp.zeros(()))
    weights, momentum, total = jax.lax.fori_loop(0, steps, next_step, before)
    seen = Seen(total / steps.astype(jnp.float32), *network.evaluate(weights, validation))
    chex.assert_shape(list(seen), ())
    return _noted(state._replace(weights=weights, optimizer=momentum), seen, protocol), seen


def step(  # noqa: PLR0917  # likewise
    network: Network,
    optimizer: optax.GradientTransformation,
    weights: Weights,
    momentum: Any,
    batch: Part,
    dropout: Float[Array, ""],
    key: PRNGKeyArray,
) -> tuple[tuple[Weights, Any], Float[Array, ""]]:
    """One step of gradient descent on all rows of `batch`; the loss is that before it."""

    def objective(params: Any) -> tuple[Array, nnx.State]:
        model = network.model(weights._replace(params=params), dropout, key)
        logits = _masked(model(batch.x), batch.classes)
        return cross_entropy(logits, batch.y).mean(), nnx.state(model, nnx.BatchStat)

    (loss, statistics), gradient = jax.value_and_grad(objective, has_aux=True)(weights.params)
    update, momentum = optimizer.update(gradient, momentum, weights.params)
    return (Weights(optax.apply_updates(weights.params, update), statistics), momentum), loss


def _noted(state: State, seen: Seen, protocol: Protocol) -> State:
    """Keeps the best weights, and notes the epoch in which the loss ceased to be a number."""
    active = state.active(protocol.patience)
    now = state.epoch + 1
    finite = jnp.isfinite(seen.train) & jnp.isfinite(seen.validation)
    score = -seen.validation if protocol.score == "loss" else seen.accuracy
    scores = jnp.append(state.scores[1:], score)
    mean = jnp.nanmean(scores)
    better = active & finite & (mean > state.best_score)
    return state._replace(
        scores=scores,
        best=jax.tree.map(lambda new, old: jnp.where(better, new, old), state.weights, state.best),
        best_score=jnp.where(better, mean, state.best_score),
        best_epoch=jnp.where(better, now, state.best_epoch),
        epoch=now,
        diverged_at=jnp.where(active & ~finite, now, state.diverged_at),
    )


def _blank(leaf: Any) -> Array:
    """A value of the same kind, to be set."""
    is_key = jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    return jax.random.key(0) if is_key else jnp.zeros(leaf.shape, leaf.dtype)


def _masked(logits: Array, classes: Array) -> Array:
    """Minus infinity, or nearly so, for classes that the task does not have."""
    return jnp.where(jnp.arange(logits.shape[-1]) < classes, logits, -1e30)


def _weights(model: Stack) -> Weights:
    return Weights(*nnx.state(model, nnx.Param, nnx.BatchStat))


def _use_inputs(model: Stack, features: Array) -> None:
    """Lets the first layer have weights as if only the first `features` inputs were there."""
    first: Any = model.hidden[0]
    linear = first.linear
    kernel = linear.kernel[...]
    inputs = len(kernel)
    used = (jnp.arange(inputs) < features)[:, None]
    scale = jnp.sqrt(inputs / features.astype(kernel.dtype))
    linear.kernel[...] = jnp.where(used, kernel * scale, 0)
    if hasattr(linear, "scale"):
        linear.scale[...] = jnp.linalg.norm(linear.kernel[...], axis=0)


def _optimizer(protocol: Protocol, learning_rate: Any) -> optax.GradientTransformation:
    return optax.sgd(learning_rate, momentum=protocol.momentum or None)
