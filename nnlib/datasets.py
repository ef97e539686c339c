"""Data for the course: real sets that ship with nnlib, sets made by code, and files you download.

Samples are the last axis: features (n_x, m), images (C, H, W, m), labels (1, m) of 0 and 1 or
one-hot (C, m). Sets made by code take their randomness from `rng`.
"""

import gzip
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nnlib.losses import one_hot
from nnlib.pictures import cats

__all__ = [
    "Dataset",
    "cats",
    "houses",
    "load_breast_cancer",
    "load_cifar10",
    "load_digits",
    "load_mnist",
    "moons",
    "spirals",
]

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Dataset:
    """Samples to learn from and samples to test with, and what the numbers mean."""

    X_train: np.ndarray
    Y_train: np.ndarray
    X_test: np.ndarray
    Y_test: np.ndarray
    class_names: tuple
    feature_names: tuple = ()


def load_breast_cancer():
    """569 tumours by 30 measurements of their cell nuclei; 1 = malignant, 0 = benign.

    X_train (30, 455), Y_train (1, 455), X_test (30, 114), Y_test (1, 114), as measured: the
    features differ a thousandfold in size, so standardize them.
    """
    file = _read("breast_cancer")
    X, Y = file["X"], file["malignant"].astype(np.float64)[np.newaxis]
    return _split(X, Y, 455, ("benign", "malignant"), tuple(file["feature_names"].tolist()))


def load_digits():
    """1797 handwritten digits of 8×8 pixels between 0 and 1, with one-hot labels.

    X_train (1, 8, 8, 1437), Y_train (10, 1437), X_test (1, 8, 8, 360), Y_test (10, 360).
    """
    file = _read("digits")
    X, Y = file["images"] / 16.0, one_hot(file["labels"], 10)
    return _split(X, Y, 1437, tuple("0123456789"))


def load_mnist(folder):
    """MNIST from the four idx files in folder (plain or .gz), pixels between 0 and 1.

    X_train (1, 28, 28, 60000), Y_train (10, 60000), X_test (1, 28, 28, 10000), Y_test (10, 10000),
    all float32.
    """
    parts = []
    for part in ("train", "t10k"):
        images = _read_idx(_find(folder, f"{part}-images-idx3-ubyte"))
        labels = _read_idx(_find(folder, f"{part}-labels-idx1-ubyte"))
        parts += [_samples_last(images[:, np.newaxis]), one_hot(labels, 10).astype(np.float32)]
    return Dataset(*parts, class_names=tuple("0123456789"))


def load_cifar10(folder):
    """CIFAR-10 from the binary version's six .bin files in folder, pixels between 0 and 1.

    X_train (3, 32, 32, 50000), Y_train (10, 50000), X_test (3, 32, 32, 10000), Y_test (10, 10000),
    all float32.
    """
    batches = [f"data_batch_{i}.bin" for i in range(1, 6)]
    names = "airplane automobile bird cat deer dog frog horse ship truck"
    X_train, Y_train = _read_cifar([_find(folder, name) for name in batches])
    X_test, Y_test = _read_cifar([_find(folder, "test_batch.bin")])
    return Dataset(X_train, Y_train, X_test, Y_test, tuple(names.split()))


def houses(m, rng):
    """Areas X (1, m) in m², prices Y (1, m) in thousands: 3 per m² and 20, with noise."""
    X = rng.uniform(40, 200, size=(1, m))
    return X, 3 * X + 20 + rng.normal(scale=25, size=(1, m))


def moons(m, rng, noise=0.1):
    """Two half circles that reach into each other: X (2, m), Y (1, m). No line parts them."""
    Y = _shuffled_classes(m, 2, rng)
    angle = rng.uniform(0, np.pi, size=m)
    side = 1 - 2 * Y  # the second moon is the first turned half round, and moved
    X = np.stack([side * np.cos(angle) + Y, side * np.sin(angle) + 0.5 * Y])
    return X + rng.normal(scale=noise, size=(2, m)), Y[np.newaxis].astype(np.float64)


def spirals(m, rng, classes=3, noise=0.1):
    """Interleaved spiral arms, one a class: X (2, m), Y one-hot (classes, m)."""
    labels = _shuffled_classes(m, classes, rng)
    radius = rng.uniform(0.1, 1, size=m)
    angle = 4 * radius + 2 * np.pi * labels / classes + rng.normal(scale=noise, size=m)
    return radius * np.stack([np.cos(angle), np.sin(angle)]), one_hot(labels, classes)


def _shuffled_classes(m, classes, rng):
    """m class numbers, each class as often as the others (give or take one)."""
    return rng.permutation(np.arange(m) % classes)


@cache
def _stored(name):
    with np.load(DATA / f"{name}.npz", allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def _read(name):
    """The arrays of a shipped file: read once, handed out as copies."""
    return {key: array.copy() for key, array in _stored(name).items()}


def _split(X, Y, m_train, class_names, feature_names=()):
    """The files were shuffled when they were made, so the first samples are a fair draw."""
    train, test = slice(None, m_train), slice(m_train, None)
    return Dataset(
        X[..., train].copy(), Y[:, train].copy(), X[..., test].copy(), Y[:, test].copy(),
        class_names, feature_names,
    )  # fmt: skip


def _find(folder, name):
    """The file of this name in folder, or its .gz."""
    for path in (Path(folder) / name, Path(folder) / f"{name}.gz"):
        if path.is_file():
            return path
    raise FileNotFoundError(f"expected {name} or {name}.gz in {folder}, found neither")


def _bytes(path):
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _read_idx(path):
    """An idx file of bytes: two zeros, the type 8, the number of axes, their sizes, the data."""
    data = _bytes(path)
    if data[:3] != b"\x00\x00\x08" or len(data) < 4 + 4 * data[3]:
        raise ValueError(f"{path.name}: expected an idx file of bytes, got {data[:4].hex(' ')}…")
    start = 4 + 4 * data[3]
    shape = struct.unpack(f">{data[3]}I", data[4:start])
    if len(data) - start != np.prod(shape):
        raise ValueError(
            f"{path.name}: expected {np.prod(shape)} bytes for shape {shape}, "
            f"got {len(data) - start}"
        )
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _read_cifar(paths):
    """Records of 3073 bytes: the class, then 3×32×32 pixels."""
    data = b"".join(_bytes(path) for path in paths)
    if not data or len(data) % 3073:
        raise ValueError(f"{paths[0].name}: expected records of 3073 bytes, got {len(data)} bytes")
    records = np.frombuffer(data, np.uint8).reshape(-1, 3073)
    Y = one_hot(records[:, 0], 10).astype(np.float32)
    return _samples_last(records[:, 1:].reshape(-1, 3, 32, 32)), Y


def _samples_last(images):
    """Bytes (m, C, H, W) to pixels (C, H, W, m) between 0 and 1."""
    return np.ascontiguousarray(images.transpose(1, 2, 3, 0), dtype=np.float32) / 255
