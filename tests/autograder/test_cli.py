"""The command line on bad input: one clear line, the right exit code, everybody else graded."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from nbgrader.api import Gradebook
from small_course import answer, graded, notebook, read_source, released

from autograder import marking
from autograder.cli import main
from autograder.errors import NotSafe
from autograder.grade import Bench
from autograder.pool import grade_job

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
)
RIGHT = released(SOURCE, double="def double(x):\n    return 2 * x")
SLOW = released(SOURCE, double="import time\ntime.sleep(2)\ndef double(x):\n    return 2 * x")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(read_source(tmp_path_factory.mktemp("bench"), SOURCE))
    yield bench
    bench.close()


@pytest.fixture
def run(bench, monkeypatch, capsys):
    """`run("grade", …)`: the exit code, what was said, and what was said to be wrong."""
    monkeypatch.setattr(
        marking, "grade_all", lambda jobs, *settings: (grade_job(bench, job) for job in jobs)
    )

    def call(*arguments) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def score(course, student: str) -> float | None:
    with Gradebook(course.db_url) as book:
        (row,) = book.find_submission("ps1", student).notebooks
        return row.grades[0].auto_score


def one_line(text: str) -> str:
    """The text, which is one line without a traceback."""
    (line,) = text.strip().splitlines()
    assert line.startswith("autograder: ")
    return line


def test_a_class_is_graded(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    code, said, wrong = run("grade", "--course", course.root)
    assert (code, wrong) == (0, "")
    assert "ps1: 1 graded." in said
    assert score(course, "ann") == 2


def test_an_unreadable_notebook_is_worth_a_look(run, make_course):
    course = make_course(SOURCE, ann=RIGHT, eve=b"{,}")
    code, said, wrong = run("grade", "--course", course.root)
    assert (code, wrong) == (1, "")
    (line,) = [line for line in said.splitlines() if "unreadable" in line]
    assert line.strip().startswith("eve: ")
    assert "ps1.ipynb" in line
    assert "line 1, column 2" in line
    assert (score(course, "ann"), score(course, "eve")) == (2, None)


def test_a_missing_notebook_is_said(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    (course.submitted / "eve/ps1").mkdir(parents=True)
    code, said, _ = run("grade", "--course", course.root)
    assert code == 1
    (line,) = [line for line in said.splitlines() if "this notebook was not handed in" in line]
    assert line.strip().startswith("eve: ")
    assert score(course, "ann") == 2


def test_a_linked_directory_is_said(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    (course.submitted / "eve").symlink_to(course.submitted / "ann")
    code, said, _ = run("grade", "--course", course.root)
    assert code == 1
    assert "eve: missing" in said
    assert (score(course, "ann"), score(course, "eve")) == (2, None)


def test_a_lecture_that_is_not_there(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    code, said, wrong = run("grade", "ps9", "--course", course.root)
    assert (code, said) == (2, "")
    assert "no assignment 'ps9'" in one_line(wrong)


def test_a_student_who_is_not_there(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    code, _, wrong = run("grade", "ps1", "--student", "zoe", "--course", course.root)
    assert code == 2
    assert "'zoe'" in one_line(wrong)


@pytest.mark.parametrize("command", ["grade", "feedback", "release"])
def test_a_directory_without_a_source(run, tmp_path, command):
    code, _, wrong = run(command, "--course", tmp_path)
    assert code == 2
    assert "no source/ directory" in one_line(wrong)


def test_a_directory_that_is_not_there(run, tmp_path):
    code, _, wrong = run("grade", "--course", tmp_path / "nowhere")
    assert code == 2
    assert "no directory" in one_line(wrong)


def test_a_configuration_that_cannot_be_read(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    (course.root / "nbgrader_config.py").write_text("c.Oops(")
    code, _, wrong = run("grade", "--course", course.root)
    assert code == 2
    assert "nbgrader_config.py" in one_line(wrong)


def test_a_source_that_cannot_be_read(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    (course.source / "ps1/ps1.ipynb").write_text("{")
    code, _, wrong = run("grade", "--course", course.root)
    assert code == 2
    assert "ps1.ipynb cannot be read" in one_line(wrong)


@pytest.mark.parametrize("there", [False, True])
def test_nobody_handed_anything_in(run, make_course, there):
    course = make_course(SOURCE)
    if there:
        course.submitted.mkdir()
    code, said, wrong = run("grade", "--course", course.root)
    assert (code, wrong) == (0, "")
    assert "Nobody has handed in anything" in said


def test_a_course_without_assignments(run, tmp_path):
    (tmp_path / "source").mkdir()
    code, _, wrong = run("grade", "--course", tmp_path)
    assert (code, wrong) == (0, "")


def test_a_locked_gradebook(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    url = f"{course.db_url}?timeout=0.05"
    (course.root / "nbgrader_config.py").write_text(f"c.CourseDirectory.db_url = {url!r}")
    other = sqlite3.connect(course.root / "gradebook.db")
    other.execute("BEGIN EXCLUSIVE")
    code, _, wrong = run("grade", "--course", course.root)
    other.rollback()
    other.close()
    assert code == 2
    assert "locked by another program" in one_line(wrong)
    assert run("grade", "--course", course.root)[0] == 0
    assert score(course, "ann") == 2


def test_a_gradebook_that_cannot_be_written(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    url = f"sqlite:///file:{course.root}/gradebook.db?mode=ro&uri=true"
    (course.root / "nbgrader_config.py").write_text(f"c.CourseDirectory.db_url = {url!r}")
    code, _, wrong = run("grade", "--course", course.root)
    assert code == 2
    assert "cannot be written" in one_line(wrong)


def test_a_gradebook_that_is_none(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    (course.root / "gradebook.db").write_bytes(b"not a database" * 1000)
    code, _, wrong = run("grade", "--course", course.root)
    assert code == 2
    assert "cannot be used" in one_line(wrong)


def test_no_safe_sandbox(run, make_course, monkeypatch):
    course = make_course(SOURCE, ann=RIGHT)

    def refuse(*args):
        raise NotSafe("this machine's sandbox lacks seccomp: grade on Linux")

    monkeypatch.setattr(marking, "grade_all", refuse)
    code, _, wrong = run("grade", "--course", course.root)
    assert code == 3
    assert "seccomp" in one_line(wrong)


def test_the_user_stops_it(run, make_course, monkeypatch):
    course = make_course(SOURCE, ann=RIGHT)

    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(marking, "grade_all", stop)
    code, _, wrong = run("grade", "--course", course.root)
    assert code == 130
    assert "the same command goes on" in one_line(wrong)


@pytest.mark.parametrize("arguments", [["grade", "--workers", "0"], ["no-such-command"], []])
def test_a_command_that_makes_no_sense(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: autograder" in capsys.readouterr().err


def test_feedback_before_grading(run, make_course):
    course = make_course(SOURCE, ann=RIGHT)
    code, said, _ = run("feedback", "--course", course.root)
    assert code == 1
    assert "grade` first" in said


def command(course, *arguments) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "autograder", "grade", "--course", course.root, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_elsewhere_than_on_linux_grading_says_what_it_needs(make_course, monkeypatch, capsys):
    course = make_course(SOURCE)
    monkeypatch.setattr(sys, "platform", "win32")
    assert main(["grade", "--course", str(course.root)]) == 3
    assert "only Linux has" in capsys.readouterr().err


def test_the_command_line_starts_without_the_sandbox():
    """Only Linux has what the sandbox needs; students on other systems have the command too."""
    program = "import sys, autograder.cli; print('autograder.sandbox' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False"


@pytest.mark.slow
def test_killed_workers_lose_nothing(make_course):
    """A real run, two of whose workers are killed while they work."""
    course = make_course(SOURCE, ann=RIGHT, bob=RIGHT, eve=SLOW)
    with command(course, "--workers", "1") as running:
        for _ in range(2):
            os.kill(worker_of(running), signal.SIGKILL)
        said, wrong = running.communicate(timeout=120)
    assert (running.returncode, wrong) == (0, "")
    assert "3 graded" in said
    assert [score(course, student) for student in ("ann", "bob", "eve")] == [2, 2, 2]


def worker_of(grader: subprocess.Popen) -> int:
    """The pid of the grader's worker, when there is one that has begun to work on a submission."""
    while grader.poll() is None:
        for pid in children(grader.pid):
            if "spawn_main" in command_line(pid) and any(map(children, children(pid))):
                return pid
        time.sleep(0.01)
    raise AssertionError("the grader ended without a worker")


def children(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(text) for text in file.read().split()]
    except OSError:
        return []


def command_line(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read()
    except OSError:
        return ""
