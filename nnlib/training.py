"""Training: shuffle, cut into batches, and for each batch forward, backward, one step.

The 1/m of the cost enters here, once, in the gradient that goes into the network; so does all
randomness, through one rng: the same rng gives the same network to the last bit.
"""

from dataclasses import dataclass, field

import numpy as np
from tqdm.auto import tqdm

from nnlib.arrays import as_real
from nnlib.regularization import l2_gradient

__all__ = ["History", "evaluate", "fit", "random_mini_batches"]


@dataclass
class History:
    """What fit saw, a number for each epoch; the val_ lists are empty without validation data."""

    loss: list = field(default_factory=list)  # mean over the epoch's batches, as they were met
    accuracy: list = field(default_factory=list)
    val_loss: list = field(default_factory=list)
    val_accuracy: list = field(default_factory=list)
    learning_rate: list = field(default_factory=list)
    batch_loss: list = field(default_factory=list)  # a number for each step
    best_epoch: int = None  # of the lowest val_loss; with patience the parameters are from there


def random_mini_batches(X, Y, batch_size, rng):
    """A list of (X_b, Y_b): every sample once, in random order, the last batch smaller if need be.

    X (…, m), Y (…, m). Samples are shuffled once and then cut: picking the columns of each batch
    anew would be many times slower than slicing.
    """
    X, Y = np.asarray(X), np.asarray(Y)
    m = X.shape[-1]
    if Y.shape[-1] != m:
        raise ValueError(f"Y: expected {m} samples like X, got {Y.shape[-1]}")
    if batch_size < 1:
        raise ValueError(f"batch_size: expected at least 1, got {batch_size}")
    order = rng.permutation(m)
    X, Y = X[..., order], Y[..., order]
    return [
        (X[..., start : start + batch_size], Y[..., start : start + batch_size])
        for start in range(0, m, batch_size)
    ]


def fit(
    network, X, Y, objective, optimizer, epochs, rng, *, batch_size=64, validation=None,
    patience=None, schedule=None, l2=0.0, max_norm=None, progress=True,
):  # fmt: skip
    """Train network on X (…, m), Y (n, m), in place; a History comes out.

    validation  (X, Y) to measure after each epoch
    patience    stop after so many epochs without a lower validation loss, and return to the best
    schedule    (learning_rate, epoch) → the learning rate of that epoch, counted from 0
    l2          λ of the penalty (λ/2m) Σ‖W‖²; m is the batch's size; biases are left out
    max_norm    the gradient is scaled down to this norm where it is longer
    """
    if patience is not None and validation is None:
        raise ValueError("patience: expected validation=(X, Y) as well, to see when to stop")
    dtype = network.parameters.dtype
    X, Y = as_real(X, "X").astype(dtype), as_real(Y, "Y").astype(dtype)
    history, start_rate = History(), optimizer.learning_rate
    best = None
    with tqdm(range(epochs), unit="epoch", disable=not progress) as bar:
        for epoch in bar:
            if schedule is not None:
                optimizer.learning_rate = float(schedule(start_rate, epoch))
            history.learning_rate.append(optimizer.learning_rate)
            batches = random_mini_batches(X, Y, batch_size, rng)
            _epoch(network, batches, objective, optimizer, l2, max_norm, history)
            if validation is not None:
                loss, accuracy = evaluate(network, *validation, objective)
                history.val_loss.append(loss)
                history.val_accuracy.append(accuracy)
                if history.best_epoch is None or loss < history.val_loss[history.best_epoch]:
                    history.best_epoch = epoch
                    best = network.copy_state() if patience is not None else None
            bar.set_postfix(_latest(history), refresh=False)
            if patience is not None and epoch - history.best_epoch >= patience:
                break
    optimizer.learning_rate = start_rate
    if best is not None:
        network.restore_state(best)
    return history


def evaluate(network, X, Y, objective):
    """Mean loss and accuracy (None where there are no classes) of the trained network."""
    Z = network.predict(as_real(X, "X").astype(network.parameters.dtype, copy=False))
    accuracy = None if objective.accuracy is None else objective.accuracy(Z, Y)
    return float(objective.loss(Z, Y).sum() / Z.shape[-1]), accuracy


def _epoch(network, batches, objective, optimizer, l2, max_norm, history):
    """One pass over the batches; its means go into history."""
    loss_sum, right, m = 0.0, 0.0, 0
    for X, Y in batches:
        size = X.shape[-1]
        Z = network.forward(X)
        network.parameter_gradients(objective.gradient(Z, Y) / size)
        if l2:
            for layer in network.layers:
                if "W" in layer.params:
                    layer.grads["W"] += l2_gradient(layer.params["W"], l2, size)
        if max_norm is not None:
            norm = float(np.linalg.norm(network.gradients))
            network.gradients *= min(1.0, max_norm / norm) if norm else 1.0
        optimizer.step(network.parameters, network.gradients)
        batch_loss = float(objective.loss(Z, Y).sum())
        if not np.isfinite(batch_loss):
            raise FloatingPointError(
                f"loss: expected a finite number, got {batch_loss} in epoch {len(history.loss)}; "
                "try a smaller learning rate, standardized data, or max_norm"
            )
        history.batch_loss.append(batch_loss / size)
        loss_sum, m = loss_sum + batch_loss, m + size
        if objective.accuracy is not None:
            right += objective.accuracy(Z, Y) * size
    history.loss.append(loss_sum / m)
    history.accuracy.append(right / m if objective.accuracy is not None else None)


def _latest(history):
    """The last epoch's numbers for the progress bar."""
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    last = {name: getattr(history, name)[-1] for name in names if getattr(history, name)}
    return {name: f"{value:.4f}" for name, value in last.items() if value is not None}
