"""What PyTorch in float64 says of the core: `python tests/nnlib/reference/make_core.py`.

Writes core.json, which the tests compare with where PyTorch is not installed. For every case: the
inputs, the values and, by autograd, the gradient of their sum in the first input.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

HERE = Path(__file__).parent
Z = [[-40.0, -3.0, -0.5, 0.25], [0.75, 1.5, 2.0, 7.0], [0.1, -0.2, 40.0, -1.25]]
P = [[0.05, 0.3, 0.5, 0.99]]
T = [[0.0, 1.0, 1.0, 0.0]]
Y_HAT, Y = [[-2.5, 0.3, 1.4, 4.0]], [[0.0, 0.5, 1.0, -1.0]]
ONE_HOT = [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "arctan": torch.arctan,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "softplus": F.softplus,
}
LOSSES = {
    "binary_cross_entropy": (F.binary_cross_entropy, P, T),
    "binary_cross_entropy_from_logits": (F.binary_cross_entropy_with_logits, Y_HAT, T),
    "squared_error": (lambda a, b, reduction: 0.5 * F.mse_loss(a, b, reduction="none"), Y_HAT, Y),
    "absolute_error": (F.l1_loss, Y_HAT, Y),
    "huber": (F.huber_loss, Y_HAT, Y),
}


def reference():
    """{case: {"inputs", "value", "gradient"}}, all nested lists of numbers."""
    cases = {name: _case(f, Z) for name, f in ACTIVATIONS.items()}
    for name, (f, prediction, target) in LOSSES.items():
        cases[name] = _case(lambda a, b, f=f: f(a, b, reduction="none"), prediction, target)
    cases["prelu"] = _case(lambda z, alpha: F.prelu(z, alpha), Z, [0.2])
    cases["prelu_in_alpha"] = _case(lambda alpha, z: F.prelu(z, alpha), [0.2], Z)
    cases["softmax"] = _case(lambda z, d: F.softmax(z, dim=0) * d, Z, ONE_HOT)
    cases["categorical_cross_entropy_from_logits"] = _case(
        lambda z, y: F.cross_entropy(z.T, y.T, reduction="none")[None], Z, ONE_HOT
    )
    return cases


def _case(f, *inputs):
    tensors = [torch.tensor(values, dtype=torch.float64) for values in inputs]
    tensors[0].requires_grad_()
    value = f(*tensors)
    value.sum().backward()
    return {
        "inputs": inputs,
        "value": value.detach().tolist(),
        "gradient": tensors[0].grad.tolist(),
    }


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(case)}" for name, case in reference().items()]
    (HERE / "core.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
