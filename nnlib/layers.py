"""Layers: thin objects that stand on the functions and remember what the way back needs.

predict(A)             the output; nothing is remembered: what a trained network is used for
forward(A)             the same (but see Dropout and BatchNorm), remembering what backward needs
backward(dA)           from the cost's gradient at the output to that at the input; fills grads
parameter_gradients    only fills grads: for the first layer, as data need no gradient
params, grads          dicts of arrays, empty where there is nothing to learn
state                  a dict of what is neither learned nor fixed (BatchNorm's averages)

Samples are the last axis. Layers only sum over them: the 1/m of the cost is in the gradient that
is passed in, where `linear_backward` of lecture 05 puts it into dW and db.
"""

import numpy as np

from nnlib.activations import prelu, prelu_gradients, relu
from nnlib.arrays import expect_shape
from nnlib.conv import flatten
from nnlib.initializers import he
from nnlib.propagation import relu_backward
from nnlib.regularization import dropout_backward, dropout_forward

__all__ = ["Activation", "Dense", "Dropout", "Flatten", "Layer", "PReLU", "ReLU"]


class Layer:
    """A layer without parameters that hands everything through."""

    def __init__(self):
        self.params, self.grads, self.state = {}, {}, {}

    def predict(self, A):
        return A

    def forward(self, A):
        return self.predict(A)

    def parameter_gradients(self, dA):
        pass

    def backward(self, dA):
        return dA

    def learns(self, **params):
        """Declare the parameters: they become params, with grads of the same shapes."""
        self.params = params
        self.grads = {name: np.zeros_like(array) for name, array in params.items()}

    def __repr__(self):
        return type(self).__name__


class Dense(Layer):
    """Z = W A + b for A (n_in, m), with W (n_out, n_in), b (n_out, 1): Z (n_out, m).

    dW = dZ Aᵀ,   db = Σ dZ,   dA = Wᵀ dZ
    """

    def __init__(self, n_in, n_out, rng, initializer=he):
        super().__init__()
        self.learns(W=initializer((n_out, n_in), rng), b=np.zeros((n_out, 1)))

    def predict(self, A):
        expect_shape(f"input of {self}", A, (self.params["W"].shape[1], "m"))
        Z = self.params["W"] @ A
        Z += self.params["b"]
        return Z

    def forward(self, A):
        self.A = A
        return self.predict(A)

    def parameter_gradients(self, dZ):
        # Into the arrays that are there: they are parts of the network's one long vector.
        np.matmul(dZ, self.A.T, out=self.grads["W"])
        # Σ over the samples as a product with ones, which BLAS does faster than np.sum.
        np.matmul(dZ, np.ones((dZ.shape[1], 1), dZ.dtype), out=self.grads["b"])

    def backward(self, dZ):
        self.parameter_gradients(dZ)
        return self.params["W"].T @ dZ

    def __repr__(self):
        n_out, n_in = self.params["W"].shape
        return f"Dense({n_in}, {n_out})"


class Activation(Layer):
    """A = f(Z), dZ = dA f'(Z), for f and f': Activation(tanh, tanh_derivative)."""

    def __init__(self, function, derivative):
        super().__init__()
        self.function, self.derivative = function, derivative

    def predict(self, Z):
        return self.function(Z)

    def forward(self, Z):
        self.Z = Z
        return self.predict(Z)

    def backward(self, dA):
        return dA * self.derivative(self.Z)

    def __repr__(self):
        return f"Activation({getattr(self.function, '__name__', self.function)})"


class ReLU(Layer):
    """A = max(Z, 0). A > 0 just where Z > 0, so the output is all that backward needs."""

    def predict(self, Z):
        return relu(Z)

    def forward(self, Z):
        self.A = relu(Z)
        return self.A

    def backward(self, dA):
        return relu_backward(dA, self.A)


class PReLU(Layer):
    """A = max(Z, 0) + α min(Z, 0), with one slope α (1, 1) that is learned."""

    def __init__(self, alpha=0.25):
        super().__init__()
        self.learns(alpha=np.full((1, 1), alpha))

    def predict(self, Z):
        return prelu(Z, self.params["alpha"])

    def forward(self, Z):
        self.Z = Z
        return self.predict(Z)

    def parameter_gradients(self, dA):
        self.backward(dA)

    def backward(self, dA):
        dZ, self.grads["alpha"][...] = prelu_gradients(dA, self.Z, self.params["alpha"])
        return dZ


class Flatten(Layer):
    """(C, H, W, m) → (C·H·W, m) and back: only the shape changes."""

    def predict(self, X):
        return flatten(X)

    def forward(self, X):
        self.shape = X.shape
        return self.predict(X)

    def backward(self, dA):
        return dA.reshape(self.shape)


class Dropout(Layer):
    """Drops each entry with probability 1 − keep_prob while training, and nothing in predict."""

    def __init__(self, keep_prob, rng):
        super().__init__()
        self.keep_prob, self.rng = keep_prob, rng

    def forward(self, A):
        dropped, self.mask = dropout_forward(A, self.keep_prob, self.rng)
        return dropped

    def backward(self, dA):
        return dropout_backward(dA, self.mask, self.keep_prob)

    def __repr__(self):
        return f"Dropout({self.keep_prob})"
