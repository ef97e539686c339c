"""What a whole class did in one assignment, read at once: rows from the gradebook in four queries,
statuses and events from the metadata of the graded notebooks. Nothing is judged or written here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader import api

from autograder.course import Course
from autograder.errors import BrokenNotebook
from autograder.gradebook import Book
from autograder.handed_in import handed_in
from autograder.review import Row
from autograder.source import SourceCell
from autograder.submission import read_notebook


@dataclass(frozen=True)
class Person:
    """One of the class, as the gradebook knows them."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    """The number by which Canvas or Moodle knows them."""

    @property
    def name(self) -> str:
        """As a person writes it; the id where there is no name."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.id


@dataclass(frozen=True)
class Item:
    """One cell that gives points."""

    grade_id: str
    exercise: str
    title: str
    """Without the exercise's name in front."""
    points: float
    by_hand: bool


@dataclass(frozen=True)
class Verdict:
    """How one test cell ended, as the graded notebook says."""

    status: str
    kind: str | None = None
    message: str = ""
    hidden: bool = False
    forgeable: bool = False


@dataclass
class Hand:
    """What one person handed in for the assignment, and what came of it."""

    person: Person
    submitted: bool = False
    recorded: bool = False
    """True where the gradebook has the submission."""
    graded: bool = False
    """True where a graded notebook is there."""
    rows: dict[str, Row] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    """The source of each solution cell, where it was asked for."""
    penalty: float = 0.0
    late_seconds: float = 0.0
    pages: tuple[Path, ...] = ()
    """The feedback pages that are there."""

    def score(self, grade_id: str) -> float | None:
        """Points of one cell; None where none could be given, or nothing was graded."""
        row = self.rows.get(grade_id)
        return row.score if row else None


@dataclass(frozen=True)
class Cohort:
    """A class and one assignment."""

    assignment: str
    title: str
    items: tuple[Item, ...]
    hands: tuple[Hand, ...]
    """Everybody in the gradebook or with something handed in, by last name."""
    due: datetime | None = None

    @cached_property
    def points(self) -> float:
        return sum(item.points for item in self.items)

    @cached_property
    def exercises(self) -> dict[str, tuple[Item, ...]]:
        """The items of each exercise, in the lecture's order."""
        found: dict[str, tuple[Item, ...]] = {}
        for item in self.items:
            found[item.exercise] = (*found.get(item.exercise, ()), item)
        return found

    def total(self, hand: Hand) -> float | None:
        """The grade, late penalty taken off; None unless every cell has a score."""
        scores = [hand.score(item.grade_id) for item in self.items]
        if not scores or any(score is None for score in scores):
            return None
        return max(0.0, sum(filter(None, scores)) - hand.penalty)


def read_cohort(course: Course, assignment: str, answers: bool = False) -> Cohort:
    """Everything about one assignment; with `answers`, the students' solution cells as well."""
    source = course.assignment(assignment)
    items = tuple(_item(cell) for notebook in source.notebooks for cell in notebook.graded)
    with Book(course.db_url, course.course_id) as book:
        people = people_of(book)
        hands = {one.id: Hand(one) for one in people}
        due = _submissions(book, assignment, hands)
        _rows(book, assignment, hands)
    for student in course.students(assignment):
        hands.setdefault(student, Hand(Person(student))).submitted = True
    names = [notebook.name for notebook in source.notebooks]
    for hand in hands.values():
        if hand.submitted:
            _notebooks(course, assignment, names, hand, answers)
    title = next((_heading(n.cells) for n in source.notebooks if _heading(n.cells)), assignment)
    in_order = sorted(hands.values(), key=lambda h: (h.person.last_name.casefold(), h.person.id))
    return Cohort(assignment, title, items, tuple(in_order), due)


def _item(cell: SourceCell) -> Item:
    exercise = cell.exercise if cell.is_test else cell.grade_id
    title = cell.title.removeprefix(f"{exercise}: ") if cell.is_test else "graded by a person"
    return Item(cell.grade_id, exercise, title, cell.points, not cell.is_test)


def _heading(cells: Iterable[SourceCell]) -> str:
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return cell.source.split("\n")[0].removeprefix("# ").strip()
    return ""


# --- the gradebook -----------------------------------------------------------------------------


def people_of(book: Book) -> Iterator[Person]:
    """Everybody in the gradebook."""
    s = api.Student
    columns = (s.id, s.first_name, s.last_name, s.email, s.lms_user_id)
    for row in book.gradebook.db.query(*columns):
        yield Person(*(value or "" for value in row))


def _submissions(book: Book, assignment: str, hands: dict[str, Hand]) -> datetime | None:
    """Fill in penalties and lateness; returns when the assignment is due."""
    db, submitted = book.gradebook.db, api.SubmittedAssignment
    due: datetime | None = (
        db.query(api.Assignment.duedate).filter(api.Assignment.name == assignment).scalar()
    )
    found = (
        db.query(submitted.student_id, submitted.timestamp, submitted.extension)
        .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
        .filter(api.Assignment.name == assignment)
    )
    for student, timestamp, extension in found:
        hands[student].recorded = True
        if timestamp and due:
            until = due + extension if extension else due
            hands[student].late_seconds = max(0.0, (timestamp - until).total_seconds())
    penalties = (
        db.query(submitted.student_id, api.SubmittedNotebook.late_submission_penalty)
        .join(submitted, submitted.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
        .filter(api.Assignment.name == assignment)
        .filter(api.SubmittedNotebook.late_submission_penalty > 0)
    )
    for student, penalty in penalties:
        hands[student].penalty += penalty
    return due


def _rows(book: Book, assignment: str, hands: dict[str, Hand]) -> None:
    """Every cell's scores of everybody."""
    grade, cell, submitted = api.Grade, api.BaseCell, api.SubmittedAssignment
    found = (
        book.gradebook.db.query(
            submitted.student_id,
            cell.name,
            grade.auto_score,
            grade.manual_score,
            grade.extra_credit,
        )
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == grade.notebook_id)
        .join(submitted, submitted.id == api.SubmittedNotebook.assignment_id)
        .join(api.Assignment, api.Assignment.id == submitted.assignment_id)
        .join(cell, cell.id == grade.cell_id)
        .filter(api.Assignment.name == assignment)
    )
    for student, name, auto, manual, extra in found:
        hands[student].rows[name] = Row(auto, manual, extra or 0.0)


# --- the graded notebooks ----------------------------------------------------------------------


def _notebooks(
    course: Course, assignment: str, names: Iterable[str], hand: Hand, answers: bool
) -> None:
    """Fill in what the graded notebooks of one student say, and which pages are there."""
    student = hand.person.id
    graded = course.place("autograded", student, assignment)
    feedback = course.place("feedback", student, assignment)
    pages = []
    for name in names:
        try:
            notebook = json.loads((graded / f"{name}.ipynb").read_bytes())
        except (OSError, ValueError):
            submitted = course.place("submitted", student, assignment)
            hand.events.append(_why_not(hand, submitted, name))
        else:
            hand.graded = True
            _fill(hand, notebook, answers)
        page = feedback / f"{name}.html"
        pages += [page] if os.path.exists(page) else []
    hand.pages = tuple(pages)


def _fill(hand: Hand, notebook: Mapping[str, Any], answers: bool) -> None:
    hand.events += notebook["metadata"].get("autograder", {}).get("events", ())
    for cell in notebook["cells"]:
        metadata = cell["metadata"]
        if (said := metadata.get("autograder")) is not None:
            hand.verdicts[said["grade_id"]] = Verdict(
                said["status"], said["kind"], said["message"], said["hidden"], said["forgeable"]
            )
        elif answers and metadata.get("nbgrader", {}).get("solution"):
            source = cell["source"]
            text = source if isinstance(source, str) else "".join(source)
            hand.answers[metadata["nbgrader"]["grade_id"]] = text


def _why_not(hand: Hand, submitted: Path, name: str) -> dict[str, str]:
    """Why a submission has no graded notebook."""
    path = handed_in(submitted, name)
    if path is None:
        return {"kind": "missing", "detail": f"{name}.ipynb was not among the files"}
    if not hand.recorded:
        return {"kind": "waiting", "detail": f"{path.name} has not been graded yet"}
    try:
        read_notebook(path.read_bytes())
    except (BrokenNotebook, OSError) as error:
        return {"kind": "unreadable", "detail": f"{path.name}: {error}"}
    return {"kind": "waiting", "detail": f"{path.name} has no graded notebook: grade it again"}
