"""The numbers of methods that compete on many tasks or folds, beside the paper's."""

from collections.abc import Iterable

import numpy as np

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report import compare, paper, statistics
from research.selu_vs_batchnorm.report.answers import REFERENCE
from research.selu_vs_batchnorm.report.compare import Scores
from research.selu_vs_batchnorm.report.document import Table
from research.selu_vs_batchnorm.report.paper import Accuracies
from research.selu_vs_batchnorm.selection import Chosen


def uci(found: list[Chosen], published: Accuracies) -> list[Table]:
    """Ranks, tests against SNN, chosen depths, and every task."""
    scores = compare.accuracies(found)
    theirs = paper_scores(published, scores)
    made = [ranks(scores, theirs)] if scores.tasks else []
    if scores.tasks and REFERENCE in scores.methods and len(scores.methods) > 1:
        made.append(tests(scores, theirs))
    return [*made, chosen_depths(found), every_task(found, published)]


def paper_scores(published: Accuracies, scores: Scores) -> Scores:
    """The paper's accuracies on those of our tasks that its table has, for our methods that it compares."""
    methods = [name for name in scores.methods if name in paper.UCI]
    whole = [task for task in scores.tasks if set(methods) <= set(published.get(task, ()))]
    values = np.array([[published[task][name] for name in methods] for task in whole], np.float64)
    return Scores(whole, methods, values.reshape(len(whole), len(methods)), [])


def ranks(scores: Scores, theirs: Scores) -> Table:
    """Average ranks, and the paper's."""
    own, their = _middled(scores), _middled(theirs)
    rows = []
    for name in sorted(scores.methods, key=lambda name: own[name]):
        given = paper.UCI.get(name)
        rows.append(
            (
                METHODS[name].label,
                f"{own[name]:+.3f}",
                f"{their[name]:+.3f}" if name in their else "",
                "" if given is None else f"{given.rank:+.3f}",
                f"{100 * scores.column(name).mean():.1f} %",
                f"{100 * theirs.column(name).mean():.1f} %" if name in their else "",
            )
        )
    head = ("method", "rank", f"paper, {len(theirs.tasks)} of these", f"paper, {paper.TASKS} tasks")
    middle = (len(scores.methods) + 1) / 2
    return Table(
        f"Average rank less {middle:g} on {len(scores.tasks)} UCI tasks",
        (*head, "mean accuracy", "paper's"),
        rows,
        f"The best method has rank 1 on a task, and {middle:g} is the middle; the lower the better. The "
        f"paper's figures for {paper.TASKS} tasks are those of its table 1; those for these tasks follow "
        f"from its table A11, whose four decimals make ties. {_left_out(scores)}",
    )


def tests(scores: Scores, theirs: Scores) -> Table:
    """Every method held against SNN."""
    their: dict[str, statistics.Comparison] = {}
    if theirs.tasks:
        their = {one.method: one for one in statistics.compared(theirs.values, theirs.methods, REFERENCE)}
    rows = []
    for one in statistics.compared(scores.values, scores.methods, REFERENCE):
        given = paper.UCI.get(one.method)
        ties = len(scores.tasks) - one.wins - one.losses
        rows.append(
            (
                METHODS[one.method].label,
                f"{one.wins} / {ties} / {one.losses}",
                f"{one.one_sided:.2g}",
                f"{their[one.method].one_sided:.2g}" if one.method in their else "",
                "" if given is None or given.p is None else f"{given.p:.2g}",
                f"{one.two_sided:.2g}",
                f"{one.holm:.2g}",
            )
        )
    columns = ("method", "SNN wins / ties / loses", "p", f"paper, {len(theirs.tasks)} of these")
    return Table(
        "SNN against each of the others, Wilcoxon's signed-rank test",
        (*columns, f"paper, {paper.TASKS} tasks", "p, two-sided", "p, Holm"),
        rows,
        "The first three p-values are one-sided, that SNN is no better, as the paper's are; the last two "
        "ask whether there is any difference, and the very last allows for the number of comparisons.",
    )


def chosen_depths(found: list[Chosen]) -> Table:
    """Which settings the validation rows prefer."""
    rows = []
    for name in compare.ordered(one.method for one in found):
        own = [one for one in found if one.method == name]
        given = paper.UCI.get(name)
        rows.append(
            (
                own[0].label,
                f"{np.mean([one.depth for one in own]):.1f}",
                "" if given is None else f"{given.depth:.1f}",
                _share(one.depth for one in own),
                _share(one.learning_rate for one in own),
                f"{np.mean([one.dropout > 0 for one in own]):.0%}",
                f"{sum(one.diverged for one in own)} of {sum(one.networks for one in own)}",
            )
        )
    columns = ("method", "mean layers", "paper's", "layers", "learning rates", "with dropout", "diverged")
    note = "How often each was chosen, in brackets. ResNet's layers in the paper are twice its 6.35 blocks."
    return Table("Chosen settings", columns, rows, note)


def every_task(found: list[Chosen], published: Accuracies) -> Table:
    """Test accuracies of all tasks, SNN and BatchNorm beside the paper's."""
    methods = compare.ordered(one.method for one in found)
    given = [name for name in (REFERENCE, "batchnorm") if published and name in methods]
    own: dict[str, dict[str, list[float]]] = {}
    for one in found:
        value = compare.spread(one, "test_accuracy")[0]
        own.setdefault(one.dataset, {}).setdefault(one.method, []).append(value)
    rows = []
    for task in sorted(own):
        cells = [
            _share_of_rows(float(np.mean(own[task][name]))) if name in own[task] else "" for name in methods
        ]
        their = published.get(task, {})
        cells += [_share_of_rows(their[name]) if name in their else "" for name in given]
        rows.append((task, *cells))
    labels = [METHODS[name].label for name in methods]
    columns = ("task", *labels, *(f"paper, {METHODS[name].label}" for name in given))
    return Table("Test accuracy on every task, in per cent", columns, rows, long=True)


def htru2(found: list[Chosen]) -> list[Table]:
    """Areas under the ROC curve, beside the paper's."""
    scores = compare.areas(found)
    against: dict[str, statistics.Comparison] = {}
    if scores.tasks and REFERENCE in scores.methods and len(scores.methods) > 1:
        compared = statistics.compared(scores.values, scores.methods, REFERENCE)
        against = {one.method: one for one in compared}
    rows = []
    for name in sorted(scores.methods, key=lambda name: -scores.column(name).sum()):
        own, one, given = scores.column(name), against.get(name), paper.HTRU2.get(name)
        if not own.size:
            continue
        deviation = f" ± {own.std(ddof=1):.4f}" if own.size > 1 else ""
        rows.append(
            (
                METHODS[name].label,
                f"{own.mean():.4f}{deviation}",
                "" if given is None else _published_area(given),
                "" if one is None else f"{one.wins} / {own.size - one.wins - one.losses} / {one.losses}",
                "" if one is None else f"{one.two_sided:.2g}",
                "" if one is None else f"{one.holm:.2g}",
                "" if given is None or given.p is None else f"{given.p:.2g}",
            )
        )
    columns = ("method", "test AUC", "paper's", "SNN wins / ties / loses", "p", "p, Holm", "paper's p")
    folds = len(scores.tasks)
    note = (
        f"Mean ± standard deviation over {folds} folds. P-values are of Wilcoxon's paired test against "
        f"SNN, here two-sided; {folds} folds allow none below {2.0 ** (1 - folds):.2g}. {_left_out(scores)}"
    )
    return [Table("Area under the ROC curve of HTRU2", columns, rows, note), chosen_depths_only(found)]


def chosen_depths_only(found: list[Chosen]) -> Table:
    """As `chosen_depths`, without the paper's figures, which are of other tasks."""
    whole = chosen_depths(found)
    keep = [i for i, column in enumerate(whole.columns) if column != "paper's"]
    rows = [tuple(row[i] for i in keep) for row in whole.rows]
    note = "How often each was chosen, in brackets."
    return Table(whole.title, tuple(whole.columns[i] for i in keep), rows, note)


def _middled(scores: Scores) -> dict[str, float]:
    """Average ranks less the middle; empty without tasks."""
    if not scores.tasks or not scores.methods:
        return {}
    less = statistics.average_ranks(scores.values) - (len(scores.methods) + 1) / 2
    return dict(zip(scores.methods, less.tolist(), strict=True))


def _left_out(scores: Scores) -> str:
    count = len(scores.unfinished)
    return f"Left out, for not all methods are finished there: {count}." if count else ""


def _published_area(given: paper.Pulsars) -> str:
    return f"{given.auc:.4f}" + ("" if given.deviation is None else f" ± {given.deviation:.3f}")


def _share(values: Iterable[float]) -> str:
    """Every value with how often it occurs."""
    counted = np.unique(list(values), return_counts=True)
    return ", ".join(f"{value:g} ({count})" for value, count in zip(*counted, strict=True))


def _share_of_rows(value: float) -> str:
    return f"{100 * value:.1f}" if np.isfinite(value) else "none"
