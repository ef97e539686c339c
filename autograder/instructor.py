"""The commands for those who teach a class: each parses its options, calls, and says what happened.

What they do, Python can do: `report`, `gradefile`, `publish`, `collect`, `regrade`.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from autograder.course import Course
from autograder.errors import CourseError
from autograder.screen import Screen

FORMATS = ("canvas", "moodle", "plain")


class Add(Protocol):
    """Makes a subcommand."""

    def __call__(
        self,
        name: str,
        command: Callable[[argparse.Namespace, Screen], int],
        text: str,
        lectures: bool = True,
    ) -> argparse.ArgumentParser: ...


def add_commands(add: Add) -> None:
    """Add these commands to the command line."""
    sub = add("report", _report, "Show a class on one page; write grades as CSV.")
    sub.add_argument("--output", type=Path, metavar="FILE", help="the page (report.html)")
    sub.add_argument(
        "--csv", nargs=2, action="append", default=[], metavar=("FORMAT", "FILE"),
        help=f"also write grades: {', '.join(FORMATS)}",
    )  # fmt: skip
    sub.add_argument(
        "--similar", action="store_true", help="also show solutions that are much alike"
    )
    sub = add("publish", _publish, "Write the student edition: no answers, no hidden tests.", False)
    sub.add_argument("directory", type=Path, metavar="DEST", help="an empty or earlier edition's")
    sub.add_argument("--address", default="", metavar="URL", help="of the repository it will be")
    sub = add("regrade", _regrade, "Grade again, tell what changed and why, and log it.")
    sub.add_argument("--student", action="append", default=[], metavar="ID", help="only this one")
    sub.add_argument("--check", default="", metavar="SHORTID", help="the check that is asked about")
    sub.add_argument("--why", default="", metavar="TEXT", help="for the log")
    sub.add_argument("--by", metavar="NAME", help="who decides, for the log (your user name)")
    sub.add_argument("--workers", type=int, metavar="N", help="processes (one per core)")
    sub.add_argument("--unsafe", action="store_true", help="without a sandbox: work you trust")
    sub.add_argument("--in-process", action="store_true", help="as the first time, see grade")
    sub = add("collect", _collect, "Place a download from Canvas or Moodle in submitted/.", False)
    sub.add_argument("archive", type=Path, metavar="ZIP", help="all submissions, as downloaded")
    sub.add_argument(
        "--lecture", metavar="LECTURE", help="whose they are (told by the files’ names)"
    )
    sub.add_argument(
        "--roster", type=Path, metavar="CSV",
        help="who is who: Canvas’ gradebook export, Moodle’s participants (the gradebook)",
    )  # fmt: skip
    sub.add_argument(
        "--time-zone", default="UTC", metavar="ZONE", help="of the archive’s times (UTC)"
    )
    sub.add_argument("--force", action="store_true", help="also over work that may be newer")


def _with_work(course: Course, names: list[str]) -> list[str]:
    """The chosen lectures; those that somebody handed in, where none is named."""
    return [name for name in course.choose(names) if names or course.students(name)]


def _report(options: argparse.Namespace, screen: Screen) -> int:
    from autograder.gradefile import grade_file, ungraded
    from autograder.report import write_report

    for form, _ in options.csv:
        if form not in FORMATS:
            raise CourseError(f"--csv {form}: the formats are {', '.join(FORMATS)}")
    course = Course.open(options.course)
    names = _with_work(course, options.lectures)
    if not names:
        screen.say(f"Nobody has handed in anything: {course.submitted.name}/ is empty.")
        return 0
    path = options.output or course.root / "report.html"
    cohorts = write_report(course, names, path, options.similar)
    screen.say(f"The class in {', '.join(names)}: {path}")
    for form, file in options.csv:
        Path(file).write_text(grade_file(form, cohorts), encoding="utf-8", newline="")
        screen.say(f"Grades for {form}: {file}")
    if options.csv and (empty := ungraded(cohorts)):
        screen.say(f"Handed in, but without a grade, so left empty there: {empty}.")
    return 0


def _publish(options: argparse.Namespace, screen: Screen) -> int:
    from autograder.publish import publish

    edition = publish(Course.open(options.course), options.directory, options.address)
    count = len(edition.files)
    screen.say(
        f"The student edition in {edition.directory}: {count} files, {len(edition.changed)} "
        f"written, {len(edition.removed)} taken away. No answer, hidden test or secret is in it."
    )
    if not (edition.directory / ".git").exists():
        screen.say("To give it out: `git init` there, commit, and push it to a place of its own.")
    elif edition.changed or edition.removed:
        screen.say("To give it out: commit there, and push.")
    return 0


def _regrade(options: argparse.Namespace, screen: Screen) -> int:
    from autograder.cli import _need_linux

    _need_linux()
    from autograder.feedback import write_feedback
    from autograder.regrade import regrade, summary, write_log

    course = Course.open(options.course)
    names = _with_work(course, options.lectures)
    if (options.check or options.student) and len(options.lectures or names) != 1:
        raise CourseError("name one lecture for --student and --check")
    for name in names:
        with screen.progress(name) as progress:
            done = regrade(
                course,
                name,
                options.student,
                options.check,
                workers=options.workers,
                unsafe=options.unsafe,
                in_process=options.in_process,
                started=progress.start,
                progress=progress.advance,
            )
        for line in summary(done):
            screen.say(line)
        by = options.by or getpass.getuser()
        path = write_log(course, done, by, options.why, datetime.now())
        moved = sorted({change.student for change in done.changes})
        pages = write_feedback(course, name, moved) if moved else ()
        screen.say(f"Logged in {path.name}; {len(pages)} feedback pages written anew.")
    return 0


def _collect(options: argparse.Namespace, screen: Screen) -> int:
    from autograder.collect import collect
    from autograder.gradebook import Book
    from autograder.roster import enrol, gradebook_roster, read_roster

    course = Course.open(options.course)
    lecture = course.choose([options.lecture])[0] if options.lecture else None
    with Book(course.db_url, course.course_id) as book:
        if options.roster:
            roster = read_roster(options.roster)
            if new := enrol(book, roster):
                screen.say(f"New in the gradebook: {new} from the roster.")
        else:
            roster = gradebook_roster(book)
    done = collect(course, options.archive, roster, lecture, options.time_zone, options.force)
    screen.say(
        f"{len(done.placed)} placed, {len(done.replaced)} replaced by later work, "
        f"{len(done.unchanged)} there already."
    )
    for line in done.kept:
        screen.say(f"kept: {line}")
    for unplaced in done.unplaced:
        screen.say(f"not placed: {unplaced.entry}: {unplaced.reason}")
    return 1 if done.kept or done.unplaced else 0
