"""The committed results, the claims made of them, and the table of all studies agree."""

import json
from pathlib import Path
from typing import Any

import pytest

import research
from research.__main__ import table
from research.selu_vs_batchnorm import report
from research.selu_vs_batchnorm.report import compare, scaling
from research.selu_vs_batchnorm.report.reading import read_object
from research.selu_vs_batchnorm.selection import Chosen

HERE = Path(research.__file__).parent
STUDY = HERE / "selu_vs_batchnorm"
RESULTS = sorted(path for path in (STUDY / "results").glob("*.json") if not path.stem.startswith("scaling"))


@pytest.fixture(scope="module")
def digits() -> dict[tuple[str, int], Chosen]:
    """What was chosen, by method and depth."""
    found = report.load(STUDY / "results" / "digits.json")
    return {(each.method, each.depth): each for each in found}


def test_the_table_is_that_of_the_results() -> None:
    assert (HERE / "README.md").read_text(encoding="utf-8") == table(), "run `python -m research`"


def test_results_name_no_place_of_the_machine_that_made_them() -> None:
    for path in HERE.glob("*/results/*.json"):
        assert '"/' not in path.read_text(encoding="utf-8"), path


def test_every_study_has_a_row() -> None:
    rows = [line for line in table().splitlines() if line.startswith("| [")]
    assert len(rows) == len(list(HERE.glob("*/results/*.json")))
    for path in RESULTS:
        found = json.loads(path.read_text(encoding="utf-8"))
        assert any(all(found[name] in row for name in ("answer", "commit", "command")) for row in rows)


@pytest.mark.parametrize("device", ["", "_nvidia_h200"])
def test_what_normalization_costs_is_told_as_it_was_measured(device: str) -> None:
    found = read_object(STUDY / "results" / f"scaling{device}.json")
    assert found["answer"] == scaling.answer(found["rows"])
    assert found["answer"] in " ".join((STUDY / "README.md").read_text(encoding="utf-8").split())
    assert "dirty" not in found["commit"]


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_the_answer_is_that_of_what_was_found(path: Path) -> None:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert found["answer"] == report.answer(path.stem, report.load(path))
    assert found["answer"] in " ".join((STUDY / "README.md").read_text(encoding="utf-8").split())
    assert found["command"].startswith(f"python -m research.selu_vs_batchnorm {path.stem}")
    assert not any("dirty" in commit for commit in found["commits"])


def test_the_claim_holds_in_the_results(digits: dict[tuple[str, int], Chosen]) -> None:
    test = {key: compare.spread(each, "test_accuracy")[0] for key, each in digits.items()}
    assert abs(test["snn", 8] - test["snn", 32]) < 0.02
    assert abs(test["snn", 8] - test["batchnorm", 8]) < 0.015
    assert test["batchnorm", 32] < test["snn", 32] - 0.1
    assert compare.spread(digits["msra", 32], "test_accuracy")[1] > 0.03
    assert test["sigmoid", 8] < 0.15
    assert test["sigmoid", 32] < 0.15
    assert 200 < compare.gradient_ratio(digits["batchnorm", 32], "initial") < 400
    assert compare.gradient_ratio(digits["sigmoid", 32], "initial") < 1e-18
    memory = [digits[method, 32].memory_bytes or 0 for method in ("batchnorm", "snn")]
    assert 1.3 < memory[0] / memory[1] < 1.7
