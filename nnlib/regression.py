"""Linear regression: one neuron without an activation, and the mean squared error.

X (n_x, m), w (n_x, 1), b a number, Y (1, m) of real numbers.
"""

import numpy as np

from nnlib.arrays import as_real, expect_shape
from nnlib.neuron import weighted_sum

__all__ = ["LinearRegression", "linear_regression_gradients", "normal_equation"]


def normal_equation(X, Y):
    """The least-squares line in one go: (w (n_x, 1), b).

    It solves [X; 1]ᵀ (w; b) = Yᵀ in the sense of least squares, not through an inverse, which does
    not exist where features are collinear.
    """
    X, Y = as_real(X, "X"), as_real(Y, "Y")
    expect_shape("X", X, ("n_x", "m"))
    expect_shape("Y", Y, (1, X.shape[1]))
    rows = np.vstack([X, np.ones_like(X[:1])]).T
    solution, *_ = np.linalg.lstsq(rows, Y.T, rcond=None)
    return solution[:-1], solution[-1, 0]


def linear_regression_gradients(X, Y, w, b):
    """Slopes of J = (1/2m) Σ (ŷ − y)²: (dw (n_x, 1), db).

    dZ = Ŷ − Y,   dw = X dZᵀ / m,   db = Σ dZ / m
    """
    Y_hat = weighted_sum(X, w, b)
    expect_shape("Y", Y, Y_hat.shape)
    dZ = Y_hat - Y
    return X @ dZ.T / dZ.size, dZ.sum() / dZ.size


class LinearRegression:
    """The least-squares line with its weights kept: fit, then predict."""

    def fit(self, X, Y):
        """Learn w, b from X (n_x, m), Y (1, m)."""
        self.w, self.b = normal_equation(X, Y)
        return self

    def predict(self, X):
        """ŷ = wᵀx + b of each sample, (1, m)."""
        return weighted_sum(X, self.w, self.b)
