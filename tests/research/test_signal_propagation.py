"""The study of signal propagation: its networks, its theory, and the command."""

import functools
import json
import math
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import jaxact
from jaxact.gaussian import moments
from research.signal_propagation import __main__ as command, measure, predict, results
from research.signal_propagation.config import QUESTION, Config
from research.signal_propagation.recipes import FUNCTIONS, RECIPES, Weights, critical
from research.signal_propagation.run import kept, run

STUDY = Path(command.__file__).parent
TINY = ["--depth", "6", "--width", "16", "--inputs", "8", "--functions", "selu", "tanh"]
TINY += ["--recipes", "lecun", "batch_norm"]
HE, LECUN = Weights(math.sqrt(2)), Weights(1.0)


def cells(function: str, **options: Any) -> dict[str, results.Cell]:
    """What a small study finds of a function, by recipe."""
    return {cell.recipe: cell for cell in run(Config(functions=(function,), **options), function)}


def test_weights_on_the_edge_of_chaos() -> None:
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    assert critical(jaxact.relu) == pytest.approx((math.sqrt(2), 0.0, False))
    assert critical(jaxact.tanh) == pytest.approx((1.0, 0.0, False))
    assert critical(jaxact.selu)[0] ** 2 == pytest.approx(2 / (scale**2 * (1 + alpha**2)))
    assert critical(jaxact.silu)[0] ** 2 == pytest.approx(1.988, abs=5e-4)  # Roberts, Yaida and Hanin 2022
    assert critical(jaxact.silu)[1] ** 2 == pytest.approx(0.55514, abs=5e-5)


def test_gradients_are_those_of_the_whole_network() -> None:
    weights = (HE, Weights(1.2, 0.3), Weights(1.0, batch_norm=True))
    network, key = measure.Network(jaxact.gelu, weights), jax.random.key(3)
    found = measure.trace(network, key, depth=4, width=12, inputs=5)
    *layers, gradient, inputs = jax.random.split(key, 6)
    x, g = (jnp.broadcast_to(jax.random.normal(each, (5, 12)), (3, 5, 12)) for each in (inputs, gradient))
    g = g / jnp.linalg.norm(g, axis=2, keepdims=True)
    whole = jax.jit(lambda x: functools.reduce(lambda x, key: network.layer(key, x), layers, x))
    y, pull = jax.vjp(whole, x)
    np.testing.assert_allclose(found.log_second[-1], np.log(np.mean(np.asarray(y) ** 2, axis=2)), rtol=1e-4)
    expected = np.log(np.sum(np.asarray(pull(g)[0]) ** 2, axis=2)).mean(axis=1)
    np.testing.assert_allclose(found.log_gradient[0], expected, rtol=1e-4)


def test_what_is_seen_does_not_depend_on_the_scale() -> None:
    signal = jax.random.normal(jax.random.key(0), (1, 6, 50)) + 0.5
    seen, huge = measure.look(signal), measure.look(signal * 1e30)
    np.testing.assert_allclose(huge.log_second - seen.log_second, 60 * math.log(10), rtol=1e-5)
    rows = np.asarray(signal[0])
    unit = rows / np.sqrt((rows**2).mean(axis=1, keepdims=True))
    pairs = (unit @ unit.T / 50)[np.triu_indices(6, 1)]
    np.testing.assert_allclose(seen.correlation[0], pairs.mean(), rtol=1e-4)
    np.testing.assert_allclose(huge.mean[0], unit.mean(), rtol=1e-4)


def test_networks_are_where_theory_has_them() -> None:
    found = cells("selu", depth=24, width=256, inputs=16)
    for recipe, cell in found.items():
        assert cell.second.holds, recipe
        if recipe != "batch_norm":
            assert cell.gradient.holds, recipe
            np.testing.assert_allclose(
                cell.correlation["predicted"][1:4], cell.correlation["measured"][:3], atol=0.06
            )
        assert np.abs(cell.mean).max() < 4 / math.sqrt(256)


@pytest.mark.parametrize(("f", "weights"), [(jaxact.relu, HE), (jaxact.tanh, Weights(1.5, 0.5))])
def test_networks_stray_as_far_as_theory_says(f: Any, weights: Weights) -> None:
    """Of one input; over 60 networks, whose deviations must be those of a standard normal number."""
    depth, width = 12, 80
    many = measure.Network(f, (weights,) * 2)
    theory = predict.predict(f, weights, depth=depth, width=width, inputs=4)
    second, gradient = theory.second(), theory.gradient(depth)
    seconds, gradients = [], []
    for seed in range(60):
        found = measure.trace(many, jax.random.key(seed), depth=depth, width=width, inputs=2)
        seconds.append(found.log_second[-1, 0, 0])
        gradients.append(found.log_gradient[0, 0])
    for law, measured in ((second, seconds), (gradient, gradients)):
        away = (np.array(measured) - law.expected[-1]) / law.spread[-1]
        assert abs(away.mean()) < 0.35
        assert 0.6 < away.std() < 1.25


def test_batch_normalization_in_the_limit_of_large_batches() -> None:
    assert predict.large_batch_factor(jaxact.relu) == pytest.approx(math.pi / (math.pi - 1))
    assert predict.large_batch_factor(jaxact.selu) == pytest.approx(1.0715749924557993)
    assert moments(jaxact.selu).slope_squared == pytest.approx(1.0715749924557993)  # LeCun weights: the same


def test_a_batch_of_finite_size_adds_what_it_does_for_the_identity() -> None:
    batch = 8
    network = measure.Network(jaxact.identity, (Weights(1.0, batch_norm=True),))
    found = measure.trace(network, jax.random.key(0), depth=40, width=300, inputs=batch)
    layers = np.arange(1, 40)
    factor = math.exp(-np.polyfit(layers, found.log_gradient[layers, 0], 1)[0])
    assert factor == pytest.approx((batch - 2) / (batch - 3), rel=0.02)


def test_a_signal_that_leaves_float32_ends_the_curve() -> None:
    found = cells("gelu", recipes=("lecun",), depth=130, width=256, inputs=4)
    (cell,) = found.values()
    predicted, measured = (cell.leaves[name] for name in ("predicted", "measured"))
    assert 110 < predicted < 126
    assert abs(measured - predicted) < 5
    assert cell.depth == min(predicted, measured) - 1
    assert np.isfinite(cell.gradient.measured).all()


def test_a_second_moment_that_repels_is_not_predicted_for_long() -> None:
    f = FUNCTIONS["normalized_gelu"].make(60)
    law = predict.predict(f, LECUN, depth=60, width=1000, inputs=4).second()
    np.testing.assert_allclose(law.limit, 0.0, atol=1e-9)
    curve = results.Curve(
        layers=list(range(1, 61)),
        predicted=law.limit[1:].tolist(),
        expected=law.expected[1:].tolist(),
        spread=law.spread[1:].tolist(),
        measured=[0.0] * 60,
    )
    assert curve.holds is curve.verdict["deviations_from_expected"] is None
    assert 30 < curve.predicted_until < 60


def test_layers_that_are_kept() -> None:
    layers = kept(1000, 60)
    assert (layers[0], layers[-1]) == (1, 1000)
    assert 50 <= layers.size <= 70
    assert np.array_equal(kept(2, 60), [1, 2])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a whole small study left its results."""
    out = tmp_path_factory.mktemp("study") / "new" / "out"
    assert command.main([*TINY, "--out", str(out)]) == 0
    return out


def test_the_command_writes_results_and_pictures(finished: Path) -> None:
    assert sorted(path.name for path in finished.iterdir()) == ["gradient.png", "results.json", "second.png"]
    assert (finished / "second.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads((finished / "results.json").read_text())
    assert found["question"] == QUESTION
    assert found["command"].startswith("python -m research.signal_propagation --depth 6 --width 16")
    assert {"device", "versions", "date", "commit", "seconds"} <= found.keys()
    assert [(each["function"], each["recipe"]) for each in found["verdicts"]] == [
        ("selu", "lecun"),
        ("selu", "batch_norm"),
        ("tanh", "lecun"),
        ("tanh", "batch_norm"),
    ]
    (target,) = found["targets"]
    assert (target["function"], target["recipe"], target["layer"]) == ("selu", "lecun", 6)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--functions", "gleu"], "the nearest are gelu"),
        (["--recipes", "chaos"], "No recipe is called 'chaos'"),
        (["--depth", "1"], "depth must be at least 2; got 1"),
        (["--inputs", "3"], "inputs must be at least 4; got 3"),
    ],
)
def test_wrong_options_are_refused(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main([*options, "--out", str(tmp_path)])
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


def test_an_interrupted_run_goes_on_to_the_same_results(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def interrupted(config: Config, function: str, seen: Any) -> list[results.Cell]:
        asked.append(function)
        if asked == ["selu", "tanh"]:
            raise KeyboardInterrupt
        return run(config, function, seen)

    monkeypatch.setattr(command, "run", interrupted)
    assert command.main([*TINY, "--out", str(tmp_path)]) == 130
    said = " ".join(capsys.readouterr().out.split())
    assert "2 functions with 2 recipes; 6 layers of 16 units" in said
    assert "1 of 2 functions are kept" in said
    assert command.main([*TINY, "--out", str(tmp_path)]) == 0
    assert asked == ["selu", "tanh", "tanh"]
    whole, parts = (json.loads((out / "results.json").read_text()) for out in (finished, tmp_path))
    assert whole["cells"] == parts["cells"]
    said = " ".join(capsys.readouterr().out.split())
    assert "1 of 2 functions are measured already" in said
    assert whole["answer"] == parts["answer"]
    assert whole["answer"] in said
    assert not list(tmp_path.glob("*.jsonl"))


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    return json.loads((STUDY / "results" / "results.json").read_text(encoding="utf-8"))


def test_the_committed_answer_is_that_of_the_cells(committed: dict[str, Any]) -> None:
    found = [results.read(cell) for cell in committed["cells"]]
    assert {(cell.function, cell.recipe) for cell in found} == {(f, r) for f in FUNCTIONS for r in RECIPES}
    assert committed["answer"] == results.answer(found)
    assert committed["answer"] in " ".join((STUDY / "README.md").read_text(encoding="utf-8").split())
    assert committed["config"] == {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in vars(Config()).items()
        if name != "out"
    }


def test_the_targets_hold_in_the_committed_results(committed: dict[str, Any]) -> None:
    found = {(each["function"], each["recipe"]): each["holds"] for each in committed["targets"]}
    assert found["selu", "lecun"]
    assert found["tailored_tanh", "lecun"]
    assert found["normalized_gelu", "critical"]
    assert found["normalized_gelu", "lecun"] is None


def test_the_committed_gradients_grow_as_the_literature_has_it(committed: dict[str, Any]) -> None:
    factor = {(cell["function"], cell["recipe"]): cell["factor"] for cell in committed["cells"]}
    assert factor["relu", "batch_norm"]["large_batch"] == pytest.approx(1.46694, abs=1e-5)
    assert factor["relu", "batch_norm"]["measured"] == pytest.approx(1.467, rel=0.03)
    assert factor["selu", "lecun"]["predicted"] == pytest.approx(1.07157, abs=1e-5)
    assert factor["selu", "lecun"]["measured"] == pytest.approx(1.0716, rel=0.003)
