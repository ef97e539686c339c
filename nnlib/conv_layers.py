"""The layers of a convolutional network: images (C, H, W, m) in and out."""

import numpy as np

from nnlib.arrays import expect_shape
from nnlib.conv import conv_output_size
from nnlib.initializers import he
from nnlib.layers import Layer
from nnlib.pooling import avgpool_backward, avgpool_forward, maxpool_forward, to_the_maxima
from nnlib.stripes import dX_from_stripes, filters_as_matrix, filters_from_matrix, stacked, stripes

__all__ = ["AvgPool2D", "Conv2D", "MaxPool2D"]


class Conv2D(Layer):
    """F filters of f×f over C channels: X (C, H, W, m) → Z (F, H', W', m), see conv.py.

    Computes what conv2d_forward_fast and conv2d_backward do, by way of stripes.py.
    """

    def __init__(self, C, F, f, rng, padding=0, stride=1, initializer=he):
        super().__init__()
        self.learns(W=initializer((F, C, f, f), rng), b=np.zeros((F, 1)))
        self.padding, self.stride = padding, stride
        self.buffers = {}

    def predict(self, X):
        return self._convolve(X, np.zeros(self._buffer_shape(X), X.dtype))

    def forward(self, X):
        self.X_shape = X.shape
        self.stripes = self._buffer("stripes", self._buffer_shape(X), X.dtype)
        return self._convolve(X, self.stripes)

    def _convolve(self, X, buffer):
        F, _, f, _ = self.params["W"].shape
        H_out, W_out = self._out(X)
        stripes(X, f, self.padding, self.stride, W_out, buffer)
        columns = stacked(buffer, f, self.stride, H_out)
        Z = np.empty((F, H_out, W_out * X.shape[3]), np.result_type(self.params["W"], X))
        np.matmul(filters_as_matrix(self.params["W"]), columns, out=Z.transpose(1, 0, 2))
        Z += self.params["b"][:, :, np.newaxis]
        return Z.reshape(F, H_out, W_out, X.shape[3])

    def parameter_gradients(self, dZ):
        F, H_out, _, _ = dZ.shape
        columns = stacked(self.stripes, self.params["W"].shape[2], self.stride, H_out)
        rows = dZ.reshape(F, H_out, -1).transpose(1, 2, 0)
        # dWᵀ, not dW: BLAS is faster with the larger side, f·C·f, first.
        dW = (columns @ rows).sum(axis=0).T
        self.grads["W"][...] = filters_from_matrix(dW, self.params["W"].shape)
        np.sum(dZ.reshape(F, -1), axis=1, keepdims=True, out=self.grads["b"])

    def backward(self, dZ):
        self.parameter_gradients(dZ)
        F, _, W_out, m = dZ.shape
        f, Hp = self.params["W"].shape[2], self.X_shape[1] + 2 * self.padding
        buffer = self._buffer("dZ", (Hp + f - 1, F, W_out * m), dZ.dtype)
        return dX_from_stripes(
            dZ, self.params["W"], self.padding, self.stride, self.X_shape, buffer
        )

    def _out(self, X):
        _, C, f, _ = self.params["W"].shape
        expect_shape(f"input of {self}", X, (C, "H", "W", "m"))
        return [conv_output_size(n, f, self.padding, self.stride) for n in X.shape[1:3]]

    def _buffer_shape(self, X):
        _, C, f, _ = self.params["W"].shape
        W_out = self._out(X)[1]
        return X.shape[1] + 2 * self.padding, C * f, W_out * X.shape[3]

    def _buffer(self, name, shape, dtype):
        """An array kept from batch to batch: fresh memory costs more than filling it."""
        kept = self.buffers.get(name)
        if kept is None or kept.shape != shape or kept.dtype != dtype:
            kept = self.buffers[name] = np.zeros(shape, dtype)
        return kept

    def __repr__(self):
        F, C, f, _ = self.params["W"].shape
        return f"Conv2D({C}, {F}, {f}×{f}, padding {self.padding}, stride {self.stride})"


class MaxPool2D(Layer):
    """The largest pixel of each f×f window; stride f unless told otherwise."""

    def __init__(self, f, stride=None):
        super().__init__()
        self.f, self.stride = f, stride or f

    def predict(self, X):
        return maxpool_forward(X, self.f, self.stride)

    def forward(self, X):
        self.X, self.A = X, self.predict(X)
        return self.A

    def backward(self, dA):
        return to_the_maxima(dA, self.X, self.A, self.f, self.stride)

    def __repr__(self):
        return f"MaxPool2D({self.f}, stride {self.stride})"


class AvgPool2D(Layer):
    """The mean of each f×f window; stride f unless told otherwise."""

    def __init__(self, f, stride=None):
        super().__init__()
        self.f, self.stride = f, stride or f

    def predict(self, X):
        return avgpool_forward(X, self.f, self.stride)

    def forward(self, X):
        self.X = X
        return self.predict(X)

    def backward(self, dA):
        return avgpool_backward(dA, self.X, self.f, self.stride)

    def __repr__(self):
        return f"AvgPool2D({self.f}, stride {self.stride})"
