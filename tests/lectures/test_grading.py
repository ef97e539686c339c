"""The reference has all points, a blank release none, every variant what it should have."""

import json

import pytest

from autograder.audit import Candidate, Workshop, audit, judge
from autograder.grade import Bench
from autograder.results import Status
from autograder.sandbox.rules import Rules
from autograder.variants import load
from lectures import COURSE, each_lecture


@pytest.fixture(scope="class")
def bench(notebook):
    bench = Bench(notebook, rules=Rules(cell_cpu=2.0, reveal=True))
    yield bench
    bench.close()


def full_marks(lecture):
    """A hundred, but for the first notebook, whose one point is for trying the tools."""
    return 1 if lecture == "00_start_here" else 100


def as_notebook(cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def findings(bench, notebook, lecture, only_own):
    """Every variant of a lecture, graded: by the tests of its exercise only, or by all."""
    workshop = Workshop(notebook)
    for variant in load(COURSE.source / lecture / "variants.py"):
        candidate = Candidate.of(variant)
        only = workshop.tests[variant.exercise] if only_own else None
        data = workshop.job("student", notebook.name, candidate).read()
        yield judge(candidate, bench.grade("student", notebook.name, data, only))


def faults(found):
    return [(f.candidate.exercise, f.candidate.description, f.fault) for f in found if f.fault]


@each_lecture
class Grading:
    """How a lecture is graded."""

    def test_the_points_of_a_lecture_are_a_hundred(self, notebook, lecture):
        assert sum(cell.points for cell in notebook.graded) == full_marks(lecture)

    def test_the_reference_has_all_points(self, bench, notebook, lecture):
        graded = bench.grade("reference", notebook.name, as_notebook(notebook.answers))
        assert [(test.grade_id, test.message) for test in graded.tests if not test.score] == []
        assert graded.score == full_marks(lecture)

    def test_a_blank_release_scores_exactly_nothing(self, bench, notebook, lecture):
        released = COURSE.release / lecture / f"{lecture}.ipynb"
        graded = bench.grade("blank", notebook.name, released.read_bytes())
        assert {test.score for test in graded.tests} == {0.0}
        assert {test.status for test in graded.tests} == {Status.NOT_STARTED}

    def test_every_variant_scores_as_it_is_registered_to(self, bench, notebook, lecture):
        assert faults(findings(bench, notebook, lecture, only_own=True)) == []

    @pytest.mark.slow
    def test_every_program_of_the_audit_is_judged_as_it_should(self, lecture):
        found = audit(COURSE, lecture, workers=1)
        assert faults(found.survivors) == []
        assert found.faults == []

    @pytest.mark.slow
    def test_no_variant_costs_a_point_in_another_exercise(self, bench, notebook, lecture):
        assert faults(findings(bench, notebook, lecture, only_own=False)) == []

    @pytest.mark.parametrize("parity", [0, 1])
    def test_broken_exercises_cost_nothing_in_the_others(self, bench, notebook, lecture, parity):
        """Every second exercise is one of its wrong variants; the others have all their points."""
        exercises = list(dict.fromkeys(cell.exercise for cell in notebook.tests))
        broken = set(exercises[parity::2])
        wrong = {
            v.exercise: v.source for v in load(COURSE.source / lecture / "variants.py") if v.says
        }
        cells = []
        for cell in notebook.answers:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cells.append({**cell, "source": wrong[name]} if name in broken else cell)
        graded = bench.grade("student", notebook.name, as_notebook(cells))
        lost = [test for test in graded.tests if test.score != test.points]
        assert {test.exercise for test in lost} == broken

    def test_every_exercise_has_enough_variants(self, notebook, lecture):
        """At least four wrong and two right ones, as the contract for a lecture says."""
        kinds = [(v.exercise, v.kind) for v in load(COURSE.source / lecture / "variants.py")]
        exercises = {cell.exercise for cell in notebook.tests}
        few = [
            e for e in exercises if kinds.count((e, "wrong")) < 4 or kinds.count((e, "right")) < 2
        ]
        assert few == []
