"""Workers and whole runs that are killed: nothing is lost, and nothing done twice."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study_runs import SMALL, records

from research.selu_vs_batchnorm import workers
from research.selu_vs_batchnorm.data import shipped
from research.selu_vs_batchnorm.experiments import Digits
from research.selu_vs_batchnorm.training import Protocol, Setting, Unit, ensemble


@pytest.mark.parametrize("last", [4, 6])
def test_a_long_training_goes_on_from_its_checkpoint_bit_by_bit(last: int, tmp_path: Path) -> None:
    task = shipped("wine")
    unit = Unit("wine", 0, "batchnorm", 2, 8, (Setting(0.1, 0.5), Setting(0.03)), 2, Protocol(6, 6))
    whole = ensemble.run(unit, task)["runs"]

    class Killed(ensemble.Checkpoint):
        def offer(self, state: Any, history: list[np.ndarray], seconds: list[float]) -> None:
            super().offer(state, history, seconds)
            if len(history) == last:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble.run(unit, task, Killed(tmp_path, unit.key, 0))
    checkpoint = ensemble.Checkpoint(tmp_path, unit.key, 0)
    (place,) = tmp_path.iterdir()
    assert [kept.name for kept in place.iterdir()] == [str(last)]
    (place / "7.orbax-checkpoint-tmp").mkdir()  # a kill while it was written
    found = ensemble.run(unit, task, checkpoint)
    assert found["runs"] == whole
    assert found["step_seconds"] > 0
    checkpoint.remove()
    assert not list(tmp_path.iterdir())


def _kill_a_process() -> None:
    os.kill(multiprocessing.active_children()[0].pid or 0, signal.SIGKILL)


def _kill_a_ray_actor() -> None:
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        if place.read_bytes().startswith(b"ray::Actor.train"):
            os.kill(int(place.parent.name), signal.SIGKILL)
            return
    pytest.fail("no actor of Ray was found")


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "kill"), [("processes", _kill_a_process), ("ray", _kill_a_ray_actor)])
def test_a_worker_killed_in_the_middle_loses_nothing(
    engine: Any, kill: Callable[[], None], tmp_path: Path
) -> None:
    if engine == "ray":
        pytest.importorskip("ray", reason="Ray is not installed")
    experiment = Digits(
        methods=("snn", "msra"),
        depths=(2, 3),
        widths=(4,),
        dataset="wine",
        epochs=2,
        engine=engine,
        out=tmp_path,
    )
    units = experiment.units()
    begun: list[Unit] = []

    def begin(unit: Unit) -> None:
        begun.append(unit)
        if len(begun) == len(units):
            kill()

    done = list(workers.trained(experiment, units, begin))
    assert sorted(unit.key for unit, _ in done) == sorted(unit.key for unit in units)
    assert len(begun) == len(units) + 1
    alone = {unit: workers.train(experiment, unit)["runs"] for unit in units}
    for unit, result in done:
        for run, other in zip(result["runs"], alone[unit], strict=True):
            assert run["test_loss"] == pytest.approx(other["test_loss"], rel=1e-3)


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    options = [*SMALL, "--epochs", "1000000", "--patience", "1000000", "--engine", "processes"]
    options += ["--checkpoint-seconds", "0"]
    started = subprocess.Popen(
        [sys.executable, "-m", "research.selu_vs_batchnorm", *options, "--out", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    while not any(tmp_path.glob("checkpoints/*")):  # a worker is at work
        assert started.poll() is None
        time.sleep(0.1)
    started.kill()
    started.communicate(timeout=60)  # returns when the last process has closed its output


def test_a_unit_that_takes_workers_along_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fragile:
        def submit(self, _experiment: Any, _unit: Unit) -> Any:
            future = workers.cf.Future()
            future.set_exception(workers.Died("lost"))
            return future

        def close(self) -> None:
            pass

    monkeypatch.setattr(workers, "_Process", Fragile)
    experiment = Digits(methods=("snn",), depths=(2,), engine="processes", out=tmp_path)
    with pytest.raises(RuntimeError, match="SNN, 2 layers of 64, digits took 3 workers along"):
        list(workers.trained(experiment, experiment.units()))


@pytest.mark.slow
def test_killed_at_20_random_moments_it_resumes_20_times(tmp_path: Path) -> None:
    options = [*SMALL, "--methods", "snn", "msra", "batchnorm", "--checkpoint-seconds", "0"]
    arguments = [sys.executable, "-m", "research.selu_vs_batchnorm", *options, "--depths", "2", "3", "--out"]
    root = Path(__file__).parents[2]
    subprocess.run([*arguments, str(tmp_path / "whole")], cwd=root, check=True, capture_output=True)
    expected = records(tmp_path / "whole" / "digits.jsonl")
    random, kills, place = np.random.default_rng(0), 0, 0
    while kills < 20:
        place += 1
        out, kept, done = tmp_path / str(place), 0, False
        while not done:
            patience = float(random.uniform(2, 20)) if kills < 20 else None
            done = _done_in(patience, [*arguments, str(out)], root)
            kills += not done
            lines = (out / "digits.jsonl").read_bytes().count(b"\n") if (out / "digits.jsonl").exists() else 0
            assert lines >= kept
            kept = lines
        assert records(out / "digits.jsonl") == expected


def _done_in(seconds: float | None, arguments: list[str], root: Path) -> bool:
    """Whether a command ends by itself; it is killed if it does not."""
    pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(arguments, cwd=root, **pipes) as process:
        try:
            _, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return False
    assert process.returncode == 0, said
    return True
