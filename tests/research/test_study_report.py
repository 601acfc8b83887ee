"""The report of the study: answers, tables, pictures and pages made of made-up results, whole and partial."""

import dataclasses
import html.parser
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from rich.console import Console

from research import record
from research.selu_vs_batchnorm.methods import METHODS, PAPER
from research.selu_vs_batchnorm.report import (
    answer,
    answers,
    compare,
    load,
    looks,
    paper,
    pictures,
    save,
    show,
    theory,
    write,
)
from research.selu_vs_batchnorm.report.chapters import report
from research.selu_vs_batchnorm.report.document import Table
from research.selu_vs_batchnorm.report.scaling import table_of
from research.selu_vs_batchnorm.report.tables import tables
from research.selu_vs_batchnorm.selection import Chosen

A11 = Path(__file__).parents[3] / "shared" / "data" / "uci" / paper.TABLE_A11
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


def _run(seed: int, accuracy: float | None, **more: Any) -> dict[str, Any]:
    figures = {"score": accuracy, "test_accuracy": accuracy, "train_loss": 0.5, "test_loss": 0.6}
    return {"seed": seed, "best_epoch": 3, "diverged_at": None, **figures, **more}


def _chosen(method: str, runs: list[dict[str, Any]], **more: Any) -> Chosen:
    return Chosen(method=method, label=METHODS[method].label, runs=runs, **{**FIELDS, **more})


def _layers(blocks: int, growth: float, depth: int) -> dict[str, dict[str, list[float]]]:
    """Of a gradient whose square grows by a factor in every layer on its way back."""
    gradient = [growth ** ((blocks - place) * depth / blocks / 2) for place in range(blocks)]
    values = {"mean": [0.1] * blocks, "variance": [0.9] * blocks, "gradient": gradient}
    return {"initial": values, "trained": values}


def _trained(methods: tuple[str, ...], depths: tuple[int, ...], seeds: int) -> list[Chosen]:
    random = np.random.default_rng(7)
    found = []
    for method in methods:
        for depth in depths:
            runs = []
            for seed in range(seeds):
                losses = (2.3 * np.exp(-np.arange(5) / depth)).tolist()
                curves = {"train": losses, "validation": losses, "accuracy": [0.5] * 5}
                runs.append(_run(seed, float(random.uniform(0.2, 1)), curves=curves))
            found.append(_chosen(method, runs, depth=depth, layers=_layers(depth, 1.1, depth)))
    return found


@pytest.fixture(scope="module")
def results() -> dict[str, list[Chosen]]:
    random = np.random.default_rng(3)
    uci = [
        _chosen(
            method,
            [_run(0, round(random.uniform(0.5, 1), 3))],
            dataset=task,
            depth=int(random.choice([2, 8])),
            dropout=float(random.choice([0, 0.05])),
            networks=18,
        )
        for task in TASKS
        for method in PAPER
    ]
    htru2 = [
        _chosen(
            method,
            [_run(0, 0.97, test_auc=round(random.uniform(0.95, 0.99), 4))],
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


@pytest.fixture
def published() -> paper.Accuracies:
    return {task: {method: 0.5 + 0.05 * i for i, method in enumerate(PAPER)} for task in TASKS[:5]}


def _store(directory: Path, results: dict[str, list[Chosen]]) -> Path:
    for name, found in results.items():
        header = {
            "question": f"What of {name} & <more>?",
            "answer": "that",
            "command": f"python -m research.selu_vs_batchnorm {name}",
            "device": {"kind": "cpu", "cores": 2},
            "versions": {"jax": "1"},
            "config": {"depths": [8, 32], "data": None},
        }
        record.write(directory / f"{name}.json", {**header, "found": found})
    return directory


def _mean(found: list[Chosen], method: str, depth: int) -> float:
    (one,) = (one for one in found if (one.method, one.depth) == (method, depth))
    return float(np.mean([run["test_accuracy"] for run in one.runs]))


def test_digits_answer_with_the_accuracies_of_the_deepest(results: dict[str, list[Chosen]]) -> None:
    said = answer("digits", results["digits"])
    assert said.startswith("Test accuracy with 32 hidden layers: SNN ")
    for method in ("snn", "msra", "batchnorm", "sigmoid"):
        (one,) = (one for one in results["digits"] if (one.method, one.depth) == (method, 32))
        values = [run["test_accuracy"] for run in one.runs]
        spread = f"{100 * np.mean(values):.1f} ± {100 * np.std(values, ddof=1):.1f} %"
        assert f"{METHODS[method].label} {spread}" in said


def test_depth_answers_with_the_best_and_the_growth(results: dict[str, list[Chosen]]) -> None:
    found = results["depth"]
    said = answer("depth", found)
    accuracies = {method: _mean(found, method, 8) for method in ("snn", "batchnorm", "highway")}
    best = max(accuracies, key=lambda method: accuracies[method])
    assert f"{METHODS[best].label} {100 * accuracies[best]:.1f} %" in said
    assert "SNN 1.100-fold (theory, of one row: 1.072)" in said
    assert "BatchNorm 1.100-fold (theory, of one row: 1.467)" in said


def test_fashion_answers_with_the_last_loss(results: dict[str, list[Chosen]]) -> None:
    said = answer("fashion", results["fashion"])
    for depth in (8, 16):
        assert f"with {depth} hidden layers: SNN {2.3 * math.exp(-4 / depth):.3g}, BatchNorm" in said
    assert said.startswith("Training loss after 5 epochs")


def test_uci_answers_with_ranks_and_wins(results: dict[str, list[Chosen]]) -> None:
    found = results["uci"]
    table = {(one.dataset, one.method): one.runs[0]["test_accuracy"] for one in found}
    said = answer("uci", found)
    for method in PAPER:
        ranks = [
            1
            + sum(table[task, other] > table[task, method] for other in PAPER)
            + sum(table[task, other] == table[task, method] for other in PAPER if other != method) / 2
            for task in TASKS
        ]
        assert f"{METHODS[method].label} {np.mean(ranks):.2f}" in said
    wins = sum(table[task, "snn"] > table[task, "batchnorm"] for task in TASKS)
    assert f"SNN beats BatchNorm on {wins} of 6 tasks" in said
    assert said.startswith("Average ranks on 6 UCI tasks")


def test_htru2_answers_with_the_mean_area(results: dict[str, list[Chosen]]) -> None:
    said = answer("htru2", results["htru2"])
    for method in PAPER:
        values = [one.runs[0]["test_auc"] for one in results["htru2"] if one.method == method]
        assert f"{METHODS[method].label} {np.mean(values):.4f} ± {np.std(values, ddof=1):.4f}" in said


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_nothing_finished_is_said_and_drawn_as_such(experiment: str) -> None:
    assert answer(experiment, []) == "Nothing is finished."
    assert pictures(experiment, []) == {}
    assert tables(experiment, []) == []


def test_an_unknown_experiment_is_refused() -> None:
    with pytest.raises(
        ValueError, match="experiment must be digits, depth, uci, htru2, fashion; got 'mnist'"
    ):
        answer("mnist", [])


def test_tasks_that_not_all_methods_have_are_left_out(results: dict[str, list[Chosen]]) -> None:
    found = [one for one in results["uci"] if (one.dataset, one.method) != ("zoo", "resnet")]
    assert answer("uci", found).startswith("Average ranks on 5 UCI tasks")
    rank, *_, every = tables("uci", found)
    assert "not all methods are finished there: 1" in rank.note
    assert dict(zip(every.columns, every.rows[-1], strict=True))["ResNet"] == ""
    assert "uci_ranks" in pictures("uci", found)
    one_each = [one for i, one in enumerate(results["uci"][:3]) if one.dataset == "wine" or i]
    assert answer("uci", one_each).startswith("Average ranks on 1 UCI task: ")


def test_one_task_of_two_methods_is_enough() -> None:
    found = [
        _chosen("snn", [_run(0, 0.9)], dataset="wine"),
        _chosen("batchnorm", [_run(0, 0.8)], dataset="wine"),
    ]
    said = answer("uci", found)
    assert "SNN 1.00, BatchNorm 2.00; SNN beats BatchNorm on 1 of 1 tasks and loses 0" in said
    assert {"uci_ranks", "uci_differences", "uci_depths"} == set(pictures("uci", found))
    assert len(tables("uci", found)) == 4


def test_a_method_alone_is_not_compared() -> None:
    found = [_chosen("batchnorm", [_run(0, 0.8)], dataset="wine")]
    assert answer("uci", found) == "Average ranks on 1 UCI task: BatchNorm 1.00."
    assert set(pictures("uci", found)) == {"uci_depths"}
    partly = [_chosen("snn", [_run(0, 0.8)], dataset="iris"), *found]
    assert answer("uci", partly) == "No UCI task is finished with every method."
    assert len(tables("uci", partly)) == 2
    folds = [_chosen(name, [_run(0, 0.9)], split=i) for i, name in enumerate(("snn", "msra"))]
    assert answer("htru2", folds) == "No fold of HTRU2 is finished with every method."
    assert pictures("htru2", folds) == {}
    assert tables("htru2", folds)[0].rows == []


def test_a_network_without_a_figure_ranks_last() -> None:
    found = [_chosen("snn", [_run(0, None, diverged_at=1)]), _chosen("msra", [_run(0, 0.01)])]
    assert "MSRAinit 1.00, SNN 2.00" in answer("uci", found)
    assert answer("digits", found).endswith("SNN none (1 of 1 diverged), MSRAinit 1.0 %.")
    assert "MSRAinit 0.5000" not in answer("htru2", found[:1])
    assert "SNN 0.5000 ± 0.0000" in answer("htru2", found[:1])


def test_what_diverged_is_drawn_and_said() -> None:
    gone = {"curves": {"train": [None, None], "validation": [], "accuracy": [None]}, "diverged_at": 1}
    half = {"curves": {"train": [2.0, 1.0, None], "validation": [2.0], "accuracy": []}, "diverged_at": 3}
    nothing = {
        when: {"mean": [None], "variance": [None], "gradient": [None]} for when in ("initial", "trained")
    }
    found = [
        _chosen("snn", [_run(0, None, **gone), _run(1, 0.5, **half)], depth=4, layers=nothing),
        _chosen("msra", [_run(0, None, **gone), _run(1, None, **gone)], depth=4, memory_bytes=None),
        _chosen("fixup", [_run(0, 0.4), _run(1, 0.5)], depth=4, layers=_zero_gradients(2)),
    ]
    assert answer("fashion", found).endswith("SNN diverged, MSRAinit diverged, Fixup none.")
    assert answer("depth", found).startswith("With 4 hidden layers these come within 2 points")
    for experiment in ("digits", "depth", "fashion"):
        figures = pictures(experiment, found)
        assert figures
        for figure in figures.values():
            figure.savefig(io.BytesIO(), format="png", dpi=30)
        assert all(table.rows for table in tables(experiment, found))
    assert answer("depth", found[1:2]) == "With 4 hidden layers no method reaches any accuracy."


def _zero_gradients(blocks: int) -> dict[str, dict[str, list[float]]]:
    values = {"mean": [0.0] * blocks, "variance": [1.0] * blocks, "gradient": [0.0] * blocks}
    return {"initial": values, "trained": values}


def test_the_growth_of_a_gradient() -> None:
    for growth, blocks, depth in ((1.0716, 32, 32), (0.056, 8, 8), (1.3, 17, 33)):
        made = _layers(blocks, growth, depth)["initial"]["gradient"]
        made[0] *= 100
        assert compare.growth(made, depth) == pytest.approx(growth, rel=1e-9)
    assert math.isnan(compare.growth([1.0, 1.0, 1.0], 3))
    assert math.isnan(compare.growth([0.0] * 9, 9))


def test_theory_has_its_known_values() -> None:
    selu, batchnorm, relu = (theory.predicted(name, 8) for name in ("snn", "batchnorm", "msra"))
    assert selu is not None
    assert batchnorm is not None
    assert relu is not None
    assert selu.growth == pytest.approx(1.0715749924557993, rel=1e-6)
    assert selu.variance == pytest.approx([1] * 8, rel=1e-6)
    assert batchnorm.growth == pytest.approx(math.pi / (math.pi - 1), rel=1e-6)
    assert batchnorm.variance == pytest.approx([0.5 - 0.5 / math.pi] * 8, rel=1e-6)
    assert relu.variance == pytest.approx([1 - 1 / math.pi] * 8, rel=1e-6)
    assert relu.gradient == pytest.approx([1] * 8, rel=1e-6)
    for name in ("highway", "resnet", "fixup", "normalizer_free", "maxout", "network_in_network"):
        assert theory.predicted(name, 8) is None


def test_theory_has_the_weights_that_the_methods_draw() -> None:
    for name, method in METHODS.items():
        if method.layer is None or name in {"maxout", "tat"}:  # Maxout has no theory, TAT the weights of DKS
            continue
        options = method.layer(4)
        sigma_w, sigma_b = theory.weights(options)
        drawn = options["kernel_init"](jax.random.key(0), (144, 144), jnp.float32)
        assert float(drawn.std()) * 12 == pytest.approx(sigma_w, rel=0.02), name
        if "bias_init" in options:
            biases = options["bias_init"](jax.random.key(1), (10_000,), jnp.float32)
            assert float(biases.std()) == pytest.approx(sigma_b, rel=0.03), name


def test_every_method_has_its_own_look() -> None:
    assert set(looks.LOOKS) == set(METHODS)
    assert len({look.colour for look in looks.LOOKS.values()}) == len(METHODS)
    assert len({(look.mark, look.line) for look in looks.LOOKS.values()}) == len(METHODS)


def test_pictures_are_named_and_saved(
    results: dict[str, list[Chosen]], published: paper.Accuracies, tmp_path: Path
) -> None:
    drawn = {name: pictures(name, found, published) for name, found in results.items()}
    assert {name: set(figures) for name, figures in drawn.items()} == {
        "digits": {"digits_curves", "digits_layers"},
        "depth": {"depth_accuracy", "depth_signal", "depth_gradient"},
        "fashion": {"fashion_loss"},
        "uci": {"uci_ranks", "uci_differences", "uci_agreement", "uci_depths"},
        "htru2": {"htru2_areas"},
    }
    paths = save(drawn["fashion"] | drawn["htru2"], tmp_path / "new")
    assert [path.name for path in paths] == ["fashion_loss.png", "htru2_areas.png"]
    assert sorted(tmp_path.rglob("*.*")) == paths
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)
    titles = [axes.get_title() for axes in drawn["depth"]["depth_accuracy"].axes]
    assert titles == ["SNN", "BatchNorm", "Highway"]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_screen_shows_every_short_table(experiment: str, results: dict[str, list[Chosen]]) -> None:
    file = io.StringIO()
    show(Console(file=file, width=200), experiment, results[experiment])
    said = file.getvalue()
    for table in tables(experiment, results[experiment]):
        assert (table.title in said) is not table.long
    for one in results[experiment]:
        assert one.label in said


def test_uci_tables_have_ours_beside_the_paper_s(
    results: dict[str, list[Chosen]], published: paper.Accuracies
) -> None:
    ranks, against, settings, every = tables("uci", results["uci"], published)
    row = next(dict(zip(ranks.columns, row, strict=True)) for row in ranks.rows if row[0] == "SNN")
    assert row["paper, 121 tasks"] == "-0.756"
    assert row["paper, 5 of these"] == "+3.000"
    accuracies = [one.runs[0]["test_accuracy"] for one in results["uci"] if one.method == "snn"]
    assert row["mean accuracy"] == f"{100 * np.mean(accuracies):.1f} %"
    assert [row[0] for row in against.rows] == [METHODS[name].label for name in PAPER[1:]]
    assert dict(zip(settings.columns, settings.rows[0], strict=True))["paper's"] == "10.8"
    assert every.long
    assert len(every.rows) == len(TASKS)
    assert every.columns[-2:] == ("paper, SNN", "paper, BatchNorm")


def test_what_was_written_is_read(results: dict[str, list[Chosen]], tmp_path: Path) -> None:
    _store(tmp_path, {"digits": results["digits"], "uci": results["uci"]})
    for name in ("digits", "uci"):
        read = load(tmp_path / f"{name}.json")
        assert answer(name, read) == answer(name, results[name])
        assert [one.method for one in read] == [one.method for one in results[name]]
    lost = dataclasses.replace(results["uci"][0], step_seconds=math.nan, learning_rate=1)
    record.write(tmp_path / "lost.json", {"found": [lost]})
    (again,) = load(tmp_path / "lost.json")
    assert math.isnan(again.step_seconds)
    assert again.learning_rate == 1.0


def _entry(**changes: Any) -> dict[str, Any]:
    return {**vars(_chosen("snn", [_run(0, 0.5)])), **changes}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is damaged"),
        ("[" * 100_000, "is damaged"),
        ("[1]", "must hold an object; got list"),
        (json.dumps({"units": []}), "no list 'found'"),
        (json.dumps({"found": [1]}), "entry 0 of 'found' must be an object; got int"),
        (json.dumps({"found": [{"method": "snn"}]}), "missing .*'width'"),
        (json.dumps({"found": [_entry(more=1)]}), "unknown .*'more'"),
        (json.dumps({"found": [_entry(depth="8")]}), "depth must be int; got '8'"),
        (json.dumps({"found": [_entry(depth=True)]}), "depth must be int; got True"),
        (json.dumps({"found": [_entry(depth=0)]}), "must have a layer and a run"),
        (json.dumps({"found": [_entry(runs=[])]}), "must have a layer and a run"),
        (json.dumps({"found": [_entry(method="magic")]}), "unknown method, 'magic'"),
        (json.dumps({"found": [_entry(runs=[{"seed": 1}])]}), "without 'diverged_at' or 'test_accuracy'"),
        (json.dumps({"found": [_entry(runs=[_run(0, 0.5, score="x")])]}), "figures are no numbers"),
        (json.dumps({"found": [_entry(runs=[_run(0, 0.5, curves={"train": 3})])]}), "figures are no numbers"),
        (json.dumps({"found": [_entry(layers={"initial": [1]})]}), "no lists of numbers"),
    ],
)
def test_damaged_and_foreign_files_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "digits.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        load(path)
    assert str(path) in str(caught.value)


class _Page(html.parser.HTMLParser):
    """What a page refers to, and whether its tags close."""

    VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_pages_are_whole_and_need_nothing_else(
    results: dict[str, list[Chosen]], tmp_path: Path, published: paper.Accuracies
) -> None:
    source = _store(tmp_path / "results", results)
    rows = [{"devices": n, "step_seconds": 0.25 / n, "moved": {"sum_bytes": 3 << 20}} for n in (1, 2)]
    record.write(source / "scaling.json", {"question": "Does it scale?", "answer": "Yes.", "rows": rows})
    (source / "scaling.png").write_bytes(b"\x89PNG made up")
    _publish(tmp_path, published)
    paths = write(source, tmp_path / "out", tmp_path)
    assert [path.name for path in paths[:2]] == ["report.html", "report.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)

    text = paths[0].read_text(encoding="utf-8")
    page = _Page(text)
    assert page.open == []
    assert all(each.startswith(("data:image/png;base64,", "#")) for each in page.references)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert "url(" not in text
    assert page.tags.count("img") == len(paths) - 2 == 12
    assert "What of digits &amp; &lt;more&gt;?" in text

    written = paths[1].read_text(encoding="utf-8")
    shown = re.findall(r"!\[.*?\]\((.*?)\)", written)
    assert sorted(shown) == sorted(path.name for path in paths[2:])
    for experiment, found in results.items():
        assert answer(experiment, found) in written
    for block in re.findall(r"(?:^\|.*\n?)+", written, re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(counts) == 1, block
    assert "125 ms" in written
    assert "moved sum bytes" in written
    assert "3 MiB" in written


def _publish(directory: Path, published: paper.Accuracies) -> None:
    columns = {"snn": "SNN", "msra": "MS", "batchnorm": "BN", "layernorm": "LN"}
    columns |= {"weightnorm": "WN", "highway": "HW", "resnet": "ResNet"}
    lines = [",".join(["dataset", "N", "M", *columns.values()])]
    lines += [
        ",".join([task, "1", "2", *(f"{row[name]}" for name in columns)]) for task, row in published.items()
    ]
    (directory / paper.TABLE_A11).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_report_of_what_there_is(results: dict[str, list[Chosen]], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no results"):
        write(tmp_path, tmp_path / "out")
    _store(tmp_path, {"uci": results["uci"], "digits": []})
    document = report(tmp_path, {})
    assert [section.answer for section in document.sections] == [
        "Nothing is finished.",
        answer("uci", results["uci"]),
    ]
    assert any("not at hand" in paragraph for paragraph in document.sections[1].paragraphs)
    assert any("monks-1 are scaled unlike" in paragraph for paragraph in document.sections[1].paragraphs)
    (tmp_path / "scaling.json").write_text('{"rows": [1]}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"scaling\.json is no result of scaling"):
        report(tmp_path, {})


def test_names_that_are_marks_stay_names(tmp_path: Path) -> None:
    name = "<b>|*x*`y`"
    found = [_chosen(method, [_run(0, 0.5)], dataset=name) for method in ("snn", "batchnorm")]
    page, written, *_ = write(_store(tmp_path, {"uci": found}), tmp_path / "out")
    assert _Page(page.read_text(encoding="utf-8")).open == []
    assert "<b>" not in page.read_text(encoding="utf-8")
    assert r"\<b\>\|\*x\*\`y\`" in written.read_text(encoding="utf-8")


def test_tables_have_rows_of_one_length() -> None:
    with pytest.raises(ValueError, match="T has 2 columns; got the row"):
        Table("T", ("a", "b"), [("1",)])
    made = table_of(
        [{"a": 1, "flag": True}, {"b": None, "mesh": [2, 4], "compile_seconds": 2.0, "x": 0.123456}]
    )
    assert made.columns == ("a", "flag", "b", "mesh", "compile seconds", "x")
    assert made.rows == [("1", "True", "", "", "", ""), ("", "", "", "2 4", "2 s", "0.1235")]


def test_the_paper_s_table_is_read_with_its_gaps(tmp_path: Path) -> None:
    path = tmp_path / paper.TABLE_A11
    assert paper.published(None) == paper.published(tmp_path) == {}
    path.write_text("dataset,N,M,SNN,MS,HW,ResNet,BN,WN,LN\ntrains,10,29,NA,0.5,0.5,0.5,,0.5,1.0\n")
    assert paper.published(tmp_path)["trains"] == {
        "msra": 0.5,
        "highway": 0.5,
        "resnet": 0.5,
        "weightnorm": 0.5,
        "layernorm": 1.0,
    }
    path.write_text("dataset,SNN\nwine,0.5\n")
    with pytest.raises(ValueError, match="is no table A11: it has no column BN, HW, LN"):
        paper.table_a11(path)
    for cell in ("2", "high", "nan"):
        path.write_text(f"dataset,N,M,SNN,MS,HW,ResNet,BN,WN,LN\nwine,10,29,{cell},0.5,0.5,0.5,0.5,0.5,1.0\n")
        with pytest.raises(ValueError, match=r"something else than accuracies in \[0, 1\] for wine"):
            paper.table_a11(path)


def test_the_paper_s_own_table_is_near_what_it_prints() -> None:
    """Its file has fewer tasks than the paper, so that the figures differ, but not by much."""
    if not A11.exists():
        pytest.skip("the paper's table is not in this checkout")
    published = paper.table_a11(A11)
    assert len(published) == 86
    assert all(set(row) == set(PAPER) for row in published.values())
    found = [
        _chosen(method, [_run(0, value)], dataset=task)
        for task, row in published.items()
        for method, value in row.items()
    ]
    (ranks, *_) = tables("uci", found, published)
    for row in ranks.rows:
        own, same, given = (float(text) for text in row[1:4])
        assert own == same
        assert 0 < abs(own - given) < 0.15
    assert answers.REFERENCE == "snn"
    assert ranks.rows[0][0] == "SNN"
