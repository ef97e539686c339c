"""Layers: every gradient against nudges and the complex step, predict against forward, shapes."""

import numpy as np
import pytest
from frozen import case

import nnlib as nn


def rng0():
    return np.random.default_rng(0)


LAYERS = {
    "Dense": (lambda: nn.Dense(4, 3, rng0()), (4, 5)),
    "Activation": (lambda: nn.Activation(nn.tanh, nn.tanh_derivative), (4, 5)),
    "ReLU": (nn.ReLU, (4, 5)),
    "PReLU": (nn.PReLU, (4, 5)),
    "PReLU of images": (nn.PReLU, (2, 3, 2, 4)),
    "Flatten": (nn.Flatten, (2, 3, 2, 4)),
    "BatchNorm": (lambda: nn.BatchNorm(4), (4, 6)),
    "BatchNorm of images": (lambda: nn.BatchNorm(2), (2, 3, 2, 4)),
    "Conv2D": (lambda: nn.Conv2D(2, 3, 3, rng0(), padding=1), (2, 4, 5, 2)),
    "Conv2D with stride": (lambda: nn.Conv2D(2, 3, 2, rng0(), stride=2), (2, 5, 4, 3)),
    "MaxPool2D": (lambda: nn.MaxPool2D(2), (2, 4, 5, 3)),
    "MaxPool2D overlapping": (lambda: nn.MaxPool2D(3, stride=1), (2, 4, 5, 2)),
    "AvgPool2D": (lambda: nn.AvgPool2D(2), (2, 4, 5, 3)),
}
EACH = pytest.mark.parametrize(("make", "shape"), LAYERS.values(), ids=LAYERS)


def input_of(shape, rng):
    """Numbers that are far from 0 and from each other: no kinks, no ties."""
    size = int(np.prod(shape))
    return rng.permutation(np.linspace(-2, 2.1, size) + 0.013).reshape(shape)


@EACH
def test_gradients_against_nudges(make, shape, rng):
    errors = nn.check_gradients(make(), input_of(shape, rng), rng)
    assert max(errors.values()) < 1e-7


@EACH
def test_gradients_against_the_complex_step(make, shape, rng):
    layer, X = make(), input_of(shape, rng)
    dA = rng.normal(size=layer.forward(X).shape)
    dX = layer.backward(dA)
    slope = nn.complex_gradient(lambda X: np.sum(dA * make().forward(X)), X)
    assert nn.relative_error(dX, slope) < 1e-12
    for name, gradient in layer.grads.items():

        def loss(theta, name=name):
            other = make()
            other.params = {n: array.astype(complex) for n, array in other.params.items()}
            other.params[name] = theta
            return np.sum(dA * other.forward(X))

        assert nn.relative_error(gradient, nn.complex_gradient(loss, layer.params[name])) < 1e-12


@EACH
def test_inputs_stay_and_types_follow(make, shape, rng):
    layer, X = make(), input_of(shape, rng).astype(np.float32)
    for name, array in layer.params.items():
        layer.params[name] = array.astype(np.float32)
    X.setflags(write=False)
    A = layer.forward(X)
    dA = np.ones_like(A)
    dA.setflags(write=False)
    assert A.dtype == layer.predict(X).dtype == layer.backward(dA).dtype == np.float32
    assert layer.backward(dA).shape == X.shape


@EACH
def test_strided_batches_give_the_same(make, shape, rng):
    X = input_of((*shape[:-1], 2 * shape[-1]), rng)
    np.testing.assert_allclose(make().forward(X[..., ::2]), make().forward(X[..., ::2].copy()))


@EACH
def test_first_layers_skip_only_the_input_gradient(make, shape, rng):
    one, other, X = make(), make(), input_of(shape, rng)
    dA = rng.normal(size=one.forward(X).shape)
    other.forward(X)
    one.backward(dA)
    other.parameter_gradients(dA)
    for name in one.grads:
        np.testing.assert_array_equal(one.grads[name], other.grads[name])


@pytest.mark.parametrize("name", [name for name in LAYERS if "BatchNorm" not in name])
def test_predict_and_forward_agree(name, rng):
    make, shape = LAYERS[name]
    X = input_of(shape, rng)
    np.testing.assert_array_equal(make().predict(X), make().forward(X))


def test_dense_by_hand_sums_over_samples():
    layer = nn.Dense(2, 1, rng0(), initializer=nn.zeros)
    layer.params["W"][...] = [[1, 2]]
    layer.params["b"][...] = 3
    np.testing.assert_array_equal(layer.forward(np.array([[1.0, 0], [0, 1]])), [[4, 5]])
    np.testing.assert_array_equal(layer.backward(np.array([[1.0, 10]])), [[1, 10], [2, 20]])
    np.testing.assert_array_equal(layer.grads["W"], [[1, 10]])
    np.testing.assert_array_equal(layer.grads["b"], [[11]])


def test_dense_is_m_times_the_mean_of_lecture_five(rng):
    layer, A, dZ = nn.Dense(3, 2, rng), rng.normal(size=(3, 7)), rng.normal(size=(2, 7))
    layer.forward(A)
    layer.backward(dZ)
    _, dW, db = nn.linear_backward(dZ, A, layer.params["W"])
    assert nn.relative_error(layer.grads["W"], 7 * dW) < 1e-14
    assert nn.relative_error(layer.grads["b"], 7 * db) < 1e-14


def test_dropout_only_while_training():
    layer, A = nn.Dropout(0.5, rng0()), np.ones((40, 50))
    np.testing.assert_array_equal(layer.predict(A), A)
    dropped = layer.forward(A)
    assert set(np.unique(dropped)) == {0, 2}
    np.testing.assert_array_equal(layer.backward(A), dropped)


def test_batchnorm_as_pytorch_says():
    t = case("batchnorm")
    layer = nn.BatchNorm(3)
    layer.params["gamma"][...], layer.params["beta"][...] = t.gamma, t.beta
    assert nn.relative_error(layer.forward(t.X), t.Y) < 1e-14
    assert nn.relative_error(layer.backward(t.dY), t.dX) < 1e-12
    assert nn.relative_error(layer.grads["gamma"], t.dgamma) < 1e-13
    assert nn.relative_error(layer.grads["beta"], t.dbeta) < 1e-13


def test_batchnorm_predicts_by_its_running_averages(rng):
    layer, X = nn.BatchNorm(2, momentum=0.5), rng.normal(3, 2, size=(2, 400))
    for _ in range(30):
        Y = layer.forward(X)
    assert nn.relative_error(layer.predict(X), Y) < 1e-6
    np.testing.assert_allclose(layer.state["mean"], X.mean(axis=1, keepdims=True), rtol=1e-6)


def test_running_averages_move_a_tenth_of_the_way():
    layer = nn.BatchNorm(1, momentum=0.9)
    layer.forward(np.array([[2.0, 6.0]]))
    assert layer.state["mean"].item() == pytest.approx(0.4)
    assert layer.state["var"].item() == pytest.approx(0.9 + 0.1 * 4)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (nn.Dense(4, 3, rng0()), (5, 2), "input of Dense(4, 3): expected shape (4, m), got (5, 2)"),
        (
            nn.Conv2D(3, 8, 3, rng0()),
            (1, 8, 8, 2),
            "input of Conv2D(3, 8, 3×3, padding 0, stride 1): "
            "expected shape (3, H, W, m), got (1, 8, 8, 2)",
        ),
        (nn.BatchNorm(3), (2, 5), "input of BatchNorm(3): expected shape (3, 5), got (2, 5)"),
    ],
)
def test_wrong_inputs_are_named(layer, shape, message):
    with pytest.raises(ValueError, match="expected shape") as error:
        layer.forward(np.ones(shape))
    assert str(error.value) == message
