"""Pooling: one number for each window of each channel. X (C, H, W, m) in, (C, H', W', m) out.

A window is seen as its f·f places: one strided slice of the images for each, never a window alone.
"""

import numpy as np

from nnlib.arrays import as_real, expect_shape
from nnlib.conv import conv_output_size, offsets

__all__ = ["avgpool_backward", "avgpool_forward", "maxpool_backward", "maxpool_forward"]


def maxpool_forward(X, f, stride):
    """The largest pixel of each window."""
    X = as_real(X, "X")
    slices = [X[place] for place in _windows(X, f, stride)]
    A = slices[0].copy()
    for pixels in slices[1:]:
        np.maximum(A, pixels, out=A)
    return A


def maxpool_backward(dA, X, f, stride):
    """dX: each window's gradient goes to its maximum, in a tie to the first in C order."""
    return to_the_maxima(dA, X, maxpool_forward(X, f, stride), f, stride)


def avgpool_forward(X, f, stride):
    """The mean of each window."""
    X = as_real(X, "X")
    return sum(X[place] for place in _windows(X, f, stride)) / f**2


def avgpool_backward(dA, X, f, stride):
    """dX: each window's gradient is shared equally among its f·f pixels."""
    dA, X = as_real(dA, "dA"), as_real(X, "X")
    windows = _windows(X, f, stride)
    expect_shape("dA", dA, X[windows[0]].shape)
    dX = np.zeros(X.shape, dtype=dA.dtype)
    for place in windows:
        dX[place] += dA / f**2
    return dX


def _windows(X, f, stride):
    """The f·f slices of X, in C order."""
    expect_shape("X", X, ("C", "H", "W", "m"))
    H_out, W_out = (conv_output_size(n, f, 0, stride) for n in X.shape[1:3])
    return [place for _, _, place in offsets(f, H_out, W_out, stride)]


def to_the_maxima(dA, X, A, f, stride):
    """maxpool_backward when the maxima A (C, H', W', m) are known."""
    dA, X = as_real(dA, "dA"), as_real(X, "X")
    expect_shape("dA", dA, A.shape)
    # Where each pixel is in one window, all of dX gets written: no zeros first, no adding.
    tiled = stride == f and X.shape[1] % f == X.shape[2] % f == 0
    dX = np.empty(X.shape, dA.dtype) if tiled else np.zeros(X.shape, dA.dtype)
    waiting = np.ones(A.shape, dtype=bool)  # windows whose maximum was not met so far
    windows = _windows(X, f, stride)
    for place in windows:
        found = waiting if place is windows[-1] else waiting & (X[place] == A)
        if tiled:
            np.multiply(dA, found, out=dX[place])
        else:
            dX[place] += dA * found
        waiting = waiting ^ found
    return dX
