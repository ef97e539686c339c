"""The demonstration: a class for one lecture is made, graded, given its feedback and reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.classroom import DUE, make_class, utc
from autograder.course import Course
from autograder.errors import CourseError, NoAssignment, NotSafe
from autograder.feedback import write_feedback
from autograder.gradebook import Book
from autograder.marking import grade_course
from autograder.release import release
from autograder.report import write_report
from autograder.screen import Screen
from autograder.stories import HandedIn, Student
from autograder.summary import Summary
from autograder.variants import load

SEED = 2
FAVOURITE = "02_logistic_regression"
REPORT = "report.html"


def make_course(course: Course, assignment: str, directory: Path) -> Course:
    """A course of its own at `directory`: one assignment of `course`, released from its source."""
    ignore = shutil.ignore_patterns("variants.py", "__pycache__", ".*")
    source = directory / "source" / assignment
    shutil.copytree(course.source / assignment, source, ignore=ignore)
    made = Course.open(directory)
    release(made, assignment)
    return made


@dataclass(frozen=True)
class Shown:
    """A class that was graded: what was handed in, what came of it, and the pages."""

    told: tuple[HandedIn, ...]
    summary: Summary
    pages: tuple[Path, ...]


def demo(directory: Path, course: Course, screen: Screen) -> int:
    """Make a class for one lecture of `course`, grade it, write feedback, show the table."""
    shown = play(directory, course, screen)
    screen.table(shown.summary)
    telling = shown.pages[_telling(shown)].relative_to(directory.resolve())
    screen.say(f"The class on one page:\n  {directory / REPORT}")
    screen.say(f"{len(shown.pages)} feedback pages are in {directory / 'feedback'}. One to open:")
    screen.say(f"  {directory / telling}")
    screen.say(f"{directory} is a whole nbgrader course: formgrader opens it as it is.")
    return 0


def play(directory: Path, course: Course, screen: Screen) -> Shown:
    """The demonstration without its closing words. Where there is no safe sandbox, those with
    hostile programs stay away, and it says so."""
    try:
        return _play(directory, course, screen, hostile=True)
    except NotSafe as reason:
        screen.say(f"{reason}. So the three with hostile programs stay away.")
        return _play(directory, course, screen, hostile=False)


def _play(directory: Path, course: Course, screen: Screen, hostile: bool) -> Shown:
    assignment = choose(course)
    variants = load(course.source / assignment / "variants.py")
    _clear(directory)
    made = make_course(course, assignment, directory)
    blank: NotebookNode = nbformat.read(_released(made, assignment), as_version=4)
    told = make_class({assignment: blank}, {assignment: variants}, directory, SEED, hostile)
    enrol(made, assignment, [one.student for one in told[assignment]])
    screen.say(f"A class of {len(told[assignment])} has come to {assignment}. Grading:")
    with screen.progress(assignment) as progress:
        summary = grade_course(
            made,
            assignment,
            unsafe=not hostile,
            started=progress.start,
            progress=progress.advance,
        )
    pages = write_feedback(made, assignment)
    write_report(made, [assignment], directory / REPORT)
    return Shown(told[assignment], summary, pages)


def choose(course: Course) -> str:
    """The lecture to show: the favourite, or the first that has variants."""
    names = [n for n in course.assignments() if (course.source / n / "variants.py").is_file()]
    if not names:
        raise NoAssignment("the demo needs a lecture with a variants.py beside it: there is none")
    return FAVOURITE if FAVOURITE in names else names[0]


def enrol(course: Course, assignment: str, students: Iterable[Student]) -> None:
    """Tell the gradebook who they are, and when the assignment is due."""
    with Book(course.db_url, course.course_id) as book:
        book.prepare(course.assignment(assignment))
        book.gradebook.update_or_create_assignment(assignment, duedate=utc(DUE))
        for one in students:
            book.gradebook.update_or_create_student(
                one.id, first_name=one.first_name, last_name=one.last_name
            )


def _released(course: Course, assignment: str) -> Path:
    (notebook,) = course.assignment(assignment).notebooks
    return course.release / assignment / f"{notebook.name}.ipynb"


_MARK = ".demo"


def _clear(directory: Path) -> None:
    """Make an empty directory of it. Only what an earlier demo made is ever removed."""
    if directory.exists() and not (directory / _MARK).is_file() and any(directory.iterdir()):
        raise CourseError(f"{directory} is not empty, and not from a demo: name another place")
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    (directory / _MARK).write_text("Made by `autograder demo`, which will replace it.\n")


def _telling(shown: Shown) -> int:
    """Which page is worth opening first: one of somebody with several mistakes."""
    students = {one.student.id for one in shown.told if one.story.count(";") >= 2}
    told = (number for number, page in enumerate(shown.pages) if page.parts[-3] in students)
    return next(told, 0)
