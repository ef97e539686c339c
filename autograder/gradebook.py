"""nbgrader's own gradebook, written by one process, one transaction a submission.

A manual score, an extra credit or a comment that a person gave is never touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader import api
from sqlalchemy import bindparam, insert, make_url, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from autograder.errors import GradebookError
from autograder.results import Graded
from autograder.source import Assignment, SourceNotebook

INDEXES = (
    "CREATE INDEX IF NOT EXISTS autograder_grades ON grade (notebook_id)",
    "CREATE INDEX IF NOT EXISTS autograder_comments ON comment (notebook_id)",
    "CREATE INDEX IF NOT EXISTS autograder_notebooks ON submitted_notebook (assignment_id)",
)
"""nbgrader looks for a submission's rows by these columns and has no index on them, so that each
look goes through the rows of the whole class."""


class Book:
    """An open gradebook. Raises `GradebookError` when it is locked, read-only or not one."""

    def __init__(self, url: str, course_id: str = "") -> None:
        self._url = url
        self._plans: dict[str, _Plan] = {}
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
            self._plans.pop(assignment.name, None)
            self._know_course()
            self.gradebook.update_or_create_assignment(assignment.name)
            for notebook in assignment.notebooks:
                self._prepare_notebook(notebook, assignment.name)
            for statement in INDEXES:
                self.gradebook.db.execute(text(statement))
            table = api.Assignment.__table__  # a write, so that what forbids it shows before work
            self.gradebook.db.execute(update(table).values(name=table.c.name))
            self.gradebook.db.commit()

    def _know_course(self) -> None:
        """The row that assignments point to. nbgrader makes none for a course without an id, which
        SQLite does not mind; PostgreSQL does."""
        db, name = self.gradebook.db, self.gradebook.course_id
        if db.get(api.Course, name) is None:
            db.add(api.Course(id=name))
            db.commit()

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
        """Write one student's submission, or some of its notebooks, in one transaction. It costs
        the same however many submissions the gradebook has."""
        with self._explained():
            plan = self._plan(assignment)
            number = self._submission(plan.id, student, timestamp)
            rows = self._notebooks(plan, number)
            for one in graded:
                cells = plan.notebooks[one.name]
                self._write_grades(rows[cells.id], cells, one)
                self._write_comments(rows[cells.id], cells, one)
            self.gradebook.db.commit()

    def _plan(self, assignment: str) -> _Plan:
        if assignment not in self._plans:
            found = self.gradebook.find_assignment(assignment)
            self._plans[assignment] = _Plan(
                found.id, {notebook.name: _Cells.of(notebook) for notebook in found.notebooks}
            )
            self.gradebook.db.rollback()
        return self._plans[assignment]

    def _submission(self, assignment: str, student: str, timestamp: datetime | None) -> str:
        """The id of the submission's row, which is made where there is none."""
        db, table = self.gradebook.db, api.SubmittedAssignment
        known = db.execute(
            select(table.id).where(table.assignment_id == assignment, table.student_id == student)
        ).scalar()
        if known is None:
            if db.execute(select(api.Student.id).where(api.Student.id == student)).scalar() is None:
                db.execute(insert(api.Student), [{"id": student}])
            known = api.new_uuid()
            row = {"id": known, "assignment_id": assignment, "student_id": student}
            db.execute(insert(table), [{**row, "timestamp": timestamp}])
        elif timestamp is not None:
            db.execute(update(table).where(table.id == known).values(timestamp=timestamp))
        return str(known)

    def _notebooks(self, plan: _Plan, submission: str) -> dict[str, str]:
        """The ids of a submission's notebooks by those of the assignment's; all are there then."""
        db, table = self.gradebook.db, api.SubmittedNotebook
        wanted = {cells.id: cells for cells in plan.notebooks.values()}
        found = db.execute(
            select(table.notebook_id, table.id).where(
                table.notebook_id.in_(wanted), table.assignment_id == submission
            )
        )
        rows: dict[str, str] = {notebook: number for notebook, number in found}  # noqa: C416
        for notebook in wanted.keys() - rows.keys():
            rows[notebook] = api.new_uuid()
            row = {"id": rows[notebook], "assignment_id": submission, "notebook_id": notebook}
            db.execute(insert(table), [row])
        for notebook, cells in wanted.items():
            self._complete(api.Grade, rows[notebook], cells.graded)
            self._complete(api.Comment, rows[notebook], cells.commented)
        return rows

    def _complete(self, table: Any, row: str, cells: dict[str, str]) -> None:
        """Give a submitted notebook a grade, or a comment, for each cell that lacks one."""
        db = self.gradebook.db
        there = set(
            db.execute(
                select(table.cell_id).where(table.cell_id.in_(cells), table.notebook_id == row)
            ).scalars()
        )
        fresh = {"needs_manual_grade": True} if table is api.Grade else {}
        made = [
            {"id": api.new_uuid(), "cell_id": cell, "notebook_id": row, **fresh}
            for cell in cells
            if cell not in there
        ]
        if made:
            db.execute(insert(table), made)

    def _write_grades(self, row: str, cells: _Cells, graded: Graded) -> None:
        """What we found; and that a person has to look, where there is no score or where a person
        gave one that may not fit any more."""
        results = {test.grade_id: test.score for test in graded.tests}
        results |= {name: 0.0 for name in graded.unanswered if name not in results}
        table = api.Grade.__table__
        statement = (
            update(table)
            .where(table.c.cell_id == bindparam("cell"), table.c.notebook_id == row)
            .values(
                auto_score=bindparam("found"),
                needs_manual_grade=bindparam("waits") | table.c.manual_score.isnot(None),
            )
        )
        values = [
            {"cell": cell, "found": results.get(name), "waits": results.get(name) is None}
            for cell, name in cells.graded.items()
        ]
        if values:
            self.gradebook.db.connection().execute(statement, values)

    def _write_comments(self, row: str, cells: _Cells, graded: Graded) -> None:
        table = api.Comment.__table__
        statement = (
            update(table)
            .where(table.c.cell_id == bindparam("cell"), table.c.notebook_id == row)
            .values(auto_comment=bindparam("said"))
        )
        values = [
            {"cell": cell, "said": "No response." if name in graded.unanswered else None}
            for cell, name in cells.commented.items()
        ]
        if values:
            self.gradebook.db.connection().execute(statement, values)

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


@dataclass(frozen=True)
class _Cells:
    """A notebook's row, and by its row each cell that has points or can be commented on."""

    id: str
    graded: dict[str, str]
    commented: dict[str, str]

    @classmethod
    def of(cls, row: api.Notebook) -> _Cells:
        graded = {cell.id: cell.name for cell in [*row.grade_cells, *row.task_cells]}
        commented = {cell.id: cell.name for cell in [*row.solution_cells, *row.task_cells]}
        return cls(row.id, graded, commented)


@dataclass(frozen=True)
class _Plan:
    """An assignment's row, and its notebooks by name."""

    id: str
    notebooks: dict[str, _Cells]


def _explanation(url: str, error: Exception) -> str:
    said = str(getattr(error, "orig", error)).splitlines()[0]
    where = _place(url)
    if "disk is full" in said or "No space" in said:
        return (
            f"no space is left for the gradebook {where}: make some and run the same command "
            "again; what was recorded stays recorded"
        )
    if "locked" in said:
        return (
            f"the gradebook {where} is locked by another program (formgrader, nbgrader?): "
            "close it and run the same command again; what was recorded stays recorded"
        )
    if "readonly" in said or "unable to open" in said:
        return f"the gradebook {where} cannot be written: check its permissions and its directory"
    return f"the gradebook {where} cannot be used: {said}"


def _place(url: str) -> str:
    """A gradebook's address as people may read it: a path, or a server without its password."""
    if url.startswith("sqlite:///"):
        return url.removeprefix("sqlite:///").partition("?")[0]
    return make_url(url).render_as_string(hide_password=True)
