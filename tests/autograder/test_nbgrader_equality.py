"""On honest work every row of the gradebook is what `nbgrader autograde` gives, except where
nbgrader is wrong: a warning on stderr costs it points, and a tag that skips a test earns them."""

import contextlib
import io
import logging
import shutil
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from small_course import (
    added,
    answer,
    cell,
    graded,
    hand_in,
    locked,
    notebook,
    released,
    write_source,
)

from autograder.course import Course
from autograder.marking import grade_course

SOURCE = notebook(
    cell("import numpy as np\nfrom math import *"),
    locked("BASE = 10\n\ndef shifted(x):\n    return x + BASE", "helpers"),
    answer("mean", "def mean(values):\n    return sum(values) / len(values)"),
    graded("test_mean", "expected = 2\nassert mean([1, 3]) == 2", 2, "assert mean([5]) == 5"),
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
    """Some right, some wrong, an exception, and helpers of the student's own that change."""
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


def perfect():
    """Right work that prints, displays, and warns in its own cells."""
    made = released(
        SOURCE,
        **RIGHT | {"mean": "def mean(values):\n    print(values)\n    return sum(values) / len(values)"},  # noqa: E501
    )  # fmt: skip
    made.cells.insert(3, added("import warnings\nwarnings.warn('careful')\nvalues = 5\n%time 1", 1))
    made.cells.insert(7, added("%matplotlib inline\nvalues = 1\nnp.zeros(3)", 2))
    return made


def unfinished():
    """Stubs left, a syntax error, a wrong name, a result that is off by a little."""
    return released(
        SOURCE,
        mean="def mean(values):\n    return sum(values) / len(values) + 1e-9",
        centred="def centred(x)\n    return x",
        Counter="class Count:\n    pass",
    )


def misjudged():
    """`mean` is right and warns; `centred` is wrong, and its test asks to be skipped."""
    noisy = "def mean(values):\n    np.float64(1) / 0\n    return sum(values) / len(values)"
    made = released(SOURCE, mean=noisy, centred="def centred(x):\n    return 0")
    for node in made.cells:
        if node.metadata.get("nbgrader", {}).get("grade_id") == "test_centred":
            node.metadata["tags"] = ["skip-execution"]
    return made


HONEST = {f.__name__: f() for f in (perfect, partial, unfinished)}
WRONG = {"misjudged": misjudged()}


def rows(url: str, student: str, assignment: str = "ps1") -> dict[str, tuple]:
    """What a gradebook says of a student's cells."""
    with Gradebook(url) as book:
        found = book.find_submission(assignment, student).notebooks[0].grades
        return {
            g.name: (g.auto_score, g.manual_score, g.score, g.max_score, g.needs_manual_grade)
            for g in found
        }


@pytest.fixture(scope="module")
def both(tmp_path_factory, new_gradebook) -> tuple[str, str]:
    """The same course graded twice: the addresses of nbgrader's gradebook and of ours."""
    urls = []
    for grader in (by_nbgrader, by_us):
        root = tmp_path_factory.mktemp("course")
        shutil.copy(new_gradebook, root)
        for student, submission in (HONEST | WRONG).items():
            hand_in(root, student, submission)
        course = write_source(root, SOURCE)
        grader(course, "ps1")
        urls.append(course.db_url)
    return urls[0], urls[1]


def by_nbgrader(course: Course, assignment: str) -> None:
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        api = NbGraderAPI(config=course.config)
        api.coursedir.root = str(course.root)
        api.log.setLevel(logging.CRITICAL)
        outcome = api.generate_assignment(assignment)
        assert outcome["success"], outcome
        for student in course.students(assignment):
            outcome = api.autograde(assignment, student)
            assert outcome["success"], outcome["log"]


def by_us(course: Course, assignment: str) -> None:
    grade_course(course, assignment, workers=1)


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


LECTURE = Path(__file__).parents[2] / "solutions" / "02_logistic_regression"


def half_done(notebook):
    """A lecture's release in which every other exercise is answered."""
    answers = [node for node in notebook.cells if "### BEGIN SOLUTION" in node.source]
    for node in answers[::2]:
        kept = [line for line in node.source.splitlines() if "### " not in line]
        node.source = "\n".join(kept)
    return notebook


@pytest.mark.slow
def test_rows_of_a_lecture_are_equal(tmp_path, new_gradebook):
    name = LECTURE.name
    urls = []
    for grader in (by_nbgrader, by_us):
        root = tmp_path / grader.__name__
        ignored = shutil.ignore_patterns("*.py", "__pycache__")
        shutil.copytree(LECTURE, root / "source" / name, ignore=ignored)
        shutil.copy(new_gradebook, root)
        course = Course.open(root)
        made = half_done(nbformat.read(LECTURE / f"{name}.ipynb", as_version=4))
        source = course.assignment(name).notebooks[0]
        for node, known in zip(made.cells, source.cells, strict=True):
            if known.is_test or (known.solution and "### BEGIN" in node.source):
                node.source = known.released
        directory = root / "submitted" / "ann" / name
        directory.mkdir(parents=True)
        nbformat.write(made, directory / f"{name}.ipynb")
        grader(course, name)
        urls.append(course.db_url)
    theirs, ours = (rows(url, "ann", name) for url in urls)
    assert ours == theirs
    scores = [row[0] for row in ours.values() if row[0] is not None]
    assert 0 < sum(scores) < sum(row[3] for row in ours.values())
