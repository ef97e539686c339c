"""What depth does to a network: layers that collapse, gradients that vanish, units that die.

Weights are matrices W (n, n_prev), signals (n, m).
"""

import numpy as np

from nnlib.arrays import as_real, expect_shape

__all__ = ["clip_by_global_norm", "collapse_linear_layers", "dead_fraction", "gradient_norms"]


def collapse_linear_layers(W1, b1, W2, b2):
    """Two layers without an activation are one: W2(W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2)."""
    W1, W2 = as_real(W1, "W1"), as_real(W2, "W2")
    expect_shape("W1", W1, ("n_1", "n_0"))
    expect_shape("W2", W2, ("n_2", W1.shape[0]))
    expect_shape("b1", b1, (W1.shape[0], 1))
    expect_shape("b2", b2, (W2.shape[0], 1))
    return W2 @ W1, W2 @ b1 + b2


def gradient_norms(Ws, X, f, f_derivative):
    """‖dL/dZˡ‖ of every layer, first to last, for A⁰ = X, Zˡ = Wₗ Aˡ⁻¹, Aˡ = f(Zˡ), L = Σ Aᴸ."""
    A, Zs = as_real(X, "X"), []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones_like(A), []
    for W, Z in zip(reversed(Ws), reversed(Zs), strict=True):
        dZ = dA * f_derivative(Z)
        norms.insert(0, float(np.linalg.norm(dZ)))
        dA = W.T @ dZ
    return norms


def dead_fraction(Z):
    """The fraction of units, rows of Z (n, m), that are positive for no sample."""
    expect_shape("Z", Z, ("n", "m"))
    return np.mean(np.max(Z, axis=1) <= 0)


def clip_by_global_norm(gradients, max_norm):
    """A list like gradients; if their norm taken together exceeds max_norm, all scaled down to it.

    Scaling all by one number keeps the direction of the step.
    """
    gradients = [as_real(g, "gradients") for g in gradients]
    norm = np.sqrt(sum(np.vdot(g, g).real for g in gradients))
    scale = max_norm / norm if norm > max_norm else 1
    return [g * scale for g in gradients]
