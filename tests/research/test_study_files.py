"""What the study refuses before any training: files that are damaged, lie, or hold no task."""

import gzip
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from study_files import (
    IMAGES,
    LABELS,
    arrays as sound_arrays,
    assert_sound,
    idx,
    write as write_npz,
    write_images,
    write_pulsars,
)

from research.selu_vs_batchnorm.data import fashion, files, htru2, shipped, uci, uci_index


def _with(key: str, change: Callable[[np.ndarray], Any]) -> Callable[[], dict[str, Any]]:
    def arrays() -> dict[str, Any]:
        sound = sound_arrays()
        return {**sound, key: change(sound[key].copy())}

    return arrays


def _put(index: Any, value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        array[index] = value
        return array

    return change


def _without(key: str) -> Callable[[], dict[str, Any]]:
    return lambda: {name: array for name, array in sound_arrays().items() if name != key}


def _all_but_the_first_class(arrays: dict[str, np.ndarray]) -> np.ndarray:
    return (arrays["y"] != 0)[:, None] & (arrays["val_folds"] == 0)


WRONG = {
    "a NaN feature": (_with("X", _put((7, 2), np.nan)), "finite in float32; got nan at row 7, feature 2"),
    "an infinite feature": (_with("X", _put((0, 0), np.inf)), "got inf at row 0, feature 0"),
    "a feature too large for float32": (
        _with("X", lambda x: _put((1, 1), 1e300)(x.astype(np.float64))),
        r"got 1e\+300 at row 1, feature 1",
    ),
    "a feature too large beside the others": (
        _with("X", lambda x: _put((0, 0), 1e38)(x * np.float32(1e-9))),
        "standardised features must be finite in float32",
    ),
    "features of a wrong dtype": (_with("X", lambda x: x.astype(np.int32)), "features must be floats"),
    "complex features": (_with("X", lambda x: x.astype(np.complex64)), "features must be floats"),
    "features of text": (_with("X", lambda x: x.astype(str)), "features must be floats"),
    "features of a wrong shape": (_with("X", lambda x: x[:, 0]), r"features\); got float32 of shape \(60,\)"),
    "features without shape": (_with("X", lambda _: np.float32(1)), r"got float32 of shape \(\)"),
    "no features": (_with("X", lambda x: x[:, :0]), r"got float32 of shape \(60, 0\)"),
    "pickled objects": (_with("X", lambda x: x.astype(object)), "X holds pickled objects"),
    "a negative label": (_with("y", _put(3, -1)), "labels of 4 classes must be 0 to 3; got -1"),
    "a label out of range": (_with("y", _put(3, 9)), "labels of 4 classes must be 0 to 3; got 9"),
    "one class only": (_with("y", np.zeros_like), "at least two classes; got only 0"),
    "labels that are floats": (_with("y", lambda y: y / 2), "labels must be 60 integers; got float64"),
    "too few labels": (_with("y", lambda y: y[:-1]), r"must be 60 integers; got int16 of shape \(59,\)"),
    "missing labels": (_without("y"), "it lacks y.npy and has X.npy, folds.npy, val_folds.npy"),
    "a split for other rows": (_with("folds", lambda f: f[:-1]), r"folds must be 0 or 1 .*\(59, 2\)"),
    "a split of other numbers": (_with("val_folds", _put((0, 0), 7)), "val_folds must be 0 or 1"),
    "a row of two parts": (_with("val_folds", _put((5, 0), 1)), "for the test; row 5 is for both"),
    "no rows to train": (
        _with("folds", lambda _: 1 - sound_arrays()["val_folds"]),
        "the train part has no rows",
    ),
    "no rows to validate": (_with("val_folds", np.zeros_like), "the validation part has no rows"),
    "no rows to test": (_with("folds", np.zeros_like), "the test part has no rows"),
    "a training part of one class": (
        lambda: {
            **sound_arrays(),
            "folds": (sound_arrays()["y"] != 0)[:, None] & (sound_arrays()["val_folds"] == 0),
        },
        "the train part must have at least two classes; got only 0",
    ),
}


@pytest.mark.parametrize(("arrays", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_file_that_holds_no_task_is_refused(
    tmp_path: Path, arrays: Callable[[], dict[str, Any]], message: str
) -> None:
    write_npz(tmp_path, arrays())
    with pytest.raises(ValueError, match=rf"task\.npz.*{message}"):
        uci(tmp_path, "task")


def test_a_row_of_two_parts_in_another_split_does_not_matter(tmp_path: Path) -> None:
    write_npz(tmp_path, WRONG["a row of two parts"][0]())
    assert_sound(uci(tmp_path, "task", 1))


def test_a_pickle_is_not_run(tmp_path: Path) -> None:
    trap = tmp_path / "run"

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (trap,)

    path = write_npz(tmp_path, _with("X", lambda _: np.array([Trap()]))())
    for read in (lambda: uci(tmp_path, "task"), lambda: uci_index(tmp_path)):
        with pytest.raises(ValueError, match=r"task\.npz cannot be read .* X holds pickled objects"):
            read()
    assert not trap.exists()
    with np.load(path, allow_pickle=True) as file:
        file["X"]
    assert trap.exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    path = write_npz(tmp_path, sound_arrays())
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ValueError, match=r"task\.npz cannot be read as an \.npz file"):
        uci(tmp_path, "task")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_flipped_byte_is_harmless_or_refused(tmp_path: Path, save: Callable[..., None]) -> None:
    path = tmp_path / "task.npz"
    save(path, **sound_arrays())
    sound = path.read_bytes()
    refused = []
    for place in range(0, len(sound), 9):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        try:
            uci(tmp_path, "task")
        except ValueError as error:
            refused.append(str(error))
    assert len(refused) > len(sound) // 9 * 0.7
    assert all(message.startswith(str(path)) for message in refused)


def _member(shape: str, size: int, dtype: str = "<f4") -> bytes:
    """An array of zeros whose header may lie."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(size)


@pytest.mark.parametrize(
    ("member", "message"),
    [
        (_member("(1000000000000, 4)", 16), "X has .* bytes where its header announces 16000000000"),
        (_member("(1, 4)", 99), "X has .* bytes where its header announces"),
        (_member("((((", 16), "the header of X is damaged"),
        (_member("__import__('os').abort()", 16), "the header of X is damaged"),
        (_member("(1" + "0" * 30 + ",)", 0, "V0"), "plain arrays"),
        (b"\x93NUMPY\x03\x00" + bytes(100), r"X has format \(3, 0\)"),
        (b"", "plain arrays"),
    ],
    ids=["too large", "too small", "no syntax", "code", "empty items", "version", "nothing"],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, member: bytes, message: str) -> None:
    path = write_npz(tmp_path, _without("X")())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("X.npy", member)
    with pytest.raises(ValueError, match=rf"task\.npz cannot be read as .*{message}"):
        uci(tmp_path, "task")


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_npz(tmp_path, sound_arrays())
    monkeypatch.setattr(files, "LARGEST", 1000)
    with pytest.raises(ValueError, match=r"unpacks to \d+ bytes, and at most 1000 are allowed"):
        uci(tmp_path, "task")
    with pytest.raises(ValueError, match="it announces 20080 bytes, and at most 1000 are allowed"):
        fashion(write_images(tmp_path))


def _peak(read: Callable[[], Any]) -> int:
    """The most bytes that were held while something was refused."""
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="cannot be read as"):
            read()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_bomb_that_hides_its_size_does_not_go_off(tmp_path: Path) -> None:
    member = _member("(60, 4)", 960)
    path = write_npz(tmp_path, _without("X")())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", member + bytes(50_000_000))
        archive.getinfo("X.npy").file_size = len(member)
    assert _peak(lambda: uci(tmp_path, "task")) < 5_000_000
    labels = write_images(tmp_path) / LABELS.format("train")
    labels.write_bytes(gzip.compress(gzip.decompress(labels.read_bytes()) + bytes(50_000_000)))
    assert _peak(lambda: fashion(tmp_path)) < 5_000_000


def test_other_ways_to_pack_are_refused(tmp_path: Path) -> None:
    path = write_npz(tmp_path, _without("X")())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("X.npy", _member("(60, 4)", 960))
    with pytest.raises(ValueError, match="X is packed by method 12, which NumPy does not use"):
        uci(tmp_path, "task")


def test_another_format_under_the_name_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "task.npz").open("wb") as file:
        np.save(file, np.ones(3))
    with pytest.raises(ValueError, match=r"task\.npz cannot be read as an \.npz file"):
        uci(tmp_path, "task")


def _zeros(*shape: int) -> Callable[[bytes], bytes]:
    return lambda _: gzip.compress(idx(np.zeros(shape, np.uint8)))


def _relabel(value: int) -> Callable[[bytes], bytes]:
    return lambda raw: gzip.compress(raw[:8] + bytes([value]) * (len(raw) - 8))


WRONG_IMAGES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "cut": (IMAGES, lambda raw: gzip.compress(raw)[:-9], "cannot be read as a gzipped idx file"),
    "empty": (IMAGES, lambda _: b"", "must begin with bytes 00 00 08 03; got none"),
    "not packed": (IMAGES, lambda raw: raw, "cannot be read as a gzipped idx file: Not a gzipped file"),
    "another kind": (LABELS, lambda raw: gzip.compress(b"\0\0\x0d\x01" + raw[4:]), "got 00 00 0d 01"),
    "half a header": (IMAGES, lambda raw: gzip.compress(raw[:9]), "cannot be read as a gzipped idx file"),
    "too short": (IMAGES, lambda raw: gzip.compress(raw[:-1]), "announces 20080 .* got 20079"),
    "too long": (LABELS, lambda raw: gzip.compress(raw + b"\0"), "announces 5020 .* got more"),
    "huge": (IMAGES, lambda raw: gzip.compress(raw[:4] + b"\xff" * 12), "at most 2147483648 are allowed"),
    "other counts": (LABELS, _zeros(9), "labels must be 5020"),
    "no images": (IMAGES, _zeros(0, 2, 2), r"got shape \(0, 2, 2\)"),
    "no pixels": (IMAGES, _zeros(9, 0, 2), r"got shape \(9, 0, 2\)"),
    "other pixels": (IMAGES, _zeros(5020, 3, 3), "got 9 and 4 pixels"),
    "black": (IMAGES, _zeros(5020, 2, 2), "pixels must differ; got only 0"),
    "one class to train": (LABELS, _relabel(1), "the train part must have at least two classes; got only 1"),
    "a label too many": (LABELS, _relabel(11), "labels of 11 classes must be 0 to 10; got 11"),
}


@pytest.mark.parametrize(("name", "change", "message"), WRONG_IMAGES.values(), ids=WRONG_IMAGES.keys())
def test_images_that_are_no_task_are_refused(
    tmp_path: Path, name: str, change: Callable[[bytes], bytes], message: str
) -> None:
    path = write_images(tmp_path) / name.format("train")
    path.write_bytes(change(gzip.decompress(path.read_bytes())))
    with pytest.raises(ValueError, match=rf"{tmp_path}.*{message}"):
        fashion(tmp_path)


ASKED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "dataset": (lambda _: shipped("digit"), "No dataset is called 'digit'; the nearest are digits"),
    "task": (lambda path: uci(path, "tusk"), r"called 'tusk.npz'; the nearest are task.npz"),
    "path": (lambda path: uci(path, "../task"), r"is called '../task.npz'"),
    "directory": (
        lambda path: uci(path.with_name("dota") / "x", "task"),
        "called 'dota'; the nearest are data",
    ),
    "file": (lambda path: uci(path / "task.npz", "task"), "No directory in .* is called 'task.npz'"),
    "split": (lambda path: uci(path, "task", 2), "has 2 splits, counted from 0; got 2"),
    "negative split": (lambda path: uci(path, "task", -1), "got -1"),
    "index": (lambda path: uci_index(path.parent), "has no .npz files"),
    "index of what is no matrix": (
        lambda path: uci_index(path / "flat"),
        "flat.npz: features must be floats",
    ),
    "pulsars": (lambda path: htru2(path.parent, 0), "No file in .* is called 'htru2.npz'"),
    "fold": (lambda path: htru2(path, 10), "fold must be 0 to 9; got 10"),
    "one fold": (lambda path: htru2(path, 0, folds=1), "folds must be 2 to 40, .* got 1"),
    "many folds": (lambda path: htru2(path, 0, folds=41), "folds must be 2 to 40, .* got 41"),
    "few pulsars": (lambda path: htru2(path / "few", 0, folds=2), "too few rows outside a fold"),
    "no rows": (lambda path: fashion(path, rows=0), "rows must be 1 to 20; got 0"),
    "many rows": (lambda path: fashion(path, rows=21), "rows must be 1 to 20; got 21"),
    "few images": (lambda path: fashion(path / "few"), "more than 5000 images to train are needed; got 5000"),
}


@pytest.mark.parametrize(("ask", "message"), ASKED.values(), ids=ASKED.keys())
def test_what_is_not_there_is_refused(tmp_path: Path, ask: Callable[[Path], Any], message: str) -> None:
    directory, few, flat = tmp_path / "data", tmp_path / "data" / "few", tmp_path / "data" / "flat"
    for folder in (directory, few, flat):
        folder.mkdir()
    write_npz(directory, sound_arrays())
    write_npz(flat, WRONG["features of a wrong shape"][0](), "flat")
    write_pulsars(directory)
    write_pulsars(few, rows=10)
    write_images(directory)
    write_images(few, rows=5000)
    with pytest.raises(ValueError, match=message):
        ask(directory)
