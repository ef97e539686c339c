"""The command line: it parses, calls, and says what happened. What it does, Python can do."""

from __future__ import annotations

import argparse
import contextlib
import io
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import __version__, instructor
from autograder.course import Course
from autograder.errors import CourseError, NotSafe
from autograder.screen import Screen

if TYPE_CHECKING:
    from autograder.marking import Grade
    from autograder.summary import Summary

Command = Callable[[argparse.Namespace, Screen], int]

EXAMPLES = """
examples:
  autograder check                      which exercises of my notebook are done?
  autograder release                    write lectures/ from solutions/
  autograder grade 02 --workers 2       grade everybody's lecture 02
  autograder grade --course ~/physics   grade another nbgrader course
  autograder feedback 02                write a page for each student
"""

SECRET = ".course_secret"

STUDENT_EDITION = find_spec("autograder.grade") is None
"""What `autograder publish` writes has no grader in it, and so no command that needs one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 something to look at, 2 a user's mistake,
    3 no safe sandbox on this machine."""
    options = _parser().parse_args(arguments)
    screen = Screen()
    command: Command = options.command
    try:
        return command(options, screen)
    except CourseError as error:
        screen.error(str(error))
        return 2
    except NotSafe as error:
        screen.error(str(error))
        return 3
    except KeyboardInterrupt:
        screen.error("stopped; what was done is kept, the same command goes on from there")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autograder",
        description=(
            "How far are you? Runs the tests in your notebook."
            if STUDENT_EDITION
            else "Release lectures, grade them in a sandbox, write feedback."
        ),
        epilog=None if STUDENT_EDITION else EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"autograder {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Command, text: str, lectures: bool = True
    ) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        if lectures:
            sub.add_argument(
                "lectures", nargs="*", metavar="LECTURE", help="name or its start; all"
            )
        sub.add_argument(
            "--course", type=Path, default=Path(), metavar="DIR", help="course directory (here)"
        )
        sub.set_defaults(command=command)
        return sub

    sub = add("check", _check, "Run a notebook's visible tests: how far are you?", lectures=False)
    sub.add_argument(
        "notebook", nargs="?", metavar="NOTEBOOK", help="file or lecture; the one saved last"
    )
    sub.add_argument("--hint", metavar="NAME", help="a hint for an exercise; NAME=2 is the second")
    if not STUDENT_EDITION:
        _add_teaching(add)
        instructor.add_commands(add)
    return parser


def _add_teaching(add: instructor.Add) -> None:
    """The commands that release, grade and prove."""
    add("init", _init, "Prepare a course: its secret and its gradebook.", lectures=False)
    add("execute", _execute, "Run the source notebooks and keep their outputs.")
    sub = add("release", _release, "Write the students' notebooks from the sources.")
    sub.add_argument("--check", action="store_true", help="only say what is out of date (exit 1)")
    sub = add("grade", _grade, "Grade submissions in parallel, each in a sandbox.")
    sub.add_argument("--workers", type=_positive, metavar="N", help="processes (one per core)")
    sub.add_argument("--student", action="append", default=[], metavar="ID", help="only this one")
    sub.add_argument("--force", action="store_true", help="also what has not changed")
    sub.add_argument("--unsafe", action="store_true", help="without a sandbox: work you trust")
    sub.add_argument("--json", type=Path, metavar="FILE", help="also write all results here")
    sub.add_argument(
        "--cluster", metavar="ADDRESS", help="on a Dask cluster: its scheduler, tcp://host:8786"
    )
    sub.add_argument(
        "--in-process", action="store_true",
        help="run tests inside the student's process: for tests that proxies cannot run; forgeable",
    )  # fmt: skip
    sub = add("feedback", _feedback, "Write a page for each graded submission.")
    sub.add_argument(
        "--site", default="", metavar="URL", help="where students read the lectures, for links"
    )
    sub = add("audit", _audit, "Prove the tests: wrong programs refused, right ones accepted.")
    sub.add_argument("--workers", type=_positive, metavar="N", help="processes (one per core)")
    sub.add_argument(
        "--exercise", action="append", default=[], metavar="NAME", help="only this one"
    )
    sub.add_argument("--json", type=Path, metavar="FILE", help="also write all findings here")
    sub = add("doctor", _doctor, "Try the sandbox: is it safe to grade here?", lectures=False)
    sub.set_defaults(course=None)
    sub.add_argument("--json", action="store_true", help="for programs")
    sub = add("demo", _demo, "Make a class of 24, grade it, show the result.", lectures=False)
    sub.add_argument("directory", nargs="?", type=Path, help="where to make it (build/demo)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


# --- commands ----------------------------------------------------------------------------------


def _check(options: argparse.Namespace, screen: Screen) -> int:
    from autograder import progress, progress_table

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ and −
    notebook = progress.read(progress.find(options.notebook, options.course))
    if options.hint:
        screen.say(progress_table.hint(notebook, options.hint))
        return 0
    with screen.err.status(f"Running the visible tests of {notebook.path.name}"):
        found = progress.check(notebook)
    screen.out.print(progress_table.shown(notebook, found), soft_wrap=False)
    return 0 if all(one.state == "done" for one in found) else 1


def _init(options: argparse.Namespace, screen: Screen) -> int:
    from autograder.gradebook import Book

    course = Course.open(options.course)
    path = course.root / SECRET
    if path.exists():
        screen.say(f"The course secret {SECRET} is there already.")
    else:
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n")
        screen.say(f"Made the course secret {SECRET}: hidden tests now draw inputs of their own.")
        screen.say("Keep it out of git and make a copy: without it, grades cannot be repeated.")
    with Book(course.db_url, course.course_id) as book:
        for name in course.assignments():
            book.prepare(course.assignment(name))
    screen.say(f"The gradebook knows {len(course.assignments())} assignments. Next: release.")
    return 0


def _execute(options: argparse.Namespace, screen: Screen) -> int:
    from autograder import release

    course = Course.open(options.course)
    for path in screen.track(list(release.sources(course, course.choose(options.lectures)))):
        changed = release.execute(path)
        screen.say(f"{path.relative_to(course.root)}: {'new outputs' if changed else 'unchanged'}")
    return 0


def _release(options: argparse.Namespace, screen: Screen) -> int:
    from autograder import release

    course = Course.open(options.course)
    step = release.outdated if options.check else release.release
    changed = []
    for name in screen.track(course.choose(options.lectures)):
        changed += step(course, name)
    for path in changed:
        screen.say(
            f"{'out of date' if options.check else 'wrote'}: {path.relative_to(course.root)}"
        )
    if not changed:
        screen.say(f"{course.release.name}/ is up to date.")
    elif options.check:
        screen.say("Run `autograder release` to bring it up to date.")
        return 1
    return 0


def _need_linux() -> None:
    """Student code is confined by Linux's means. Raises `NotSafe` elsewhere."""
    if sys.platform != "linux":
        raise NotSafe(
            "grading runs student code in a sandbox that only Linux has: use a Linux machine, "
            "a virtual one (WSL 2 on Windows) or a container"
        )


def _grade(options: argparse.Namespace, screen: Screen) -> int:
    _need_linux()
    from autograder import check
    from autograder.summary import as_json

    course = Course.open(options.course)
    names = [n for n in course.choose(options.lectures) if options.lectures or course.students(n)]
    if not names:
        screen.say(f"Nobody has handed in anything: {course.submitted.name}/ is empty.")
        return 0
    if check.secret_is_public(course.root):
        screen.say(
            "No course secret: hidden tests draw the inputs that everybody can look up. "
            "`autograder init` makes one."
        )
    summaries = [_grade_one(course, name, options, screen) for name in names]
    if options.json:
        options.json.write_text(as_json(summaries), encoding="utf-8")
    return 1 if any(graded.unscored for one in summaries for graded in one.graded) else 0


def _grade_one(course: Course, name: str, options: argparse.Namespace, screen: Screen) -> Summary:
    """Grade one assignment and show what came of it; quickly, where there is nothing to do."""
    from autograder.unchanged import unchanged

    summary = None
    if not options.force:
        summary = unchanged(course, name, options.student, options.in_process)
    if summary is None:
        from autograder.marking import grade_course

        with _cluster(options.cluster) as cluster, screen.progress(name) as progress:
            summary = grade_course(
                course,
                name,
                workers=options.workers,
                students=options.student,
                force=options.force,
                unsafe=options.unsafe,
                in_process=options.in_process,
                started=progress.start,
                progress=progress.advance,
                cluster=cluster,
            )
    screen.table(summary)
    for directory in course.unnameable(name):
        screen.error(
            f"{course.submitted.name}/{directory} was left out: its name is no UTF-8; rename it"
        )
    return summary


@contextlib.contextmanager
def _cluster(address: str | None) -> Iterator[Grade | None]:
    """What grades on the cluster at an address; None without one."""
    if address is None:
        yield None
        return
    from autograder.cluster import connected

    with connected(address) as grade:
        yield grade


def _feedback(options: argparse.Namespace, screen: Screen) -> int:
    from autograder.feedback import write_feedback

    course = Course.open(options.course)
    written = 0
    for name in course.choose(options.lectures):
        written += len(write_feedback(course, name, site=options.site))
    if not written:
        screen.say("No graded notebooks: run `autograder grade` first.")
        return 1
    screen.say(f"Wrote {written} pages below feedback/.")
    return 0


def _audit(options: argparse.Namespace, screen: Screen) -> int:
    _need_linux()
    from autograder.audit import audit, write_json

    course = Course.open(options.course)
    audits = []
    for name in course.choose(options.lectures):
        with screen.progress(name) as progress:
            audits.append(
                audit(
                    course,
                    name,
                    workers=options.workers,
                    exercises=tuple(options.exercise),
                    started=progress.start,
                    progress=progress.advance,
                )
            )
        screen.audit_table(audits[-1])
    if options.json:
        write_json(audits, options.json)
    return 0 if all(one.green for one in audits) else 1


def _doctor(options: argparse.Namespace, screen: Screen) -> int:
    _need_linux()
    from dataclasses import replace

    from autograder import doctor

    found = doctor.diagnose()
    if options.course is not None and found.safe:
        course = Course.open(options.course)
        names = screen.track(course.assignments())
        found = replace(found, unfit={name: doctor.unfit_tests(course, name) for name in names})
    if options.json:
        print(found.as_json())
    else:
        doctor.show(found, lambda part: screen.out.print(part, soft_wrap=False))
    return 3 if not found.safe else 1 if any(found.unfit.values()) else 0


def _demo(options: argparse.Namespace, screen: Screen) -> int:
    _need_linux()
    from autograder.demo import demo

    return demo(options.directory or Path("build", "demo"), Course.open(options.course), screen)


if __name__ == "__main__":
    sys.exit(main())
