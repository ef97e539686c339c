"""Scaled dot-product attention in miniature (Vaswani et al. 2017): every token looks at all others.

Tokens are columns: queries Q (d, n), keys K (d, k), values V (d_v, k).
"""

from nnlib.activations import softmax, softmax_backward
from nnlib.arrays import as_real, expect_shape

__all__ = ["attention_backward", "attention_forward", "self_attention"]


def attention_forward(Q, K, V):
    """(V A, A): each output column is a mean of the values, with the weights A (k, n).

    A = softmax(Kᵀ Q / √d), down the columns: the more a key is like a query, the more its value
    counts. Dots of d numbers grow like √d; the division keeps softmax from saturating.
    """
    Q, K, V = as_real(Q, "Q"), as_real(K, "K"), as_real(V, "V")
    expect_shape("Q", Q, ("d", "n"))
    expect_shape("K", K, (Q.shape[0], "k"))
    expect_shape("V", V, ("d_v", K.shape[1]))
    A = softmax(_scores(Q, K))
    return V @ A, A


def attention_backward(dO, Q, K, V):
    """From dO (d_v, n) to (dQ, dK, dV).

    dV = dO Aᵀ,   dS = softmax's backward of Vᵀ dO,   dQ = K dS / √d,   dK = Q dSᵀ / √d
    """
    output, A = attention_forward(Q, K, V)
    expect_shape("dO", dO, output.shape)
    scale = Q.shape[0] ** -0.5
    dS = softmax_backward(V.T @ dO, _scores(Q, K))
    return scale * K @ dS, scale * Q @ dS.T, dO @ A.T


def self_attention(X, W_q, W_k, W_v):
    """Three products make queries, keys and values from the same tokens X (n_x, n): (output, A)."""
    return attention_forward(W_q @ X, W_k @ X, W_v @ X)


def _scores(Q, K):
    """S = Kᵀ Q / √d, (k, n): how alike each key and query are."""
    return K.T @ Q * Q.shape[0] ** -0.5
