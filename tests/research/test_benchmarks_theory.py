"""The benchmark of the theory: what it measures is so, and its figures follow from its rows."""

import json
from pathlib import Path

import pytest

import jaxact
from research.benchmarks import __main__ as command, theory


def test_it_writes_results_and_a_picture(tmp_path: Path) -> None:
    options = ["theory", "--quick", "--functions", "relu", "tanh", "--out", str(tmp_path)]
    assert command.main(options) == 0
    assert (tmp_path / "theory.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads((tmp_path / "theory.json").read_text())
    assert [row["function"] for row in found["rows"]] == ["relu", "tanh"]
    for row in found["rows"]:
        assert row["first"] > 0
        assert row["later"] > 0
        assert 0 <= row["error"] < 1e-12
    assert found["answer"].startswith("All quantities of 2 functions take")


def test_without_functions_it_is_the_catalogue() -> None:
    assert theory.units(theory.Config()) == list(jaxact.specs)
    assert theory.units(theory.Config(functions=("gelu",))) == ["gelu"]


def test_the_answer_names_the_slowest_and_the_least_exact() -> None:
    rows = [
        {"function": "a", "first": 0.5, "later": 0.1, "error": 3e-14},
        {"function": "b", "first": 0.7, "later": 0.2, "error": None},
    ]
    said = theory.answer(rows)
    assert "1.2 s with compilation and 0.3 s once compiled, 0.20 s at most (b)" in said
    assert "within 3e-14" in said
    assert "(1 functions)" in said


def test_an_error_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = jaxact.specs["relu"]
    off = theory.moments(lambda x: 1.001 * entry.function(x))
    monkeypatch.setattr(theory, "moments", lambda *_, **__: off)
    assert theory.error(entry) == pytest.approx(2e-3, rel=0.01)
