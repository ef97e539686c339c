"""Against learning by heart: weights kept small (L2), and units dropped at random (dropout)."""

import numpy as np

from nnlib.arrays import as_real, expect_same_shape

__all__ = ["dropout_backward", "dropout_forward", "l2_cost", "l2_gradient"]


def l2_cost(weights, lambd, m):
    """(λ/2m) Σ ‖W‖² over a list of weight matrices, a number. Biases are not in it."""
    return lambd / (2 * m) * sum(np.sum(as_real(W, "weights") ** 2) for W in weights)


def l2_gradient(W, lambd, m):
    """∂/∂W of it: (λ/m) W."""
    return lambd / m * as_real(W, "W")


def dropout_forward(A, keep_prob, rng):
    """Inverted dropout: (A · mask / keep_prob, mask); mask is 1 with probability keep_prob, else 0.

    The division keeps the expected value, so nothing needs to change when predicting.
    """
    A = as_real(A, "A")
    mask = (rng.random(A.shape) < _probability(keep_prob)).astype(A.real.dtype)
    return A * mask / keep_prob, mask


def dropout_backward(dA, mask, keep_prob):
    """dA · mask / keep_prob: what was dropped gets no gradient."""
    expect_same_shape("dA", dA, "mask", mask)
    return as_real(dA, "dA") * mask / _probability(keep_prob)


def _probability(keep_prob):
    if not 0 < keep_prob <= 1:
        raise ValueError(f"keep_prob: expected a number above 0 and at most 1, got {keep_prob}")
    return keep_prob
