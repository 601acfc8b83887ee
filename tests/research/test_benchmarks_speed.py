"""The speed benchmark: what is timed, how often, and that its figures follow from its rows."""

import dataclasses
import importlib.util
from collections import Counter
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from research.benchmarks import speed, timing
from research.benchmarks.programs import FORWARD, GRADIENT, compiled, copy, in_jax, operands, zero_for
from research.benchmarks.ratios import elements, ratios

TWO = ("selu", "tanh")


def _rows(seconds: dict[str, float], **thing: Any) -> list[dict[str, Any]]:
    common = {"function": "selu", "dtype": "float32", "size": 2**20, "what": FORWARD} | thing
    return [
        {**common, "library": library, "seconds": value, "compile_seconds": 0.5}
        for library, value in seconds.items()
    ]


HAND = [
    *_rows({"jaxact": 1.0, "jax.nn": 2.0, "torch": 3.0, "copy": 0.5}),
    *_rows({"jaxact": 1.0, "jax.nn": 0.5, "torch": 3.0, "copy": 0.5}, what=GRADIENT),
    *_rows({"jaxact": 1.0, "jax.nn": 8.0, "copy": 0.5}, function="tanh"),
    *_rows({"jaxact": 1.0, "jax.nn": 2.0, "copy": 0.5}, function="tanh", what=GRADIENT),
    *_rows({"jaxact": 1.0, "jax.nn": 99.0, "torch": 12.0, "copy": 0.1}, size=2**24),
    {**_rows({"torch.compile": 0.0})[0], "seconds": None},
]
"""Two functions in one dtype; torch has only one of them, and could not compile it."""


def test_ratios_divide_what_both_libraries_did() -> None:
    found = ratios(HAND, "jax.nn", "jaxact", size=(2**20,))
    assert found.of == {
        ("selu", "float32", 2**20, FORWARD): 2.0,
        ("selu", "float32", 2**20, GRADIENT): 0.5,
        ("tanh", "float32", 2**20, FORWARD): 8.0,
        ("tanh", "float32", 2**20, GRADIENT): 2.0,
    }
    assert found.mean == pytest.approx(2.0)
    assert (found.smallest, found.largest) == (0.5, 8.0)
    assert found.where(found.smallest) == f"selu float32 {2**20} gradient"
    assert len(ratios(HAND, "torch", "jaxact", size=(2**20,)).of) == 2
    assert ratios(HAND, "torch.compile", "jaxact").mean is None


def test_the_answer_states_what_was_asked_for() -> None:
    said = speed.answer(HAND)
    assert "At 2^20 elements jaxact is 2.00x as fast as jax.nn" in said
    assert "smallest 0.50x, selu with gradient in float32" in said
    assert "at 2^20 and 2^24 6.00x as fast as eager torch forward and 3.00x with backward" in said
    assert "at 2^24 it takes 10.00x the time of a copy" in said


def test_the_answer_does_without_the_others() -> None:
    alone = [row for row in HAND if row["library"] == "jaxact"]
    assert "nothing to compare" in speed.answer(alone)
    assert "torch" not in speed.answer([row for row in HAND if row["library"] != "torch"])


def test_the_table_has_a_line_for_each_kind_and_one_for_each_target() -> None:
    head, *lines = speed.table(HAND)
    assert {len(line) for line in (head, *lines)} == {len(head)}
    assert [line[:3] for line in lines] == [
        ["float32", "2^20", "forward"],
        ["float32", "2^20", "with gradient"],
        ["float32", "2^24", "forward"],
        ["all", "2^20", "forward and with gradient"],
        ["all", "2^20 and 2^24", "forward"],
        ["all", "2^20 and 2^24", "with gradient"],
    ]
    assert lines[0][3:] == ["4.00x (2.00x selu)", "3.00x (3.00x selu)", "", "50%", "1.00x"]
    assert lines[3][3] == "2.00x (0.50x selu)"
    assert lines[4][4] == "6.00x (3.00x selu)"


def test_the_summary_has_a_cell_for_each_function_that_the_other_has() -> None:
    assert speed.summary(HAND) == {
        "time, jax.nn / jaxact": {"selu": "1.00x", "tanh": "4.00x"},
        "time, torch / jaxact": {"selu": "3.00x"},
    }


@pytest.mark.parametrize("rows", [HAND, [row for row in HAND if row["library"] == "jaxact"]])
def test_a_picture_is_drawn(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    speed.draw(rows, tmp_path / "speed.png")
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")


def test_programs_take_turns_in_changing_order() -> None:
    now, runs, turns = [0.0], Counter[str](), []
    costs = {"a": 1.0, "b": 2.0, "c": 5.0}

    def program(name: str) -> timing.Program:
        def run(count: int) -> None:
            runs[name] += count
            now[0] += count * costs[name]
            turns.append((name, count))

        return run

    programs = {name: program(name) for name in costs}
    seconds = timing.interleave(
        programs, rounds=6, repeats=4, clock=lambda: now[0], settle=lambda: turns.append(("settle", 0))
    )
    assert seconds == {name: [cost] * 6 for name, cost in costs.items()}
    assert runs == dict.fromkeys(costs, 1 + 6 * (1 + 4))
    timed = [name for name, count in turns if count == 4]
    rounds = [timed[i : i + 3] for i in range(0, len(timed), 3)]
    assert all(sorted(each) == ["a", "b", "c"] for each in rounds)
    assert len({*map(tuple, rounds)}) > 1
    assert turns[3:6] == [("settle", 0), (timed[0], 1), (timed[0], 4)]


def test_quiet_ends_whatever_happens() -> None:
    timing.quiet(patience=0.0)
    timing.quiet()


def test_a_row_keeps_median_and_quartiles() -> None:
    assert timing.spread([5.0, 1.0, 2.0, 4.0, 3.0]) == {
        "seconds": 3.0,
        "lower_quartile": 2.0,
        "upper_quartile": 4.0,
    }


@pytest.mark.heavy
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("count", [1, 2])
def test_the_copy_is_a_copy_that_xla_makes(dtype: str, count: int) -> None:
    x = jnp.array([jnp.nan, -jnp.nan, -0.0, jnp.inf, 1e-40, *range(1, 1020)], dtype)
    zero = zero_for(dtype)
    program, seconds = compiled(copy, zero, *[x] * count)
    assert seconds > 0
    for result in program(zero, *[x] * count):
        assert np.asarray(result).tobytes() == np.asarray(x).tobytes()
    text = program.as_text() or ""
    assert "xor(" in text
    assert text.count(f"{'f32' if dtype == 'float32' else 'bf16'}[1024]") > 2 * count
    used = program.memory_analysis()
    assert used is not None
    assert used.output_size_in_bytes >= count * x.nbytes
    assert used.alias_size_in_bytes == 0
    assert used.temp_size_in_bytes < x.nbytes


def test_operands_are_drawn_alike_and_none_is_zero() -> None:
    x, dy = operands(2**12)
    assert x.dtype == dy.dtype == np.float32
    assert np.abs(x).min() > 0
    assert np.abs(dy).min() > 0
    assert x.std() == pytest.approx(3, rel=0.05)
    assert dy.std() == pytest.approx(1, rel=0.05)
    np.testing.assert_array_equal(x, operands(2**12)[0])


def test_value_and_gradient_come_from_one_program() -> None:
    x, dy = (jnp.asarray(values) for values in operands(64))
    y, dx = in_jax(jnp.sin, GRADIENT)(x, dy)
    np.testing.assert_allclose(y, jnp.sin(x))
    np.testing.assert_allclose(dx, jnp.cos(x) * dy, rtol=1e-6)
    assert in_jax(jnp.sin, FORWARD) is jnp.sin


def test_a_quick_run_gives_rows_of_plain_values() -> None:
    config = speed.Config(quick=True, functions=TWO)
    assert speed.units(config) == ["selu float32", "tanh float32", "selu bfloat16", "tanh bfloat16"]
    rows = speed.measure(config, "selu bfloat16")
    libraries = {"jaxact", "jax.nn", "copy"} | ({"torch"} if importlib.util.find_spec("torch") else set())
    for what in (FORWARD, GRADIENT):
        here = {row["library"]: row for row in rows if row["what"] == what}
        assert here.keys() == libraries
        for library, row in here.items():
            assert (row["function"], row["dtype"], row["size"]) == ("selu", "bfloat16", 2**10)
            assert 0 < row["lower_quartile"] <= row["seconds"] <= row["upper_quartile"]
            assert (row["compile_seconds"] is None) == (library == "torch")
            assert (row["rounds"], row["repeats"]) == (3, 4)
    assert speed.answer(rows)


def test_only_who_is_named_takes_part() -> None:
    config = speed.Config(quick=True, functions=("relu",), libraries=("copy",), dtypes=("float16",))
    (unit,) = speed.units(config)
    assert {row["library"] for row in speed.measure(config, unit)} == {"jaxact", "copy"}


def test_sizes_and_rounds_follow_from_the_options() -> None:
    config = speed.Config()
    assert config.sizes_here()[:3] == (2**14, 2**20, 2**24)
    assert (2**28 in config.sizes_here()) == (jax.default_backend() != "cpu")
    assert dataclasses.replace(config, sizes=(100,)).sizes_here() == (100,)
    assert config.rounds_at(2**20) > config.rounds_at(2**24) >= 3
    assert (elements(2**20), elements(100)) == ("2^20", "100")


@pytest.mark.parametrize(
    "wrong",
    [{"dtypes": ("int8",)}, {"libraries": ("numpy",)}, {"rounds": 0}, {"sizes": (0,)}],
)
def test_wrong_options_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(wrong)))):
        speed.Config(**wrong)
    with pytest.raises(ValueError, match="the nearest are"):
        speed.units(speed.Config(functions=("selo",)))
