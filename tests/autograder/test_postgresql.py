"""The gradebook in PostgreSQL, by nbgrader's `db_url`: the same rows as in SQLite.

Needs a server's programs (Debian, Ubuntu: apt-get install postgresql) and the extra `postgresql`
(pip install -e '.[postgresql]'). The test starts a server of its own in a temporary directory,
reached by a socket there; as root, it does so as the user `postgres`.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from small_course import answer, cell, graded, hand_in, notebook, released

from autograder import marking
from autograder.course import Course
from autograder.errors import GradebookError
from autograder.gradebook import Book
from autograder.marking import grade_course
from autograder.results import Graded, Status, TestResult
from autograder.unchanged import unchanged

pytestmark = pytest.mark.slow

HOW = "apt-get install postgresql; pip install -e '.[postgresql]'"
SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
    cell("'why?'", "essay", grade=True, solution=True, points=5),
)
ROWS = """SELECT s.student_id, b.name, g.auto_score, g.manual_score, g.needs_manual_grade
FROM grade g
JOIN submitted_notebook n ON n.id = g.notebook_id
JOIN submitted_assignment s ON s.id = n.assignment_id
JOIN base_cell b ON b.id = g.cell_id ORDER BY 1, 2"""


def program(name: str) -> str:
    """A program of PostgreSQL's, which Debian keeps off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    assert found, f"{name} is missing: {HOW}"
    return found


def run(*command: str) -> None:
    as_other = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    done = subprocess.run([*as_other, *command], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def server():
    """A server's address without a database's name."""
    with tempfile.TemporaryDirectory(prefix="pg") as name:
        if os.getuid() == 0:
            shutil.chown(name, "postgres")
        data, log = f"{name}/data", f"{name}/log"
        run(program("initdb"), "-D", data, "-U", "course", "-A", "trust", "-E", "UTF8")
        options = f"-k {name} -c listen_addresses= -c fsync=off"
        run(program("pg_ctl"), "-D", data, "-w", "-l", log, "-o", options, "start")
        try:
            yield f"postgresql+psycopg://course:secret@/{{}}?host={name}"
        finally:
            run(program("pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")


@pytest.fixture
def course(server, make_course, monkeypatch) -> Course:
    """A class whose gradebook is there, graded without a sandbox."""
    made = make_course(
        SOURCE,
        ann=released(SOURCE, double="def double(x):\n    return 2 * x"),
        bob=released(SOURCE, double="def double(x):\n    return x"),
    )
    run(
        program("psql"), "-h", server.partition("host=")[2], "-U", "course", "-d", "postgres",
        "-c", "DROP DATABASE IF EXISTS grades", "-c", "CREATE DATABASE grades",
    )  # fmt: skip
    config = f"c.CourseDirectory.db_url = {server.format('grades')!r}\n"
    (made.root / "nbgrader_config.py").write_text(config)

    def grade_all(jobs, settings, workers):
        for job in jobs:
            tests = tuple(
                TestResult(c.grade_id, c.exercise, c.title, c.points, points, Status.PASSED)
                for c in settings.notebook.tests
                for points in (2.0 if b"2 * x" in job.read() else 0.0,)
            )
            yield Graded(job.student, "ps1", "ps1", tests, (), '{"cells": []}', 0.0)

    monkeypatch.setattr(marking, "grade_all", grade_all)
    return Course.open(made.root)


def rows(course: Course) -> list[tuple]:
    from sqlalchemy import create_engine, text

    engine = create_engine(course.db_url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(ROWS))]
    engine.dispose()
    return found


def test_the_same_rows_as_in_sqlite(course):
    grade_course(course, "ps1")
    (course.root / "nbgrader_config.py").unlink()
    in_file = Course.open(course.root)
    grade_course(in_file, "ps1", force=True)
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as db:
        expected = [(*row[:4], bool(row[4])) for row in db.execute(ROWS)]
    assert rows(course) == expected
    assert [row[2] for row in expected] == [None, 2.0, None, 0.0]


def test_a_persons_points_survive_and_nothing_new_is_seen_at_once(course):
    grade_course(course, "ps1")
    with Gradebook(course.db_url) as book:
        (row,) = book.find_submission("ps1", "ann").notebooks
        row.grades[0].manual_score = 1.25
        book.db.commit()
    assert unchanged(course, "ps1").unchanged == ["ann", "bob"]
    hand_in(course.root, "ann", released(SOURCE, double="def double(x):\n    return x"))
    assert unchanged(course, "ps1") is None
    grade_course(course, "ps1")
    assert [row[3] for row in rows(course) if row[0] == "ann"].count(1.25) == 1


def test_no_message_shows_the_password(server):
    with pytest.raises(GradebookError) as told, Book(server.format("nowhere")):
        pass
    assert "course:***@" in str(told.value)
    assert "secret" not in str(told.value)
