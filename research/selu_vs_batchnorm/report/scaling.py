"""The table of what training costs on one device and on several."""

from pathlib import Path
from typing import Any

from research.selu_vs_batchnorm.report.document import Picture, Section, Table
from research.selu_vs_batchnorm.report.reading import read_object


def scaling(path: Path) -> Section:
    """What the measurements of scaling show: their columns are whatever was measured.

    Args:
        path: A JSON file with `rows`; a picture of the same name beside it is shown.

    Raises:
        ValueError: If the file is damaged, or of something else.
        OSError: If it cannot be read.
    """
    contents = read_object(path)
    rows = contents.pop("rows", None)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{path} is no result of scaling: it has no list 'rows' of objects.")
    picture = path.with_suffix(".png")
    shown = []
    if picture.exists():
        shown = [Picture(path.stem, "Cost of a step, by the number of devices.", png=picture.read_bytes())]
    return Section(
        str(contents.get("question") or "How does training scale over devices?"),
        str(contents.get("answer") or ""),
        [],
        shown,
        [table_of(rows)] if rows else [],
        origin(contents),
    )


def table_of(rows: list[dict[str, Any]]) -> Table:
    """A column for everything that some row has; what is nested stands under both names."""
    flat = [flattened(row) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))
    cells = [tuple(_cell(name, row.get(name)) for name in columns) for row in flat]
    heads = tuple(name.replace("_", " ") for name in columns)
    return Table("Cost of training", heads, cells, long=len(cells) > 30)


def origin(header: dict[str, Any]) -> dict[str, str]:
    """How a result was made, as text by name."""
    kept = {
        name: header[name]
        for name in ("command", "commit", "date", "device", "versions", "config")
        if name in header
    }
    shown = {name: _told(value) for name, value in kept.items()}
    return {name: text for name, text in shown.items() if text}


def flattened(values: dict[str, Any]) -> dict[str, Any]:
    """Nested objects as one."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= {f"{name} {inner}": each for inner, each in flattened(value).items()}
        else:
            flat[name] = value
    return flat


def _cell(name: str, value: Any) -> str:
    """A figure in the unit that its name states."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _told(value)
    words = name.replace("_", " ").split()
    if "seconds" in words:
        return f"{value:.3g} s" if value >= 1 else f"{1e3 * value:.3g} ms"
    if "bytes" in words:
        return f"{value / 2**20:.3g} MiB" if value >= 2**20 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _told(value: Any) -> str:
    match value:
        case None:
            return ""
        case dict():
            return ", ".join(f"{name} {_told(each)}" for name, each in value.items() if _told(each))
        case list():
            return " ".join(_told(each) for each in value)
        case _:
            return str(value)
