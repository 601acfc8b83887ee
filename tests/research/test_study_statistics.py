"""The statistics of the study: on tables whose outcome is known, and on the paper's own."""

import csv
from pathlib import Path

import numpy as np
import pytest

from research.selu_vs_batchnorm.report import statistics
from research.selu_vs_batchnorm.report.contest_pictures import diagram

PAPER = Path(__file__).parents[3] / "shared" / "data" / "uci" / "klambauer2017_table_a11.csv"


def _paper() -> tuple[list[str], np.ndarray]:
    if not PAPER.exists():
        pytest.skip("the paper's table is not in this checkout")
    with PAPER.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    methods = list(rows[0])[3:]
    whole = [row for row in rows if all(row[name] not in {"", "NA"} for name in methods)]
    return methods, np.array([[float(row[name]) for name in methods] for row in whole])


def test_ranks_and_ties() -> None:
    ranks = statistics.average_ranks(np.array([[0.9, 0.8, 0.8], [0.5, 0.6, 0.7], [0.3, 0.3, 0.3]]))
    np.testing.assert_allclose(ranks, [2.0, 13 / 6, 11 / 6])
    with pytest.raises(ValueError, match="a full table of tasks by methods"):
        statistics.average_ranks(np.array([[0.9, np.nan]]))


def test_critical_differences_of_demsar() -> None:
    """Table 5 of Demšar 2006: the quantiles of 2, 5 and 10 methods at 0.05; and of 5 at 0.1."""
    for methods, level, quantile in ((2, 0.05, 1.960), (5, 0.05, 2.728), (10, 0.05, 3.164), (5, 0.1, 2.459)):
        scale = (methods * (methods + 1) / (6 * 30)) ** 0.5
        found = statistics.critical_difference(methods, 30, level)
        assert found == pytest.approx(quantile * scale, rel=3e-4)
    with pytest.raises(ValueError, match="needs 2 methods and a task; got 1 and 3"):
        statistics.critical_difference(1, 3)


def test_holm_of_known_p_values() -> None:
    assert statistics.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert statistics.holm([0.9, 0.8]) == [1.0, 1.0]


def test_wilcoxon_of_a_small_table() -> None:
    """Five wins in five tasks: one of 32 signs is as extreme, two on both sides."""
    table = np.array([[0.5 + 0.01 * i, 0.5, 0.5] for i in range(1, 6)])
    found = statistics.compared(table, ["a", "b", "c"], "a")
    assert [(one.method, one.wins, one.losses) for one in found] == [("b", 5, 0), ("c", 5, 0)]
    assert found[0].one_sided == pytest.approx(1 / 32)
    assert found[0].two_sided == pytest.approx(2 / 32)
    assert found[0].holm == pytest.approx(4 / 32)
    assert statistics.compared(table, ["a", "b", "c"], "b")[1].two_sided == 1
    with pytest.raises(ValueError, match="reference must be one of a, b, c; got 'd'"):
        statistics.compared(table, ["a", "b", "c"], "d")
    with pytest.raises(ValueError, match="methods must name every column; got 2"):
        statistics.compared(table, ["a", "b"], "a")


def test_groups_that_do_not_differ() -> None:
    assert statistics.groups([3.0, 1.0, 1.4, 2.2], 1.0) == [(1, 2), (2, 3), (3, 0)]
    assert statistics.groups([1.0, 2.5], 1.0) == []
    assert statistics.groups([1.0, 1.5, 1.9], 1.0) == [(0, 1, 2)]


def test_the_paper_s_own_table() -> None:
    """The order of the methods, and that one-sided p-values are what the paper prints.

    The table at hand has 85 of the 121 tasks.
    """
    methods, table = _paper()
    ranks = dict(zip(methods, statistics.average_ranks(table), strict=True))
    assert min(ranks, key=lambda name: ranks[name]) == "SNN"
    assert ranks["SNN"] < ranks["MS"] < ranks["HW"] < ranks["BN"]
    found = {one.method: one for one in statistics.compared(table, methods, "SNN")}
    for one in found.values():
        assert one.one_sided == pytest.approx(one.two_sided / 2, rel=1e-6)
        assert one.holm >= one.two_sided
    assert found["BN"].two_sided < 1e-3
    assert found["MS"].two_sided > found["HW"].two_sided


def test_the_diagram_draws_every_method(tmp_path: Path) -> None:
    names = [f"method {i}" for i in range(7)]
    figure = diagram(names, [3.2, 3.6, 4.1, 4.3, 4.2, 4.0, 4.6], 85)
    said = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert all(name in said for name in names)
    assert "critical difference" in said
    figure.savefig(tmp_path / "ranks.png")
    assert (tmp_path / "ranks.png").read_bytes().startswith(b"\x89PNG")
