"""One-neuron models: weighted sums, logistic regression, linear regression, the perceptron."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnlib as nn

AND = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 0, 0, 1]])
XOR = AND[0], np.array([[0, 1, 1, 0]])


@pytest.fixture
def problem(rng):
    """X (4, 7), Y (1, 7) of 0 and 1, w (4, 1), b."""
    return rng.normal(size=(4, 7)), rng.integers(0, 2, (1, 7)), rng.normal(size=(4, 1)), 0.3


def test_the_worked_example():
    x, w, b = np.array([2, 1, 3]), np.array([1, 2, 1]), -1
    assert nn.neuron(x, w, b) == 6
    np.testing.assert_array_equal(nn.linear_score(x[:, None], w[:, None], b), [[6]])


def test_weighted_sum_by_hand():
    np.testing.assert_array_equal(
        nn.weighted_sum([[1, 2], [3, 4]], [[10], [1]], 0.5), [[13.5, 24.5]]
    )


def test_predictions_by_hand():
    X, w, b = np.array([[0.0, 1.0, -1.0]]), np.array([[np.log(3)]]), 0.0
    np.testing.assert_allclose(nn.predict_proba(X, w, b), [[0.5, 0.75, 0.25]], rtol=1e-15)
    np.testing.assert_array_equal(nn.predict(X, w, b), [[1, 1, 0]])
    np.testing.assert_array_equal(nn.predict(X, w, b, threshold=0.6), [[0, 1, 0]])
    assert nn.predict(X, w, b).dtype.kind == "i"


def test_accuracy_is_the_fraction_that_agrees():
    assert nn.accuracy(np.array([[1, 0, 1, 1]]), np.array([[1.0, 0, 0, 1]])) == 0.75


def test_accuracy_refuses_to_broadcast():
    with pytest.raises(ValueError, match=r"Y_hat: expected shape \(1, 3\) like Y, got \(3,\)"):
        nn.accuracy(np.ones(3), np.ones((1, 3)))


@given(st.floats(-5, 5), st.floats(0.1, 5), st.floats(-5, 5), st.floats(-10, 10))
def test_probability_on_the_boundary_is_one_half(w1, w2, b, x1):
    w = np.array([[w1], [w2]])
    x = np.array([[x1], [nn.decision_boundary(w, b, x1)]])
    assert nn.predict_proba(x, w, b) == pytest.approx(0.5, abs=1e-12)


def test_a_vertical_boundary_is_named():
    with pytest.raises(ValueError, match="expected w₂ ≠ 0, got 0"):
        nn.decision_boundary([[1.0], [0.0]], 1.0, np.zeros(3))


def test_logistic_gradients_are_the_slopes(problem):
    X, Y, w, b = problem
    dw, db, J = nn.logistic_gradients(X, Y, w, b)
    cost = lambda w, b: nn.logistic_gradients(X, Y, w, b)[2]  # noqa: E731
    assert nn.relative_error(dw, nn.complex_gradient(lambda w: cost(w, b), w)) < 1e-12
    assert nn.relative_error(dw, nn.numerical_gradient(lambda w: cost(w, b), w)) < 1e-7
    assert nn.relative_error(db, nn.complex_step(lambda b: cost(w, b), b)) < 1e-12
    assert (
        pytest.approx(nn.cost(nn.binary_cross_entropy(nn.predict_proba(X, w, b), Y)), rel=1e-12)
        == J
    )


def test_logistic_gradients_when_saturated():
    dw, db, J = nn.logistic_gradients([[1000.0, -1000.0]], [[0, 0]], [[1.0]], 0.0)
    assert (dw.item(), db, J) == (500, 0.5, 500)


def test_training_starts_from_zeros_and_descends(problem):
    X, Y, _, _ = problem
    w, b, costs = nn.train_logistic_regression(X, Y, learning_rate=0.5, steps=1)
    assert costs == [pytest.approx(np.log(2))]
    np.testing.assert_allclose(w, 0.5 * X @ (Y - 0.5).T / 7, rtol=1e-12)
    assert b == pytest.approx(0.5 * np.mean(Y - 0.5))
    costs = nn.train_logistic_regression(X, Y, 0.5, 50)[2]
    assert np.all(np.diff(costs) < 0)


def test_training_keeps_float32(problem):
    X, Y, _, _ = problem
    w, b, costs = nn.train_logistic_regression(X.astype(np.float32), Y, 0.1, 3)
    assert w.dtype == b.dtype == np.float32
    assert {type(J) for J in costs} == {float}


def test_logistic_regression_finds_most_tumours():
    data = nn.datasets.load_breast_cancer()
    X, mean, std = nn.standardize(data.X_train)
    model = nn.LogisticRegression(learning_rate=0.5, steps=300).fit(X, data.Y_train)
    test = (data.X_test - mean) / std
    assert nn.accuracy(model.predict(test), data.Y_test) > 0.95
    assert len(model.costs) == 300
    np.testing.assert_array_equal(model.predict(test), model.predict_proba(test) >= 0.5)


def test_normal_equation_recovers_a_plane(rng):
    X = rng.normal(size=(3, 10))
    w, b = nn.normal_equation(X, np.array([[1.0, -2.0, 3.0]]) @ X + 4)
    np.testing.assert_allclose(w, [[1], [-2], [3]], rtol=1e-12)
    assert b == pytest.approx(4, rel=1e-12)


def test_normal_equation_with_collinear_features(rng):
    x = rng.normal(size=(1, 10))
    X, Y = np.vstack([x, 2 * x]), 5 * x + 1
    np.testing.assert_allclose(nn.weighted_sum(X, *nn.normal_equation(X, Y)), Y, rtol=1e-10)


def test_linear_regression_gradients_are_the_slopes(problem, rng):
    X, _, w, b = problem
    Y = rng.normal(size=(1, 7))
    dw, db = nn.linear_regression_gradients(X, Y, w, b)
    cost = lambda w, b: nn.cost(nn.squared_error(nn.weighted_sum(X, w, b), Y))  # noqa: E731
    assert nn.relative_error(dw, nn.complex_gradient(lambda w: cost(w, b), w)) < 1e-12
    assert nn.relative_error(dw, nn.numerical_gradient(lambda w: cost(w, b), w)) < 1e-7
    assert nn.relative_error(db, nn.complex_step(lambda b: cost(w, b), b)) < 1e-12


def test_linear_regression_ends_where_the_gradient_is_zero(rng):
    X, Y = nn.datasets.houses(30, rng)
    model = nn.LinearRegression().fit(X, Y)
    dw, db = nn.linear_regression_gradients(X, Y, model.w, model.b)
    assert max(abs(dw.item()), abs(db)) < 1e-9
    np.testing.assert_array_equal(model.predict(X), nn.weighted_sum(X, model.w, model.b))


def test_perceptron_update_by_hand():
    w, b = nn.perceptron_update(np.array([1.0, -1.0]), 0.0, np.array([1, 2]), 1, 0.5)
    np.testing.assert_array_equal(w, [1.5, 0.0])
    assert b == 0.5
    w, b = nn.perceptron_update(w, b, np.array([1, 2]), 1, 0.5)
    np.testing.assert_array_equal(w, [1.5, 0.0])


def test_perceptron_learns_and():
    w, b, mistakes = nn.perceptron_fit(*AND, learning_rate=1, epochs=100)
    np.testing.assert_array_equal(w, [2, 1])
    assert (b, mistakes) == (-2, [1, 3, 3, 2, 1, 0])
    np.testing.assert_array_equal(nn.Perceptron().fit(*AND).predict(AND[0]), AND[1])


def test_perceptron_never_learns_xor():
    model = nn.Perceptron(epochs=50).fit(*XOR)
    assert len(model.mistakes) == 50
    assert min(model.mistakes) > 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nn.neuron(np.ones(3), np.ones(2), 0), "w: expected shape (3,), got (2,)"),
        (
            lambda: nn.linear_score(np.ones((3, 4)), np.ones(3), 0),
            "w: expected shape (3, 1), got (3,)",
        ),
        (
            lambda: nn.predict_proba(np.ones(3), np.ones((3, 1)), 0),
            "X: expected shape (n_x, m), got (3,)",
        ),
        (
            lambda: nn.logistic_gradients(np.ones((3, 4)), np.ones(4), np.ones((3, 1)), 0),
            "Y: expected shape (1, 4), got (4,)",
        ),
        (
            lambda: nn.linear_regression_gradients(np.ones((3, 4)), np.ones(4), np.ones((3, 1)), 0),
            "Y: expected shape (1, 4), got (4,)",
        ),
        (
            lambda: nn.normal_equation(np.ones((3, 4)), np.ones(4)),
            "Y: expected shape (1, 4), got (4,)",
        ),
        (
            lambda: nn.perceptron_fit(np.ones((3, 4)), np.ones(4), 1, 1),
            "Y: expected shape (1, 4), got (4,)",
        ),
        (
            lambda: nn.train_logistic_regression(np.ones((3, 4)), np.ones(4), 1, 1),
            "Y: expected shape (1, 4), got (4,)",
        ),
    ],
)
def test_wrong_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call()
    assert words in str(caught.value)
