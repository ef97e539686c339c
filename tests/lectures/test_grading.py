"""The reference has all points, a blank release none, every variant what it should have."""

import json

import pytest
from conftest import COURSE

from autograder.audit import Candidate, Workshop, judge
from autograder.grade import Bench
from autograder.results import Status
from autograder.sandbox.rules import Rules
from autograder.variants import load


@pytest.fixture(scope="module")
def bench(notebook):
    bench = Bench(notebook, rules=Rules(cell_cpu=2.0, reveal=True))
    yield bench
    bench.close()


def as_notebook(cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def test_the_points_of_a_lecture_are_a_hundred(notebook):
    assert sum(cell.points for cell in notebook.graded) == 100


def test_the_reference_has_all_points(bench, notebook):
    graded = bench.grade("reference", notebook.name, as_notebook(notebook.answers))
    assert [(test.grade_id, test.message) for test in graded.tests if not test.score] == []
    assert graded.score == 100


def test_a_blank_release_scores_exactly_nothing(bench, notebook, lecture):
    released = COURSE.release / lecture / f"{lecture}.ipynb"
    graded = bench.grade("blank", notebook.name, released.read_bytes())
    assert {test.score for test in graded.tests} == {0.0}
    assert {test.status for test in graded.tests} == {Status.NOT_STARTED}


def test_every_variant_scores_as_it_is_registered_to(bench, notebook, lecture):
    """Also: a mistake in one exercise costs nothing in another."""
    workshop = Workshop(notebook)
    findings = []
    for variant in load(COURSE.source / lecture / "variants.py"):
        candidate = Candidate.of(variant)
        job = workshop.job("student", notebook.name, candidate)
        graded = bench.grade("student", notebook.name, job.read())
        findings.append(judge(candidate, graded))
    faults = [(f.candidate.exercise, f.candidate.description, f.fault) for f in findings if f.fault]
    assert faults == []


def test_every_exercise_has_enough_variants(notebook, lecture):
    """At least four wrong and two right ones, as the contract for a lecture says."""
    kinds = [(v.exercise, v.kind) for v in load(COURSE.source / lecture / "variants.py")]
    exercises = {cell.exercise for cell in notebook.tests}
    few = [e for e in exercises if kinds.count((e, "wrong")) < 4 or kinds.count((e, "right")) < 2]
    assert few == []
