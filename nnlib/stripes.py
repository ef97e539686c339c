"""Convolution as the layer computes it: the same numbers as conv.py, faster and in less memory.

im2col copies every pixel f·f times. Here the images' rows come outermost, and each row is copied
only f times, shifted: (Hp, C, f, W'·m), where Hp = H + 2p. Then f consecutive rows, just as they
lie in memory, are the matrix (f·C·f, W'·m) of all windows of one row of output. `windows` is a
view of these H' overlapping matrices, and one matrix product each does the work.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

__all__ = ["dX_from_stripes", "filters_as_matrix", "filters_from_matrix", "stripes"]


def stripes(X, f, padding, stride, W_out, buffer):
    """Fill buffer (Hp, C·f, W'·m), zero at first: rows, then channels and shifts, then pixels."""
    C, H, W, m = X.shape
    shifted = buffer.reshape(len(buffer), C, f, W_out, m)
    rows = X.transpose(1, 0, 2, 3)
    for j in range(f):
        inside, pixels = _overlap(j, padding, stride, W, W_out)
        shifted[padding : padding + H, :, j, inside] = rows[:, :, pixels]


def stacked(buffer, f, stride, count):
    """A view of buffer (rows, K, L): matrices (f·K, L) of f rows, each `stride` below the last."""
    _, K, L = buffer.shape
    row, line, entry = buffer.strides
    return as_strided(buffer, (count, f * K, L), (stride * row, line, entry), writeable=False)


def filters_as_matrix(W):
    """W (F, C, f, f) as (F, f·C·f), in the order of the stacked rows."""
    return W.transpose(0, 2, 1, 3).reshape(len(W), -1)


def filters_from_matrix(matrix, shape):
    """The way back: (F, f·C·f) as (F, C, f, f)."""
    F, C, f, _ = shape
    return matrix.reshape(F, f, C, f).transpose(0, 2, 1, 3)


def dX_from_stripes(dZ, W, padding, stride, shape, buffer):
    """dX in the given shape (C, H, W, m); buffer (Hp + f − 1, F, W'·m) is zero at first.

    Row h of X was in the windows of at most f rows of dZ. They lie one below the other in buffer
    (with a stride, s − 1 rows of zeros between them), so one product sums over them as well.
    """
    F, C, f, _ = W.shape
    _, H, width, m = shape
    H_out, W_out = dZ.shape[1:3]
    buffer[f - 1 : f + stride * (H_out - 1) : stride] = dZ.reshape(F, H_out, -1).transpose(1, 0, 2)
    flipped = W[:, :, ::-1].transpose(1, 3, 2, 0).reshape(C * f, f * F)
    rows = flipped @ stacked(buffer[padding:], f, 1, H)
    shifted = rows.reshape(H, C, f, W_out, m).transpose(1, 0, 2, 3, 4)
    dX = np.zeros(shape, dtype=dZ.dtype)
    for j in range(f):
        inside, pixels = _overlap(j, padding, stride, width, W_out)
        dX[:, :, pixels] += shifted[:, :, j, inside]
    return dX


def _overlap(j, padding, stride, n, n_out):
    """Which windows have their place j inside the n pixels, and which pixels those are."""
    first = max(0, -((j - padding) // stride))
    last = max(first, min(n_out, (n - 1 + padding - j) // stride + 1))
    start = first * stride + j - padding
    return slice(first, last), slice(start, start + stride * (last - first), stride)
