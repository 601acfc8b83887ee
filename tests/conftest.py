"""The rules under which every test runs."""

import datetime as dt
import gc
import os
import sys
from collections import Counter
from typing import Any

import compiling
import hypothesis
import jax
import pytest
from xdist.scheduler import LoadScopeScheduling

import jaxact

jax.config.update("jax_numpy_dtype_promotion", "strict")

_DAY = os.environ.setdefault("JAXACT_DAY", str(dt.datetime.now(dt.UTC).toordinal()))  # one for all workers
THIRD = (int(_DAY) + sys.version_info.minor) % 3
"""Of what the heavy tests are put to, activations above all: another every day, another on every Python."""

hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all`: the heavy tests run with all their parameters, and nothing is compiled in a hurry."""
    what = "heavy tests with all their parameters, not today's third, compiled as for everybody"
    parser.addoption("--all", action="store_true", help=what)


def pytest_configure(config: pytest.Config) -> None:
    """Most of the time of the tests is XLA's; `--all` leaves it the time it takes.

    JAX makes so many objects that Python would look for garbage among them a tenth of the time.
    """
    gc.set_threshold(1_000_000)
    if not config.getoption("--all"):
        compiling.hurry()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for an `entry` is a law: it runs for every elementwise activation of the catalogue.

    One that asks for an `operation` is a law of those of several numbers.
    """
    stepless = [each for each in jaxact.operations.values() if each.kind != "step"]
    for name, entries in (("entry", jaxact.specs.values()), ("operation", stepless)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, entries, ids=lambda entry: entry.name, scope="session")


def _activation(nodeid: str) -> str:
    """The activation that a test is about, which is one of its parameters; empty if there is none."""
    parts = nodeid.partition("[")[2].rstrip("]").split("-")
    return next((part for part in parts if part in jaxact.specs or part in jaxact.operations), "")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of heavy tests leaves the parameters whose turn is today, unless all are asked for.

    Tests of activations go last: their parcels are small, so that the workers end together.
    """
    items.sort(key=lambda item: bool(_activation(item.nodeid)))
    if config.getoption("--all"):
        return

    turns = {name: i for known in (jaxact.specs, jaxact.operations) for i, name in enumerate(known)}
    seen: Counter[str] = Counter()
    chosen, left_out = [], []
    for item in items:
        function, _, given = item.nodeid.partition("[")
        if item.get_closest_marker("heavy") and given:
            turn = turns.get(_activation(item.nodeid), seen[function])
            seen[function] += 1
            (chosen if turn % 3 == THIRD else left_out).append(item)
        else:
            chosen.append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


class ByActivation(LoadScopeScheduling):
    """Sends the laws of an activation to one worker, which compiles them once; else those of a file."""

    def _split_scope(self, nodeid: str) -> str:
        return _activation(nodeid) or nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByActivation:
    """Called where `-n` asks for workers."""
    config.option.loadscopereorder = False  # by the number of tests: slow files of few tests would be last
    return ByActivation(config, log)
