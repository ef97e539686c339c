"""Grading a class: who handed in what, what is done again, and what stays on disk."""

import json
import os

import pytest
from nbgrader.api import Gradebook
from small_course import added, answer, as_bytes, graded, hand_in, notebook, released

from autograder import marking
from autograder.errors import NoAssignment, NoStudent
from autograder.grade import Bench
from autograder.marking import grade_course
from autograder.pool import grade_job

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
