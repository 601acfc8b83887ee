"""The whole report: what every experiment shows, and where it differs from the paper."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from research.selu_vs_batchnorm.report import compare, paper, scaling
from research.selu_vs_batchnorm.report.answers import answer
from research.selu_vs_batchnorm.report.document import Document, Picture, Section
from research.selu_vs_batchnorm.report.html import html_of
from research.selu_vs_batchnorm.report.markdown import markdown_of
from research.selu_vs_batchnorm.report.paper import Accuracies
from research.selu_vs_batchnorm.report.pictures import CAPTIONS, pictures, png, write_whole
from research.selu_vs_batchnorm.report.reading import Result, origin, read
from research.selu_vs_batchnorm.report.tables import tables
from research.selu_vs_batchnorm.selection import Chosen


def write(results_dir: Path, out_dir: Path, data_dir: Path | None = None) -> list[Path]:
    """Writes `report.html`, `report.md` and the pictures of all results that there are.

    Args:
        results_dir: Where `digits.json`, `depth.json`, `fashion.json`, `uci.json`, `htru2.json` and
            `scaling.json` are, or some of them.
        out_dir: Where the report goes.
        data_dir: Where the paper's accuracies on single tasks are; without it only its averages are shown.

    Returns:
        What was written, the report first.

    Raises:
        ValueError: If there is no result, or one is damaged.
        OSError: If a file cannot be read or written.
    """
    document = drawn(report(results_dir, paper.published(data_dir)))
    out_dir.mkdir(parents=True, exist_ok=True)
    texts = {"report.html": html_of(document), "report.md": markdown_of(document)}
    files = {name: text.encode() for name, text in texts.items()}
    files |= {
        f"{picture.name}.png": picture.png for section in document.sections for picture in section.pictures
    }
    return [write_whole(out_dir / name, contents) for name, contents in files.items()]


def report(results_dir: Path, published: Accuracies) -> Document:
    """What there is to say of the results of a directory; arguments and errors are those of `write`."""
    sections = [
        chapter(name, read(path), published)
        for name in _TOLD
        if (path := results_dir / f"{name}.json").exists()
    ]
    if (path := results_dir / "scaling.json").exists():
        sections.append(scaling.section(path))
    if not sections:
        raise ValueError(f"{results_dir} has no results: none of {', '.join(_TOLD)} and scaling, as .json.")
    about = (
        "Self-normalizing networks (SELU, LeCun weights, alpha dropout) are held against batch "
        "normalization and other ways of keeping deep networks trainable. Every method is tried with as "
        "many settings as the others, the validation rows choose, and the test rows are looked at once. "
        f"The paper is {paper.SOURCE}."
    )
    return Document("SELU or batch normalization", [about], sections)


def chapter(experiment: str, result: Result, published: Accuracies) -> Section:
    """One experiment.

    Args:
        experiment: Its name.
        result: What it found.
        published: The paper's accuracies on UCI tasks, where they are at hand.
    """
    found = result.found
    figures = pictures(experiment, found, published)
    return Section(
        str(result.header.get("question") or experiment),
        answer(experiment, found),
        _TOLD[experiment](found, published) if found else [],
        [Picture(name, CAPTIONS[name], figure) for name, figure in figures.items()],
        tables(experiment, found, published),
        origin(result.header),
    )


def drawn(document: Document) -> Document:
    """The same with the bytes of all pictures."""
    sections = [
        dataclasses.replace(
            section,
            pictures=[
                each if each.figure is None else dataclasses.replace(each, figure=None, png=png(each.figure))
                for each in section.pictures
            ],
        )
        for section in document.sections
    ]
    return dataclasses.replace(document, sections=sections)


def _digits(found: list[Chosen], _: Accuracies) -> list[str]:
    about = f"One small data set, {found[0].dataset}: a demonstration, not a law; {_chosen(found)}."
    differs = (
        "The paper has no such experiment. The nearest is its figure 1, the training loss of deep "
        "networks on MNIST and CIFAR-10."
    )
    return [about, differs]


def _depth(found: list[Chosen], _: Accuracies) -> list[str]:
    differs = (
        "The paper varies depth on Tox21 only, whose data are not at hand: there the AUC of SNNs goes "
        "from 83.7 per cent with 2 layers to 82.5 with 32, that of BatchNorm from 80.0 to 76.0 (its table "
        "2). Its abstract calls exploding gradients impossible. By mean-field theory the squared gradient "
        "of one row grows in every layer of SELU 1.0716-fold, and 1.467-fold with batch normalization and "
        "ReLU."
    )
    return [f"Every method over depth, on {found[0].dataset}; {_chosen(found)}.", differs]


def _fashion(found: list[Chosen], _: Accuracies) -> list[str]:
    rates = ", ".join(f"{rate:g}" for rate in sorted({one.learning_rate for one in found}))
    differs = (
        "Figure 1 of the paper has such curves, without numbers, for MNIST and CIFAR-10 at a learning "
        f"rate of 1e-5. Here the data are others, and the rates are larger ({rates}), which takes minutes "
        "and not days."
    )
    return [f"The training loss over epochs, on Fashion-MNIST; {_chosen(found)}.", differs]


def _uci(found: list[Chosen], published: Accuracies) -> list[str]:
    scores = compare.accuracies(found)
    tasks = {one.dataset for one in found}
    splits = len({(one.dataset, one.split) for one in found}) / len(tasks)
    about = (
        f"Classification tasks of the UCI repository, {len(scores.tasks)} with all methods, on {splits:g} "
        f"of the splits of the same source as the paper's; {_chosen(found)}."
    )
    differs = (
        f"The paper has {paper.TASKS} tasks and tries {paper.UCI_GRID}. Ranks depend on which tasks there "
        "are, and a test part of few rows makes them noisy: computed from the paper's own table on fewer "
        "tasks, its figures differ from those that it prints."
    )
    shared = sum(task in published for task in scores.tasks)
    at_hand = f"The paper's accuracies on single tasks (its table A11) are at hand for {shared} of these."
    if not published:
        at_hand = "The paper's accuracies on single tasks are not at hand; only its averages are shown."
    shifted = sorted(tasks & paper.SHIFTED)
    if shifted:
        differs += (
            f" In the source the test rows of {', '.join(shifted)} are scaled unlike the training rows; "
            "the paper took them so."
        )
    return [about, differs, at_hand]


def _htru2(found: list[Chosen], _: Accuracies) -> list[str]:
    folds = len({one.split for one in found})
    differs = (
        f"The paper tries {paper.HTRU2_GRID}, and its folds are others: compare the order of the methods "
        "and the distances between them, not the last digits."
    )
    return [f"Pulsars among 17,898 candidates, by 8 features, on {folds} folds; {_chosen(found)}.", differs]


def _chosen(found: list[Chosen]) -> str:
    """The range of what was chosen."""
    depths, widths = ({getattr(one, name) for one in found} for name in ("depth", "width"))
    seeds = max(len(one.runs) for one in found)
    shape = f"the chosen networks have {_span(depths)} hidden layers of {_span(widths)} units"
    return f"{shape}, from {seeds} seed{'' if seeds == 1 else 's'} each"


def _span(values: set[int]) -> str:
    return f"{min(values)} to {max(values)}" if len(values) > 1 else f"{min(values)}"


_TOLD: Mapping[str, Callable[[list[Chosen], Accuracies], list[str]]] = MappingProxyType(
    {"digits": _digits, "depth": _depth, "fashion": _fashion, "uci": _uci, "htru2": _htru2}
)
