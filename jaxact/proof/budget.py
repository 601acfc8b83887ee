"""How long a search may take: limits that its caller sets; at that of time every loop looks."""

import contextlib
import contextvars
import math
import time
from collections.abc import Iterator

_end: contextvars.ContextVar[float] = contextvars.ContextVar("end", default=math.inf)

BOXES = 20_000
"""Intervals that a search may look at, unless its caller says otherwise."""

SPENT = "the time was not enough"
"""The reason why nothing was decided."""


@contextlib.contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Within it, searches end after some seconds; a limit around it counts too."""
    token = _end.set(min(time.perf_counter() + limit, _end.get()))
    try:
        yield
    finally:
        _end.reset(token)


def spent() -> bool:
    """Whether the time is over."""
    return time.perf_counter() > _end.get()
