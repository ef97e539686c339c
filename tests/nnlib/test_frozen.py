"""The frozen values of networks are still what PyTorch gives."""

import runpy

import numpy as np
import pytest
from frozen import CASES, REFERENCE

import nnlib as nn


def test_frozen_networks_are_what_pytorch_gives_now():
    pytest.importorskip("torch")
    now = runpy.run_path(str(REFERENCE / "make_networks.py"))["reference"]()
    assert now.keys() == CASES.keys()
    for name, case in now.items():
        assert case["inputs"] == CASES[name]["inputs"]
        for part, numbers in case["results"].items():
            frozen = np.array(CASES[name]["results"][part])
            assert nn.relative_error(np.array(numbers), frozen) < 1e-13, f"{name}: {part}"
