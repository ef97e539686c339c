"""What the tests of a lecture share."""

import pytest

from lectures import COURSE


@pytest.fixture(scope="class")
def lecture(request):
    """The lecture's name; its tests are in a class made by `each_lecture`."""
    return request.cls.lecture


@pytest.fixture(scope="class")
def notebook(lecture):
    """The lecture's source notebook, as the grader reads it."""
    return COURSE.assignment(lecture).notebooks[0]
