"""Grading a whole class: what is left to do, results as they come, gradebook and disk.

A submission's rows are written in one transaction, its graded notebooks each at once, and last the
fingerprint that says both are there: wherever a run is killed, the next one does what is missing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder import check, ground, keep
from autograder.course import Course
from autograder.grade import Job
from autograder.gradebook import Book
from autograder.late import EXTENSIONS, assign_penalties, read_extensions
from autograder.merge import merged, test_cells
from autograder.pool import Settings, default_workers, grade_all, not_graded
from autograder.results import Graded
from autograder.sandbox.rules import Rules
from autograder.source import Assignment, SourceNotebook
from autograder.submissions import FINGERPRINT, Fingerprint, Submission, find_all
from autograder.summary import Summary
from autograder.unchanged import remember

FIRST_CPU = 2.0
"""CPU seconds that a cell or a call may use the first time, however fast the reference is."""
LEAST_CPU = 5.0
"""The same for the second time, alone, after which a time-out counts."""

Progress = Callable[[Graded], None]
"""Called with each notebook as it is done."""
Grade = Callable[[Iterable[Job], Settings, int], Iterator[Graded]]
"""`pool.grade_all`, or what does the same elsewhere."""


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
    cluster: Grade | None = None,
) -> Summary:
    """Grade the submissions of an assignment: all, or those of `students`; on this machine, or on
    a `cluster`.

    What was graded before and has not changed is left alone, unless `force`; where some tests have
    changed, only these are run. Raises `CourseError` for a mistake of the user's, a disk or a
    gradebook that cannot be written, and `NotSafe` where the sandbox's minimum is missing.
    """
    assignment = course.assignment(assignment_name)
    read_extensions(course.root / EXTENSIONS)  # a mistake in it is told before the work
    chosen = [course.student(assignment_name, s) for s in students]
    chosen = chosen or course.students(assignment_name)
    summary = Summary(assignment_name, exercise_points(assignment))
    summary.directory = course.root / "autograded"
    plan = Plan(
        workers or default_workers(), unsafe, in_process, check.secret(course.root),
        cluster or grade_all,
    )  # fmt: skip
    with (
        keep.explained(),
        keep.alone(summary.directory, assignment_name),
        Book(course.db_url, course.course_id) as book,
    ):
        book.prepare(assignment)
        desk = Desk.open(course, assignment, book, in_process)
        work = []
        for submission in find_all(course, assignment_name, chosen, desk.names):
            task = desk.task(submission, force)
            if task is None:
                summary.unchanged.append(submission.student)
            else:
                work.append(task)
        started(sum(len(task.jobs) + len(task.missing) for task in work))
        for task, graded in _graded(assignment, work, plan):
            progress(graded)
            desk.take(task, graded, summary)
        assign_penalties(course, book, assignment_name)
    remember(course, assignment_name)
    return summary


def exercise_points(assignment: Assignment) -> dict[str, float]:
    """The points of each exercise, in the lecture's order."""
    points: dict[str, float] = {}
    for notebook in assignment.notebooks:
        for cell in notebook.tests:
            points[cell.exercise] = points.get(cell.exercise, 0.0) + cell.points
    return points


# --- what there is to do, and what becomes of it -------------------------------------------------


@dataclass
class Task:
    """What there is to do for one submission, and what is done of it."""

    submission: Submission
    jobs: dict[str, frozenset[str] | None]
    """The tests to run by notebook; None for all of them."""
    missing: tuple[str, ...]
    """Names of notebooks that were not handed in."""
    done: list[Graded] = field(default_factory=list)
    """What is not recorded yet, without the notebooks, which are on disk: nothing of the messages
    of a whole class is kept."""

    @property
    def complete(self) -> bool:
        return len(self.done) == len(self.jobs) + len(self.missing)

    def job(self, notebook: str) -> Job:
        """Grading one of the notebooks."""
        path = self.submission.files[notebook]
        assert path is not None
        who, what = self.submission.student, self.submission.assignment
        return Job(who, what, notebook, path, only=self.jobs[notebook])


@dataclass(frozen=True)
class Desk:
    """Where one assignment's work is sorted, and results are written down."""

    course: Course
    assignment: Assignment
    book: Book
    recorded: set[str]
    source: str
    """The source's digest."""
    parts: dict[str, dict[str, ground.Part]]
    """Its exercises, by notebook."""

    @classmethod
    def open(cls, course: Course, assignment: Assignment, book: Book, in_process: bool) -> Desk:
        """That of an assignment whose rows are prepared."""
        base = ground.foundation(course, assignment.name, in_process)
        parts = {notebook.name: ground.parts(notebook, base) for notebook in assignment.notebooks}
        source = ground.whole(course, assignment.name, base)
        return cls(course, assignment, book, book.recorded(assignment.name), source, parts)

    @property
    def names(self) -> list[str]:
        return [notebook.name for notebook in self.assignment.notebooks]

    def notebook(self, name: str) -> SourceNotebook:
        """One of the assignment's notebooks."""
        (found,) = (notebook for notebook in self.assignment.notebooks if notebook.name == name)
        return found

    def place(self, submission: Submission) -> Path:
        """Where its graded notebooks are."""
        return self.course.place("autograded", submission.student, submission.assignment)

    def task(self, submission: Submission, force: bool) -> Task | None:
        """What there is to do; None when nothing is."""
        place = self.place(submission)
        known = Fingerprint.read(place)
        if force or known is None or submission.student not in self.recorded:
            known = Fingerprint("")
        elif known.whole == submission.digest(self.source):
            return None
        jobs: dict[str, frozenset[str] | None] = {}
        missing = []
        for name, work in submission.work.items():
            same_work = known.work.get(name) == work
            if not work:
                missing += [] if same_work else [name]
            elif not same_work or name not in known.written:
                jobs[name] = None
            elif known.parts.get(name) != self._digests(name):
                jobs[name] = self._changed(name, known, place)
        task = Task(submission, jobs, tuple(missing))
        if task.complete:  # nothing that any test stands on is different
            self.finish(task)
            return None
        return task

    def _digests(self, name: str) -> dict[str, str]:
        return {exercise: part.digest for exercise, part in self.parts[name].items()}

    def _changed(self, name: str, known: Fingerprint, place: Path) -> frozenset[str] | None:
        """The tests of a notebook to run again; None for all, where results of the others are not
        to be found."""
        old = known.parts.get(name, {})
        parts = self.parts[name].items()
        tests = frozenset[str]().union(
            *(part.keys for exercise, part in parts if old.get(exercise) != part.digest)
        )
        others = {cell.key for cell in self.notebook(name).tests} - tests
        found = test_cells(place / f"{name}.ipynb").keys() if others else set()
        return tests if others and others <= found else None

    def take(self, task: Task, graded: Graded, summary: Summary) -> None:
        """Write a graded notebook, and when it was the submission's last, all the rest."""
        place = self.place(task.submission)
        if not task.done:
            place.mkdir(parents=True, exist_ok=True)
            (place / FINGERPRINT).unlink(missing_ok=True)
        path = place / f"{graded.name}.ipynb"
        if task.jobs.get(graded.name) is not None:
            graded = merged(graded, path, self.notebook(graded.name))
        if graded.notebook:
            keep.write(path, graded.notebook)
        else:
            path.unlink(missing_ok=True)
        summary.add(graded)
        task.done.append(replace(graded, notebook=""))
        if task.complete:
            self.finish(task)
            task.done.clear()

    def finish(self, task: Task) -> None:
        """Rows first, then the fingerprint that says that rows and notebooks are there."""
        submission, place = task.submission, self.place(task.submission)
        self.book.record(submission.student, submission.assignment, task.done, submission.timestamp)
        if any(graded.unfinished for graded in task.done):
            return  # and the next run tries again
        fingerprint = Fingerprint(
            submission.digest(self.source),
            dict(submission.work),
            {name: self._digests(name) for name in self.names},
            [name for name in self.names if (place / f"{name}.ipynb").is_file()],
        )
        keep.write(place / FINGERPRINT, fingerprint.text())


# --- grading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """How to grade a class."""

    workers: int
    unsafe: bool
    in_process: bool
    secret: str
    grade: Grade = grade_all


def _graded(assignment: Assignment, work: list[Task], plan: Plan) -> Iterator[tuple[Task, Graded]]:
    """Each graded notebook as it comes, with the task that it belongs to."""
    for notebook in assignment.notebooks:
        for task in work:
            if notebook.name in task.missing:
                job = Job(task.submission.student, assignment.name, notebook.name)
                yield task, not_graded(job, notebook, "missing", "this notebook was not handed in")
        by_student = {task.submission.student: task for task in work if notebook.name in task.jobs}
        if not by_student:
            continue
        with released_files(assignment) as files:
            rules = Rules(cell_cpu=LEAST_CPU, in_process=plan.in_process)
            settings = Settings(notebook, files, rules, plan.secret, plan.unsafe, prove=True)
            jobs = [task.job(notebook.name) for task in by_student.values()]
            for graded in grade_patiently(jobs, settings, plan.workers, plan.grade):
                yield by_student[graded.student], graded


def grade_patiently(
    jobs: list[Job], settings: Settings, workers: int, grade: Grade | None = None
) -> Iterator[Graded]:
    """Grade all jobs, with little patience; those in which something timed out are tried once
    more, alone, with all that `settings` allow."""
    grade = grade or grade_all
    late: list[Job] = []
    by_student = {job.student: job for job in jobs}
    brisk = replace(settings, rules=replace(settings.rules, cell_cpu=FIRST_CPU))
    for graded in grade(jobs, brisk, workers):
        if any(event.kind == "time-out" for event in graded.events):
            late.append(by_student[graded.student])
        else:
            yield graded
    yield from grade(late, settings, 1)


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
