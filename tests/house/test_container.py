"""The Containerfile, read without a container runtime: it copies what is here and nothing private,
installs what is pinned, and runs as nobody in particular."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest
from packaging.specifiers import SpecifierSet
from repository import ROOT, files, project, read


def instructions() -> list[tuple[str, str]]:
    """Each instruction and its arguments, continued lines joined."""
    lines = [line for line in read("Containerfile").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line]


def of(name: str) -> list[str]:
    return [text for kind, text in instructions() if kind == name]


def copied() -> list[str]:
    """What is copied from the repository."""
    return [source for text in of("COPY") for source in shlex.split(text)[:-1]]


def test_every_instruction_is_one():
    known = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "ENTRYPOINT", "CMD"}
    assert {kind for kind, _ in instructions()} == known
    assert instructions()[0][0] == "FROM"


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_is_in_the_repository(source):
    assert files(source)


def test_the_build_sees_what_is_copied_and_nothing_else():
    lines = read(".dockerignore").split()
    assert lines[0] == "*"
    assert sorted(line[1:] for line in lines if line.startswith("!")) == sorted(copied())


def test_it_runs_as_an_ordinary_user():
    user, group = of("USER")[-1].split(":")
    assert int(user) > 0
    assert int(group) > 0
    last_root = max(i for i, (kind, _) in enumerate(instructions()) if kind in ("RUN", "COPY"))
    assert [kind for kind, _ in instructions()].index("USER") > last_root


def test_it_starts_the_command_line():
    assert of("ENTRYPOINT") == ['["autograder"]']
    assert "autograder" in project()["project"]["scripts"]


def test_its_python_is_one_that_we_support():
    (version,) = re.findall(r"/python:(\d+\.\d+)-slim", of("FROM")[0])
    assert SpecifierSet(project()["project"]["requires-python"]).contains(version)
    assert f"Programming Language :: Python :: {version}" in project()["project"]["classifiers"]


def test_it_installs_what_is_pinned_and_only_that():
    (lock, ours) = [line for line in of("RUN") if "pip install" in line]
    assert "--require-hashes -r requirements.lock" in lock
    assert "--no-deps" in ours
    assert "libseccomp2" in of("RUN")[0]


def test_what_is_copied_can_be_installed(tmp_path):
    """The build of the package needs every file that pyproject.toml names."""
    for source in copied():
        (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(
            ROOT / source, tmp_path / source
        )
    build = "import hatchling.build; print(hatchling.build.build_wheel('.'))"
    made = subprocess.run(
        [sys.executable, "-c", build], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert (tmp_path / made.stdout.strip()).is_file()
