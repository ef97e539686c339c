"""What must not matter to a grade: the order of cells, the course secret, old outputs."""

import json
import random

import pytest

from autograder.grade import Bench
from autograder.variants import load
from lectures import COURSE, each_lecture

SECRETS = ["another secret", pytest.param("and a third one", marks=pytest.mark.slow)]


@pytest.fixture(scope="class")
def mixed(notebook, lecture):
    """A submission that is right in one exercise and wrong in the next: lists of cells."""
    variants = load(COURSE.source / lecture / "variants.py")
    chosen = {}
    for number, exercise in enumerate(dict.fromkeys(v.exercise for v in variants)):
        kind = ("right", "wrong")[number % 2]
        own = [v for v in variants if v.exercise == exercise and v.kind == kind]
        chosen[exercise] = own[number % len(own)].source
    return [
        {**cell, "source": chosen.get(cell["metadata"].get("nbgrader", {}).get("grade_id"), source)}
        for cell, source in ((cell, cell["source"]) for cell in notebook.answers)
    ]


def scores(bench, cells):
    data = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    graded = bench.grade("student", "lecture", data.encode())
    return {test.grade_id: test.score for test in graded.tests}


@pytest.fixture(scope="class")
def bench(notebook):
    bench = Bench(notebook)
    yield bench
    bench.close()


@pytest.fixture(scope="class")
def usual(bench, mixed):
    return scores(bench, mixed)


@each_lecture
class Invariants:
    """What must not matter to a grade of a lecture."""

    def test_the_mixed_submission_is_neither_perfect_nor_empty(self, usual):
        assert 0 < sum(usual.values()) < 100

    @pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
    def test_the_order_of_cells_does_not_matter(self, bench, mixed, usual, seed):
        """Solution and locked cells run in the source's order, whatever a student did to it."""
        shuffled = random.Random(seed).sample(mixed, len(mixed))
        assert scores(bench, shuffled) == usual

    @pytest.mark.slow
    def test_old_outputs_do_not_matter(self, bench, mixed, usual):
        output = {"output_type": "stream", "name": "stderr", "text": "Traceback: an old error"}
        run = [
            {**cell, "outputs": [output], "execution_count": 3}
            if cell["cell_type"] == "code"
            else cell
            for cell in mixed
        ]
        assert scores(bench, run) == usual

    @pytest.mark.parametrize("secret", SECRETS)
    def test_the_course_secret_does_not_matter(self, notebook, mixed, usual, secret):
        bench = Bench(notebook, secret=secret)
        try:
            assert scores(bench, mixed) == usual
        finally:
            bench.close()

    @pytest.mark.slow
    def test_whether_demonstrations_run_does_not_matter(self, bench, notebook, mixed, usual):
        """A changed one runs, an untouched one only where something needs its names."""
        shown = {cell.id for cell in notebook.cells if "demonstration" in cell.tags}
        touched = [
            {**cell, "source": cell["source"] + "\n# tried"} if cell["id"] in shown else cell
            for cell in mixed
        ]
        assert shown
        assert scores(bench, touched) == usual
