"""Grading again: on a student's request, or for a class when a test was changed; what changed and
why, and a log of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader import api

from autograder.cohort import Cohort, Hand, read_cohort
from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook import Book
from autograder.marking import Progress, grade_course
from autograder.shortid import check_id

LOG = "regrades.csv"
COLUMNS = ("date", "by", "lecture", "student", "check", "cell", "before", "after", "why")


@dataclass(frozen=True)
class Change:
    """One check of one student before and after; a score of None where none could be given."""

    student: str
    grade_id: str
    short: str
    """The id by which student and instructor name the check."""
    before: float | None
    after: float | None
    was: str
    now: str
    reason: str

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Regraded:
    """What grading again did."""

    lecture: str
    students: tuple[str, ...]
    totals: dict[str, tuple[float | None, float | None]]
    """The whole grade before and after, of everybody graded again."""
    changes: tuple[Change, ...]
    """The checks that moved, and the one that was asked about."""

    @property
    def moved(self) -> list[str]:
        """Whose grade changed."""
        return [student for student, (before, after) in self.totals.items() if before != after]


def regrade(
    course: Course,
    lecture: str,
    students: Iterable[str] = (),
    asked: str = "",
    *,
    workers: int | None = None,
    unsafe: bool = False,
    in_process: bool = False,
    started: Callable[[int], None] = lambda total: None,
    progress: Progress = lambda graded: None,
) -> Regraded:
    """Grade some students' work again, or everybody's, and compare. `asked` is the short id of the
    check that the request is about. Scores given by hand stay. Raises as `grade_course` does."""
    chosen = [course.student(lecture, student) for student in students]
    before = read_cohort(course, lecture, answers=True)
    if asked:
        chosen = [find_check(before, asked, chosen)[0]]
    tests = changed_tests(course, lecture)
    grade_course(
        course, lecture, workers=workers, students=chosen, force=True, unsafe=unsafe,
        in_process=in_process, started=started, progress=progress,
    )  # fmt: skip
    after = read_cohort(course, lecture, answers=True)
    again = chosen or course.students(lecture)
    old = {hand.person.id: hand for hand in before.hands}
    new = {hand.person.id: hand for hand in after.hands}
    changes = [
        change
        for student in again
        for change in _compare(after, old[student], new[student], tests)
        if change.moved or change.short == asked
    ]
    totals = {s: (before.total(old[s]), after.total(new[s])) for s in again}
    return Regraded(lecture, tuple(again), totals, tuple(changes))


def find_check(cohort: Cohort, short: str, students: Iterable[str] = ()) -> tuple[str, str]:
    """The student and the cell that a short id means. Raises `CourseError` where there is none,
    or where it means another student than the ones named."""
    among = set(students)
    found = [
        (hand.person.id, item.grade_id)
        for hand in cohort.hands
        for item in cohort.items
        if check_id(hand.person.id, cohort.assignment, item.grade_id) == short.lower()
    ]
    fitting = [pair for pair in found if not among or pair[0] in among]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(sorted(student for student, _ in fitting))
        raise CourseError(f"check {short!r} could be of {names}: say which with --student")
    whose = f" of {', '.join(sorted(among))}" if among else ""
    other = f"; it is one of {found[0][0]}" if found else ""
    raise CourseError(f"{cohort.assignment} has no check {short!r}{whose}{other}")


def changed_tests(course: Course, lecture: str) -> set[str]:
    """The tests whose source is not what the gradebook has from the time of grading."""
    with Book(course.db_url, course.course_id) as book:
        known = dict(
            book.gradebook.db.query(api.SourceCell.name, api.SourceCell.checksum)
            .join(api.Notebook, api.Notebook.id == api.SourceCell.notebook_id)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .filter(api.Assignment.name == lecture)
            .all()
        )
    cells = (c for notebook in course.assignment(lecture).notebooks for c in notebook.tests)
    return {c.grade_id for c in cells if known.get(c.grade_id, c.checksum) != c.checksum}


def _compare(cohort: Cohort, old: Hand, new: Hand, tests: set[str]) -> Iterator[Change]:
    """Every check of one student."""
    for item in cohort.items:
        name = item.grade_id
        answer = item.exercise
        reasons = []
        if name in tests:
            reasons.append("the test was changed")
        if old.graded and old.answers.get(answer) != new.answers.get(answer):
            reasons.append("the answer was changed")
        yield Change(
            new.person.id, name, check_id(new.person.id, cohort.assignment, name),
            old.score(name), new.score(name), _status(old, name), _status(new, name),
            " and ".join(reasons) or "the same test and answer",
        )  # fmt: skip


def _status(hand: Hand, grade_id: str) -> str:
    verdict = hand.verdicts.get(grade_id)
    return verdict.status if verdict else "not graded"


def write_log(course: Course, regraded: Regraded, by: str, why: str, when: datetime) -> Path:
    """Append a line for each check that moved or was asked about, and for each student named
    whose grade stayed. Returns the log's path."""
    path = course.root / LOG
    new = not path.exists()
    told = {change.student for change in regraded.changes}
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(COLUMNS)
        head = [f"{when:%Y-%m-%d %H:%M}", by, regraded.lecture]
        for c in regraded.changes:
            reason = "; ".join(filter(None, (why, c.reason)))
            writer.writerow(
                [*head, c.student, c.short, c.grade_id, _points(c.before), _points(c.after), reason]
            )
        for student, (before, after) in regraded.totals.items():
            if student not in told and len(regraded.students) == 1:
                writer.writerow([*head, student, "", "", _points(before), _points(after), why])
    return path


def summary(regraded: Regraded) -> Iterator[str]:
    """Whose grade changed and why, a line each."""
    for student, (before, after) in regraded.totals.items():
        changes = [change for change in regraded.changes if change.student == student]
        if before == after and not changes:
            continue
        yield f"{student}: {_points(before) or '–'} → {_points(after) or '–'}"
        for c in changes:
            how = f"{c.was} → {c.now}" if c.was != c.now else f"{c.now}, as before"
            yield f"  {c.short} {c.grade_id}: {how}; {c.reason}"
    number = len(regraded.moved)
    who = "grade" if number == 1 else "grades"
    yield f"{regraded.lecture}: {len(regraded.students)} graded again, {number} {who} changed."


def _points(score: float | None) -> str:
    return "" if score is None else f"{score:g}"
