"""A report reads well, and survives JSON."""

import importlib.util
import json
import math
from typing import Any

import jax.numpy as jnp
import pytest

import jaxact
from jaxact.properties import table
from jaxact.properties.check import examine


@pytest.fixture(scope="module")
def report() -> jaxact.Report:
    """One with NaN (no limit of the slope), infinities (no bound) and a parameter."""
    return jaxact.check(jaxact.snake)


def test_json_round_trip(report: jaxact.Report) -> None:
    text = report.to_json()
    assert json.loads(text)["name"] == "snake"
    assert "NaN" not in text
    assert "Infinity" not in text
    again = jaxact.Report.from_json(text)
    assert again == report
    assert again.to_json() == text
    assert math.isnan(again["saturation"].figures["slope at inf"])
    assert again["boundedness"].figures["supremum"] == math.inf


@pytest.mark.parametrize("text", ["{}", "[]", "3", "not json", '{"verdicts": [{"claims": []}]}'])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"report|JSON|Expecting"):
        jaxact.Report.from_json(text)


def test_look_up(report: jaxact.Report) -> None:
    assert report["identity"].criterion == "identity"
    assert report.claims["monotonic"] is report["monotonicity"].claims[0]
    with pytest.raises(KeyError, match="nonlinearity, differentiability"):
        report["beauty"]


@pytest.mark.parametrize("plain", [False, True])
def test_the_table_names_every_criterion(
    report: jaxact.Report, monkeypatch: pytest.MonkeyPatch, *, plain: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    if plain:
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    text = str(report)
    assert ("╭" in text) is not plain
    assert all(verdict.criterion in text for verdict in report.verdicts)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert "parameter_free [exhaustive]" in " ".join(text.split())
    assert "1=1" not in text
    assert "sharpness" in text or "frequency" in text


def test_color_is_for_terminals(report: jaxact.Report) -> None:
    assert "\x1b" in table.render(report, color=True)


def test_numbers_are_printed_short() -> None:
    figures: list[tuple[Any, str]] = [
        (0.1, "0.1"),
        (-0.0, "0"),
        (math.inf, "inf"),
        ((1.0, "a"), "(1, a)"),
        (3, "3"),
    ]
    assert [table.number(value) for value, _ in figures] == [text for _, text in figures]


def test_parameters_are_counted() -> None:
    def count(f: Any, **options: Any) -> tuple[int, str]:
        verdict = examine(f, criteria=["parameters"], **options)["parameters"]
        return verdict.figures["parameters"], verdict.finding

    assert count(jnp.tanh) == (0, "none")
    assert count(jaxact.leaky_relu) == (1, "slope, one for all units")
    assert count(jaxact.prelu) == (1, "slope, learned, one for all units")
    slopes = jnp.array([0.1, 0.2, 0.3])
    assert count(jaxact.prelu, parameters={"slope": slopes}) == (
        3,
        "slope, learned, one for each of 3 channels",
    )
    weight = jnp.array(0.5)
    assert count(lambda x: x * weight)[0] == 1
    assert count(lambda x, gain=2.0, flag=True: x * gain if flag else x)[0] == 1
