"""The benchmark of ensembles: what it times is training, and its figures follow from its rows."""

import importlib.util
import json
from pathlib import Path
from typing import Any

from research.benchmarks import __main__ as command, ensembles


def _row(method: str, width: int, library: str, seconds: float) -> dict[str, Any]:
    return {
        "method": method,
        "width": width,
        "depth": 8,
        "library": library,
        "networks": 16 if library == "jaxact" else 1,
        "seconds": seconds,
    }


ROWS = [
    _row("snn", 64, "jaxact", 0.01),
    _row("snn", 64, "torch", 0.035),
    _row("batchnorm", 64, "jaxact", 0.02),
    _row("batchnorm", 64, "torch", 0.03),
]


def test_it_writes_results_and_a_picture(tmp_path: Path) -> None:
    options = ["ensembles", "--quick", "--methods", "batchnorm", "--widths", "8", "--out", str(tmp_path)]
    assert command.main(options) == 0
    assert (tmp_path / "ensembles.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads((tmp_path / "ensembles.json").read_text())
    libraries = ["jaxact", *(["torch"] if importlib.util.find_spec("torch") else [])]
    assert [row["library"] for row in found["rows"]] == libraries
    for row, networks in zip(found["rows"], (2, 1), strict=False):
        assert (row["method"], row["width"], row["networks"]) == ("batchnorm", 8, networks)
        assert row["seconds"] > 0


def test_the_answer_and_the_table_have_the_ratios() -> None:
    assert "snn 3.5 (width 64); batchnorm 1.5 (width 64)" in ensembles.answer(ROWS)
    assert [line[-1] for line in ensembles.table(ROWS)] == ["ratio", "3.5", "-", "1.5", "-"]
    assert ensembles.table(ROWS)[1][-2] == "100"


def test_without_torch_it_says_so() -> None:
    assert "100 network-epochs of width 64 per second; torch is not installed" in ensembles.answer(ROWS[:1])
