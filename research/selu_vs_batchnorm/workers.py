"""Where units are trained: here, in processes of this machine, or on a Ray cluster."""

import concurrent.futures as cf
import importlib
import importlib.util
import multiprocessing
import os
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

import jax

from research.selu_vs_batchnorm.experiment import Experiment, loaded
from research.selu_vs_batchnorm.training import Checkpoint, Unit, ensemble

Found = dict[str, Any]
ATTEMPTS = 3
"""Workers that a unit may take along before it counts as its fault."""


class Worker(Protocol):
    """Something that trains one unit after another elsewhere."""

    def submit(self, experiment: Experiment, unit: Unit) -> "cf.Future[Found]":
        """Starts a unit; the future raises `Died` if the worker is lost."""
        ...

    def close(self) -> None:
        """Ends it at once."""
        ...


class Died(Exception):  # noqa: N818  # it happened to the worker
    """A worker was lost with what it was training."""


def trained(
    experiment: Experiment, todo: list[Unit], begun: Callable[[Unit], None] = lambda _unit: None
) -> Iterator[tuple[Unit, Found]]:
    """Trains units with the engine of the experiment; yields each when it is done.

    Args:
        experiment: Its engine and workers.
        todo: What to train; with several workers each keeps to one kind of network as long as it can.
        begun: Called with each unit when it starts.

    Raises:
        RuntimeError: If a unit takes several workers along.
        ModuleNotFoundError: If Ray is asked for and not installed.
    """
    if experiment.engine == "here":
        for unit in todo:
            begun(unit)
            yield unit, train(experiment, unit)
        return
    make = _Process if experiment.engine == "processes" else _ray()
    yield from _shared(experiment, todo, make, begun)


def train(experiment: Experiment, unit: Unit) -> Found:
    """Trains a unit in this process; what is compiled is kept on the disk for the next one.

    Products are in float32 on every device: left to itself, a GPU or TPU would round their factors first.
    """
    jax.config.update("jax_compilation_cache_dir", str(experiment.out.resolve() / "compiled"))
    checkpoint = Checkpoint(experiment.out / "checkpoints", unit.key, experiment.checkpoint_seconds)
    with jax.default_matmul_precision("float32"):
        found = ensemble.run(unit, loaded(experiment, unit.dataset, unit.split), checkpoint)
    checkpoint.remove()
    return found


def _shared(
    experiment: Experiment, todo: list[Unit], make: Callable[[], Worker], begun: Callable[[Unit], None]
) -> Iterator[tuple[Unit, Found]]:
    """Gives units to workers, and those of a lost worker to a new one."""
    queues = _by_program(todo)
    workers: dict[cf.Future[Found], tuple[Worker, Unit, deque[Unit]]] = {}
    attempts: dict[Unit, int] = {}

    def start(worker: Worker, queue: deque[Unit] | None) -> None:
        queue = queue or max(queues, key=len)
        if not queue:
            worker.close()
            return
        unit = queue.popleft()
        begun(unit)
        workers[worker.submit(experiment, unit)] = worker, unit, queue

    try:
        for place in range(min(experiment.workers, len(todo))):
            start(make(), queues[place % len(queues)])
        while workers:
            done, _ = cf.wait(workers, return_when=cf.FIRST_COMPLETED)
            for future in done:
                worker, unit, queue = workers[future]
                try:
                    found = future.result()
                except Died as error:
                    attempts[unit] = attempts.get(unit, 0) + 1
                    if attempts[unit] == ATTEMPTS:
                        raise RuntimeError(f"{unit} took {ATTEMPTS} workers along.") from error
                    del workers[future]
                    worker.close()
                    queue.appendleft(unit)
                    start(make(), queue)
                else:
                    del workers[future]
                    start(worker, queue)
                    yield unit, found
    finally:
        for worker, *_ in workers.values():
            worker.close()


def _by_program(todo: list[Unit]) -> list[deque[Unit]]:
    """Units in queues of those that are likely to share a program."""
    queues: dict[tuple[Any, ...], deque[Unit]] = {}
    for unit in todo:
        queues.setdefault((unit.method, unit.depth, unit.width, unit.form), deque()).append(unit)
    return list(queues.values())


class _Process:
    """A process of this machine with one thread of computation."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pool = cf.ProcessPoolExecutor(1, context, initializer=_begin)

    def submit(self, experiment: Experiment, unit: Unit) -> "cf.Future[Found]":
        return _translated(self._pool.submit(train, experiment, unit), BrokenProcessPool)

    def close(self) -> None:
        for process in (self._pool._processes or {}).values():  # noqa: SLF001  # there is no public way
            process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)


def _ray() -> Callable[[], Worker]:
    """What makes actors on the Ray cluster that runs, or on one of this machine."""
    if importlib.util.find_spec("ray") is None:
        raise ModuleNotFoundError(
            'The engine ray needs Ray: pip install "ray", which has wheels for some Pythons.'
        )
    ray: Any = importlib.import_module("ray")
    died = importlib.import_module("ray.exceptions").RayActorError
    if not ray.is_initialized():
        with warnings.catch_warnings():
            # JAX fears copies of this process, but these become other programs at once.
            warnings.filterwarnings("ignore", "os.fork", RuntimeWarning)
            ray.init(log_to_driver=False, configure_logging=False)

    @ray.remote(num_cpus=1, max_restarts=0)
    class Actor:
        def __init__(self) -> None:
            _use_one_thread()

        def train(self, experiment: Experiment, unit: Unit) -> Found:
            return train(experiment, unit)

    class RayWorker:
        def __init__(self) -> None:
            self.actor = Actor.remote()

        def submit(self, experiment: Experiment, unit: Unit) -> "cf.Future[Found]":
            return _translated(self.actor.train.remote(experiment, unit).future(), died)

        def close(self) -> None:
            ray.kill(self.actor)

    return RayWorker


def _begin() -> None:
    """Prepares a process: one thread of computation, and an end when the parent ends, even by a kill."""
    _use_one_thread()
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


def _use_one_thread() -> None:
    """Keeps XLA from taking the cores of other workers; to be called before the first computation."""
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false"


def _translated(future: "cf.Future[Found]", lost: type[BaseException]) -> "cf.Future[Found]":
    """The same future, which raises `Died` where the worker was lost."""
    out: cf.Future[Found] = cf.Future()

    def copy(done: "cf.Future[Found]") -> None:
        error = done.exception()
        if error is None:
            out.set_result(done.result())
        else:
            out.set_exception(Died(str(error)) if isinstance(error, lost) else error)

    future.add_done_callback(copy)
    return out
