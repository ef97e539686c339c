"""Propagation as functions: by hand, by the complex step, by nudging, by PyTorch."""

import numpy as np
import pytest
from frozen import case

import nnlib as nn


def mean_cross_entropy(X, Y, parameters):
    _, caches = nn.model_forward(X, parameters)
    return nn.cost(nn.binary_cross_entropy_from_logits(caches[-1][2], Y))


def test_graph_by_hand():
    assert nn.graph_forward(5, 3, 2) == {"u": 6, "v": 11, "J": 33}
    assert nn.graph_backward(5, 3, 2) == {"dv": 3, "du": 3, "da": 3, "db": 6, "dc": 9}


@pytest.mark.parametrize(("i", "name"), [(0, "da"), (1, "db"), (2, "dc")])
def test_graph_slopes_by_complex_step(i, name):
    at = np.array([0.7, -1.2, 2.5], dtype=complex)
    at[i] += 1e-30j
    slope = nn.graph_forward(*at)["J"].imag / 1e-30
    assert nn.graph_backward(*at.real)[name] == pytest.approx(slope, rel=1e-12)


def test_logistic_backward_by_hand():
    dw, db = nn.logistic_backward(np.array([[2.0], [-1.0]]), 1, np.zeros((2, 1)), 0.0)
    np.testing.assert_allclose(dw, [[-1], [0.5]], rtol=1e-15)
    assert db == -0.5


@pytest.mark.parametrize("score", [-1000.0, 1000.0])
def test_logistic_backward_is_finite_far_out(score):
    dw, db = nn.logistic_backward(np.ones((1, 1)), 0, np.full((1, 1), score), 0.0)
    assert dw.item() == db == (score > 0)


def test_shapes_of_the_layers():
    assert nn.layer_shapes([3, 5, 5, 3, 1]) == [
        ((5, 3), (5, 1)), ((5, 5), (5, 1)), ((3, 5), (3, 1)), ((1, 3), (1, 1)),
    ]  # fmt: skip


def test_start_is_he_normal(rng):
    ((W, b),) = nn.initialize_parameters([200, 300], rng)
    assert W.shape == (300, 200)
    assert W.var() == pytest.approx(2 / 200, rel=0.05)
    np.testing.assert_array_equal(b, np.zeros((300, 1)))


def test_linear_by_hand():
    W, b, A = (
        np.array([[1.0, 2.0], [0.0, -1.0]]),
        np.array([[1.0], [0.5]]),
        np.array([[3.0], [4.0]]),
    )
    np.testing.assert_array_equal(nn.linear_forward(A, W, b), [[12], [-3.5]])
    dA, dW, db = nn.linear_backward(np.array([[1.0, 3.0], [2.0, 0.0]]), np.eye(2), W)
    np.testing.assert_array_equal(dA, [[1, 3], [0, 6]])
    np.testing.assert_array_equal(dW, [[0.5, 1.5], [1, 0]])
    np.testing.assert_array_equal(db, [[2], [1]])


def test_linear_backward_is_the_slope_of_the_mean(rng):
    A, W, b, D = (rng.normal(size=s) for s in ((3, 5), (4, 3), (4, 1), (4, 5)))

    def mean(A, W, b):
        return np.sum(D * nn.linear_forward(A, W, b)) / 5

    dA, dW, db = nn.linear_backward(D, A, W)
    assert nn.relative_error(dW, nn.complex_gradient(lambda W: mean(A, W, b), W)) < 1e-12
    assert nn.relative_error(db, nn.complex_gradient(lambda b: mean(A, W, b), b)) < 1e-12
    assert nn.relative_error(dA / 5, nn.complex_gradient(lambda A: mean(A, W, b), A)) < 1e-12


def test_activations_backward_by_hand():
    Z = np.array([[-2.0, 0.0, 3.0]])
    np.testing.assert_array_equal(nn.relu_backward(np.full((1, 3), 5.0), Z), [[0, 0, 5]])
    np.testing.assert_array_equal(
        nn.sigmoid_backward(np.full((1, 1), 8.0), np.zeros((1, 1))), [[2]]
    )
    np.testing.assert_array_equal(nn.sigmoid_backward(np.ones((1, 2)), [[-1000, 1000]]), [[0, 0]])


def test_model_by_hand():
    parameters = [
        (np.array([[1.0], [-1.0]]), np.zeros((2, 1))),
        (np.array([[2.0, 1.0]]), np.ones((1, 1))),
    ]
    A, caches = nn.model_forward(np.array([[1.0, -3.0]]), parameters)
    np.testing.assert_array_equal(caches[1][2], [[3, 4]])
    np.testing.assert_allclose(A, 1 / (1 + np.exp([[-3.0, -4.0]])), rtol=1e-15)


def test_model_backward_is_the_slope(rng):
    X, Y = rng.normal(size=(3, 6)), (rng.random((1, 6)) < 0.5) * 1.0
    parameters = nn.initialize_parameters([3, 5, 4, 1], rng)
    A, caches = nn.model_forward(X, parameters)
    for i, gradients in enumerate(nn.model_backward(A, Y, caches)):
        for j, gradient in enumerate(gradients):

            def J(theta, i=i, j=j):
                layers = [list(layer) for layer in parameters]
                layers[i][j] = theta
                return mean_cross_entropy(X, Y, layers)

            at = parameters[i][j]
            assert nn.relative_error(gradient, nn.complex_gradient(J, at)) < 1e-12
            assert nn.relative_error(gradient, nn.numerical_gradient(J, at)) < 1e-7


def test_model_as_pytorch_says():
    t = case("two layers")
    A, caches = nn.model_forward(t.X, [(t.W1, t.b1), (t.W2, t.b2)])
    (dW1, db1), (dW2, db2) = nn.model_backward(A, t.Y, caches)
    assert nn.relative_error(A, t.A) < 1e-14
    for got, expected in ((dW1, t.dW1), (db1, t.db1), (dW2, t.dW2), (db2, t.db2)):
        assert nn.relative_error(got, expected) < 1e-13


def test_two_layers_with_tanh_are_the_slope(rng):
    X, Y = rng.normal(size=(3, 7)), (rng.random((1, 7)) < 0.5) * 1.0
    at = [rng.normal(size=shape) for shape in ((4, 3), (4, 1), (1, 4), (1, 1))]

    def J(i, theta):
        W1, b1, W2, b2 = (theta if i == j else value for j, value in enumerate(at))
        Z2 = W2 @ nn.tanh(W1 @ X + b1) + b2
        return nn.cost(nn.binary_cross_entropy_from_logits(Z2, Y))

    for i, gradient in enumerate(nn.two_layer_backward(X, Y, *at)):
        slopes = nn.complex_gradient(lambda theta, i=i: J(i, theta), at[i])
        assert nn.relative_error(gradient, slopes) < 1e-12


def test_update_makes_a_new_list():
    W, b = np.ones((1, 1)), np.zeros((1, 1))
    ((W_new, b_new),) = nn.update_parameters([(W, b)], [(W, W)], 0.5)
    assert (W.item(), b.item(), W_new.item(), b_new.item()) == (1, 0, 0.5, -0.5)


def test_two_layers_learn_xor():
    X, Y = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 0]])
    parameters, costs = nn.train_two_layer(X, Y, 8, 0.5, 500, np.random.default_rng(0))
    assert len(costs) == 500
    assert costs[-1] < 0.02 < costs[0]
    A, _ = nn.model_forward(X, parameters)
    np.testing.assert_array_equal(A > 0.5, Y == 1)


@pytest.mark.parametrize(
    ("f", "shapes", "message"),
    [
        (nn.linear_forward, [(2, 5), (4, 3), (4, 1)], "A_prev: expected shape (3, m), got (2, 5)"),
        (nn.linear_forward, [(3, 5), (4, 3), (4,)], "b: expected shape (4, 1), got (4,)"),
        (nn.linear_backward, [(4, 5), (3, 6), (4, 3)], "A_prev: expected shape (3, 5), got (3, 6)"),
    ],
)
def test_wrong_shapes_are_named(f, shapes, message):
    with pytest.raises(ValueError, match="expected shape") as error:
        f(*(np.ones(shape) for shape in shapes))
    assert str(error.value) == message
