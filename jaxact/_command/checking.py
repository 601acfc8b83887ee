"""`jaxact check`: judges a function, and fails where it lacks a property that is required."""

import sys

from rich.console import Console

from jaxact._command import properties
from jaxact._command.target import find
from jaxact.properties.check import check
from jaxact.properties.evidence import Claim
from jaxact.properties.table import number, render

FAILED = 1
"""The exit code where a required property fails or is undecided."""


def run(target: str, *, json: bool, dtype: str, require: str, measure: bool) -> int:
    """Checks one function, prints its report, and returns the exit code."""
    required = properties.read(require)
    report = check(find(target), dtype=dtype, measure=measure)
    if json:
        sys.stdout.write(report.to_json() + "\n")
    else:
        sys.stdout.write(render(report, color=sys.stdout.isatty()) + "\n")
    lacking = [report.claims[name] for name in required if not report.claims[name].holds]
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    for claim in lacking:
        errors.print(f"{report.name}: {_failure(claim)}", style="red", markup=False)
    return FAILED if lacking else 0


def _failure(claim: Claim) -> str:
    at = f" at {', '.join(map(number, claim.witness))}" if claim.witness else ""
    verb = "is undecided" if claim.holds is None else "fails"
    return f"{claim.name} {verb} ({claim.evidence}{at}): {claim.reason}"
