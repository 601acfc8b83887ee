"""Every example in a docstring runs, and gives what it says."""

import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import jax
import jax.numpy as jnp
import pytest

import jaxact
from jaxact._vectors import stem

NAMES = {"jax": jax, "jnp": jnp, "jaxact": jaxact}
"""What an example may use without importing it."""


def _modules() -> Iterator[ModuleType]:
    yield jaxact
    for module in pkgutil.walk_packages(jaxact.__path__, "jaxact."):
        if not module.name.endswith("__main__"):
            yield importlib.import_module(module.name)


def _documented(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """The module and what is defined in it, the methods of classes included."""
    yield module.__name__, module
    for name, value in vars(module).items():
        if getattr(value, "__module__", None) == module.__name__ and callable(value):
            yield f"{module.__name__}.{name}", value
            if inspect.isclass(value):
                yield from ((f"{module.__name__}.{name}.{key}", entry) for key, entry in vars(value).items())


EXAMPLES = [
    test
    for module in _modules()
    for name, value in _documented(module)
    if (text := inspect.getdoc(value)) and isinstance(text, str)
    if (test := doctest.DocTestParser().get_doctest(text, dict(NAMES), name, name, 0)).examples
]


def _name(example: doctest.DocTest) -> str:
    """Of an activation its own, by which its turn is found, of all else where it stands."""
    own = example.name.rpartition(".")[2]
    return own if example.name.startswith("jaxact.functions.") else example.name


@pytest.mark.heavy
@pytest.mark.parametrize("example", EXAMPLES, ids=_name)
def test_example_gives_what_it_says(example: doctest.DocTest) -> None:
    said: list[str] = []
    doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS).run(example, out=said.append)
    assert not said, "".join(said)


def test_a_wrong_example_is_caught() -> None:
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", "wrong", 0)
    with pytest.raises(AssertionError, match="Expected"):
        test_example_gives_what_it_says(wrong)


def test_every_activation_has_the_sections_of_a_docstring(entry: jaxact.Spec) -> None:
    text = inspect.getdoc(entry.function) or ""
    for section in ("Args:", "Returns:", "Raises:", "Examples:", "References:"):
        assert f"\n{section}\n" in text, section
    for parameter in entry.parameters:
        assert f"    {stem(parameter.name)}: " in text
        assert f"`{parameter.domain}`" in text
