"""Rules for every file: no trace of one machine, short modules, no leftovers."""

import re

import pytest
from repository import files, read

TEXT = [path for path in files() if path.suffix not in {".npz", ".png", ".gif", ".svg", ".db"}]
CODE = files("nnlib/*.py", "autograder/*.py", "tests/*.py", "benchmarks/*.py", "nbgrader_config.py")

# Written in pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/\w+|Us" + r"ers/\w+|opt/\w+)/"
)
LEFTOVER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
LONGEST = 350


@pytest.mark.parametrize("path", TEXT, ids=str)
def test_no_path_of_one_machine(path):
    found = [line[:120] for line in read(path).splitlines() if MACHINE_PATH.search(line)]
    assert found == []


@pytest.mark.parametrize("path", CODE, ids=str)
def test_nothing_is_left_for_later(path):
    assert LEFTOVER.findall(read(path)) == []


@pytest.mark.parametrize("path", files("nnlib/*.py", "autograder/*.py"), ids=str)
def test_a_module_can_be_read_in_one_go(path):
    assert len(read(path).splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in CODE if path.name != "__init__.py"], ids=str)
def test_a_module_says_what_it_holds(path):
    assert re.match(r'r?"""\S', read(path))


def test_what_students_hand_in_is_never_committed():
    private = r"^(submitted|autograded|feedback)/|gradebook\.db|\.course_secret"
    assert [path for path in files() if re.search(private, path.as_posix())] == []
