"""What students get: exactly what the sources give, and it runs from top to bottom."""

import os

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.release import outdated
from lectures import COURSE, each_lecture


@pytest.fixture(scope="class")
def blank_run(lecture):
    """The released notebook, executed as a student would who runs all cells and writes nothing.
    Figures are made but not rendered: nbval does that for the source."""
    path = COURSE.release / lecture / f"{lecture}.ipynb"
    released = nbformat.read(path, as_version=4)
    client = NotebookClient(
        released, timeout=120, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
    )
    return client.execute(env={**os.environ, "MPLBACKEND": "agg", "PYTHONWARNINGS": "ignore"})


def errors(cell):
    return [out["evalue"] for out in cell.get("outputs", []) if out["output_type"] == "error"]


def may_fail(cell):
    roles = cell.metadata.get("nbgrader", {})
    used = "uses-your-code" in cell.metadata.get("tags", [])
    return used or roles.get("grade") or roles.get("solution")


@each_lecture
class Releases:
    """What a lecture's release must be."""

    def test_committed_lectures_are_a_fresh_release(self, lecture):
        assert outdated(COURSE, lecture) == []

    def test_every_lecture_has_its_variants(self, lecture):
        assert (COURSE.source / lecture / "variants.py").is_file()

    def test_a_blank_release_runs_outside_its_exercises(self, blank_run):
        failed = {c.id: errors(c) for c in blank_run.cells if errors(c) and not may_fail(c)}
        assert failed == {}

    def test_every_test_of_a_blank_release_says_that_nothing_is_written_yet(self, blank_run):
        tests = [c for c in blank_run.cells if c.metadata.get("nbgrader", {}).get("grade")]
        silent = [c.id for c in tests if "not written yet" not in " ".join(errors(c))]
        assert tests
        assert silent == []
