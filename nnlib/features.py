"""From data as it comes to columns of features: X (n_x, m), one sample a column."""

import numpy as np

from nnlib.arrays import as_real, expect_shape

__all__ = ["image_to_vector", "pairwise_squared_distances", "standardize", "to_columns"]


def to_columns(rows):
    """Rows of samples (m, n_x), as most libraries keep them, to columns (n_x, m): a copy.

    One-dimensional rows (m,) are m samples of one feature: (1, m).
    """
    rows = np.asarray(rows)
    return rows[np.newaxis].copy() if rows.ndim == 1 else rows.T.copy()


def image_to_vector(images):
    """An image (C, H, W) to a column (C·H·W, 1), or m of them (C, H, W, m) to (C·H·W, m)."""
    images = as_real(images, "images")
    if images.ndim == 3:
        images = images[..., np.newaxis]
    expect_shape("images", images, ("C", "H", "W", "m"))
    return images.reshape(-1, images.shape[-1]).copy()


def standardize(X):
    """Each feature to mean 0 and standard deviation 1: (X_std, mean (n_x, 1), std (n_x, 1)).

    A constant feature becomes zeros, with std 1. It is known by max = min: the rounded mean of
    equal numbers can differ from them, and so leave a tiny std that is not 0.
    """
    X = as_real(X, "X")
    expect_shape("X", X, ("n_x", "m"))
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    mean = np.where(constant, X[:, :1], X.mean(axis=1, keepdims=True))
    std = np.where(constant, 1, X.std(axis=1, keepdims=True))
    return (X - mean) / std, mean, std


def pairwise_squared_distances(A, B):
    """‖a_i − b_j‖² between columns of A (n_x, m) and B (n_x, k), as (m, k), never negative.

    ‖a − b‖² = ‖a‖² − 2 a·b + ‖b‖²; rounding can take that just below 0.
    """
    A, B = as_real(A, "A"), as_real(B, "B")
    expect_shape("A", A, ("n_x", "m"))
    expect_shape("B", B, (A.shape[0], "k"))
    squares = (A**2).sum(axis=0)[:, np.newaxis] - 2 * A.T @ B + (B**2).sum(axis=0)
    return np.maximum(squares, 0)
