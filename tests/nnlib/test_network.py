"""A network: one vector, gradients of everything at once, a summary, files."""

import io
import zipfile

import numpy as np
import pytest
from frozen import case
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn


def dense(sizes, seed=0, dtype=np.float64):
    rng, layers = np.random.default_rng(seed), []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Dense(n_in, n_out, rng), nn.ReLU()]
    return nn.Network(layers[:-1], dtype=dtype)


def cnn(seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    layers = [
        nn.Conv2D(1, 2, 3, rng, padding=1), nn.BatchNorm(2), nn.ReLU(), nn.MaxPool2D(2),
        nn.Conv2D(2, 3, 3, rng, padding=1), nn.ReLU(), nn.MaxPool2D(2),
        nn.Flatten(), nn.Dense(3, 3, rng),
    ]  # fmt: skip
    return nn.Network(layers, dtype=dtype)


def test_parameters_are_one_vector_and_layers_see_it():
    network = dense([2, 3, 1])
    assert network.parameters.shape == network.gradients.shape == (2 * 3 + 3 + 3 * 1 + 1,)
    network.parameters[...] = np.arange(13)
    np.testing.assert_array_equal(network.layers[0].params["W"], [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(network.params["2.b"], [[12]])
    network.layers[0].grads["b"][...] = 1
    assert network.gradients.sum() == 3


def test_float32_unless_told_otherwise():
    network = nn.Network([nn.Dense(2, 1, np.random.default_rng(0))])
    assert network.parameters.dtype == network.forward(np.ones((2, 1), np.float32)).dtype
    assert network.parameters.dtype == np.float32


def test_forward_is_the_functions_of_lecture_five(rng):
    network, X = dense([3, 4, 1]), rng.normal(size=(3, 5))
    parameters = [tuple(network.layers[i].params.values()) for i in (0, 2)]
    A, caches = nn.model_forward(X, parameters)
    np.testing.assert_allclose(network.forward(X), caches[-1][2], rtol=1e-14)
    np.testing.assert_allclose(nn.sigmoid(network.predict(X)), A, rtol=1e-14)


def test_the_one_over_m_bridges_layers_and_lecture_five(rng):
    network, X, Y = dense([3, 4, 1]), rng.normal(size=(3, 5)), np.array([[1.0, 0, 0, 1, 1]])
    parameters = [tuple(network.layers[i].params.values()) for i in (0, 2)]
    A, caches = nn.model_forward(X, parameters)
    network.forward(X)
    network.parameter_gradients((A - Y) / 5)
    expected = np.concatenate([g.ravel() for p in nn.model_backward(A, Y, caches) for g in p])
    assert nn.relative_error(network.gradients, expected) < 1e-13


@pytest.mark.parametrize("skip_input", [False, True])
def test_all_gradients_by_complex_step_and_nudges(skip_input, rng):
    network, X = cnn(), rng.normal(size=(1, 4, 4, 6))
    Y = nn.one_hot(rng.integers(3, size=6), 3)
    theta = network.parameters.copy()

    def J(theta):
        other = cnn()
        other.bind(theta)
        return nn.cost(nn.categorical_cross_entropy_from_logits(other.forward(X), Y))

    dZ = nn.softmax_cross_entropy_gradient(network.forward(X), Y) / 6
    (network.parameter_gradients if skip_input else network.backward)(dZ)
    assert nn.relative_error(network.gradients, nn.complex_gradient(J, theta)) < 1e-12
    assert nn.relative_error(network.gradients, nn.numerical_gradient(J, theta)) < 1e-7


def test_gradient_checker_takes_a_network(rng):
    errors = nn.check_gradients(dense([3, 4, 2]), rng.normal(size=(3, 5)), rng)
    assert errors.keys() == {"X", "0.W", "0.b", "2.W", "2.b"}
    assert max(errors.values()) < 1e-7


def test_cnn_as_pytorch_says():
    t, rng = case("cnn"), np.random.default_rng(0)
    layers = [
        nn.Conv2D(1, 2, 3, rng, padding=1), nn.ReLU(), nn.MaxPool2D(2),
        nn.Conv2D(2, 3, 3, rng, padding=1), nn.ReLU(), nn.MaxPool2D(2),
        nn.Flatten(), nn.Dense(3, 3, rng),
    ]  # fmt: skip
    network, names = nn.Network(layers, dtype=np.float64), ("W1", "b1", "W2", "b2", "W3", "b3")
    for array, name in zip(network.params.values(), names, strict=True):
        array[...] = getattr(t, name)
    Z = network.forward(t.X)
    assert nn.relative_error(nn.softmax(Z), t.probabilities) < 1e-14
    network.parameter_gradients(nn.softmax_cross_entropy_gradient(Z, t.Y) / 3)
    for gradient, name in zip(network.grads.values(), names, strict=True):
        assert nn.relative_error(gradient, getattr(t, f"d{name}")) < 1e-12


def test_predict_in_batches_is_predict(rng):
    network, X = cnn(), rng.normal(size=(1, 4, 4, 7))
    whole = network.predict(X)
    np.testing.assert_allclose(network.predict(X, batch_size=3), whole, rtol=1e-12)
    assert dense([2, 3]).predict(np.ones((2, 0))).shape == (3, 0)


def test_bind_refuses_another_length():
    with pytest.raises(ValueError, match=r"parameters: expected shape \(9,\), got \(8,\)"):
        dense([2, 3]).bind(np.zeros(8))


def test_one_layer_cannot_stand_in_two_places():
    layer = nn.Dense(2, 2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="expected each layer once"):
        nn.Network([layer, nn.ReLU(), layer])


def test_summary_counts_and_shapes():
    lines = cnn().summary((1, 4, 4)).splitlines()
    assert lines[0].split() == ["layer", "output", "parameters"]
    assert lines[2].split() == ["input", "(1,", "4,", "4,", "m)"]
    assert lines[3].endswith("(2, 4, 4, m)          20")
    assert lines[-1].split() == ["total", "93"]


@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_save_and_load_give_the_same_network(sizes, seed):
    network, file = dense(sizes, seed), io.BytesIO()
    network.save(file)
    file.seek(0)
    other = dense(sizes, seed + 1).load(file)
    np.testing.assert_array_equal(other.parameters, network.parameters)


def test_state_is_saved_too(tmp_path, rng):
    network, X = cnn(), rng.normal(size=(1, 4, 4, 6))
    network.forward(X)
    network.save(tmp_path / "net.npz")
    np.testing.assert_array_equal(
        cnn(seed=1).load(tmp_path / "net.npz").predict(X), network.predict(X)
    )


def test_files_hold_no_pickle_and_say_their_version(tmp_path):
    dense([2, 1]).save(tmp_path / "net.npz")
    with zipfile.ZipFile(tmp_path / "net.npz") as file:
        assert not any(b"pickle" in file.read(name) for name in file.namelist())
    with np.load(tmp_path / "net.npz", allow_pickle=False) as file:
        assert int(file["version"]) == 1


def test_another_networks_file_is_refused_and_changes_nothing(tmp_path):
    dense([2, 3, 1]).save(tmp_path / "net.npz")
    other = dense([2, 4, 1])
    before = other.parameters.copy()
    with pytest.raises(ValueError, match=r"layer 0: expected Dense\(2, 4\).* got Dense\(2, 3\)"):
        other.load(tmp_path / "net.npz")
    with pytest.raises(ValueError, match="expected 1 layers, got 3"):
        dense([2, 1]).load(tmp_path / "net.npz")
    np.testing.assert_array_equal(other.parameters, before)


def test_a_name_without_ending_is_found_again(tmp_path):
    network = dense([2, 1])
    network.save(tmp_path / "net")
    np.testing.assert_array_equal(
        dense([2, 1], seed=1).load(tmp_path / "net").parameters, network.parameters
    )


def _text(path):
    path.write_text("not a network")


def _some_arrays(path):
    np.savez(path, weights=np.ones(3))


def _newer(path):
    network = dense([2, 1])
    np.savez(path, format="nnlib network", version=2, layers=[], parameters=network.parameters)


def _objects(path):
    np.savez(path, format=np.array([{}], dtype=object))


def _short(path):
    network = dense([2, 1])
    np.savez(
        path, format="nnlib network", version=1, layers=network._signature(), parameters=np.ones(2)
    )


def _cut(path):
    dense([2, 1]).save(path)
    path.write_bytes(path.read_bytes()[:300])


def _one_array(path):
    with path.open("wb") as file:
        np.save(file, np.ones(3))


def _no_layers(path):
    np.savez(path, format="nnlib network", version=1, parameters=np.ones(3))


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (_text, "expected an .npz file that Network.save wrote"),
        (_some_arrays, "expected a file that Network.save wrote"),
        (_newer, "expected version 1, got 2"),
        (_objects, "expected an .npz file that Network.save wrote"),
        (_cut, "expected an .npz file that Network.save wrote"),
        (_one_array, "expected an .npz file that Network.save wrote"),
        (_no_layers, "expected a file that Network.save wrote"),
        (_short, r"parameters: expected shape \(3,\), got \(2,\)"),
    ],
)
def test_files_of_no_network_are_refused(write, message, tmp_path):
    write(tmp_path / "net.npz")
    with pytest.raises(ValueError, match=message):
        dense([2, 1]).load(tmp_path / "net.npz")


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        dense([2, 1]).load(tmp_path / "none.npz")
