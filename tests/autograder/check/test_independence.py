"""`check` works wherever numpy does."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import numpy as np
import pytest

import autograder.check

MODULES = [
    "autograder.check",
    *(m.name for m in pkgutil.walk_packages(autograder.check.__path__, "autograder.check.")),
]
SCRIPT = """
import sys, numpy
before = set(sys.modules)
import autograder.check
allowed = {"autograder", "numpy"} | set(sys.stdlib_module_names)
print(sorted({name.split(".")[0] for name in set(sys.modules) - before} - allowed))
"""


def test_importing_check_needs_numpy_only():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_hold(module):
    found = doctest.testmod(importlib.import_module(module), extraglobs={"np": np})
    assert found.failed == 0


def test_every_public_check_has_an_example():
    functions = ("close", "number", "integers", "shape", "equal", "true", "parts", "gradient")
    functions += (
        "vectorised",
        "avoids",
        "stable",
        "unchanged",
        "accepts",
        "raises",
        "fresh",
        "rng",
    )
    for name in functions:
        assert ">>>" in getattr(autograder.check, name).__doc__, name
