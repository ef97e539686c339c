"""Losses and their gradients: by hand, by the complex step, by PyTorch; limits and wrong inputs."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnlib as nn

FROZEN = json.loads((Path(__file__).parent / "reference" / "core.json").read_text())

REAL = [
    (nn.squared_error, nn.squared_error_gradient),
    (nn.absolute_error, nn.absolute_error_gradient),
    (nn.huber, nn.huber_gradient),
    (lambda P, Y: nn.huber(P, Y, 0.4), lambda P, Y: nn.huber_gradient(P, Y, 0.4)),
    (nn.binary_cross_entropy_from_logits, nn.sigmoid_cross_entropy_gradient),
]


@pytest.mark.parametrize(
    ("loss", "prediction", "Y", "expected"),
    [
        (nn.squared_error, [[3, 1]], [[1, 1]], [[2, 0]]),
        (nn.absolute_error, [[3, -1]], [[1, 1]], [[2, 2]]),
        (nn.huber, [[0.5, 1, 3, -3]], [[0, 0, 0, 0]], [[0.125, 0.5, 2.5, 2.5]]),
        (nn.binary_cross_entropy, [[0.1, 0.1]], [[1, 0]], [[np.log(10), -np.log(0.9)]]),
        (nn.binary_cross_entropy, [[0, 1]], [[0, 1]], [[0, 0]]),
        (nn.binary_cross_entropy, [[0, 1]], [[1, 0]], [[27.631021, 27.631021]]),
        (nn.binary_cross_entropy_from_logits, [[0, np.log(3)]], [[1, 0]], [[np.log(2), np.log(4)]]),
        (nn.binary_cross_entropy_from_logits, [[1000, 1000]], [[1, 0]], [[0, 1000]]),
        (nn.binary_cross_entropy_from_logits, [[-1000, -1000]], [[1, 0]], [[1000, 0]]),
        (nn.categorical_cross_entropy, [[0.25], [0.75]], [[1], [0]], [[np.log(4)]]),
        (nn.categorical_cross_entropy, [[0.0], [1.0]], [[1], [0]], [[27.631021]]),
        (nn.categorical_cross_entropy_from_logits, [[0], [np.log(3)]], [[1], [0]], [[np.log(4)]]),
        (nn.categorical_cross_entropy_from_logits, [[1000], [-1000]], [[0], [1]], [[2000]]),
        (nn.squared_error_gradient, [[3, 1]], [[1, 4]], [[2, -3]]),
        (nn.absolute_error_gradient, [[3, 1, 0]], [[1, 1, 2]], [[1, 0, -1]]),
        (nn.huber_gradient, [[0.5, 3, -3]], [[0, 0, 0]], [[0.5, 1, -1]]),
        (nn.binary_cross_entropy_gradient, [[0.1, 0.2]], [[1, 0]], [[-10, 1.25]]),
        (nn.binary_cross_entropy_gradient, [[0, 1]], [[1, 0]], [[-1e12, 1e12]]),
        (nn.categorical_cross_entropy_gradient, [[0.25], [0.75]], [[1], [0]], [[-4], [0]]),
        (nn.sigmoid_cross_entropy_gradient, [[0, 1000, -1000]], [[1, 0, 1]], [[-0.5, 1, -1]]),
        (nn.softmax_cross_entropy_gradient, [[1000], [-1000]], [[0], [1]], [[1], [-1]]),
    ],
)
def test_by_hand(loss, prediction, Y, expected):
    np.testing.assert_allclose(loss(prediction, Y), expected, rtol=1e-7, atol=1e-11)


def test_cost_is_the_mean():
    assert nn.cost(np.array([[0.5, 1.0, 1.5, 2.0]])) == 1.25


def test_one_hot_of_three_classes_is_the_identity():
    np.testing.assert_array_equal(nn.one_hot([0, 1, 2], 3), np.eye(3))
    np.testing.assert_array_equal(nn.one_hot(np.array([1, 1], np.uint8), 2), [[0, 0], [1, 1]])


@pytest.mark.parametrize(("loss", "gradient"), REAL)
def test_gradient_is_the_slope(loss, gradient, rng):
    prediction, Y = rng.normal(scale=2, size=(1, 9)), rng.integers(0, 2, (1, 9)).astype(float)
    assert (
        nn.relative_error(
            gradient(prediction, Y), nn.complex_step(lambda P: loss(P, Y), prediction)
        )
        < 1e-12
    )
    assert (
        nn.relative_error(
            gradient(prediction, Y), nn.central_difference(lambda P: loss(P, Y), prediction)
        )
        < 1e-7
    )


def test_binary_cross_entropy_gradient_is_the_slope(rng):
    P, Y = rng.uniform(0.01, 0.99, (1, 9)), rng.uniform(size=(1, 9))
    slope = nn.complex_step(lambda P: nn.binary_cross_entropy(P, Y), P)
    assert nn.relative_error(nn.binary_cross_entropy_gradient(P, Y), slope) < 1e-12


@pytest.mark.parametrize(
    ("loss", "gradient"),
    [
        (nn.categorical_cross_entropy, nn.categorical_cross_entropy_gradient),
        (nn.categorical_cross_entropy_from_logits, nn.softmax_cross_entropy_gradient),
    ],
)
def test_categorical_gradients_are_the_slopes(loss, gradient, rng):
    P, Y = nn.softmax(rng.normal(size=(4, 6))), nn.one_hot(rng.integers(0, 4, 6), 4)
    assert (
        nn.relative_error(gradient(P, Y), nn.complex_gradient(lambda P: loss(P, Y).sum(), P))
        < 1e-12
    )
    assert (
        nn.relative_error(gradient(P, Y), nn.numerical_gradient(lambda P: loss(P, Y).sum(), P))
        < 1e-7
    )


def test_fused_gradients_equal_the_chain_rule(rng):
    Z, Y = rng.normal(size=(1, 7)), rng.integers(0, 2, (1, 7))
    chain = nn.binary_cross_entropy_gradient(nn.sigmoid(Z), Y) * nn.sigmoid_derivative(Z)
    assert nn.relative_error(nn.sigmoid_cross_entropy_gradient(Z, Y), chain) < 1e-12
    Z, Y = rng.normal(size=(3, 7)), nn.one_hot(rng.integers(0, 3, 7), 3)
    chain = nn.softmax_backward(nn.categorical_cross_entropy_gradient(nn.softmax(Z), Y), Z)
    assert nn.relative_error(nn.softmax_cross_entropy_gradient(Z, Y), chain) < 1e-12


def test_from_logits_equals_from_probabilities(rng):
    Z, Y = rng.normal(scale=4, size=(1, 20)), rng.integers(0, 2, (1, 20))
    by_probability = nn.binary_cross_entropy(nn.sigmoid(Z), Y)
    assert nn.relative_error(nn.binary_cross_entropy_from_logits(Z, Y), by_probability) < 1e-12
    Z, Y = rng.normal(scale=4, size=(3, 20)), nn.one_hot(rng.integers(0, 3, 20), 3)
    by_probability = nn.categorical_cross_entropy(nn.softmax(Z), Y)
    assert nn.relative_error(nn.categorical_cross_entropy_from_logits(Z, Y), by_probability) < 1e-12


@pytest.mark.parametrize(
    ("name", "gradient"),
    [
        ("binary_cross_entropy", nn.binary_cross_entropy_gradient),
        ("binary_cross_entropy_from_logits", nn.sigmoid_cross_entropy_gradient),
        ("squared_error", nn.squared_error_gradient),
        ("absolute_error", nn.absolute_error_gradient),
        ("huber", nn.huber_gradient),
        ("categorical_cross_entropy_from_logits", nn.softmax_cross_entropy_gradient),
    ],
)
def test_as_pytorch_says(name, gradient):
    case = FROZEN[name]
    assert nn.relative_error(getattr(nn, name)(*case["inputs"]), case["value"]) < 1e-14
    assert nn.relative_error(gradient(*case["inputs"]), case["gradient"]) < 1e-14


@pytest.mark.parametrize("pair", REAL)
@pytest.mark.parametrize("labels", [np.float32, np.int64, np.uint8, bool])
def test_float32_stays_whatever_the_labels_are(pair, labels):
    prediction, Y = np.array([[0.2, 0.9]], np.float32), np.array([[0, 1]], labels)
    assert [f(prediction, Y).dtype for f in pair] == [np.float32, np.float32]


def test_unsigned_labels_do_not_wrap_round():
    np.testing.assert_array_equal(
        nn.squared_error_gradient(np.uint8([[0]]), np.uint8([[1]])), [[-1]]
    )


@given(st.floats(-1000, 1000), st.integers(0, 1))
def test_cross_entropy_from_logits_is_never_negative(z, y):
    loss = nn.binary_cross_entropy_from_logits(z, y)
    assert 0 <= loss <= abs(z) + 0.7


@given(st.floats(-1e3, 1e3), st.floats(0.1, 10))
def test_huber_lies_between_its_two_parents(e, delta):
    loss = nn.huber(e, 0.0, delta)
    assert loss <= nn.squared_error(e, 0.0) * (1 + 1e-12)
    assert loss <= delta * nn.absolute_error(e, 0.0) * (1 + 1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: nn.squared_error(np.ones((1, 4)), np.ones(4)),
            ValueError,
            "Y: expected shape (1, 4) like Y_hat, got (4,)",
        ),
        (
            lambda: nn.binary_cross_entropy_from_logits(np.ones((1, 4)), np.ones((4, 1))),
            ValueError,
            "Y: expected shape (1, 4) like Z, got (4, 1)",
        ),
        (
            lambda: nn.categorical_cross_entropy([0.5, 0.5], [0, 1]),
            ValueError,
            "Y_hat: expected shape (C, m), got (2,)",
        ),
        (lambda: nn.one_hot([[0, 1]], 2), ValueError, "labels: expected shape (m,), got (1, 2)"),
        (lambda: nn.one_hot([0, 3], 3), ValueError, "expected classes from 0 to 2, got 0 to 3"),
        (lambda: nn.one_hot([-1, 1], 3), ValueError, "expected classes from 0 to 2, got -1 to 1"),
        (
            lambda: nn.one_hot([0.0], 3),
            TypeError,
            "expected whole numbers, got an array of float64",
        ),
    ],
)
def test_wrong_input_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
