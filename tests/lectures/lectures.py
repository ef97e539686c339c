"""The lectures of this repository, and a way to test each of them."""

import sys
from pathlib import Path

from autograder.course import Course

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course.open(ROOT)
LECTURES = COURSE.assignments()


def each_lecture(tests):
    """Make a class of tests for each lecture, so that they can be dealt out to processes."""
    for lecture in LECTURES:
        name = f"Test{tests.__name__}_{lecture}"
        made = type(name, (tests,), {"lecture": lecture, "__module__": tests.__module__})
        setattr(sys.modules[tests.__module__], name, made)
    return tests
