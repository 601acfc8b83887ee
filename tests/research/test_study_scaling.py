"""Training on several devices and in several processes, what is communicated, and the whole command.

This file is also the program of the processes that its tests start, for a process chooses its devices once.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax.sharding import Mesh
from rich.console import Console
from study_results import scaling_row

from research.selu_vs_batchnorm import scale
from research.selu_vs_batchnorm.methods import METHODS
from research.selu_vs_batchnorm.report import scaling, scaling_picture
from research.selu_vs_batchnorm.scale import run
from research.selu_vs_batchnorm.scaling import QUESTION, Row, Scaling, Unit
from research.selu_vs_batchnorm.scaling.communication import communication
from research.selu_vs_batchnorm.scaling.parallel import mesh, program, share, start
from research.selu_vs_batchnorm.training.train import Network

TRAINED = ("snn", "batchnorm", "layernorm")
WIDTH, DEPTH, ROWS, CLASSES = 6, 2, 8, 3
ROOT = Path(__file__).parents[2]
HURRY = "--xla_backend_optimization_level=0"
"""Spares XLA the optimization of machine code, which comes after all that is looked at here."""
SMALL: dict[str, Any] = {
    "methods": ("snn", "batchnorm"),
    "widths": (4,),
    "depths": (1,),
    "batches": (2,),
    "devices": (1, 2),
    "rows_per_device": 2,
    "repeats": 1,
}


def _trained(devices: Mesh, name: str) -> tuple[list[np.ndarray], str]:
    """Losses, weights and statistics of three steps with dropout, and the text of the step."""
    network = Network(METHODS[name], (WIDTH, *[WIDTH] * DEPTH, CLASSES), noise=True)
    optimizer = optax.sgd(0.1, momentum=0.9)
    random = np.random.default_rng(0)
    x, y = random.normal(size=(ROWS, WIDTH)), random.integers(CLASSES, size=ROWS)
    here = np.split(np.arange(ROWS), jax.process_count())[jax.process_index()]
    batch = share(devices, x[here], y[here], CLASSES)
    state = start(network, optimizer, devices, jax.random.key(0))
    rate = jnp.float32(0.2)
    lowered = program(network, optimizer, devices).lower(*state, batch, rate, jax.random.key(0))
    step = lowered.compile({"xla_backend_optimization_level": 0})
    losses = []
    for number in range(3):
        state, loss = step(*state, batch, rate, jax.random.key(number))
        losses.append(loss)
    return [np.asarray(leaf) for leaf in (*losses, *jax.tree.leaves(state[0]))], step.as_text()


def _on_devices(out: Path) -> None:
    """The program of a process with several devices."""
    for name in TRAINED:
        leaves, text = _trained(mesh(), name)
        np.savez(out / f"{name}.npz", *leaves)
        (out / f"{name}.txt").write_text(text)
    try:
        share(mesh(), np.zeros((6, WIDTH)), np.zeros(6, np.int32), CLASSES)
    except ValueError as error:
        (out / "refused.txt").write_text(str(error))


def _in_processes(out: Path, coordinator: str, process: str) -> None:
    """The program of one of two processes, which begins with the whole command."""
    own = out / process
    joined = {"coordinator": coordinator, "processes": 2, "process_id": int(process)}
    options = SMALL | joined | {"methods": ("snn",), "out": own}
    assert run(Console(), Scaling(**options), "the command") == 0
    for name in TRAINED[:2]:
        leaves, _ = _trained(mesh(), name)
        np.savez(out / f"{name} {process}.npz", *leaves)


def _start(devices: int, *arguments: str) -> subprocess.Popen[str]:
    """Runs this file in a process with so many devices, compiled in a hurry."""
    around = {
        "JAX_PLATFORMS": "cpu",
        "JAX_NUM_CPU_DEVICES": str(devices),
        "XLA_FLAGS": HURRY,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests"))),
    }
    return subprocess.Popen(
        [sys.executable, __file__, *arguments],
        env=os.environ | around,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _end(started: list[subprocess.Popen[str]]) -> None:
    """Waits until all have ended well; ends them if one has not."""
    try:
        for process in started:
            said, _ = process.communicate(timeout=200)
            assert process.returncode == 0, said
    finally:
        for process in started:
            process.kill()
            process.communicate()


def _leaves(path: Path) -> list[np.ndarray]:
    with np.load(path) as found:
        return list(found.values())


class Learned(NamedTuple):
    """What one device learned, and where others left what they did: four of a process, one of each of two."""

    alone: dict[str, list[np.ndarray]]
    four: Path
    two: Path


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """All of it, at once."""
    four, two = tmp_path_factory.mktemp("four"), tmp_path_factory.mktemp("two")
    with socket.socket() as free:
        free.bind(("localhost", 0))
        coordinator = f"localhost:{free.getsockname()[1]}"
    started = [_start(4, "devices", str(four))]
    started += [_start(1, "processes", str(two), coordinator, process) for process in "01"]
    try:
        alone = {name: _trained(mesh(jax.devices()[:1]), name)[0] for name in TRAINED}
    finally:
        _end(started)
    return Learned(alone, four, two)


def test_four_devices_learn_what_one_does(learned: Learned) -> None:
    """Losses, weights, and the statistics of batch normalization, which are those of the whole batch."""
    for name, alone in learned.alone.items():
        for one, many in zip(alone, _leaves(learned.four / f"{name}.npz"), strict=True):
            np.testing.assert_allclose(many, one, rtol=1e-4, atol=1e-5)


def test_two_processes_learn_what_one_does(learned: Learned) -> None:
    for name in TRAINED[:2]:
        first, second = (_leaves(learned.two / f"{name} {process}.npz") for process in "01")
        for one, many, same in zip(learned.alone[name], first, second, strict=True):
            np.testing.assert_allclose(many, one, rtol=1e-4, atol=1e-5)
            np.testing.assert_array_equal(many, same)


def test_of_two_processes_the_first_one_writes(learned: Learned) -> None:
    found = json.loads((learned.two / "0" / "scaling.json").read_text())
    assert {(row["devices"], row["rows"], row["simulated"]) for row in found["rows"]} == {(2, 4, False)}
    assert (learned.two / "0" / "scaling.png").exists()
    assert not (learned.two / "1").exists()


def test_rows_that_devices_cannot_share_are_refused(learned: Learned) -> None:
    assert (learned.four / "refused.txt").read_text() == "4 devices cannot share 6 rows equally."


def test_only_batch_normalization_makes_devices_communicate_more_than_gradients(learned: Learned) -> None:
    for name, (_, _, _, *leaves) in learned.alone.items():
        told = communication((learned.four / f"{name}.txt").read_text())
        statistics = 2 * WIDTH * DEPTH if name == "batchnorm" else 0
        gradients_and_loss = 4 * (sum(leaf.size for leaf in leaves) - statistics + 1)
        forward = sum(not found.backward for found in told.collectives)
        assert {found.kind for found in told.collectives} == {"all-reduce"}
        assert told.chain == len(told.collectives)
        if name == "batchnorm":
            assert (forward, told.chain) == (2 * DEPTH, 4 * DEPTH + 1)
            assert told.bytes == gradients_and_loss + 4 * (4 * WIDTH * DEPTH)
        else:
            assert (forward, told.chain) == (0, 1)
            assert told.bytes == gradients_and_loss


def test_the_whole_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XLA_FLAGS", HURRY)
    assert run(Console(), Scaling(**SMALL, out=tmp_path), "the command") == 0
    found = json.loads((tmp_path / "scaling.json").read_text())
    assert (found["question"], found["command"]) == (QUESTION, "the command")
    assert found["answer"] == scaling.answer(found["rows"])
    assert [(row["method"], row["devices"]) for row in found["rows"]] == [
        ("snn", 1),
        ("batchnorm", 1),
        ("snn", 2),
        ("batchnorm", 2),
    ]
    last = found["rows"][-1]
    assert (last["simulated"], last["rows"], last["chain"], last["forward"]) == (True, 4, 5, 2)
    assert last["normalization_bytes"] == 4 * 4 * last["width"]
    assert last["gradient_bytes"] == 4 * last["parameters"]
    for row in found["rows"]:
        assert row["ratio"] == 1 or row["method"] != "snn"
        assert 0 < row["lower_quartile"] <= row["seconds"] <= row["upper_quartile"]
        assert row["compile_seconds"] > 0
        assert row["memory_bytes"] > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scaling.json", "scaling.png"]
    assert (tmp_path / "scaling.png").read_bytes().startswith(b"\x89PNG")
    said = " ".join(capsys.readouterr().out.split())
    assert scaling.SIMULATED in said
    assert "Data: none; random rows" in said


def test_an_interrupted_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []

    def interrupted(config: Scaling, unit: Unit) -> list[Row]:
        asked.append(unit.devices)
        if asked == [1, 2]:
            raise KeyboardInterrupt
        return [scaling_row(name, unit.devices) for name in config.methods]

    monkeypatch.setattr(scale, "measured", interrupted)
    config = Scaling(**SMALL, out=tmp_path)
    assert run(Console(), config, "") == 130
    assert "Interrupted; 1 of 2 units are kept" in " ".join(capsys.readouterr().out.split())
    assert run(Console(), config, "") == 0
    assert asked == [1, 2, 2]
    assert [row["devices"] for row in json.loads((tmp_path / "scaling.json").read_text())["rows"]] == [
        1,
        1,
        2,
        2,
    ]


def test_the_answer_has_the_figures_of_the_rows() -> None:
    rows = [
        scaling_row("snn", 1),
        scaling_row("batchnorm", 1, ratio=1.5, memory_bytes=150),
        scaling_row("snn", 1, rows=99),
        scaling_row("batchnorm", 1, rows=99, ratio=2.0, memory_bytes=150),
        scaling_row("snn", 2),
        scaling_row("batchnorm", 2, normalization_bytes=4 * 4 * 8, chain=9),
    ]
    assert scaling.answer(rows) == (
        "Relative to SNN, a training step on one device takes with BatchNorm 1.50 to 2.00 times as long and "
        "1.50 times the memory; on 2 devices SNN exchanges 2 MB of gradients at once, BatchNorm exchanges "
        "2 MB of gradients and 4 vectors per layer in 9 exchanges one after another."
    )
    assert scaling.answer(rows[:1]) == "Nothing was compared."
    assert scaling.answer(rows[4:]).startswith("On 2 devices SNN")


def test_what_xla_does_not_tell_is_left_out(tmp_path: Path) -> None:
    rows = [scaling_row(name, 1, memory_bytes=None) for name in ("snn", "layernorm")]
    assert scaling.answer(rows).endswith("with LayerNorm 1.00 times as long.")
    assert [len(table.rows) for table in scaling.tables(rows)] == [2]
    scaling_picture.save(rows, tmp_path / "alone.png")
    scaling_picture.save([scaling_row("snn", 2)], tmp_path / "together.png")
    assert {path.name for path in tmp_path.iterdir()} == {"alone.png", "together.png"}


if __name__ == "__main__":
    jax.config.update("jax_numpy_dtype_promotion", "strict")
    kind, place, *rest = sys.argv[1:]
    {"devices": _on_devices, "processes": _in_processes}[kind](Path(place), *rest)
