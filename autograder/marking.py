"""Grading a whole class: who handed in what, results as they come, gradebook and disk."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder import __version__, check
from autograder.course import Course
from autograder.grade import Bench, Job
from autograder.gradebook import Book
from autograder.late import EXTENSIONS, assign_penalties, read_extensions
from autograder.pool import Settings, default_workers, grade_all, not_graded
from autograder.results import Graded, Status
from autograder.sandbox.rules import Rules
from autograder.source import Assignment, SourceNotebook
from autograder.submission import MAX_BYTES

LEAST_CPU = 5.0
"""CPU seconds that a cell or a call may use, however fast the reference is."""

Progress = Callable[[Graded], None]
"""Called with each notebook as it is done."""


@dataclass
class Summary:
    """What a run of `grade_course` did, for the closing table."""

    assignment: str
    points: dict[str, float]
    """Points by exercise."""
    graded: list[Graded] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Students whose work was graded before and is the same."""
    directory: Path = Path()

    @property
    def max_score(self) -> float:
        return sum(self.points.values())


def grade_course(
    course: Course,
    assignment_name: str,
    *,
    workers: int | None = None,
    students: Iterable[str] = (),
    force: bool = False,
    unsafe: bool = False,
    in_process: bool = False,
    started: Callable[[int], None] = lambda total: None,
    progress: Progress = lambda graded: None,
) -> Summary:
    """Grade the submissions of an assignment: all, or those of `students`.

    What was graded before and has not changed is left alone, unless `force`. Raises `CourseError`
    for a mistake of the user's and `NotSafe` where the sandbox's minimum is missing.
    """
    assignment = course.assignment(assignment_name)
    read_extensions(course.root / EXTENSIONS)  # a mistake in it is told before the work
    chosen = [course.student(assignment_name, s) for s in students]
    chosen = chosen or course.students(assignment_name)
    summary = Summary(assignment_name, exercise_points(assignment))
    summary.directory = course.root / "autograded"
    with Book(course.db_url, course.course_id) as book:
        book.prepare(assignment)
        recorded = book.recorded(assignment_name)
        work = []
        for student in chosen:
            submission = Submission.find(course, assignment, student)
            if force or student not in recorded or submission.has_changed(course):
                work.append(submission)
            else:
                summary.unchanged.append(student)
        started(sum(len(s.jobs) + len(s.missing) for s in work))
        plan = Plan(
            workers or default_workers(), unsafe, in_process, check.secret(course.root), progress
        )
        for submission, done in _graded(assignment, work, plan):
            summary.graded += done
            _keep(course, book, submission, done)
        assign_penalties(course, book, assignment_name)
    return summary


def exercise_points(assignment: Assignment) -> dict[str, float]:
    """The points of each exercise, in the lecture's order."""
    points: dict[str, float] = {}
    for notebook in assignment.notebooks:
        for cell in notebook.tests:
            points[cell.exercise] = points.get(cell.exercise, 0.0) + cell.points
    return points


# --- what was handed in ------------------------------------------------------------------------


@dataclass(frozen=True)
class Submission:
    """One student's files for one assignment."""

    student: str
    assignment: str
    jobs: tuple[Job, ...]
    missing: tuple[str, ...]
    """Names of notebooks that were not handed in."""
    timestamp: datetime | None
    fingerprint: str
    """Of the submitted notebooks, the source and the grader: equal means nothing to do."""

    @classmethod
    def find(cls, course: Course, assignment: Assignment, student: str) -> Submission:
        """What is in the student's directory."""
        directory = course.place("submitted", student, assignment.name)
        jobs, missing = [], []
        digest = hashlib.sha256(
            f"{__version__} {check.secret_hash(check.secret(course.root))}".encode()
        )
        for notebook in assignment.notebooks:
            path = handed_in(directory, notebook.name)
            digest.update(notebook.path.read_bytes())
            if path is None:
                missing.append(notebook.name)
                continue
            jobs.append(Job(student, assignment.name, notebook.name, path))
            digest.update(_contents(path))
        return cls(
            student, assignment.name, tuple(jobs), tuple(missing),
            _timestamp(directory), digest.hexdigest(),
        )  # fmt: skip

    def has_changed(self, course: Course) -> bool:
        """Whether the graded notebooks on disk come from something else, or are not there."""
        directory = course.place("autograded", self.student, self.assignment)
        try:
            return (directory / _FINGERPRINT).read_text() != self.fingerprint
        except OSError:
            return True


_FINGERPRINT = ".fingerprint"


def _contents(path: Path) -> bytes:
    """What a submitted file holds, as far as it is read at all."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        return str(error).encode()


def handed_in(directory: Path, name: str) -> Path | None:
    """The submitted file of a notebook: by its name, or the last one that a download renamed.
    Symbolic links are not followed: they would show somebody else's files as one's own."""
    if directory.is_symlink() or directory.parent.is_symlink():
        return None
    exact = directory / f"{name}.ipynb"
    renamed = sorted(directory.glob(f"{glob.escape(name)}*.ipynb"), reverse=True)
    files = [path for path in [exact, *renamed] if path.is_file() and not path.is_symlink()]
    return files[0] if files else None


def _timestamp(directory: Path) -> datetime | None:
    path = directory / "timestamp.txt"
    if not path.is_file():
        return None
    try:
        return parse_utc(_contents(path)[:100].decode().strip())  # type: ignore[no-any-return]
    except (ValueError, OverflowError):
        return None


# --- grading them ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """How to grade a class."""

    workers: int
    unsafe: bool
    in_process: bool
    secret: str
    progress: Progress


def _graded(
    assignment: Assignment, work: list[Submission], plan: Plan
) -> Iterator[tuple[Submission, list[Graded]]]:
    """Each submission with all of its notebooks graded, as soon as the last of them is."""
    done: dict[str, list[Graded]] = {s.student: [] for s in work}
    by_student = {s.student: s for s in work}
    for notebook in assignment.notebooks:
        for submission in work:
            if notebook.name in submission.missing:
                job = Job(submission.student, assignment.name, notebook.name, Path())
                missing = not_graded(job, notebook, "missing", "this notebook was not handed in")
                done[submission.student].append(missing)
                plan.progress(missing)
                if len(done[submission.student]) == len(assignment.notebooks):
                    yield submission, done.pop(submission.student)
        jobs = [job for s in work for job in s.jobs if job.notebook == notebook.name]
        if not jobs:
            continue
        with released_files(assignment) as files:
            rules = proven_rules(notebook, files, plan)
            settings = Settings(notebook, files, rules, plan.secret, plan.unsafe)
            for graded in grade_patiently(jobs, settings, plan.workers):
                plan.progress(graded)
                done[graded.student].append(graded)
                if len(done[graded.student]) == len(assignment.notebooks):
                    yield by_student[graded.student], done.pop(graded.student)


def proven_rules(notebook: SourceNotebook, files: Path | None, plan: Plan) -> Rules:
    """Grade the reference first: it shows how long things take, and which tests its own answers
    cannot pass through proxies."""
    bench = Bench(notebook, files, secret=plan.secret, unsafe=plan.unsafe)
    try:
        reference = bench.examine_reference()
    finally:
        bench.close()
    failed = frozenset(
        key for key, outcome in reference.items() if outcome.status is not Status.PASSED
    )
    slowest = max((outcome.seconds for outcome in reference.values()), default=0.0)
    return Rules(
        cell_cpu=max(LEAST_CPU, 20 * slowest),
        notebook_cpu=max(120.0, 20 * sum(outcome.seconds for outcome in reference.values())),
        not_for_proxies=failed,
        in_process=plan.in_process,
    )


def grade_patiently(jobs: list[Job], settings: Settings, workers: int) -> Iterator[Graded]:
    """Grade all jobs; those in which something timed out are tried once more, alone."""
    late: list[Job] = []
    by_student = {job.student: job for job in jobs}
    for graded in grade_all(jobs, settings, workers):
        if any(event.kind == "time-out" for event in graded.events):
            late.append(by_student[graded.student])
        else:
            yield graded
    yield from grade_all(late, settings, 1)


@contextmanager
def released_files(assignment: Assignment) -> Iterator[Path | None]:
    """A directory with just the files that students get beside the notebook; None if none."""
    if not assignment.files:
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        for relative in assignment.files:
            target = directory / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(assignment.directory / relative, target)
            target.chmod(0o644)
        yield directory


def _keep(course: Course, book: Book, submission: Submission, done: list[Graded]) -> None:
    """Rows first, then the notebooks, then the fingerprint that says both are there."""
    book.record(submission.student, submission.assignment, done, submission.timestamp)
    directory = course.place("autograded", submission.student, submission.assignment)
    directory.mkdir(parents=True, exist_ok=True)
    for graded in done:
        if graded.notebook:
            _write(directory / f"{graded.name}.ipynb", graded.notebook)
        else:
            (directory / f"{graded.name}.ipynb").unlink(missing_ok=True)
    _write(directory / _FINGERPRINT, submission.fingerprint)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, path)
