"""Each lecture of this repository, read once."""

from pathlib import Path

import pytest

from autograder.course import Course

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.open(ROOT)
LECTURES = COURSE.assignments()


def pytest_generate_tests(metafunc):
    """Every test that asks for a `lecture` runs for each of them."""
    if "lecture" in metafunc.fixturenames:
        metafunc.parametrize("lecture", LECTURES, scope="module")


@pytest.fixture(scope="module")
def notebook(lecture):
    """The lecture's source notebook, as the grader reads it."""
    return COURSE.assignment(lecture).notebooks[0]
