"""From rows, images and raw features to columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import nnlib as nn


def test_to_columns_copies():
    rows = np.array([[1, 2], [3, 4], [5, 6]])
    columns = nn.to_columns(rows)
    np.testing.assert_array_equal(columns, [[1, 3, 5], [2, 4, 6]])
    assert not np.shares_memory(columns, rows)
    np.testing.assert_array_equal(nn.to_columns([7, 8]), [[7, 8]])


def test_image_to_vector_goes_channel_by_channel():
    image = np.arange(12, dtype=np.uint8).reshape(3, 2, 2)
    vector = nn.image_to_vector(image)
    np.testing.assert_array_equal(vector, np.arange(12.0)[:, np.newaxis])
    assert vector.dtype == np.float64
    many = nn.image_to_vector(np.stack([image, image + 1], axis=-1))
    np.testing.assert_array_equal(many, np.hstack([vector, vector + 1]))


def test_image_to_vector_copies():
    image = np.zeros((1, 2, 2, 3))
    assert not np.shares_memory(nn.image_to_vector(image), image)


def test_standardize_by_hand():
    X_std, mean, std = nn.standardize([[1, 3], [10, 10]])
    np.testing.assert_array_equal(X_std, [[-1, 1], [0, 0]])
    np.testing.assert_array_equal(mean, [[2], [10]])
    np.testing.assert_array_equal(std, [[1], [1]])


def test_seven_copies_of_a_tenth_are_constant():
    assert np.full(7, 0.1).std() != 0
    X_std, _, std = nn.standardize(np.full((1, 7), 0.1))
    np.testing.assert_array_equal(X_std, np.zeros((1, 7)))
    assert std == 1


def test_float32_stays():
    parts = nn.standardize(np.array([[1, 2], [3, 3]], np.float32))
    assert [part.dtype for part in parts] == [np.float32] * 3


@given(arrays(np.float64, (3, 8), elements=st.floats(-1e3, 1e3).map(lambda x: round(x, 3))))
def test_standardized_features_have_mean_0_and_spread_1_or_0(X):
    X_std, mean, std = nn.standardize(X)
    np.testing.assert_allclose(X_std.mean(axis=1), 0, atol=1e-6)
    spread = X_std.std(axis=1)
    assert np.all(np.isclose(spread, 1) | (spread == 0))
    np.testing.assert_allclose(X_std * std + mean, X, rtol=1e-9, atol=1e-9)


def test_distances_are_those_of_the_loop(rng):
    A, B = rng.normal(size=(3, 5)), rng.normal(size=(3, 4))
    loop = [[np.sum((a - b) ** 2) for b in B.T] for a in A.T]
    np.testing.assert_allclose(nn.pairwise_squared_distances(A, B), loop, rtol=1e-12)


def test_distances_are_never_negative():
    X = np.full((3, 4), 1e8) + np.linspace(0, 1, 12).reshape(3, 4)
    assert nn.pairwise_squared_distances(X, X).min() >= 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: nn.image_to_vector(np.ones((2, 2))),
            "images: expected shape (C, H, W, m), got (2, 2)",
        ),
        (lambda: nn.standardize(np.ones(3)), "X: expected shape (n_x, m), got (3,)"),
        (
            lambda: nn.pairwise_squared_distances(np.ones((2, 3)), np.ones((3, 3))),
            "B: expected shape (2, k), got (3, 3)",
        ),
    ],
)
def test_wrong_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call()
    assert words in str(caught.value)
