"""The checkers checked: known slopes, known precision, wrong backward passes that they catch."""

from types import SimpleNamespace

import numpy as np
import pytest

import nnlib as nn


class Dense:
    """A layer as check_gradients knows it; `slip` scales one of its gradients."""

    def __init__(self, rng, container, slip=None):
        self.W, self.b = rng.normal(size=(3, 4)), rng.normal(size=(3, 1))
        self.container, self.slip = container, slip
        self.params = container(W=self.W, b=self.b)

    def forward(self, X):
        self.X = X.copy()
        return np.tanh(self.W @ X + self.b)

    def backward(self, dA):
        dZ = dA * (1 - np.tanh(self.W @ self.X + self.b) ** 2)
        gradients = {"W": dZ @ self.X.T, "b": dZ.sum(axis=1, keepdims=True), "X": self.W.T @ dZ}
        if self.slip:
            gradients[self.slip] = gradients[self.slip] * 1.01
        self.grads = self.container(W=gradients["W"], b=gradients["b"])
        return gradients["X"]


def as_list(W, b):
    return [W, b]


def test_nudging_approaches_the_slope():
    assert nn.numerical_derivative(lambda a: 3 * a, 2.0) == pytest.approx(3, rel=1e-9)
    assert nn.numerical_derivative(lambda a: a**2, 5.0) == pytest.approx(10, rel=1e-9)
    assert nn.numerical_derivative(lambda a: a**3, 2.0) == pytest.approx(12, rel=1e-9)
    assert nn.numerical_derivative(np.log, 2) == pytest.approx(0.5, rel=1e-9)
    assert nn.numerical_derivative(lambda a: a**3, 0, h=1e-2) == pytest.approx(1e-4, rel=1e-9)


def test_elementwise_checkers_agree_with_calculus(rng):
    z = rng.normal(size=(2, 3))
    assert nn.relative_error(nn.central_difference(np.sin, z), np.cos(z)) < 1e-10
    assert nn.relative_error(nn.complex_step(np.sin, z), np.cos(z)) < 1e-15
    assert nn.complex_step(np.exp, 1) == pytest.approx(np.e, rel=1e-15)


@pytest.mark.parametrize("shape", [(), (4,), (2, 3), (2, 1, 3)])
def test_gradients_of_a_number(shape, rng):
    x = rng.normal(size=shape)
    before = x.copy()
    assert nn.relative_error(nn.numerical_gradient(lambda x: np.sum(x**3), x), 3 * x**2) < 1e-9
    assert nn.relative_error(nn.complex_gradient(lambda x: np.sum(x**3), x), 3 * x**2) < 1e-15
    np.testing.assert_array_equal(x, before)


def test_whole_numbers_are_nudged_as_reals():
    np.testing.assert_allclose(
        nn.numerical_gradient(lambda x: np.sum(x**2), [1, 2]), [2, 4], rtol=1e-9
    )


def test_relative_error_by_hand():
    assert nn.relative_error([3.0, 4.0], [3.0, 4.0]) == 0
    assert nn.relative_error([0.0], [0.0]) == 0
    assert nn.relative_error([3.0, 0.0], [0.0, 4.0]) == pytest.approx(5 / 7)
    assert nn.relative_error([1.0], [0.0]) == 1


def test_relative_error_refuses_to_broadcast():
    with pytest.raises(ValueError, match=r"b: expected shape \(2, 1\), got \(2,\)"):
        nn.relative_error([[1.0], [2.0]], [1.0, 2.0])


def test_gradient_check_tells_right_from_wrong(rng):
    theta = rng.normal(size=5)
    f = lambda theta: np.sum(theta**3)  # noqa: E731
    assert nn.gradient_check(f, lambda theta: 3 * theta**2, theta) < 1e-9
    assert nn.gradient_check(f, lambda theta: 6 * theta**2, theta) == pytest.approx(1 / 3, rel=1e-6)


@pytest.mark.parametrize(("container", "names"), [(dict, ["X", "W", "b"]), (as_list, ["X", 0, 1])])
def test_a_right_backward_pass_passes(container, names, rng):
    layer, X = Dense(rng, container), rng.normal(size=(4, 5))
    W, before = layer.W.copy(), X.copy()
    errors = nn.check_gradients(layer, X, rng)
    assert list(errors) == names
    assert max(errors.values()) < 1e-9
    np.testing.assert_array_equal(layer.W, W)
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("slip", ["X", "W", "b"])
def test_a_slip_of_one_percent_shows_where_it_is(slip, rng):
    errors = nn.check_gradients(Dense(rng, dict, slip), rng.normal(size=(4, 5)), rng)
    assert {name for name, error in errors.items() if error > 1e-3} == {slip}


def test_options_reach_forward(rng):
    scale = SimpleNamespace(params={}, grads={})
    scale.forward = lambda X, factor: factor * X
    scale.backward = lambda dA: 3 * dA
    assert nn.check_gradients(scale, rng.normal(size=(2, 2)), rng, factor=3)["X"] < 1e-9
