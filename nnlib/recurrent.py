"""A recurrent network in miniature: one cell, used again at every time step, with the same weights.

Sequences are X (T, n_x, m): time first, samples last. The parameters are W_x (n_a, n_x),
W_a (n_a, n_a) and b (n_a, 1); gradients are sums over samples and over time.
"""

import numpy as np

from nnlib.activations import tanh
from nnlib.arrays import as_real, expect_shape

__all__ = ["rnn_backward", "rnn_cell_backward", "rnn_cell_forward", "rnn_forward"]


def rnn_cell_forward(x, a_prev, W_x, W_a, b):
    """a = tanh(W_x x + W_a a_prev + b): the state after x (n_x, m), from that before, (n_a, m)."""
    x, a_prev = as_real(x, "x"), as_real(a_prev, "a_prev")
    expect_shape("x", x, (np.shape(W_x)[1], "m"))
    expect_shape("a_prev", a_prev, (np.shape(W_a)[1], x.shape[1]))
    return tanh(W_x @ x + W_a @ a_prev + b)


def rnn_cell_backward(da, a, x, a_prev, W_x, W_a):
    """From da (n_a, m) to (dx, da_prev, dW_x, dW_a, db), with tanh' = 1 − a²."""
    dz = as_real(da, "da") * (1 - a**2)
    return W_x.T @ dz, W_a.T @ dz, dz @ x.T, dz @ a_prev.T, dz.sum(axis=1, keepdims=True)


def rnn_forward(X, a0, W_x, W_a, b):
    """The cell unrolled over X (T, n_x, m) from state a0 (n_a, m): all states A (T, n_a, m)."""
    expect_shape("X", X, ("T", "n_x", "m"))
    states, a = [], a0
    for x in X:
        a = rnn_cell_forward(x, a, W_x, W_a, b)
        states.append(a)
    return np.stack(states)


def rnn_backward(dA, A, X, a0, W_x, W_a):
    """Backpropagation through time, from dA (T, n_a, m) to (dX, da0, dW_x, dW_a, db).

    A state gets a gradient from its own output and one from the step after it; the weights serve at
    every step, so their gradients add up.
    """
    expect_shape("dA", dA, np.shape(A))
    before = np.concatenate([a0[np.newaxis], A[:-1]])
    dX, da = np.zeros(X.shape, dtype=A.dtype), np.zeros_like(A[0])
    totals = [0, 0, 0]
    for t in reversed(range(len(X))):
        dX[t], da, *gradients = rnn_cell_backward(dA[t] + da, A[t], X[t], before[t], W_x, W_a)
        totals = [total + gradient for total, gradient in zip(totals, gradients, strict=True)]
    return dX, da, *totals
