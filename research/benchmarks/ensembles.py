"""How fast many small networks are trained at once, against the loop that one writes in torch."""

import dataclasses
import importlib
import importlib.util
import itertools
from pathlib import Path
from typing import Any, Literal

import jax
from matplotlib.figure import Figure

from research.benchmarks import plots
from research.benchmarks.options import Options
from research.benchmarks.timing import Program, interleave, spread
from research.selu_vs_batchnorm.data import Rows, Task, shipped
from research.selu_vs_batchnorm.training import Protocol, Setting, Unit
from research.selu_vs_batchnorm.training.ensemble import Training

QUESTION = "How many small networks does one program train per second, against a plain loop in torch?"

Found = list[dict[str, Any]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(Options):
    """Options of the benchmark of ensembles: fully connected networks on the digits of scikit-learn."""

    methods: tuple[Literal["snn", "batchnorm"], ...] = ("snn", "batchnorm")
    """What is trained."""
    widths: tuple[int, ...] = (32, 64, 128)
    """Units of every hidden layer."""
    depth: int = 8
    """Hidden layers."""
    networks: int | None = None
    """Trained at once, each at its own learning rate; 16 on a CPU and 512 elsewhere, if not given."""
    batch: int = 128
    """Rows per step."""
    rounds: int = 7
    """Epochs of each loop that are timed, in turns."""


def units(config: Config) -> list[str]:
    """One for each method and width."""
    return [f"{method} {width}" for method in config.methods for width in config.widths]


def measure(config: Config, unit: str) -> Found:
    """Seconds of an epoch of one network: of many at once, and one by one in torch, where it is installed."""
    method, width = unit.split(maxsplit=1)[0], int(unit.split()[1])
    count, depth = (2, 2) if config.quick else (config.networks or _room(), config.depth)
    task, hidden = shipped("digits"), [width] * depth
    programs: dict[str, Program] = {"jaxact": _ensemble(task, method, hidden, count, config.batch)}
    if importlib.util.find_spec("torch") is not None:
        programs["torch"] = _loop(task, method, hidden, config.batch)
    seconds = interleave(programs, rounds=3 if config.quick else config.rounds, repeats=1)
    at_once = {"jaxact": count, "torch": 1}
    return [
        {
            "method": method,
            "width": width,
            "depth": depth,
            "library": library,
            "networks": at_once[library],
            **spread([each / at_once[library] for each in times]),
        }
        for library, times in seconds.items()
    ]


def _room() -> int:
    """How many networks keep the device busy."""
    return 16 if jax.default_backend() == "cpu" else 512


@jax.default_matmul_precision("float32")  # as torch does
def _ensemble(task: Task, method: str, hidden: list[int], count: int, batch: int) -> Program:
    """Epochs of many networks in one program, with a look at the validation rows after each."""
    settings = tuple(Setting(0.01 / (1 + place)) for place in range(count))
    protocol = Protocol(epochs=1, patience=1, batch_size=batch)
    unit = Unit("digits", 0, method, len(hidden), hidden[0], settings, 1, protocol)
    training = Training(unit, task)

    def epochs(repeats: int) -> None:
        for number in range(1, repeats + 1):
            training.epoch(number)

    return epochs


def _loop(task: Task, method: str, hidden: list[int], batch: int) -> Program:
    """Epochs of one network in torch, as one writes it, likewise."""
    torch: Any = importlib.import_module("torch")
    nn = torch.nn
    layers = []
    for inputs, outputs in itertools.pairwise([task.train.x.shape[1], *hidden]):
        after = [nn.SELU()] if method == "snn" else [nn.BatchNorm1d(outputs), nn.ReLU()]
        layers += [nn.Linear(inputs, outputs), *after]
    device = "cpu" if jax.default_backend() == "cpu" else "cuda"
    model = nn.Sequential(*layers, nn.Linear(hidden[-1], task.classes)).to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    loss_of = nn.CrossEntropyLoss()
    train, validation = (_tensors(torch, rows, device) for rows in (task.train, task.validation))

    def epochs(repeats: int) -> None:
        for _ in range(repeats):
            model.train()
            order = torch.randperm(len(train[1]), device=device)
            for start in range(0, len(order) - batch + 1, batch):
                rows = order[start : start + batch]
                optimizer.zero_grad()
                loss_of(model(train[0][rows]), train[1][rows]).backward()
                optimizer.step()
            model.eval()
            with torch.no_grad():
                loss_of(model(validation[0]), validation[1]).item()

    return epochs


def _tensors(torch: Any, rows: Rows, device: str) -> tuple[Any, Any]:
    return torch.from_numpy(rows.x).to(device), torch.from_numpy(rows.y).long().to(device)


def answer(rows: Found) -> str:
    """How many times as many networks per second, at every width."""
    ratios = _ratios(rows)
    if not ratios:
        fastest = min(rows, key=lambda row: row["seconds"])
        return (
            f"One program trains {1 / fastest['seconds']:.0f} network-epochs of width {fastest['width']} "
            "per second; torch is not installed."
        )
    said = []
    for method in dict.fromkeys(method for method, _ in ratios):
        own = [f"{ratio:.1f} (width {width})" for (m, width), ratio in ratios.items() if m == method]
        said.append(f"{method} {', '.join(own)}")
    count = max(row["networks"] for row in rows)
    return (
        f"A program that trains {count} networks of {rows[0]['depth']} layers at once trains so many times "
        f"as many per second as a plain torch loop: {'; '.join(said)}."
    )


def table(rows: Found) -> list[list[str]]:
    """A line for each method, width and library."""
    ratios = _ratios(rows)
    lines = [["method", "width", "library", "networks at once", "epochs of a network per second", "ratio"]]
    for row in rows:
        ratio = ratios.get((row["method"], row["width"])) if row["library"] == "jaxact" else None
        lines.append(
            [
                row["method"],
                str(row["width"]),
                row["library"],
                str(row["networks"]),
                f"{1 / row['seconds']:.0f}",
                "-" if ratio is None else f"{ratio:.1f}",
            ]
        )
    return lines


def draw(rows: Found, path: Path) -> None:
    """Network-epochs per second over the width."""
    figure = Figure(figsize=(6.5, 4.0), layout="constrained")
    axes = figure.subplots()
    styles = {"jaxact": ("o-", "#0072B2"), "torch": ("s--", "#D55E00")}
    for method in dict.fromkeys(row["method"] for row in rows):
        for library, (style, colour) in styles.items():
            own = [row for row in rows if (row["method"], row["library"]) == (method, library)]
            if own:
                axes.plot(
                    [row["width"] for row in own],
                    [1 / row["seconds"] for row in own],
                    style,
                    color=colour,
                    fillstyle="full" if method == "snn" else "none",
                    label=f"{library}, {method}",
                )
    axes.set(xscale="log", yscale="log", xlabel="width", ylabel="epochs of a network per second")
    widths = sorted({row["width"] for row in rows})
    axes.set_xticks(widths, [str(width) for width in widths], minor=False)
    axes.set_xticks([], minor=True)
    axes.grid(visible=True, linewidth=0.4, alpha=0.5)
    axes.legend(frameon=False)
    plots.save(figure, path)


def _ratios(rows: Found) -> dict[tuple[str, int], float]:
    """Networks per second over those of torch, by method and width."""
    seconds = {(row["method"], row["width"], row["library"]): row["seconds"] for row in rows}
    return {
        (method, width): seconds[method, width, "torch"] / own
        for (method, width, library), own in seconds.items()
        if library == "jaxact" and (method, width, "torch") in seconds
    }
