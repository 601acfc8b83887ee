"""Writes the tables of the READMEs from the committed results, between markers."""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import research.__main__ as studies
from research import record

BENCHMARKS = ("accuracy", "memory", "speed", "training", "depth", "theory", "ensembles")
HERE = Path(__file__).parent
ROOT = HERE.parents[1]

Found = dict[str, Any]


def save() -> list[Path]:
    """Writes every README that has such tables; gives their paths."""
    written = texts()
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return list(written)


def texts(results: Path = HERE / "results") -> dict[Path, str]:
    """What the READMEs have to be, by path."""
    found = read(results)
    own = HERE / "README.md"
    text = own.read_text(encoding="utf-8")
    for name in BENCHMARKS:
        sections = [_section(name, path, one) for path, one in _all(results, name, found)]
        text = filled(text, name, "\n\n".join(sections) or "Not measured yet.")
    top = ROOT / "README.md"
    front = filled(top.read_text(encoding="utf-8"), "benchmarks", overview(found))
    return {
        own: text,
        top: filled(front, "import", _example(found.get("training"))),
        ROOT / "research" / "README.md": studies.table(),
    }


def read(results: Path) -> dict[str, Found]:
    """The results that are there, by benchmark; of accuracy the exhaustive ones, where there are any."""
    found = {}
    for name in BENCHMARKS:
        path = results / f"{name}.json"
        if path.exists():
            found[name] = json.loads(path.read_text(encoding="utf-8"))
    whole = results / "accuracy_exhaustive.json"
    if whole.exists():
        found["accuracy"] = _completed(found.get("accuracy"), json.loads(whole.read_text(encoding="utf-8")))
    return found


def _all(results: Path, name: str, found: dict[str, Found]) -> list[tuple[str, Found]]:
    """The results of a benchmark on every device, with the stem of their files; those of a CPU come first."""
    first = [(name, found[name])] if name in found else []
    others = sorted(path for path in results.glob(f"{name}_*.json") if path.stem != "accuracy_exhaustive")
    return first + [(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in others]


def overview(found: dict[str, Found]) -> str:
    """One line for every function, with what each benchmark has to say of it, and the commands."""
    columns: dict[str, dict[str, str]] = {}
    for name, results in found.items():
        module = _module(name)
        if hasattr(module, "summary"):
            columns |= module.summary(results["rows"])
    functions = dict.fromkeys(function for column in columns.values() for function in column)
    if not functions:
        return "Not measured yet."
    lines = [
        [f"`{function}`", *(column.get(function, "-") for column in columns.values())]
        for function in sorted(functions)
    ]
    shown = [results for name, results in found.items() if hasattr(_module(name), "summary")]
    sources = [f"`{results['command']}` ({_where(results)})" for results in shown]
    said = f"Several figures in a cell: jaxact / jax.nn / torch. Measured by {', '.join(sources)}."
    return f"{markdown([['function', *columns], *lines])}\n\n{said}"


def markdown(cells: list[list[str]]) -> str:
    """A table in markdown."""
    head, *lines = [[cell.replace("|", "\\|") for cell in line] for line in cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines))


def filled(text: str, name: str, content: str) -> str:
    """A text with something else between the markers of a name.

    Raises:
        ValueError: If the markers are not there.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"A README that shows {name} has {begin} and {end}; they are not there.")
    return pattern.sub(lambda _: f"{begin}\n\n{content}\n\n{end}", text)


def _section(name: str, stem: str, found: Found) -> str:
    return (
        f"**{found['answer']}**\n\n"
        f"`{found['command']}`: {found['seconds']:.0f} s on {_where(found)}, commit {found['commit']}.\n\n"
        f"{markdown(_module(name).table(found['rows']))}\n\n"
        f"![{found['question']}](results/{stem}.png)"
    )


def _example(found: Found | None) -> str:
    """What changing the import changes, for the functions that people use most."""
    if found is None:
        return "Not measured yet."
    return f"{markdown(_module('training_report').example(found['rows']))}\n\n{found['answer']}"


def _where(found: Found) -> str:
    torch = found["versions"].get("torch")
    return record.where(found) + (f", torch {torch}" if torch else "")


def _completed(found: Found | None, whole: Found) -> Found:
    """Results in which rows of every number stand instead of those of a stride."""
    if found is None:
        return whole

    def key(row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(row[name] for name in ("function", "dtype", "library", "order"))

    better = {key(row): row for row in whole["rows"]}
    rows = [better.pop(key(row), row) for row in found["rows"]]
    merged = [*rows, *better.values()]
    return {
        **found,
        "rows": merged,
        "answer": _module("accuracy").answer(merged),
        "command": f"{found['command']}` and, on {_where(whole)}, `{whole['command']}",
        "seconds": found["seconds"] + whole["seconds"],
    }


def _module(name: str) -> Any:
    return importlib.import_module(f"research.benchmarks.{name}")
