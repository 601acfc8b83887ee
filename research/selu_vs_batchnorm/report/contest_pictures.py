"""Pictures of methods that compete on many tasks or folds."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report import compare, paper, statistics
from research.selu_vs_batchnorm.report.answers import REFERENCE
from research.selu_vs_batchnorm.report.compare import Scores
from research.selu_vs_batchnorm.report.looks import GREY, LOOKS
from research.selu_vs_batchnorm.report.paper import Accuracies
from research.selu_vs_batchnorm.selection import Chosen

_INK = "#222222"


def ranks(scores: Scores) -> Figure:
    """The critical-difference diagram of the average ranks."""
    labels = [METHODS[name].label for name in scores.methods]
    return diagram(labels, statistics.average_ranks(scores.values).tolist(), len(scores.tasks))


def diagram(methods: Sequence[str], ranks: Sequence[float], tasks: int, level: float = 0.05) -> Figure:
    """A critical-difference diagram: methods on a line of ranks, bars over those that do not differ.

    Args:
        methods: Their names.
        ranks: Their average ranks.
        tasks: On how many tasks.
        level: Of significance.

    References:
        Demšar 2006, Statistical comparisons of classifiers over multiple data sets.
    """
    difference = statistics.critical_difference(len(methods), tasks, level)
    order = [int(i) for i in np.argsort(ranks)]
    bars = statistics.groups(ranks, difference)
    low, high = math.floor(min(ranks)), max(math.ceil(max(ranks)), math.floor(min(ranks)) + 1)
    span = (high - low) / 4
    above = 0.3 + 0.2 * len(bars)
    deepest = above + 0.34 * math.ceil(len(methods) / 2)
    figure = Figure(figsize=(7.5, 0.62 * (deepest + 1.7)))
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.hlines(0, low, high, color=_INK, linewidth=1)
    for rank in range(low, high + 1):
        axes.vlines(rank, 0, 0.12, color=_INK, linewidth=1)
        axes.text(rank, 0.2, str(rank), ha="center", va="bottom", fontsize=9)
    for place, i in enumerate(order):
        left = place < len(order) / 2
        height = -above - 0.34 * (place if left else len(order) - 1 - place)
        edge, side = (low - 0.1 * span, "right") if left else (high + 0.1 * span, "left")
        axes.plot([ranks[i], ranks[i], edge], [0, height, height], color="#555555", linewidth=0.8)
        axes.text(edge, height, f" {methods[i]} {ranks[i]:.2f} ", ha=side, va="center", fontsize=9)
    for row, members in enumerate(bars):
        ends = ranks[members[0]] - 0.03 * span, ranks[members[-1]] + 0.03 * span
        axes.hlines(-0.15 - 0.2 * row, *ends, color="#0072B2", linewidth=3.5)
    said = f"critical difference {difference:.2f}"
    shown = min(difference, high - low)
    axes.hlines(0.75, low, low + shown, color="#D55E00", linewidth=2.5)
    axes.text(
        low, 0.85, said if shown == difference else f"{said}, longer than the line", fontsize=9, va="bottom"
    )
    axes.text(low - 0.25 * span, 0.2, "better", ha="right", va="bottom", fontsize=9, color="#555555")
    axes.text(high + 0.25 * span, 0.2, "worse", ha="left", va="bottom", fontsize=9, color="#555555")
    axes.set_axis_off()
    axes.set(xlim=(low - 1.5 * span, high + 1.5 * span), ylim=(-deepest, 1.3))
    return figure


def differences(scores: Scores, other: str, published: Accuracies) -> Figure:
    """How much more accurate SNN is than another method on every task, and in the paper."""
    more = 100 * (scores.column(REFERENCE) - scores.column(other))
    order = np.argsort(more, kind="stable")
    height = 1.6 + 0.17 * len(order)
    figure = Figure(figsize=(7.5, height), layout="constrained")
    axes = figure.subplots()
    win, lose = LOOKS[REFERENCE], LOOKS[other]
    for row, i in enumerate(order):
        look = win if more[i] > 0 else lose
        axes.barh(row, more[i], color=look.colour if more[i] else GREY, height=0.7)
        their = published.get(scores.tasks[i], {})
        if REFERENCE in their and other in their:
            axes.plot(
                100 * (their[REFERENCE] - their[other]),
                row,
                "D",
                markersize=4,
                color="white",
                markeredgecolor=_INK,
            )
    axes.axvline(0, color=_INK, linewidth=0.8)
    axes.set_yticks(range(len(order)), [scores.tasks[i] for i in order], fontsize=7.5)
    axes.set_ylim(-0.8, len(order) - 0.2)
    labels = METHODS[REFERENCE].label, METHODS[other].label
    axes.set_xlabel(f"test accuracy of {labels[0]} minus that of {labels[1]}, points")
    axes.grid(visible=True, axis="x", linewidth=0.4, alpha=0.5)
    handles = [
        Line2D([], [], color=win.colour, linewidth=6, label=f"{labels[0]} better: {int((more > 0).sum())}"),
        Line2D([], [], color=lose.colour, linewidth=6, label=f"{labels[1]} better: {int((more < 0).sum())}"),
    ]
    if published:
        mark = {"marker": "D", "markersize": 5, "color": "white", "markeredgecolor": _INK, "linestyle": ""}
        handles.append(Line2D([], [], label="in the paper", **mark))
    figure.legend(handles=handles, loc="outside upper center", ncols=3, frameon=False)
    return figure


def agreement(scores: Scores, published: Accuracies) -> Figure:
    """Our accuracy on every task against the paper's, a panel for each method that both compare."""
    methods = [name for name in scores.methods if name in paper.UCI]
    columns = min(4, len(methods))
    rows = math.ceil(len(methods) / columns)
    figure = Figure(figsize=(0.8 + 2.3 * columns, 0.9 + 2.3 * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel().tolist()
    for axes, name in zip(grid, methods, strict=False):
        pairs = [
            (published[task][name], value)
            for task, value in zip(scores.tasks, scores.column(name), strict=True)
            if name in published.get(task, ())
        ]
        their, own = 100 * np.array(pairs, np.float64).reshape(-1, 2).T
        axes.plot([0, 100], [0, 100], color=GREY, linewidth=0.8)
        axes.plot(their, own, LOOKS[name].mark, color=LOOKS[name].colour, markersize=3.5, alpha=0.8)
        middle = f", median {np.median(own - their):+.1f}" if own.size else ""
        axes.set_title(f"{METHODS[name].label}{middle}", fontsize=9.5)
        axes.set(xlim=(0, 103), ylim=(0, 103), aspect="equal")
        axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    for axes in grid[len(methods) :]:
        axes.remove()
    figure.supxlabel("the paper's test accuracy, per cent", fontsize=11)
    figure.supylabel("ours, per cent", fontsize=11)
    return figure


def depths(found: list[Chosen]) -> Figure:
    """The mean number of layers that the validation rows prefer, and the paper's."""
    names = compare.ordered(one.method for one in found)
    means = {name: float(np.mean([one.depth for one in found if one.method == name])) for name in names}
    order = sorted(names, key=lambda name: means[name])
    figure = Figure(figsize=(7.5, 1.4 + 0.32 * len(order)), layout="constrained")
    axes = figure.subplots()
    for row, name in enumerate(order):
        axes.barh(row, means[name], color=LOOKS[name].colour, height=0.6)
        if name in paper.UCI:
            axes.plot(paper.UCI[name].depth, row, "D", markersize=7, color="white", markeredgecolor=_INK)
    axes.set_yticks(range(len(order)), [METHODS[name].label for name in order])
    axes.set_xlabel("hidden layers, mean over the tasks")
    axes.grid(visible=True, axis="x", linewidth=0.4, alpha=0.5)
    mark = {"marker": "D", "markersize": 7, "color": "white", "markeredgecolor": _INK, "linestyle": ""}
    handles = [
        Line2D([], [], color=GREY, linewidth=6, label="ours"),
        Line2D([], [], label="the paper's", **mark),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=2, frameon=False)
    return figure


def areas(scores: Scores) -> Figure:
    """The area under the ROC curve of every fold, the mean and its deviation, and the paper's."""
    order = sorted(scores.methods, key=lambda name: scores.column(name).mean())
    figure = Figure(figsize=(7.5, 1.5 + 0.45 * len(order)), layout="constrained")
    axes = figure.subplots()
    for row, name in enumerate(order):
        own, look = scores.column(name), LOOKS[name]
        axes.plot(own, np.full(own.size, row + 0.0), "o", color=GREY, markersize=3.5, alpha=0.7)
        deviation = own.std(ddof=1) if own.size > 1 else 0.0
        style = {"color": look.colour, "marker": look.mark, "markersize": 8, "capsize": 4, "linewidth": 1.8}
        axes.errorbar(own.mean(), row, xerr=deviation, **style)
        if name in paper.HTRU2:
            given = paper.HTRU2[name]
            mark = {
                "marker": "D",
                "color": _INK,
                "markerfacecolor": "white",
                "markersize": 6,
                "linewidth": 0.8,
            }
            axes.errorbar(given.auc, row - 0.27, xerr=given.deviation or 0.0, capsize=3, **mark)
    axes.set_yticks(range(len(order)), [METHODS[name].label for name in order])
    axes.set_xlabel("area under the ROC curve of the test rows")
    axes.grid(visible=True, axis="x", linewidth=0.4, alpha=0.5)
    handles = [
        Line2D([], [], color=GREY, marker="o", linestyle="", markersize=4, label="a fold"),
        Line2D([], [], color=GREY, marker="s", markersize=8, linewidth=1.8, label="mean ± deviation"),
        Line2D([], [], color="white", marker="D", markeredgecolor=_INK, markersize=6, label="the paper's"),
    ]
    figure.legend(handles=handles, loc="outside upper center", ncols=3, frameon=False)
    return figure
