"""What PyTorch in float64 says of networks: `python tests/nnlib/reference/make_networks.py`.

Writes networks.json, which the tests compare with where PyTorch is not installed. Every case has
its inputs by name and its results by name, all with samples last, as nnlib has them.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

HERE = Path(__file__).parent
CONVOLUTIONS = [(3, 1, 1), (2, 2, 0), (3, 2, 2), (1, 1, 0)]  # f, stride, padding
POOLS = [(2, 2), (3, 1), (2, 3), (3, 2)]  # f, stride


def reference():
    """{case: {"inputs": {name: numbers}, "results": {name: numbers}}}"""
    draw = _Draw()
    cases = {}
    for f, stride, padding in CONVOLUTIONS:
        cases[f"conv {f} {stride} {padding}"] = _convolution(draw, f, stride, padding)
    for f, stride in POOLS:
        cases[f"maxpool {f} {stride}"] = _pool(draw, F.max_pool2d, f, stride)
        cases[f"avgpool {f} {stride}"] = _pool(draw, F.avg_pool2d, f, stride)
    cases["batchnorm"] = _batchnorm(draw)
    cases["two layers"] = _two_layers(draw)
    cases["cnn"] = _cnn(draw)
    cases["rnn"] = _rnn(draw)
    cases["attention"] = _attention(draw)
    cases |= _optimizers(draw)
    return cases


class _Draw:
    """Random float64 tensors of few digits, the same in every run."""

    def __init__(self):
        self.generator = torch.Generator().manual_seed(1)

    def __call__(self, *shape):
        numbers = torch.randn(shape, generator=self.generator, dtype=torch.float64)
        return numbers.mul(100).round().div(100).requires_grad_()


def first(X):
    """Samples last to samples first."""
    return X.movedim(-1, 0)


def last(X):
    return X.movedim(0, -1)


def _case(inputs, results):
    def plain(tensors):
        return {name: tensor.detach().tolist() for name, tensor in tensors.items()}

    return {"inputs": plain(inputs), "results": plain(results)}


def _convolution(draw, f, stride, padding):
    X, W, b = draw(2, 5, 4, 2), draw(3, 2, f, f), draw(3, 1)
    Z = last(F.conv2d(first(X), W, b.ravel(), stride=stride, padding=padding))
    dZ = draw(*Z.shape)
    Z.backward(dZ)
    return _case(
        {"X": X, "W": W, "b": b, "dZ": dZ}, {"Z": Z, "dX": X.grad, "dW": W.grad, "db": b.grad}
    )


def _pool(draw, pool, f, stride):
    X = draw(2, 5, 6, 2)
    A = last(pool(first(X), f, stride))
    dA = draw(*A.shape)
    A.backward(dA)
    return _case({"X": X, "dA": dA}, {"A": A, "dX": X.grad})


def _batchnorm(draw):
    X, gamma, beta, dY = draw(3, 2, 2, 4), draw(3, 1), draw(3, 1), draw(3, 2, 2, 4)
    Y = last(F.batch_norm(first(X), None, None, gamma.ravel(), beta.ravel(), training=True))
    Y.backward(dY)
    return _case(
        {"X": X, "gamma": gamma, "beta": beta, "dY": dY},
        {"Y": Y, "dX": X.grad, "dgamma": gamma.grad, "dbeta": beta.grad},
    )


def _two_layers(draw):
    X, W1, b1, W2, b2 = draw(3, 5), draw(4, 3), draw(4, 1), draw(1, 4), draw(1, 1)
    Y = torch.tensor([[1.0, 0.0, 0.0, 1.0, 1.0]], dtype=torch.float64)
    A = torch.sigmoid(W2 @ torch.relu(W1 @ X + b1) + b2)
    F.binary_cross_entropy(A, Y).backward()
    return _case(
        {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2},
        {"A": A, "dW1": W1.grad, "db1": b1.grad, "dW2": W2.grad, "db2": b2.grad},
    )


def _cnn(draw):
    X, labels = draw(1, 4, 4, 3), torch.tensor([2, 0, 1])
    shapes = {"W1": (2, 1, 3, 3), "b1": (2, 1), "W2": (3, 2, 3, 3), "b2": (3, 1)}
    shapes |= {"W3": (3, 3), "b3": (3, 1)}
    p = {name: draw(*shape) for name, shape in shapes.items()}
    A = first(X)
    for W, b in ((p["W1"], p["b1"]), (p["W2"], p["b2"])):
        A = F.max_pool2d(torch.relu(F.conv2d(A, W, b.ravel(), padding=1)), 2)
    Z = A.flatten(1) @ p["W3"].T + p["b3"].ravel()
    F.cross_entropy(Z, labels).backward()
    gradients = {f"d{name}": tensor.grad for name, tensor in p.items()}
    Y = last(F.one_hot(labels, 3))
    return _case({"X": X, "Y": Y, **p}, {"probabilities": last(F.softmax(Z, dim=1)), **gradients})


def _rnn(draw):
    X, a0, W_x, W_a, b = draw(3, 2, 4), draw(3, 4), draw(3, 2), draw(3, 3), draw(3, 1)
    cell = torch.nn.RNN(2, 3, dtype=torch.float64)
    named = {"weight_ih_l0": W_x, "weight_hh_l0": W_a, "bias_ih_l0": b.ravel()}
    named["bias_hh_l0"] = torch.zeros(3, dtype=torch.float64)
    states, _ = torch.func.functional_call(cell, named, (X.mT, a0.T[None].contiguous()))
    A = states.mT
    dA = draw(*A.shape)
    A.backward(dA)
    inputs = {"X": X, "a0": a0, "W_x": W_x, "W_a": W_a, "b": b, "dA": dA}
    gradients = {f"d{name}": inputs[name].grad for name in ("X", "a0", "W_x", "W_a", "b")}
    return _case(inputs, {"A": A, **gradients})


def _attention(draw):
    Q, K, V, dO = draw(3, 4), draw(3, 5), draw(2, 5), draw(2, 4)
    output = F.scaled_dot_product_attention(Q.T, K.T, V.T).T
    output.backward(dO)
    return _case(
        {"Q": Q, "K": K, "V": V, "dO": dO},
        {"O": output, "dQ": Q.grad, "dK": K.grad, "dV": V.grad},
    )


def _optimizers(draw):
    """Where a (2, 3) matrix is after each of five given gradients."""
    start, gradients = draw(2, 3), draw(5, 2, 3)
    makers = {
        "SGD": lambda p: torch.optim.SGD(p, lr=0.1),
        "AdaGrad": lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-8),
        "RMSprop": lambda p: torch.optim.RMSprop(p, lr=0.1, alpha=0.95, eps=1e-8),
        "Adam": lambda p: torch.optim.Adam(p, lr=0.1),
    }
    cases = {}
    for name, maker in makers.items():
        parameter = start.detach().clone().requires_grad_()
        optimizer, path = maker([parameter]), []
        for gradient in gradients.detach():
            parameter.grad = gradient.clone()
            optimizer.step()
            path.append(parameter.detach().clone())
        cases[name] = _case({"start": start, "gradients": gradients}, {"path": torch.stack(path)})
    return cases


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(case)}" for name, case in reference().items()]
    (HERE / "networks.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
