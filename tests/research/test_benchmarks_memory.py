"""What a layer keeps, by XLA's own analysis."""

from typing import Any

import jax
import jax.numpy as jnp
import pytest

from research.benchmarks import memory

SMALL = memory.Config(functions=("mish",), networks=("matmul scan",), dtypes=("float32",), quick=True)


def _kept(function: Any, network: str = "matmul scan") -> float | None:
    return memory._kept(SMALL, memory.NETWORKS[network], function, "float32")  # noqa: SLF001  # its one figure


def test_arrays_that_a_function_keeps_are_counted() -> None:
    product = 4.0  # bytes of the input that the product of matrices keeps
    assert _kept(lambda x: x) == pytest.approx(product, abs=0.3)
    assert _kept(jnp.sin) == pytest.approx(product + 4, abs=0.3)


def test_rows_hold_every_library() -> None:
    rows = memory.measure(SMALL, "mish")
    assert {row["library"] for row in rows} == set(memory.LIBRARIES)
    assert {row["network"] for row in rows} == {"matmul scan"}
    kept = {(row["library"], row["network"]): row["bytes"] for row in rows}
    assert kept["jaxact", "matmul scan"] < 0.7 * kept["jax.nn", "matmul scan"]
    assert memory.table(rows)[1][0] == "mish"
    assert "matmul scan: jaxact" in memory.answer(rows)


def test_where_xla_does_not_tell_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jax.stages.Compiled, "memory_analysis", lambda _: None)
    assert _kept(jnp.sin) is None
    rows = [
        {"function": "mish", "library": library, "network": "unrolled", "dtype": "float32", "bytes": None}
        for library in memory.LIBRARIES
    ]
    assert memory.table(rows)[1] == ["mish", "? / ? / ?"]
    assert memory.answer(rows) == "XLA told no figures of float32."


@pytest.mark.parametrize(
    "wrong", [{"depths": (4, 4)}, {"width": 0}, {"dtypes": ()}, {"functions": ("gleu",)}]
)
def test_what_cannot_be_run_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"got|nearest"):
        memory.Config(**wrong)
