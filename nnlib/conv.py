"""Convolution: images X (C, H, W, m), filters W (F, C, f, f), biases b (F, 1), out (F, H', W', m).

What the field calls convolution is cross-correlation: filters are not flipped. All gradients are
sums over the samples. First the six loops, then the same as one matrix product.
"""

import numpy as np

from nnlib.arrays import as_real, expect_shape

__all__ = [
    "conv2d_backward",
    "conv2d_forward",
    "conv2d_forward_fast",
    "conv_output_size",
    "conv_single_step",
    "flatten",
    "im2col",
    "zero_pad",
]


def conv_output_size(n, f, padding, stride):
    """How often a window of f fits into n pixels: ⌊(n + 2p − f)/s⌋ + 1."""
    if min(n, f, stride) < 1 or padding < 0:
        raise ValueError(
            f"expected n, f, stride ≥ 1 and padding ≥ 0, got {n}, {f}, {stride} and {padding}"
        )
    if f > n + 2 * padding:
        raise ValueError(
            f"f: a window of {f} does not fit into {n} pixels with padding {padding}; "
            "use a smaller filter or more padding"
        )
    return (n + 2 * padding - f) // stride + 1


def zero_pad(X, p):
    """p rows and columns of zeros around each image: (C, H, W, m) → (C, H + 2p, W + 2p, m)."""
    X = as_real(X, "X")
    expect_shape("X", X, ("C", "H", "W", "m"))
    C, H, W, m = X.shape
    padded = np.zeros((C, H + 2 * p, W + 2 * p, m), dtype=X.dtype)
    padded[:, p : p + H, p : p + W] = X
    return padded


def conv_single_step(patch, W, b):
    """One filter at one place: Σ patch · W + b; patch and W (C, f, f), a number comes out."""
    patch, W = as_real(patch, "patch"), as_real(W, "W")
    expect_shape("patch", patch, W.shape)
    return np.sum(patch * W) + np.asarray(b).item()


def conv2d_forward(X, W, b, padding, stride):
    """Z (F, H', W', m), one place after another: six loops, three of them in conv_single_step."""
    X, W = as_real(X, "X"), as_real(W, "W")
    F, f, H_out, W_out, m = _sizes(X, W, padding, stride)
    expect_shape("b", b, (F, 1))
    padded = zero_pad(X, padding)
    Z = np.empty((F, H_out, W_out, m), dtype=np.result_type(X, W, b))
    for k in range(F):
        for i in range(H_out):
            for j in range(W_out):
                for sample in range(m):
                    rows = slice(i * stride, i * stride + f)
                    columns = slice(j * stride, j * stride + f)
                    patch = padded[:, rows, columns, sample]
                    Z[k, i, j, sample] = conv_single_step(patch, W[k], b[k])
    return Z


def im2col(X, f, padding, stride):
    """Every window as a column: (C, H, W, m) → (C·f·f, H'·W'·m).

    Rows in C order of (C, f, f), columns of (H', W', m). For one place (i, j) in the window, a
    slice of the images has its pixels in all windows at once: f·f copies instead of H'·W'·m.
    """
    X = as_real(X, "X")
    padded = zero_pad(X, padding)
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    columns = np.empty((C, f, f, H_out, W_out, m), dtype=padded.dtype)
    for i, j, place in offsets(f, H_out, W_out, stride):
        columns[:, i, j] = padded[place]
    return columns.reshape(C * f * f, H_out * W_out * m)


def conv2d_forward_fast(X, W, b, padding, stride):
    """conv2d_forward as one matrix product: filters as rows times windows as columns."""
    X, W = as_real(X, "X"), as_real(W, "W")
    F, f, H_out, W_out, m = _sizes(X, W, padding, stride)
    expect_shape("b", b, (F, 1))
    Z = W.reshape(F, -1) @ im2col(X, f, padding, stride) + b
    return Z.reshape(F, H_out, W_out, m)


def conv2d_backward(dZ, X, W, padding, stride):
    """From dZ (F, H', W', m) to (dX, dW, db), in the shapes of X, W and b.

    dW = dZ · columnsᵀ and dcolumns = Wᵀ · dZ as in a dense layer; then each pixel collects the
    gradients of all windows it was in (im2col run backwards), and the padding is cut off.
    """
    dZ, X, W = as_real(dZ, "dZ"), as_real(X, "X"), as_real(W, "W")
    F, f, H_out, W_out, m = _sizes(X, W, padding, stride)
    expect_shape("dZ", dZ, (F, H_out, W_out, m))
    rows = dZ.reshape(F, -1)
    dW = rows @ im2col(X, f, padding, stride).T
    db = rows.sum(axis=1, keepdims=True)

    C, H, width, _ = X.shape
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m), dtype=dcolumns.dtype)
    for i, j, place in offsets(f, H_out, W_out, stride):
        padded[place] += dcolumns[:, i, j]
    dX = padded[:, padding : padding + H, padding : padding + width]
    return np.ascontiguousarray(dX), dW.reshape(W.shape), db


def flatten(X):
    """Images (C, H, W, m) as columns (C·H·W, m); samples are last, so nothing moves."""
    X = np.asarray(X)
    return X.reshape(-1, X.shape[-1])


def _sizes(X, W, padding, stride):
    """F, f, H', W', m, after a look at the shapes."""
    expect_shape("X", X, ("C", "H", "W", "m"))
    expect_shape("W", W, ("F", X.shape[0], "f", "f"))
    F, _, f, width = W.shape
    if width != f:
        raise ValueError(f"W: expected square filters, got {f} × {width}")
    H_out, W_out = (conv_output_size(n, f, padding, stride) for n in X.shape[1:3])
    return F, f, H_out, W_out, X.shape[3]


def offsets(f, H_out, W_out, stride):
    """For each place (i, j) in a window, the slice of (C, H, W, m) that has it in all windows."""
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + stride * (H_out - 1) + 1, stride)
            columns = slice(j, j + stride * (W_out - 1) + 1, stride)
            yield i, j, (slice(None), rows, columns)
