"""The rules under which every test runs."""

import datetime as dt
import os
import sys
from typing import Any

import hypothesis
import jax
import pytest
from xdist.scheduler import LoadScopeScheduling

import jaxact

jax.config.update("jax_numpy_dtype_promotion", "strict")

_DAY = os.environ.setdefault("JAXACT_DAY", str(dt.datetime.now(dt.UTC).toordinal()))  # one for all workers
THIRD = (int(_DAY) + sys.version_info.minor) % 3
"""Of the activations that meet the heavy laws today: another every day, and another on every Python."""

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all`: the heavy laws run for every activation, not for a third of them."""
    parser.addoption(
        "--all", action="store_true", help="heavy laws for all activations, not for today's third"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for an `entry` is a law: it runs for every elementwise activation of the catalogue.

    The laws of one activation run one after the other, so that they share what was compiled. One that asks
    for an `operation` is a law of those of several numbers.
    """
    if "entry" in metafunc.fixturenames:
        entries = [*jaxact.specs.values()]
        heavy = metafunc.definition.get_closest_marker("heavy") is not None
        if heavy and not metafunc.config.getoption("--all"):
            entries = entries[THIRD::3]
        metafunc.parametrize("entry", entries, ids=lambda entry: entry.name, scope="session")
    if "operation" in metafunc.fixturenames:
        entries = [each for each in jaxact.operations.values() if each.kind != "step"]
        metafunc.parametrize("operation", entries, ids=lambda entry: entry.name, scope="session")


class ByActivation(LoadScopeScheduling):
    """Sends the laws of one activation to one worker; the other tests go wherever there is time."""

    def _split_scope(self, nodeid: str) -> str:
        name = nodeid.rpartition("[")[2].rstrip("]").split("-")[0]
        return name if name in jaxact.specs or name in jaxact.operations else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByActivation:
    """Called where `-n` asks for workers."""
    return ByActivation(config, log)
