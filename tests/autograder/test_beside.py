"""What lies beside a submitted notebook changes no verdict, and what has an odd name no run."""

import os
import sys

import pytest
from small_course import answer, graded, hand_in, notebook, read_source, released

from autograder import marking
from autograder.grade import Bench
from autograder.marking import grade_course
from autograder.pool import grade_job

SOURCE = notebook(
    answer("double", "def double(x):\n    import random, numpy\n    return numpy.add(x, x)"),
    graded("test_double", "assert double(2) == 4", 2),
)
RIGHT = released(SOURCE, double="def double(x):\n    import random, numpy\n    return 2 * x")
WRONG = released(SOURCE, double="def double(x):\n    import random, numpy\n    return x")
PATCH = "import builtins\nraise SystemExit(0)\ndef add(*x): return 4\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(read_source(tmp_path_factory.mktemp("bench"), SOURCE))
    yield bench
    bench.close()


@pytest.fixture
def scores(bench, make_course, monkeypatch):
    """`scores(course)`: grade in this process; each student's score and what was said."""

    def grade_all(jobs, settings, workers):
        yield from (grade_job(bench, job) for job in jobs)

    monkeypatch.setattr(marking, "grade_all", grade_all)

    def run(course):
        found = grade_course(course, "ps1").graded
        return {g.student: (g.tests[0].score, [e.detail for e in g.events]) for g in found}

    return run


NAMES = [
    "numpy.py", "numpy/__init__.py", "random.py", "sitecustomize.py", "usercustomize.py",
    "nnlib.py", "autograder.py", "autograder/check.py", "IPython.py", "conftest.py",
    "ipython_config.py", ".ipython/profile_default/startup/00.py", "startup/00.py",
    "nbgrader_config.py", "jupyter_config.py", "matplotlibrc", ".course_secret",
    "notes.ipynb", "__pycache__/numpy.pyc", "x.pth",
]  # fmt: skip


def test_files_beside_the_notebook_change_nothing(make_course, scores, tmp_path):
    course = make_course(SOURCE, ann=RIGHT, bob=WRONG)
    for student in ("ann", "bob"):
        for name in NAMES:
            path = tmp_path / "submitted" / student / "ps1" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(PATCH)
    assert scores(course) == {"ann": (2, []), "bob": (0, [])}


def test_a_copy_beside_the_notebook_is_not_read_and_said(make_course, scores, tmp_path):
    course = make_course(SOURCE, ann=WRONG)
    path = tmp_path / "submitted" / "ann" / "ps1" / "ps1.ipynb"
    hand_in(tmp_path, "ann", RIGHT).rename(path.with_name("ps1 (1).ipynb"))
    hand_in(tmp_path, "ann", WRONG)
    assert scores(course) == {"ann": (0, ["ps1.ipynb was graded, not ps1 (1).ipynb beside it"])}


def test_a_renamed_notebook_is_graded_and_said(make_course, scores, tmp_path):
    course = make_course(SOURCE)
    path = hand_in(tmp_path, "ann", RIGHT)
    path.rename(path.with_name("Copy of ps1.ipynb"))
    assert scores(course) == {"ann": (2, ["Copy of ps1.ipynb was taken for ps1.ipynb"])}


def test_broken_json_is_not_graded_with_its_place_and_the_others_are(make_course, scores):
    course = make_course(SOURCE, ann=RIGHT, bob=b'{"nbformat": 4,\n "cells": [}')
    result = scores(course)
    assert result["ann"] == (2, [])
    score, (said,) = result["bob"]
    assert score is None
    assert "line 2, column 12" in said


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 exist on Linux only")
def test_names_that_are_no_utf8_stop_nothing(make_course, scores, tmp_path):
    course = make_course(SOURCE, ann=RIGHT)
    hand_in(tmp_path, os.fsdecode(b"z\xe9"), RIGHT)
    (tmp_path / "submitted" / "ann" / "ps1" / os.fsdecode(b"\xff.txt")).write_text("x")
    (tmp_path / "submitted" / "ann" / "ps1" / os.fsdecode(b"ps1 \xe9.ipynb")).write_text("x")
    assert scores(course) == {"ann": (2, ["ps1.ipynb was graded, not ps1 ?.ipynb beside it"])}
    assert course.unnameable("ps1") == ["z\\xe9"]
