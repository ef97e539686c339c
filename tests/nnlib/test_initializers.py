"""Initial weights: shapes, spreads within six standard errors, repeatable draws."""

import numpy as np
import pytest

import nnlib as nn

SHAPES = {
    "dense": ((300, 400), 400, 300),
    "filters": ((40, 30, 5, 5), 30 * 25, 40 * 25),
}


@pytest.mark.parametrize(("shape", "fan_in", "fan_out"), SHAPES.values(), ids=SHAPES)
def test_variances(shape, fan_in, fan_out, rng):
    count = np.prod(shape)
    expected = {
        nn.normal: 0.01**2,
        nn.xavier: 2 / (fan_in + fan_out),
        nn.he: 2 / fan_in,
    }
    for initializer, variance in expected.items():
        W = initializer(shape, rng)
        assert W.shape == shape
        assert abs(W.var() / variance - 1) < 6 * np.sqrt(2 / count), initializer.__name__
        assert abs(W.mean()) < 6 * np.sqrt(variance / count), initializer.__name__


def test_normal_takes_a_spread(rng):
    assert abs(nn.normal((100, 100), rng, std=3).std() / 3 - 1) < 6 * np.sqrt(0.5 / 10_000)


def test_zeros_needs_no_rng(rng):
    np.testing.assert_array_equal(nn.zeros((2, 1)), [[0.0], [0.0]])
    np.testing.assert_array_equal(nn.zeros((2, 1), rng), [[0.0], [0.0]])


@pytest.mark.parametrize("initializer", [nn.normal, nn.xavier, nn.he])
def test_one_rng_state_gives_one_draw(initializer):
    draws = [initializer((3, 4), np.random.default_rng(5)) for _ in range(2)]
    np.testing.assert_array_equal(*draws)


@pytest.mark.parametrize("initializer", [nn.xavier, nn.he])
@pytest.mark.parametrize("shape", [(3,), (3, 0)])
def test_a_shape_without_fan_in_is_named(initializer, shape, rng):
    with pytest.raises(ValueError, match=r"shape: expected \(n_out, n_in\) or .* got \(3,"):
        initializer(shape, rng)
