"""Small courses on disk, made on the spot."""

from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from small_course import hand_in, read_source, write_source

from autograder.course import Course
from autograder.source import SourceNotebook


@pytest.fixture
def make_course(tmp_path) -> Callable[..., Course]:
    """`make_course(source, ann=submission, …)`: a course with one assignment `ps1`."""

    def make(source: NotebookNode, **submissions: NotebookNode | bytes) -> Course:
        for student, submission in submissions.items():
            hand_in(tmp_path, student, submission)
        return write_source(tmp_path, source)

    return make


@pytest.fixture
def source_of(tmp_path) -> Callable[[NotebookNode], SourceNotebook]:
    """The source notebook as the grader reads it."""
    return lambda source: read_source(tmp_path, source)
