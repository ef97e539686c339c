"""The perceptron (Rosenblatt 1958): one neuron that says 0 or 1 and learns from its mistakes.

One sample is x (n,) with y in {0, 1}; weights are w (n,). It fires where w·x + b > 0.
"""

import numpy as np

from nnlib.activations import step
from nnlib.arrays import as_real, expect_shape
from nnlib.neuron import neuron, weighted_sum

__all__ = ["Perceptron", "perceptron_fit", "perceptron_update"]


def perceptron_update(w, b, x, y, learning_rate):
    """After one sample: (w + α(y − ŷ)x, b + α(y − ŷ)). Nothing changes where ŷ is right."""
    error = y - step(neuron(x, w, b))
    return w + learning_rate * error * as_real(x, "x"), b + learning_rate * error


def perceptron_fit(X, Y, learning_rate, epochs):
    """From zeros, the samples of X (n_x, m), Y (1, m) in order: (w (n_x,), b, mistakes).

    mistakes counts them per epoch; an epoch without any is the last. Where no line separates the
    classes there is no such epoch, and it goes on to the end.
    """
    X, Y = as_real(X, "X"), as_real(Y, "Y")
    expect_shape("X", X, ("n_x", "m"))
    expect_shape("Y", Y, (1, X.shape[1]))
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0], strict=True):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


class Perceptron:
    """The functions above with the weights kept: fit, then predict."""

    def __init__(self, learning_rate=1.0, epochs=100):
        self.learning_rate = learning_rate
        self.epochs = epochs

    def fit(self, X, Y):
        """Learn w, b from X (n_x, m), Y (1, m); mistakes holds their number per epoch."""
        self.w, self.b, self.mistakes = perceptron_fit(X, Y, self.learning_rate, self.epochs)
        return self

    def predict(self, X):
        """1 where the neuron fires, else 0: whole numbers, (1, m)."""
        return step(weighted_sum(X, self.w[:, np.newaxis], self.b)).astype(int)
