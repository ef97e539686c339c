"""A grader that is killed, or finds the disk full or the gradebook closed, at any moment: the next
run does what is missing, and nothing that a person wrote is lost."""

import contextlib
import errno
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from small_course import answer, graded, hand_in, notebook, released
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from autograder import keep, marking
from autograder.course import Course
from autograder.errors import CourseError, GradebookError
from autograder.marking import grade_course
from autograder.pool import not_graded
from autograder.results import Graded, Status, TestResult
from autograder.submissions import FINGERPRINT
from autograder.unchanged import unchanged

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
    graded("test_double_2", "assert double(0) == 0", 1),
)
RIGHT = released(SOURCE, double="def double(x):\n    return 2 * x")
WRONG = released(SOURCE, double="def double(x):\n    return x")
KILLED, TOLD, UNHARMED = 7, 2, 3
"""How a child ends: at once; with a sentence for the user; because it did not matter."""
MOST = 200
"""More write boundaries than a run of this small class has."""


def judged(job, source) -> Graded:
    """What grading would say, said at once."""
    points = 2.0 if b"2 * x" in job.read() else 0.0
    given = {"test_double": points, "test_double_2": 1.0}
    tests = tuple(
        TestResult(c.grade_id, c.exercise, c.title, c.points, given[c.grade_id], Status.PASSED)
        for c in source.tests
    )
    return Graded(job.student, "ps1", "ps1", tests, (), f'{{"cells": [], "{job.student}": 1}}', 0.0)


@pytest.fixture
def at_once(monkeypatch):
    """Grading without a sandbox; the list of whose work it was."""
    seen = []

    def grade_all(jobs, settings, workers):
        for job in jobs:
            seen.append(job.student)
            yield judged(job, settings.notebook)

    monkeypatch.setattr(marking, "grade_all", grade_all)
    return seen


@pytest.fixture
def course(make_course, at_once) -> Course:
    """Ann and Bob were graded and a person gave points; then Bob handed in again, and Cyd first."""
    course = make_course(SOURCE, ann=WRONG, bob=WRONG)
    grade_course(course, "ps1")
    with Gradebook(course.db_url) as book:
        for student in ("ann", "bob"):
            (row,) = book.find_submission("ps1", student).notebooks
            row.grades[0].manual_score, row.grades[1].extra_credit = 1.5, 0.25
            row.comments[0].manual_comment = "see me"
        book.db.commit()
    hand_in(course.root, "bob", RIGHT)
    hand_in(course.root, "cyd", RIGHT)
    at_once.clear()
    return course


def state(course: Course) -> tuple:
    """All that a grader leaves: rows, files, and how many rows there are."""
    path = course.root / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT s.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit,"
            " g.needs_manual_grade FROM grade g JOIN submitted_notebook n ON n.id = g.notebook_id"
            " JOIN submitted_assignment s ON s.id = n.assignment_id"
            " JOIN base_cell b ON b.id = g.cell_id ORDER BY 1, 2"
        ).fetchall()
        said = db.execute(
            "SELECT auto_comment, manual_comment FROM comment ORDER BY 1, 2"
        ).fetchall()
    place = course.root / "autograded"
    files = {
        str(path.relative_to(place)): path.read_text()
        for path in sorted(place.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }
    return rows, said, files


def persons_words(course: Course) -> set:
    return {(row[0], row[3], row[4]) for row in state(course)[0] if row[3] or row[4]}


def copied(course: Course, number: int) -> Course:
    """The same course elsewhere."""
    place = course.root.with_name(f"{course.root.name}-{number}")
    shutil.copytree(course.root, place)
    return Course.open(place)


def in_a_child(act) -> int:
    """The exit code of a fork of this process in which something is done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        try:
            act()
            os._exit(0)
        except CourseError:
            os._exit(TOLD)
        finally:
            os._exit(9)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def at_boundary(number: int, root: Path, act) -> None:
    """Do something at the n-th time that anything is about to be written below a directory, or has
    just been committed."""
    seen = 0

    def count(*_) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            act()

    def watch(name, args) -> None:
        writes = name in ("os.rename", "os.remove", "os.mkdir") or (
            name == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if writes and str(args[0]).startswith(str(root)):
            count()

    sys.addaudithook(watch)
    event.listen(Engine, "commit", count)
    event.listen(Session, "after_commit", count)


def killed_at(course: Course, number: int) -> int:
    def act() -> None:
        at_boundary(number, course.root, lambda: os._exit(KILLED))
        grade_course(course, "ps1")

    return in_a_child(act)


def without_room_at(course: Course, number: int) -> int:
    reached = []

    def refuse() -> None:
        reached.append(number)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a file")

    def act() -> None:
        at_boundary(number, course.root, refuse)
        grade_course(course, "ps1")
        os._exit(UNHARMED if reached else 0)

    return in_a_child(act)


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("end", "codes"), [(killed_at, {KILLED}), (without_room_at, {TOLD, UNHARMED})]
)
def test_at_write_boundaries(end, codes, every, course, at_once):
    whole = copied(course, 0)
    grade_course(whole, "ps1")
    expected, words = state(whole), persons_words(course)
    reached = 0
    for number in range(1, MOST, every):
        tried = copied(course, number)
        ended = end(tried, number)
        if ended == 0:
            break
        assert ended in codes, f"boundary {number}"
        assert persons_words(tried) >= words
        grade_course(tried, "ps1")
        assert state(tried) == expected, f"boundary {number}"
        assert unchanged(tried, "ps1").unchanged == ["ann", "bob", "cyd"]
        reached = number
        shutil.rmtree(tried.root)
    assert 20 < reached < MOST - every


def test_what_is_half_written_is_written_again(course):
    whole = copied(course, 0)
    grade_course(whole, "ps1")
    for name in ("ps1.ipynb", FINGERPRINT):
        place = course.root / "autograded" / "bob" / "ps1"
        (place / f".{name}.part").write_text('{"whole": "')
    grade_course(course, "ps1")
    assert state(course) == state(whole)


def test_a_gradebook_without_room(course, at_once):
    def fill(connection, _) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    for number in range(30):
        hand_in(course.root, f"student{number:02}", RIGHT)
    whole = copied(course, 0)
    grade_course(whole, "ps1")
    event.listen(Engine, "connect", fill)
    try:
        with pytest.raises(GradebookError, match="no space is left .* again"):
            grade_course(course, "ps1")
    finally:
        event.remove(Engine, "connect", fill)
    grade_course(course, "ps1")
    assert state(course) == state(whole)


def test_a_gradebook_that_is_locked_meanwhile(course, at_once):
    whole = copied(course, 0)
    grade_course(whole, "ps1")
    path = course.root / "gradebook.db"
    (course.root / "nbgrader_config.py").write_text(
        f"c.CourseDirectory.db_url = 'sqlite:///{path}?timeout=0.05'"
    )
    impatient = Course.open(course.root)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:

        def lock(_) -> None:
            if not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        with pytest.raises(GradebookError, match="locked by another program"):
            grade_course(impatient, "ps1", progress=lock)
        other.execute("ROLLBACK")
    (course.root / "nbgrader_config.py").unlink()
    grade_course(course, "ps1")
    assert state(course) == state(whole)


def test_a_gradebook_that_may_only_be_read(course, at_once):
    path = course.root / "gradebook.db"
    config = course.root / "nbgrader_config.py"
    config.write_text(f"c.CourseDirectory.db_url = 'sqlite:///file:{path}?mode=ro&uri=true'")
    with pytest.raises(GradebookError, match="cannot be written"):
        grade_course(Course.open(course.root), "ps1")
    config.unlink()
    grade_course(course, "ps1")
    assert at_once == ["bob", "cyd"]


def test_what_the_grader_failed_at_is_tried_again(course, at_once, monkeypatch):
    def failing(jobs, settings, workers):
        for job in jobs:
            failed = not_graded(job, settings.notebook, "crash", "the worker is gone")
            yield replace(failed, unfinished=True)

    with monkeypatch.context() as patch:
        patch.setattr(marking, "grade_all", failing)
        grade_course(course, "ps1")
    rows = [row for row in state(course)[0] if row[0] == "cyd"]
    assert [(row[2], row[5]) for row in rows] == [(None, 1), (None, 1)]
    grade_course(course, "ps1")
    assert at_once == ["bob", "cyd"]


def test_one_grader_at_a_time(course):
    held = keep.alone(course.root / "autograded", "ps1")
    with held, pytest.raises(CourseError, match="wait until it has ended"):
        grade_course(course, "ps1")
    assert grade_course(course, "ps1").unchanged == ["ann"]


# --- the real thing, killed ----------------------------------------------------------------------

CLASS = 8


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, new_gradebook):
    """A class before and after `autograder grade`, and how long that took."""
    from small_course import write_source

    root = tmp_path_factory.mktemp("kills") / "course"
    root.mkdir()
    shutil.copy(new_gradebook, root)
    course = write_source(root, SOURCE)
    for number in range(CLASS):
        hand_in(root, f"student{number}", RIGHT if number % 2 else WRONG)
    whole = copied(course, 0)
    start = time.monotonic()
    assert started(whole).wait() == 0
    return course, state(whole), time.monotonic() - start


def started(course: Course) -> subprocess.Popen:
    command = [sys.executable, "-m", "autograder", "grade", "--course", str(course.root)]
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=nowhere, stderr=nowhere, stdin=nowhere)


def offspring(pid: int) -> list[int]:
    """All that a process has started and that lives."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *offspring(child)]
    return found


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return ""


def is_alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_killed_at_any_moment(seed, undisturbed):
    first, expected, seconds = undisturbed
    rng = random.Random(seed)
    course = copied(first, seed + 1)
    run = started(course)
    time.sleep(rng.uniform(0, seconds))
    family = offspring(run.pid)
    wanted = (None, "spawn_main", "nursery")[seed % 3]
    victims = [run.pid] if wanted is None else [p for p in family if wanted in command_of(p)]
    for victim in rng.sample(victims, min(1, len(victims))):
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    run.wait(120)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(map(is_alive, family)):
        time.sleep(0.05)
    assert not [pid for pid in family if is_alive(pid)]
    assert started(course).wait(120) == 0
    assert state(course)[:2] == expected[:2]
    assert state(course)[2].keys() == expected[2].keys()
    shutil.rmtree(course.root)
