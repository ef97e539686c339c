"""Activation functions, each beside its derivative. Any shape in, the same shape out.

A derivative is taken with respect to z and takes z. Only softmax looks at more than one entry:
it works down the columns, (C, m) in and (C, m) out.
"""

import numpy as np

from nnlib.arrays import as_real, expect_same_shape, expect_shape, magnitude

__all__ = [
    "arctan",
    "arctan_derivative",
    "elu",
    "elu_derivative",
    "identity",
    "identity_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "prelu",
    "prelu_derivative",
    "prelu_gradients",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_backward",
    "softmax_jacobian",
    "softplus",
    "softplus_derivative",
    "step",
    "step_derivative",
    "tanh",
    "tanh_derivative",
]


def identity(z):
    """f(z) = z, as a new array."""
    return as_real(z).copy()


def identity_derivative(z):
    """f'(z) = 1."""
    return np.ones_like(as_real(z))


def step(z):
    """1 where z > 0, else 0: the perceptron's activation."""
    return _where_positive(as_real(z))


def step_derivative(z):
    """0 everywhere (at 0 there is none): nothing for gradient descent to follow."""
    return np.zeros_like(as_real(z))


def sigmoid(z):
    """σ(z) = 1 / (1 + e⁻ᶻ) = eᶻ / (eᶻ + 1): the first form for z ≥ 0, the second below.

    The numerator is 1 or eᶻ, the denominator 1 + e^−|z|: no exponential exceeds 1.
    """
    z = as_real(z)
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-magnitude(z)))


def sigmoid_derivative(z):
    """σ'(z) = σ(z) (1 − σ(z)), at most 1/4."""
    a = sigmoid(z)
    return a * (1 - a)


def tanh(z):
    """tanh(z) = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ) = 2σ(2z) − 1."""
    return np.tanh(as_real(z))


def tanh_derivative(z):
    """tanh'(z) = 1 − tanh²(z), at most 1."""
    return 1 - tanh(z) ** 2


def arctan(z):
    """The angle whose tangent is z, between −π/2 and π/2."""
    return np.arctan(as_real(z))


def arctan_derivative(z):
    """arctan'(z) = 1 / (1 + z²)."""
    return 1 / (1 + as_real(z) ** 2)


def relu(z):
    """max(z, 0)."""
    return np.maximum(as_real(z), 0)


def relu_derivative(z):
    """1 where z > 0, else 0 (at 0 as well, by convention)."""
    return _where_positive(as_real(z))


def leaky_relu(z, alpha=0.01):
    """z where z > 0, else αz, with a small fixed slope α."""
    return prelu(z, alpha)


def leaky_relu_derivative(z, alpha=0.01):
    """1 where z > 0, else α (at 0 as well)."""
    return prelu_derivative(z, alpha)


def prelu(z, alpha):
    """max(z, 0) + α min(z, 0): a leaky ReLU whose slope α is learned."""
    z = as_real(z)
    return np.maximum(z, 0) + alpha * np.minimum(z, 0)


def prelu_derivative(z, alpha):
    """With respect to z: 1 where z > 0, else α (at 0 as well)."""
    positive = _where_positive(as_real(z))
    return positive + alpha * (1 - positive)


def prelu_gradients(dA, Z, alpha):
    """From dA = dL/dA to (dZ, dalpha); dalpha is a number: one α serves all entries.

    dZ = dA · prelu'(Z),   dα = Σ dA · min(Z, 0)
    """
    dA, Z = as_real(dA, "dA"), as_real(Z, "Z")
    expect_same_shape("dA", dA, "Z", Z)
    return dA * prelu_derivative(Z, alpha), np.sum(dA * np.minimum(Z, 0))


def elu(z, alpha=1.0):
    """z where z > 0, else α(eᶻ − 1)."""
    z = as_real(z)
    return np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0))


def elu_derivative(z, alpha=1.0):
    """1 where z > 0, else αeᶻ (α at 0)."""
    z = as_real(z)
    return np.where(z.real > 0, 1, alpha * np.exp(np.minimum(z, 0)))


def softplus(z):
    """ln(1 + eᶻ) = max(z, 0) + ln(1 + e^−|z|): a smooth ReLU."""
    z = as_real(z)
    return np.maximum(z, 0) + np.log1p(np.exp(-magnitude(z)))


def softplus_derivative(z):
    """softplus'(z) = σ(z)."""
    return sigmoid(z)


def softmax(Z):
    """Down each column of Z (C, m): e^z_c / Σ e^z. Columns sum to 1.

    Adding a number to a column changes nothing, so we subtract its maximum: no overflow.
    """
    Z = as_real(Z, "Z")
    e = np.exp(Z - Z.real.max(axis=0))
    return e / e.sum(axis=0)


def softmax_jacobian(z):
    """All the slopes ∂a_i/∂z_j = a_i(δ_ij − a_j) for one column z (C,), as a (C, C) matrix."""
    expect_shape("z", z, ("C",))
    a = softmax(z)
    return np.diag(a) - np.outer(a, a)


def softmax_backward(dA, Z):
    """From dA = dL/dA (C, m) to dZ (C, m), the Jacobians never written out.

    dz_j = Σ_i da_i a_i(δ_ij − a_j) = a_j (da_j − Σ_i a_i da_i)
    """
    expect_same_shape("dA", dA, "Z", Z)
    A = softmax(Z)
    return A * (dA - np.sum(A * dA, axis=0))


def _where_positive(z):
    """1 where z > 0, else 0, in z's own type."""
    return (z.real > 0).astype(z.dtype)
