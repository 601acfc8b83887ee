"""What the README shows, works."""

import contextlib
import io
import pathlib
import re
import shlex
from typing import Any

import pytest

import jaxact

HOUSE = pathlib.Path(__file__).parents[1]
README = (HOUSE / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines()]
SET_UP = [line for line in COMMANDS if line.startswith("python3 -m venv")]
ASKED = [line for line in COMMANDS if line not in SET_UP]


def test_python_blocks_run() -> None:
    names: dict[str, Any] = {}
    for kind, block in BLOCKS:
        if kind == "python":
            exec(compile(block, "README.md", "exec"), names)  # noqa: S102  # our own text
    assert names["report"].claims["monotonic"].holds


def test_the_functions_that_are_counted_are_there() -> None:
    elementwise, others = len(jaxact.specs), len(jaxact.operations)
    assert f"{elementwise + others} functions; the {elementwise} elementwise ones" in README


def test_the_definition_that_is_shown_is_one_of_ours() -> None:
    (shown,) = re.findall(r"^```\n(@activation\(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert shown in (HOUSE / "jaxact" / "functions" / "sigmoidal.py").read_text()


def test_two_commands_do_all_the_set_up() -> None:
    assert [re.search(r"\[(\w+)\]", line)[1] for line in SET_UP] == ["research", "test"]
    assert all(line.startswith("jaxact ") for line in ASKED)


@pytest.mark.parametrize("line", ASKED)
def test_commands_run(line: str) -> None:
    main = pytest.importorskip("jaxact.__main__").main
    words = shlex.split(line, comments=True)[1:]
    promised = int(found[1]) if (found := re.search(r"# exit code (\d)", line)) else 0
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert main(words) == promised
    assert printed.getvalue()
