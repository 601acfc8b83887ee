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


HEADER = {"config": {"size": 3}, "versions": {"jax": "1"}}


def test_a_journal_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "run.jsonl"
    first = record.Journal(path, HEADER)
    first.add("a", [{"x": 1.0, "y": float("nan")}])
    first.add("b", [])
    second = record.Journal(path, HEADER)
    assert second.finished == first.finished == {"a": [{"x": 1.0, "y": None}], "b": []}
    assert not second.notes
    second.remove()
    assert not record.Journal(path, HEADER).finished


@pytest.mark.parametrize("lost", [1, 5, 20])
def test_a_line_that_was_cut_off_is_dropped(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "run.jsonl"
    journal = record.Journal(path, HEADER)
    journal.add("a", [1])
    journal.add("b", [2, 3, 4, 5])
    path.write_bytes(path.read_bytes()[:-lost])
    again = record.Journal(path, HEADER)
    assert again.finished == {"a": [1]}
    assert any("cut off" in note for note in again.notes)
    again.add("c", [6])
    assert record.Journal(path, HEADER).finished == {"a": [1], "c": [6]}


def test_a_journal_of_something_else_is_started_over(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    record.Journal(path, HEADER).add("a", [1])
    other = record.Journal(path, {**HEADER, "versions": {"jax": "2"}})
    assert not other.finished
    assert any("starting over" in note for note in other.notes)
    other.add("b", [2])
    assert not record.Journal(path, HEADER).finished


def test_a_journal_cut_off_in_its_header_is_started_over(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    record.Journal(path, HEADER).add("a", [1])
    path.write_bytes(path.read_bytes()[:7])
    assert not record.Journal(path, HEADER).finished


def test_sources_that_differ_have_other_fingerprints(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    before = record.fingerprint(tmp_path)
    assert before == record.fingerprint(tmp_path)
    (tmp_path / "a.py").write_text("x = 2")
    assert record.fingerprint(tmp_path) != before


def test_surroundings_name_what_is_installed() -> None:
    versions = record.surroundings()["versions"]
    assert {"python", "jax", "numpy"} <= versions.keys()
    assert None not in versions.values()


def test_two_runs_cannot_add_to_one_journal(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="this system has no locks")
    first, second = (record.Journal(tmp_path / "run.jsonl", HEADER) for _ in range(2))
    with (
        first.alone(),
        pytest.raises(BlockingIOError, match=r"Another run is adding to .*run.jsonl"),
        second.alone(),
    ):
        pytest.fail("the second run went on")
    with second.alone():
        second.add("a", [1])
