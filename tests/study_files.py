"""Files as the study's data room reads them, made up."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np

from research.selu_vs_batchnorm.data import Task

ROWS = 60
RANDOM = np.random.default_rng(0)
IMAGES = "{}-images-idx3-ubyte.gz"
LABELS = "{}-labels-idx1-ubyte.gz"


def arrays() -> dict[str, np.ndarray]:
    """A sound task of three classes with two splits."""
    part = np.arange(ROWS) % 5
    return {
        "X": RANDOM.normal(3, 2, (ROWS, 4)).astype(np.float32),
        "y": (np.arange(ROWS) % 3).astype(np.int16),
        "folds": np.stack([part == 0, part == 1], axis=1).astype(np.uint8),
        "val_folds": np.stack([part == 2, part == 3], axis=1).astype(np.uint8),
    }


def write(directory: Path, arrays: dict[str, Any], name: str = "task") -> Path:
    path = directory / f"{name}.npz"
    np.savez(path, **arrays)
    return path


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def write_images(directory: Path, rows: int = 5020, side: int = 2) -> Path:
    """Images of side x side pixels whose labels are their row numbers modulo 10."""
    for part, count in (("train", rows), ("t10k", 30)):
        pixels = np.random.default_rng(count).integers(0, 256, (count, side, side), np.uint8)
        (directory / IMAGES.format(part)).write_bytes(gzip.compress(idx(pixels), 1))
        labels = (np.arange(count) % 10).astype(np.uint8)
        (directory / LABELS.format(part)).write_bytes(gzip.compress(idx(labels), 1))
    return directory


def write_pulsars(directory: Path, rows: int = 200) -> Path:
    """Every fifth row is a pulsar; the first feature grows with the row's number."""
    x = np.stack([np.arange(rows), RANDOM.normal(size=rows)], axis=1).astype(np.float32)
    return write(directory, {"X": x, "y": (np.arange(rows) % 5 == 0).astype(np.int8)}, "htru2")


def assert_sound(task: Task) -> None:
    for part in task[2:]:
        assert (part.x.dtype, part.y.dtype) == (np.float32, np.int32)
        assert len(part.x) == len(part.y) > 0
        assert np.isfinite(part.x).all()
        assert set(part.y.tolist()) <= set(range(task.classes))
    assert np.unique(task.train.y).size >= 2
