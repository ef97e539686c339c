"""Late work: nbgrader's own plugin for penalties, and extensions from a file.

nbgrader asks a plugin how much to take off and writes the answer into the gradebook while it
autogrades. `DaysLate` is such a plugin, and works there as well; `assign_penalties` asks whichever
plugin the course's configuration names, and writes what nbgrader would.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from pathlib import Path

from nbgrader import api
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float

from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook import Book

EXTENSIONS = "extensions.csv"
"""In the course directory: columns `student`, `lecture` (or its start; empty: all) and `days`."""
DAY = 86_400


class DaysLate(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """A part of the score for each day begun, up to a limit, after some grace."""

    per_day = Float(0.1, min=0, max=1, help="The part of the score that each day costs.").tag(
        config=True
    )
    most = Float(0.5, min=0, max=1, help="The largest part that is taken off.").tag(config=True)
    grace_minutes = Float(15, min=0, help="So late costs nothing.").tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Points to take off a notebook's score; None for none."""
        counted = total_seconds_late - 60 * self.grace_minutes
        if counted <= 0 or score <= 0:
            return None
        return float(score * min(self.most, self.per_day * ceil(counted / DAY)))


def assign_penalties(course: Course, book: Book, assignment: str) -> int:
    """Grant the extensions in the course's file, then write the penalty of every late notebook of
    an assignment, and take away those that no longer hold. Returns how many have a penalty."""
    extensions = read_extensions(course.root / EXTENSIONS)
    db = book.gradebook.db
    submissions = (
        db.query(api.SubmittedAssignment)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .filter(api.Assignment.name == assignment)
        .filter(api.SubmittedAssignment.timestamp.isnot(None))
    )
    plugin = AssignLatePenalties(config=course.config)
    plugin.assignment_id = assignment
    plugin.init_plugin()
    number = 0
    for submission in submissions if _due(book, assignment) else ():
        more = extension_for(submission.student_id, assignment, extensions)
        if more is not None:
            submission.extension = more
        if submission.total_seconds_late > 0 or _has_penalty(submission):
            number += sum(
                _assign(plugin, submission, notebook) for notebook in submission.notebooks
            )
    db.commit()
    return number


def _due(book: Book, assignment: str) -> bool:
    query = book.gradebook.db.query(api.Assignment.duedate)
    return query.filter(api.Assignment.name == assignment).scalar() is not None


def _has_penalty(submission: api.SubmittedAssignment) -> bool:
    return any(notebook.late_submission_penalty for notebook in submission.notebooks)


def _assign(
    plugin: AssignLatePenalties, submission: api.SubmittedAssignment, row: api.SubmittedNotebook
) -> bool:
    """One notebook's penalty, at most its score."""
    late = submission.total_seconds_late
    score = sum(map(_points, row.grades))
    penalty = None
    if late > 0:
        penalty = plugin.plugin_inst.late_submission_penalty(submission.student_id, score, late)
    row.late_submission_penalty = None if penalty is None else min(max(penalty, 0.0), score)
    return bool(row.late_submission_penalty)


def _points(grade: api.Grade) -> float:
    given = grade.auto_score if grade.manual_score is None else grade.manual_score
    return 0.0 if given is None else given + (grade.extra_credit or 0.0)


def extension_for(
    student: str, assignment: str, extensions: Mapping[tuple[str, str], timedelta]
) -> timedelta | None:
    """What the file grants somebody for an assignment; of several lines the most precise counts."""
    fitting = [
        (len(lecture), more)
        for (who, lecture), more in extensions.items()
        if who == student and assignment.startswith(lecture)
    ]
    return max(fitting)[1] if fitting else None


def read_extensions(path: Path) -> dict[tuple[str, str], timedelta]:
    """More time by student and lecture. Raises `CourseError` for a line
    that cannot be meant."""
    if not path.is_file():
        return {}
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            student, lecture = row.get("student") or "", row.get("lecture") or ""
            try:
                found[student.strip(), lecture.strip()] = timedelta(days=float(row["days"]))
            except (KeyError, TypeError, ValueError, OverflowError):
                raise CourseError(
                    f"{path.name}, line {number}: expected student, lecture, days, "
                    f"such as ann,02_loss,3 and not {', '.join(str(v) for v in row.values())}"
                ) from None
    return found
