"""On honest work every row of the gradebook is what `nbgrader autograde` gives, except where nbgrader
is wrong: a warning on stderr costs it points, and a tag that skips a test earns them."""

import contextlib
import io
import logging
import warnings

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from small_course import added, answer, cell, graded, hand_in, locked, notebook, released

from autograder.course import Course
from autograder.gradebook import Book
from autograder.marking import grade_course

SOURCE = notebook(
    cell("import numpy as np\nfrom math import *"),
    locked("BASE = 10\n\ndef shifted(x):\n    return x + BASE", "helpers"),
    answer("mean", "def mean(values):\n    return sum(values) / len(values)"),
    graded("test_mean", "expected = 2.0\nassert mean([1, 2, 3]) == expected", 2, "assert mean([5]) == 5"),
    graded("test_mean_2", "import pytest\nwith pytest.raises(ZeroDivisionError):\n    mean([])", 1),
    answer("centred", "def centred(x):\n    return x - mean(x)"),
    graded(
        "test_centred",
        "values = np.array([1.0, 2.0, 6.0])\nassert np.allclose(centred(values), [-2, -1, 3])\n"
        "assert values.sum() == expected + 7\nassert sqrt(4) == 2",
        3,
        "assert abs(centred(np.arange(5.0)).sum()) < 1e-12",
    ),
    locked("scaled = shifted(mean([1, 3]))", "uses-mean"),
    graded("test_scaled", "assert scaled == 12", 1),
    answer("Counter", "class Counter:\n    n = 0\n    def add(self, k=1):\n        self.n += k"),
    graded("test_Counter", "c = Counter()\nc.add()\nc.add(k=2)\nassert c.n == 3", 2),
    graded("test_partly", "min(2.0, mean([1, 2]))", 2),
    answer("total", "def total(rows):\n    return {k: sum(v) for k, v in rows.items()}"),
    graded("test_total", 'rows = {1: [1, 2], "b": (3,)}\nassert total(rows) == {1: 3, "b": 3}', 2),
    cell("BASE + 1", "essay", grade=True, solution=True, points=4),
)  # fmt: skip

RIGHT = {
    "mean": "def mean(values):\n    return sum(values) / len(values)",
    "centred": "def centred(x):\n    return x - np.mean(x)",
    "Counter": "class Counter:\n    n = 0\n    def add(self, k=1):\n        self.n = self.n + k",
    "total": "def total(rows):\n    return {k: sum(v) for k, v in rows.items()}",
    "essay": "'Because.'",
}


def partial():
    """Some right, some wrong, an exception, helpers of the student's own before, between and after."""
    made = released(
        SOURCE,
        **RIGHT | {
            "mean": "def mean(values):\n    return half(sum(values)) * 2 / len(values)",
            "centred": "def centred(x):\n    x -= mean(x)\n    return half(x) * 2",
            "Counter": "class Counter:\n    def add(self, k=1):\n        self.n = k",
            "total": "def total(rows):\n    return {k: rows[0] for k in rows}",
        },
    )  # fmt: skip
    made.cells.insert(2, added("def half(x):\n    return x / 2", 1))
    made.cells.insert(6, added("def half(x):\n    return x / 3\n\nmean([1])", 2))
    made.cells.insert(8, added("def half(x):\n    return x / 2", 3))
    made.cells.append(added("values = expected = 0\nmean = None\nundefined", 4))
    return made


def blank():
    return released(SOURCE)


def perfect():
    """Right work that prints, displays, and warns in its own cells."""
    made = released(
        SOURCE,
        **RIGHT | {"mean": "def mean(values):\n    print(values)\n    return sum(values) / len(values)"},
    )  # fmt: skip
    made.cells.insert(3, added("import warnings\nwarnings.warn('careful')\nvalues = 5\n%time 1", 1))
    made.cells.insert(7, added("%matplotlib inline\nvalues = 1\nnp.zeros(3)", 2))
    return made


def broken_in_places():
    """A syntax error, a stub left, a wrong name, a result that is off by a little."""
    return released(
        SOURCE,
        **RIGHT | {
            "mean": "def mean(values):\n    return sum(values) / len(values) + 1e-9",
            "centred": "def centred(x)\n    return x",
            "Counter": "class Count:\n    pass",
        },
    )  # fmt: skip


def misjudged():
    """`mean` is right and warns; `centred` is wrong, and its test asks to be skipped."""
    noisy = "def mean(values):\n    np.float64(1) / 0\n    return sum(values) / len(values)"
    made = released(SOURCE, mean=noisy, centred="def centred(x):\n    return 0")
    for node in made.cells:
        if node.metadata.get("nbgrader", {}).get("grade_id") == "test_centred":
            node.metadata["tags"] = ["skip-execution"]
    return made


HONEST = {f.__name__: f() for f in (perfect, partial, blank, broken_in_places)}
WRONG = {"misjudged": misjudged()}


def rows(url: str, student: str) -> dict[str, tuple]:
    """What a gradebook says of a student's cells."""
    with Gradebook(url) as book:
        found = book.find_submission("ps1", student).notebooks[0].grades
        return {
            g.name: (g.auto_score, g.manual_score, g.score, g.max_score, g.needs_manual_grade)
            for g in found
        }


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> tuple[str, str]:
    """The same course graded twice: the addresses of nbgrader's gradebook and of ours."""
    urls = []
    for name in ("theirs", "ours"):
        root = tmp_path_factory.mktemp(name)
        directory = root / "source" / "ps1"
        directory.mkdir(parents=True)
        nbformat.write(SOURCE, directory / "ps1.ipynb")
        for student, submission in (HONEST | WRONG).items():
            hand_in(root, student, submission)
        course = Course.open(root)
        urls.append(course.db_url)
        (by_nbgrader if name == "theirs" else by_us)(course)
    return urls[0], urls[1]


def by_nbgrader(course: Course) -> None:
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        api = NbGraderAPI(config=course.config)
        api.coursedir.root = str(course.root)
        api.log.setLevel(logging.CRITICAL)
        Book(course.db_url, course.course_id).gradebook.close()  # nbgrader finds it made
        outcome = api.generate_assignment("ps1")
        assert outcome["success"], outcome
        for student in HONEST | WRONG:
            outcome = api.autograde("ps1", student)
            assert outcome["success"], outcome["log"]


def by_us(course: Course) -> None:
    grade_course(course, "ps1", workers=1)


@pytest.mark.parametrize("student", HONEST)
def test_rows_are_equal(student, both):
    theirs, ours = both
    assert rows(ours, student) == rows(theirs, student)


def test_partial_work_is_worth_something_and_not_everything(both):
    scores = [row[2] for row in rows(both[1], "partial").values()]
    assert 0 < sum(scores) < sum(row[3] for row in rows(both[1], "partial").values())


def test_a_warning_costs_nothing_here(both):
    theirs, ours = both
    assert rows(theirs, "misjudged")["test_mean"][0] == 0
    assert rows(ours, "misjudged")["test_mean"][0] == 2


def test_a_skipped_test_earns_nothing_here(both):
    theirs, ours = both
    assert rows(theirs, "misjudged")["test_centred"][0] == 3
    assert rows(ours, "misjudged")["test_centred"][0] == 0
