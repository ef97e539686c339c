"""Optimizers: steps by hand, classes against functions and PyTorch, in place and nothing else."""

import numpy as np
import pytest
from frozen import case

import nnlib as nn
from nnlib import optimizers

PAIRS = {
    "SGD": (nn.SGD, lambda w, dw, state, rate: (nn.sgd_step(w, dw, rate), None)),
    "Momentum": (nn.Momentum, nn.momentum_step),
    "AdaGrad": (nn.AdaGrad, nn.adagrad_step),
    "RMSprop": (nn.RMSprop, nn.rmsprop_step),
    "Adam": (nn.Adam, nn.adam_step),
}
EACH = pytest.mark.parametrize(("optimizer", "step"), PAIRS.values(), ids=PAIRS)


def test_ewma_by_hand():
    np.testing.assert_allclose(nn.ewma([1, 3, 2], 0.5), [0.5, 1.75, 1.875], rtol=1e-15)
    corrected = nn.ewma([1, 3, 2], 0.5, bias_correction=True)
    np.testing.assert_allclose(corrected, [1, 1.75 / 0.75, 1.875 / 0.875], rtol=1e-15)


@pytest.mark.parametrize(
    ("step", "first", "second"),
    [
        (nn.momentum_step, 1 - 0.1 * 0.2, 1 - 0.1 * 0.2 - 0.1 * 0.38),
        (nn.adagrad_step, 0.9, 0.9 - 0.1 / np.sqrt(2)),
        (nn.rmsprop_step, 1 - 0.1 / np.sqrt(0.05), 1 - 0.1 / np.sqrt(0.05) - 0.1 / np.sqrt(0.0975)),
        (nn.adam_step, 0.9, 0.8),
    ],
)
def test_two_steps_by_hand(step, first, second):
    w, state = step(1.0, 2.0, None, 0.1)
    assert w == pytest.approx(first, rel=1e-7)
    w, state = step(w, 2.0, state, 0.1)
    assert w == pytest.approx(second, rel=1e-7)


@EACH
def test_steps_change_nothing_and_can_be_replayed(optimizer, step, rng):
    w, dw = rng.normal(size=(2, 3, 2))
    for array in (w, dw):
        array.setflags(write=False)
    _, state = step(w, dw, None, 0.1)
    once, _ = step(w, dw, state, 0.1)
    twice, _ = step(w, dw, state, 0.1)
    np.testing.assert_array_equal(once, twice)


@EACH
def test_class_in_place_and_function_agree(optimizer, step, rng):
    w, state = rng.normal(size=(3, 2)), None
    theta, moved = w.copy(), optimizer(learning_rate=0.1)
    for gradient in rng.normal(size=(20, 3, 2)):
        w, state = step(w, gradient, state, 0.1)
        moved.step(theta, gradient)
    assert nn.relative_error(theta, w) < 1e-13


@pytest.mark.parametrize("name", ["SGD", "AdaGrad", "RMSprop", "Adam"])
def test_paths_as_pytorch_says(name):
    t = case(name)
    theta, optimizer = t.start.copy(), getattr(nn, name)(learning_rate=0.1)
    for gradient, expected in zip(t.gradients, t.path, strict=True):
        optimizer.step(theta, gradient)
        assert nn.relative_error(theta, expected) < 1e-12


@EACH
def test_blocks_do_not_show(optimizer, step, rng, monkeypatch):
    start, gradients = rng.normal(size=50), rng.normal(size=(3, 50))
    whole, blocks = start.copy(), start.copy()
    one, other = optimizer(learning_rate=0.1), optimizer(learning_rate=0.1)
    for gradient in gradients:
        one.step(whole, gradient)
    monkeypatch.setattr(optimizers, "BLOCK", 16)
    for gradient in gradients:
        other.step(blocks, gradient)
    np.testing.assert_array_equal(blocks, whole)


@EACH
def test_a_list_is_as_good_as_an_array(optimizer, step, rng):
    a, b, g = rng.normal(size=(3, 4))
    parameters, both = [a.copy(), b[:2].copy()], np.concatenate([a, b[:2]])
    moved, other = optimizer(learning_rate=0.1), optimizer(learning_rate=0.1)
    for _ in range(3):
        moved.step(parameters, [g, g[:2]])
        other.step(both, np.concatenate([g, g[:2]]))
    np.testing.assert_allclose(np.concatenate(parameters), both, rtol=1e-15)


@EACH
def test_strided_parameters_are_moved_too(optimizer, step, rng):
    array, g = rng.normal(size=(4, 6)), rng.normal(size=(4, 3))
    expected, before = array[:, ::2].copy(), array.copy()
    optimizer(learning_rate=0.1).step(expected, g)
    optimizer(learning_rate=0.1).step(array[:, ::2], g)
    np.testing.assert_array_equal(array[:, ::2], expected)
    np.testing.assert_array_equal(array[:, 1::2], before[:, 1::2])


@EACH
def test_float32_stays_float32_whatever_the_rate(optimizer, step):
    moved = optimizer(learning_rate=np.float64(0.1))
    theta, gradient = np.ones(3, np.float32), np.ones(3, np.float32)
    gradient.setflags(write=False)
    moved.step(theta, gradient)
    assert theta.dtype == np.float32
    assert all(kept.dtype == np.float32 for kept in moved.kept[0])


def test_adam_is_as_exact_as_its_parameters(rng):
    w, state = rng.normal(size=5), None
    theta, moved = w.copy(), nn.Adam(0.1)
    for gradient in rng.normal(size=(3, 5)).astype(np.float32):
        w, state = nn.adam_step(w, gradient.astype(np.float64), state, 0.1)
        moved.step(theta, gradient)
    assert nn.relative_error(theta, w) < 1e-13


def test_errors_say_what_was_expected():
    with pytest.raises(
        ValueError, match=r"gradients: expected shape \(3,\) like parameters, got \(2,\)"
    ):
        nn.SGD(0.1).step(np.ones(3), np.ones(2))
    with pytest.raises(TypeError, match="parameters: expected arrays of floats .* got int64"):
        nn.SGD(0.1).step(np.ones(3, int), np.ones(3))
    with pytest.raises(ValueError, match="gradients: expected 2, .* got 1"):
        nn.SGD(0.1).step([np.ones(3), np.ones(2)], [np.ones(3)])


def test_decay_by_hand():
    assert [nn.decayed_learning_rate(0.2, 1.0, epoch) for epoch in (0, 1, 3)] == [0.2, 0.1, 0.05]


def test_log_uniform_has_each_decade_equally_often(rng):
    draws = nn.sample_log_uniform(1e-4, 1.0, 10_000, rng)
    assert draws.min() >= 1e-4
    assert draws.max() <= 1
    share = np.histogram(np.log10(draws), bins=4, range=(-4, 0))[0] / 10_000
    assert np.all(abs(share - 0.25) < 6 * np.sqrt(0.25 * 0.75 / 10_000))


def test_log_uniform_needs_positive_bounds(rng):
    with pytest.raises(ValueError, match="expected 0 < low ≤ high"):
        nn.sample_log_uniform(0, 1, 3, rng)
