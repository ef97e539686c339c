"""PyTorch's answers for networks, as arrays: made by reference/make_networks.py."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np

REFERENCE = Path(__file__).parent / "reference"
CASES = json.loads((REFERENCE / "networks.json").read_text())


def case(name):
    """Inputs and results of one case, by name: case("rnn").X."""
    parts = CASES[name]
    numbers = parts["inputs"] | parts["results"]
    return SimpleNamespace(**{key: np.array(value, dtype=float) for key, value in numbers.items()})
