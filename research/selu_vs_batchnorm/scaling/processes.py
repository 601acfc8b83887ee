"""Several processes, on one host or on many, that train as one."""

import jax
from jax.extend import backend


def initialize(coordinator: str, processes: int, process_id: int) -> None:
    """Joins this process to the others; returns when all are there.

    From then on `jax.devices()` are those of all processes. Processes with CPUs alone talk through Gloo.

    Args:
        coordinator: Address of process 0, `host:port`, where the processes meet.
        processes: How many there are.
        process_id: Which this is, from 0.

    Raises:
        RuntimeError: If the others do not come, or this process has joined already.
    """
    backend.clear_backends()  # what was imported may have computed, on the devices of this process alone
    jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.distributed.initialize(coordinator, processes, process_id)
