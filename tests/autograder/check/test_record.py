"""What a notebook remembers of its tests, and how it shows it."""

import sys

import numpy as np
import pytest

import nnlib as nn
from autograder import check
from autograder.check.failure import CheckFailure
from autograder.check.record import Record
from autograder.rerun import PASSED, run

RIGHT = "def cost(losses):\n    return losses.mean()"
WRONG = "def cost(losses):\n    return losses.sum()"
STUB = "def cost(losses):\n    raise NotImplementedError()"
TEST = '''"""cost: the mean"""
with exercise("cost"):
    check.number("cost of two", cost(np.array([[1.0, 3.0]])), 2.0)
'''
OTHER = (
    TEST.replace("the mean", "of ones")
    .replace("[[1.0, 3.0]]", "[[1.0, 1.0]]")
    .replace("2.0)", "1.0)")
)


@pytest.fixture
def cells():
    """Run cells as a notebook does, one after the other; what the record then says of `cost`."""
    exercise = check.lecture(nn, "sigmoid", "cost")
    names = {"__name__": "__main__", "np": np, "check": check, "exercise": exercise}

    def play(*sources):
        for number, source in enumerate(sources):
            run(source, f"<cell {number} {hash(source)}>", names)
        return check.progress().state("cost")

    with check.session.using(check.session.LocalSession(names)):
        yield play


@pytest.mark.parametrize(
    ("sources", "state"),
    [
        ([], ("no test run yet", "")),
        ([STUB, TEST, OTHER], ("not started", "")),
        ([RIGHT, TEST], ("passed", "the mean")),
        ([RIGHT, TEST, OTHER], ("passed", "the mean, of ones")),
        ([WRONG, TEST, RIGHT, TEST], ("passed", "the mean")),
        ([RIGHT, TEST, STUB, OTHER], ("not started", "")),
    ],
)
def test_the_last_run_of_each_test_counts(cells, sources, state):
    assert cells(*sources) == state


def test_a_failure_is_told_in_its_own_words(cells):
    state, said = cells(WRONG, OTHER, TEST)
    assert state == "not yet"
    assert said.startswith("cost of two: expected 1.0, got 2")


def test_a_record_starts_anew_with_the_set_up(cells):
    cells(RIGHT, TEST)
    check.lecture(nn, "cost")
    assert check.progress().state("cost") == ("no test run yet", "")


def test_before_the_set_up_it_says_what_to_run(monkeypatch):
    monkeypatch.setattr(sys.modules["autograder.check.lecture"], "current", None)
    with pytest.raises(RuntimeError, match="first code cell"):
        check.progress()


def test_the_table_for_jupyter_shows_text_as_text():
    record = Record(["cost"])
    record.note("cost", "values", CheckFailure("cost", "expected <b>1</b>"))
    shown = record._repr_html_()
    assert "cost: expected &lt;b&gt;1&lt;/b&gt;" in shown
    assert '<th scope="row"' in shown


def test_a_test_outside_any_cell_is_recorded_too(notebook):
    notebook.cell(RIGHT)
    with notebook.exercise("cost"):
        check.number("cost", notebook["cost"](np.ones((1, 2))), 1.0)
    assert notebook.exercise.record.state("cost")[0] == PASSED
