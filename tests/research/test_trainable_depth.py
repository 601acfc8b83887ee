"""The study of trainable depth: theory against known values and real networks, training, scores."""

import functools
import json
import math
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from research.selu_vs_batchnorm.data import Rows
from research.trainable_depth import __main__ as command, results, theory, train
from research.trainable_depth.config import QUESTION, Config
from research.trainable_depth.run import Choice, choices

STUDY = Path(theory.__file__).parent
KEY = jax.random.key(0)
WIDE = train.Sizes(inputs=64, width=400, depth=14, classes=10)
X = jax.random.normal(jax.random.key(1), (64, 64))
ROWS = Rows(X, jnp.arange(64, dtype=jnp.int32) % 10)


def _by_hermite(sigma_w: float, sigma_b: float) -> tuple[float, float, float]:
    """Second moment, correlation and slope of the correlation map at which tanh rests, by another rule."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights /= weights.sum()
    z, other, both = nodes[:, None], nodes[None], np.outer(weights, weights)
    q, c = 1.0, 0.5
    for _ in range(400):
        q = sigma_w**2 * weights @ np.tanh(math.sqrt(q) * nodes) ** 2 + sigma_b**2
        u, v = math.sqrt(q) * z, math.sqrt(q) * (c * z + math.sqrt(1 - c * c) * other)
        c = (sigma_w**2 * np.sum(both * np.tanh(u) * np.tanh(v)) + sigma_b**2) / q
    slope = sigma_w**2 * np.sum(both / (np.cosh(u) * np.cosh(v)) ** 2)
    return float(q), float(c), float(slope)


def test_tanh_is_predicted_as_another_quadrature_does() -> None:
    said = theory.predict(theory.field("tanh", 1.5, 0.1))
    q, c, slope = _by_hermite(1.5, 0.1)
    assert said.variance == pytest.approx(0.813322, abs=1e-6)
    assert said.gradient == pytest.approx(math.log(1.129053), abs=1e-6)
    assert (said.variance, said.correlation) == pytest.approx((q, c), rel=1e-6)
    assert said.signal == pytest.approx(-math.log(slope), rel=1e-5)
    assert theory.depth(said.signal) == pytest.approx(-6 / math.log(slope), rel=1e-5)


@pytest.mark.parametrize(("sigma_w", "sigma_b"), [(1.0, 0.0), (1.0, 0.5), (1.3, 0.5), (1.8, 0.0)])
def test_relu_changes_everything_by_half_the_square_of_its_weights(sigma_w: float, sigma_b: float) -> None:
    said = theory.predict(theory.field("relu", sigma_w, sigma_b))
    rate = abs(math.log(sigma_w**2 / 2))
    assert (said.signal, said.gradient) == pytest.approx((rate, rate), rel=1e-6)
    assert (said.variance is None) == (sigma_b == 0)


def test_relu_has_no_limit_on_its_edge() -> None:
    said = theory.predict(theory.field("relu", math.sqrt(2), 0.0))
    assert theory.depth(said.signal) == theory.depth(said.gradient) == math.inf


def test_a_second_moment_beyond_what_repels_runs_away() -> None:
    """GELU with small biases rests at 0.12, but a layer of standardised inputs begins above 1.03."""
    layers = theory.field("gelu", 1.5, 0.2)
    rests = layers.fixed_points()
    assert [rest.attracting for rest in rests] == [True, False]
    assert theory.settled(layers, 0.5) == rests[0]
    assert theory.settled(layers, 2.0) is None
    assert theory.predict(layers).variance is None


def test_edges_are_those_of_the_catalogue() -> None:
    assert theory.edge("relu", 0.5) == pytest.approx(math.sqrt(2))
    assert theory.edge("tanh", 0.2) == pytest.approx(1.30414584, abs=1e-7)
    with pytest.raises(ValueError, match=r"heaviside has no edge of chaos with biases of deviation 0\.5"):
        theory.edge("heaviside", 0.5)


@pytest.mark.parametrize(("function", "sigma_w"), [("tanh", 2.2), ("gelu", 1.1)])
def test_gradients_of_a_real_network_change_as_predicted(function: str, sigma_w: float) -> None:
    network = train.draw(WIDE, KEY, jnp.float32(sigma_w), jnp.float32(0.5))
    gradient = jax.jit(jax.grad(functools.partial(train.loss, function)))(network, ROWS)
    sizes = np.square(np.asarray(gradient.hidden.weights, np.float64)).sum(axis=(1, 2))
    measured = np.polyfit(np.arange(9), np.log(sizes[3:12]), 1)[0]
    said = theory.predict(theory.field(function, sigma_w, 0.5))
    assert abs(measured) == pytest.approx(said.gradient, rel=0.1, abs=0.02)


@pytest.mark.parametrize(("function", "sigma_w"), [("relu", 1.1), ("selu", 0.7)])
def test_inputs_of_a_real_network_come_together_as_predicted(function: str, sigma_w: float) -> None:
    network = train.draw(WIDE, KEY, jnp.float32(sigma_w), jnp.float32(0.5))

    def apart(layers: int) -> float:
        cut = network._replace(hidden=jax.tree.map(lambda leaf: leaf[:layers], network.hidden))
        return float(train.logits(function, cut, X).var(axis=0).mean())

    measured = math.log(apart(5) / apart(13)) / 8
    said = theory.predict(theory.field(function, sigma_w, 0.5))
    assert measured == pytest.approx(said.signal, rel=0.15)


def test_weights_have_the_deviations_asked_for_and_one_seed_one_direction() -> None:
    network = train.draw(WIDE, KEY, jnp.float32(1.5), jnp.float32(0.2))
    for layer, inputs in zip(network, (64, 400, 400), strict=True):
        assert float(layer.weights.std()) * inputs**0.5 == pytest.approx(1.5, rel=0.03)
    assert float(network.hidden.biases.std()) == pytest.approx(0.2, rel=0.03)
    assert network.hidden.weights.shape == (13, 400, 400)
    larger = train.draw(WIDE, KEY, jnp.float32(3.0), jnp.float32(0.2))
    np.testing.assert_allclose(larger.first.weights, 2 * network.first.weights, rtol=1e-6)


def test_a_network_that_does_not_say_numbers_is_as_good_as_guessing() -> None:
    sizes = train.Sizes(64, 8, 3, 10)
    network = train.draw(sizes, KEY, jnp.float32(1e30), jnp.float32(0.5))
    assert float(train.accuracy("relu", network, ROWS)) == pytest.approx(0.1)


def _grid(accuracy: np.ndarray, **changes: Any) -> results.Grid:
    """A grid of tanh whose predicted depths are 6, 24 and 12."""
    said = [theory.Prediction(w, 1.0, 1.0, 6 / d, 6 / d) for w, d in ((0.5, 6), (1.0, 24), (1.5, 12))]
    usual = {"ratios": (0.5, 1.0, 1.5), "depths": (4, 8, 16), "predictions": said, "chance": 0.1}
    return results.Grid(function="tanh", accuracy=accuracy, **(usual | changes))


def test_a_prediction_that_is_right_everywhere_scores_so() -> None:
    grid = _grid(np.array([[0.9, 0.9, 0.9], [0.1, 0.9, 0.7], [0.1, 0.6, 0.2]]))
    assert grid.edge == 1.0
    assert grid.reached.tolist() == [4, 16, 8]
    assert (grid.right("signal"), grid.rank_correlation("signal")) == (1.0, pytest.approx(1.0))
    assert grid.constant == pytest.approx(6 / 9)
    assert grid.right("signal", grid.best_reach("signal")) == 1.0
    assert "tanh 16 layers at its edge of chaos" in results.answer([grid])


def test_a_prediction_of_the_opposite_scores_so() -> None:
    grid = _grid(np.array([[0.9, 0.9, 0.1], [0.9, 0.1, 0.1], [0.9, 0.1, 0.1]]))
    assert grid.right("gradient") == pytest.approx(3 / 9)
    assert grid.rank_correlation("gradient") < 0
    assert math.isnan(_grid(np.full((3, 3), 0.9)).rank_correlation("gradient"))


SMALL = [
    "--functions",
    "relu",
    "--depths",
    "4",
    "16",
    "--ratios",
    "0.6",
    "1",
    "--seeds",
    "1",
    "--rates",
    "0.8",
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a whole small study left its results."""
    out = tmp_path_factory.mktemp("study") / "new" / "out"
    assert command.main([*SMALL, "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def found(finished: Path) -> dict[str, Any]:
    return json.loads((finished / "results.json").read_text())


def test_what_theory_says_happens(found: dict[str, Any], finished: Path) -> None:
    (score,) = found["scores"]
    assert score["reached"] == [4, 16]
    assert score["predicted"]["gradient"][0] == pytest.approx(6 / -math.log(0.6**2), rel=1e-4)
    assert score["right"]["signal"] == score["right"]["gradient"] == 1.0
    assert score["accuracy"][1][0] < 0.2
    assert score["accuracy"][1][1] > 0.6
    assert sorted(path.name for path in finished.iterdir()) == ["plane.png", "results.json"]
    assert (finished / "plane.png").read_bytes().startswith(b"\x89PNG")
    assert found["question"] == QUESTION
    assert found["command"].startswith("python -m research.trainable_depth --functions relu")
    assert found["config"]["rates"] == [0.8]


def test_an_interrupted_run_goes_on_and_finds_the_same(
    found: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[int] = []

    def interrupted(_config: Any, _task: Any, choice: Choice, _seen: Any) -> Any:
        asked.append(choice.depth)
        if asked == [4, 16]:
            raise KeyboardInterrupt
        return found["units"][str(choice)]

    monkeypatch.setattr(command, "trained", interrupted)
    options = [*SMALL, "--out", str(tmp_path)]
    assert command.main(options) == 130
    assert "Interrupted; 2 of 3 units are kept" in " ".join(capsys.readouterr().out.split())
    assert command.main(options) == 0
    assert asked == [4, 16, 16]
    again = json.loads((tmp_path / "results.json").read_text())
    assert (again["scores"], again["answer"]) == (found["scores"], found["answer"])
    assert "rank correlation" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--functions", "gleu"], "No activation is called 'gleu'; the nearest are gelu"),
        (["--functions", "heaviside"], "heaviside has no edge of chaos"),
        (["--depths", "0"], "depths must be at least 1"),
        (["--depths", "8", "8"], "depths must name at least one and none twice"),
        (["--ratios", "-1"], "ratios must be positive and finite"),
        (["--rates", "inf"], "rates must be positive and finite"),
        (["--sigma-b", "-0.1"], "sigma_b must be finite and not negative"),
        (["--width", "x"], "--width"),
        (["--seeds", "0"], "seeds must be at least 1"),
    ],
)
def test_wrong_options_end_with_code_2(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = command.main([*options, "--out", str(tmp_path / "out")])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert message in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    return json.loads((STUDY / "results" / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def grids(committed: dict[str, Any]) -> dict[str, results.Grid]:
    """Each function's cells, by its name."""
    config = Config()
    return {name: results.grid(config, name, 10, committed["units"]) for name in config.functions}


def test_the_answer_is_that_of_the_units(committed: dict[str, Any], grids: dict[str, results.Grid]) -> None:
    assert committed["answer"] == results.answer(list(grids.values()))
    assert committed["answer"] in " ".join((STUDY / "README.md").read_text(encoding="utf-8").split())
    assert committed["units"].keys() == {str(choice) for choice in choices(Config())}
    assert committed["command"].startswith("python -m research.trainable_depth")
    usual = json.loads(json.dumps({name: value for name, value in vars(Config()).items() if name != "out"}))
    assert {**committed["config"], **usual} == committed["config"]


def test_the_claim_holds_in_the_results(grids: dict[str, results.Grid]) -> None:
    for grid in grids.values():
        for kind in results.KINDS:
            assert grid.right(kind) > grid.constant + 0.15
            assert grid.rank_correlation(kind) > 0.9
            assert 5 < grid.best_reach(kind) < 9
        deepest = np.array(grid.ratios)[grid.reached == grid.reached.max()]
        assert 0.9 <= deepest.min() <= 1.1
    assert grids["selu"].reached.max() == 64
    tanh = grids["tanh"]
    too_deep = (np.outer(tanh.depths, tanh.rates("gradient")) <= theory.REACH) & ~tanh.trains
    assert np.array(tanh.ratios)[too_deep.any(axis=0)].tolist() == [0.9, 1.0, 1.1]


def test_one_learning_rate_for_all_would_mislead(committed: dict[str, Any]) -> None:
    """With the larger one alone most of SELU's chaotic phase diverges."""
    units = {
        name: unit if isinstance(unit, list) else {part: [rates[1]] for part, rates in unit.items()}
        for name, unit in committed["units"].items()
    }
    alone = results.grid(Config(), "selu", 10, units)
    assert alone.right("gradient") == pytest.approx(0.72, abs=0.01)
