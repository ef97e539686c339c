"""Small courses and submissions, made on the spot."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode, v4

from autograder.course import Course
from autograder.source import SourceNotebook


def cell(source: str, name: str = "", tags: tuple[str, ...] = (), **nbgrader) -> NotebookNode:
    """A code cell; with a name it gets nbgrader's metadata."""
    node = v4.new_code_cell(source, id=name.replace("_", "-") or None)
    if name:
        roles = {"grade": False, "solution": False, "locked": False, "task": False} | nbgrader
        node.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, **roles}
    if tags:
        node.metadata["tags"] = list(tags)
    return node


def locked(source: str, name: str) -> NotebookNode:
    return cell(source, name, locked=True)


def answer(name: str, source: str) -> NotebookNode:
    """A solution cell: `def name(...)` whose body is the answer."""
    head, _, body = source.partition("\n")
    marked = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    return cell(marked, name, solution=True)


def graded(name: str, source: str, points: float = 1) -> NotebookNode:
    """A test cell."""
    return cell(source, name, grade=True, locked=True, points=points)


def notebook(*cells: NotebookNode) -> NotebookNode:
    for number, node in enumerate(cells):
        if "nbgrader" not in node.metadata:
            node["id"] = f"cell-{number}"
    return v4.new_notebook(cells=list(cells))


def released(source: NotebookNode, **answers: str) -> NotebookNode:
    """A submission: the source's cells with the given answers, stubs elsewhere, tests as visible."""
    made = nbformat.from_dict(source)
    lines: list[str]
    for node in made.cells:
        roles = node.metadata.get("nbgrader", {})
        if roles.get("solution"):
            name = roles["grade_id"]
            stub = node.source.split("### BEGIN SOLUTION")[0] + "raise NotImplementedError()"
            node.source = answers.get(name, stub)
        elif roles.get("grade"):
            lines, hidden = [], False
            for line in node.source.splitlines():
                hidden = hidden or "BEGIN HIDDEN" in line
                if not hidden:
                    lines.append(line)
                hidden = hidden and "END HIDDEN" not in line
            node.source = "\n".join(lines)
    return made


@pytest.fixture
def make_course(tmp_path) -> Callable[..., Course]:
    """`make_course(source, ann=submission, …)`: a course with one assignment `ps1`."""

    def make(source: NotebookNode, **submissions: NotebookNode) -> Course:
        directory = tmp_path / "source" / "ps1"
        directory.mkdir(parents=True, exist_ok=True)
        nbformat.write(source, directory / "ps1.ipynb")
        for student, submission in submissions.items():
            hand_in(tmp_path, student, submission)
        return Course.open(tmp_path)

    return make


def hand_in(root: Path, student: str, submission: NotebookNode | bytes) -> Path:
    """Put a submission where nbgrader collects them."""
    path = root / "submitted" / student / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(submission, bytes):
        path.write_bytes(submission)
    else:
        nbformat.write(submission, path)
    return path


@pytest.fixture
def source_of(make_course) -> Callable[[NotebookNode], SourceNotebook]:
    """The source notebook as the grader reads it."""
    return lambda source: make_course(source).assignment("ps1").notebooks[0]
