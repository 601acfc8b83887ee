"""What the speeds say: a sentence, a table and a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from research.benchmarks.programs import FORWARD, GRADIENT
from research.benchmarks.ratios import Row, elements, ordered, ratios, shown

MIDDLE, LARGE = 2**20, 2**24

OTHERS = ("jax.nn", "torch", "torch.compile")

LOOKS = {
    "jaxact": ("#D55E00", "o"),
    "jax.nn": ("#0072B2", "s"),
    "torch": ("#666666", "^"),
    "torch.compile": ("#009E73", "v"),
}
"""Colours that remain distinct to colour-blind eyes (Okabe and Ito), and markers."""

KINDS = {FORWARD: "forward", GRADIENT: "with gradient"}


def answer(rows: Sequence[Row]) -> str:
    """How much faster jaxact is, in one sentence."""
    sizes = _sizes(rows, (MIDDLE,))
    parts = []
    found = ratios(rows, "jax.nn", "jaxact", size=sizes)
    if found.mean is not None:
        at = " and ".join(map(elements, sizes))
        parts.append(
            f"at {at} elements jaxact is {shown(found.mean)} as fast as jax.nn (smallest "
            f"{shown(found.smallest)}, {_readable(found.where(found.smallest))})"
        )
    torch = [_against_torch(rows, what) for what in (FORWARD, GRADIENT)]
    if all(mean is not None for _, mean in torch):
        (sizes, forward), (_, gradient) = torch
        at = " and ".join(map(elements, sizes))
        parts.append(
            f"at {at} {shown(forward)} as fast as eager torch forward and {shown(gradient)} with backward"
        )
    shares = ratios(rows, "copy", "jaxact")
    if shares.mean is not None:
        largest = max(ordered(rows, lambda row: row["size"]))
        shares = ratios(rows, "copy", "jaxact", size=(largest,))
        parts.append(f"at {elements(largest)} it takes {shown(1 / (shares.mean or 1))} the time of a copy")
    sentence = "; ".join(parts) or "jaxact was timed alone, and there is nothing to compare"
    return f"{sentence[0].upper()}{sentence[1:]} (geometric means)."


def table(rows: Sequence[Row]) -> list[list[str]]:
    """Geometric means over the functions, for each dtype, size and kind of program, then over several."""
    others = [f"{other} / jaxact (smallest)" for other in OTHERS]
    cells = [
        ["dtype", "elements", "program", *others, "of the copy's bandwidth", "compiling, jax.nn / jaxact"]
    ]
    whole = ordered(rows, lambda row: (row["dtype"], row["size"], row["what"]))
    for dtype, size, what in whole:
        where = {"dtype": (dtype,), "size": (size,), "what": (what,)}
        cells.append([dtype, elements(size), KINDS[what], *_summary(rows, where)])
    dtypes = ordered(rows, lambda row: row["dtype"])
    middle = _sizes(rows, (MIDDLE,))
    cells.append(_over(rows, dtypes, middle, (FORWARD, GRADIENT)))
    cells += [_over(rows, dtypes, _sizes(rows, (MIDDLE, LARGE)), (what,)) for what in (FORWARD, GRADIENT)]
    return cells


def summary(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """For each function, how much faster than jax.nn and eager torch it is at 2^20 elements."""
    columns: dict[str, dict[str, str]] = {}
    for other in ("jax.nn", "torch"):
        name = f"time, {other} / jaxact"
        columns[name] = {}
        for function in ordered(rows, lambda row: row["function"]):
            found = ratios(rows, other, "jaxact", size=_sizes(rows, (MIDDLE,)), function=(function,))
            if found.mean is not None:
                columns[name][function] = shown(found.mean)
    return columns


def draw(rows: Sequence[Row], path: Path) -> None:
    """Time relative to the copy, forward with gradient, one marker for each function and library."""
    size = _sizes(rows, (MIDDLE,))[0]
    dtypes = ordered(rows, lambda row: row["dtype"])
    against = {
        (dtype, library): ratios(rows, library, "copy", dtype=(dtype,), size=(size,), what=(GRADIENT,)).of
        for dtype in dtypes
        for library in LOOKS
    }
    order = {key[0]: ratio for key, ratio in against[dtypes[0], "jaxact"].items()}
    functions = sorted(order, key=order.__getitem__)
    figure = Figure(
        figsize=(2.2 + 4.2 * len(dtypes), 1.6 + 0.24 * max(8, len(functions))), layout="constrained"
    )
    panels = figure.subplots(1, len(dtypes), squeeze=False, sharey=True, sharex=True)[0]
    for axes, dtype in zip(panels, dtypes, strict=True):
        for library in LOOKS:
            found = {key[0]: ratio for key, ratio in against[dtype, library].items()}
            _markers(axes, functions, found, library)
        axes.set_title(dtype, fontsize=11)
        axes.set_xlabel("time relative to a copy")
        axes.set_xscale("log")
        axes.axvline(1, color="black", linewidth=0.8)
        axes.grid(visible=True, which="both", linewidth=0.4, alpha=0.5)
        _plain_ticks(axes, [ratio for found in against.values() for ratio in found.values()])
    panels[0].set_yticks(range(len(functions)), functions)
    figure.suptitle(f"Value and gradient of 2^{size.bit_length() - 1} elements", fontsize=12)
    labels = {
        label: handle
        for axes in panels
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(labels.values(), labels.keys(), loc="outside lower center", ncols=len(LOOKS), frameon=False)
    figure.savefig(path, dpi=110)


def _markers(axes: Axes, functions: Sequence[str], found: dict[str, float], library: str) -> None:
    """One marker for each function that the library has; jaxact's on top."""
    here = [(found[name], height) for height, name in enumerate(functions) if name in found]
    if here:
        colour, marker = LOOKS[library]
        across, up = zip(*here, strict=True)
        on_top = 3 if library == "jaxact" else 2
        axes.scatter(across, up, color=colour, marker=marker, s=30, alpha=0.85, label=library, zorder=on_top)


def _plain_ticks(axes: Axes, values: Sequence[float]) -> None:
    """Ticks at 1, 2, 5, 10, ... as far as the values go, which a logarithmic axis would write as powers."""
    low, high = min([1, *values]) / 1.15, max([2, *values]) * 1.15
    ticks = [m * 10.0**e for e in range(-3, 5) for m in (1, 2, 5) if low <= m * 10.0**e <= high]
    axes.set_xlim(low, high)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def _sizes(rows: Sequence[Row], wanted: Sequence[int]) -> list[int]:
    """Those of the sizes that were measured; the largest that was, if none of them."""
    measured = ordered(rows, lambda row: row["size"])
    return [size for size in wanted if size in measured] or [max(measured)]


def _against_torch(rows: Sequence[Row], what: str) -> tuple[list[int], float | None]:
    """At which sizes, and the geometric mean of the ratios."""
    sizes = _sizes(rows, (MIDDLE, LARGE))
    return sizes, ratios(rows, "torch", "jaxact", size=sizes, what=(what,)).mean


def _over(rows: Sequence[Row], dtypes: list[str], sizes: list[int], whats: Sequence[str]) -> list[str]:
    """A line of the table over several dtypes, sizes and programs."""
    where: dict[str, Any] = {"dtype": dtypes, "size": sizes, "what": whats}
    names = ["all", " and ".join(map(elements, sizes)), " and ".join(KINDS[what] for what in whats)]
    return [*names, *_summary(rows, where)]


def _summary(rows: Sequence[Row], where: dict[str, Any]) -> list[str]:
    """The figures of one line."""
    cells = []
    for other in OTHERS:
        found = ratios(rows, other, "jaxact", **where)
        name = found.where(found.smallest).split(" ")[0]
        cells.append(name and f"{shown(found.mean)} ({shown(found.smallest)} {name})")
    share = ratios(rows, "copy", "jaxact", **where).mean
    compiling = ratios(rows, "jax.nn", "jaxact", "compile_seconds", **where).mean
    return [*cells, "" if share is None else f"{share:.0%}", shown(compiling)]


def _readable(thing: str) -> str:
    """A function, dtype, size and program without the size."""
    function, dtype, _, what = thing.split(" ")
    return f"{function} {KINDS[what]} in {dtype}"
