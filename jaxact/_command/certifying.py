"""`jaxact certify`: proves what can be proved of the catalogue and keeps it, or proves it once more."""

import contextlib
import importlib.metadata
import importlib.util
import json
import multiprocessing
import multiprocessing.pool
import time
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from jaxact import _facts
from jaxact._facts import Facts
from jaxact._registry import spec, specs
from jaxact._spec import Spec

FINE, COARSE = 1e-9, 1e-3
"""How far apart the ends of a bound may lie, and where it is only held against the one on record."""

_FEW = 4
"""So many activations are not worth starting processes."""


def run(names: Sequence[str], *, verify: bool) -> int:
    """Proves facts of activations, prints what was decided, and writes or compares the facts on record.

    Raises:
        ModuleNotFoundError: If python-flint is not installed.
        KeyError: If a name is in no catalogue.
    """
    if importlib.util.find_spec("flint") is None:
        raise ModuleNotFoundError("certify needs python-flint; pip install 'jaxact[check]' brings it.")
    entries = [spec(name) for name in names] or [*specs.values()]
    console, errors = Console(highlight=False), Console(stderr=True)
    recorded = _facts.catalogue()
    found: dict[str, Facts] = {}
    seconds: dict[str, float] = {}
    work = [(entry.name, COARSE if verify else FINE) for entry in entries]
    with contextlib.ExitStack() as stack:
        many = len(work) > _FEW
        each = stack.enter_context(_workers()).imap(_proved, work) if many else map(_proved, work)
        for name, facts, took in track(each, "proving", len(work), console=errors, transient=True):
            found[name], seconds[name] = facts, took
    console.print(_table(entries, found, seconds))
    if verify:
        wrong = [line for name, one in found.items() for line in differences(name, recorded.get(name), one)]
        for line in wrong:
            errors.print(line, style="red", markup=False)
        console.print(f"{len(found) - len({line.split(':')[0] for line in wrong})} of {len(found)} verified")
        return 1 if wrong else 0
    _write({name: {**recorded, **found}[name] for name in specs if name in recorded or name in found})
    console.print(f"written to {_facts.PATH.name}")
    return 0


def _workers() -> multiprocessing.pool.Pool:
    """Processes that prove side by side; they start anew, as JAX does not survive a fork."""
    return multiprocessing.get_context("spawn").Pool()


def _proved(work: tuple[str, float]) -> tuple[str, Facts, float]:
    """The facts of one activation, and the seconds that they took."""
    from jaxact.proof.facts import facts  # noqa: PLC0415  # needs python-flint
    from jaxact.proof.programs.program import of_formula  # noqa: PLC0415

    (name, tolerance), begin = work, time.perf_counter()
    entry = specs[name]
    found = facts(of_formula(entry.formula, entry.defaults), tolerance=tolerance)
    return name, found, time.perf_counter() - begin


def _table(entries: Sequence[Spec], found: Mapping[str, Facts], seconds: Mapping[str, float]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    for heading in ("name", "proved", "refuted", "undecided", "boxes", "seconds"):
        table.add_column(heading, justify="left" if heading == "name" else "right")
    rows = [(entry.name, _counts(found[entry.name]), seconds[entry.name]) for entry in entries]
    for name, counts, took in rows:
        table.add_row(name, *map(str, counts), f"{took:.2f}")
    totals = [sum(counts[i] for _, counts, _ in rows) for i in range(4)]
    table.add_row("all", *map(str, totals), f"{sum(seconds.values()):.2f}", style="bold")
    return table


def _counts(facts: Facts) -> tuple[int, ...]:
    verdicts = [proof.holds for proof in facts.claims.values()]
    kinds = (sum(holds is kind for holds in verdicts) for kind in (True, False, None))
    return *kinds, sum(proof.boxes for proof in facts.claims.values())


def differences(name: str, recorded: Facts | None, found: Facts) -> list[str]:
    """What speaks against the facts on record."""
    if recorded is None:
        return [f"{name}: not certified yet"]
    lines = []
    for word, proof in found.claims.items():
        before = recorded.claims.get(word)
        if before is None or before.holds != proof.holds:
            known = "missing" if before is None else before.evidence
            lines.append(f"{name}: {word} is {known}, found {proof.evidence}")
    for figure, value in found.figures.items():
        if not agree(recorded.figures.get(figure), value):
            lines.append(f"{name}: {figure} is {recorded.figures.get(figure)}, found {value}")
    return lines


def agree(a: Any, b: Any) -> bool:
    """Whether two figures may be the same: enclosures of a number meet, everything else is equal."""
    match a, b:
        case dict(), dict():
            return a.keys() == b.keys() and all(agree(a[key], b[key]) for key in a)
        case [low, high], [other_low, other_high] if not isinstance(low, list | dict):
            return max(float(low), float(other_low)) <= min(float(high), float(other_high))
        case list(), list():
            return len(a) == len(b) and all(map(agree, a, b))
        case _:
            return a == b


def _write(facts: Mapping[str, Facts]) -> None:
    versions = {package: importlib.metadata.version(package) for package in ("python-flint", "jaxact")}
    contents = {
        "about": "Proved for all real numbers, at the default parameters, by python -m jaxact certify",
        "versions": versions,
        "functions": {name: _facts.written(one) for name, one in facts.items()},
    }
    unfinished = _facts.PATH.with_suffix(".tmp")
    unfinished.write_text(json.dumps(contents, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    unfinished.replace(_facts.PATH)
    _facts.catalogue.cache_clear()
