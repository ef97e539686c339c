"""One step of each optimizer as a pure function: the mathematics of lecture 07.

w and dw have any one shape. The state is None at the first call and afterwards what the last call
returned; nothing passed in is changed. The classes of `optimizers.py` do the same in place.
"""

import numpy as np

from nnlib.arrays import as_real, expect_same_shape, expect_shape

__all__ = [
    "adagrad_step",
    "adam_step",
    "decayed_learning_rate",
    "ewma",
    "momentum_step",
    "rmsprop_step",
    "sample_log_uniform",
    "sgd_step",
]


def ewma(values, beta, bias_correction=False):
    """Exponentially weighted average of values (n,): v_t = β v_{t−1} + (1 − β) a_t, from v_0 = 0.

    With bias_correction each v_t is divided by 1 − βᵗ, the sum of the weights so far.
    """
    values = as_real(values, "values")
    expect_shape("values", values, ("n",))
    averages, v = np.empty_like(values), 0.0
    for t, a in enumerate(values):
        v = beta * v + (1 - beta) * a
        averages[t] = v / (1 - beta ** (t + 1)) if bias_correction else v
    return averages


def sgd_step(w, dw, learning_rate):
    """w − α dw."""
    w, dw = _pair(w, dw)
    return w - learning_rate * dw


def momentum_step(w, dw, state, learning_rate, beta=0.9):
    """v ← βv + (1 − β) dw,   w ← w − αv.   (w, v)"""
    w, dw = _pair(w, dw)
    v = np.zeros_like(w) if state is None else state
    v = beta * v + (1 - beta) * dw
    return w - learning_rate * v, v


def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    """s ← s + dw²,   w ← w − α dw / (√s + ε).   (w, s): s only grows, so the steps shrink."""
    w, dw = _pair(w, dw)
    s = np.zeros_like(w) if state is None else state
    s = s + dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    """s ← βs + (1 − β) dw²,   w ← w − α dw / (√s + ε).   (w, s): s forgets."""
    w, dw = _pair(w, dw)
    s = np.zeros_like(w) if state is None else state
    s = beta * s + (1 - beta) * dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """Momentum and RMSprop together, both corrected for starting at 0.   (w, (v, s, t))

    v ← β₁v + (1 − β₁) dw,   s ← β₂s + (1 − β₂) dw²,   v̂ = v/(1 − β₁ᵗ),   ŝ = s/(1 − β₂ᵗ),
    w ← w − α v̂ / (√ŝ + ε)
    """
    w, dw = _pair(w, dw)
    v, s, t = (np.zeros_like(w), np.zeros_like(w), 0) if state is None else state
    t = t + 1
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
    return w - learning_rate * v_hat / (np.sqrt(s_hat) + eps), (v, s, t)


def decayed_learning_rate(learning_rate, decay, epoch):
    """α / (1 + decay · epoch)."""
    return learning_rate / (1 + decay * epoch)


def sample_log_uniform(low, high, size, rng):
    """Numbers between low and high whose logarithm is uniform: each decade equally often."""
    if not 0 < low <= high:
        raise ValueError(f"low, high: expected 0 < low ≤ high, got {low} and {high}")
    return np.exp(rng.uniform(np.log(low), np.log(high), size))


def _pair(w, dw):
    w, dw = as_real(w, "w"), as_real(dw, "dw")
    expect_same_shape("dw", dw, "w", w)
    return w, dw
