"""The numbers of each experiment that trains networks at several depths."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from research.selu_vs_batchnorm.report import compare, theory
from research.selu_vs_batchnorm.report.answers import accuracy, loss
from research.selu_vs_batchnorm.report.contest_tables import htru2, uci
from research.selu_vs_batchnorm.report.document import Table
from research.selu_vs_batchnorm.report.paper import Accuracies
from research.selu_vs_batchnorm.selection import Chosen


def tables(experiment: str, found: list[Chosen], published: Accuracies | None = None) -> list[Table]:
    """The tables of an experiment; none without results.

    Args:
        experiment: Its name.
        found: What was chosen.
        published: The paper's accuracies on UCI tasks, where they are at hand.
    """
    return _TABLES[experiment](found, published or {}) if found else []


def outcome(found: list[Chosen]) -> Table:
    """How well each method trains."""
    several = any(len(one.runs) > 1 for one in found)
    rows = []
    for one in found:
        mean, deviation = compare.spread(one, "train_loss")
        trained = f"{loss(mean)} ± {deviation:.1g}" if several and np.isfinite(mean) else loss(mean)
        rows.append((one.label, _size(one), _settings(one), accuracy(one), trained))
    return Table(
        "Outcome at the settings that the validation rows choose",
        ("method", "layers x units", "settings", "test accuracy", "training loss"),
        rows,
        "Mean ± standard deviation over the seeds. " * several + "Losses are in nats per row.",
    )


def costs(found: list[Chosen]) -> Table:
    """What training costs."""
    rows = [
        (
            one.label,
            _size(one),
            f"{one.parameters:,}",
            f"{1e3 * one.step_seconds:.2f}",
            f"{one.compile_seconds:.1f}",
            "unknown" if one.memory_bytes is None else f"{one.memory_bytes / 2**20:.0f}",
            f"{one.diverged} of {one.networks}",
        )
        for one in found
    ]
    return Table(
        "Cost",
        ("method", "layers x units", "parameters", "ms/step", "compile s", "MiB", "diverged"),
        rows,
        "Time and memory are of one program that trains all seeds and settings of a shape at once.",
    )


def signal(found: list[Chosen]) -> Table:
    """Mean, variance and gradient in the last layer before training, and as theory has it."""
    rows = []
    for one in found:
        if one.layers is None:
            continue
        said = theory.predicted(one.method, one.depth)
        variance = compare.layer_values(one, "initial", "variance")
        gradient = compare.layer_values(one, "initial", "gradient")
        rows.append(
            (
                one.label,
                _size(one),
                _number(variance[-1]),
                "" if said is None else _number(said.variance[-1]),
                _number(compare.gradient_ratio(one, "initial")),
                _number(compare.gradient_ratio(one, "trained")),
                _number(compare.growth(gradient, one.depth), 4),
                "" if said is None else _number(said.growth, 5),
            )
        )
    head = ("variance", "theory", "gradient first / last", "trained", "growth in a layer", "theory, one row")
    return Table(
        "Signal and gradient before training",
        ("method", "layers x units", *head),
        rows,
        "Variance of the last hidden layer's output. Growth is the factor by which the squared norm of "
        "the gradient in the weights grows from a layer to the one before, fitted to all layers but the "
        "first. Theory is of wide layers, inputs of variance 1, and the gradient of a single row; the "
        "measured one is the mean over rows, which cancel in part. It is left out for networks that are "
        "no plain stack.",
    )


def by_depth(found: list[Chosen]) -> Table:
    """Test accuracy, a column for each depth."""
    depths = compare.depths(found)
    at = {depth: {one.method: one for one in compare.at_depth(found, depth)} for depth in depths}
    labels = {one.method: one.label for one in found}
    rows = [
        (labels[name], *(accuracy(at[depth][name]) if name in at[depth] else "" for depth in depths))
        for name in compare.ordered(labels)
    ]
    title = "Test accuracy by hidden layers"
    return Table(title, ("method", *map(str, depths)), rows, "Mean ± standard deviation over the seeds.")


def falling(found: list[Chosen]) -> Table:
    """The training loss in the course of training."""
    epochs = max(compare.curves(one, "train").shape[1] for one in found)
    seen = sorted({1, max(1, epochs // 4), max(1, epochs // 2), max(1, epochs)})
    rows = []
    for one in found:
        mean = compare.average(compare.curves(one, "train"))
        at = (loss(mean[epoch - 1]) if epoch <= mean.size else "" for epoch in seen)
        rows.append((f"{one.depth}", one.label, f"{one.learning_rate:g}", *at, accuracy(one)))
    head = ("layers", "method", "learning rate", *(f"epoch {epoch}" for epoch in seen), "test accuracy")
    return Table("Training loss, nats per row", head, rows)


def _size(one: Chosen) -> str:
    return f"{one.depth} x {one.width}{'' if one.form == 'rectangular' else f', {one.form}'}"


def _settings(one: Chosen) -> str:
    return f"rate {one.learning_rate:g}" + (f", dropout {one.dropout:g}" if one.dropout else "")


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}g}" if np.isfinite(value) else "none"


_TABLES: Mapping[str, Callable[[list[Chosen], Accuracies], list[Table]]] = MappingProxyType(
    {
        "digits": lambda found, _: [show(_by_depth(found)) for show in (outcome, signal, costs)],
        "depth": lambda found, _: [by_depth(found), signal(_deepest(found)), costs(_deepest(found))],
        "fashion": lambda found, _: [show(_by_depth(found)) for show in (falling, costs)],
        "uci": uci,
        "htru2": lambda found, _: htru2(found),
    }
)


def _by_depth(found: list[Chosen]) -> list[Chosen]:
    return sorted(found, key=lambda one: (one.depth, one.width))


def _deepest(found: list[Chosen]) -> list[Chosen]:
    return compare.at_depth(found, compare.depths(found)[-1])
