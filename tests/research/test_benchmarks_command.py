"""The command, from its options to the results, the picture and the tables of the READMEs."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from research.benchmarks import __main__ as command, accuracy, memory, report, run

QUICK = ["--quick", "--functions", "relu"]


def test_accuracy_writes_results_and_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["accuracy", *QUICK, "--dtypes", "bfloat16", "float32", "--orders", "value"]
    assert command.main([*options, "--libraries", "jaxact", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["accuracy.json", "accuracy.png"]
    assert (tmp_path / "accuracy.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads((tmp_path / "accuracy.json").read_text())
    assert found["question"] == accuracy.QUESTION
    assert found["command"].startswith("python -m research.benchmarks accuracy --quick --functions relu")
    assert {"answer", "device", "versions", "date", "commit", "seconds"} <= found.keys()
    assert found["config"]["dtypes"] == ["bfloat16", "float32"]
    assert {row["order"] for row in found["rows"]} == {"value"}
    ours = [row for row in found["rows"] if row["library"] == "jaxact"]
    assert [row["largest"] for row in ours] == [0.0] * 2
    said = " ".join(capsys.readouterr().out.split())
    assert accuracy.QUESTION in said
    assert "value, ULP" in said


def test_memory_writes_results_and_a_picture(tmp_path: Path) -> None:
    options = ["memory", *QUICK, "--networks", "unrolled", "--dtypes", "float32", "--out", str(tmp_path)]
    assert command.main(options) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["memory.json", "memory.png"]
    found = json.loads((tmp_path / "memory.json").read_text())
    assert all(row["bytes"] > 0 for row in found["rows"])


def test_wrong_options_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["accuracy", "--functions", "gleu", "--out", str(tmp_path)]
    with pytest.raises(SystemExit, match="2"):
        command.main(options)
    assert "the nearest are gelu" in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())


def test_help_names_every_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        command.main(["--help"])
    said = capsys.readouterr().out
    assert all(name in said for name in (*report.BENCHMARKS, "report"))


class Fake:
    """A benchmark that counts what it measures and is interrupted where it is told to be."""

    QUESTION = "How many?"

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Config:
        functions: tuple[str, ...] = ()
        out: Path = run.HERE / "results"
        quick: bool = False

    def __init__(self, interrupt_at: str = "") -> None:
        self.interrupt_at, self.measured = interrupt_at, []

    def units(self, config: Any) -> list[str]:
        return [*(config.functions or "abcd")]

    def measure(self, config: Any, unit: str) -> list[dict[str, Any]]:
        del config
        if unit == self.interrupt_at:
            raise KeyboardInterrupt
        self.measured.append(unit)
        return [{"function": unit}]

    def answer(self, rows: Any) -> str:
        return f"{len(rows)}."

    def table(self, rows: Any) -> list[list[str]]:
        return [["function"], *([row["function"]] for row in rows)]

    def draw(self, rows: Any, path: Path) -> None:
        path.write_text(str(len(rows)))


@pytest.fixture
def go(tmp_path: Path) -> Callable[..., int]:
    return lambda fake, **options: run.run(
        "fake", fake, Fake.Config(out=tmp_path, **options), ["fake"], Console(quiet=True)
    )


def test_an_interruption_keeps_what_is_finished(tmp_path: Path, go: Callable[..., int]) -> None:
    first, second = Fake(interrupt_at="c"), Fake()
    assert go(first) == 130
    assert first.measured == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["fake.jsonl"]
    assert go(second) == 0
    assert second.measured == ["c", "d"]
    found = json.loads((tmp_path / "fake.json").read_text())
    assert [row["function"] for row in found["rows"]] == ["a", "b", "c", "d"]
    assert found["answer"] == "4."
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fake.json", "fake.png"]


def test_what_other_options_measured_is_not_taken(go: Callable[..., int]) -> None:
    assert go(Fake(interrupt_at="c")) == 130
    other = Fake()
    assert go(other, quick=True) == 0
    assert other.measured == ["a", "b", "c", "d"]


def test_functions_may_be_added_to_what_is_measured(go: Callable[..., int]) -> None:
    assert go(Fake(interrupt_at="c")) == 130
    some = Fake()
    assert go(some, functions=("b", "x")) == 0
    assert some.measured == ["x"]


CPU = {"platform": "cpu", "kind": "cpu", "cores": 2}


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({}, "research/benchmarks/results/accuracy.json"),
        ({"quick": True}, "runs/benchmarks/accuracy.json"),
        ({"functions": ("gelu",)}, "runs/benchmarks/accuracy.json"),
        ({"exhaustive": True, "orders": ("value",)}, "research/benchmarks/results/accuracy_exhaustive.json"),
        ({"exhaustive": True, "functions": ("gelu",)}, "runs/benchmarks/accuracy.json"),
        ({"quick": True, "out": Path("/elsewhere")}, "/elsewhere/accuracy.json"),
    ],
)
def test_committed_results_are_replaced_by_whole_ones_only(options: dict[str, Any], where: str) -> None:
    place = run.place("accuracy", accuracy, accuracy.Config(**options), CPU)
    assert str(place).endswith(where)


def test_results_of_an_accelerator_stand_beside_those_of_the_cpu(tmp_path: Path) -> None:
    device = {"platform": "gpu", "kind": "NVIDIA H200", "cores": 16}
    place = run.place("memory", memory, memory.Config(), device)
    assert place.name == "memory_nvidia_h200.json"
    row = {
        "function": "gelu",
        "library": "jaxact",
        "network": "matmul scan",
        "dtype": "float32",
        "bytes": 8.0,
    }
    around = {"versions": {"jax": "1"}, "seconds": 1, "commit": "c", "question": "?", "command": "it"}
    for name, where in (("memory", CPU), (place.stem, device)):
        found = {**around, "device": where, "answer": f"On {where['kind']}.", "rows": [row]}
        (tmp_path / f"{name}.json").write_text(json.dumps(found))
    texts = report.texts(tmp_path).values()
    assert any("**On cpu.**" in text and "**On NVIDIA H200.**" in text for text in texts)
    assert any("(results/memory_nvidia_h200.png)" in text for text in texts)


def test_tables_are_those_of_the_results() -> None:
    for path, text in report.texts().items():
        assert path.read_text(encoding="utf-8") == text, "run `python -m research.benchmarks report`"


def test_a_result_changes_the_tables(tmp_path: Path) -> None:
    row = {
        "function": "gelu",
        "library": "jaxact",
        "network": "matmul scan",
        "dtype": "float32",
        "bytes": 8.0,
    }
    around = {"device": {"kind": "cpu", "cores": 2}, "versions": {"jax": "1"}, "seconds": 1, "commit": "c"}
    found = {"question": "?", "answer": "!", "command": "python -m it", **around, "rows": [row]}
    (tmp_path / "memory.json").write_text(json.dumps(found))
    read = report.read(tmp_path)
    assert "| `gelu` | 8.0 / ? |" in report.overview(read)
    assert "`python -m it` (cpu, 2 cores, jax 1)" in report.overview(read)
    assert any("**!**" in text for text in report.texts(tmp_path).values())
    assert report.overview({}) == "Not measured yet."


def test_exhaustive_rows_stand_instead_of_those_of_a_stride(tmp_path: Path) -> None:
    row = {"function": "relu", "library": "jaxact", "dtype": "float32", "order": "value", "largest": 1.0}
    row |= {"points": 10, "off": 0, "nonfinite": 0, "scaled": None, "bins": [], "worst": []}
    device, versions = {"kind": "cpu", "cores": 2}, {"jax": "0"}
    around = {
        "device": device,
        "versions": versions,
        "commit": "c",
        "seconds": 1,
        "question": "?",
        "answer": "!",
    }
    for name, largest in (("accuracy", 1.0), ("accuracy_exhaustive", 2.0)):
        rows = [{**row, "largest": largest}]
        (tmp_path / f"{name}.json").write_text(json.dumps({**around, "command": name, "rows": rows}))
    found = report.read(tmp_path)["accuracy"]
    assert [entry["largest"] for entry in found["rows"]] == [2.0]
    assert "accuracy_exhaustive" in found["command"]


def test_a_text_without_markers_is_refused() -> None:
    assert report.filled("a <!-- x -->old<!-- /x --> b", "x", "new") == "a <!-- x -->\n\nnew\n\n<!-- /x --> b"
    with pytest.raises(ValueError, match="they are not there"):
        report.filled("nothing", "x", "new")


def test_memory_and_accuracy_say_where_the_results_go() -> None:
    assert accuracy.Config().out == memory.Config().out == run.HERE / "results"
