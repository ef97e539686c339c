"""Grading on a Dask cluster: the same rows as here, few tasks held at once, nothing lost with a
worker. Needs the extra `cluster`: pip install -e '.[cluster]'."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from small_course import answer, graded, hand_in, notebook, released, write_source

from autograder.course import Course
from autograder.errors import CourseError
from autograder.marking import grade_course

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2, hidden="assert double(5) == 10"),
)
ANSWERS = (
    "def double(x):\n    return 2 * x",
    "def double(x):\n    return x + 2",
    "def double(x):\n    return 4 if x == 2 else x",
    "import os\ndef double(x):\n    os._exit(0)",
)
CLASS = 24


def filled(root, gradebook) -> Course:
    """A course with a class that handed in."""
    root.mkdir()
    (root / "gradebook.db").write_bytes(gradebook.read_bytes())
    course = write_source(root, SOURCE)
    for number in range(CLASS):
        work = released(SOURCE, double=ANSWERS[number % len(ANSWERS)])
        hand_in(root, f"student{number:02}", work)
    hand_in(root, "unread", b"{,}")
    return course


def rows(course: Course) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as db:
        return db.execute(
            "SELECT s.student_id, b.name, g.auto_score, g.needs_manual_grade FROM grade g"
            " JOIN submitted_notebook n ON n.id = g.notebook_id"
            " JOIN submitted_assignment s ON s.id = n.assignment_id"
            " JOIN base_cell b ON b.id = g.cell_id ORDER BY 1, 2"
        ).fetchall()


def notebooks(course: Course) -> dict[str, str]:
    place = course.root / "autograded"
    return {str(p.relative_to(place)): p.read_text() for p in sorted(place.rglob("*.ipynb"))}


def test_without_a_scheduler_it_says_so():
    from autograder.cluster import connected

    nobody = connected("tcp://127.0.0.1:9", patience=0.5)
    with pytest.raises(CourseError, match="no Dask scheduler answers at tcp://127.0.0.1:9"), nobody:
        pass


@pytest.fixture(scope="module")
def local(tmp_path_factory, new_gradebook):
    course = filled(tmp_path_factory.mktemp("local") / "course", new_gradebook)
    grade_course(course, "ps1", workers=2)
    return course


@pytest.fixture
def course(tmp_path, new_gradebook):
    return filled(tmp_path / "course", new_gradebook)


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None
    ) as cluster:
        yield cluster


def graded_there(course, cluster, **how):
    from autograder.cluster import connected

    with connected(cluster.scheduler_address) as grade:
        return grade_course(course, "ps1", cluster=grade, **how)


@pytest.mark.slow
def test_the_same_rows_and_notebooks_as_here(course, local, cluster):
    summary = graded_there(course, cluster)
    assert len(summary.graded) == CLASS + 1
    assert rows(course) == rows(local)
    assert notebooks(course) == notebooks(local)


@pytest.mark.slow
def test_few_tasks_are_held_at_once(course, cluster, monkeypatch):
    from distributed import Client

    held, most = set(), []
    submit = Client.submit

    def counted(client, *args, **kwargs):
        future = submit(client, *args, **kwargs)
        held.add(future)
        most.append(sum(not f.done() for f in held))
        return future

    monkeypatch.setattr(Client, "submit", counted)
    graded_there(course, cluster)
    assert len(most) >= CLASS
    assert max(most) <= 6


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(course, local, cluster):
    killed = []

    def kill_one(_) -> None:
        if not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    graded_there(course, cluster, progress=kill_one)
    assert killed
    assert rows(course) == rows(local)


CLAIM = """
import os, sys
from autograder.cluster import keep_to_a_free_core
claim = keep_to_a_free_core(sys.argv[1])
print(sorted(os.sched_getaffinity(0)) if claim else None, flush=True)
input()
"""


def test_each_grading_process_has_a_core_of_its_own():
    cores = sorted(os.sched_getaffinity(0))
    with contextlib.ExitStack() as running:
        found = []
        for _ in [*cores, None]:
            process = running.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", CLAIM, f"test-{os.getpid()}"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            running.callback(process.kill)
            found.append(process.stdout.readline().strip())
    assert sorted(found) == sorted([*(f"[{core}]" for core in cores), "None"])
