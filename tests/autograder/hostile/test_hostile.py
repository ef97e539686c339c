"""Hostile submissions: no trick earns a point, the honest work beside it keeps its points, nothing
of hidden tests or of other people's files gets out, and the next submission is graded as ever."""

import json
import os
import re
from pathlib import Path

import pytest
from hostile_course import CANARY, HERE, LOOT, POINTS, case, honest, source
from small_course import as_bytes, read_source

from autograder.grade import Bench
from autograder.sandbox import jail
from autograder.sandbox.rules import Rules

CASES = sorted((HERE / "cells").glob("*.ipy")) + sorted((HERE / "files").glob("*.py"))
SLOW = {
    *("memory_bomb", "hoards_memory", "endless_sleep", "endless_thread", "endless_loop_at_the_top"),
    *("hogs_the_interpreter", "steals_messages", "stops_itself", "leftovers", "deep_directories"),
    *("thousands_of_figures", "output_flood", "shell_commands", "code_that_no_parser_likes"),
}
"""Cases that take a second or more; one of each kind is always run."""
RULES = Rules(cell_cpu=0.5, patience=0.5, cell_output=20_000, notebook_output=50_000)
LIMITS = jail.Limits(memory=400 * 1024**2)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course directory in which everything that must stay unread can be read by anybody."""
    root = tmp_path_factory.mktemp("course")
    for place in (root, *root.parents[:2]):
        place.chmod(0o755)
    for name in (".course_secret", "gradebook.db", "submitted/ann/ps1/ps1.ipynb"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LOOT)
        path.chmod(0o644)
    return root


@pytest.fixture(scope="module")
def bench(course):
    """One bench for all cases. They run only where the jail has been confirmed."""
    os.environ["LOOT"] = LOOT
    bench = Bench(read_source(course, source()), rules=RULES, limits=LIMITS, secret=LOOT)
    assert all(bench.layers[name] for name in jail.MINIMUM)
    yield bench
    del os.environ["LOOT"]
    bench.close()


def earned(graded) -> dict[str, float]:
    """The points by exercise; an exercise that was not graded has none."""
    points: dict[str, float] = {}
    for test in graded.tests:
        assert test.score is not None, f"{test.grade_id} was not graded: {test.message}"
        points[test.exercise] = points.get(test.exercise, 0.0) + test.score
    return points


def written(graded) -> str:
    """Everything that leaves the grader; the notebook as its file has it."""
    graded.notebook.encode()
    return graded.notebook + repr(graded.tests) + repr(graded.events)


def markup(graded) -> list[str]:
    """What a browser would act on in the graded notebook's text and raw cells."""
    cells = json.loads(graded.notebook)["cells"]
    assert all(cell["cell_type"] != "raw" and "attachments" not in cell for cell in cells)
    texts = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
    return [found for text in texts for found in re.findall(r"<[a-z/!?]|\]\(|\]:", text, re.I)]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.slow] * (path.stem in SLOW)) for path in CASES],
    ids=lambda path: path.stem,
)
def test_the_trick_earns_nothing_and_harms_nobody(path, bench, capfd):
    hostile = case(path)
    graded = bench.grade("eve", "ps1", hostile.data)
    assert earned(graded) == hostile.earns
    after = bench.grade("ann", "ps1", as_bytes(honest()))
    assert earned(after) == POINTS
    assert not after.events
    assert not markup(graded)
    seen = written(graded) + written(after) + "".join(capfd.readouterr())
    assert str(int(CANARY)) not in seen
    assert LOOT not in seen


def test_honest_work_earns_everything(bench):
    graded = bench.grade("ann", "ps1", as_bytes(honest()))
    assert earned(graded) == POINTS
    assert not graded.events


def test_wrong_work_earns_nothing(bench):
    wrong = {name: f"def {name}(x):\n    return 0" for name in POINTS}
    assert earned(bench.grade("ann", "ps1", as_bytes(honest(**wrong)))) == dict.fromkeys(POINTS, 0)
