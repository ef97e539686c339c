"""One neuron: a weighted sum, and the models that it becomes with one activation or another.

X (n_x, m) holds one sample per column, w (n_x, 1), b is a number, Y (1, m). Every function gives
new arrays. Linear regression and the perceptron are in `regression.py` and `perceptron.py`.
"""

import numpy as np

from nnlib.activations import sigmoid
from nnlib.arrays import as_real, expect_same_shape, expect_shape
from nnlib.losses import binary_cross_entropy_from_logits, cost

__all__ = [
    "LogisticRegression",
    "accuracy",
    "decision_boundary",
    "linear_score",
    "logistic_gradients",
    "neuron",
    "predict",
    "predict_proba",
    "train_logistic_regression",
    "weighted_sum",
]


def neuron(x, w, b):
    """w·x + b for one sample: x (n,), w (n,), b a number; a number comes out."""
    x, w = as_real(x, "x"), as_real(w, "w")
    expect_shape("x", x, ("n",))
    expect_shape("w", w, x.shape)
    return w @ x + b


def weighted_sum(X, w, b):
    """wᵀX + b: X (n_x, m), w (n_x, 1), b a number; (1, m) comes out."""
    X, w = as_real(X, "X"), as_real(w, "w")
    expect_shape("X", X, ("n_x", "m"))
    expect_shape("w", w, (X.shape[0], 1))
    return w.T @ X + b


def linear_score(X, w, b):
    """The score z = wᵀx + b of each sample, (1, m): positive on one side of the boundary."""
    return weighted_sum(X, w, b)


def predict_proba(X, w, b):
    """P(y = 1 | x) = σ(wᵀx + b) of each sample, (1, m)."""
    return sigmoid(linear_score(X, w, b))


def predict(X, w, b, threshold=0.5):
    """1 where the probability is at least the threshold, else 0: whole numbers, (1, m)."""
    return (predict_proba(X, w, b) >= threshold).astype(int)


def accuracy(Y_hat, Y):
    """The fraction of predictions that equal the labels, a number from 0 to 1."""
    Y_hat, Y = np.asarray(Y_hat), np.asarray(Y)
    expect_same_shape("Y_hat", Y_hat, "Y", Y)
    return np.mean(Y_hat == Y)


def decision_boundary(w, b, x1):
    """The x₂ with w₁x₁ + w₂x₂ + b = 0, in the shape of x1: where the probability is 0.5."""
    w = as_real(w, "w")
    expect_shape("w", w, (2, 1))
    if w[1, 0] == 0:
        raise ValueError("w: expected w₂ ≠ 0, got 0: the boundary is vertical, x₁ = −b/w₁")
    return -(w[0, 0] * as_real(x1, "x1") + b) / w[1, 0]


def logistic_gradients(X, Y, w, b):
    """Slopes of the mean cross-entropy, and its value: (dw (n_x, 1), db, J).

    dZ = A − Y,   dw = X dZᵀ / m,   db = Σ dZ / m
    """
    Z = linear_score(X, w, b)
    expect_shape("Y", Y, Z.shape)
    dZ = sigmoid(Z) - Y
    J = cost(binary_cross_entropy_from_logits(Z, Y))
    return X @ dZ.T / Z.size, dZ.sum() / Z.size, J


def train_logistic_regression(X, Y, learning_rate, steps):
    """Gradient descent from zeros: (w (n_x, 1), b, costs), the cost before each step."""
    X = as_real(X, "X")
    expect_shape("X", X, ("n_x", "m"))
    Y = np.asarray(Y, dtype=X.dtype)
    w, b, costs = np.zeros((X.shape[0], 1), dtype=X.dtype), X.dtype.type(0), []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        w = w - learning_rate * dw
        b = b - learning_rate * db
        costs.append(float(J))
    return w, b, costs


class LogisticRegression:
    """The functions above with the weights kept: fit, then predict_proba and predict."""

    def __init__(self, learning_rate=0.1, steps=1000):
        self.learning_rate = learning_rate
        self.steps = steps

    def fit(self, X, Y):
        """Learn w, b from X (n_x, m), Y (1, m); costs holds the cost before each step."""
        self.w, self.b, self.costs = train_logistic_regression(X, Y, self.learning_rate, self.steps)
        return self

    def predict_proba(self, X):
        """P(y = 1 | x) of each sample, (1, m)."""
        return predict_proba(X, self.w, self.b)

    def predict(self, X, threshold=0.5):
        """1 where the probability is at least the threshold, else 0, (1, m)."""
        return predict(X, self.w, self.b, threshold)
