"""Results of the study as its report reads them, made up."""

from pathlib import Path
from typing import Any

import numpy as np

from research import record
from research.selu_vs_batchnorm.methods import METHODS, PAPER
from research.selu_vs_batchnorm.report import paper
from research.selu_vs_batchnorm.selection import Chosen

TASKS = ("wine", "iris", "zoo", "glass", "monks-1", "ecoli")
EXPERIMENTS = ("digits", "depth", "fashion", "uci", "htru2")
FIELDS: dict[str, Any] = {
    "dataset": "digits",
    "split": 0,
    "depth": 8,
    "width": 64,
    "form": "rectangular",
    "learning_rate": 0.01,
    "dropout": 0.0,
    "parameters": 33_930,
    "networks": 9,
    "diverged": 0,
    "layers": None,
    "step_seconds": 0.004,
    "compile_seconds": 2.5,
    "memory_bytes": 30 << 20,
    "seconds": 12.0,
}


def one_run(seed: int, accuracy: float | None, **more: Any) -> dict[str, Any]:
    figures = {"score": accuracy, "test_accuracy": accuracy, "train_loss": 0.5, "test_loss": 0.6}
    return {"seed": seed, "best_epoch": 3, "diverged_at": None, **figures, **more}


def chosen(method: str, runs: list[dict[str, Any]], **more: Any) -> Chosen:
    return Chosen(method=method, label=METHODS[method].label, runs=runs, **{**FIELDS, **more})


def layers_of(blocks: int, growth: float, depth: int) -> dict[str, dict[str, list[float]]]:
    """Of a gradient whose square grows by a factor in every layer on its way back."""
    gradient = [growth ** ((blocks - place) * depth / blocks / 2) for place in range(blocks)]
    values = {"mean": [0.1] * blocks, "variance": [0.9] * blocks, "gradient": gradient}
    return {"initial": values, "trained": values}


def scaling_row(method: str, devices: int, **changes: Any) -> dict[str, Any]:
    """As `measure` gives it."""
    usual = {"seconds": 0.5, "ratio": 1.0, "compile_seconds": 1.0, "memory_bytes": 100, "simulated": False}
    shape = {"width": 4, "depth": 2, "rows": 8 * devices, "devices": devices}
    kinds = {"all-reduce": {"count": 1, "operands": 5, "bytes": 2004}} if devices > 1 else {}
    told = {"collectives": kinds, "chain": len(kinds), "gradient_bytes": 2e6, "normalization_bytes": 0}
    return {"method": method, **shape, **usual, **told, **changes}


def _trained(methods: tuple[str, ...], depths: tuple[int, ...], seeds: int) -> list[Chosen]:
    random = np.random.default_rng(7)
    found = []
    for method in methods:
        for depth in depths:
            runs = []
            for seed in range(seeds):
                losses = (2.3 * np.exp(-np.arange(5) / depth)).tolist()
                curves = {"train": losses, "validation": losses, "accuracy": [0.5] * 5}
                runs.append(one_run(seed, float(random.uniform(0.2, 1)), curves=curves))
            found.append(chosen(method, runs, depth=depth, layers=layers_of(depth, 1.1, depth)))
    return found


def made_up() -> dict[str, list[Chosen]]:
    random = np.random.default_rng(3)
    uci = [
        chosen(
            method,
            [one_run(0, round(random.uniform(0.5, 1), 3))],
            dataset=task,
            depth=int(random.choice([2, 8])),
            dropout=float(random.choice([0, 0.05])),
            networks=18,
        )
        for task in TASKS
        for method in PAPER
    ]
    htru2 = [
        chosen(
            method,
            [one_run(0, 0.97, test_auc=round(random.uniform(0.95, 0.99), 4))],
            dataset="htru2",
            split=fold,
        )
        for fold in range(10)
        for method in PAPER
    ]
    return {
        "digits": _trained(("snn", "msra", "batchnorm", "sigmoid"), (8, 32), 3),
        "depth": _trained(("snn", "batchnorm", "highway"), (2, 8), 2),
        "fashion": _trained(("snn", "batchnorm"), (8, 16), 1),
        "uci": uci,
        "htru2": htru2,
    }


def published_accuracies() -> paper.Accuracies:
    return {task: {method: 0.5 + 0.05 * i for i, method in enumerate(PAPER)} for task in TASKS[:5]}


def store(directory: Path, results: dict[str, list[Chosen]]) -> Path:
    for name, found in results.items():
        header = {
            "question": f"What of {name} & <more>?",
            "answer": "that",
            "command": f"python -m research.selu_vs_batchnorm {name}",
            "devices": ["cpu, 2 cores, jax 1"],
            "versions": {"jax": "1"},
            "config": {"depths": [8, 32], "data": None},
        }
        record.write(directory / f"{name}.json", {**header, "found": found})
    return directory
