"""Forward and backward through a network, written as functions: the mathematics of lecture 05.

Parameters are a list of (W, b), one pair a layer: ReLU between the layers, a sigmoid at the end,
the mean cross-entropy as cost. Here dW and db carry the 1/m of that cost, as the notes write it;
the layers of `layers.py` only sum, and the 1/m is in the gradient that is passed to them.
"""

import numpy as np

from nnlib.activations import relu, sigmoid, tanh
from nnlib.arrays import as_real, expect_same_shape, expect_shape
from nnlib.initializers import he
from nnlib.losses import binary_cross_entropy_from_logits, cost

__all__ = [
    "graph_backward",
    "graph_forward",
    "initialize_parameters",
    "layer_shapes",
    "linear_backward",
    "linear_forward",
    "logistic_backward",
    "model_backward",
    "model_forward",
    "relu_backward",
    "sigmoid_backward",
    "train_two_layer",
    "two_layer_backward",
    "update_parameters",
]


def graph_forward(a, b, c):
    """J = 3(a + bc) step by step, as a dict: u = bc, v = a + u, J = 3v."""
    u = b * c
    v = a + u
    return {"u": u, "v": v, "J": 3 * v}


def graph_backward(a, b, c):
    """The slope of J = 3(a + bc) at every node, as a dict, from J back to a, b, c."""
    dv = 3.0
    du = dv * 1
    da = dv * 1
    return {"dv": dv, "du": du, "da": da, "db": du * c, "dc": du * b}


def logistic_backward(x, y, w, b):
    """One sample x (n_x, 1), y 0 or 1: slopes of its cross-entropy, (dw (n_x, 1), db).

    dL/da · da/dz = (−y/a + (1 − y)/(1 − a)) · a(1 − a) = a − y,   dz/dw = x
    """
    x, w = as_real(x, "x"), as_real(w, "w")
    expect_shape("x", x, ("n_x", 1))
    expect_shape("w", w, x.shape)
    dz = sigmoid(np.sum(w * x) + b) - y
    return dz * x, dz


def layer_shapes(sizes):
    """The shapes of W and b in each layer: [3, 4, 1] gives [((4, 3), (4, 1)), ((1, 4), (1, 1))]."""
    return [((n, n_prev), (n, 1)) for n_prev, n in zip(sizes, sizes[1:], strict=False)]


def initialize_parameters(sizes, rng):
    """A list of (W, b): W normal with variance 2/n_prev (He), b zero."""
    return [(he(W_shape, rng), np.zeros(b_shape)) for W_shape, b_shape in layer_shapes(sizes)]


def linear_forward(A_prev, W, b):
    """Z = W A_prev + b: A_prev (n_prev, m), W (n, n_prev), b (n, 1); Z (n, m) comes out."""
    A_prev, W = as_real(A_prev, "A_prev"), as_real(W, "W")
    expect_shape("W", W, ("n", "n_prev"))
    expect_shape("A_prev", A_prev, (W.shape[1], "m"))
    expect_shape("b", b, (W.shape[0], 1))
    return W @ A_prev + b


def linear_backward(dZ, A_prev, W):
    """From dZ (n, m) to (dA_prev (n_prev, m), dW (n, n_prev), db (n, 1)); dW and db are means.

    dW = dZ A_prevᵀ / m,   db = Σ dZ / m,   dA_prev = Wᵀ dZ
    """
    dZ, A_prev, W = as_real(dZ, "dZ"), as_real(A_prev, "A_prev"), as_real(W, "W")
    expect_shape("dZ", dZ, (W.shape[0], "m"))
    expect_shape("A_prev", A_prev, (W.shape[1], dZ.shape[1]))
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m


def relu_backward(dA, Z):
    """dZ = dA where Z > 0, else 0."""
    dA, Z = as_real(dA, "dA"), np.asarray(Z)
    expect_same_shape("dA", dA, "Z", Z)
    return dA * (Z > 0)


def sigmoid_backward(dA, Z):
    """dZ = dA · a(1 − a) with a = σ(Z)."""
    expect_same_shape("dA", dA, "Z", Z)
    A = sigmoid(Z)
    return as_real(dA, "dA") * A * (1 - A)


def model_forward(X, parameters):
    """All layers: (A_L (1, m), caches); caches[l − 1] is layer l's (A_prev, W, Z)."""
    A, caches = as_real(X, "X"), []
    for i, (W, b) in enumerate(parameters):
        Z = linear_forward(A, W, b)
        caches.append((A, W, Z))
        A = sigmoid(Z) if i == len(parameters) - 1 else relu(Z)
    return A, caches


def model_backward(A_L, Y, caches):
    """The (dW, db) of each layer, for the mean cross-entropy, from the last layer to the first.

    At the sigmoid's end dZ = A_L − Y, the saturating factors cancelled, so it is always finite.
    """
    A_L = as_real(A_L, "A_L")
    expect_same_shape("Y", Y, "A_L", A_L)
    dZ, gradients = A_L - Y, []
    for i in reversed(range(len(caches))):
        A_prev, W, _ = caches[i]
        dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.insert(0, (dW, db))
        if i > 0:
            dZ = relu_backward(dA_prev, caches[i - 1][2])
    return gradients


def update_parameters(parameters, gradients, learning_rate):
    """One step of gradient descent in every layer, as a new list of (W, b)."""
    return [
        (W - learning_rate * dW, b - learning_rate * db)
        for (W, b), (dW, db) in zip(parameters, gradients, strict=True)
    ]


def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    """Gradient descent on one hidden layer: (parameters, costs), the cost before each step."""
    X, costs = as_real(X, "X"), []
    parameters = initialize_parameters([X.shape[0], hidden, Y.shape[0]], rng)
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        costs.append(float(cost(binary_cross_entropy_from_logits(caches[-1][2], Y))))
        gradients = model_backward(A, Y, caches)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs


def two_layer_backward(X, Y, W1, b1, W2, b2):
    """Both passes through one tanh layer and a sigmoid: (dW1, db1, dW2, db2) of the mean loss.

    X (n_x, m), Y (1, m), W1 (n, n_x), b1 (n, 1), W2 (1, n), b2 (1, 1)
    """
    A1 = tanh(linear_forward(X, W1, b1))
    A2 = sigmoid(linear_forward(A1, W2, b2))
    expect_same_shape("Y", Y, "A2", A2)
    dA1, dW2, db2 = linear_backward(A2 - Y, A1, W2)
    _, dW1, db1 = linear_backward(dA1 * (1 - A1**2), X, W1)
    return dW1, db1, dW2, db2
