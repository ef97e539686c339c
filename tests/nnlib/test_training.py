"""Training: batches, the same result from the same rng, what fit records, stops at, and reaches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnlib as nn


def moons(seed=0, m=120):
    return nn.datasets.moons(m, np.random.default_rng(seed))


def network(rng, dtype=np.float32):
    layers = [nn.Dense(2, 16, rng), nn.ReLU(), nn.Dropout(0.9, rng), nn.Dense(16, 1, rng)]
    return nn.Network(layers, dtype=dtype)


def fitted(seed=0, epochs=5, **options):
    rng = np.random.default_rng(seed)
    model = network(rng)
    options = {"optimizer": nn.Adam(0.01), "batch_size": 32, "progress": False} | options
    history = nn.fit(model, *moons(), nn.sigmoid_cross_entropy, epochs=epochs, rng=rng, **options)
    return model, history


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_batches_use_every_sample_once_and_keep_pairs(m, batch_size, seed):
    X, Y = np.arange(2.0 * m).reshape(2, m), np.arange(m)[np.newaxis]
    batches = nn.random_mini_batches(X, Y, batch_size, np.random.default_rng(seed))
    sizes = [X_b.shape[1] for X_b, _ in batches]
    assert sizes == [batch_size] * (m // batch_size) + [m % batch_size] * (m % batch_size > 0)
    seen = np.concatenate([Y_b[0] for _, Y_b in batches])
    np.testing.assert_array_equal(np.sort(seen), np.arange(m))
    np.testing.assert_array_equal(np.concatenate([X_b for X_b, _ in batches], axis=1), X[:, seen])


def test_batches_are_shuffled_one_by_one():
    X = np.arange(1000)[np.newaxis]
    batches = nn.random_mini_batches(X, X, 10, np.random.default_rng(0))
    steps = np.diff(np.concatenate([X_b[0] for X_b, _ in batches]))
    assert np.mean(steps == 1) < 0.02


def test_the_same_state_gives_the_same_batches():
    X = np.arange(50)[np.newaxis]
    once, again, other = (
        nn.random_mini_batches(X, X, 8, np.random.default_rng(seed)) for seed in (3, 3, 4)
    )
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(once, again, strict=True))
    assert not all(np.array_equal(a[0], b[0]) for a, b in zip(once, other, strict=True))


def test_batches_of_images_and_bad_arguments(rng):
    X, Y = np.zeros((1, 4, 4, 5)), np.zeros((2, 5))
    assert nn.random_mini_batches(X, Y, 3, rng)[1][0].shape == (1, 4, 4, 2)
    with pytest.raises(ValueError, match="Y: expected 5 samples like X, got 4"):
        nn.random_mini_batches(X, Y[:, 1:], 3, rng)
    with pytest.raises(ValueError, match="batch_size: expected at least 1, got 0"):
        nn.random_mini_batches(X, Y, 0, rng)


def test_one_rng_makes_the_same_network_to_the_last_bit():
    (one, history), (other, again) = fitted(), fitted()
    np.testing.assert_array_equal(one.parameters, other.parameters)
    assert history == again
    assert not np.array_equal(one.parameters, fitted(seed=1)[0].parameters)


def test_one_full_batch_step_is_gradient_descent(rng):
    X, Y = moons(m=20)
    model = nn.Network([nn.Dense(2, 1, rng)], dtype=np.float64)
    w, b = model.params["0.W"].T.copy(), model.params["0.b"].item()
    dw, db, J = nn.logistic_gradients(X, Y, w, b)
    history = nn.fit(
        model, X, Y, nn.sigmoid_cross_entropy, nn.SGD(0.5), 1, rng, batch_size=20, progress=False
    )
    np.testing.assert_allclose(model.params["0.W"].T, w - 0.5 * dw, rtol=1e-12)
    assert model.params["0.b"].item() == pytest.approx(b - 0.5 * db, rel=1e-12)
    assert history.loss == [pytest.approx(J, rel=1e-12)] == history.batch_loss


def test_l2_adds_its_gradient_to_the_weights_only(rng):
    model = nn.Network([nn.Dense(2, 1, rng)], dtype=np.float64)
    W, X, Y = model.params["0.W"].copy(), np.zeros((2, 4)), np.zeros((1, 4))
    nn.fit(model, X, Y, nn.least_squares, nn.SGD(0.1), 1, rng, l2=2.0, batch_size=4, progress=False)
    np.testing.assert_allclose(model.params["0.W"], W - 0.1 * nn.l2_gradient(W, 2.0, 4))
    assert model.params["0.b"].item() == 0


def test_max_norm_bounds_the_step(rng):
    model = nn.Network([nn.Dense(2, 1, rng)], dtype=np.float64)
    before = model.parameters.copy()
    X, Y = 100 * np.ones((2, 4)), np.ones((1, 4))
    options = {"batch_size": 4, "progress": False}
    nn.fit(model, X, Y, nn.least_squares, nn.SGD(1.0), 1, rng, max_norm=0.5, **options)
    assert np.linalg.norm(model.parameters - before) == pytest.approx(0.5)


def test_history_has_a_number_for_each_epoch_and_step():
    _, history = fitted(epochs=4, validation=moons(1))
    assert len(history.loss) == len(history.val_loss) == len(history.val_accuracy) == 4
    assert len(history.batch_loss) == 4 * 4
    assert history.loss[-1] < history.loss[0]
    assert 0 <= min(history.accuracy) <= max(history.accuracy) <= 1


def test_the_schedule_sets_the_rate_and_gives_it_back():
    optimizer = nn.Adam(0.01)
    _, history = fitted(
        optimizer=optimizer, epochs=3,
        schedule=lambda rate, epoch: nn.decayed_learning_rate(rate, 1.0, epoch),
    )  # fmt: skip
    assert history.learning_rate == [0.01, 0.005, 0.01 / 3]
    assert optimizer.learning_rate == 0.01


def test_early_stopping_returns_to_the_best_epoch():
    validation = moons(1, m=30)
    model, history = fitted(
        epochs=200, validation=validation, patience=3, optimizer=nn.Adam(0.3), batch_size=8
    )
    assert len(history.loss) == history.best_epoch + 4 < 200
    assert history.val_loss[history.best_epoch] == min(history.val_loss)
    loss, _ = nn.evaluate(model, *validation, nn.sigmoid_cross_entropy)
    assert loss == min(history.val_loss)


def test_patience_needs_validation():
    with pytest.raises(ValueError, match="patience: expected validation"):
        fitted(patience=3)


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_a_run_that_blows_up_says_what_to_do(rng):
    model = nn.Network([nn.Dense(1, 4, rng), nn.Dense(4, 1, rng)])
    X = np.linspace(-100, 100, 50)[np.newaxis]
    with pytest.raises(FloatingPointError, match="loss: expected a finite number.*learning rate"):
        nn.fit(model, X, X, nn.least_squares, nn.SGD(10.0), 50, rng, progress=False)


def test_labels_of_another_shape_are_refused(rng):
    model = nn.Network([nn.Dense(2, 3, rng)])
    with pytest.raises(ValueError, match=r"Y: expected shape \(3, 4\) like Z, got \(1, 4\)"):
        nn.fit(
            model, np.ones((2, 4)), np.ones((1, 4)), nn.softmax_cross_entropy, nn.SGD(0.1), 1, rng,
            progress=False,
        )  # fmt: skip


def test_the_progress_bar_shows_epochs_and_losses(capsys):
    fitted(epochs=3, progress=True)
    bar = capsys.readouterr().err
    assert "3/3" in bar
    assert "loss=" in bar
    assert "accuracy=" in bar


@pytest.mark.parametrize(
    ("objective", "Z", "Y", "loss", "accuracy"),
    [
        (nn.sigmoid_cross_entropy, [[0.0, 0.0]], [[1.0, 1.0]], np.log(2), 1.0),
        (nn.softmax_cross_entropy, [[0.0, 9], [0, 0]], [[0.0, 1], [1, 0]], None, 0.5),
        (nn.least_squares, [[1.0, 3.0]], [[0.0, 0.0]], 2.5, None),
    ],
)
def test_evaluate_by_hand(objective, Z, Y, loss, accuracy):
    got_loss, got_accuracy = nn.evaluate(
        nn.Network([nn.ReLU()]), np.array(Z), np.array(Y), objective
    )
    assert got_accuracy == accuracy
    if loss is not None:
        assert got_loss == pytest.approx(loss, rel=1e-6)


def test_an_mlp_reads_digits():
    data, rng = nn.datasets.load_digits(), np.random.default_rng(0)
    layers = [nn.Dense(64, 128, rng), nn.ReLU(), nn.Dense(128, 64, rng), nn.ReLU()]
    model = nn.Network([nn.Flatten(), *layers, nn.Dense(64, 10, rng)])
    nn.fit(
        model, data.X_train, data.Y_train, nn.softmax_cross_entropy, nn.Adam(), 20, rng,
        progress=False,
    )  # fmt: skip
    _, accuracy = nn.evaluate(model, data.X_test, data.Y_test, nn.softmax_cross_entropy)
    assert accuracy >= 0.97


@pytest.mark.parametrize("seed", [0, 1])
def test_a_cnn_reads_digits_better(seed):
    data, rng = nn.datasets.load_digits(), np.random.default_rng(seed)
    model = nn.Network(
        [
            nn.Conv2D(1, 16, 3, rng, padding=1), nn.BatchNorm(16), nn.ReLU(), nn.MaxPool2D(2),
            nn.Conv2D(16, 32, 3, rng, padding=1), nn.BatchNorm(32), nn.ReLU(), nn.MaxPool2D(2),
            nn.Flatten(), nn.Dropout(0.8, rng), nn.Dense(128, 10, rng),
        ]
    )  # fmt: skip
    nn.fit(
        model, data.X_train, data.Y_train, nn.softmax_cross_entropy, nn.Adam(0.003), 20, rng,
        schedule=lambda rate, epoch: nn.decayed_learning_rate(rate, 0.2, epoch),
        batch_size=32, progress=False,
    )  # fmt: skip
    _, accuracy = nn.evaluate(model, data.X_test, data.Y_test, nn.softmax_cross_entropy)
    assert accuracy >= 0.98
