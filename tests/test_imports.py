"""What an import loads, and in which direction the rooms stack."""

import pathlib
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).parents[1]
HEAVY = {"chex", "flax", "flint", "matplotlib", "optax", "rich", "scipy", "sklearn", "tyro"}
"""What the extras bring; jax itself imports scipy only where one calls for it."""


LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def _run(*command: str, cwd: pathlib.Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Python in a fresh process, which finds the packages of its directory."""
    return subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=False, cwd=cwd, timeout=300
    )


def _loaded(statement: str) -> set[str]:
    """The top-level packages in memory after a statement in a fresh interpreter."""
    report = "print(*{name.partition('.')[0] for name in sys.modules})"
    done = _run("-W", "error", "-c", f"import sys\n{statement}\n{report}")
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_jaxact_loads_jax_and_no_extra() -> None:
    loaded = _loaded("import jaxact, jaxact.nn")
    assert {"jax", "jaxact"} <= loaded
    assert not loaded & HEAVY


def test_using_jaxact_loads_no_extra() -> None:
    use = "import jax, jaxact, jaxact.nn\njax.grad(jaxact.gelu)(1.0)\njaxact.spec('gelu').formula.latex()"
    assert not _loaded(use) & HEAVY


def test_an_extra_that_is_loaded_would_be_seen() -> None:
    assert _loaded(f"import jaxact, jaxact.nn, {', '.join(sorted(HEAVY))}") >= HEAVY


def test_no_room_imports_upward() -> None:
    done = _run("-c", LINT, "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_an_upward_import_would_be_seen(tmp_path: pathlib.Path) -> None:
    package = tmp_path / "house"
    package.mkdir()
    for room, text in {"__init__": "", "upper": "", "lower": "import house.upper\n"}.items():
        (package / f"{room}.py").write_text(text, encoding="utf-8")
    contract = "[importlinter]\nroot_package = house\n"
    contract += (
        "[importlinter:contract:1]\nname = down\ntype = layers\nlayers =\n  house.upper\n  house.lower\n"
    )
    (tmp_path / ".importlinter").write_text(contract, encoding="utf-8")
    done = _run("-c", LINT, "--no-cache", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 broken" in done.stdout


def test_annotations_of_every_room_but_the_proofs_are_checked() -> None:
    """The list in pyproject.toml leaves out no module and no package."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]["addopts"]
    (listed,) = (option for option in options if option.startswith("--jaxtyping-packages="))
    rooms = {
        path.stem
        for path in (ROOT / "jaxact").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    checked = {name.removeprefix("jaxact.") for name in listed.partition("=")[2].split(",")[:-1]}
    assert checked == rooms - {"__init__", "__main__", "proof"}
