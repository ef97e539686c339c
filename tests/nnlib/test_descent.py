"""Gradient descent: one step, many, and when to stop."""

import numpy as np
import pytest

import nnlib as nn


def test_a_step_goes_against_the_slope():
    w = np.array([[1.0], [2.0]])
    np.testing.assert_array_equal(nn.gradient_step(w, np.array([[2.0], [-4.0]]), 0.5), [[0], [4]])
    np.testing.assert_array_equal(w, [[1], [2]])


def test_a_step_refuses_to_broadcast():
    with pytest.raises(ValueError, match=r"dw: expected shape \(2, 1\) like w, got \(2,\)"):
        nn.gradient_step(np.ones((2, 1)), np.ones(2), 0.1)


def test_descent_on_a_parabola_by_hand():
    w, history = nn.gradient_descent(lambda w: 2 * w, 1.0, learning_rate=0.25, steps=3)
    assert w == 0.125
    assert history == [1.0, 0.5, 0.25, 0.125]


def test_it_stops_where_the_largest_slope_is_small_enough():
    _, history = nn.gradient_descent(
        lambda w: 2 * w, np.array([1.0, -8.0]), 0.25, 100, tolerance=2.0
    )
    np.testing.assert_array_equal(history[-1], [0.125, -1.0])
    assert len(history) == 4


def test_it_stays_at_a_minimum():
    w, history = nn.gradient_descent(lambda w: 2 * w, np.zeros(2), 0.1, 10)
    assert len(history) == 1
    np.testing.assert_array_equal(w, [0, 0])


def test_histories_are_copies():
    start = np.array([1, 2])
    w, history = nn.gradient_descent(lambda w: w, start, 0.5, 2)
    w[:] = history[0][:] = 9
    np.testing.assert_array_equal(start, [1, 2])
    np.testing.assert_array_equal(history[2], [0.25, 0.5])
