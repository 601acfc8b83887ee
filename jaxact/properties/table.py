"""A report as a table: drawn by rich where that is installed, in plain text otherwise."""

import importlib.util
import io
import shutil
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from jaxact._vectors import joined
from jaxact.properties.evidence import Claim, Evidence, Verdict

if TYPE_CHECKING:  # the report draws itself with this module
    from jaxact.properties.report import Report

_STYLES = {True: "green", False: "red", None: "yellow"}
_LEAST, _MOST = 72, 132


class Row(NamedTuple):
    """One line of a table."""

    criterion: str
    holds: bool | None
    property: str
    finding: str
    figure: str
    known: str


def render(report: "Report", *, color: bool = False) -> str:
    """Draws a report.

    Args:
        report: What is drawn.
        color: Whether terminal colors may be used; only rich uses them.
    """
    width = min(_MOST, max(_LEAST, shutil.get_terminal_size((110, 24)).columns))
    draw = _plain if importlib.util.find_spec("rich") is None else _rich
    return draw(report, width, color=color)


def number(value: Any) -> str:
    """A figure as it is printed."""
    match value:
        case float():
            return f"{value + 0.0:.6g}"
        case tuple():
            return "(" + ", ".join(map(number, value)) + ")"
        case _:
            return str(value)


def _heading(report: "Report") -> str:
    formula = f"  {report.formula}" if report.formula else ""
    given = ", ".join(f"{name}={number(value)}" for name, value in joined(report.parameters).items())
    return f"{report.name}{formula}" + (f"  with {given}" if given else "")


def _footing(report: "Report") -> str:
    places = f"{report.points:,} points of {report.dtype}"
    unproved = f"; {report.unproved}" if report.unproved else ""
    return f"{places}, shape taken in {report.shape_dtype}, on {report.device}{unproved}"


def _rows(report: "Report") -> Iterator[Row]:
    for verdict in report.verdicts:
        what, holds = _property(verdict), verdict.holds
        yield Row(verdict.criterion, holds, what, verdict.finding, _figure(verdict), _known(verdict))


def _property(verdict: Verdict) -> str:
    name = verdict.claims[0].name
    if verdict.holds is False:
        return name.removeprefix("non_") if name.startswith("non_") else f"not {name}"
    return name if verdict.holds else f"{name}?"


def _figure(verdict: Verdict) -> str:
    for name, value in verdict.figures.items():
        return f"{name}: {number(value)}"
    return ""


def _known(verdict: Verdict) -> str:
    at = f" at {', '.join(map(number, verdict.witness))}" if verdict.witness else ""
    return f"{verdict.evidence}{at}"


def _properties(report: "Report") -> Iterator[tuple[str, str]]:
    """Which properties the function has, has not, and which are undecided, with how that is known."""
    for title, holds in (("has", True), ("has not", False), ("undecided", None)):
        words = [_word(claim) for claim in report.claims.values() if claim.holds is holds]
        if words:
            yield title, ", ".join(words)


def _word(claim: Claim) -> str:
    """A property; those known otherwise than by a proof or a counterexample say so."""
    usual = {True: Evidence.PROVED, False: Evidence.REFUTED, None: Evidence.UNDECIDED}[claim.holds]
    known = "" if claim.evidence is usual else f" [{claim.evidence}]"
    return f"{claim.name}{known}"


def _rich(report: "Report", width: int, *, color: bool) -> str:
    from rich.box import ROUNDED  # noqa: PLC0415  # an extra, not needed to import jaxact
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=ROUNDED, title=Text(_heading(report)), title_justify="left", caption_justify="left")
    table.caption = Text(_footing(report))
    for heading in ("criterion", "property", "verdict", "figure", "known by"):
        table.add_column(heading, overflow="fold")
    for row in _rows(report):
        what = Text(row.property, style=_STYLES[row.holds])
        table.add_row(row.criterion, what, Text(row.finding), Text(row.figure), Text(row.known))
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False)
    console.print(table)
    for title, words in _properties(report):
        console.print(Text(f"{title}: ", style="bold") + Text(words))
    return out.getvalue().rstrip("\n")


def _plain(report: "Report", width: int, *, color: bool) -> str:
    del color
    lines = [_heading(report), ""]
    for row in _rows(report):
        what = f"{row.property}: {row.finding}; {row.figure} ({row.known})"
        first = f"{row.criterion:<18}"
        lines.append(textwrap.fill(what, width, initial_indent=first, subsequent_indent=" " * len(first)))
    lines += ["", _footing(report)]
    for title, words in _properties(report):
        lines.append(textwrap.fill(f"{title}: {words}", width, subsequent_indent="  "))
    return "\n".join(lines)
