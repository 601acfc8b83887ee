"""Everything that can be chosen about scaling, with the reason for what is chosen."""

import dataclasses
from pathlib import Path

from research.options import require_known
from research.selu_vs_batchnorm.methods import METHODS

QUESTION = "What does normalization cost in time and memory, and what does it make devices communicate?"

BASE = "snn"
"""The method that the others are compared with."""


@dataclasses.dataclass(frozen=True)
class Scaling:
    """What normalization costs: seconds, memory and communication of a training step, on random rows."""

    methods: tuple[str, ...] = ("snn", "batchnorm", "layernorm")
    """Which methods to measure; snn must be among them, for the others are compared with it."""
    widths: tuple[int, ...] = (256, 1024)
    """Units of every hidden layer, and features. Normalization is linear in the width, products of matrices
    are quadratic, so the narrower a network, the more normalization counts."""
    depths: tuple[int, ...] = (8, 32)
    """Hidden layers."""
    batches: tuple[int, ...] = (128, 1024)
    """Rows per step on one device."""
    devices: tuple[int, ...] = (1, 2, 4, 8)
    """Devices of weak scaling: so many, each with rows of its own, train the narrowest and deepest of the
    networks. Where the machine has fewer, its CPU plays them: they communicate what real ones would, except
    that each compiler joins exchanges in its own way; their seconds say nothing."""
    rows_per_device: int = 128
    """Rows per step of each device in weak scaling; few, so that communication counts."""
    repeats: int = 7
    """Turns of each method in every measurement; the median is shown."""
    out: Path = Path("runs/selu_vs_batchnorm/scaling")
    """Where scaling.json and scaling.png go."""
    coordinator: str | None = None
    """Address of process 0, host:port, where several processes meet. They measure weak scaling on all their
    devices together; give each the same options, but its own --process-id. Process 0 writes."""
    processes: int = 1
    """How many processes there are."""
    process_id: int = 0
    """Which of them this is, from 0."""

    def __post_init__(self) -> None:
        """Refuses what cannot be run.

        Raises:
            ValueError: If an option is outside its domain.
        """
        for name in ("methods", "widths", "depths", "batches", "devices"):
            given = getattr(self, name)
            if not given or len(set(given)) < len(given):
                raise ValueError(f"{name} must name at least one and none twice; got {given}.")
        for name in ("widths", "depths", "batches", "devices", "rows_per_device", "repeats", "processes"):
            value = getattr(self, name)
            if min(value if isinstance(value, tuple) else (value,)) < 1:
                raise ValueError(f"{name} must be at least 1; got {value}.")
        for name in self.methods:
            require_known("method", name, METHODS)
        if BASE not in self.methods:
            raise ValueError(f"methods must have {BASE}, to compare the others with; got {self.methods}.")
        if "network_in_network" in self.methods:
            raise ValueError("methods cannot have network_in_network, which needs images.")
        self._require_processes()

    def _require_processes(self) -> None:
        if not 0 <= self.process_id < self.processes:
            raise ValueError(f"process_id must lie in [0, {self.processes}); got {self.process_id}.")
        if self.coordinator is None and self.processes > 1:
            raise ValueError(f"coordinator must say where {self.processes} processes meet; got none.")
        if self.coordinator is not None and not _is_address(self.coordinator):
            raise ValueError(f"coordinator must be host:port; got {self.coordinator}.")


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdecimal()
