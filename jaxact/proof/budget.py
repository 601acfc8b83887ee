"""How long a search may take: a limit that its caller sets, and that every loop looks at."""

import contextlib
import contextvars
import math
import time
from collections.abc import Iterator

_end: contextvars.ContextVar[float] = contextvars.ContextVar("end", default=math.inf)

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
