"""Which of the tried settings counts: the one that the validation rows prefer."""

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.training import Unit


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a method reaches on a split of a task, with the settings that the validation rows prefer.

    Attributes:
        dataset: Its name.
        split: Which of its splits.
        method: Of `METHODS`.
        label: What it is called in tables.
        depth: Hidden layers.
        width: Units of each, or of the first.
        form: `rectangular` or `conic`.
        learning_rate: Of gradient descent.
        dropout: Rate of dropout.
        parameters: Trained numbers of one network.
        networks: How many were trained to choose from.
        diverged: How many of them diverged.
        runs: One for each seed at the chosen settings: `seed`, `best_epoch`, `diverged_at`, `score`, and of
            `train`, `validation` and `test` the `..._loss` in nats per row, the `..._accuracy` in [0, 1] and,
            with two classes, the `..._auc`; `curves` over epochs of `train`, `validation` (losses) and
            `accuracy` (of the validation rows), where they are kept.
        layers: Mean, variance and gradient norm of each hidden block, `initial` and `trained`, mean over the
            seeds, where they were measured.
        step_seconds: Seconds per step of all networks of the chosen shape at once.
        compile_seconds: To trace and compile them.
        memory_bytes: Of that program; None where XLA does not tell.
        seconds: For all networks that were tried.
    """

    dataset: str
    split: int
    method: str
    label: str
    depth: int
    width: int
    form: str
    learning_rate: float
    dropout: float
    parameters: int
    networks: int
    diverged: int
    runs: list[dict[str, Any]]
    layers: dict[str, dict[str, list[float]]] | None
    step_seconds: float
    compile_seconds: float
    memory_bytes: int | None
    seconds: float


def choose(
    measured: Iterable[tuple[Unit, dict[str, Any]]], *, every_depth: bool, curves: bool
) -> list[Chosen]:
    """The chosen settings of every method on every split of every task.

    Fewest divergences come first, then the mean score of the seeds; of equals, more layers, then a lower
    learning rate, then more dropout, as in Klambauer et al. 2017.

    Args:
        measured: Units and what was found of them.
        every_depth: Whether to choose anew for every depth and width, or among them.
        curves: Whether to keep the curves.
    """

    def group(pair: tuple[Unit, Any]) -> tuple[Any, ...]:
        unit = pair[0]
        shape = (unit.depth, unit.width) if every_depth else ()
        return (unit.dataset, unit.split, list(METHODS).index(unit.method), *shape)

    ordered = sorted(measured, key=group)
    return [_chosen(list(members), curves=curves) for _, members in itertools.groupby(ordered, key=group)]


def _chosen(members: list[tuple[Unit, dict[str, Any]]], *, curves: bool) -> Chosen:
    candidates = [(unit, found, rate, dropout) for unit, found in members for rate, dropout in unit.settings]
    unit, found, rate, dropout = max(candidates, key=lambda candidate: _merit(*candidate))
    own = _own(found, rate, dropout)
    tried = [run for _, each in members for run in each["runs"]]
    return Chosen(
        dataset=unit.dataset,
        split=unit.split,
        method=unit.method,
        label=METHODS[unit.method].label,
        depth=unit.depth,
        width=unit.width,
        form=unit.form,
        learning_rate=rate,
        dropout=dropout,
        parameters=found["parameters"],
        networks=len(tried),
        diverged=sum(run["diverged_at"] is not None for run in tried),
        runs=[_kept(found["runs"][i], curves=curves) for i in own],
        layers=found["layers"] and _mean_layers(found["layers"], own),
        step_seconds=found["step_seconds"],
        compile_seconds=found["compile_seconds"],
        memory_bytes=found["memory_bytes"],
        seconds=sum(each["seconds"] for _, each in members),
    )


def _merit(unit: Unit, found: dict[str, Any], rate: float, dropout: float) -> tuple[float, ...]:
    own = [found["runs"][i] for i in _own(found, rate, dropout)]
    score = np.mean([run["score"] if run["score"] is not None else -np.inf for run in own])
    finished = sum(run["diverged_at"] is None for run in own)
    return finished, float(score), unit.depth, -rate, dropout


def _own(found: dict[str, Any], rate: float, dropout: float) -> list[int]:
    """The places of the runs with these settings, one for each seed."""
    return [
        i for i, run in enumerate(found["runs"]) if (run["learning_rate"], run["dropout"]) == (rate, dropout)
    ]


def _kept(run: dict[str, Any], *, curves: bool) -> dict[str, Any]:
    left_out = {"learning_rate", "dropout"} | (set() if curves else {"curves"})
    return {name: value for name, value in run.items() if name not in left_out}


def _mean_layers(layers: dict[str, Any], own: list[int]) -> dict[str, dict[str, list[float]]]:
    return {
        when: {
            name: np.array(values, np.float64)[own].mean(axis=0).tolist() for name, values in found.items()
        }
        for when, found in layers.items()
    }
