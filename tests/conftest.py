"""The rules under which every test runs."""

import os
from typing import Any

import hypothesis
import jax
import pytest
from xdist.scheduler import LoadScopeScheduling

import jaxact

jax.config.update("jax_numpy_dtype_promotion", "strict")

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for an `entry` is a law: it runs for every activation of the catalogue.

    The laws of one activation run one after the other, so that they share what was compiled.
    """
    if "entry" in metafunc.fixturenames:
        metafunc.parametrize("entry", jaxact.specs.values(), ids=lambda entry: entry.name, scope="session")


class ByActivation(LoadScopeScheduling):
    """Sends the laws of one activation to one worker; the other tests go wherever there is time."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.rpartition("[")[2].rstrip("]").split("-")[0]
        return name if name in jaxact.specs else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByActivation:
    """Called where `-n` asks for workers."""
    return ByActivation(config, log)
