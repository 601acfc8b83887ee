"""The study at its smallest, from the command line to the pictures."""

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from research.selu_vs_batchnorm import __main__ as command, results
from research.selu_vs_batchnorm.config import Config
from research.selu_vs_batchnorm.data import load
from research.selu_vs_batchnorm.run import Choice, run

TINY = ["--depths", "2", "--widths", "4", "--seeds", "2", "--epochs", "3"]
SMALL = [*TINY, "--batch-size", "32", "--dataset", "wine"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a whole small study left its results."""
    out = tmp_path_factory.mktemp("study") / "new" / "out"
    assert command.main([*SMALL, "--recipes", "selu", "relu_batchnorm", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def found(finished: Path) -> dict[str, Any]:
    return json.loads((finished / "results.json").read_text())


def test_results_say_where_they_come_from(found: dict[str, Any]) -> None:
    assert found["device"]["platform"] == jax.devices()[0].platform
    assert found["versions"]["jax"] == jax.__version__
    assert found["command"].startswith("python -m research.selu_vs_batchnorm --depths 2")
    assert found["config"]["seeds"] == 2
    assert found["config"]["learning_rates"] == list(Config().learning_rates)
    assert found["data"] == {
        "name": "wine",
        "train": 106,
        "validation": 36,
        "test": 36,
        "features": 13,
        "classes": 3,
    }
    assert found["date"].endswith("+00:00")
    assert found["finished"] == "2 of 2"
    assert found["criteria"]["selu"]["monotonicity"] == "yes (proved): strictly increasing"
    assert len(found["criteria"]["relu"]) >= 9


def test_every_unit_has_its_runs_curves_layers_and_costs(found: dict[str, Any]) -> None:
    assert [unit["recipe"] for unit in found["units"]] == ["selu", "relu_batchnorm"]
    for unit in found["units"]:
        assert len(unit["runs"]) == 2 * len(Config().learning_rates)
        assert {run["seed"] for run in unit["runs"]} == {0, 1}
        for one in unit["runs"]:
            assert 0 <= one["test_accuracy"] <= 1
            assert one["diverged_at"] is None
        assert np.shape(unit["curves"]["training"]) == (2, 3)
        assert np.shape(unit["curves"]["validation"]) == (2, 3)
        for when in ("initial", "trained"):
            for name in ("mean", "variance", "gradient"):
                assert np.shape(unit["layers"][when][name]) == (2,)
        assert unit["step_seconds"] > 0
        assert unit["compile_seconds"] > 0
        assert unit["memory_bytes"] > 4 * unit["parameters"]
    selu, batchnorm = found["units"]
    assert selu["parameters"] == 13 * 4 + 4 + 4 * 4 + 4 + 4 * 3 + 3
    assert batchnorm["parameters"] == selu["parameters"] + 2 * 4  # a scale for each unit


def test_the_rate_is_chosen_by_the_validation_loss(found: dict[str, Any]) -> None:
    for unit in found["units"]:
        losses: dict[float, list[float]] = {}
        for one in unit["runs"]:
            losses.setdefault(one["learning_rate"], []).append(one["validation_loss"])
        assert unit["learning_rate"] == min(losses, key=lambda rate: np.mean(losses[rate]))


def test_pictures_are_written_and_nothing_unfinished_stays(finished: Path) -> None:
    assert sorted(path.name for path in finished.iterdir()) == ["curves.png", "layers.png", "results.json"]
    for name in ("curves.png", "layers.png"):
        assert (finished / name).read_bytes().startswith(b"\x89PNG")


def test_a_whole_study_prints_what_was_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*SMALL, "--recipes", "sigmoid", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    for text in (
        "Device: cpu",
        "at most 3 epochs",
        "normalization",
        "Mean (variance)",
        "Gradient norm",
        "compile s",
        "test accuracy",
        "Test accuracy with 2 hidden layers: sigmoid",
    ):
        assert text in said


def test_a_diverged_run_is_recorded(tmp_path: Path) -> None:
    rates = ["--learning-rates", "1e20", "1e25"]
    options = [*SMALL, *rates, "--recipes", "relu", "--out", str(tmp_path)]
    assert command.main(options) == 0
    found = json.loads((tmp_path / "results.json").read_text())
    (unit,) = found["units"]
    assert [one["diverged_at"] for one in unit["runs"]] == [1, 1, 1, 1]
    assert unit["curves"]["training"] == [[None], [None]]
    assert "(2 of 2 diverged)" in found["answer"]


def test_a_rate_that_diverges_is_not_chosen() -> None:
    config = Config(learning_rates=(1e20, 0.01), seeds=1, epochs=1, batch_size=32)
    unit = run(config, load("wine"), Choice("relu", 2, 4))
    assert unit.learning_rate == 0.01
    assert unit.diverged == 0


def test_an_interruption_keeps_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = command.run

    def interrupted(config: Any, task: Any, choice: Choice, seen: Any) -> results.Unit:
        if choice.recipe == "relu":
            raise KeyboardInterrupt
        return whole(config, task, choice, seen)

    monkeypatch.setattr(command, "run", interrupted)
    options = [*SMALL, "--recipes", "selu", "relu", "--out", str(tmp_path)]
    assert command.main(options) == 130
    assert "Interrupted; the results of 1 of 2" in " ".join(capsys.readouterr().out.split())
    found = json.loads((tmp_path / "results.json").read_text())
    assert found["finished"] == "1 of 2"
    assert [unit["recipe"] for unit in found["units"]] == ["selu"]
