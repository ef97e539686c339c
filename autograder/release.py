"""From sources to releases: execute the sources in place, write the students' notebooks.

Both are deterministic: the same input gives the same bytes, so that what is committed can be
checked against what would be made.
"""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log

from autograder.course import Course
from autograder.errors import CourseError

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIME_LIMIT = 600
"""Seconds for one cell of a source notebook."""


class ReleaseError(CourseError):
    """A source that cannot be executed or released."""


def release(course: Course, name: str) -> list[Path]:
    """Write an assignment's release; returns the files that changed or went."""
    with tempfile.TemporaryDirectory() as scratch:
        made = _generate(course, name, Path(scratch))
        target = course.release / name
        changed = differences(made, target)
        if changed:
            if target.exists():
                shutil.rmtree(target)
            shutil.copytree(made, target)
    return [course.release / name / path for path in changed]


def outdated(course: Course, name: str) -> list[Path]:
    """The released files that are not what `release` would write."""
    with tempfile.TemporaryDirectory() as scratch:
        changed = differences(_generate(course, name, Path(scratch)), course.release / name)
    return [course.release / name / path for path in changed]


def differences(made: Path, there: Path) -> list[Path]:
    """Relative paths of the files that are not the same in both directories."""

    def files(top: Path) -> set[Path]:
        return (
            {p.relative_to(top) for p in top.rglob("*") if p.is_file()} if top.exists() else set()
        )

    both = files(made) & files(there)
    differ = {p for p in both if not filecmp.cmp(made / p, there / p, shallow=False)}
    return sorted(differ | (files(made) ^ files(there)))


def _generate(course: Course, name: str, scratch: Path) -> Path:
    """nbgrader's own release of one assignment, normalised, in a scratch directory."""
    course.assignment(name)
    config = course.config.copy()
    config.CourseDirectory.release_directory = str(scratch)
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    directory = CourseDirectory(config=config)
    directory.root = str(course.root)
    directory.assignment_id = name
    converter = GenerateAssignment(coursedir=directory, config=config)
    converter.force = True
    outcome = capture_log(converter)
    if not outcome["success"]:
        raise ReleaseError(f"nbgrader cannot release {name}:\n{outcome.get('log', '').strip()}")
    made = scratch / name
    for path in made.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        write_notebook(notebook, path)
    return made


def execute(path: Path) -> bool:
    """Run a source notebook from top to bottom and keep its outputs; True when the file changed.

    Raises `ReleaseError` naming the cell that failed.
    """
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIME_LIMIT,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise ReleaseError(f"{path.name} does not run:\n{error}") from None
    write_notebook(notebook, path)
    return path.read_text(encoding="utf-8") != before


def write_notebook(notebook: Any, path: Path) -> None:
    """Write a notebook in its normal form: fixed kernel and language, no widgets, no timings."""
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("needs_background", None)
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def sources(course: Course, names: list[str]) -> Iterator[Path]:
    """The source notebooks of some assignments."""
    for name in names:
        for notebook in course.assignment(name).notebooks:
            yield notebook.path
