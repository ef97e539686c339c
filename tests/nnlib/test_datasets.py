"""Data: shapes and labels, the shipped files as UCI describes them, downloads read byte by byte."""

import gzip
import struct

import numpy as np
import pytest

import nnlib as nn
from nnlib import datasets


def test_breast_cancer_is_the_set_that_uci_describes():
    data = datasets.load_breast_cancer()
    shapes = data.X_train.shape, data.Y_train.shape, data.X_test.shape, data.Y_test.shape
    assert shapes == ((30, 455), (1, 455), (30, 114), (1, 114))
    Y = np.hstack([data.Y_train, data.Y_test])
    assert (Y.sum(), set(Y[0])) == (212, {0.0, 1.0})
    X = np.hstack([data.X_train, data.X_test])
    radius, area = (
        X[data.feature_names.index("mean radius")],
        X[data.feature_names.index("mean area")],
    )
    assert (radius.min(), radius.max(), area.max()) == (6.981, 28.11, 2501.0)
    assert data.class_names == ("benign", "malignant")
    assert radius[Y[0] == 1].mean() > radius[Y[0] == 0].mean()


def test_digits_are_the_set_that_uci_describes():
    data = datasets.load_digits()
    shapes = data.X_train.shape, data.Y_train.shape, data.X_test.shape, data.Y_test.shape
    assert shapes == ((1, 8, 8, 1437), (10, 1437), (1, 8, 8, 360), (10, 360))
    Y = np.hstack([data.Y_train, data.Y_test])
    np.testing.assert_array_equal(Y.sum(axis=1), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    np.testing.assert_array_equal(Y.sum(axis=0), 1)
    assert (data.X_train.min(), data.X_train.max()) == (0, 1)


@pytest.mark.parametrize("load", [datasets.load_breast_cancer, datasets.load_digits])
def test_both_parts_hold_every_class_in_like_shares(load):
    data = load()
    shares = [Y.mean(axis=1) for Y in (data.Y_train, data.Y_test)]
    np.testing.assert_allclose(*shares, atol=0.06)


@pytest.mark.parametrize("load", [datasets.load_breast_cancer, datasets.load_digits])
def test_a_changed_set_does_not_change_the_next(load):
    first = load()
    expected = first.X_train.copy()
    first.X_train[:] = -1
    np.testing.assert_array_equal(load().X_train, expected)


@pytest.mark.parametrize("name", ["breast_cancer", "digits"])
def test_a_file_is_read_once(name, monkeypatch):
    datasets._read(name)
    monkeypatch.setattr(datasets, "DATA", datasets.DATA / "closed")
    assert datasets._read(name)


def test_shipped_files_are_small_and_licensed():
    readme = (datasets.DATA / "README.md").read_text(encoding="utf-8")
    for path in datasets.DATA.glob("*.npz"):
        assert path.stat().st_size < 100_000
        assert f"## {path.name}" in readme
    assert "CC BY 4.0" in readme


def test_houses_lie_about_a_line(rng):
    X, Y = datasets.houses(500, rng)
    assert X.shape == Y.shape == (1, 500)
    w, b = nn.normal_equation(X, Y)
    residue = Y - nn.weighted_sum(X, w, b)
    assert w.item() == pytest.approx(3, abs=6 * 25 / (np.sqrt(500) * X.std()))
    assert residue.std() == pytest.approx(25, rel=6 * np.sqrt(0.5 / 500))


def test_moons_are_balanced_and_no_line_parts_them(rng):
    X, Y = datasets.moons(201, rng, noise=0)
    assert X.shape == (2, 201)
    assert (Y.shape, Y.sum()) == ((1, 201), 100)
    upper, lower = X[:, Y[0] == 0], X[:, Y[0] == 1]
    np.testing.assert_allclose(np.hypot(*upper), 1, rtol=1e-12)
    np.testing.assert_allclose(np.hypot(lower[0] - 1, lower[1] - 0.5), 1, rtol=1e-12)
    model = nn.LogisticRegression(0.5, 500).fit(X, Y)
    assert 0.8 < nn.accuracy(model.predict(X), Y) < 0.97


def test_spirals_have_an_arm_a_class(rng):
    X, Y = datasets.spirals(90, rng, classes=3, noise=0)
    np.testing.assert_array_equal(Y.sum(axis=1), [30, 30, 30])
    turn = np.arctan2(X[1], X[0]) - 4 * np.hypot(*X) - 2 * np.pi / 3 * Y.argmax(axis=0)
    np.testing.assert_allclose(np.cos(turn), 1, rtol=1e-12)


@pytest.mark.parametrize("make", [datasets.houses, datasets.moons, datasets.spirals, datasets.cats])
def test_one_rng_state_gives_one_set(make):
    for first, second in zip(*(make(7, np.random.default_rng(3)) for _ in range(2)), strict=True):
        np.testing.assert_array_equal(first, second)
    assert not np.array_equal(make(7, np.random.default_rng(4))[0], first)


def test_cats_are_colour_pictures_with_balanced_labels(rng):
    X, Y = datasets.cats(21, rng)
    assert (X.shape, X.dtype) == ((3, 32, 32, 21), np.uint8)
    assert (Y.shape, Y.dtype, Y.sum()) == ((1, 21), np.float64, 10)
    assert X.std(axis=(0, 1, 2)).min() > 10
    assert len(np.unique(X.reshape(-1, 21), axis=1).T) == 21
    assert datasets.cats(0, rng)[0].shape == (3, 32, 32, 0)


def test_logistic_regression_learns_cats_but_not_perfectly():
    parts = [datasets.cats(m, np.random.default_rng(seed)) for m, seed in ((200, 1), (200, 2))]
    (X, Y), (X_test, Y_test) = [
        ((nn.image_to_vector(X) / 255).astype(np.float32), Y) for X, Y in parts
    ]
    model = nn.LogisticRegression(learning_rate=0.005, steps=400).fit(X, Y)
    assert 0.65 < nn.accuracy(model.predict(X_test), Y_test) < 0.95


def idx(array):
    """The bytes of an idx file."""
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


@pytest.fixture
def mnist(tmp_path, rng):
    """A folder of four tiny files, one of them packed, and what they hold."""
    images, labels = rng.integers(0, 256, (5, 28, 28)), np.array([3, 1, 4, 1, 5])
    files = {
        "train-images-idx3-ubyte.gz": gzip.compress(idx(images[:3]), mtime=0),
        "train-labels-idx1-ubyte": idx(labels[:3]),
        "t10k-images-idx3-ubyte": idx(images[3:]),
        "t10k-labels-idx1-ubyte": idx(labels[3:]),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path, images, labels


def test_mnist_is_read(mnist):
    folder, images, labels = mnist
    data = datasets.load_mnist(folder)
    assert (data.X_train.shape, data.X_test.shape) == ((1, 28, 28, 3), (1, 28, 28, 2))
    assert data.X_train.dtype == data.Y_train.dtype == np.float32
    np.testing.assert_array_equal(np.rint(data.X_train[0, :, :, 1] * 255), images[1])
    np.testing.assert_array_equal(data.Y_train.argmax(axis=0), labels[:3])
    np.testing.assert_array_equal(data.Y_test.argmax(axis=0), labels[3:])


def test_a_missing_file_is_named(mnist):
    folder, _, _ = mnist
    (folder / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(FileNotFoundError, match="expected t10k-labels-idx1-ubyte or .*gz in"):
        datasets.load_mnist(folder)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected an idx file of bytes, got"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x01\x00", "expected an idx file of bytes, got 00 00 0d 01"),
        (b"\x00\x00\x08\x01\x00", "expected an idx file of bytes"),
        (idx(np.zeros(4))[:-1], "expected 4 bytes for shape (4,), got 3"),
    ],
)
def test_a_broken_idx_file_is_named(mnist, content, words):
    folder, _, _ = mnist
    (folder / "train-labels-idx1-ubyte").write_bytes(content)
    with pytest.raises(ValueError, match="train-labels-idx1-ubyte: expected") as caught:
        datasets.load_mnist(folder)
    assert words in str(caught.value)


def test_cifar_is_read(tmp_path, rng):
    records = rng.integers(0, 256, (12, 3073)).astype(np.uint8)
    records[:, 0] = np.arange(12) % 10
    for i in range(5):
        (tmp_path / f"data_batch_{i + 1}.bin").write_bytes(records[2 * i : 2 * i + 2].tobytes())
    (tmp_path / "test_batch.bin").write_bytes(records[10:].tobytes())
    data = datasets.load_cifar10(tmp_path)
    assert (data.X_train.shape, data.X_test.shape) == ((3, 32, 32, 10), (3, 32, 32, 2))
    np.testing.assert_array_equal(data.Y_train, np.eye(10))
    red, green = records[7, 1:1025].reshape(32, 32), records[7, 1025:2049].reshape(32, 32)
    np.testing.assert_array_equal(np.rint(data.X_train[0, :, :, 7] * 255), red)
    np.testing.assert_array_equal(np.rint(data.X_train[1, :, :, 7] * 255), green)
    assert data.class_names[int(data.Y_test[:, 1].argmax())] == "automobile"


def test_a_cut_cifar_file_is_named(tmp_path):
    for name in [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]:
        (tmp_path / name).write_bytes(bytes(3072))
    with pytest.raises(ValueError, match=r"expected records of 3073 bytes, got 15360 bytes"):
        datasets.load_cifar10(tmp_path)
