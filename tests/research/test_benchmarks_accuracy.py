"""Errors made by hand are measured as what they are."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from research.benchmarks import accuracy, exact
from research.benchmarks.errors import Points, bins, tally
from research.benchmarks.peers import Shared, shared

COARSE = Points("float32", 1_000_003)
EVERY_DTYPE = pytest.mark.parametrize("points", [COARSE, Points("bfloat16"), Points("float16")], ids=str)


def _tally(points: Points, got: np.ndarray, truth: np.ndarray, **options: Any) -> dict[str, np.ndarray]:
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        return tally(points, 0, jnp.asarray(got), jnp.asarray(truth), **options)


def _identity(points: Points) -> tuple[np.ndarray, np.ndarray]:
    """The points themselves as results, and as the truth."""
    with np.errstate(invalid="ignore"):
        x = np.array(points.at(0))
        return x, x.astype(np.float64)


def _shifted(x: np.ndarray, units: int) -> np.ndarray:
    """The numbers so many units in the last place farther from 0."""
    return (x.view(f"uint{8 * x.itemsize}") + units).astype(f"uint{8 * x.itemsize}").view(x.dtype)


def _at(x: np.ndarray, value: float) -> int:
    """The index of the number next to a value; behind the points a block is filled up."""
    with np.errstate(invalid="ignore"):
        distance = np.abs(x.astype(np.float64) - value)
    return int(np.nanargmin(distance[: COARSE.total] if x.dtype == np.float32 else distance))


@EVERY_DTYPE
def test_points_are_every_finite_number_or_a_stride_of_them(points: Points) -> None:
    x = np.array(points.at(0))
    assert points.blocks == 1
    assert len(x) >= points.total
    bits = x.view(f"uint{8 * x.itemsize}")[: points.total]
    assert len(set(bits.tolist())) == points.total
    with np.errstate(invalid="ignore"):
        wide = x[: points.total].astype(np.float64)
    np.testing.assert_array_equal(points.numbers(np.arange(points.total)), wide)
    with jax.enable_x64(True):  # noqa: FBT003  # its only parameter
        np.testing.assert_array_equal(np.asarray(points.wide(0))[: points.total], wide)  # subnormals too


def test_blocks_cover_all_numbers_of_float32() -> None:
    points = Points("float32")
    assert points.blocks * points.size == points.total == 2**32
    ends = [
        int(np.asarray(points.at(block)[i]).view(np.uint32)) for block, i in ((0, 0), (points.blocks - 1, -1))
    ]
    assert ends == [0, 2**32 - 1]


@EVERY_DTYPE
def test_exact_results_have_no_error(points: Points) -> None:
    found = _tally(points, *_identity(points))
    assert found["worst"].max() == found["distance"].max() == found["off"].sum() == 0
    small = 2.0**-126
    x = np.abs(points.numbers(np.arange(points.total)))
    assert found["points"].sum() == np.sum(np.isfinite(x) & ((x >= small) | (x == 0)))
    assert found["subnormal"].sum() == np.sum((x > 0) & (x < small))


@EVERY_DTYPE
def test_three_units_off_is_three_units_off(points: Points) -> None:
    x, truth = _identity(points)
    got, index = x.copy(), _at(x, 1.7)
    got[index] = _shifted(x, 3)[index]
    found = _tally(points, got, truth)
    worst = int(found["worst"].argmax())
    assert found["worst"][worst] == pytest.approx(3, rel=1e-9)
    assert found["place"][worst] == index
    assert found["off"].sum() == 1
    assert found["sum"].sum() == pytest.approx(3, rel=1e-9)
    assert found["distance"].max() == 3 * float(jnp.finfo(points.dtype).eps)


@EVERY_DTYPE
def test_units_do_not_shrink_below_the_smallest_normal_number(points: Points) -> None:
    x, truth = _identity(points)
    info, index = jnp.finfo(points.dtype), _at(x, -1.3)
    got, least = x.copy(), float(info.smallest_subnormal)
    truth[index], got[index] = 5 * least, 7 * least
    assert _tally(points, got, truth)["worst"].max() == pytest.approx(2, rel=1e-9)


def test_a_result_flushed_to_0_is_no_error() -> None:
    x, truth = _identity(COARSE)
    got, index = x.copy(), _at(x, 2.0)
    truth[index], got[index] = 1e-40, 0
    found = _tally(COARSE, got, truth)
    assert found["flushed"].sum() == 1
    assert found["worst"].max() == 0
    truth[index] = 2e-38  # a normal number of float32
    found = _tally(COARSE, got, truth)
    assert found["flushed"].sum() == 0
    assert found["worst"].max() > 1e6


def test_no_result_of_float16_is_flushed() -> None:
    points = Points("float16")
    x, truth = _identity(points)
    got, index = x.copy(), _at(x, 2.0)
    truth[index], got[index] = 3e-7, 0
    found = _tally(points, got, truth)
    assert found["flushed"].sum() == 0
    assert found["worst"].max() == pytest.approx(3e-7 / 2**-24)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_results_that_are_not_finite_are_counted_where_the_truth_is(wrong: float) -> None:
    x, truth = _identity(COARSE)
    got, indices = x.copy(), [_at(x, value) for value in (1.0, 3.0, 9.0)]
    got[indices] = wrong
    truth[indices[2]] = 1e39  # beyond float32: infinity is right
    found = _tally(COARSE, got, truth)
    assert found["nonfinite"].sum() == 2
    assert found["worst"].max() == 0


def test_what_the_reference_does_not_know_is_counted_apart() -> None:
    x, truth = _identity(COARSE)
    truth[_at(x, 1.0)] = np.nan
    found = _tally(COARSE, x, truth)
    assert found["unknown"].sum() == 1
    assert found["nonfinite"].sum() == found["worst"].max() == 0


def test_kinks_are_left_out() -> None:
    points = Points("bfloat16")
    x, truth = _identity(points)
    got = x.copy()
    got[_at(x, 1.0)] = 7
    assert _tally(points, got, truth)["worst"].max() > 100
    assert _tally(points, got, truth, kinks=(1.0,))["worst"].max() == 0


def test_bins_are_symmetric_and_rise() -> None:
    x = np.array([-1e30, -2.0, -1.0, -1e-30, 0, 1e-30, 1.0, 1.5, 2.0, 1e30])
    found = bins(x)
    assert (np.diff(found) >= 0).all()
    assert (found[:4] == -found[-1:-2:-1][0]).any()
    assert found[3] == found[4] == found[5] == 0
    assert found[1] == -found[8]
    assert found[9] > found[8]


@pytest.fixture
def one_unit_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library `jax.nn` whose relu is a unit in the last place too large."""
    real = shared()["relu"]

    def relu(x: jax.Array) -> jax.Array:
        y = jnp.maximum(x, 0)
        return y + y * jnp.asarray(jnp.finfo(x.dtype).eps, x.dtype)

    fake = Shared("relu", {**real.functions, "jax.nn": relu}, real.spec)
    monkeypatch.setattr(accuracy, "shared", lambda: {"relu": fake})


@pytest.mark.usefixtures("one_unit_off")
def test_a_library_s_error_is_in_its_row() -> None:
    libraries = ("jaxact", "jax.nn")
    config = accuracy.Config(
        functions=("relu",), dtypes=("bfloat16",), libraries=libraries, orders=("value",)
    )
    ours, theirs = accuracy.combine(accuracy.measure(config, "relu bfloat16 0"))
    assert (ours["library"], theirs["library"]) == ("jaxact", "jax.nn")
    assert (ours["largest"], ours["off"], ours["mean"]) == (0, 0, 0)
    assert 1 <= theirs["largest"] <= 2
    assert theirs["at"] > 0
    assert theirs["mean"] > 0.4
    assert len(theirs["bins"]) == len(theirs["worst"]) > 50


def test_parts_add_up_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    config = accuracy.Config(
        functions=("tanh",), dtypes=("float32",), libraries=("jax.nn",), stride=1_000_003
    )
    whole = [row for unit in accuracy.units(config)[1:] for row in accuracy.measure(config, unit)]
    monkeypatch.setattr("research.benchmarks.errors.BLOCK", 1024)
    monkeypatch.setattr(accuracy, "PART", 2)
    units = accuracy.units(config)
    assert len(units) == 1 + 3
    parts = accuracy.combine([row for unit in units[1:] for row in accuracy.measure(config, unit)])
    for one, other in zip(parts, whole, strict=True):
        for name in (*accuracy.COUNTS, "largest", "scaled"):
            assert one[name] == pytest.approx(other[name]), name
        assert one["mean"] == pytest.approx(other["mean"])


def test_the_reference_is_held_against_balls(monkeypatch: pytest.MonkeyPatch) -> None:
    largest, _ = exact.checked("soft_sign", "value", 40) or (1.0, 0.0)
    assert largest < 1e-6
    monkeypatch.setattr(exact, "reference", lambda *_: lambda x: x / (1 + jnp.abs(x)) * (1 + 2.0**-23))
    largest, at = exact.checked("soft_sign", "value", 40) or (0.0, 0.0)
    assert 1 <= largest <= 2
    assert abs(at) > 0


def test_a_bad_reference_is_named_in_the_answer() -> None:
    row = {"function": "tanh", "library": "reference", "dtype": "float64", "order": "slope", "largest": 1e5}
    assert "not good enough, against ball arithmetic, for: slope of tanh." in accuracy.answer([row])
    assert "within 1e-08 ULP" in accuracy.answer([{**row, "largest": 1e-8}])
    assert "python-flint" in accuracy.answer([{**row, "largest": None}])


def test_the_largest_slope_is_found() -> None:
    assert exact.steepest("sigmoid") == pytest.approx(0.25)
    assert exact.steepest("selu") == pytest.approx(1.7580993408473766)
