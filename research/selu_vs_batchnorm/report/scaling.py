"""What is said about scaling: the answer in one sentence, and tables."""

from pathlib import Path

from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report.document import Picture, Section, Table
from research.selu_vs_batchnorm.report.reading import origin, read_object
from research.selu_vs_batchnorm.scaling import BASE, FLOAT, Row

SIMULATED = "Seconds on devices that the CPU plays say nothing about real devices and their network."


def section(path: Path) -> Section:
    """What was measured, as a section of the report.

    Args:
        path: A JSON file with `rows`; a picture of the same name beside it is shown.

    Raises:
        ValueError: If the file is damaged, or of something else.
        OSError: If it cannot be read.
    """
    contents = read_object(path)
    try:
        rows: list[Row] = contents.pop("rows")
        said, shown = answer(rows), tables(rows)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is no result of scaling: {type(error).__name__} {error}.") from error
    picture = path.with_suffix(".png")
    caption = "Time and memory of a training step beside those of SNN, and what devices exchange in it."
    pictures = [Picture(path.stem, caption, png=picture.read_bytes())] if picture.exists() else []
    return Section(str(contents.get("question") or path.stem), said, [], pictures, shown, origin(contents))


def alone(rows: list[Row]) -> list[Row]:
    """Those of one device, which show what a step costs."""
    return [row for row in rows if row["devices"] == 1]


def together(rows: list[Row]) -> list[Row]:
    """Those of the most devices, which show what is communicated; none of one device."""
    most = max((row["devices"] for row in rows), default=1)
    return [row for row in rows if row["devices"] == most > 1]


def memory_ratio(rows: list[Row], row: Row) -> float | None:
    """Memory relative to the base at the same shape; None where XLA does not tell."""
    shape = ("width", "depth", "rows", "devices")
    for base in rows:
        if base["method"] == BASE and all(base[name] == row[name] for name in shape):
            return row["memory_bytes"] / base["memory_bytes"] if base["memory_bytes"] else None
    return None


def answer(rows: list[Row]) -> str:
    """What normalization costs on one device, and what the most devices exchange."""
    one, many = alone(rows), together(rows)
    others = [name for name in dict.fromkeys(row["method"] for row in one) if name != BASE]
    parts = []
    if others:
        costs = ", ".join(_cost(one, name) for name in others)
        parts.append(f"Relative to {METHODS[BASE].label}, a training step on one device takes {costs}")
    if many:
        parts.append(f"on {many[0]['devices']} devices {', '.join(map(_exchanged, many))}")
    text = "; ".join(parts) or "nothing was compared"
    return f"{text[0].upper()}{text[1:]}."


def tables(rows: list[Row]) -> list[Table]:
    """What a step costs on one device, and what several communicate, as far as that was measured."""
    one, many = alone(rows), [row for row in rows if row["devices"] > 1]
    return ([_costs(one)] if one else []) + ([_communication(many)] if many else [])


def _costs(rows: list[Row]) -> Table:
    """A line for each shape and method on one device."""
    return Table(
        f"A training step on one device; times that of {METHODS[BASE].label}",
        ("layers", "width", "rows", "method", "ms", "times", "compile s", "MB", "times"),
        [
            (
                *(str(row[name]) for name in ("depth", "width", "rows")),
                METHODS[row["method"]].label,
                f"{1e3 * row['seconds']:.3g}",
                f"{row['ratio']:.2f}",
                f"{row['compile_seconds']:.1f}",
                "?" if row["memory_bytes"] is None else f"{row['memory_bytes'] / 1e6:.3g}",
                _ratio(memory_ratio(rows, row)),
            )
            for row in rows
        ],
    )


def _communication(rows: list[Row]) -> Table:
    """A line for each number of devices above one and each method."""
    shape = f"{rows[0]['depth']} layers of {rows[0]['width']}"
    return Table(
        f"What each device communicates in a training step of {shape}",
        ("devices", "method", "exchanges", "chain", "gradients", "normalization", "ms", "times"),
        [
            (
                f"{row['devices']}{' on CPU' if row['simulated'] else ''}",
                METHODS[row["method"]].label,
                str(sum(kind["count"] for kind in row["collectives"].values())),
                str(row["chain"]),
                f"{row['gradient_bytes'] / 1e3:.0f} kB",
                f"{row['normalization_bytes'] / 1e3:.0f} kB",
                f"{1e3 * row['seconds']:.3g}",
                f"{row['ratio']:.2f}",
            )
            for row in rows
        ],
        note=SIMULATED if any(row["simulated"] for row in rows) else "",
    )


def _cost(rows: list[Row], name: str) -> str:
    own = [row for row in rows if row["method"] == name]
    memory = [ratio for row in own if (ratio := memory_ratio(rows, row)) is not None]
    of_memory = f" and {_range(memory)} times the memory" if memory else ""
    return f"with {METHODS[name].label} {_range([row['ratio'] for row in own])} times as long{of_memory}"


def _exchanged(row: Row) -> str:
    gradients = f"{METHODS[row['method']].label} exchanges {row['gradient_bytes'] / 1e6:.3g} MB of gradients"
    vectors = row["normalization_bytes"] / (FLOAT * row["width"] * row["depth"])
    more = f" and {vectors:.3g} vectors per layer" if vectors else ""
    chain = "at once" if row["chain"] == 1 else f"in {row['chain']} exchanges one after another"
    return f"{gradients}{more} {chain}"


def _range(values: list[float]) -> str:
    return " to ".join(dict.fromkeys(f"{value:.2f}" for value in (min(values), max(values))))


def _ratio(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"
