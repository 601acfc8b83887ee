"""Writes the table of research/README.md from the results: `python -m research`."""

import json
from pathlib import Path
from typing import Any

from research import record

HERE = Path(__file__).parent

HEAD = """\
# Research

Each question has a claimed answer and the command that produces it. This table is
written by `python -m research` from the committed results.

| question | answer | command | commit | device |
| --- | --- | --- | --- | --- |
"""


def table(directory: Path = HERE) -> str:
    """The text of README.md: one row for each file in a `results` folder that answers a question."""
    found = {
        path: json.loads(path.read_text(encoding="utf-8")) for path in directory.glob("*/results/*.json")
    }
    return HEAD + "".join(_row(path, found[path]) for path in sorted(found) if "question" in found[path])


def _row(path: Path, found: dict[str, Any]) -> str:
    question = f"[{found['question']}]({path.parent.parent.name}/README.md)"
    commits = ", ".join(map(str, found.get("commits", [found["commit"]])))
    devices = "; ".join(found.get("devices", [record.where(found)]))
    return f"| {question} | {found['answer']} | `{found['command']}` | {commits} | {devices} |\n"


if __name__ == "__main__":
    (HERE / "README.md").write_text(table(), encoding="utf-8")
