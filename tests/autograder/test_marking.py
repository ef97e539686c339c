"""Grading a class: who handed in what, what is done again, and what stays on disk."""

import json
import os
import weakref
from dataclasses import replace

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from small_course import added, answer, as_bytes, graded, hand_in, locked, notebook, released

from autograder import ground, marking
from autograder.errors import NoAssignment, NoStudent
from autograder.grade import Bench, Job
from autograder.marking import grade_course
from autograder.pool import Settings, grade_job, not_graded
from autograder.results import Event
from autograder.sandbox.rules import Rules
from autograder.summary import as_json

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
)
RIGHT = released(SOURCE, double="def double(x):\n    return 2 * x")
WRONG = released(SOURCE, double="def double(x):\n    return x")


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    from small_course import read_source

    bench = Bench(read_source(tmp_path_factory.mktemp("bench"), SOURCE))
    yield bench
    bench.close()


@pytest.fixture
def at_once(bench, monkeypatch):
    """Grade in this process, on one bench; the list of what was graded."""
    seen = []

    def grade_all(jobs, settings, workers):
        for job in jobs:
            seen.append(job.student)
            yield grade_job(bench, job)

    monkeypatch.setattr(marking, "grade_all", grade_all)
    return seen


def score(course, student: str) -> float | None:
    with Gradebook(course.db_url) as book:
        (row,) = book.find_submission("ps1", student).notebooks
        return row.grades[0].auto_score


def test_a_class_is_graded(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, bob=WRONG)
    summary = grade_course(course, "ps1")
    assert {g.student: g.score for g in summary.graded} == {"ann": 2, "bob": 0}
    assert (score(course, "ann"), score(course, "bob")) == (2, 0)
    for student in ("ann", "bob"):
        text = (course.root / "autograded" / student / "ps1" / "ps1.ipynb").read_text()
        assert json.loads(text)["metadata"]["autograder"]["student"] == student


def test_the_second_run_grades_nothing(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, bob=WRONG)
    grade_course(course, "ps1")
    at_once.clear()
    summary = grade_course(course, "ps1")
    assert not at_once
    assert summary.unchanged == ["ann", "bob"]


def test_changed_work_is_graded_again(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, bob=WRONG)
    grade_course(course, "ps1")
    hand_in(course.root, "bob", RIGHT)
    at_once.clear()
    grade_course(course, "ps1")
    assert at_once == ["bob"]
    assert score(course, "bob") == 2


def test_force_grades_everybody_again(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    grade_course(course, "ps1")
    grade_course(course, "ps1", force=True)
    assert at_once == ["ann", "ann"]


@pytest.mark.parametrize("lost", ["autograded", "gradebook.db"])
def test_what_was_lost_is_made_again(lost, make_course, at_once, new_gradebook):
    import shutil

    course = make_course(SOURCE, ann=RIGHT)
    grade_course(course, "ps1")
    if lost == "autograded":
        shutil.rmtree(course.root / lost)
    else:
        shutil.copy(new_gradebook, course.root)
    grade_course(course, "ps1")
    assert at_once == ["ann", "ann"]
    assert score(course, "ann") == 2
    assert (course.root / "autograded/ann/ps1/ps1.ipynb").exists()


def test_a_persons_points_and_words_survive_a_second_grading(make_course, at_once):
    course = make_course(SOURCE, ann=WRONG)
    grade_course(course, "ps1")
    with Gradebook(course.db_url) as book:
        (row,) = book.find_submission("ps1", "ann").notebooks
        row.grades[0].manual_score = 1.0
        row.comments[0].manual_comment = "see me"
        book.db.commit()
    grade_course(course, "ps1", force=True)
    with Gradebook(course.db_url) as book:
        (row,) = book.find_submission("ps1", "ann").notebooks
        assert row.grades[0].score == 1.0
        assert row.comments[0].comment == "see me"


def test_an_interrupted_run_goes_on(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, bob=RIGHT, cyd=RIGHT)

    def stop(graded):
        if graded.student == "cyd":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_course(course, "ps1", progress=stop)
    at_once.clear()
    summary = grade_course(course, "ps1")
    assert at_once == ["cyd"]
    assert summary.unchanged == ["ann", "bob"]
    assert score(course, "cyd") == 2


def test_only_the_named_students(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, bob=RIGHT)
    grade_course(course, "ps1", students=["bob"])
    assert at_once == ["bob"]


def test_what_cannot_be_read_is_not_graded(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, eve=b'{"cells": [')
    summary = grade_course(course, "ps1")
    eve = next(g for g in summary.graded if g.student == "eve")
    assert eve.tests[0].score is None
    assert eve.events[0].kind == "unreadable"
    assert "line 1, column 12" in eve.events[0].detail
    assert (score(course, "ann"), score(course, "eve")) == (2, None)


def test_a_missing_notebook_is_not_graded(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    (course.root / "submitted/eve/ps1").mkdir(parents=True)
    grade_course(course, "ps1")
    assert (score(course, "ann"), score(course, "eve")) == (2, None)


@pytest.mark.parametrize("place", ["eve", "eve/ps1", "eve/ps1/ps1.ipynb"])
def test_links_to_somebody_elses_work_are_not_followed(place, make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    link = course.submitted / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(course.submitted / place.replace("eve", "ann"))
    summary = grade_course(course, "ps1")
    assert at_once == ["ann"]
    assert {g.student: g.tests[0].score for g in summary.graded} == {"ann": 2, "eve": None}


def test_odd_files_in_a_submission_do_no_harm(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    directory = course.submitted / "ann" / "ps1"
    os.mkfifo(directory / "timestamp.txt")
    os.mkfifo(directory / "ps1 (1).ipynb")
    (directory / "numpy.py").write_text("raise SystemExit")
    (directory / "sitecustomize.py").write_text("raise SystemExit")
    grade_course(course, "ps1")
    assert score(course, "ann") == 2


def test_a_download_that_was_renamed_is_found(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    path = course.submitted / "ann/ps1/ps1.ipynb"
    path.rename(path.with_name("ps1 (1).ipynb"))
    grade_course(course, "ps1")
    assert score(course, "ann") == 2


def test_a_time_stamp_is_kept(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    (course.submitted / "ann/ps1/timestamp.txt").write_text("2026-03-01 12:00:00 UTC")
    grade_course(course, "ps1")
    with Gradebook(course.db_url) as book:
        assert book.find_submission("ps1", "ann").timestamp.isoformat() == "2026-03-01T12:00:00"


def test_the_secret_counts_as_part_of_the_work(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    grade_course(course, "ps1")
    (course.root / ".course_secret").write_text("another")
    grade_course(course, "ps1")
    assert at_once == ["ann", "ann"]


def test_mistakes_of_the_users_are_named(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT)
    with pytest.raises(NoAssignment, match="there: ps1"):
        grade_course(course, "ps9")
    with pytest.raises(NoStudent, match="zoe"):
        grade_course(course, "ps1", students=["zoe"])


def test_half_a_character_can_be_written(make_course, at_once):
    made = released(SOURCE, double="def double(x):\n    return 2 * x\nprint('\\ud800')")
    made.cells.append(added("half = '?'"))
    text = as_bytes(made).replace(b"half = '?'", b"half = '\\ud801'")
    course = make_course(SOURCE, ann=text)
    grade_course(course, "ps1")
    assert score(course, "ann") == 2


# --- after a change to the source ----------------------------------------------------------------

TWO = notebook(
    locked("import math", "setup"),
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
    answer("halve", "def halve(x):\n    return x / 2"),
    graded("test_halve", "assert halve(4) == 2", 1),
    graded("test_halve_2", "assert halve(0) == 0", 1),
    answer("quarter", "def quarter(x):\n    return halve(halve(x))"),
    graded("test_quarter", "assert quarter(8) == 2", 1),
)
ANSWERS = {
    "double": "def double(x):\n    return 2 * x",
    "halve": "def halve(x):\n    return x / 2",
    "quarter": "def quarter(x):\n    return x",
}


def changed(source: NotebookNode, name: str, text: str) -> NotebookNode:
    """The source with another text in one cell."""
    made = nbformat.from_dict(json.loads(nbformat.writes(source)))
    (node,) = [c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
    node.source = text
    return made


@pytest.fixture
def ran(monkeypatch):
    """Grade in this process; the tests that were run, for each notebook graded."""
    seen = []

    def grade_all(jobs, settings, workers):
        bench = Bench(settings.notebook)
        try:
            for job in jobs:
                seen.append(job.only)
                yield grade_job(bench, job)
        finally:
            bench.close()

    monkeypatch.setattr(marking, "grade_all", grade_all)
    monkeypatch.setattr(ground, "grader", lambda: "this one")
    return seen


@pytest.mark.parametrize(
    ("cell", "text", "tests"),
    [
        ("test_double", "assert double(3) == 6", {"test_double"}),
        ("test_halve", "assert halve(9) == 4.5", {"test_halve", "test_halve_2"}),
        (
            "halve",
            "def halve(x):\n    ### BEGIN SOLUTION\n    return 0.5 * x\n    ### END SOLUTION",
            {"test_halve", "test_halve_2", "test_quarter"},
        ),
        ("setup", "import math, cmath", None),
    ],
)
def test_only_what_a_change_can_reach_is_run_again(cell, text, tests, make_course, ran):
    course = make_course(TWO, ann=released(TWO, **ANSWERS))
    grade_course(course, "ps1")
    ran.clear()
    make_course(changed(TWO, cell, text))
    grade_course(course, "ps1")
    assert ran == [tests]


def test_results_of_what_was_not_run_again_stay(make_course, ran):
    course = make_course(TWO, ann=released(TWO, **ANSWERS))
    grade_course(course, "ps1")
    make_course(changed(TWO, "test_double", "assert double(2) == 5"))
    (one,) = grade_course(course, "ps1").graded
    assert {test.grade_id: test.score for test in one.tests} == {
        "test_double": 0, "test_halve": 1, "test_halve_2": 1, "test_quarter": 0
    }  # fmt: skip
    path = course.root / "autograded/ann/ps1/ps1.ipynb"
    partly = path.read_text()
    grade_course(course, "ps1", force=True)
    assert json.loads(partly) == json.loads(path.read_text())


def test_new_words_in_the_lecture_are_no_reason_to_run_a_test(make_course, ran):
    course = make_course(TWO, ann=released(TWO, **ANSWERS))
    grade_course(course, "ps1")
    ran.clear()
    worded = nbformat.from_dict(json.loads(nbformat.writes(TWO)))
    worded.cells.append(nbformat.v4.new_markdown_cell("More words.", id="words"))
    make_course(worded)
    grade_course(course, "ps1")
    assert ran == [frozenset()]
    assert "More words." in (course.root / "autograded/ann/ps1/ps1.ipynb").read_text()


@pytest.mark.parametrize("what", ["grader", "_library", "a file"])
def test_the_grader_and_the_libraries_count_as_part_of_the_work(
    what, make_course, at_once, monkeypatch
):
    course = make_course(SOURCE, ann=RIGHT)
    (course.root / "source/ps1/data.csv").write_text("1,2")
    grade_course(course, "ps1")
    if what == "a file":
        (course.root / "source/ps1/data.csv").write_text("1,3")
    else:
        monkeypatch.setattr(ground, what, lambda *args: "another")
        numbers = changed(SOURCE, "test_double", "import numpy\nassert double(2) == 4")
        make_course(numbers)
    grade_course(course, "ps1")
    assert at_once == ["ann", "ann"]


# --- patience, and what is kept ------------------------------------------------------------------


def test_who_was_too_slow_gets_more_time_alone(make_course):
    course = make_course(SOURCE, ann=RIGHT, bob=RIGHT)
    (source,) = course.assignment("ps1").notebooks
    asked = []

    def grade(jobs, settings, workers):
        for job in jobs:
            asked.append((job.student, settings.rules.cell_cpu, workers))
            slow = job.student == "bob"
            yield replace(
                not_graded(job, source, "missing", ""),
                events=(Event("time-out", "too long", "double"),) if slow else (),
            )

    jobs = [Job(student, "ps1", "ps1") for student in ("ann", "bob")]
    settings = Settings(source, None, Rules(cell_cpu=marking.LEAST_CPU))
    assert len(list(marking.grade_patiently(jobs, settings, 2, grade))) == 2
    assert asked == [("ann", 2.0, 2), ("bob", 2.0, 2), ("bob", 5.0, 1)]


def test_a_summary_stays_small_and_tells_programs_all(make_course, at_once):
    course = make_course(SOURCE, ann=RIGHT, bob=WRONG, eve=b"{,}")
    summary = grade_course(course, "ps1")
    assert not any(graded.notebook for graded in summary.graded)
    (assignment,) = json.loads(as_json([summary]))["assignments"]
    assert [(s["student"], s["score"]) for s in assignment["graded"]] == [
        ("ann", 2), ("bob", 0), ("eve", None)
    ]  # fmt: skip
    assert assignment["graded"][2]["exercises"] == {"double": None}
    assert assignment["graded"][2]["events"][0]["kind"] == "unreadable"


def test_messages_of_a_class_are_not_kept(make_course, bench):
    course = make_course(SOURCE, ann=WRONG, bob=WRONG, eve=WRONG)
    seen, alive = [], []

    def grade(jobs, settings, workers):
        for job in jobs:
            graded = grade_job(bench, job)
            seen.append(weakref.ref(graded.tests[0]))
            yield graded
            del graded
            alive.append(sum(test() is not None for test in seen))

    grade_course(course, "ps1", cluster=grade)
    assert alive == [1, 1, 1]  # the one just recorded
