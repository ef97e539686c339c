"""`autograder check`: every visible test is run and told, whatever a student's code does."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4
from rich.console import Console
from small_course import added, answer, as_bytes, cell, graded, locked, notebook, released

from autograder import progress, progress_table, rerun
from autograder.cli import main
from autograder.errors import CourseError

ROOT = Path(__file__).resolve().parents[2]
HINTS = (
    "<details><summary>Hint 1</summary>\n\nSmall.\n\n</details>\n"
    "<details><summary>Hint 2</summary>\n\nNearly `there`.\n\n</details>"
)


def doubled(name, number=1, points=2):
    grade_id = f"test_{name}" if number == 1 else f"test_{name}_{number}"
    source = f'"""{name}: of {number}"""\nassert {name}({number}) == {2 * number}, "twice {number}"'
    return graded(grade_id, source, points)


SOURCE = notebook(
    locked("import math", "setup"),
    v4.new_markdown_cell("## 1. Doubling\n\n### Exercise 1 · `double` (5 points)"),
    answer("double", "def double(x):\n    return 2 * x"),
    v4.new_markdown_cell(HINTS),
    doubled("double"),
    doubled("double", 2, points=3),
    v4.new_markdown_cell("### Exercise 2 · `twice` (2 points)"),
    answer("twice", "def twice(x):\n    return x + x"),
    doubled("twice"),
)
DOUBLE = "def double(x):\n    return 2 * x"
TWICE = "def twice(x):\n    return x + x"


@pytest.fixture
def save(tmp_path):
    """Write a notebook to `work.ipynb`; the path."""

    def write(made) -> Path:
        path = tmp_path / "work.ipynb"
        path.write_bytes(made if isinstance(made, bytes) else as_bytes(made))
        return path

    return write


@pytest.fixture
def outcome(save):
    """`outcome(double=…, twice=…)`: the progress by exercise."""

    def run(*more, **answers):
        made = released(SOURCE, **answers)
        made.cells[2:2] = more
        return {p.exercise: p for p in progress.check(progress.read(save(made)))}

    return run


def test_a_blank_notebook_is_not_started(outcome):
    found = outcome()
    assert [one.state for one in found.values()] == ["not started", "not started"]
    assert sum(one.passed for one in found.values()) == 0


def test_right_answers_are_done_with_all_points(outcome):
    found = outcome(double=DOUBLE, twice=TWICE)
    assert [(one.state, one.passed, one.points) for one in found.values()] == [
        ("done", 5, 5),
        ("done", 2, 2),
    ]


def test_one_test_of_two_is_not_done_and_says_why(outcome):
    found = outcome(double="def double(x):\n    return 2")["double"]
    assert (found.state, found.passed) == ("wrong", 2)
    assert (found.failed.title, found.failed.message) == ("of 2", "twice 2")


def test_one_mistake_does_not_stop_the_others(outcome):
    found = outcome(double="def double(x):\n    return 1 / 0", twice=TWICE)
    assert found["twice"].state == "done"
    assert "ZeroDivisionError" in found["double"].failed.message


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def double(x):\n    return (2 * x", "SyntaxError in line 2"),
        ("def double(x):\n    import os\n    os._exit(3)", "Python itself ended"),
        ("def double(x):\n    exit()", "it ends Python"),
        ("def double(x):\n    return input()", "EOFError"),
        ("1 / 0\ndef double(x):\n    return 2 * x", "ZeroDivisionError in line 1"),
    ],
)
def test_an_answer_that_breaks_says_what_happened(outcome, source, says):
    found = outcome(double=source, twice=TWICE)
    assert says in found["double"].failed.message
    assert {test.outcome for test in found["double"].tests} == {rerun.FAILED}
    assert found["twice"].state == "done"


def test_an_endless_loop_is_stopped(outcome, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.5)
    found = outcome(double="def double(x):\n    while True:\n        pass", twice=TWICE)
    assert "a loop that never ends" in found["double"].failed.message
    assert found["twice"].state == "done"


def test_an_endless_loop_outside_a_function_is_stopped(outcome, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.5)
    found = outcome(double="while True:\n    pass", twice=TWICE)
    assert "a loop that never ends" in found["double"].failed.message
    assert found["twice"].state == "done"


def test_what_nothing_needs_is_not_run(outcome):
    figure = cell("1 / 0", "drawing", tags=("figure",), locked=True)
    shown = cell("double(0)\n1 / 0", tags=("uses-your-code",))
    assert outcome(figure, shown, added("import time\ntime.sleep(60)"), double=DOUBLE)


def test_a_helper_in_a_cell_of_ones_own_is_found(outcome):
    helper = added("%matplotlib inline\n!pip list\ndef times(a, b):\n    return a * b")
    found = outcome(helper, double="def double(x):\n    return times(2, x)")
    assert found["double"].state == "done"


def test_a_set_up_that_does_not_run_is_told_in_one_line(save):
    made = notebook(locked("import no_such_module", "setup"), doubled("double"))
    with pytest.raises(CourseError, match="`setup` of work.ipynb: .*no_such_module"):
        progress.check(progress.read(save(made)))


def test_a_library_check_is_told_in_its_own_words(save):
    made = notebook(
        locked("from autograder import check", "setup"),
        answer("mean", "def mean(x):\n    return sum(x)"),
        graded("test_mean", 'check.number("mean of 1 and 3", mean([1, 3]), 2)'),
    )
    (found,) = progress.check(progress.read(save(made)))
    assert found.failed.message.startswith("mean of 1 and 3: expected 2.0, got 4")


# --- choosing and reading -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is no notebook: Expecting value at line 1, column 1"),
        (b'{"cells": [', "is no notebook: Expecting value at line 1, column 12"),
        (b"\xff\xfe\x00", "is no notebook: it is not JSON text"),
        (b"[]", "is no notebook: it has no list of cells"),
        (b'{"cells": [3]}', "is no notebook: it has no list of cells"),
        (b'{"cells": []}', "has no test cells"),
        (b'{"cells": [{"metadata": [], "source": [1]}]}', "has no test cells"),
    ],
)
def test_a_bad_file_gets_one_line(save, capsys, data, says):
    assert main(["check", str(save(data))]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert says in line


def test_the_notebook_saved_last_is_meant(tmp_path):
    for age, name in enumerate(["new.ipynb", "lectures/02_two/02_two.ipynb", "old.ipynb"]):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    assert progress.find(None, tmp_path) == tmp_path / "new.ipynb"
    assert progress.find("02", tmp_path) == tmp_path / "lectures/02_two/02_two.ipynb"
    with pytest.raises(progress.NotANotebook, match="03 is not there"):
        progress.find("03", tmp_path)


def test_without_a_notebook_it_asks_for_one(tmp_path):
    with pytest.raises(progress.NotANotebook, match=r"autograder check FILE\.ipynb"):
        progress.find(None, tmp_path)


# --- what is shown ------------------------------------------------------------------------------


def test_exit_codes_tell_whether_something_is_left(save, capsys):
    assert main(["check", str(save(released(SOURCE, double=DOUBLE, twice=TWICE)))]) == 0
    assert "2 of 2 exercises done" in capsys.readouterr().out
    assert main(["check", str(save(released(SOURCE, double=DOUBLE)))]) == 1
    assert "Next: Exercise 2 · twice (2 points)." in capsys.readouterr().out


def test_the_table_fits_a_narrow_terminal(save):
    read = progress.read(save(released(SOURCE, double="def double(x):\n    return 2")))
    out = io.StringIO()
    found = progress.check(read)
    Console(file=out, width=44).print(progress_table.shown(read, found))
    assert max(map(len, out.getvalue().splitlines())) <= 44
    assert "✗ not yet" in out.getvalue()
    assert "double · of 2\n  twice 2" in out.getvalue()


def test_a_mistake_comes_before_what_is_not_started(save):
    read = progress.read(save(released(SOURCE, twice="def twice(x):\n    return x")))
    following = progress_table.next_one(progress.check(read))
    assert following.exercise == "twice"


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("double", "hint 1 of 2\n\nSmall.\n\nThe next one: --hint double=2"),
        ("double=2", "hint 2 of 2\n\nNearly `there`.\n"),
    ],
)
def test_hints_come_in_steps(save, capsys, wanted, says):
    path = save(released(SOURCE))
    assert main(["check", str(path), "--hint", wanted]) == 0
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("treble", "no exercise 'treble' in work.ipynb (there: double, twice)"),
        ("twice", "no hints for twice"),
        ("double=3", "hints 1 to 2"),
        ("double=x", "hints 1 to 2"),
    ],
)
def test_a_hint_that_is_not_there(save, capsys, wanted, says):
    assert main(["check", str(save(released(SOURCE))), "--hint", wanted]) == 2
    assert says in capsys.readouterr().err


def test_it_needs_no_nbgrader_and_no_nbformat():
    """A student's machine has numpy, rich and traitlets, and perhaps no more."""
    program = (
        "import sys\n"
        "for name in ('nbgrader', 'nbformat', 'IPython', 'jinja2', 'sqlalchemy', 'pyseccomp'):\n"
        "    sys.modules[name] = None\n"
        "from autograder.cli import main\n"
        "sys.exit(main(['check', 'lectures/02_logistic_regression/02_logistic_regression.ipynb']))"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1, run.stderr
    assert "0 of 8 exercises done" in run.stdout


@pytest.mark.parametrize(
    "path", sorted((ROOT / "lectures").glob("*/*.ipynb")), ids=lambda p: p.stem
)
def test_every_exercise_of_a_lecture_has_a_heading_and_leaks_no_hint(path):
    read = progress.read(path)
    for exercise in read.exercises:
        assert exercise in progress.section(read, exercise)
        assert all(len(hint) > 20 for hint in progress.hints(read, exercise))


def test_the_answers_of_a_lecture_are_done():
    read = progress.read(next(ROOT.glob("solutions/01_*/*.ipynb")))
    assert {one.state for one in progress.check(read)} == {"done"}
