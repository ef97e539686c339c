"""Gradient descent on any function: against the slope, one step at a time."""

import numpy as np

from nnlib.arrays import as_real, expect_same_shape

__all__ = ["gradient_descent", "gradient_step"]


def gradient_step(w, dw, learning_rate):
    """w − α dw, any one shape: to the left where the slope is positive, to the right where not."""
    w, dw = as_real(w, "w"), as_real(dw, "dw")
    expect_same_shape("dw", dw, "w", w)
    return w - learning_rate * dw


def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    """At most so many steps from w0: (w, history), the list of every w from w0 on.

    Before each step it stops if no entry of gradient(w) is larger than the tolerance.
    """
    w = as_real(w0, "w0").copy()
    history = [w.copy()]
    for _ in range(steps):
        dw = gradient(w)
        if np.max(np.abs(dw)) <= tolerance:
            break
        w = gradient_step(w, dw, learning_rate)
        history.append(w.copy())
    return w, history
