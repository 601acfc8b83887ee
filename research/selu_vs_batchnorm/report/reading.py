"""Results as they were written, read without trust."""

import dataclasses
import json
import types
import typing
from pathlib import Path
from typing import Any, NamedTuple

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.selection import Chosen

_KINDS = {str: str, int: int, float: (int, float), list: list, dict: dict, types.NoneType: types.NoneType}


class Result(NamedTuple):
    """One experiment.

    Attributes:
        found: What was chosen.
        header: All else: question, answer, command, devices, versions, date, commits and config.
    """

    found: list[Chosen]
    header: dict[str, Any]


def load(path: Path) -> list[Chosen]:
    """What an experiment found.

    Args:
        path: A JSON file that the experiment wrote.

    Raises:
        ValueError: If the file is damaged, or of something else.
        OSError: If it cannot be read.
    """
    return read(path).found


def read(path: Path) -> Result:
    """What an experiment found, and how; arguments and errors are those of `load`."""
    contents = read_object(path)
    entries = contents.pop("found", None)
    if not isinstance(entries, list):
        raise ValueError(f"{path} is no result of an experiment: it has no list 'found'.")  # noqa: TRY004
    return Result(
        [_chosen(f"{path}, entry {i} of 'found'", entry) for i, entry in enumerate(entries)], contents
    )


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object of a file.

    Raises:
        ValueError: If it has none.
        OSError: If it cannot be read.
    """
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}.") from error
    except RecursionError as error:
        raise ValueError(f"{path} is damaged: it is nested too deeply.") from error
    if not isinstance(contents, dict):
        raise ValueError(f"{path} must hold an object; got {type(contents).__name__}.")  # noqa: TRY004  # a file
    return contents


def origin(header: dict[str, Any]) -> dict[str, str]:
    """How a result was made, as text by name; of several commits and devices all are told."""
    names = ("command", "commit", "date", "device", "versions", "config")
    shown = {name: _told(header.get(f"{name}s", header.get(name))) for name in names}
    return {name: text for name, text in shown.items() if text}


def _told(value: Any) -> str:
    match value:
        case None:
            return ""
        case dict():
            return ", ".join(f"{name} {_told(each)}" for name, each in value.items() if _told(each))
        case list():
            return ", ".join(_told(each) for each in value)
        case _:
            return str(value)


def _chosen(where: str, entry: Any) -> Chosen:
    if not isinstance(entry, dict):
        raise ValueError(f"{where} must be an object; got {type(entry).__name__}.")  # noqa: TRY004  # a file
    hints = typing.get_type_hints(Chosen)
    names = [field.name for field in dataclasses.fields(Chosen)]
    if set(entry) != set(names):
        missing, unknown = sorted(set(names) - set(entry)), sorted(set(entry) - set(names))
        raise ValueError(f"{where} must have the fields of Chosen; missing {missing}, unknown {unknown}.")
    values = {name: _value(f"{where}, {name}", entry[name], hints[name]) for name in names}
    if values["method"] not in METHODS:
        raise ValueError(f"{where} is of an unknown method, {values['method']!r}.")
    if values["depth"] < 1 or not values["runs"]:
        raise ValueError(f"{where} must have a layer and a run.")
    for run in values["runs"]:
        _check_run(where, run)
    _check_layers(where, values["layers"])
    return Chosen(**values)


def _value(where: str, value: Any, hint: Any) -> Any:
    """A value of a field; a missing float is NaN."""
    choices = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    kinds = [typing.get_origin(choice) or choice for choice in choices]
    if kinds == [float] and (value is None or isinstance(value, int | float)):
        return float("nan") if value is None else float(value)
    if isinstance(value, bool) or not any(isinstance(value, _KINDS[kind]) for kind in kinds):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise ValueError(f"{where} must be {wanted}; got {value!r:.60}.")
    return value


def _check_run(where: str, run: Any) -> None:
    if not isinstance(run, dict) or "diverged_at" not in run or "test_accuracy" not in run:
        raise ValueError(f"{where} has a run without 'diverged_at' or 'test_accuracy'.")
    curves = run.get("curves") or {}
    figures = [value for name, value in run.items() if name != "curves"]
    if (
        not isinstance(curves, dict)
        or not all(map(_is_list, curves.values()))
        or not all(map(_is_number, figures))
    ):
        raise ValueError(f"{where} has a run whose figures are no numbers.")


def _check_layers(where: str, layers: Any) -> None:
    for found in (layers or {}).values():
        if not isinstance(found, dict) or not all(map(_is_list, found.values())):
            raise ValueError(f"{where} has layers that are no lists of numbers.")


def _is_number(value: Any) -> bool:
    return value is None or isinstance(value, int | float)


def _is_list(values: Any) -> bool:
    return isinstance(values, list) and all(map(_is_number, values))
