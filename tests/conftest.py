"""The rules under which every test runs."""

import os

import hypothesis
import jax
import pytest

import jaxact

jax.config.update("jax_numpy_dtype_promotion", "strict")

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for an `entry` is a law: it runs for every activation of the catalogue."""
    if "entry" in metafunc.fixturenames:
        metafunc.parametrize("entry", jaxact.specs.values(), ids=lambda entry: entry.name)
