"""Feedback pages: what a student reads after grading, one self-contained file per notebook.

A page is made of the graded notebook and the gradebook's rows. It shows results and the student's
own work only: no test's code, and nothing that a browser could execute.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from nbformat import v4

from autograder import pages, shown
from autograder.course import Course
from autograder.errors import BrokenNotebook
from autograder.gradebook import Book
from autograder.handed_in import handed_in
from autograder.review import (
    NOT_GRADED,
    NOT_STARTED,
    NOT_YET,
    PARTLY,
    PASSED,
    Exercise,
    Row,
    Scores,
    headings,
    review,
)
from autograder.shortid import check_id
from autograder.submission import read_notebook

__all__ = ["Row", "Scores", "page", "recorded", "section_id", "write_feedback"]

Address = Callable[[str], str | None]
"""Tells where a section of the lecture can be read, given its title."""

Lookup = Callable[[str, str], Scores]
"""Tells the scores of a student's notebook, given both names."""

_LOOKS = (PASSED, PARTLY, NOT_YET, NOT_STARTED, NOT_GRADED)

_NOTICES = {
    "edited": "A test cell was changed. Tests are always run as they were handed out.",
    "repaired": "Something in your notebook was put right before grading. This costs you nothing.",
    "time-out": "Some of your code was stopped because it ran too long. "
    "Everything else was graded as usual.",
    "crash": "Python ended while some of your code ran. It was started again, and everything else "
    "was graded as usual.",
    "unreadable": "Your notebook could not be opened, so nothing in it could be graded. "
    "Open it in JupyterLab, save it, and hand in the saved file.",
    "missing": "This notebook was not among the files that you handed in.",
}


_MOST_DETAILS = 8


@dataclass(frozen=True)
class Notice:
    """Something about the whole notebook that its student should know."""

    sentence: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a bar: where it lies and how much of it is filled, in per cent of the whole."""

    start: float
    width: float
    filled: float
    shape: str


def page(graded_notebook: Mapping[str, Any], scores: Scores, address: Address | None = None) -> str:
    """The feedback page of one graded notebook, as HTML."""
    about = graded_notebook["metadata"].get("autograder", {})
    exercises = review(graded_notebook["cells"], scores)
    reached = sum(exercise.score for exercise in exercises)
    return _template().render(
        assignment=shown.plain(about.get("assignment", "")),
        title=_title(graded_notebook["cells"]),
        student=shown.plain(scores.name or about.get("student", ""), 200),
        short_id=lambda grade_id: check_id(
            about.get("student", ""), about.get("assignment", ""), grade_id
        ),
        exercises=exercises,
        looks=[(look, sum(e.look == look for e in exercises)) for look in _LOOKS],
        total=max(0.0, reached - scores.penalty),
        possible=sum(exercise.possible for exercise in exercises),
        ungraded=sum(exercise.points - exercise.possible for exercise in exercises),
        largest=max((exercise.points for exercise in exercises), default=1.0) or 1.0,
        penalty=scores.penalty,
        late=duration(scores.late_seconds),
        notices=tuple(_notices(about.get("events", ()))),
        next_one=_next(exercises),
        address=address or (lambda section: None),
    )


def write_feedback(
    course: Course,
    assignment: str,
    students: Iterable[str] = (),
    scores: Lookup | None = None,
    site: str = "",
) -> tuple[Path, ...]:
    """Write `feedback/<student>/<assignment>/<name>.html`, for all or for some `students`.

    `scores(student, name)` looks a notebook up; by default in the course's gradebook. `site` is
    where the lectures can be read: sections lead to `<site>/<assignment>/<name>.html`. A file that
    could not be read gets a page that says so. Returns the pages' paths.
    """
    names = [notebook.name for notebook in course.assignment(assignment).notebooks]
    chosen = [course.student(assignment, student) for student in students]
    look_up = scores or recorded(course, assignment)
    written = []
    for student in chosen or course.students(assignment):
        for name in names:
            if (graded := _graded(course, student, assignment, name)) is not None:
                path = course.place("feedback", student, assignment) / f"{name}.html"
                lecture = f"{site.rstrip('/')}/{assignment}/{name}.html" if site else ""
                pages.write(path, page(graded, look_up(student, name), _sections_of(lecture)))
                written.append(path)
    return tuple(written)


def section_id(title: str) -> str:
    """What a section is called in the address of its page, as Sphinx and docutils do it.

    >>> section_id("2. A score: evidence for and against")
    'a-score-evidence-for-and-against'
    """
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"^[\d-]+|-+$", "", re.sub(r"[^a-z0-9]+", "-", plain))


def _sections_of(lecture: str) -> Address | None:
    """Sections of the page at this address; None where there is no such page."""
    return (lambda title: f"{lecture}#{section_id(title)}") if lecture else None


def recorded(course: Course, assignment: str) -> Lookup:
    """What the course's gradebook holds about an assignment, to look up by student and notebook."""
    found: dict[tuple[str, str], Scores] = {}
    with Book(course.db_url, course.course_id) as book:
        for submission in book.gradebook.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                found[submission.student_id, notebook.name] = _scores(submission, notebook)
    return lambda student, name: found.get((student, name), Scores())


def _scores(submission: Any, notebook: Any) -> Scores:
    """nbgrader's rows of one submitted notebook."""
    comments = {row.name: row.manual_comment or "" for row in notebook.comments}
    rows = {name: Row(comment=comment) for name, comment in comments.items()}
    for row in notebook.grades:
        rows[row.name] = Row(
            auto=row.auto_score,
            manual=row.manual_score,
            extra=row.extra_credit or 0.0,
            comment=comments.get(row.name, ""),
        )
    person = submission.student
    return Scores(
        rows,
        name=" ".join(part for part in (person.first_name, person.last_name) if part),
        late_seconds=submission.total_seconds_late,
        penalty=notebook.late_submission_penalty or 0.0,
    )


def duration(seconds: float) -> str:
    """`2 hours 13 minutes`; empty for none."""
    if seconds <= 0:
        return ""
    minutes = int(seconds // 60)
    parts = (
        (minutes // 1440, "day"),
        (minutes // 60 % 24, "hour"),
        (minutes % 60, "minute"),
    )
    said = [f"{number} {unit}{'s' if number > 1 else ''}" for number, unit in parts if number]
    return " ".join(said[:2]) or "less than a minute"


def _graded(course: Course, student: str, assignment: str, name: str) -> Mapping[str, Any] | None:
    """The graded notebook; an empty one with the reason where there was nothing to grade; None
    where grading has not come to it yet."""
    path = course.place("autograded", student, assignment) / f"{name}.ipynb"
    if path.is_file():
        notebook: Mapping[str, Any] = v4.reads(path.read_text(encoding="utf-8"))
        return notebook  # not validated, which takes three times as long: we wrote it
    event = _reason(course.place("submitted", student, assignment), name)
    about = {"student": student, "assignment": assignment, "events": [event]}
    return None if event is None else {"cells": [], "metadata": {"autograder": about}}


def _reason(submitted: Path, name: str) -> dict[str, str] | None:
    """Why a notebook could not be graded; None when it could."""
    path = handed_in(submitted, name)
    if path is None:
        return {"kind": "missing", "detail": f"expected {name}.ipynb"}
    try:
        read_notebook(path.read_bytes())
    except (BrokenNotebook, OSError) as error:
        return {"kind": "unreadable", "detail": f"{path.name}: {error}"}
    return None


@cache
def _template() -> jinja2.Template:
    """The page's template, compiled once a process."""
    environment = pages.environment()
    environment.filters |= {"points": _points, "count": _count, "prose": shown.prose}
    environment.globals |= {"check_pieces": _check_pieces, "exercise_pieces": _exercise_pieces}
    return environment.get_template("feedback.html.j2")


def _points(number: float) -> str:
    """At most two digits after the point, and no zeros that say nothing."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _count(number: float, noun: str) -> str:
    """`1 point`, `2.5 points`."""
    return f"{_points(number)} {noun}{'' if number == 1 else 's'}"


def _check_pieces(exercise: Exercise, largest: float) -> list[Piece]:
    """An exercise's bar: a piece per check, as long as its points."""
    parts = [(check.points, check.earned, check.look.shape) for check in exercise.checks]
    return _pieces(parts, largest)


def _exercise_pieces(exercises: Iterable[Exercise]) -> list[Piece]:
    """The notebook's bar: a piece per exercise, as long as its points."""
    parts = [(exercise.points, exercise.earned, exercise.look.shape) for exercise in exercises]
    return _pieces(parts, sum(points for points, _, _ in parts) or 1.0)


def _pieces(parts: Iterable[tuple[float, float, str]], whole: float) -> list[Piece]:
    pieces, start = [], 0.0
    for points, earned, shape in parts:
        width = 100 * points / whole
        pieces.append(Piece(start, width, width * earned, shape))
        start += width
    return pieces


def _title(cells: Iterable[Mapping[str, Any]]) -> str:
    """The lecture's title: its first heading of the first level."""
    found = (text for cell in cells for level, text in headings(cell) if level == 1)
    return next(found, "")


def _notices(events: Iterable[Mapping[str, Any]]) -> Iterator[Notice]:
    """One notice per kind of event; what is no concern of the student's is left out."""
    cells: dict[tuple[str, str], list[str]] = {}
    for event in events:
        cells.setdefault((event["kind"], event.get("detail", "")), []).append(
            event.get("cell") or ""
        )
    for kind, sentence in _NOTICES.items():
        details = [_detail(what, where) for (its, what), where in cells.items() if its == kind]
        if details:
            yield Notice(sentence, tuple(details[:_MOST_DETAILS]))


def _detail(what: str, where: Iterable[str]) -> str:
    """`an edited test was put back: test_cost, test_cost_2`"""
    names = ", ".join(dict.fromkeys(filter(None, where)))
    return shown.plain(f"{what}: {names}" if names else what, 600)


def _next(exercises: Iterable[Exercise]) -> tuple[int, Exercise] | None:
    """Where to go on: the first exercise with a mistake in it, else the first not started."""
    numbered = list(enumerate(exercises, start=1))
    for looks in ((PARTLY, NOT_YET), (NOT_STARTED,)):
        for number, exercise in numbered:
            if exercise.look in looks and exercise.open:
                return number, exercise
    return None
