"""What is said about scaling: the answer in one sentence, and tables."""

from rich.table import Table

from research import tables
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.scaling.config import BASE
from research.selu_vs_batchnorm.scaling.measure import FLOAT, Row

SIMULATED = "Seconds on devices that the CPU plays say nothing about real devices and their network."


def alone(rows: list[Row]) -> list[Row]:
    """Those of one device, which show what a step costs."""
    return [row for row in rows if row["devices"] == 1]


def together(rows: list[Row]) -> list[Row]:
    """Those of the most devices, which show what is communicated; none of one device."""
    most = max((row["devices"] for row in rows), default=1)
    return [row for row in rows if row["devices"] == most > 1]


def vectors(row: Row) -> float:
    """Numbers that normalization communicates, in vectors of a layer's width per layer."""
    return row["normalization_bytes"] / (FLOAT * row["width"] * row["depth"])


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


def cost(rows: list[Row]) -> Table:
    """A line for each shape and method on one device."""
    heads = ("layers", "width", "rows", "method", "ms", "times", "compile s", "MB", "times")
    title = f"A training step on one device; times that of {METHODS[BASE].label}"
    table = tables.table(title, *heads)
    for row in alone(rows):
        shape = (str(row[name]) for name in ("depth", "width", "rows"))
        memory = row["memory_bytes"]
        table.add_row(
            *shape,
            METHODS[row["method"]].label,
            f"{1e3 * row['seconds']:.3g}",
            f"{row['ratio']:.2f}",
            f"{row['compile_seconds']:.1f}",
            "?" if memory is None else f"{memory / 1e6:.3g}",
            _ratio(memory_ratio(rows, row)),
        )
    return table


def communication(rows: list[Row]) -> Table:
    """A line for each number of devices above one and each method."""
    shape = together(rows)[0]
    table = tables.table(
        f"What each device communicates in a training step of {shape['depth']} layers of {shape['width']}",
        *("devices", "method", "exchanges", "chain", "gradients", "normalization", "ms", "times"),
    )
    for row in rows:
        if row["devices"] > 1:
            table.add_row(
                f"{row['devices']}{' on CPU' if row['simulated'] else ''}",
                METHODS[row["method"]].label,
                str(sum(kind["count"] for kind in row["collectives"].values())),
                str(row["chain"]),
                f"{row['gradient_bytes'] / 1e3:.0f} kB",
                f"{row['normalization_bytes'] / 1e3:.0f} kB",
                f"{1e3 * row['seconds']:.3g}",
                f"{row['ratio']:.2f}",
            )
    return table


def _cost(rows: list[Row], name: str) -> str:
    own = [row for row in rows if row["method"] == name]
    memory = [ratio for row in own if (ratio := memory_ratio(rows, row)) is not None]
    of_memory = f" and {_range(memory)} times the memory" if memory else ""
    return f"with {METHODS[name].label} {_range([row['ratio'] for row in own])} times as long{of_memory}"


def _exchanged(row: Row) -> str:
    gradients = f"{METHODS[row['method']].label} exchanges {row['gradient_bytes'] / 1e6:.3g} MB of gradients"
    more = f" and {vectors(row):.3g} vectors per layer" if row["normalization_bytes"] else ""
    chain = "at once" if row["chain"] == 1 else f"in {row['chain']} exchanges one after another"
    return f"{gradients}{more} {chain}"


def _range(values: list[float]) -> str:
    return " to ".join(dict.fromkeys(f"{value:.2f}" for value in (min(values), max(values))))


def _ratio(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"
