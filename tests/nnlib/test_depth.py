"""Depth and regularization: by hand, by the complex step, and in distribution."""

import numpy as np
import pytest

import nnlib as nn


def test_two_linear_layers_are_one(rng):
    W1, b1, W2, b2, X = (rng.normal(size=s) for s in ((4, 3), (4, 1), (2, 4), (2, 1), (3, 5)))
    W, b = nn.collapse_linear_layers(W1, b1, W2, b2)
    assert nn.relative_error(W @ X + b, W2 @ (W1 @ X + b1) + b2) < 1e-14


def test_gradient_norms_by_hand():
    Ws = [np.array([[2.0]]), np.array([[3.0]])]
    norms = nn.gradient_norms(Ws, np.array([[1.0]]), nn.identity, nn.identity_derivative)
    assert norms == [3, 1]


def test_gradient_norms_are_those_of_the_slopes(rng):
    Ws, X = [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))], rng.normal(size=(3, 5))
    first = nn.complex_gradient(lambda Z: np.sum(nn.tanh(Ws[1] @ nn.tanh(Z))), Ws[0] @ X)
    norms = nn.gradient_norms(Ws, X, nn.tanh, nn.tanh_derivative)
    assert norms[0] == pytest.approx(np.linalg.norm(first), rel=1e-12)


def test_dead_fraction_counts_rows_that_never_fire():
    assert nn.dead_fraction(np.array([[-1.0, 0.0], [-1.0, 2.0], [0.0, 0.0], [3.0, 4.0]])) == 0.5


def test_clipping_keeps_the_direction():
    clipped = nn.clip_by_global_norm([np.array([3.0]), np.array([[4.0]])], 1.0)
    np.testing.assert_allclose(clipped[0], [0.6], rtol=1e-15)
    np.testing.assert_allclose(clipped[1], [[0.8]], rtol=1e-15)


@pytest.mark.parametrize("max_norm", [5.0, 6.0])
def test_short_gradients_stay_as_they_are(max_norm):
    gradients = [np.array([3.0]), np.array([4.0])]
    clipped = nn.clip_by_global_norm(gradients, max_norm)
    assert [g.item() for g in clipped] == [3, 4]
    assert not np.shares_memory(clipped[0], gradients[0])


def test_clipping_zeros_divides_by_nothing():
    assert nn.clip_by_global_norm([np.zeros(2)], 1.0)[0].tolist() == [0, 0]


def test_l2_by_hand_and_slope(rng):
    assert nn.l2_cost([np.array([[1.0, 2.0]]), np.array([[2.0]])], 0.5, 9) == pytest.approx(0.25)
    W = rng.normal(size=(3, 2))
    slope = nn.complex_gradient(lambda W: nn.l2_cost([W], 0.7, 5), W)
    assert nn.relative_error(nn.l2_gradient(W, 0.7, 5), slope) < 1e-12


def test_dropout_keeps_the_mean(rng):
    A = np.ones((200, 500))
    dropped, mask = nn.dropout_forward(A, 0.8, rng)
    assert set(np.unique(mask)) == {0, 1}
    np.testing.assert_allclose(dropped, mask / 0.8, rtol=1e-15)
    assert abs(dropped.mean() - 1) < 6 * np.sqrt(0.2 / 0.8 / A.size)


def test_dropout_backward_goes_where_forward_went(rng):
    A = rng.normal(size=(4, 5))
    dropped, mask = nn.dropout_forward(A, 0.5, rng)
    assert nn.relative_error(nn.dropout_backward(A, mask, 0.5), dropped) == 0


def test_dropout_of_float32_stays_float32(rng):
    dropped, mask = nn.dropout_forward(np.ones((2, 3), np.float32), 0.5, rng)
    assert dropped.dtype == mask.dtype == np.float32


@pytest.mark.parametrize("keep_prob", [0, -0.1, 1.5])
def test_dropout_refuses_what_is_no_probability(keep_prob, rng):
    with pytest.raises(ValueError, match="keep_prob: expected a number above 0"):
        nn.dropout_forward(np.ones((2, 2)), keep_prob, rng)
