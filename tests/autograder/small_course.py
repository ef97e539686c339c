"""Builders of small courses and of what students hand in: a test says it in a few lines."""

from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from autograder.course import Course
from autograder.source import SourceNotebook


def cell(source: str, name: str = "", tags: tuple[str, ...] = (), **nbgrader) -> NotebookNode:
    """A code cell; with a name it gets nbgrader's metadata."""
    node = v4.new_code_cell(source)
    if name:
        roles = {"grade": False, "solution": False, "locked": False, "task": False} | nbgrader
        node["id"] = name.replace("_", "-")
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


def graded(name: str, source: str, points: float = 1, hidden: str = "") -> NotebookNode:
    """A test cell, with a hidden part if one is given."""
    if hidden:
        source = f"{source}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return cell(source, name, grade=True, locked=True, points=points)


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook of these cells; those without a name get an id by their place."""
    for number, node in enumerate(cells):
        if "nbgrader" not in node.metadata:
            node["id"] = f"cell-{number}"
    return v4.new_notebook(cells=list(cells), metadata={"kernelspec": KERNEL})


KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def released(source: NotebookNode, **answers: str) -> NotebookNode:
    """A submission: the source's cells with the given answers, else stubs, and visible tests."""
    made = nbformat.from_dict(source)
    for node in made.cells:
        roles = node.metadata.get("nbgrader", {})
        if roles.get("solution"):
            stub = node.source.split("### BEGIN SOLUTION")[0] + "raise NotImplementedError()"
            node.source = answers.get(roles["grade_id"], stub)
        elif roles.get("grade"):
            node.source = node.source.split("\n### BEGIN HIDDEN TESTS")[0]
    return made


def added(source: str, number: int = 0) -> NotebookNode:
    """A cell of the student's own."""
    node = v4.new_code_cell(source)
    node["id"] = f"own-{number}"
    return node


def write_source(root: Path, source: NotebookNode, name: str = "ps1") -> Course:
    """A course with this one assignment."""
    directory = root / "source" / name
    directory.mkdir(parents=True, exist_ok=True)
    nbformat.write(source, directory / f"{name}.ipynb")
    return Course.open(root)


def read_source(root: Path, source: NotebookNode) -> SourceNotebook:
    """The source notebook as the grader reads it."""
    return write_source(root, source).assignment("ps1").notebooks[0]


def hand_in(root: Path, student: str, submission: NotebookNode | bytes) -> Path:
    """Put a submission where nbgrader collects them."""
    path = root / "submitted" / student / "ps1" / "ps1.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(submission if isinstance(submission, bytes) else as_bytes(submission))
    return path


def as_bytes(submission: NotebookNode) -> bytes:
    """A notebook as the file that is handed in."""
    return nbformat.writes(submission).encode()
