"""The study at its smallest, from the command line to the pictures."""

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from study_runs import SMALL, TINY, records

from research.selu_vs_batchnorm import __main__ as command, grids
from research.selu_vs_batchnorm.experiments import Digits
from research.selu_vs_batchnorm.scaling import Scaling
from research.selu_vs_batchnorm.selection import choose
from research.selu_vs_batchnorm.training import Protocol, Setting, Unit, ensemble

TINY_GRID = grids.Grid(depths=(2, 3), widths=(8,), learning_rates=(0.1,), dropout=True)
UCI = Path(__file__).parents[3] / "shared" / "data" / "uci"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a whole small study left its results."""
    out = tmp_path_factory.mktemp("study") / "new" / "out"
    assert command.main([*SMALL, "--methods", "snn", "batchnorm", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def found(finished: Path) -> dict[str, Any]:
    return json.loads((finished / "digits.json").read_text())


def test_results_say_where_they_come_from(found: dict[str, Any]) -> None:
    assert found["device"]["platform"] == jax.devices()[0].platform
    assert found["versions"]["jax"] == jax.__version__
    assert found["command"].startswith("python -m research.selu_vs_batchnorm digits --depths 2")
    assert found["config"]["seeds"] == 2
    assert found["config"]["learning_rates"] == list(Digits().learning_rates)
    assert found["date"].endswith("+00:00")
    assert found["commits"] == [found["commit"]]
    assert found["networks"] == 2 * 2 * 3


def test_every_choice_has_its_runs_curves_layers_and_costs(found: dict[str, Any]) -> None:
    assert [each["method"] for each in found["found"]] == ["snn", "batchnorm"]
    for each in found["found"]:
        assert each["networks"] == 6
        assert each["diverged"] == 0
        assert [run["seed"] for run in each["runs"]] == [0, 1]
        for run in each["runs"]:
            assert 0 <= run["test_accuracy"] <= 1
            assert run["diverged_at"] is None
            assert np.shape(run["curves"]["train"]) == (3,)
            assert run["validation_loss"] == pytest.approx(min(run["curves"]["validation"]), rel=1e-4)
        for when in ("initial", "trained"):
            for name in ("mean", "variance", "gradient"):
                assert np.shape(each["layers"][when][name]) == (2,)
        assert each["step_seconds"] > 0
        assert each["compile_seconds"] > 0
        assert each["memory_bytes"] > 4 * each["parameters"]
    snn, batchnorm = found["found"]
    assert snn["parameters"] == 13 * 4 + 4 + 4 * 4 + 4 + 4 * 3 + 3
    assert batchnorm["parameters"] == snn["parameters"] + 2 * 4  # a scale for each unit


def test_the_settings_are_chosen_by_the_validation_loss(finished: Path, found: dict[str, Any]) -> None:
    for each in found["found"]:
        (record,) = (
            record
            for key, record in records(finished / "digits.jsonl").items()
            if json.loads(key)["method"] == each["method"]
        )
        losses: dict[float, list[float]] = {}
        for run in record["runs"]:
            losses.setdefault(run["learning_rate"], []).append(run["validation_loss"])
        assert each["learning_rate"] == min(losses, key=lambda rate: np.mean(losses[rate]))


def test_every_unit_is_recorded_with_where_it_was_trained(finished: Path) -> None:
    kept = records(finished / "digits.jsonl")
    assert len(kept) == 2
    for key, record in kept.items():
        assert json.loads(key)["dataset"] == "wine"
        assert len(record["runs"]) == 6
        assert record["versions"]["jax"] == jax.__version__
        assert record["device"]["platform"] == jax.devices()[0].platform


def test_pictures_are_written_and_nothing_unfinished_stays(finished: Path) -> None:
    names = {path.name for path in finished.iterdir()}
    assert {"digits.json", "digits.jsonl"} < names
    assert not [name for name in names if name.endswith(".tmp")]
    pictures = [path for path in finished.iterdir() if path.suffix == ".png"]
    assert pictures
    for path in pictures:
        assert path.read_bytes().startswith(b"\x89PNG")


def test_a_whole_study_prints_what_was_asked_for(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([*SMALL, "--methods", "snn", "batchnorm", "--out", str(finished)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for text in ("Device: cpu", "0 of 2 units", "SNN", "Test accuracy with 2 hidden layers: SNN"):
        assert text in said


def test_a_dry_run_says_how_much_there_is_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([*SMALL, "--methods", "snn", "--dry-run", "--out", str(tmp_path / "out")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for text in ("1 of 1 units", "6 networks", "91 to 91", "In all about"):
        assert text in said
    assert not (tmp_path / "out").exists()


def test_a_diverged_network_is_recorded_and_its_rate_not_chosen(tmp_path: Path) -> None:
    rates = ["--learning-rates", "1e20", "0.01"]
    assert command.main([*SMALL, *rates, "--methods", "msra", "--out", str(tmp_path)]) == 0
    (each,) = json.loads((tmp_path / "digits.json").read_text())["found"]
    assert each["learning_rate"] == 0.01
    assert each["diverged"] == 2
    (record,) = records(tmp_path / "digits.jsonl").values()
    assert [run["diverged_at"] for run in record["runs"]] == [1, None, 1, None]


def test_an_interruption_keeps_what_is_finished_and_the_same_command_goes_on(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [*SMALL, "--methods", "snn", "batchnorm", "--out", str(tmp_path)]
    whole = ensemble.run

    def interrupted(unit: Unit, *rest: Any) -> dict[str, Any]:
        if unit.method == "batchnorm":
            raise KeyboardInterrupt
        return whole(unit, *rest)

    monkeypatch.setattr(ensemble, "run", interrupted)
    assert command.main(options) == 130
    assert "Interrupted; 1 of 2 units are kept" in " ".join(capsys.readouterr().out.split())
    monkeypatch.setattr(ensemble, "run", whole)
    path = tmp_path / "digits.jsonl"
    path.write_bytes(path.read_bytes() + b'{"unit": "half a li')
    assert command.main(options) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "was cut off; kept: 1 units" in said
    assert "1 of 2 units, each" in said
    assert records(path) == records(finished / "digits.jsonl")


def test_records_of_another_commit_are_told(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = finished / "digits.jsonl"
    before = path.read_bytes()
    lines = [json.loads(line) for line in before.splitlines()]
    for line in lines[1:]:
        line["found"]["commit"] = "another"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    try:
        assert command.main([*SMALL, "--methods", "snn", "batchnorm", "--out", str(finished)]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert "2 units were measured with another commit; --fresh measures them anew" in said
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["digits", "--depths", "0"], "depths must be at least 1"),
        (["digits", "--learning-rates", "0"], "learning_rates must be positive and finite"),
        (["digits", "--methods", "self"], "No method is called 'self'; the nearest are"),
        (["digits", "--dataset", "digit"], "nearest are digits"),
        (["digits", "--momentum", "1"], "momentum must lie in"),
        (["digits", "--workers", "0"], "workers must be at least 1"),
        (["digits", "--checkpoint-seconds", "-1"], "checkpoint_seconds must not be negative"),
        (["depth", "--methods", "snn", "network_in_network"], "Network in Network needs images"),
        (
            ["fashion", "--data", "{}", "--architecture", "convolutional", "--methods", "snn", "maxout"],
            "Maxout has no convolutional network here",
        ),
        (["uci", "--data", "{}/nowhere"], "nowhere"),
        (["htru2", "--data", "{}", "--folds", "1"], "folds must be at least 2"),
        (["htru2", "--data", "{}", "--out", "{}"], "htru2.npz"),
        (["fashion", "--data", "{}", "--out", "{}"], "train-images"),
        (["report", "--results", "{}"], "results"),
    ],
)
def test_bad_options_and_data_end_with_a_sentence_and_code_2(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = command.main([option.format(tmp_path) for option in options])
    except SystemExit as end:  # tyro has seen it
        code = end.code
    assert code == 2
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"methods": ("snn", "bathnorm")}, "No method is called 'bathnorm'; the nearest are batchnorm"),
        ({"methods": ("batchnorm",)}, "methods must have snn"),
        ({"methods": ("snn", "network_in_network")}, "methods cannot have network_in_network"),
        ({"widths": ()}, "widths must name at least one and none twice"),
        ({"devices": (2, 2)}, "devices must name at least one and none twice"),
        ({"depths": (0,)}, "depths must be at least 1; got"),
        ({"rows_per_device": 0}, "rows_per_device must be at least 1; got 0"),
        ({"repeats": -1}, "repeats must be at least 1; got -1"),
        ({"process_id": 1}, r"process_id must lie in \[0, 1\); got 1"),
        ({"processes": 2}, "coordinator must say where 2 processes meet; got none"),
        ({"coordinator": "here", "processes": 2}, "coordinator must be host:port; got here"),
    ],
)
def test_wrong_options_of_scaling_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Scaling(**options)


def test_damaged_records_are_an_error_that_names_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "digits.jsonl"
    path.write_text('{"experiment": "digits"}\n{"unit": "a", "found": \n{"unit": "b", "found": 1}\n')
    assert command.main([*SMALL, "--out", str(tmp_path)]) == 2
    assert "digits.jsonl is damaged in line 2" in " ".join(capsys.readouterr().err.split())


def test_of_equals_the_deeper_the_slower_and_the_more_dropout_is_chosen() -> None:
    def measured(depth: int, scores: list[float]) -> tuple[Unit, dict[str, Any]]:
        settings = (Setting(0.1), Setting(0.01), Setting(0.01, 0.5))
        unit = Unit("wine", 0, "snn", depth, 8, settings, 1, Protocol(2, 2))
        runs = [
            {"seed": 0, **setting._asdict(), "score": score, "diverged_at": None, "curves": {}}
            for setting, score in zip(settings, scores, strict=True)
        ]
        costs = dict.fromkeys(("parameters", "step_seconds", "compile_seconds", "memory_bytes", "seconds"), 1)
        return unit, {"runs": runs, "layers": None, **costs}

    def chosen(*pairs: Any) -> tuple[int, float, float]:
        (found,) = choose(pairs, every_depth=False, curves=False)
        return found.depth, found.learning_rate, found.dropout

    assert chosen(measured(2, [0.9, 0.9, 0.9]), measured(8, [0.9, 0.9, 0.9])) == (8, 0.01, 0.5)
    assert chosen(measured(2, [0.9, 0.95, 0.9]), measured(8, [0.9, 0.9, 0.9])) == (2, 0.01, 0.0)
    assert len(choose([measured(2, [1, 1, 1]), measured(8, [1, 1, 1])], every_depth=True, curves=False)) == 2


@pytest.mark.skipif(not UCI.is_dir(), reason="../shared/data/uci is not here")
def test_uci_at_its_smallest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(grids.UCI, "small", TINY_GRID)
    options = ["uci", "--data", str(UCI), "--tasks", "wine", "teaching", "--methods", "snn", "msra"]
    assert command.main([*options, "--epochs", "2", "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "uci.json").read_text())
    assert {(each["dataset"], each["method"]) for each in found["found"]} == {
        (task, method) for task in ("wine", "teaching") for method in ("snn", "msra")
    }
    assert all(each["networks"] == 4 for each in found["found"])
    assert command.main(["report", "--results", str(tmp_path), "--out", str(tmp_path / "report")]) == 0
    said = capsys.readouterr().out
    assert "report.html" in said
    assert (tmp_path / "report" / "report.md").exists()


@pytest.mark.heavy
@pytest.mark.skipif(not UCI.is_dir(), reason="../shared/data is not here")
@pytest.mark.parametrize(
    ("name", "folder", "options"),
    [
        ("htru2", "htru2", ["--folds", "2", "--methods", "msra"]),
        ("fashion", "fashion_mnist", ["--rows", "300", "--depths", "2", "--width", "8", "--methods", "msra"]),
        (
            "fashion",
            "fashion_mnist",
            [
                *["--rows", "300", "--depths", "2", "--width", "4", "--learning-rates", "0.01"],
                *["--architecture", "convolutional", "--methods", "network_in_network"],
            ],
        ),
    ],
)
def test_the_other_experiments_at_their_smallest(
    name: str, folder: str, options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(grids.HTRU2, "small", TINY_GRID)
    data = UCI.parent / folder
    assert command.main([name, "--data", str(data), *options, "--epochs", "1", "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / f"{name}.json").read_text())
    assert found["found"]
    assert found["answer"]


def test_depth_at_its_smallest(tmp_path: Path) -> None:
    options = ["depth", *TINY, "--dataset", "wine", "--learning-rates", "0.03", "--methods", "dks", "highway"]
    assert command.main([*options, "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "depth.json").read_text())["found"]
    assert [each["method"] for each in found] == ["highway", "dks"]
