"""A wheel built from this repository is complete: all code, all data, nothing else."""

import subprocess
import sys
import zipfile

import pytest
from repository import ROOT, files

PROGRAM = "import sys, hatchling.build; hatchling.build.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-c", PROGRAM, place], cwd=ROOT, check=True)
    (path,) = place.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_it_holds_every_file_of_both_packages(wheel):
    committed = {path.as_posix() for path in files("nnlib", "autograder")}
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == committed


def test_it_brings_the_console_script(wheel):
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "autograder = autograder.cli:main" in wheel.read(entry_points).decode()
