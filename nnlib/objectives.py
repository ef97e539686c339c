"""What training minimises: a loss of the network's output Z, its gradient, and its read-out.

The output has no activation of its own: sigmoid and softmax are part of the objective, where they
cancel against the logarithm. All work per sample; the 1/m is the trainer's.
"""

from typing import NamedTuple

import numpy as np

from nnlib.activations import identity, sigmoid, softmax
from nnlib.losses import (
    binary_cross_entropy_from_logits,
    categorical_cross_entropy_from_logits,
    sigmoid_cross_entropy_gradient,
    softmax_cross_entropy_gradient,
    squared_error,
    squared_error_gradient,
)

__all__ = ["Objective", "least_squares", "sigmoid_cross_entropy", "softmax_cross_entropy"]


class Objective(NamedTuple):
    """Functions of the network's output Z (n, m) and the targets Y (n, m)."""

    loss: object  # (Z, Y) → (1, m), or (n, m) to be summed
    gradient: object  # (Z, Y) → (n, m)
    activation: object  # Z → the prediction Ŷ (n, m)
    accuracy: object = None  # (Z, Y) → a number from 0 to 1, where there are classes


def classes_agree(Z, Y):
    """The fraction of samples whose largest output is that of their class, (C, m) one-hot."""
    return float(np.mean(Z.argmax(axis=0) == Y.argmax(axis=0)))


def sides_agree(Z, Y):
    """The fraction of scores on the side of 0 where they should be: z ≥ 0 means class 1."""
    return float(np.mean((Z >= 0) == (Y > 0.5)))


softmax_cross_entropy = Objective(
    categorical_cross_entropy_from_logits, softmax_cross_entropy_gradient, softmax, classes_agree
)
sigmoid_cross_entropy = Objective(
    binary_cross_entropy_from_logits, sigmoid_cross_entropy_gradient, sigmoid, sides_agree
)
least_squares = Objective(squared_error, squared_error_gradient, identity)
