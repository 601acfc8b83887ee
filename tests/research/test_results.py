"""The committed results, the claims made of them, and the table of all studies agree."""

import json
from pathlib import Path
from typing import Any

import pytest

import research
from research.__main__ import table
from research.selu_vs_batchnorm import results

HERE = Path(research.__file__).parent
STUDY = HERE / "selu_vs_batchnorm"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return json.loads((STUDY / "results" / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def units(found: dict[str, Any]) -> dict[tuple[str, int], results.Unit]:
    """Each unit by recipe and depth."""
    read = [
        results.Unit(**{**unit, "runs": [results.Run(**run) for run in unit["runs"]]})
        for unit in found["units"]
    ]
    return {(unit.recipe, unit.depth): unit for unit in read}


def test_the_table_is_that_of_the_results() -> None:
    assert (HERE / "README.md").read_text(encoding="utf-8") == table(), "run `python -m research`"


def test_results_name_no_place_of_the_machine_that_made_them() -> None:
    for path in HERE.glob("*/results/*.json"):
        assert '"/' not in path.read_text(encoding="utf-8"), path


def test_every_study_has_a_row(found: dict[str, Any]) -> None:
    rows = [line for line in table().splitlines() if line.startswith("| [")]
    assert len(rows) == len(list(HERE.glob("*/results/*.json")))
    assert any(found["answer"] in row and found["commit"] in row and found["command"] in row for row in rows)


def test_the_answer_is_that_of_the_runs(found: dict[str, Any], units: dict[Any, results.Unit]) -> None:
    assert found["answer"] == results.answer(list(units.values()))
    assert found["answer"] in " ".join((STUDY / "README.md").read_text(encoding="utf-8").split())


def test_the_results_are_of_a_whole_run_at_a_commit(found: dict[str, Any]) -> None:
    assert found["command"] == "python -m research.selu_vs_batchnorm"
    assert found["finished"] == "8 of 8"
    assert "dirty" not in found["commit"]
    assert found["seconds"] < 180


def test_the_claim_holds_in_the_results(units: dict[Any, results.Unit]) -> None:
    test = {key: unit.spread("test_accuracy")[0] for key, unit in units.items()}
    assert abs(test["selu", 8] - test["selu", 32]) < 0.01
    assert abs(test["selu", 8] - test["relu_batchnorm", 8]) < 0.015
    assert test["relu_batchnorm", 32] < test["selu", 32] - 0.1
    assert units["relu", 32].spread("test_accuracy")[1] > 0.05
    assert test["sigmoid", 8] < 0.15
    assert test["sigmoid", 32] < 0.15
    assert 200 < units["relu_batchnorm", 32].gradient_ratio("initial") < 400
    assert units["sigmoid", 32].gradient_ratio("initial") < 1e-18
    assert 1.3 < units["relu_batchnorm", 32].memory_bytes / units["selu", 32].memory_bytes < 1.7
