"""Fashion-MNIST, and MNIST, whose files have the same names and format."""

import gzip
import math
from pathlib import Path

import numpy as np
from jaxtyping import Float32, UInt8

from research.selu_vs_batchnorm.data import checks, files
from research.selu_vs_batchnorm.data.task import Rows, Task

VALIDATION_ROWS = 5000
"""So many of the last rows to train are kept for validation."""

_IMAGES, _LABELS = b"\0\0\x08\x03", b"\0\0\x08\x01"
"""What an idx file begins with: 8 stands for unsigned bytes, then comes the number of dimensions."""


def fashion(directory: Path, rows: int | None = None) -> Task:
    """Fashion-MNIST in its own split; the last 5,000 of its 60,000 rows to train are for validation.

    All pixels are standardised by one mean and one deviation, those of all pixels of the rows trained on.
    Each means brightness; a deviation of its own would blow up a pixel at the edge, which is hardly ever lit.

    Args:
        directory: Where the four idx files lie, such as `train-images-idx3-ubyte.gz`. MNIST's will do too.
        rows: How many rows to train on, the first ones; all 55,000 if not given.

    Returns:
        The task, of 784 features and 10 classes, called as the directory.

    Raises:
        ValueError: If a file is missing, damaged, or does not fit the others, or there are not so many rows.
        OSError: If a file cannot be read.

    References:
        Xiao et al. 2017, Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms.
    """
    x, y = _pair(directory, "train")
    test_x, test_y = _pair(directory, "t10k")
    source = str(directory)
    if x.shape[1] != test_x.shape[1]:
        raise ValueError(
            f"{source}: images must be of one size; got {x.shape[1]} and {test_x.shape[1]} pixels."
        )
    classes = checks.require_labels(source, np.concatenate([y, test_y]), len(y) + len(test_y))
    most = len(y) - VALIDATION_ROWS
    if most < 1:
        raise ValueError(f"{source}: more than {VALIDATION_ROWS} images to train are needed; got {len(y)}.")
    rows = most if rows is None else rows
    if not 1 <= rows <= most:
        raise ValueError(f"{source}: rows must be 1 to {most}; got {rows}.")
    checks.require_two_classes(source, y[:rows])
    scale = _scale(source, x[:rows])

    def part(pixels: np.ndarray, labels: np.ndarray) -> Rows:
        return Rows(scale[pixels], labels.astype(np.int32))

    return Task(
        directory.resolve().name,
        classes,
        part(x[:rows], y[:rows]),
        part(x[most:], y[most:]),
        part(test_x, test_y),
    )


def _scale(source: str, pixels: UInt8[np.ndarray, "rows pixels"]) -> Float32[np.ndarray, "256"]:
    """What each of the 256 values of a pixel becomes."""
    mean = pixels.mean(dtype=np.float64)
    variance = np.square(pixels, dtype=np.uint16).mean(dtype=np.float64) - mean**2
    if variance <= 0:
        raise ValueError(f"{source}: pixels must differ; got only {pixels[0, 0]} in the rows to train.")
    return ((np.arange(256) - mean) / np.sqrt(variance)).astype(np.float32)


def _pair(directory: Path, part: str) -> tuple[UInt8[np.ndarray, "rows pixels"], UInt8[np.ndarray, " rows"]]:
    """The images of a part, flattened, and their labels."""
    paths = [files.file_in(directory, f"{part}-{what}-ubyte.gz") for what in ("images-idx3", "labels-idx1")]
    images, labels = _idx(paths[0], _IMAGES), _idx(paths[1], _LABELS)
    if images.size == 0:
        raise ValueError(f"{paths[0]}: images must have rows and pixels; got shape {images.shape}.")
    if len(images) != len(labels):
        raise ValueError(f"{paths[1]}: labels must be {len(images)}, one for each image; got {len(labels)}.")
    return images.reshape(len(images), -1), labels


def _idx(path: Path, magic: bytes) -> UInt8[np.ndarray, "..."]:
    """An idx file, of which no more is unpacked than its header announces, and one byte."""
    with files.opened(path, "a gzipped idx file") as packed, gzip.open(packed) as stream:
        start = stream.read(len(magic))
        if start != magic:
            raise ValueError(f"it must begin with bytes {magic.hex(' ')}; got {start.hex(' ') or 'none'}")
        shape = np.frombuffer(stream.read(4 * magic[-1]), ">u4").tolist()
        size = math.prod(shape)
        if size > files.LARGEST:
            raise ValueError(f"it announces {size} bytes, and at most {files.LARGEST} are allowed")
        content = stream.read(size + 1)
        if len(content) != size:
            got = "more" if len(content) > size else len(content)
            raise ValueError(f"it announces {size} bytes after its header; got {got}")
        return np.frombuffer(content, np.uint8).reshape(shape)
