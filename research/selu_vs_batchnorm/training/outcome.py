"""What is recorded of a unit when it is trained."""

from collections.abc import Callable, Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from sklearn.metrics import roc_auc_score

from research.selu_vs_batchnorm.data import Rows, Task
from research.selu_vs_batchnorm.training import train
from research.selu_vs_batchnorm.training.padding import Part
from research.selu_vs_batchnorm.training.unit import Unit

PROBE = 256
"""Training rows on which the layers are measured; enough for a variance to within some per cent."""


def runs(
    unit: Unit,
    parts: Iterable[tuple[Rows, Part]],
    logits_of: Callable[..., Any],
    state: train.State,
    history: np.ndarray,
) -> list[dict[str, Any]]:
    """What is known of each network at its best weights.

    Args:
        unit: What was trained.
        parts: Training, validation and test rows, each also as they are on the device.
        logits_of: Gives logits of all networks from their weights and rows.
        state: At the end, by seed and setting.
        history: What `train.Seen` names, of shape `(epochs, 3, seeds, settings)`.
    """
    found = {}
    for name, (rows, part) in zip(("train", "validation", "test"), parts, strict=True):
        logits = np.asarray(logits_of(state.best, part))[:, :, : len(rows.y), : int(part.classes)]
        found[name] = [[_scores(one, rows.y) for one in each] for each in logits]
    best_epoch, diverged_at, score = map(np.asarray, (state.best_epoch, state.diverged_at, state.best_score))
    return [
        {
            "seed": seed,
            **setting._asdict(),
            "best_epoch": int(best_epoch[seed, i]),
            "diverged_at": int(diverged_at[seed, i]) or None,
            "score": float(score[seed, i]),
            **{f"{part}_{name}": value for part in found for name, value in found[part][seed][i].items()},
            "curves": {
                name: history[:, place, seed, i].tolist() for place, name in enumerate(train.Seen._fields)
            },
        }
        for seed in range(unit.seeds)
        for i, setting in enumerate(unit.settings)
    ]


def _scores(logits: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Loss, accuracy, and the area under the ROC curve where there are two classes."""
    wide = logits.astype(np.float64)
    highest = wide.max(axis=1)
    loss = np.log(np.exp(wide - highest[:, None]).sum(axis=1)) + highest - wide[np.arange(len(y)), y]
    found = {"loss": float(loss.mean()), "accuracy": float((logits.argmax(axis=1) == y).mean())}
    if logits.shape[1] == 2 and len(np.unique(y)) == 2 and np.isfinite(wide).all():
        found["auc"] = float(roc_auc_score(y, wide[:, 1] - wide[:, 0]))
    return found


def layers(
    measured: Callable[..., Any], rows: Part, initial: train.State, final: train.State
) -> dict[str, Any]:
    """Signal and gradient in every layer of every network, before and after.

    Args:
        measured: Gives `measure.Layers` of all networks from their weights and rows.
        rows: The training rows.
        initial: Before the first step.
        final: At the end.
    """
    count = min(PROBE, int(rows.rows))
    probe = rows._replace(x=rows.x[:count], y=rows.y[:count], rows=jnp.int32(count))
    found = {}
    for when, weights in (("initial", initial.weights), ("trained", final.best)):
        values = measured(weights, probe)._asdict()
        found[when] = {name: np.concatenate(np.asarray(value)).tolist() for name, value in values.items()}
    return found


def parameters(network: train.Network, weights: train.Weights, task: Task) -> int:
    """Trained numbers of one network without those for features and classes that the task does not have."""
    features, first, *_, last, classes = network.widths
    unused = (features - task.train.x.shape[1]) * first + (classes - task.classes) * (last + 1)
    return sum(leaf[0].size for leaf in jax.tree.leaves(weights.params)) - unused
