"""Losses, one value per sample, and their gradients, per sample too.

Y_hat and Y have one shape, (1, m) or one-hot (C, m). The 1/m belongs to the cost, the mean of the
losses; no gradient here carries it.
"""

import numpy as np

from nnlib.activations import sigmoid, softmax, softplus
from nnlib.arrays import as_real, expect_same_shape, expect_shape, magnitude

__all__ = [
    "absolute_error",
    "absolute_error_gradient",
    "binary_cross_entropy",
    "binary_cross_entropy_from_logits",
    "binary_cross_entropy_gradient",
    "categorical_cross_entropy",
    "categorical_cross_entropy_from_logits",
    "categorical_cross_entropy_gradient",
    "cost",
    "huber",
    "huber_gradient",
    "one_hot",
    "sigmoid_cross_entropy_gradient",
    "softmax_cross_entropy_gradient",
    "squared_error",
    "squared_error_gradient",
]

FLOOR = 1e-12  # a probability below this counts as this: ln 0 becomes −27.63


def cost(losses):
    """The mean of the losses over the samples, a number."""
    return as_real(losses, "losses").mean()


def squared_error(Y_hat, Y):
    """½e² with e = ŷ − y."""
    return 0.5 * _error(Y_hat, Y) ** 2


def squared_error_gradient(Y_hat, Y):
    """∂/∂ŷ = e: it shrinks with the error."""
    return _error(Y_hat, Y)


def absolute_error(Y_hat, Y):
    """|e| with e = ŷ − y."""
    return magnitude(_error(Y_hat, Y))


def absolute_error_gradient(Y_hat, Y):
    """∂/∂ŷ = sign(e), 0 at 0: as large for a small error as for a large one."""
    return np.sign(_error(Y_hat, Y))


def huber(Y_hat, Y, delta=1.0):
    """½e² for |e| ≤ δ, δ(|e| − δ/2) beyond: a parabola that continues as its tangent."""
    size = magnitude(_error(Y_hat, Y))
    return np.where(size.real <= delta, 0.5 * size**2, delta * (size - delta / 2))


def huber_gradient(Y_hat, Y, delta=1.0):
    """∂/∂ŷ = e, kept between −δ and δ."""
    return np.clip(_error(Y_hat, Y), -delta, delta)


def binary_cross_entropy(Y_hat, Y):
    """−y ln ŷ − (1 − y) ln(1 − ŷ), with both logarithms' arguments at least 1e-12."""
    Y_hat, Y = _pair("Y_hat", Y_hat, Y)
    return -Y * np.log(_floored(Y_hat)) - (1 - Y) * np.log(_floored(1 - Y_hat))


def binary_cross_entropy_gradient(Y_hat, Y):
    """∂/∂ŷ = −y/ŷ + (1 − y)/(1 − ŷ), with the same floor under both denominators."""
    Y_hat, Y = _pair("Y_hat", Y_hat, Y)
    return -Y / _floored(Y_hat) + (1 - Y) / _floored(1 - Y_hat)


def binary_cross_entropy_from_logits(Z, Y):
    """The cross-entropy of ŷ = σ(z): ln(1 + eᶻ) − yz. Nothing to clip at any z."""
    Z, Y = _pair("Z", Z, Y)
    return softplus(Z) - Y * Z


def sigmoid_cross_entropy_gradient(Z, Y):
    """∂/∂z of the cross-entropy of σ(z): ŷ − y, the two saturating factors cancelled."""
    Z, Y = _pair("Z", Z, Y)
    return sigmoid(Z) - Y


def one_hot(labels, num_classes):
    """Class numbers (m,) to columns (C, m) that are 1 in the row of the class and 0 elsewhere."""
    labels = np.asarray(labels)
    expect_shape("labels", labels, ("m",))
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels: expected whole numbers, got an array of {labels.dtype}")
    if labels.size and not 0 <= labels.min() <= labels.max() < num_classes:
        raise ValueError(
            f"labels: expected classes from 0 to {num_classes - 1}, "
            f"got {labels.min()} to {labels.max()}"
        )
    return (np.arange(num_classes)[:, np.newaxis] == labels).astype(np.float64)


def categorical_cross_entropy(Y_hat, Y):
    """−Σ_c y_c ln ŷ_c down each column of (C, m), as (1, m); ŷ is at least 1e-12."""
    Y_hat, Y = _columns("Y_hat", Y_hat, Y)
    return -np.sum(Y * np.log(_floored(Y_hat)), axis=0, keepdims=True)


def categorical_cross_entropy_gradient(Y_hat, Y):
    """∂/∂ŷ_c = −y_c/ŷ_c, with the same floor, (C, m)."""
    Y_hat, Y = _columns("Y_hat", Y_hat, Y)
    return -Y / _floored(Y_hat)


def categorical_cross_entropy_from_logits(Z, Y):
    """The cross-entropy of ŷ = softmax(z), (1, m): −Σ_c y_c (z_c − ln Σ_k e^z_k)."""
    Z, Y = _columns("Z", Z, Y)
    Z = Z - Z.real.max(axis=0)
    log_softmax = Z - np.log(np.exp(Z).sum(axis=0))
    return -np.sum(Y * log_softmax, axis=0, keepdims=True)


def softmax_cross_entropy_gradient(Z, Y):
    """∂/∂z of the cross-entropy of softmax(z), for columns of Y that sum to 1: ŷ − y, (C, m)."""
    Z, Y = _columns("Z", Z, Y)
    return softmax(Z) - Y


def _error(Y_hat, Y):
    Y_hat, Y = _pair("Y_hat", Y_hat, Y)
    return Y_hat - Y


def _pair(name, prediction, Y):
    """Both as arrays of one shape; whole-number labels in the prediction's own type."""
    prediction, Y = as_real(prediction, name), np.asarray(Y)
    expect_same_shape("Y", Y, name, prediction)
    if Y.dtype.kind in "biu":
        Y = Y.astype(prediction.dtype)
    return prediction, as_real(Y, "Y")


def _columns(name, prediction, Y):
    prediction, Y = _pair(name, prediction, Y)
    expect_shape(name, prediction, ("C", "m"))
    return prediction, Y


def _floored(p):
    """max(p, 1e-12), also for the complex step."""
    return np.where(p.real < FLOOR, FLOOR, p)
