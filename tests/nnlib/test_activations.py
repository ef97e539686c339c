"""Activations: by hand, by the complex step, by PyTorch, and by the laws they obey."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import nnlib as nn

REFERENCE = Path(__file__).parent / "reference"
FROZEN = json.loads((REFERENCE / "core.json").read_text())

FROM_TORCH = ["sigmoid", "tanh", "arctan", "relu", "leaky_relu", "elu", "softplus"]
PAIRS = {
    name: (getattr(nn, name), getattr(nn, f"{name}_derivative"))
    for name in [
        "identity",
        "step",
        "sigmoid",
        "tanh",
        "arctan",
        "relu",
        "leaky_relu",
        "elu",
        "softplus",
    ]
}
PAIRS["prelu"] = (lambda z: nn.prelu(z, 0.3), lambda z: nn.prelu_derivative(z, 0.3))
PAIRS["elu, α = 0.5"] = (lambda z: nn.elu(z, 0.5), lambda z: nn.elu_derivative(z, 0.5))
EACH_PAIR = pytest.mark.parametrize(("f", "f_derivative"), PAIRS.values(), ids=PAIRS)
EACH = pytest.mark.parametrize(
    "f",
    [f for pair in PAIRS.values() for f in pair],
    ids=[f"{n}{d}" for n in PAIRS for d in ("", "'")],
)


@pytest.mark.parametrize(
    ("f", "z", "expected"),
    [
        (nn.identity, -2.5, -2.5),
        (nn.identity_derivative, -2.5, 1),
        (nn.step, [-1, 0, 0.1], [0, 0, 1]),
        (nn.step_derivative, [-1, 2], [0, 0]),
        (nn.sigmoid, [0, np.log(3), -np.log(3)], [0.5, 0.75, 0.25]),
        (nn.sigmoid_derivative, [0, np.log(3)], [0.25, 0.1875]),
        (nn.tanh, [0, np.log(2)], [0, 0.6]),
        (nn.tanh_derivative, [0, np.log(2)], [1, 0.64]),
        (nn.arctan, [0, 1], [0, np.pi / 4]),
        (nn.arctan_derivative, [0, 1, 3], [1, 0.5, 0.1]),
        (nn.relu, [-3, 0, 2], [0, 0, 2]),
        (nn.relu_derivative, [-3, 0, 2], [0, 0, 1]),
        (nn.leaky_relu, [-10, 0, 2], [-0.1, 0, 2]),
        (nn.leaky_relu_derivative, [-10, 0, 2], [0.01, 0.01, 1]),
        (nn.elu, [-np.log(2), 0, 3], [-0.5, 0, 3]),
        (nn.elu_derivative, [-np.log(2), 0, 3], [0.5, 1, 1]),
        (nn.softplus, [0, np.log(3)], [np.log(2), np.log(4)]),
        (nn.softplus_derivative, 0, 0.5),
        (nn.softmax, [[np.log(1)], [np.log(3)], [np.log(4)]], [[0.125], [0.375], [0.5]]),
    ],
)
def test_by_hand(f, z, expected):
    np.testing.assert_allclose(f(z), expected, rtol=1e-15, atol=1e-16)


def test_the_slope_of_elu_at_zero_is_alpha():
    assert nn.elu_derivative(0, 0.5) == 0.5


def test_prelu_by_hand():
    np.testing.assert_array_equal(nn.prelu([-4, 0, 2], 0.25), [-1, 0, 2])
    np.testing.assert_array_equal(nn.prelu_derivative([-4, 0, 2], 0.25), [0.25, 0.25, 1])


@pytest.mark.parametrize("alpha", [0.0, 0.3, 2.0])
def test_prelu_gradients_by_hand(alpha):
    dZ, dalpha = nn.prelu_gradients([[1.0, 2.0, 3.0]], [[-2.0, 0.0, 5.0]], alpha)
    np.testing.assert_array_equal(dZ, [[alpha, 2 * alpha, 3]])
    assert dalpha == -2


@EACH_PAIR
def test_derivative_is_the_slope(f, f_derivative, rng):
    z = rng.normal(scale=3, size=(3, 5))
    z[np.abs(z) < 1e-3] = 0.5
    assert nn.relative_error(f_derivative(z), nn.complex_step(f, z)) < 1e-12
    assert nn.relative_error(f_derivative(z), nn.central_difference(f, z)) < 1e-7


@pytest.mark.parametrize("f", [nn.sigmoid, nn.tanh, nn.softplus, nn.elu, nn.arctan])
def test_complex_step_survives_saturation(f):
    slope = nn.complex_step(f, np.array([-1000.0, -50.0, 50.0, 1000.0]))
    expected = PAIRS[f.__name__][1](np.array([-1000.0, -50.0, 50.0, 1000.0]))
    np.testing.assert_allclose(slope, expected, rtol=1e-12, atol=1e-16)


@EACH
def test_type_follows_the_data(f):
    z = np.linspace(-2, 2, 6).reshape(2, 3)
    assert f(z.astype(np.float32)).dtype == np.float32
    assert f(z).dtype == f(z.astype(int)).dtype == f(z > 0).dtype == np.float64
    assert f(z + 0j).dtype == np.complex128
    assert f(3).dtype == f(0.5).dtype == np.float64


@EACH
def test_shape_stays_and_the_input_too(f, rng):
    z = rng.normal(size=(4, 6, 2))
    z.setflags(write=False)
    np.testing.assert_array_equal(f(z[:, ::2]), f(np.ascontiguousarray(z[:, ::2])))
    assert f(z).shape == z.shape
    assert not np.shares_memory(f(z), z)
    assert np.ndim(f(2)) == 0


@EACH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_is_finite(f, dtype):
    assert np.all(np.isfinite(f(np.array([-1000, -100, 0, 100, 1000], dtype))))


def test_limits_are_exact():
    np.testing.assert_array_equal(nn.sigmoid([-1000, 1000, -np.inf, np.inf]), [0, 1, 0, 1])
    np.testing.assert_array_equal(nn.tanh([-1000, 1000]), [-1, 1])
    np.testing.assert_array_equal(nn.softplus([-1000, 1000]), [0, 1000])
    np.testing.assert_array_equal(nn.elu([-1000, 1000]), [-1, 1000])


def test_sigmoid_keeps_its_digits_in_the_left_tail():
    np.testing.assert_allclose(nn.sigmoid([-50.0, -700.0]), np.exp([-50.0, -700.0]), rtol=1e-12)


def test_softmax_is_stable_with_columns_far_apart():
    A = nn.softmax([[1000, -1000, 0], [999, -1001, 1000]])
    np.testing.assert_allclose(A[:, 0], A[:, 1], rtol=1e-15)
    np.testing.assert_array_equal(A[:, 2], [0, 1])


def test_softmax_jacobian_is_the_slope_in_every_direction(rng):
    z = rng.normal(size=5)
    columns = [nn.complex_step(lambda t, e=e: nn.softmax(z + t * e), 0.0) for e in np.eye(5)]
    assert nn.relative_error(nn.softmax_jacobian(z), np.stack(columns, axis=1)) < 1e-12


def test_softmax_backward_multiplies_by_the_jacobian(rng):
    dA, Z = rng.normal(size=(2, 4, 6))
    expected = [nn.softmax_jacobian(z).T @ da for da, z in zip(dA.T, Z.T, strict=True)]
    assert nn.relative_error(nn.softmax_backward(dA, Z), np.stack(expected, axis=1)) < 1e-12
    slope = nn.complex_gradient(lambda Z: np.sum(dA * nn.softmax(Z)), Z)
    assert nn.relative_error(nn.softmax_backward(dA, Z), slope) < 1e-12


def test_prelu_gradients_are_the_slopes(rng):
    dA, Z = rng.normal(size=(2, 3, 4))
    dZ, dalpha = nn.prelu_gradients(dA, Z, 0.2)
    assert (
        nn.relative_error(dZ, nn.complex_gradient(lambda Z: np.sum(dA * nn.prelu(Z, 0.2)), Z))
        < 1e-12
    )
    slope = nn.complex_step(lambda alpha: np.sum(dA * nn.prelu(Z, alpha)), 0.2)
    assert nn.relative_error(dalpha, slope) < 1e-12


@pytest.mark.parametrize("name", FROM_TORCH)
def test_as_pytorch_says(name):
    case = FROZEN[name]
    f, f_derivative = PAIRS[name]
    assert nn.relative_error(f(*case["inputs"]), case["value"]) < 1e-14
    assert nn.relative_error(f_derivative(*case["inputs"]), case["gradient"]) < 1e-14


def test_prelu_and_softmax_as_pytorch_says():
    Z, (alpha,) = FROZEN["prelu"]["inputs"]
    dZ, dalpha = nn.prelu_gradients(np.ones((3, 4)), Z, alpha)
    assert nn.relative_error(nn.prelu(Z, alpha), FROZEN["prelu"]["value"]) < 1e-14
    assert nn.relative_error(dZ, FROZEN["prelu"]["gradient"]) < 1e-14
    assert nn.relative_error(dalpha, FROZEN["prelu_in_alpha"]["gradient"][0]) < 1e-14
    Z, dA = FROZEN["softmax"]["inputs"]
    assert nn.relative_error(nn.softmax(Z) * dA, FROZEN["softmax"]["value"]) < 1e-14
    assert nn.relative_error(nn.softmax_backward(dA, Z), FROZEN["softmax"]["gradient"]) < 1e-14


def test_frozen_values_are_what_pytorch_gives_now():
    pytest.importorskip("torch")
    now = runpy.run_path(str(REFERENCE / "make_core.py"))["reference"]()
    assert now.keys() == FROZEN.keys()
    for name, case in now.items():
        for part in ("value", "gradient"):
            got, frozen = np.array(case[part]), np.array(FROZEN[name][part])
            assert nn.relative_error(got, frozen) < 1e-14, f"{name}: {part}"


COLUMNS = arrays(
    np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-700, 700)
)


@given(COLUMNS)
def test_softmax_sums_to_one(Z):
    A = nn.softmax(Z)
    assert np.all(A >= 0)
    np.testing.assert_allclose(A.sum(axis=0), 1, rtol=1e-14)


@given(COLUMNS, st.integers(-1000, 1000))
def test_softmax_does_not_feel_a_shift(Z, shift):
    np.testing.assert_allclose(nn.softmax(Z + shift), nn.softmax(Z), rtol=1e-9, atol=1e-12)


REALS = st.floats(-500, 500)


@given(REALS)
def test_sigmoid_mirrors(z):
    assert nn.sigmoid(z) + nn.sigmoid(-z) == pytest.approx(1, rel=1e-15)
    assert nn.tanh(z) == pytest.approx(2 * nn.sigmoid(2 * z) - 1, rel=1e-12, abs=1e-15)


@given(REALS)
def test_softplus_differs_from_its_mirror_by_z(z):
    assert nn.softplus(z) - nn.softplus(-z) == pytest.approx(z, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: nn.sigmoid("hot"), TypeError, "z: expected numbers, got an array of <U3"),
        (lambda: nn.relu(None), TypeError, "z: expected numbers, got NoneType"),
        (lambda: nn.softmax_jacobian([[1.0, 2.0]]), ValueError, "expected shape (C,), got (1, 2)"),
        (
            lambda: nn.softmax_backward(np.ones((2, 3)), np.ones((3, 2))),
            ValueError,
            "dA: expected shape (3, 2) like Z, got (2, 3)",
        ),
        (
            lambda: nn.prelu_gradients([1.0], [1.0, 2.0], 0.1),
            ValueError,
            "dA: expected shape (2,) like Z, got (1,)",
        ),
    ],
)
def test_wrong_input_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
