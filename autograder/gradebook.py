"""nbgrader's own gradebook, written by one process, one transaction a submission.

A manual score, an extra credit or a comment that a person gave is never touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import sysconfig
from collections.abc import Iterable, Iterator
from datetime import datetime

from nbgrader import api
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import GradebookError
from autograder.results import Graded
from autograder.source import Assignment, SourceNotebook


class Book:
    """An open gradebook. Raises `GradebookError` when it is locked, read-only or not one."""

    def __init__(self, url: str, course_id: str = "") -> None:
        self._url = url
        with self._explained(), _scripts_on_path():
            self.gradebook = api.Gradebook(url, course_id)

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.gradebook.close()

    # --- assignments --------------------------------------------------------------------------

    def prepare(self, assignment: Assignment) -> None:
        """Make the rows of an assignment and its cells what the source says."""
        with self._explained():
            self.gradebook.update_or_create_assignment(assignment.name)
            for notebook in assignment.notebooks:
                self._prepare_notebook(notebook, assignment.name)

    def _prepare_notebook(self, notebook: SourceNotebook, assignment: str) -> None:
        book, name = self.gradebook, notebook.name
        kernel = json.dumps({"display_name": "Python 3", "language": "python", "name": "python3"})
        row = book.update_or_create_notebook(name, assignment, kernelspec=kernel)
        for cell in notebook.cells:
            kind = {"cell_type": cell.cell_type}
            if cell.task:
                book.update_or_create_task_cell(
                    cell.grade_id, name, assignment, max_score=cell.points, **kind
                )
            elif cell.grade:
                book.update_or_create_grade_cell(
                    cell.grade_id, name, assignment, max_score=cell.points, **kind
                )
            if cell.solution:
                book.update_or_create_solution_cell(cell.grade_id, name, assignment)
            if cell.grade_id and (cell.locked or cell.solution or cell.grade):
                book.update_or_create_source_cell(
                    cell.grade_id,
                    name,
                    assignment,
                    source=cell.released if cell.solution else cell.source,
                    checksum=cell.checksum,
                    locked=cell.locked,
                    **kind,
                )
        self._drop_old_cells(row, {cell.grade_id for cell in notebook.cells})

    def _drop_old_cells(self, row: api.Notebook, current: set[str]) -> None:
        """Cells that the source no longer has go, unless a person has given points for them."""
        db = self.gradebook.db
        for cell in [*row.grade_cells, *row.task_cells]:
            if cell.name in current:
                continue
            grades = db.query(api.Grade).filter(api.Grade.cell_id == cell.id).all()
            if any(g.manual_score is not None or g.extra_credit for g in grades):
                raise GradebookError(
                    f"{cell.name} is gone from the source of {row.name}, but people were given "
                    "points for it by hand: put the cell back, or remove those points first"
                )
            for grade in grades:
                db.delete(grade)
            db.delete(cell)
        db.commit()

    # --- submissions --------------------------------------------------------------------------

    def record(
        self,
        student: str,
        assignment: str,
        graded: Iterable[Graded],
        timestamp: datetime | None = None,
    ) -> None:
        """Write one student's submission, all of its notebooks, in one transaction."""
        with self._explained():
            submission = self._submission(student, assignment)
            if timestamp is not None:
                submission.timestamp = timestamp
            notebooks = {row.name: row for row in submission.notebooks}
            for one in graded:
                _write(notebooks[one.name], one)
            self.gradebook.db.commit()

    def _submission(self, student: str, assignment: str) -> api.SubmittedAssignment:
        book, db = self.gradebook, self.gradebook.db
        with contextlib.suppress(api.MissingEntry):
            submission = book.find_submission(assignment, student)
            with db.no_autoflush:
                for row in submission.notebooks:
                    db.add_all(_complete(row))
            return submission
        person = db.get(api.Student, student)
        if person is None:
            person = api.Student(id=student)
            db.add(person)
        found = book.find_assignment(assignment)
        with db.no_autoflush:
            submission = api.SubmittedAssignment(assignment=found, student=person)
            for notebook in found.notebooks:
                _complete(api.SubmittedNotebook(notebook=notebook, assignment=submission))
            db.add(submission)
        return submission

    def recorded(self, assignment: str) -> set[str]:
        """The students whose submissions the gradebook has."""
        with self._explained():
            rows = (
                self.gradebook.db.query(api.SubmittedAssignment.student_id)
                .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
                .filter(api.Assignment.name == assignment)
            )
            return {row[0] for row in rows}

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, api.InvalidEntry) as error:
            with contextlib.suppress(Exception):
                self.gradebook.db.rollback()
            raise GradebookError(_explanation(self._url, error)) from None


@contextlib.contextmanager
def _scripts_on_path() -> Iterator[None]:
    """nbgrader looks for `alembic` on PATH to make a new gradebook; it is beside our Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _complete(row: api.SubmittedNotebook) -> list[api.Grade | api.Comment]:
    """Give a submitted notebook a grade and a comment for each cell that lacks one."""
    graded = {grade.cell_id for grade in row.grades}
    commented = {comment.cell_id for comment in row.comments}
    notebook = row.notebook
    made = [
        api.Grade(cell_id=cell.id, cell=cell, notebook=row)
        for cell in [*notebook.grade_cells, *notebook.task_cells]
        if cell.id not in graded
    ]
    made += [
        api.Comment(cell_id=cell.id, cell=cell, notebook=row)
        for cell in [*notebook.solution_cells, *notebook.task_cells]
        if cell.id not in commented
    ]
    return made


def _write(row: api.SubmittedNotebook, graded: Graded) -> None:
    results = {test.grade_id: test for test in graded.tests}
    for grade in row.grades:
        name = grade.cell.name
        if name in results:
            grade.auto_score = results[name].score
        elif name in graded.unanswered:
            grade.auto_score = 0.0
        else:
            grade.auto_score = None
        waits = grade.auto_score is None or grade.manual_score is not None
        grade.needs_manual_grade = waits
    for comment in row.comments:
        silent = comment.cell.name in graded.unanswered
        comment.auto_comment = "No response." if silent else None


def _explanation(url: str, error: Exception) -> str:
    text = str(getattr(error, "orig", error)).splitlines()[0]
    where = url.removeprefix("sqlite:///").partition("?")[0]
    if "locked" in text:
        return (
            f"the gradebook {where} is locked by another program (formgrader, nbgrader?): "
            "close it and run the same command again; what was recorded stays recorded"
        )
    if "readonly" in text or "unable to open" in text:
        return f"the gradebook {where} cannot be written: check its permissions and its directory"
    return f"the gradebook {where} cannot be used: {text}"
