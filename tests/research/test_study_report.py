"""The report of the study: answers, figures, tables and pictures, of results that are whole and partial."""

import io
import math
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from rich.console import Console
from study_results import EXPERIMENTS, TASKS, chosen, layers_of, made_up, one_run, published_accuracies

from research.selu_vs_batchnorm.methods import METHODS, PAPER
from research.selu_vs_batchnorm.report import (
    answer,
    compare,
    looks,
    paper,
    pictures,
    save,
    show,
    theory,
)
from research.selu_vs_batchnorm.report.tables import tables
from research.selu_vs_batchnorm.selection import Chosen


@pytest.fixture(scope="module")
def results() -> dict[str, list[Chosen]]:
    return made_up()


@pytest.fixture
def published() -> paper.Accuracies:
    return published_accuracies()


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
        chosen("snn", [one_run(0, 0.9)], dataset="wine"),
        chosen("batchnorm", [one_run(0, 0.8)], dataset="wine"),
    ]
    said = answer("uci", found)
    assert "SNN 1.00, BatchNorm 2.00; SNN beats BatchNorm on 1 of 1 tasks and loses 0" in said
    assert {"uci_ranks", "uci_differences", "uci_depths"} == set(pictures("uci", found))
    assert len(tables("uci", found)) == 4


def test_a_method_alone_is_not_compared() -> None:
    found = [chosen("batchnorm", [one_run(0, 0.8)], dataset="wine")]
    assert answer("uci", found) == "Average ranks on 1 UCI task: BatchNorm 1.00."
    assert set(pictures("uci", found)) == {"uci_depths"}
    partly = [chosen("snn", [one_run(0, 0.8)], dataset="iris"), *found]
    assert answer("uci", partly) == "No UCI task is finished with every method."
    assert len(tables("uci", partly)) == 2
    folds = [chosen(name, [one_run(0, 0.9)], split=i) for i, name in enumerate(("snn", "msra"))]
    assert answer("htru2", folds) == "No fold of HTRU2 is finished with every method."
    assert pictures("htru2", folds) == {}
    assert tables("htru2", folds)[0].rows == []


def test_a_network_without_a_figure_ranks_last() -> None:
    found = [chosen("snn", [one_run(0, None, diverged_at=1)]), chosen("msra", [one_run(0, 0.01)])]
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
        chosen("snn", [one_run(0, None, **gone), one_run(1, 0.5, **half)], depth=4, layers=nothing),
        chosen("msra", [one_run(0, None, **gone), one_run(1, None, **gone)], depth=4, memory_bytes=None),
        chosen("fixup", [one_run(0, 0.4), one_run(1, 0.5)], depth=4, layers=_zero_gradients(2)),
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
        made = layers_of(blocks, growth, depth)["initial"]["gradient"]
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
