"""The command `jaxact`, as a user calls it."""

import functools
import json
import pathlib
import subprocess
import sys

import pytest

import jaxact
from jaxact import _facts
from jaxact.__main__ import main
from jaxact._command import certifying, cli

FILE = """
import jax.numpy as jnp

def wave(x):
    return jnp.where(x > 0, x, jnp.sin(x))

def mean(x):
    return x - x.mean()

number = 3
"""


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def test_check_prints_nine_verdicts(capsys: pytest.CaptureFixture[str], file: pathlib.Path) -> None:
    code, out, err = run(capsys, "check", f"{file}:wave")
    assert code == 0
    assert err == ""
    assert all(criterion in out for criterion in ("nonlinearity", "cost", "parameters", "normalization"))


NETWORKS = """
import jax
import jax.numpy as jnp

import jaxact

matrices = jax.random.normal(jax.random.key(0), (3, 20, 20)) / 20**0.5

def network(x):
    for matrix in matrices:
        x = jaxact.relu(x @ matrix)
    return x

def make():
    return network

def both():
    return network, jnp.ones((4, 20))
"""


def test_diagnose(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "networks.py"
    path.write_text(NETWORKS)
    code, out, _ = run(capsys, "diagnose", f"{path}:make", "--shape", 20, "--plot", tmp_path / "layers.png")
    assert code == 0
    assert "network: 3 layers, 64 rows" in out
    assert "Second moments" in out
    assert (tmp_path / "layers.png").exists()
    code, out, _ = run(capsys, "diagnose", f"{path}:both", "--json")
    assert code == 0
    assert [layer["activation"] for layer in json.loads(out)["layers"]] == ["", "relu", "relu"]
    code, _, err = run(capsys, "diagnose", f"{path}:make")
    assert code == 2
    assert "give the --shape of one input" in err
    code, _, err = run(capsys, "diagnose", f"{path}:make", "--shape", 20, "--rows", 0)
    assert code == 2
    assert "--rows and --shape must be positive" in err


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "tanh", "--json", "--dtype", "bfloat16", "--require", "bounded,ODD")
    assert code == 0
    assert json.loads(out)["dtype"] == "bfloat16"
    assert jaxact.Report.from_json(out).claims["monotonic"].evidence == "proved"


def test_a_lacking_property_fails_with_its_witness(
    capsys: pytest.CaptureFixture[str], file: pathlib.Path
) -> None:
    code, out, err = run(capsys, "check", f"{file}:wave", "--require", "zero-at-zero,monotonic,bounded")
    assert code == 1
    assert "nonlinearity" in out
    failures = err.splitlines()
    assert len(failures) == 2
    assert failures[0].startswith("wave: monotonic fails (refuted at -")
    assert failures[1].startswith("wave: bounded fails (refuted at ")


def test_an_undecided_property_fails(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "lost.py"
    path.write_text("import jax.numpy as jnp\ndef lost(x):\n    return jnp.where(x > 7, jnp.nan, x)\n")
    code, _, err = run(capsys, "check", f"{path}:lost", "--require", "monotonic")
    assert code == 1
    assert "lost: monotonic is undecided" in err
    assert "f is NaN at 7" in err


WRONG = {
    "check rellu": "No activation is called 'rellu'; the nearest are relu",
    "check {file}:wavy": "has no 'wavy'; the nearest are wave",
    "check {file}:number": "is no function; got int",
    "check {file}:mean": "mean is not elementwise",
    "check nothing.py:f": "nothing.py cannot be loaded; FileNotFoundError: there is no such file",
    "check no_such_module:f": "no_such_module cannot be loaded; ModuleNotFoundError",
    "check :f": "names no function",
    "check relu --dtype int32": "dtype must be a real floating dtype; got int32",
    "check relu --require monotone": "'monotone' is no property. Did you mean monotonic?",
    "check relu --require beautiful": "self_normalizing",
    "show geluu": "No activation is called 'geluu'; the nearest are gelu",
    "show relu --plot {file}.xyz": "Format 'xyz' is not supported",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_makes_no_sense_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], file: pathlib.Path, words: str
) -> None:
    code, out, err = run(capsys, *(word.format(file=file) for word in words.split()))
    assert code == 2
    assert out == ""
    assert err.startswith("jaxact: ")
    assert err.count("\n") == 1
    assert WRONG[words] in err


@pytest.mark.parametrize("words", [[], ["frobnicate"], ["check"], ["check", "relu", "--colour"]])
def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(words)
    assert raised.value.code == 2
    assert capsys.readouterr().err


def test_list_is_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list")
    assert code == 0
    count = len(jaxact.specs) + len(jaxact.operations)
    assert f"{count} of {count} activations" in out
    assert all(name in out for name in (*jaxact.specs, *jaxact.operations))


def test_list_tells_what_peers_call_them(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "list", "--peers")
    assert code == 0
    assert "hardswish" in out


def test_show_knows_activations_of_several_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "sparsemax")
    assert code == 0
    assert "every row is nonnegative" in " ".join(out.split())
    assert "1 in the Euclidean norm" in out


@pytest.mark.parametrize("words", [("check", "softmax"), ("show", "softmax", "--plot", "x.png")])
def test_what_makes_no_sense_of_rows_is_refused(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, error = run(capsys, *words)
    assert code == 2
    assert "softmax is a function of the entries along an axis" in error


def test_list_filters_by_property(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    some = {name: jaxact.specs[name] for name in ("relu", "tanh", "sigmoid", "gelu")}
    monkeypatch.setattr("jaxact._command.listing.specs", some)
    code, out, _ = run(capsys, "list", "--monotonic", "--bounded")
    assert code == 0
    monotonic = f"2 of {4 + len(jaxact.operations)} activations with monotonic, bounded"
    assert monotonic in out
    assert "tanh" in out
    assert "gelu" not in out


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "lrelu")
    assert code == 0
    for part in (
        "leaky_relu",
        r"\begin{cases}",
        "Maas et al. 2013",
        "0.01",
        "refuted at 0",
        "f drawn through",
    ):
        assert part in out
    assert any(0x2800 < ord(letter) < 0x2900 for letter in out)


def test_show_draws_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "gelu.png"
    code, out, _ = run(capsys, "show", "gelu", "--plot", path)
    assert code == 0
    assert path.read_bytes().startswith(b"\x89PNG")
    assert "f drawn through" not in out


def test_show_names_matplotlib_where_it_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, _, err = run(capsys, "show", "gelu", "--plot", tmp_path / "gelu.png")
    assert code == 2
    assert "pip install matplotlib" in err


def test_the_extra_is_named_where_it_is_missing() -> None:
    script = (
        "import importlib.util, sys\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'tyro' else find(name, *rest)\n"
        "from jaxact.__main__ import main\n"
        "sys.exit(main(['list']))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == 'jaxact: the command needs tyro; pip install "jaxact[check]".\n'


def test_it_runs_as_a_module(file: pathlib.Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jaxact", "check", "mine:wave", "--require", "bounded"],
        capture_output=True,
        text=True,
        check=False,
        cwd=file.parent,
    )
    assert done.returncode == 1
    assert "wave: bounded fails" in done.stderr
    assert "Traceback" not in done.stderr


def test_certify_finds_what_is_on_record(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "certify", "tanh", "relu", "--verify")
    assert (code, err.strip()) == (0, "")
    assert "2 of 2 verified" in out


def test_certify_fails_on_another_record(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = _facts.catalogue()
    monkeypatch.setattr(_facts, "catalogue", lambda: {"tanh": recorded["sigmoid"]})
    code, out, err = run(capsys, "certify", "tanh", "relu", "--verify")
    assert code == 1
    assert "0 of 2 verified" in out
    assert "tanh: odd is refuted, found proved" in err
    assert "relu: not certified yet" in err


def test_certify_writes_what_it_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setattr(_facts, "PATH", tmp_path / "facts.json")
    monkeypatch.setattr(_facts, "catalogue", functools.cache(_facts.catalogue.__wrapped__))
    code, out, _ = run(capsys, "certify", "relu", "elu")
    assert (code, [*_facts.catalogue()]) == (0, ["elu", "relu"])
    assert "written to facts.json" in out
    assert _facts.catalogue()["relu"].claims["convex"].holds
    assert run(capsys, "certify", "no_such")[0] == 2


def test_certify_works_in_several_processes() -> None:
    with certifying._workers() as workers:  # noqa: SLF001
        found = [name for name, _, _ in workers.imap(certifying._proved, [("relu", 1.0), ("elu", 1.0)])]  # noqa: SLF001
    assert found == ["relu", "elu"]


def test_without_flint_nothing_is_certified(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certifying.importlib.util, "find_spec", lambda _: None)
    code = cli.run(["certify", "relu"])
    assert code == 2
    assert "certify needs python-flint; pip install" in capsys.readouterr().err
