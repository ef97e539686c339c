"""A small convolutional network as one function: lecture 08 in a dozen lines."""

import numpy as np

from nnlib.activations import relu, softmax
from nnlib.conv import conv2d_forward_fast, flatten
from nnlib.pooling import maxpool_forward
from nnlib.propagation import linear_forward

__all__ = ["cnn_forward"]


def cnn_forward(X, parameters):
    """Probabilities (C, m) for images X: twice conv, ReLU, max-pool 2; then dense and softmax.

    parameters is a dict: filters W1, W2 (F, C, f, f) with odd f, padded so that images keep their
    size, biases b1, b2 (F, 1), and the dense layer's W3, b3.
    """
    A = X
    for W, b in ((parameters["W1"], parameters["b1"]), (parameters["W2"], parameters["b2"])):
        padding = (np.shape(W)[2] - 1) // 2
        Z = conv2d_forward_fast(A, W, b, padding, stride=1)
        A = maxpool_forward(relu(Z), 2, 2)
    return softmax(linear_forward(flatten(A), parameters["W3"], parameters["b3"]))
