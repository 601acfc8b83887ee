"""Long trainings, kept on the disk while they run, so that a kill loses at most a minute of them."""

import hashlib
import shutil
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import orbax.checkpoint as ocp


class Checkpoint:
    """The state of one training, as Orbax keeps it; nothing is written before `seconds` have passed.

    Args:
        directory: Of all checkpoints.
        name: All that the training depends on.
        seconds: Between two checkpoints, at least 0.
    """

    def __init__(self, directory: Path, name: str, seconds: float) -> None:
        """Finds the place of this training."""
        self._place = directory.resolve() / hashlib.sha256(name.encode()).hexdigest()[:16]
        self._seconds = seconds
        self._last = time.perf_counter()

    def restored(self, state: Any) -> tuple[Any, list[np.ndarray], list[float]]:
        """The state that was kept, what every epoch up to it showed and took, or what was given and nothing.

        Args:
            state: A state of the same shapes.
        """
        whole = [path for path in self._place.glob("*") if path.name.isdecimal()]  # others were cut off
        if not whole:
            return state, [], []
        with ocp.StandardCheckpointer() as checkpointer:
            kept = checkpointer.restore(max(whole, key=lambda path: int(path.name)))
        leaves = [jnp.asarray(kept["state"][str(i)]) for i in range(len(kept["state"]))]
        state = jax.tree.unflatten(jax.tree.structure(state), leaves)
        return state, list(np.asarray(kept["history"])), np.asarray(kept["seconds"]).tolist()

    def offer(self, state: Any, history: list[np.ndarray], seconds: list[float]) -> None:
        """Keeps the state after an epoch if it is time, and removes the one before."""
        if time.perf_counter() - self._last < self._seconds:
            return
        before = list(self._place.glob("*"))
        leaves = {str(i): leaf for i, leaf in enumerate(jax.tree.leaves(state))}
        with ocp.StandardCheckpointer() as checkpointer:
            checkpointer.save(
                self._place / str(len(history)),
                {"state": leaves, "history": np.stack(history), "seconds": np.array(seconds)},
            )
        for path in before:
            shutil.rmtree(path, ignore_errors=True)
        self._last = time.perf_counter()

    def remove(self) -> None:
        """Deletes what is kept; a kill meanwhile leaves nothing that looks whole."""
        if self._place.exists():
            gone = self._place.with_suffix(".gone")
            shutil.rmtree(gone, ignore_errors=True)
            shutil.rmtree(self._place.rename(gone), ignore_errors=True)
