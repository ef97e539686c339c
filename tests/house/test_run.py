"""The script `run`: what it says, and that it sets up a fresh clone in a folder with a space."""

import os
import re
import shutil
import subprocess
import sys
import time

import pytest
from repository import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="run is a bash script")

COMMANDS = ["demo", "test", "lab", "notebooks", "site", "lite", "bench", "setup", "lock"]
TOOLS = ["bash", "env", "cat", "cksum", "dirname", "tail"]


def call(*arguments, folder=ROOT, **environment):
    return subprocess.run(
        [folder / "run", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def bare(tmp_path):
    """A copy of `run` where nothing is set up, and a PATH that holds no Python."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name))
    return tmp_path


def test_help_names_every_command():
    said = call()
    assert said.returncode == 0
    assert re.findall(r"^  (\w+) ", said.stdout, re.MULTILINE) == COMMANDS


def test_an_unknown_command_is_an_error():
    said = call("dmeo")
    assert said.returncode == 1
    assert "unknown command: dmeo" in said.stderr


def test_without_python_it_says_what_to_install(bare):
    said = call("setup", folder=bare, PATH=str(bare / "bin"))
    assert said.returncode == 1
    assert "no Python 3.11 or later found" in said.stderr


def test_without_the_venv_module_it_names_the_package(bare):
    python = bare / "bin" / "python3"
    python.write_text(
        f'#!/bin/bash\n[[ "$*" != *ensurepip* ]] || exit 1\nexec "{sys.executable}" "$@"\n'
    )
    python.chmod(0o755)
    said = call("setup", folder=bare, PATH=str(bare / "bin"))
    assert said.returncode == 1
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in said.stderr


@pytest.mark.slow
def test_a_clone_with_an_interrupted_set_up_heals_and_is_then_ready(tmp_path):
    clone = tmp_path / "a course"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    (clone / ".venv").mkdir()
    (clone / ".venv" / "unfinished").touch()

    first = call("setup", folder=clone)
    assert first.returncode == 0, first.stderr
    program = "import nnlib, autograder.check, jupyterlab"
    subprocess.run([clone / ".venv/bin/python", "-c", program], cwd=tmp_path, check=True)

    start = time.monotonic()
    second = call("setup", folder=clone)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert time.monotonic() - start < 1
