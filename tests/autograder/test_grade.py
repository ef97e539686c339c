"""The grading unit: what a verdict is worth, what a name in a test means, what may leave."""

import base64
import json
import os
import signal

import pytest
from small_course import (
    added,
    answer,
    as_bytes,
    cell,
    graded,
    locked,
    notebook,
    read_source,
    released,
)

from autograder.errors import BrokenNotebook
from autograder.grade import Bench, verdict
from autograder.graded import clean_output, clean_text
from autograder.results import Status
from autograder.sandbox.rules import Outcome, Rules

SOURCE = notebook(
    cell("from math import *\nimport numpy as np"),
    locked("start = 1", "start"),
    answer("square", "import numpy as xp\n\ndef square(x):\n    return xp.multiply(x, x)"),
    graded(
        "test_square",
        "def near(a, b):\n    return xp.allclose(a, b)\nassert near(square(3), 9)",
        2,
        "assert near(square(-4711), 4711**2)",
    ),
    graded("test_square_2", "assert near(square(sqrt(4)), 4)", 1, "assert near(square(0), 0)"),
    cell("### BEGIN SOLUTION\nstart = 3\n### END SOLUTION", "again", solution=True),
    graded("test_start", "assert start == 3", 1),
    answer("Point", "class Point:\n    x = 1"),
    graded("test_Point", "assert isinstance(Point(), Point)", 4),
)  # fmt: skip
RIGHT = {
    "square": "def square(x):\n    return x * x",
    "again": "start = 3",
    "Point": "class Point:\n    x = 1",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return read_source(tmp_path_factory.mktemp("course"), SOURCE)


@pytest.fixture(scope="module")
def bench(source):
    rules = Rules(not_for_proxies=frozenset({"test_Point"}))
    bench = Bench(source, rules=rules)
    yield bench
    bench.close()


def grade(bench, *own: str, **answers: str):
    made = released(SOURCE, **RIGHT | answers)
    for number, text in enumerate(own):
        made.cells.insert(1, added(text, number))
    return bench.grade("ann", "ps1", as_bytes(made))


def scores(done) -> dict[str, float | None]:
    return {test.grade_id: test.score for test in done.tests}


def status(done) -> dict[str, str]:
    return {test.grade_id: str(test.status) for test in done.tests}


def test_right_answers(bench):
    assert scores(grade(bench)) == {
        "test_square": 2, "test_square_2": 1, "test_start": 1, "test_Point": None,
    }  # fmt: skip


def test_the_reference_shows_what_proxies_cannot_run(source):
    bench = Bench(source)
    try:
        found = {key: str(outcome.status) for key, outcome in bench.examine_reference().items()}
    finally:
        bench.close()
    assert found == {
        "test_square": "passed",
        "test_square_2": "passed",
        "test_start": "passed",
        "test_Point": "failed",
    }


def test_in_process_such_a_test_is_graded_and_marked(source):
    rules = Rules(not_for_proxies=frozenset({"test_Point"}), in_process=True)
    bench = Bench(source, rules=rules)
    try:
        (right,) = [t for t in grade(bench).tests if t.grade_id == "test_Point"]
        (wrong,) = [t for t in grade(bench, Point="").tests if t.grade_id == "test_Point"]
    finally:
        bench.close()
    assert (right.score, right.forgeable) == (4, True)
    assert (wrong.score, wrong.forgeable) == (0, True)


def test_a_name_that_only_an_answer_imports_is_the_sources(bench):
    done = grade(bench, square="class xp:\n    allclose = print\n\ndef square(x):\n    return 9")
    assert scores(done)["test_square"] == 0


def test_names_of_a_star_import_and_of_earlier_tests_are_the_sources(bench):
    liar = "sqrt = lambda x: 3\nnear = lambda a, b: True\nstart = 3"
    done = grade(bench, liar, square="def square(x):\n    return 9", again="start = 4")
    assert scores(done) | {"test_Point": None} == dict.fromkeys(scores(done), 0) | {
        "test_Point": None
    }


def test_a_hidden_mistake_is_told_without_its_input(bench):
    done = grade(bench, square="def square(x):\n    return x * x if x > -9 else 1 / (x + 4711)")
    (test,) = [t for t in done.tests if t.grade_id == "test_square"]
    assert (test.score, test.hidden) == (0, True)
    assert test.message == "your function stopped with ZeroDivisionError"
    assert "4711**2" not in done.notebook
    assert "-4711" not in done.notebook


def test_an_edited_notebook_of_somebody_elses_cells_names_no_hidden_test(bench):
    assert "HIDDEN" not in grade(bench).notebook


def test_a_stub_is_not_started(bench):
    done = grade(bench, square="def square(x):\n    raise NotImplementedError()")
    assert status(done)["test_square"] == "not started"
    assert scores(done)["test_square"] == 0


def test_a_missing_answer_and_test_are_not_released(bench):
    made = released(SOURCE, **RIGHT)
    made.cells = [node for node in made.cells if "square" not in node.id]
    done = bench.grade("ann", "ps1", as_bytes(made))
    assert scores(done) == {
        "test_square": None, "test_square_2": None, "test_start": 1, "test_Point": None,
    }  # fmt: skip
    assert status(done)["test_square"] == "not released"


def test_a_zygote_that_was_killed_is_replaced(bench):
    before = scores(grade(bench))
    os.kill(bench.zygote._process.pid, signal.SIGKILL)
    assert scores(grade(bench)) == before


def test_nothing_runs_on_after_a_grade(bench):
    grade(
        bench,
        "import threading\nthreading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start()",
    )
    (zygote,) = children(bench.zygote._process.pid) or [bench.zygote._process.pid]
    assert children(zygote) == []


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(text) for text in file.read().split()]


def test_a_notebook_that_used_up_its_time_is_stopped(source):
    bench = Bench(source, rules=Rules(cell_cpu=5.0, notebook_cpu=0.2))
    try:
        done = grade(bench, "x = sum(range(60_000_000))")
    finally:
        bench.close()
    assert set(status(done).values()) == {"timed out"}


def test_what_is_no_notebook_is_refused(bench):
    with pytest.raises(BrokenNotebook):
        bench.grade("ann", "ps1", b"{")


def test_the_graded_notebook_keeps_answers_and_released_tests(bench):
    cells = {c["id"]: c for c in json.loads(grade(bench).notebook)["cells"]}
    assert cells["square"]["source"] == RIGHT["square"]
    assert cells["test-square"]["source"].endswith("assert near(square(3), 9)")
    assert cells["test-square"]["metadata"]["autograder"]["score"] == 2
    assert cells["test-square"]["metadata"]["nbgrader"]["points"] == 2


# --- verdicts ----------------------------------------------------------------------------------

PASSED, FAILED = Outcome(status=Status.PASSED), Outcome(status=Status.FAILED, message="no")
ENDED = Outcome(status=Status.TIMED_OUT, trouble="time-out")


@pytest.mark.parametrize(
    ("opened", "sealed", "score", "hidden"),
    [
        (Outcome(), PASSED, 2, False),
        (PASSED, FAILED, 0, True),
        (FAILED, FAILED, 0, False),
        (Outcome(), FAILED, 0, True),
        (ENDED, ENDED, 0, False),
        (PASSED, Outcome(), None, False),
        (FAILED, Outcome(), None, False),
        (Outcome(), Outcome(), None, False),
    ],
)
def test_the_sealed_run_judges(source, opened, sealed, score, hidden):
    found = verdict(source.tests[0], opened, sealed, released=True)
    assert (found.score, found.hidden) == (score, hidden)


def test_what_failed_says_only_what_the_open_run_saw(source):
    sealed = Outcome(status=Status.FAILED, message="got 3.25", sealed="for another input")
    found = verdict(source.tests[0], FAILED, sealed, released=True)
    assert found.message == "no"
    found = verdict(source.tests[0], PASSED, sealed, released=True)
    assert found.message == "for another input"


@pytest.mark.parametrize(
    ("shown", "score"),
    [("0.5", 0.5), ("1.5", 1), ("-3", 0), ("nan", 0), ("'0.5'", 1), ("True", 1), ("inf", 1)],
)
def test_a_number_at_the_end_of_a_test_is_partial_credit(source, shown, score):
    output = {"output_type": "execute_result", "data": {"text/plain": shown}}
    outcome = Outcome([output], status=Status.PASSED)
    assert verdict(source.tests[2], Outcome(), outcome, released=True).score == score


# --- what may be kept of an output -------------------------------------------------------------

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(20)).decode()


@pytest.mark.parametrize("drawn", ["plt.plot([1, 2])", "plt.plot([1, 2])\nplt.show()"])
def test_a_figure_of_the_students_is_in_the_graded_notebook(bench, drawn):
    done = grade(bench, f"import matplotlib.pyplot as plt\n{drawn}", **RIGHT)
    kinds = [
        set(output.get("data", {}))
        for shown in json.loads(done.notebook)["cells"]
        for output in shown.get("outputs", ())
    ]
    assert sum("image/png" in kind for kind in kinds) == 1


def test_a_picture_is_kept():
    output = clean_output({"output_type": "display_data", "data": {"image/png": PNG}})
    assert output["data"] == {"image/png": PNG}


@pytest.mark.parametrize("markup", ['"><script>alert(1)</script>', "\n<b>", "' onload='x"])
def test_markup_within_a_picture_is_gone(markup):
    output = clean_output({"output_type": "display_data", "data": {"image/png": PNG + markup}})
    assert not set("<>\"' ") & set(output["data"].get("image/png", ""))


@pytest.mark.parametrize(
    "bundle",
    [
        {"text/html": "<b>x</b>"},
        {"image/svg+xml": "<svg/>"},
        {"application/javascript": "x"},
        {"image/png": "not a picture"},
        {"image/png": 7},
        [],
    ],
)
def test_nothing_but_text_and_pictures_is_kept(bundle):
    output = clean_output({"output_type": "display_data", "data": bundle})
    assert not (output or {}).get("data")


@pytest.mark.parametrize("output", [None, 7, [], {}, {"output_type": []}, {"output_type": "x"}])
def test_what_is_no_output_is_dropped(output):
    assert clean_output(output) is None


def test_terminal_codes_and_places_are_taken_out_of_text():
    assert clean_text("\x1b[31mred\x1b[0m\x07 \x1b]0;title\x07") == "red ]0;title"
    assert os.getcwd() not in clean_text(f"File {os.getcwd()}/x.py")
