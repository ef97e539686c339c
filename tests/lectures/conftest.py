"""What the tests of a lecture share."""

import os

import pytest

from autograder.pool import keep_to_one_core
from lectures import COURSE


@pytest.fixture(scope="class")
def lecture(request):
    """The lecture's name; its tests are in a class made by `each_lecture`."""
    return request.cls.lecture


@pytest.fixture(scope="class")
def notebook(lecture):
    """The lecture's source notebook, as the grader reads it."""
    return COURSE.assignment(lecture).notebooks[0]


@pytest.fixture(scope="class", autouse=True)
def one_core():
    """As in the grader's workers: what a class of tests starts stays on one core."""
    cores = os.sched_getaffinity(0)
    keep_to_one_core(int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))
    yield
    os.sched_setaffinity(0, cores)
