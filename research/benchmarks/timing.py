"""Timing programs in turns, so that a busy moment of the machine meets all of them alike."""

import time
from collections.abc import Callable, Mapping

import numpy as np

Program = Callable[[int], None]
"""Does its work as often as it is told, and returns when all of it is done."""


def interleave(
    programs: Mapping[str, Program],
    *,
    rounds: int,
    repeats: int,
    warm: int = 1,
    clock: Callable[[], float] = time.perf_counter,
    settle: Callable[[], None] | None = None,
) -> dict[str, list[float]]:
    """Times programs in turns, in another order in every round.

    Every program runs once before the first round, and `warm` times before each of its turns, which brings
    its operands back into the cache.

    Args:
        programs: What to time, by name.
        rounds: Turns of each program.
        repeats: Runs in one turn, timed together; small programs need many for the clock to see them.
        warm: Runs before each turn; 0 for programs so long that it does not matter who ran before.
        clock: Seconds since whenever.
        settle: Waits until the program before has left the processor; `quiet` if not given.

    Returns:
        Seconds of one run, for each program and round.
    """
    settle = quiet if settle is None else settle
    random = np.random.default_rng(0)
    names = list(programs)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for program in programs.values():
        program(1)
    for _ in range(rounds):
        for index in random.permutation(len(names)):
            name = names[index]
            settle()
            programs[name](warm)
            begin = clock()
            programs[name](repeats)
            seconds[name].append((clock() - begin) / repeats)
    return seconds


def quiet(patience: float = 0.03) -> None:
    """Waits until no thread of this process is at work.

    Torch's threads wait for their next task in a loop, for some 5 ms; whoever comes next would miss a core.
    """
    end = time.perf_counter() + patience
    while time.perf_counter() < end:
        before = time.process_time()
        time.sleep(0.0005)
        if time.process_time() - before < 0.0002:
            return


def spread(seconds: list[float]) -> dict[str, float]:
    """What a row keeps of the rounds: the median, and the quartiles as far as they can be told."""
    lower, median, upper = np.quantile(seconds, (0.25, 0.5, 0.75)).tolist()
    return {"seconds": median, "lower_quartile": lower, "upper_quartile": upper}
