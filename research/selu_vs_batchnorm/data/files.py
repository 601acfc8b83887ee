"""Files that nobody vouches for: nothing in them is run, and none of them fills the memory."""

import contextlib
import io
import math
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from research.options import require_known

LARGEST = 2 * 1024**3
"""How many bytes a file may become when it is unpacked."""

_HEADER_FORMATS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}

_BAD_HEADER = (ValueError, TypeError, IndexError, SyntaxError, RecursionError, tokenize.TokenError)
"""What NumPy raises on headers that no `numpy.save` wrote."""

_BAD_CONTENT = (OSError, EOFError, ValueError, OverflowError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What `zipfile`, `gzip` and NumPy raise on damaged files."""


def file_in(directory: Path, name: str) -> Path:
    """The path of a file that is there.

    Raises:
        ValueError: If it or the directory is not, with the nearest names.
        OSError: If the directory cannot be read.
    """
    require_directory(directory)
    names = (path.name for path in directory.iterdir() if path.is_file())
    require_known(f"file in {directory}", name, names)
    return directory / name


def require_directory(path: Path) -> None:
    """Refuses what is no directory.

    Raises:
        ValueError: With the names nearest to the first one that is wrong.
        OSError: If a directory above it cannot be read.
    """
    path = path.absolute()
    if not path.is_dir():
        require_directory(path.parent)
        names = (other.name for other in path.parent.iterdir() if other.is_dir())
        require_known(f"directory in {path.parent}", path.name, names)


def npz_arrays(path: Path, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, np.ndarray]:
    """Some arrays of an .npz file.

    Args:
        path: The file.
        keys: What it must hold.
        optional: What is read too where it is there.

    Raises:
        ValueError: If the file lacks a key, is damaged, too large, or holds pickled objects.
        OSError: If the file cannot be read.
    """
    with _archive(path, keys) as archive:
        there = archive.namelist()
        return {key: _array(archive, key) for key in (*keys, *optional) if f"{key}.npy" in there}


def npz_header(path: Path, key: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and dtype of an array in an .npz file; the array itself stays packed.

    Raises:
        ValueError: As `npz_arrays`.
        OSError: If the file cannot be read.
    """
    with _archive(path, (key,)) as archive:
        return _header(archive, key)


@contextlib.contextmanager
def opened(path: Path, kind: str) -> Iterator[BinaryIO]:
    """Opens a file, and makes one sentence of whatever is raised because of what it holds.

    Raises:
        ValueError: Which names the file and the kind that it was read as.
        OSError: If the file cannot be opened.
    """
    with path.open("rb") as stream:
        try:
            yield stream
        except _BAD_CONTENT as error:
            reason = str(error).partition("\n")[0].rstrip(".") or "it ends too early"
            raise ValueError(f"{path} cannot be read as {kind}: {reason}.") from None


@contextlib.contextmanager
def _archive(path: Path, keys: tuple[str, ...]) -> Iterator[zipfile.ZipFile]:
    """An opened .npz file that has the keys and does not announce too much."""
    with opened(path, "an .npz file of plain arrays") as stream, zipfile.ZipFile(stream) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > LARGEST:
            raise ValueError(f"it unpacks to {size} bytes, and at most {LARGEST} are allowed")
        there = archive.namelist()
        missing = [f"{key}.npy" for key in keys if f"{key}.npy" not in there]
        if missing:
            raise ValueError(f"it lacks {', '.join(missing)} and has {', '.join(there) or 'nothing'}")
        yield archive


def _header(archive: zipfile.ZipFile, key: str) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and dtype of a member, which must be as long as they say."""
    member = archive.getinfo(f"{key}.npy")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{key} is packed by method {member.compress_type}, which NumPy does not use")
    with archive.open(member) as stream:
        start = io.BytesIO(stream.read(2**16))
    version = np.lib.format.read_magic(start)
    if version not in _HEADER_FORMATS:
        raise ValueError(f"{key} has format {version}, and only (1, 0) and (2, 0) are read")
    try:
        shape, _, dtype = _HEADER_FORMATS[version](start)
    except _BAD_HEADER:
        raise ValueError(f"the header of {key} is damaged") from None
    if dtype.hasobject:
        raise ValueError(f"{key} holds pickled objects, which could run code")
    announced = start.tell() + math.prod(shape) * dtype.itemsize
    if announced != member.file_size:
        raise ValueError(f"{key} has {member.file_size} bytes where its header announces {announced}")
    return shape, dtype


def _array(archive: zipfile.ZipFile, key: str) -> np.ndarray:
    """A member, of which `zipfile` unpacks no more than the bytes announced."""
    _header(archive, key)
    with archive.open(f"{key}.npy") as stream:
        return np.lib.format.read_array(stream, allow_pickle=False)
