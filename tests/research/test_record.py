"""Results are whole or not there, and an interrupted run goes on where it was."""

import json
from pathlib import Path

import pytest

from research import record


def test_results_are_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    record.write(path, {"a": 1.23456789, "b": float("nan"), "c": (Path("x"), [float("inf"), 2])})
    before = path.read_text()
    assert json.loads(before) == {"a": 1.23457, "b": None, "c": ["x", [None, 2]]}
    with pytest.raises(TypeError):
        record.write(path, {"a": object()})
    assert path.read_text() == before
