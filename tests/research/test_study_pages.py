"""What is read of the study's results, and the pages that are made of them."""

import dataclasses
import html.parser
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from study_results import (
    chosen,
    made_up,
    one_run,
    published_accuracies,
    scaling_row,
    store,
)

from research import record
from research.selu_vs_batchnorm.methods import PAPER
from research.selu_vs_batchnorm.report import (
    answer,
    answers,
    load,
    paper,
    scaling,
    write,
)
from research.selu_vs_batchnorm.report.chapters import report
from research.selu_vs_batchnorm.report.document import Table
from research.selu_vs_batchnorm.report.tables import tables
from research.selu_vs_batchnorm.selection import Chosen

A11 = Path(__file__).parents[3] / "shared" / "data" / "uci" / paper.TABLE_A11


@pytest.fixture(scope="module")
def results() -> dict[str, list[Chosen]]:
    return made_up()


@pytest.fixture
def published() -> paper.Accuracies:
    return published_accuracies()


def test_what_was_written_is_read(results: dict[str, list[Chosen]], tmp_path: Path) -> None:
    store(tmp_path, {"digits": results["digits"], "uci": results["uci"]})
    for name in ("digits", "uci"):
        read = load(tmp_path / f"{name}.json")
        assert answer(name, read) == answer(name, results[name])
        assert [one.method for one in read] == [one.method for one in results[name]]
    lost = dataclasses.replace(results["uci"][0], step_seconds=math.nan, learning_rate=1)
    record.write(tmp_path / "lost.json", {"found": [lost]})
    (again,) = load(tmp_path / "lost.json")
    assert math.isnan(again.step_seconds)
    assert again.learning_rate == 1.0


def _entry(**changes: Any) -> dict[str, Any]:
    return {**vars(chosen("snn", [one_run(0, 0.5)])), **changes}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is damaged"),
        ("[" * 100_000, "is damaged"),
        ("[1]", "must hold an object; got list"),
        (json.dumps({"units": []}), "no list 'found'"),
        (json.dumps({"found": [1]}), "entry 0 of 'found' must be an object; got int"),
        (json.dumps({"found": [{"method": "snn"}]}), "missing .*'width'"),
        (json.dumps({"found": [_entry(more=1)]}), "unknown .*'more'"),
        (json.dumps({"found": [_entry(depth="8")]}), "depth must be int; got '8'"),
        (json.dumps({"found": [_entry(depth=True)]}), "depth must be int; got True"),
        (json.dumps({"found": [_entry(depth=0)]}), "must have a layer and a run"),
        (json.dumps({"found": [_entry(runs=[])]}), "must have a layer and a run"),
        (json.dumps({"found": [_entry(method="magic")]}), "unknown method, 'magic'"),
        (json.dumps({"found": [_entry(runs=[{"seed": 1}])]}), "without 'diverged_at' or 'test_accuracy'"),
        (json.dumps({"found": [_entry(runs=[one_run(0, 0.5, score="x")])]}), "figures are no numbers"),
        (
            json.dumps({"found": [_entry(runs=[one_run(0, 0.5, curves={"train": 3})])]}),
            "figures are no numbers",
        ),
        (json.dumps({"found": [_entry(layers={"initial": [1]})]}), "no lists of numbers"),
    ],
)
def test_damaged_and_foreign_files_are_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "digits.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        load(path)
    assert str(path) in str(caught.value)


class _Page(html.parser.HTMLParser):
    """What a page refers to, and whether its tags close."""

    VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.references: list[str] = []
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "data"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_pages_are_whole_and_need_nothing_else(
    results: dict[str, list[Chosen]], tmp_path: Path, published: paper.Accuracies
) -> None:
    source = store(tmp_path / "results", results)
    rows = [scaling_row(name, devices) for devices in (1, 2) for name in ("snn", "batchnorm")]
    record.write(source / "scaling.json", {"question": "Does it scale?", "answer": "", "rows": rows})
    (source / "scaling.png").write_bytes(b"\x89PNG made up")
    _publish(tmp_path, published)
    paths = write(source, tmp_path / "out", tmp_path)
    assert [path.name for path in paths[:2]] == ["report.html", "report.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(path.name for path in paths)

    text = paths[0].read_text(encoding="utf-8")
    page = _Page(text)
    assert page.open == []
    assert all(each.startswith(("data:image/png;base64,", "#")) for each in page.references)
    assert not {"script", "link", "iframe"} & set(page.tags)
    assert "url(" not in text
    assert page.tags.count("img") == len(paths) - 2 == 12
    assert "What of digits &amp; &lt;more&gt;?" in text

    written = paths[1].read_text(encoding="utf-8")
    shown = re.findall(r"!\[.*?\]\((.*?)\)", written)
    assert sorted(shown) == sorted(path.name for path in paths[2:])
    for experiment, found in results.items():
        assert answer(experiment, found) in written
    for block in re.findall(r"(?:^\|.*\n?)+", written, re.MULTILINE):
        counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(counts) == 1, block
    assert "Does it scale?" in written
    assert scaling.answer(rows) in written


def _publish(directory: Path, published: paper.Accuracies) -> None:
    columns = {"snn": "SNN", "msra": "MS", "batchnorm": "BN", "layernorm": "LN"}
    columns |= {"weightnorm": "WN", "highway": "HW", "resnet": "ResNet"}
    lines = [",".join(["dataset", "N", "M", *columns.values()])]
    lines += [
        ",".join([task, "1", "2", *(f"{row[name]}" for name in columns)]) for task, row in published.items()
    ]
    (directory / paper.TABLE_A11).write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_report_of_what_there_is(results: dict[str, list[Chosen]], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no results"):
        write(tmp_path, tmp_path / "out")
    store(tmp_path, {"uci": results["uci"], "digits": []})
    document = report(tmp_path, {})
    assert [section.answer for section in document.sections] == [
        "Nothing is finished.",
        answer("uci", results["uci"]),
    ]
    assert any("not at hand" in paragraph for paragraph in document.sections[1].paragraphs)
    assert any("monks-1 are scaled unlike" in paragraph for paragraph in document.sections[1].paragraphs)
    (tmp_path / "scaling.json").write_text('{"rows": [1]}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"scaling\.json is no result of scaling"):
        report(tmp_path, {})


def test_names_that_are_marks_stay_names(tmp_path: Path) -> None:
    name = "<b>|*x*`y`"
    found = [chosen(method, [one_run(0, 0.5)], dataset=name) for method in ("snn", "batchnorm")]
    page, written, *_ = write(store(tmp_path, {"uci": found}), tmp_path / "out")
    assert _Page(page.read_text(encoding="utf-8")).open == []
    assert "<b>" not in page.read_text(encoding="utf-8")
    assert r"\<b\>\|\*x\*\`y\`" in written.read_text(encoding="utf-8")


def test_tables_have_rows_of_one_length() -> None:
    with pytest.raises(ValueError, match="T has 2 columns; got the row"):
        Table("T", ("a", "b"), [("1",)])


def test_the_paper_s_table_is_read_with_its_gaps(tmp_path: Path) -> None:
    path = tmp_path / paper.TABLE_A11
    assert paper.published(None) == paper.published(tmp_path) == {}
    path.write_text("dataset,N,M,SNN,MS,HW,ResNet,BN,WN,LN\ntrains,10,29,NA,0.5,0.5,0.5,,0.5,1.0\n")
    assert paper.published(tmp_path)["trains"] == {
        "msra": 0.5,
        "highway": 0.5,
        "resnet": 0.5,
        "weightnorm": 0.5,
        "layernorm": 1.0,
    }
    path.write_text("dataset,SNN\nwine,0.5\n")
    with pytest.raises(ValueError, match="is no table A11: it has no column BN, HW, LN"):
        paper.table_a11(path)
    for cell in ("2", "high", "nan"):
        path.write_text(f"dataset,N,M,SNN,MS,HW,ResNet,BN,WN,LN\nwine,10,29,{cell},0.5,0.5,0.5,0.5,0.5,1.0\n")
        with pytest.raises(ValueError, match=r"something else than accuracies in \[0, 1\] for wine"):
            paper.table_a11(path)


def test_the_paper_s_own_table_is_near_what_it_prints() -> None:
    """Its file has fewer tasks than the paper, so that the figures differ, but not by much."""
    if not A11.exists():
        pytest.skip("the paper's table is not in this checkout")
    published = paper.table_a11(A11)
    assert len(published) == 86
    assert all(set(row) == set(PAPER) for row in published.values())
    found = [
        chosen(method, [one_run(0, value)], dataset=task)
        for task, row in published.items()
        for method, value in row.items()
    ]
    (ranks, *_) = tables("uci", found, published)
    for row in ranks.rows:
        own, same, given = (float(text) for text in row[1:4])
        assert own == same
        assert 0 < abs(own - given) < 0.15
    assert answers.REFERENCE == "snn"
    assert ranks.rows[0][0] == "SNN"
