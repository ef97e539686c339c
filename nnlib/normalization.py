"""Batch normalization: each feature of a batch shifted and scaled to mean 0 and variance 1.

A feature is the first axis: a row of (n, m), or a channel of (C, H, W, m), over all its pixels.
"""

import numpy as np

from nnlib.arrays import as_real, expect_same_shape, expect_shape
from nnlib.layers import Layer

__all__ = ["BatchNorm", "batchnorm_backward", "batchnorm_forward"]


def batchnorm_forward(X, gamma, beta, eps=1e-5):
    """Y = γ X̂ + β with X̂ = (X − mean) / √(var + ε): (Y, (X̂, mean (n, 1), var (n, 1)))."""
    X = as_real(X, "X")
    rows = X.reshape(X.shape[0], -1)
    mean = rows.mean(axis=1, keepdims=True)
    centred = rows - mean
    var = np.mean(centred * centred, axis=1, keepdims=True)  # np.var would drop imaginary parts
    X_hat = centred / np.sqrt(var + eps)
    Y = gamma * X_hat + beta
    return Y.reshape(X.shape), (X_hat.reshape(X.shape), mean, var)


def batchnorm_backward(dY, X_hat, var, gamma, eps=1e-5):
    """(dX, dgamma (n, 1), dbeta (n, 1)).

    Every x moves the mean and the variance too, hence the two means:
    dX = (dX̂ − mean(dX̂) − X̂ mean(dX̂ X̂)) / √(var + ε) with dX̂ = γ dY
    """
    dY = as_real(dY, "dY")
    expect_same_shape("dY", dY, "X_hat", X_hat)
    d, x = dY.reshape(dY.shape[0], -1), X_hat.reshape(dY.shape[0], -1)
    dgamma = np.sum(d * x, axis=1, keepdims=True)
    dbeta = np.sum(d, axis=1, keepdims=True)
    dX = (d - dbeta / d.shape[1] - x * (dgamma / d.shape[1])) * (gamma / np.sqrt(var + eps))
    return dX.reshape(dY.shape), dgamma, dbeta


class BatchNorm(Layer):
    """Normalizes n features by the batch when training, by running averages in predict.

    average ← momentum · average + (1 − momentum) · this batch's
    """

    def __init__(self, n, momentum=0.9, eps=1e-5):
        super().__init__()
        self.momentum, self.eps = momentum, eps
        self.learns(gamma=np.ones((n, 1)), beta=np.zeros((n, 1)))
        self.state = {"mean": np.zeros((n, 1)), "var": np.ones((n, 1))}

    def predict(self, X):
        rows = X.reshape(X.shape[0], -1)
        scale = self.params["gamma"] / np.sqrt(self.state["var"] + self.eps).astype(X.real.dtype)
        shift = self.params["beta"] - scale * self.state["mean"].astype(X.real.dtype)
        return (scale * rows + shift).reshape(X.shape)

    def forward(self, X):
        expect_shape(f"input of {self}", X, (len(self.state["mean"]), *X.shape[1:]))
        Y, (self.X_hat, mean, self.var) = batchnorm_forward(X, **self.params, eps=self.eps)
        for name, new in (("mean", mean), ("var", self.var)):
            self.state[name] += (1 - self.momentum) * (new.real - self.state[name])
        return Y

    def parameter_gradients(self, dY):
        self.backward(dY)

    def backward(self, dY):
        gamma = self.params["gamma"]
        dX, self.grads["gamma"][...], self.grads["beta"][...] = batchnorm_backward(
            dY, self.X_hat, self.var, gamma, self.eps
        )
        return dX

    def __repr__(self):
        return f"BatchNorm({len(self.state['mean'])})"
