"""What is measured: the same work in nnlib and in PyTorch, as two functions without arguments.

PyTorch runs eagerly in a hand-written loop, without a DataLoader, on data in its own layout.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import nnlib as nn

try:
    import torch
except ImportError:
    torch = None

__all__ = ["WORKLOADS", "Workload"]


class Workload(NamedTuple):
    """A name, the ratio to reach (nnlib's time / PyTorch's), and what makes the two functions."""

    name: str
    target: float
    nnlib: Callable
    torch: Callable


def draw(*shape):
    """Normal float32 numbers, the same every time."""
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def rows(X):
    """Samples last (…, m) to PyTorch's samples first."""
    return torch.tensor(np.ascontiguousarray(np.moveaxis(X, -1, 0)))


def classes(m):
    return np.random.default_rng(1).integers(10, size=m)


def logistic_nnlib(n_x, m, steps):
    X, Y = draw(n_x, m), (draw(1, m) > 0).astype(np.float32)
    return lambda: nn.train_logistic_regression(X, Y, 0.01, steps)


def logistic_torch(n_x, m, steps):
    X, Y = rows(draw(n_x, m)), rows((draw(1, m) > 0).astype(np.float32))

    def run():
        model = torch.nn.Linear(n_x, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        for _ in range(steps):
            optimizer.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model(X), Y)
            loss.backward()
            optimizer.step()
            loss.item()

    return run


def dense_nnlib(sizes):
    rng, layers = np.random.default_rng(0), []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [nn.Dense(n_in, n_out, rng), nn.ReLU()]
    return nn.Network(layers[:-1])


def dense_torch(sizes):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [torch.nn.Linear(n_in, n_out), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


DIGITS_SIZES = [64, 128, 64, 10]


def digits():
    data = nn.datasets.load_digits()
    return nn.flatten(data.X_train).astype(np.float32), data.Y_train.astype(np.float32)


def digits_nnlib():
    X, Y = digits()

    def run():
        rng = np.random.default_rng(0)
        nn.fit(
            dense_nnlib(DIGITS_SIZES), X, Y, nn.softmax_cross_entropy, nn.Adam(), 20, rng,
            progress=False,
        )  # fmt: skip

    return run


def digits_torch():
    X, Y = digits()
    X, labels = rows(X), torch.tensor(Y.argmax(axis=0))

    def run():
        model = dense_torch(DIGITS_SIZES)
        optimizer = torch.optim.Adam(model.parameters())
        for _ in range(20):
            order = torch.randperm(len(X))
            X_shuffled, labels_shuffled = X[order], labels[order]
            for start in range(0, len(X), 64):
                part = slice(start, start + 64)
                _torch_step(model, optimizer, X_shuffled[part], labels_shuffled[part]).item()

    return run


def step_nnlib(network, X):
    Y = nn.one_hot(classes(X.shape[-1]), 10).astype(np.float32)
    optimizer = nn.Adam()

    def run():
        Z = network.forward(X)
        network.parameter_gradients(nn.softmax_cross_entropy_gradient(Z, Y) / X.shape[-1])
        optimizer.step(network.parameters, network.gradients)

    return run


def step_torch(model, X):
    X, labels = rows(X), torch.tensor(classes(X.shape[-1]))
    optimizer = torch.optim.Adam(model.parameters())
    return lambda: _torch_step(model, optimizer, X, labels)


def _torch_step(model, optimizer, X, labels):
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(X), labels)
    loss.backward()
    optimizer.step()
    return loss


def cnn_nnlib():
    rng = np.random.default_rng(0)
    return nn.Network(
        [
            nn.Conv2D(1, 8, 3, rng, padding=1), nn.ReLU(), nn.MaxPool2D(2),
            nn.Conv2D(8, 16, 3, rng, padding=1), nn.ReLU(), nn.MaxPool2D(2),
            nn.Flatten(), nn.Dense(16 * 7 * 7, 10, rng),
        ]
    )  # fmt: skip


def cnn_torch():
    layer = torch.nn
    return layer.Sequential(
        layer.Conv2d(1, 8, 3, padding=1), layer.ReLU(), layer.MaxPool2d(2),
        layer.Conv2d(8, 16, 3, padding=1), layer.ReLU(), layer.MaxPool2d(2),
        layer.Flatten(), layer.Linear(16 * 7 * 7, 10),
    )  # fmt: skip


def layer_nnlib(layer, X):
    for name, array in layer.params.items():
        layer.params[name] = array.astype(np.float32)
        layer.grads[name] = np.zeros_like(layer.params[name])
    dA = draw(*layer.forward(X).shape)

    def run():
        layer.forward(X)
        layer.backward(dA)

    return run


def layer_torch(layer, X):
    X = rows(X).requires_grad_()
    dA = torch.randn_like(layer(X))

    def run():
        X.grad = None
        layer.zero_grad()
        layer(X).backward(dA)

    return run


WORKLOADS = [
    Workload(
        "logistic regression 12288×209, full batch", 0.7,
        lambda: logistic_nnlib(12288, 209, 10), lambda: logistic_torch(12288, 209, 10),
    ),
    Workload(
        "logistic regression 30×569, full batch", 0.25,
        lambda: logistic_nnlib(30, 569, 200), lambda: logistic_torch(30, 569, 200),
    ),
    Workload("MLP 64-128-64-10, digits, 20 epochs of fit", 0.36, digits_nnlib, digits_torch),
    Workload(
        "MLP 784-512-256-10, batch 128, Adam step", 0.75,
        lambda: step_nnlib(dense_nnlib([784, 512, 256, 10]), draw(784, 128)),
        lambda: step_torch(dense_torch([784, 512, 256, 10]), draw(784, 128)),
    ),
    Workload(
        "CNN 1×28×28, two convolutions, batch 64, Adam step", 0.55,
        lambda: step_nnlib(cnn_nnlib(), draw(1, 28, 28, 64)),
        lambda: step_torch(cnn_torch(), draw(1, 28, 28, 64)),
    ),
    Workload(
        "max-pool 2×2, 32 channels of 16×16, batch 64, both ways", 0.25,
        lambda: layer_nnlib(nn.MaxPool2D(2), draw(32, 16, 16, 64)),
        lambda: layer_torch(torch.nn.MaxPool2d(2), draw(32, 16, 16, 64)),
    ),
    Workload(
        "conv 3×3, 16→32 channels, 32×32, batch 32, both ways", 1.9,
        lambda: layer_nnlib(
            nn.Conv2D(16, 32, 3, np.random.default_rng(0), padding=1), draw(16, 32, 32, 32)
        ),
        lambda: layer_torch(torch.nn.Conv2d(16, 32, 3, padding=1), draw(16, 32, 32, 32)),
    ),
]  # fmt: skip
