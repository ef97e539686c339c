"""The overview's miniatures: a recurrent cell, attention, an autoencoder."""

import numpy as np
import pytest
from frozen import case

import nnlib as nn


def slopes(loss, arguments, gradients):
    """Each gradient against the complex step and nudges in its argument, the others held."""
    for i, gradient in enumerate(gradients):

        def of_one(value, i=i):
            return loss(*arguments[:i], value, *arguments[i + 1 :])

        assert nn.relative_error(gradient, nn.complex_gradient(of_one, arguments[i])) < 1e-12
        assert nn.relative_error(gradient, nn.numerical_gradient(of_one, arguments[i])) < 1e-7


def test_cell_by_hand():
    one = np.ones((1, 1))
    a = nn.rnn_cell_forward(one, one, 0.5 * one, -one, 0.5 * one + np.log(2))
    np.testing.assert_allclose(a, [[0.6]], rtol=1e-15)
    dx, da_prev, dW_x, dW_a, db = nn.rnn_cell_backward(one, a, 2 * one, 3 * one, 0.5 * one, -one)
    got = [g.item() for g in (dx, da_prev, dW_x, dW_a, db)]
    np.testing.assert_allclose(got, [0.32, -0.64, 1.28, 1.92, 0.64], rtol=1e-14)


def test_backpropagation_through_time_is_the_slope(rng):
    shapes = (4, 2, 3), (5, 3), (5, 2), (5, 5), (5, 1)
    arguments = [rng.normal(size=shape) for shape in shapes]
    dA = rng.normal(size=(4, 5, 3))
    X, a0, W_x, W_a, _ = arguments
    A = nn.rnn_forward(*arguments)
    gradients = nn.rnn_backward(dA, A, X, a0, W_x, W_a)
    slopes(lambda *args: np.sum(dA * nn.rnn_forward(*args)), arguments, gradients)


def test_recurrence_as_pytorch_says():
    t = case("rnn")
    A = nn.rnn_forward(t.X, t.a0, t.W_x, t.W_a, t.b)
    assert nn.relative_error(A, t.A) < 1e-14
    gradients = nn.rnn_backward(t.dA, A, t.X, t.a0, t.W_x, t.W_a)
    expected = t.dX, t.da0, t.dW_x, t.dW_a, t.db
    for got, right in zip(gradients, expected, strict=True):
        assert nn.relative_error(got, right) < 1e-13


def test_equal_keys_share_attention_equally():
    Q, K, V = np.ones((2, 1)), np.ones((2, 4)), np.array([[1.0, 2, 3, 6]])
    output, A = nn.attention_forward(Q, K, V)
    np.testing.assert_allclose(A, np.full((4, 1), 0.25), rtol=1e-15)
    np.testing.assert_allclose(output, [[3]], rtol=1e-15)


def test_attention_weights_by_hand():
    Q, K = np.array([[2.0], [0], [0], [0]]), np.zeros((4, 2))
    K[0, 1] = np.log(3)
    np.testing.assert_allclose(nn.attention_forward(Q, K, np.eye(2))[1], [[0.25], [0.75]])


def test_attention_gradients_are_the_slopes(rng):
    Q, K, V, dO = (rng.normal(size=s) for s in ((3, 4), (3, 5), (2, 5), (2, 4)))
    gradients = nn.attention_backward(dO, Q, K, V)
    slopes(lambda *args: np.sum(dO * nn.attention_forward(*args)[0]), [Q, K, V], gradients)


def test_attention_as_pytorch_says():
    t = case("attention")
    assert nn.relative_error(nn.attention_forward(t.Q, t.K, t.V)[0], t.O) < 1e-14
    for got, right in zip(
        nn.attention_backward(t.dO, t.Q, t.K, t.V), (t.dQ, t.dK, t.dV), strict=True
    ):
        assert nn.relative_error(got, right) < 1e-13


def test_self_attention_does_not_care_about_order(rng):
    X, W_q, W_k, W_v = (rng.normal(size=s) for s in ((3, 5), (2, 3), (2, 3), (4, 3)))
    order = rng.permutation(5)
    output, _ = nn.self_attention(X, W_q, W_k, W_v)
    shuffled, _ = nn.self_attention(X[:, order], W_q, W_k, W_v)
    np.testing.assert_allclose(shuffled, output[:, order], rtol=1e-12)


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([(3, 4), (2, 5), (2, 5)], r"K: expected shape \(3, k\), got \(2, 5\)"),
        ([(3, 4), (3, 5), (2, 4)], r"V: expected shape \(d_v, 5\), got \(2, 4\)"),
    ],
)
def test_attention_names_what_does_not_fit(shapes, message):
    with pytest.raises(ValueError, match=message):
        nn.attention_forward(*(np.ones(shape) for shape in shapes))


def test_an_autoencoder_squeezes_digits_through_eight_numbers():
    data, rng = nn.datasets.load_digits(), np.random.default_rng(0)
    X, X_test = nn.flatten(data.X_train), nn.flatten(data.X_test)
    model = nn.Autoencoder([64, 32, 8], rng)
    nn.fit(model.network, X, X, nn.least_squares, nn.Adam(0.005), 40, rng, progress=False)
    assert model.encode(X_test).shape == (8, 360)
    error = np.mean((model.reconstruct(X_test) - X_test) ** 2)
    assert error < 0.4 * np.mean((X.mean(axis=1, keepdims=True) - X_test) ** 2)
    np.testing.assert_array_equal(
        model.decode(model.encode(X_test)), model.network.predict(X_test, 360)
    )
