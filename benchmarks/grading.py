"""Grading a class: `autograder grade` beside `nbgrader autograde`, and beside no sandbox at all.

All of them run the same cells. Those that ours skips (figures, demonstrations that nothing needs,
cells that put the student's functions to work) are taken out of nbgrader's course as well; its time
with all cells is given too.
"""

import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.demo import make_course
from autograder.gradebook import Book
from autograder.marking import released_files
from autograder.restore import restore
from autograder.stories import Lecture, blank, mistaken, partial, perfect
from autograder.submission import read_notebook
from autograder.variants import load
from benchmarks.bound import side_by_side

ROOT = Path(__file__).resolve().parents[1]
STORIES = (perfect, perfect, mistaken(1), mistaken(1), mistaken(2), mistaken(4), partial, blank)


@dataclass(frozen=True)
class Result:
    """Seconds a submission, ours and theirs, and what their ratio should stay under."""

    name: str
    ours: float
    theirs: float
    ratio: float
    target: float

    def record(self):
        """As the file of results keeps it."""
        milliseconds = {"ours_ms": 1000 * self.ours, "theirs_ms": 1000 * self.theirs}
        return {
            "workload": self.name, "target": self.target, "ratio": self.ratio, **milliseconds
        }  # fmt: skip


# --- the class ---------------------------------------------------------------------------------


def hand_in(course, assignment, count, variants):
    """Write `count` submissions, none of them hostile; returns their texts."""
    rng = random.Random(1)
    notebook = course.release / assignment / f"{assignment}.ipynb"
    lecture = Lecture(nbformat.read(notebook, as_version=4), variants)
    texts = [STORIES[n % len(STORIES)](lecture, rng).text for n in range(count)]
    for number, text in enumerate(texts):
        place = course.submitted / f"student{number:05}" / assignment
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{assignment}.ipynb").write_text(text, encoding="utf-8")
    return texts


def new_course(directory, assignment, count):
    """A course of one lecture with a class in it."""
    home = Course.open(ROOT)
    made = make_course(home, assignment, Path(directory))
    return made, hand_in(made, assignment, count, load(home.source / assignment / "variants.py"))


def without_skipped(course, assignment):
    """Empty, in source, release and submissions, the cells that our grader does not run."""
    (notebook,) = course.assignment(assignment).notebooks
    for path in course.root.rglob(f"{assignment}.ipynb"):
        student = nbformat.read(path, as_version=4)
        steps = restore(read_notebook(path.read_bytes())[0], notebook).steps
        skipped = {step.cell.id for step in steps if step.cell and not step.runs}
        for cell in student.cells:
            if cell.cell_type == "code" and cell.id in skipped:
                cell.source = ""
        nbformat.write(student, path)


def tell_nbgrader(directory, assignment):
    """Make the gradebook that nbgrader expects to find."""
    course = Course.open(directory)
    with Book(course.db_url, course.course_id) as book:
        book.prepare(course.assignment(assignment))


# --- throughput ----------------------------------------------------------------------------------


def throughput(assignment="02_logistic_regression", count=100, beside=10, rounds=3):
    """Whole commands on the same two cores: ours with all workers on `count` submissions, nbgrader
    on `beside` of them, in turns; each includes its start and its gradebook."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        ours, _ = new_course(one, assignment, count)
        plain, _ = new_course(two, assignment, beside)
        whole = Path(two, "..", f"{Path(two).name}-whole").resolve()
        shutil.copytree(two, whole)
        try:
            without_skipped(plain, assignment)
            for directory in (plain.root, whole):
                tell_nbgrader(directory, assignment)
            times = [
                (
                    _grade(ours, assignment) / count,
                    _autograde(plain.root, assignment) / beside,
                    _autograde(whole, assignment) / beside,
                )
                for _ in range(rounds)
            ]
        finally:
            shutil.rmtree(whole)
    return [
        _result(f"grade {assignment[:2]} / nbgrader, the same cells", times, 1, 1 / 20),
        _result(f"grade {assignment[:2]} / nbgrader, all cells", times, 2, 1 / 20),
    ]


def _result(name, times, column, target):
    ratio = statistics.median(row[0] / row[column] for row in times)
    return Result(
        name,
        statistics.median(row[0] for row in times),
        statistics.median(row[column] for row in times),
        ratio,
        target,
    )


def _grade(course, assignment):
    command = [sys.executable, "-m", "autograder", "grade", assignment, "--force", "--course"]
    return _seconds([*command, str(course.root)], ROOT)


def _autograde(directory, assignment):
    command = [sys.executable, "-m", "nbgrader", "autograde", assignment, "--force"]
    return _seconds(command, directory)


def _seconds(command, directory):
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=directory, env={**os.environ, "PATH": scripts}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:4])} failed: {done.stderr[-2000:]}")
    return time.perf_counter() - start


# --- the lower bound ------------------------------------------------------------------------


def overhead(assignment, count=8, rounds=5):
    """One submission after another, in the sandbox and by plain `exec`, in turns."""
    with tempfile.TemporaryDirectory() as directory:
        course, texts = new_course(directory, assignment, count)
        spec = course.assignment(assignment)
        (notebook,) = spec.notebooks
        context = multiprocessing.get_context("spawn")
        with released_files(spec) as files, context.Pool(1) as lean:
            times = lean.apply(side_by_side, (notebook, files, texts, rounds))
    bound = statistics.median(theirs for _, theirs in times)
    return _result(f"grade {assignment[:2]} / plain exec", times, 1, max(2.5, 1 + 0.06 / bound))


# --- all of it -------------------------------------------------------------------------------


def tasks():
    """What can be measured, by name: each a function of the number of rounds."""
    found = {"grade 02 / nbgrader": lambda rounds: throughput(rounds=min(3, rounds))}
    for assignment in Course.open(ROOT).assignments():
        found[f"grade {assignment[:2]} / plain exec"] = lambda rounds, assignment=assignment: [
            overhead(assignment, rounds=min(5, rounds))
        ]
    return found
