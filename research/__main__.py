"""Writes the table of research/README.md from the results: `python -m research`."""

import json
from pathlib import Path

HERE = Path(__file__).parent

HEAD = """\
# Research

Each folder asks one question, claims an answer, and gives the command that produces it. This table is
written by `python -m research` from the committed results.

| question | answer | command | commit | device |
| --- | --- | --- | --- | --- |
"""


def table(directory: Path = HERE) -> str:
    """The text of README.md: one row for each folder with `results/results.json`."""
    return HEAD + "".join(_row(path) for path in sorted(directory.glob("*/results/results.json")))


def _row(path: Path) -> str:
    found = json.loads(path.read_text(encoding="utf-8"))
    question = f"[{found['question']}]({path.parent.parent.name}/README.md)"
    device = f"{found['device']['kind']}, {found['device']['cores']} cores, jax {found['versions']['jax']}"
    return f"| {question} | {found['answer']} | `{found['command']}` | {found['commit']} | {device} |\n"


if __name__ == "__main__":
    (HERE / "README.md").write_text(table(), encoding="utf-8")
