"""The tools agree: ruff's lint and format everywhere, mypy --strict on autograder."""

import subprocess
import sys

import pytest
from repository import ROOT


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check", "mypy"])
def test_nothing_to_complain_about(command):
    run = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
