"""Convolution and pooling: by hand, against plain loops at any shape, by slopes, by PyTorch."""

import math

import numpy as np
import pytest
from frozen import CASES, case
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn

POOLS = {"max": (nn.maxpool_forward, nn.maxpool_backward)}
POOLS["avg"] = (nn.avgpool_forward, nn.avgpool_backward)


@st.composite
def convolutions(draw):
    """(X, W, b, padding, stride) of any small size, whole numbers so that equal means equal."""
    size = st.integers(1, 3)
    f, padding, stride = draw(size), draw(st.integers(0, 3)), draw(size)
    H, width = (draw(st.integers(max(1, f - 2 * padding), 6)) for _ in range(2))
    C, F, m = draw(size), draw(size), draw(size)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    shapes = (C, H, width, m), (F, C, f, f), (F, 1)
    return *(rng.integers(-9, 10, size=s).astype(float) for s in shapes), padding, stride


def convolved_by_loops(X, W, b, padding, stride):
    """The definition, one product at a time."""
    F, C, f, _ = W.shape
    X = np.pad(X, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    H_out, W_out = ((n - f) // stride + 1 for n in X.shape[1:3])
    Z = np.zeros((F, H_out, W_out, X.shape[3]))
    for k, i, j in np.ndindex(F, H_out, W_out):
        Z[k, i, j] += b[k]
        for c, u, v in np.ndindex(C, f, f):
            Z[k, i, j] += W[k, c, u, v] * X[c, i * stride + u, j * stride + v]
    return Z


def layer_of(W, b, padding, stride):
    """A Conv2D with these filters."""
    F, C, f, _ = W.shape
    layer = nn.Conv2D(C, F, f, np.random.default_rng(0), padding=padding, stride=stride)
    layer.params["W"][...], layer.params["b"][...] = W, b
    return layer


@given(convolutions())
@settings(max_examples=150, deadline=None)
def test_every_convolution_equals_the_loops(arguments):
    expected = convolved_by_loops(*arguments)
    X, W, b, padding, stride = arguments
    np.testing.assert_array_equal(nn.conv2d_forward(*arguments), expected)
    np.testing.assert_array_equal(nn.conv2d_forward_fast(*arguments), expected)
    np.testing.assert_array_equal(layer_of(W, b, padding, stride).forward(X), expected)
    np.testing.assert_array_equal(layer_of(W, b, padding, stride).predict(X), expected)


@given(convolutions())
@settings(max_examples=100, deadline=None)
def test_backward_is_the_adjoint_of_forward(arguments):
    """⟨dZ, conv(X, W)⟩ as a function of X, of W and of b has the gradients that backward gives."""
    X, W, b, padding, stride = arguments
    Z = nn.conv2d_forward_fast(*arguments)
    dZ = np.random.default_rng(0).integers(-9, 10, size=Z.shape).astype(float)
    dX, dW, db = nn.conv2d_backward(dZ, X, W, padding, stride)
    total = np.sum(dZ * nn.conv2d_forward_fast(X, W, 0 * b, padding, stride))
    assert np.sum(dX * X) == np.sum(dW * W) == total
    np.testing.assert_array_equal(db[:, 0], dZ.sum(axis=(1, 2, 3)))
    layer = layer_of(W, b, padding, stride)
    layer.forward(X)
    np.testing.assert_array_equal(layer.backward(dZ), dX)
    np.testing.assert_array_equal(layer.grads["W"], dW)
    np.testing.assert_array_equal(layer.grads["b"], db)


@pytest.mark.parametrize(("padding", "stride"), [(0, 1), (1, 2), (2, 3)])
def test_conv_gradients_are_the_slopes(padding, stride, rng):
    X, W, b = rng.normal(size=(2, 5, 4, 2)), rng.normal(size=(3, 2, 3, 3)), rng.normal(size=(3, 1))
    dZ = rng.normal(size=nn.conv2d_forward_fast(X, W, b, padding, stride).shape)
    dX, dW, db = nn.conv2d_backward(dZ, X, W, padding, stride)
    losses = {
        "X": (X, dX, lambda X: np.sum(dZ * nn.conv2d_forward_fast(X, W, b, padding, stride))),
        "W": (W, dW, lambda W: np.sum(dZ * nn.conv2d_forward_fast(X, W, b, padding, stride))),
        "b": (b, db, lambda b: np.sum(dZ * nn.conv2d_forward_fast(X, W, b, padding, stride))),
    }
    for at, gradient, loss in losses.values():
        assert nn.relative_error(gradient, nn.complex_gradient(loss, at)) < 1e-12
        assert nn.relative_error(gradient, nn.numerical_gradient(loss, at)) < 1e-7


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("conv ")])
def test_convolutions_as_pytorch_says(name):
    t = case(name)
    _, _, stride, padding = name.split()
    arguments = t.X, t.W, t.b, int(padding), int(stride)
    for forward in (nn.conv2d_forward, nn.conv2d_forward_fast):
        assert nn.relative_error(forward(*arguments), t.Z) < 1e-14
    dX, dW, db = nn.conv2d_backward(t.dZ, t.X, t.W, int(padding), int(stride))
    for got, expected in ((dX, t.dX), (dW, t.dW), (db, t.db)):
        assert nn.relative_error(got, expected) < 1e-14


def test_six_by_six_with_a_vertical_edge():
    X = np.repeat([[10.0] * 3 + [0.0] * 3], 6, axis=0).reshape(1, 6, 6, 1)
    W = np.array([1.0, 0, -1] * 3).reshape(1, 1, 3, 3)
    Z = nn.conv2d_forward(X, W, np.zeros((1, 1)), 0, 1)
    np.testing.assert_array_equal(Z[0, :, :, 0], [[0, 30, 30, 0]] * 4)


@pytest.mark.parametrize(
    ("n", "f", "padding", "stride", "expected"),
    [(6, 3, 0, 1, 4), (8, 3, 0, 1, 6), (6, 3, 1, 1, 6), (7, 3, 0, 2, 3), (8, 3, 0, 2, 3)],
)
def test_output_size(n, f, padding, stride, expected):
    assert nn.conv_output_size(n, f, padding, stride) == expected


@pytest.mark.parametrize("arguments", [(2, 5, 1, 1), (3, 0, 0, 1), (3, 2, -1, 1), (3, 2, 0, 0)])
def test_output_size_refuses_what_does_not_fit(arguments):
    with pytest.raises(ValueError, match="does not fit|expected n, f, stride"):
        nn.conv_output_size(*arguments)


def test_zero_pad_by_hand():
    padded = nn.zero_pad(np.full((1, 1, 2, 1), 7, np.uint8), 1)
    np.testing.assert_array_equal(padded[0, :, :, 0], [[0, 0, 0, 0], [0, 7, 7, 0], [0, 0, 0, 0]])
    assert padded.dtype == np.float64


def test_im2col_by_hand():
    X = np.arange(9.0).reshape(1, 3, 3, 1)
    expected = [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]
    np.testing.assert_array_equal(nn.im2col(X, 2, 0, 1), expected)


def test_single_step_takes_any_bias_of_size_one():
    patch, W = np.arange(4.0).reshape(1, 2, 2), np.ones((1, 2, 2))
    assert nn.conv_single_step(patch, W, 1.0) == nn.conv_single_step(patch, W, np.ones((1, 1))) == 7


def test_flatten_keeps_samples_last(rng):
    X = rng.normal(size=(2, 3, 4, 5))
    np.testing.assert_array_equal(nn.flatten(X)[:, 3], X[..., 3].ravel())


@pytest.mark.parametrize(
    ("W_shape", "message"),
    [((2, 3, 2, 2), r"W: expected shape \(F, 2, f, f\)"), ((2, 2, 2, 3), "square filters, got 2")],
)
def test_filters_that_do_not_fit_are_refused(W_shape, message):
    with pytest.raises(ValueError, match=message):
        nn.conv2d_forward_fast(np.ones((2, 4, 4, 1)), np.ones(W_shape), np.zeros((2, 1)), 0, 1)


def test_max_pool_of_the_notes():
    X = np.array([[1.0, 5, 2, 7], [0, 3, 4, 6], [3, 1, 5, 2], [2, 0, 1, 4]]).reshape(1, 4, 4, 1)
    np.testing.assert_array_equal(nn.maxpool_forward(X, 2, 2)[0, :, :, 0], [[5, 7], [3, 5]])
    np.testing.assert_array_equal(nn.avgpool_forward(X, 2, 2)[0, :, :, 0], [[2.25, 4.75], [1.5, 3]])


@given(
    st.tuples(*[st.integers(1, 3), st.integers(3, 7), st.integers(3, 7), st.integers(1, 3)]),
    st.integers(1, 3), st.integers(1, 4), st.integers(0, 99),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_ties_go_to_the_first_maximum_in_c_order(shape, f, stride, seed):
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 3, size=shape).astype(float)
    A = nn.maxpool_forward(X, f, stride)
    dA = rng.integers(1, 9, size=A.shape).astype(float)
    expected = np.zeros(shape)
    for c, i, j, sample in np.ndindex(A.shape):
        window = X[c, i * stride : i * stride + f, j * stride : j * stride + f, sample]
        u, v = divmod(int(np.argmax(window)), f)
        assert A[c, i, j, sample] == window[u, v]
        expected[c, i * stride + u, j * stride + v, sample] += dA[c, i, j, sample]
    np.testing.assert_array_equal(nn.maxpool_backward(dA, X, f, stride), expected)


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(("f", "stride"), [(2, 2), (3, 1), (2, 3), (3, 2)])
def test_pools_as_pytorch_and_the_slopes_say(pool, f, stride):
    t, (forward, backward) = case(f"{pool}pool {f} {stride}"), POOLS[pool]
    assert nn.relative_error(forward(t.X, f, stride), t.A) < 1e-15
    dX = backward(t.dA, t.X, f, stride)
    assert nn.relative_error(dX, t.dX) < 1e-14
    slope = nn.complex_gradient(lambda X: np.sum(t.dA * forward(X, f, stride)), distinct(t.X))
    assert nn.relative_error(backward(t.dA, distinct(t.X), f, stride), slope) < 1e-12


def distinct(X):
    """X with every entry its own, so that no window has a tie."""
    return X + 1e-3 * np.arange(X.size).reshape(X.shape)


def test_average_pool_splits_evenly():
    dX = nn.avgpool_backward(np.array(8.0).reshape(1, 1, 1, 1), np.zeros((1, 2, 3, 1)), 2, 2)
    np.testing.assert_array_equal(dX[0, :, :, 0], [[2, 2, 0], [2, 2, 0]])


@pytest.mark.parametrize(("forward", "backward"), POOLS.values(), ids=POOLS)
def test_pools_take_pixels_and_leave_them(forward, backward):
    X = np.arange(16, dtype=np.uint8).reshape(1, 4, 4, 1)
    X.setflags(write=False)
    A = forward(X, 2, 2)
    assert A.dtype == backward(A, X, 2, 2).dtype == np.float64
    assert forward(X.astype(np.float32), 2, 2).dtype == np.float32


def test_cnn_as_pytorch_says():
    t = case("cnn")
    parameters = {name: getattr(t, name) for name in ("W1", "b1", "W2", "b2", "W3", "b3")}
    assert nn.relative_error(nn.cnn_forward(t.X, parameters), t.probabilities) < 1e-14
    assert math.isclose(nn.cnn_forward(t.X, parameters).sum(), 3)
