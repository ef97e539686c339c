"""Small courses on disk, made on the spot."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat import NotebookNode
from small_course import hand_in, read_source, write_source

from autograder.course import Course
from autograder.gradebook import Book
from autograder.source import SourceNotebook


@pytest.fixture(scope="session")
def new_gradebook(tmp_path_factory) -> Path:
    """A gradebook as nbgrader makes it, which takes a while: copy it."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    Book(f"sqlite:///{path}").gradebook.close()
    return path


@pytest.fixture
def make_course(tmp_path, new_gradebook) -> Callable[..., Course]:
    """`make_course(source, ann=submission, …)`: a course with one assignment `ps1`."""
    if not (tmp_path / "gradebook.db").exists():
        shutil.copy(new_gradebook, tmp_path)

    def make(source: NotebookNode, **submissions: NotebookNode | bytes) -> Course:
        for student, submission in submissions.items():
            hand_in(tmp_path, student, submission)
        return write_source(tmp_path, source)

    return make


@pytest.fixture
def source_of(tmp_path) -> Callable[[NotebookNode], SourceNotebook]:
    """The source notebook as the grader reads it."""
    return lambda source: read_source(tmp_path, source)
