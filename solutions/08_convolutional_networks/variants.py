"""Programs that students would hand in for lecture 08."""

import numpy as np

import nnlib as nn
from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@equivalent(
    "maxpool_backward",
    "found = waiting & (X[:, rows, columns] == A) → found = (X[:, rows, columns] == A) & waiting",
    because="both sides of & are arrays of True and False, in either order",
)
def pictures_with_ties(rng):
    return rng.normal(size=(2, 3, 2, 3)), rng.integers(-2, 2, size=(2, 4, 3, 3)), 2, 1


@right("a dot product of the two, flattened")
def conv_single_step(patch, W, b):
    return np.dot(patch.ravel().astype(float), W.ravel()) + b


@right("a loop over channels")
def conv_single_step(patch, W, b):
    total = float(np.asarray(b).item())
    for pixels, weights in zip(patch, W):
        total += (pixels * weights).sum()
    return total


@wrong("forgets the bias", says="bias")
def conv_single_step(patch, W, b):
    return np.sum(patch * W)


@wrong("flips the filter", says="flipped")
def conv_single_step(patch, W, b):
    return np.sum(patch * W[:, ::-1, ::-1]) + np.asarray(b).item()


@wrong("multiplies but does not add up", says="a number")
def conv_single_step(patch, W, b):
    return patch * W + np.asarray(b).item()


@wrong("adds the bias to every product", says="got 43")
def conv_single_step(patch, W, b):
    return np.sum(patch * W + np.asarray(b).item())


@wrong("one number per channel", says="a number")
def conv_single_step(patch, W, b):
    return np.sum(patch * W, axis=(1, 2)) + np.asarray(b).item()


@wrong("cuts the sum to a byte", says="got -1.5")
def conv_single_step(patch, W, b):
    return np.sum(patch * W).astype(np.int8) + np.asarray(b).item()


@right("numpy's floor")
def conv_output_size(n, f, padding, stride):
    size = int(np.floor((n + 2 * padding - f) / stride)) + 1
    if size < 1:
        raise ValueError("too large")
    return size


@right("counts the places")
def conv_output_size(n, f, padding, stride):
    places = list(range(0, n + 2 * padding - f + 1, stride))
    if not places:
        raise ValueError("no place")
    return len(places)


@wrong("adds 1 before it divides", says="expected 4, got 3")
def conv_output_size(n, f, padding, stride):
    if f > n + 2 * padding:
        raise ValueError("too large")
    return (n + 2 * padding - f + 1) // stride


@wrong("pads one end only", says="expected 4, got 3")
def conv_output_size(n, f, padding, stride):
    if f > n + 2 * padding:
        raise ValueError("too large")
    return (n + padding - f) // stride + 1


@wrong("divides without rounding down", says="integer")
def conv_output_size(n, f, padding, stride):
    if f > n + 2 * padding:
        raise ValueError("too large")
    return (n + 2 * padding - f) / stride + 1


@wrong("raises nothing", says="nothing was raised")
def conv_output_size(n, f, padding, stride):
    return (n + 2 * padding - f) // stride + 1


@wrong("refuses the window that just fits", says="it stopped")
def conv_output_size(n, f, padding, stride):
    if f >= n + 2 * padding:
        raise ValueError("too large")
    return (n + 2 * padding - f) // stride + 1


@wrong("compares with the picture without its padding", says="ValueError")
def conv_output_size(n, f, padding, stride):
    if f > n + 2 * padding - 1 and padding == 1:
        raise ValueError("too large")
    if f > n + 2 * padding:
        raise ValueError("too large")
    return (n + 2 * padding - f) // stride + 1


@right("np.pad")
def zero_pad(X, p):
    return np.pad(X, ((0, 0), (p, p), (p, p), (0, 0)))


@right("glues rows and columns on")
def zero_pad(X, p):
    C, H, W, m = X.shape
    row = np.zeros((C, p, W, m))
    tall = np.concatenate([row, X, row], axis=1)
    column = np.zeros((C, H + 2 * p, p, m))
    return np.concatenate([column, tall, column], axis=2)


@wrong("pads all four axes", says="expected shape (1, 3, 4, 3)")
def zero_pad(X, p):
    return np.pad(X, p)


@wrong("the width only", says="expected shape (1, 3, 4, 3)")
def zero_pad(X, p):
    return np.pad(X, ((0, 0), (0, 0), (p, p), (0, 0)))


@wrong("slices from p to −p, which is empty for 0", says="could not broadcast")
def zero_pad(X, p):
    C, H, W, m = X.shape
    padded = np.zeros((C, H + 2 * p, W + 2 * p, m))
    padded[:, p:-p, p:-p] = X
    return padded


@wrong("repeats the border instead of zeros", says="the row above")
def zero_pad(X, p):
    return np.pad(X, ((0, 0), (p, p), (p, p), (0, 0)), mode="edge")


@wrong("writes the pictures into the upper left corner", says="the pixels, in the middle")
def zero_pad(X, p):
    C, H, W, m = X.shape
    padded = np.zeros((C, H + 2 * p, W + 2 * p, m))
    padded[:, :H, :W] = X
    return padded


@wrong("always one row and column when there is any", says="expected shape")
def zero_pad(X, p):
    q = min(p, 1)
    return np.pad(X, ((0, 0), (q, q), (q, q), (0, 0)))


@wrong("the argument itself where nothing is to do", says="argument itself")
def zero_pad(X, p):
    if p == 0:
        return X
    return np.pad(X, ((0, 0), (p, p), (p, p), (0, 0)))


@right("vectorised over samples and filters")
def conv2d_forward(X, W, b, padding, stride):
    f = W.shape[2]
    padded = zero_pad(X, padding)
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    Z = np.empty((W.shape[0], rows, columns, X.shape[3]))
    for i in range(rows):
        for j in range(columns):
            patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f]
            Z[:, i, j] = np.tensordot(W, patch, axes=3) + b
    return Z


@right("by way of im2col")
def conv2d_forward(X, W, b, padding, stride):
    f = W.shape[2]
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    Z = W.reshape(len(W), -1) @ im2col(X, f, padding, stride) + b
    return Z.reshape(len(W), rows, columns, X.shape[3])


@wrong("forgets the bias", says="bias")
def conv2d_forward(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    padded = zero_pad(X, padding)
    Z = np.zeros((F, rows, columns, m))
    for k in range(F):
        for i in range(rows):
            for j in range(columns):
                for n in range(m):
                    patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f, n]
                    Z[k, i, j, n] = conv_single_step(patch, W[k], 0)
    return Z


@wrong("flips the filter", says="flipped")
def conv2d_forward(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    padded = zero_pad(X, padding)
    Z = np.zeros((F, rows, columns, m))
    for k in range(F):
        for i in range(rows):
            for j in range(columns):
                for n in range(m):
                    patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f, n]
                    Z[k, i, j, n] = conv_single_step(patch, W[k][:, ::-1, ::-1], b[k])
    return Z


@wrong("ignores the padding", says="padding", keeps=("test_conv2d_forward",))
def conv2d_forward(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    rows = conv_output_size(X.shape[1], f, 0, stride)
    columns = conv_output_size(X.shape[2], f, 0, stride)
    padded = zero_pad(X, 0)
    Z = np.zeros((F, rows, columns, m))
    for k in range(F):
        for i in range(rows):
            for j in range(columns):
                for n in range(m):
                    patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f, n]
                    Z[k, i, j, n] = conv_single_step(patch, W[k], b[k])
    return Z


@wrong("moves by one pixel whatever the stride", says="stride", keeps=("test_conv2d_forward",))
def conv2d_forward(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    padded = zero_pad(X, padding)
    Z = np.zeros((F, rows, columns, m))
    for k in range(F):
        for i in range(rows):
            for j in range(columns):
                for n in range(m):
                    patch = padded[:, i * 1 : i * 1 + f, j * 1 : j * 1 + f, n]
                    Z[k, i, j, n] = conv_single_step(patch, W[k], b[k])
    return Z


@wrong("the bias of the first filter for all", says="the first, at [1, 0, 0, 0]")
def conv2d_forward(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    padded = zero_pad(X, padding)
    Z = np.zeros((F, rows, columns, m))
    for k in range(F):
        for i in range(rows):
            for j in range(columns):
                for n in range(m):
                    patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f, n]
                    Z[k, i, j, n] = conv_single_step(patch, W[k], b[0])
    return Z


@wrong(
    "an array of whole numbers where the pixels are",
    says="fractions",
    keeps=("test_conv2d_forward",),
)
def conv2d_forward(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    rows = conv_output_size(X.shape[1], f, padding, stride)
    columns = conv_output_size(X.shape[2], f, padding, stride)
    padded = zero_pad(X, padding)
    Z = np.zeros((F, rows, columns, m), dtype=X.dtype)
    for k in range(F):
        for i in range(rows):
            for j in range(columns):
                for n in range(m):
                    patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f, n]
                    Z[k, i, j, n] = conv_single_step(patch, W[k], b[k])
    return Z


@right("tensordot of filters and windows")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    windows = im2col(X, f, padding, stride).reshape(-1, f, f, H_out, W_out, m)
    return np.tensordot(W, windows, axes=3) + b.reshape(F, 1, 1, 1)


@right("adds up the f·f places")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    padded, Z = zero_pad(X, padding), np.zeros((F, H_out, W_out, m)) + b.reshape(F, 1, 1, 1)
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + stride * H_out, stride)
            pixels = padded[:, rows, j : j + stride * W_out : stride]
            Z += np.tensordot(W[:, :, i, j], pixels, axes=1)
    return Z


@wrong("forgets the bias", says="bias")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    Z = W.reshape(F, -1) @ im2col(X, f, padding, stride)
    return Z.reshape(F, H_out, W_out, m)


@wrong("flips the filter", says="flipped")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    Z = W[:, :, ::-1, ::-1].reshape(F, -1) @ im2col(X, f, padding, stride) + b
    return Z.reshape(F, H_out, W_out, m)


@wrong("samples first when it cuts into shape", says="not in their places")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    Z = W.reshape(F, -1) @ im2col(X, f, padding, stride) + b
    return Z.reshape(F, m, H_out, W_out).transpose(0, 2, 3, 1)


@wrong("ignores the stride", says="shape")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    H_out, W_out = X.shape[1] + 2 * padding - f + 1, X.shape[2] + 2 * padding - f + 1
    Z = W.reshape(F, -1) @ im2col(X, f, padding, 1) + b
    return Z.reshape(F, H_out, W_out, m)


@wrong("loops over the samples", says="samples")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    Z = np.zeros((F, H_out, W_out, m))
    for n in range(m):
        one = W.reshape(F, -1) @ im2col(X[..., n : n + 1], f, padding, stride) + b
        Z[..., n] = one.reshape(F, H_out, W_out)
    return Z


@wrong("loops over the places", says="pixels")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, f, m = W.shape[0], W.shape[2], X.shape[3]
    H_out = conv_output_size(X.shape[1], f, padding, stride)
    W_out = conv_output_size(X.shape[2], f, padding, stride)
    padded, Z = zero_pad(X, padding), np.zeros((F, H_out, W_out, m))
    for i in range(H_out):
        for j in range(W_out):
            patch = padded[:, i * stride : i * stride + f, j * stride : j * stride + f]
            Z[:, i, j] = np.tensordot(W, patch, axes=3) + b
    return Z


@wrong("asks a layer of the library", says="write this one yourself")
def conv2d_forward_fast(X, W, b, padding, stride):
    F, C, f, _ = W.shape
    layer = nn.Conv2D(C, F, f, np.random.default_rng(0), padding, stride)
    layer.params["W"], layer.params["b"] = W, b
    return layer.forward(X)


@right("sliding windows of numpy")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    views = np.lib.stride_tricks.sliding_window_view(padded, (f, f), axis=(1, 2))
    views = views[:, ::stride, ::stride].transpose(0, 4, 5, 1, 2, 3)
    return views.reshape(C * f * f, H_out * W_out * m)


@right("picks pixels by index")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    u, v = np.arange(f), np.arange(f)
    rows = u[:, None] + stride * np.arange(H_out)
    columns = v[:, None] + stride * np.arange(W_out)
    picked = padded[:, rows[:, None, :, None], columns[None, :, None, :]]
    return picked.reshape(C * f * f, -1)


@wrong("the window turned over its diagonal", says="at [1, 0]")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    columns = np.zeros((C, f, f, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + stride * H_out, stride)
            columns[:, j, i] = padded[:, rows, j : j + stride * W_out : stride]
    return columns.reshape(C * f * f, H_out * W_out * m)


@wrong("one row per window", says="transpose")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    columns = np.zeros((C, f, f, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + stride * H_out, stride)
            columns[:, i, j] = padded[:, rows, j : j + stride * W_out : stride]
    return columns.reshape(C * f * f, H_out * W_out * m).T


@wrong("samples before places", says="at [0, 1]")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    columns = np.zeros((C, f, f, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + stride * H_out, stride)
            columns[:, i, j] = padded[:, rows, j : j + stride * W_out : stride]
    return columns.transpose(0, 1, 2, 5, 3, 4).reshape(C * f * f, -1)


@wrong("channels last in a row", says="at [1, 0]")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    columns = np.zeros((C, f, f, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + stride * H_out, stride)
            columns[:, i, j] = padded[:, rows, j : j + stride * W_out : stride]
    return columns.transpose(1, 2, 0, 3, 4, 5).reshape(C * f * f, -1)


@wrong("neighbouring windows whatever the stride", says="stride")
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    columns = np.zeros((C, f, f, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows = slice(i, i + 1 * H_out, 1)
            columns[:, i, j] = padded[:, rows, j : j + 1 * W_out : 1]
    return columns.reshape(C * f * f, H_out * W_out * m)


@wrong("a loop over all windows", says="pixels", keeps=("test_im2col",))
def im2col(X, f, padding, stride):
    C, H, W, m = X.shape
    H_out = conv_output_size(H, f, padding, stride)
    W_out = conv_output_size(W, f, padding, stride)
    padded = zero_pad(X, padding)
    columns = np.zeros((C, f, f, H_out, W_out, m))
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            columns[:, :, :, i, j] = padded[:, top : top + f, left : left + f]
    return columns.reshape(C * f * f, H_out * W_out * m)


@right("without im2col: place by place, with tensordot")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    padded = zero_pad(X, padding)
    dX, dW = np.zeros(padded.shape), np.zeros(W.shape)
    for i in range(f):
        for j in range(f):
            down, right = slice(i, i + stride * H_out, stride), slice(j, j + stride * W_out, stride)
            dW[:, :, i, j] = np.tensordot(dZ, padded[:, down, right], axes=((1, 2, 3), (1, 2, 3)))
            dX[:, down, right] += np.tensordot(W[:, :, i, j], dZ, axes=(0, 0))
    db = dZ.sum(axis=(1, 2, 3)).reshape(F, 1)
    H, width = X.shape[1:3]
    return dX[:, padding : padding + H, padding : padding + width], dW, db


@right("einsum, in a dict")
def conv2d_backward(dZ, X, W, padding, stride):
    f = W.shape[2]
    _, H_out, W_out, m = dZ.shape
    windows = im2col(X, f, padding, stride).reshape(-1, f, f, H_out, W_out, m)
    dW = np.einsum("kpqn,cuvpqn->kcuv", dZ, windows)
    spread = np.einsum("kcuv,kpqn->cuvpqn", W, dZ)
    dX = zero_pad(np.zeros(X.shape), padding)
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            dX[:, i : i + stride * H_out : stride, across] += spread[:, i, j]
    dX = dX[:, padding : padding + X.shape[1], padding : padding + X.shape[2]]
    return {"dX": dX, "dW": dW, "db": dZ.sum(axis=(1, 2, 3))[:, np.newaxis]}


@wrong("overwrites where gradients add up", says="dX")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.sum(axis=1, keepdims=True)
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] = dcolumns[:, i, j]
    return padded[:, padding : padding + H, padding : padding + width], dW, db


@wrong("divides by m, as the loss does already", says="m = ")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape) / m
    db = rows.sum(axis=1, keepdims=True) / m
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j]
    return padded[:, padding : padding + H, padding : padding + width], dW, db


@wrong("flips the filter on the way back", says="flipped")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.sum(axis=1, keepdims=True)
    dcolumns = (W[:, :, ::-1, ::-1].reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j]
    return padded[:, padding : padding + H, padding : padding + width], dW, db


@wrong("the bias gradient loses its axis", says="axis")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.sum(axis=1)
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j]
    return padded[:, padding : padding + H, padding : padding + width], dW, db


@wrong("the mean for the bias", says="2 times too small")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.mean(axis=1, keepdims=True)
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j]
    return padded[:, padding : padding + H, padding : padding + width], dW, db


@wrong("leaves the padding on", says="shape", keeps=("test_conv2d_backward",))
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.sum(axis=1, keepdims=True)
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j]
    return padded, dW, db


@wrong(
    "gradients in an array of whole numbers",
    says="dX, padding 1, stride 1",
    keeps=("test_conv2d_backward",),
)
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.sum(axis=1, keepdims=True)
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m), dtype=X.dtype)
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j].astype(X.dtype)
    return padded[:, padding : padding + H, padding : padding + width], dW, db


@wrong("the order of the results", says="shape")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    H, width = X.shape[1:3]
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, padding, stride).T).reshape(W.shape)
    db = rows.sum(axis=1, keepdims=True)
    dcolumns = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    padded = np.zeros((C, H + 2 * padding, width + 2 * padding, m))
    for i in range(f):
        for j in range(f):
            across = slice(j, j + stride * W_out, stride)
            padded[:, i : i + stride * H_out : stride, across] += dcolumns[:, i, j]
    return dW, padded[:, padding : padding + H, padding : padding + width], db


@wrong("loops over the samples", says="samples", keeps=("test_conv2d_backward",))
def conv2d_backward(dZ, X, W, padding, stride):
    f = W.shape[2]
    F, H_out, W_out, m = dZ.shape
    dX, dW = np.zeros(zero_pad(X, padding).shape), np.zeros(W.shape)
    for n in range(m):
        columns = im2col(X[..., n : n + 1], f, padding, stride)
        dW += (dZ[..., n].reshape(F, -1) @ columns.T).reshape(W.shape)
        for i in range(f):
            for j in range(f):
                across = slice(j, j + stride * W_out, stride)
                part = np.tensordot(W[:, :, i, j], dZ[..., n], axes=(0, 0))
                dX[:, i : i + stride * H_out : stride, across, n] += part
    dX = dX[:, padding : padding + X.shape[1], padding : padding + X.shape[2]]
    return dX, dW, dZ.sum(axis=(1, 2, 3)).reshape(F, 1)


@wrong("asks a layer of the library", says="write this one yourself")
def conv2d_backward(dZ, X, W, padding, stride):
    F, C, f, _ = W.shape
    layer = nn.Conv2D(C, F, f, np.random.default_rng(0), padding, stride)
    layer.params["W"] = W
    layer.forward(X)
    dX = layer.backward(dZ)
    return dX, layer.grads["W"], layer.grads["b"]


@right("by way of im2col")
def conv2d_backward_repaired(dZ, X, W):
    F, C, f, _ = W.shape
    _, H_out, W_out, m = dZ.shape
    rows = dZ.reshape(F, -1)
    dW = (rows @ im2col(X, f, 0, 1).T).reshape(W.shape)
    spread = (W.reshape(F, -1).T @ rows).reshape(C, f, f, H_out, W_out, m)
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            dX[:, i : i + H_out, j : j + W_out] += spread[:, i, j]
    return dX, dW, rows.sum(axis=1, keepdims=True)


@right("one sample and filter at a time")
def conv2d_backward_repaired(dZ, X, W):
    f = W.shape[2]
    dX, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros((len(W), 1))
    for k, i, j, n in np.ndindex(dZ.shape):
        slope = dZ[k, i, j, n]
        dX[:, i : i + f, j : j + f, n] += slope * W[k]
        dW[k] += slope * X[:, i : i + f, j : j + f, n]
        db[k] += slope
    return dX, dW, db


@wrong("the faulty program as it is", says="2 times too small")
def conv2d_backward_repaired(dZ, X, W):
    f, m = W.shape[2], X.shape[3]
    _, H_out, W_out, _ = dZ.shape
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    db = dZ.mean(axis=(1, 2, 3)).reshape(-1, 1)
    for i in range(H_out):
        for j in range(W_out):
            patch = X[:, i : i + f, j : j + f]
            dW += np.tensordot(dZ[:, i, j], patch, axes=(1, 3)) / m
            dX[:, i : i + f, j : j + f] = np.tensordot(
                W[:, :, ::-1, ::-1], dZ[:, i, j], axes=(0, 0)
            )
    return dX, dW, db


@wrong("the mean for the bias stays", says="2 times too small")
def conv2d_backward_repaired(dZ, X, W):
    f, _m = W.shape[2], X.shape[3]
    _, H_out, W_out, _ = dZ.shape
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    db = dZ.mean(axis=(1, 2, 3)).reshape(-1, 1)
    for i in range(H_out):
        for j in range(W_out):
            patch = X[:, i : i + f, j : j + f]
            dW += np.tensordot(dZ[:, i, j], patch, axes=(1, 3))
            dX[:, i : i + f, j : j + f] += np.tensordot(W, dZ[:, i, j], axes=(0, 0))
    return dX, dW, db


@wrong("the division by m stays", says="3 times too small")
def conv2d_backward_repaired(dZ, X, W):
    f, m = W.shape[2], X.shape[3]
    _, H_out, W_out, _ = dZ.shape
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    db = dZ.sum(axis=(1, 2, 3)).reshape(-1, 1)
    for i in range(H_out):
        for j in range(W_out):
            patch = X[:, i : i + f, j : j + f]
            dW += np.tensordot(dZ[:, i, j], patch, axes=(1, 3)) / m
            dX[:, i : i + f, j : j + f] += np.tensordot(W, dZ[:, i, j], axes=(0, 0))
    return dX, dW, db


@wrong("still overwrites", says="each pixel from all its windows")
def conv2d_backward_repaired(dZ, X, W):
    f, _m = W.shape[2], X.shape[3]
    _, H_out, W_out, _ = dZ.shape
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    db = dZ.sum(axis=(1, 2, 3)).reshape(-1, 1)
    for i in range(H_out):
        for j in range(W_out):
            patch = X[:, i : i + f, j : j + f]
            dW += np.tensordot(dZ[:, i, j], patch, axes=(1, 3))
            dX[:, i : i + f, j : j + f] = np.tensordot(W, dZ[:, i, j], axes=(0, 0))
    return dX, dW, db


@wrong("the filter is still turned", says="each pixel from all its windows")
def conv2d_backward_repaired(dZ, X, W):
    f, _m = W.shape[2], X.shape[3]
    _, H_out, W_out, _ = dZ.shape
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    db = dZ.sum(axis=(1, 2, 3)).reshape(-1, 1)
    for i in range(H_out):
        for j in range(W_out):
            patch = X[:, i : i + f, j : j + f]
            dW += np.tensordot(dZ[:, i, j], patch, axes=(1, 3))
            dX[:, i : i + f, j : j + f] += np.tensordot(
                W[:, :, ::-1, ::-1], dZ[:, i, j], axes=(0, 0)
            )
    return dX, dW, db


@wrong("turned up and down only", says="each pixel from all its windows")
def conv2d_backward_repaired(dZ, X, W):
    f, _m = W.shape[2], X.shape[3]
    _, H_out, W_out, _ = dZ.shape
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    db = dZ.sum(axis=(1, 2, 3)).reshape(-1, 1)
    for i in range(H_out):
        for j in range(W_out):
            patch = X[:, i : i + f, j : j + f]
            dW += np.tensordot(dZ[:, i, j], patch, axes=(1, 3))
            dX[:, i : i + f, j : j + f] += np.tensordot(W[:, :, ::-1], dZ[:, i, j], axes=(0, 0))
    return dX, dW, db


@right("the maximum over stacked places")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    places = []
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            places.append(X[:, rows, columns])
    return np.max(places, axis=0)


@right("sliding windows of numpy")
def maxpool_forward(X, f, stride):
    views = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))
    return views[:, ::stride, ::stride].max(axis=(4, 5))


@wrong("begins at 0", says="0")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.zeros((C, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            A = np.maximum(A, X[:, rows, columns])
    return A


@wrong("the smallest", says="expected")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.full((C, H_out, W_out, m), np.inf)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            A = np.minimum(A, X[:, rows, columns])
    return A


@wrong("takes the stride to be 2", says="shape")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, 2), conv_output_size(W, f, 0, 2)
    A = np.full((C, H_out, W_out, m), -np.inf)
    for i in range(f):
        for j in range(f):
            rows, columns = slice(i, i + 2 * H_out, 2), slice(j, j + 2 * W_out, 2)
            A = np.maximum(A, X[:, rows, columns])
    return A


@wrong("the maximum over the samples as well", says="4×6, f = 2")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.full((C, H_out, W_out, m), -np.inf)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            A = np.maximum(A, X[:, rows, columns])
    return A.max(axis=3, keepdims=True) + 0 * A


@wrong("the mean", says="avgpool_forward")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.zeros((C, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            A += X[:, rows, columns] / f**2
    return A


@wrong("loops over the windows", says="pixels")
def maxpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.zeros((C, H_out, W_out, m))
    for i in range(H_out):
        for j in range(W_out):
            window = X[:, i * stride : i * stride + f, j * stride : j * stride + f]
            A[:, i, j] = window.max(axis=(1, 2))
    return A


@right("the index of the winner, place by place")
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    places = []
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            places.append(X[:, rows, columns])
    winner, dX, place = np.argmax(places, axis=0), np.zeros(X.shape), 0
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA * (winner == place)
            place += 1
    return dX


@right("gradients used up")
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    left, dX = dA.astype(float), np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            part = np.where(X[:, rows, columns] == A, left, 0)
            dX[:, rows, columns] += part
            left = left - part
    return dX


@wrong("to every maximum at a tie", says="tie")
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA * (X[:, rows, columns] == A)
    return dX


@wrong("to the last maximum", says="expected")
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    waiting = np.ones(A.shape, dtype=bool)
    dX = np.zeros(X.shape)
    for i in range(f - 1, -1, -1):
        for j in range(f - 1, -1, -1):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            found = waiting & (X[:, rows, columns] == A)
            dX[:, rows, columns] += dA * found
            waiting = waiting & ~found
    return dX


@wrong("overwrites where windows overlap", says="expected", keeps=("test_maxpool_backward",))
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    waiting = np.ones(A.shape, dtype=bool)
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            found = waiting & (X[:, rows, columns] == A)
            dX[:, rows, columns] = np.where(found, dA, dX[:, rows, columns])
            waiting = waiting & ~found
    return dX


@wrong("an equal part for every pixel", says="avgpool_backward")
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA / f**2
    return dX


@wrong("1 at the maxima, without the gradient", says="expected")
def maxpool_backward(dA, X, f, stride):
    A = maxpool_forward(X, f, stride)
    _, H_out, W_out, m = A.shape
    waiting = np.ones(A.shape, dtype=bool)
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            found = waiting & (X[:, rows, columns] == A)
            dX[:, rows, columns] += found
            waiting = waiting & ~found
    return dX


@wrong("loops over the windows", says="pixels", keeps=("test_maxpool_backward_2",))
def maxpool_backward(dA, X, f, stride):
    dX = np.zeros(X.shape)
    C, H_out, W_out, m = dA.shape
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            window = X[:, top : top + f, left : left + f].reshape(C, f * f, m)
            hot = np.arange(f * f).reshape(1, -1, 1) == window.argmax(axis=1)[:, np.newaxis]
            part = (hot * dA[:, i, j][:, np.newaxis]).reshape(C, f, f, m)
            dX[:, top : top + f, left : left + f] += part
    return dX


@wrong("asks a layer of the library", says="write this one yourself")
def maxpool_backward(dA, X, f, stride):
    layer = nn.MaxPool2D(f, stride)
    layer.forward(X)
    return layer.backward(dA)


@right("the mean over stacked places")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    places = []
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            places.append(X[:, rows, columns])
    return np.mean(places, axis=0)


@right("sliding windows of numpy")
def avgpool_forward(X, f, stride):
    views = np.lib.stride_tricks.sliding_window_view(X, (f, f), axis=(1, 2))
    return views[:, ::stride, ::stride].mean(axis=(4, 5))


@wrong("the sum", says="4 times too large")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    total = np.zeros((C, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            total = total + X[:, rows, columns]
    return total


@wrong("divides by f", says="2 times too large")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    total = np.zeros((C, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            total = total + X[:, rows, columns]
    return total / f


@wrong("whole numbers", says="fractions")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    total = np.zeros((C, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            total = total + X[:, rows, columns]
    return total // f**2


@wrong("the maximum", says="maxpool_forward")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.full((C, H_out, W_out, m), -np.inf)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            A = np.maximum(A, X[:, rows, columns])
    return A


@wrong("bytes overflow", says="bytes")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    total = np.zeros((C, H_out, W_out, m), dtype=X.dtype)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            total += X[:, rows, columns]
    return total / f**2


@wrong("divides by four, whatever the window", says="2.25 times too large")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    total = np.zeros((C, H_out, W_out, m))
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            total = total + X[:, rows, columns]
    return total / 4


@wrong("loops over the windows", says="pixels")
def avgpool_forward(X, f, stride):
    C, H, W, m = X.shape
    H_out, W_out = conv_output_size(H, f, 0, stride), conv_output_size(W, f, 0, stride)
    A = np.zeros((C, H_out, W_out, m))
    for i in range(H_out):
        for j in range(W_out):
            window = X[:, i * stride : i * stride + f, j * stride : j * stride + f]
            A[:, i, j] = window.mean(axis=(1, 2))
    return A


@right("shares first, then adds")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    share, dX = dA * (1 / (f * f)), np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += share
    return dX


@right("adds first, then divides")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA
    return dX / f**2


@wrong("the whole gradient for every pixel", says="4 times too large")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA
    return dX


@wrong("divides by f", says="2 times too large")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA / f
    return dX


@wrong("overwrites where windows overlap", says="expected")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] = dA / f**2
    return dX


@wrong("begins with the pixels", says="expected")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = X.astype(float)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA / f**2
    return dX


@wrong("an array of whole numbers", says="Every entry is 0")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = np.zeros_like(X)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += (dA / f**2).astype(X.dtype)
    return dX


@wrong("divides by four, whatever the window", says="2.25 times too large")
def avgpool_backward(dA, X, f, stride):
    _, H_out, W_out, _ = dA.shape
    dX = np.zeros(X.shape)
    for i in range(f):
        for j in range(f):
            rows, columns = (
                slice(i, i + stride * H_out, stride),
                slice(j, j + stride * W_out, stride),
            )
            dX[:, rows, columns] += dA / 4
    return dX


@right("a copy")
def flatten(X):
    return X.reshape(X.shape[0] * X.shape[1] * X.shape[2], X.shape[3]).copy()


@right("column by column")
def flatten(X):
    return np.stack([X[..., k].ravel() for k in range(X.shape[3])], axis=1)


@wrong("one row per sample", says="transpose")
def flatten(X):
    return X.reshape(-1, X.shape[3]).T


@wrong("takes samples to be first", says="shape")
def flatten(X):
    return X.reshape(X.shape[0], -1)


@wrong("cuts anew where it should exchange axes", says="not in their places")
def flatten(X):
    return X.reshape(X.shape[3], -1).T


@wrong("Fortran order", says="not in their places")
def flatten(X):
    return X.reshape(-1, X.shape[3], order="F")


@wrong("pixels first, channels last", says="not in their places")
def flatten(X):
    return X.transpose(1, 2, 0, 3).reshape(-1, X.shape[3])


@wrong("everything in one column", says="shape")
def flatten(X):
    return X.reshape(-1, 1)


@wrong("the first channel only", says="got shape (12, 5)")
def flatten(X):
    return X[0].reshape(-1, X.shape[3])


@right("pools before it rectifies, which is the same")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = np.maximum(maxpool_forward(Z, 2, 2), 0)
    return nn.softmax(parameters["W3"] @ flatten(A) + parameters["b3"])


@right("softmax by hand")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = maxpool_forward(nn.relu(Z), 2, 2)
    Z = nn.linear_forward(flatten(A), parameters["W3"], parameters["b3"])
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


@wrong("no ReLU", says="filters of 3 and 5")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = maxpool_forward(Z, 2, 2)
    return nn.softmax(parameters["W3"] @ flatten(A) + parameters["b3"])


@wrong("average pooling", says="filters of 3 and 5")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = avgpool_forward(nn.relu(Z), 2, 2)
    return nn.softmax(parameters["W3"] @ flatten(A) + parameters["b3"])


@wrong("padding of 1, whatever the filter", says="mismatch")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, 1, 1)
        A = maxpool_forward(nn.relu(Z), 2, 2)
    return nn.softmax(parameters["W3"] @ flatten(A) + parameters["b3"])


@wrong("scores instead of probabilities", says="expected")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = maxpool_forward(nn.relu(Z), 2, 2)
    return parameters["W3"] @ flatten(A) + parameters["b3"]


@wrong("softmax over the samples", says="expected")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = maxpool_forward(nn.relu(Z), 2, 2)
    return nn.softmax((parameters["W3"] @ flatten(A) + parameters["b3"]).T).T


@wrong("a softmax that overflows", says="overflow")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, b, W.shape[2] // 2, 1)
        A = maxpool_forward(nn.relu(Z), 2, 2)
    E = np.exp(parameters["W3"] @ flatten(A) + parameters["b3"])
    return E / E.sum(axis=0)


@wrong("forgets the biases of the filters", says="expected")
def cnn_forward(X, parameters):
    A = X
    for layer in ("1", "2"):
        W, b = parameters["W" + layer], parameters["b" + layer]
        Z = conv2d_forward_fast(A, W, 0 * b, W.shape[2] // 2, 1)
        A = maxpool_forward(nn.relu(Z), 2, 2)
    return nn.softmax(parameters["W3"] @ flatten(A) + parameters["b3"])
