"""nbgrader's gradebook as we write it: rows per cell, and never a word over a person's."""

import sqlite3
from dataclasses import replace

import pytest
from nbgrader.api import Gradebook
from small_course import answer, cell, graded, notebook

from autograder import results
from autograder.errors import GradebookError
from autograder.gradebook import Book
from autograder.results import Graded, Status

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
    graded("test_double_2", "assert double(0) == 0", 1),
    cell("'why?'", "essay", grade=True, solution=True, points=5),
)


def result(name: str, score: float | None, points: float = 2) -> results.TestResult:
    status = Status.NOT_GRADED if score is None else Status.PASSED
    return results.TestResult(name, "double", name, points, score, status)


def work(*tests: results.TestResult, unanswered=()) -> Graded:
    return Graded("ann", "ps1", "ps1", tests, (), "{}", 0.0, frozenset(unanswered))


@pytest.fixture
def course(make_course):
    return make_course(SOURCE)


@pytest.fixture
def book(course):
    with Book(course.db_url) as book:
        book.prepare(course.assignment("ps1"))
        yield book


def rows(book: Book, student: str = "ann") -> dict[str, tuple]:
    (found,) = book.gradebook.find_submission("ps1", student).notebooks
    return {g.name: (g.auto_score, g.score, g.needs_manual_grade) for g in found.grades}


def test_a_row_for_every_cell_with_points(book):
    book.record("ann", "ps1", [work(result("test_double", 2.0), result("test_double_2", 0.0))])
    assert rows(book) == {
        "test_double": (2.0, 2.0, False),
        "test_double_2": (0.0, 0.0, False),
        "essay": (None, 0.0, True),
    }


def test_nbgrader_knows_the_assignment(book, course):
    with Gradebook(course.db_url) as theirs:
        assert theirs.find_assignment("ps1").max_score == 8
        assert theirs.find_graded_cell("test_double", "ps1", "ps1").max_score == 2


def test_not_graded_is_no_zero(book):
    book.record("ann", "ps1", [work(result("test_double", None), result("test_double_2", 1.0))])
    assert rows(book)["test_double"] == (None, 0.0, True)


def test_an_unanswered_question_is_worth_nothing_and_said(book):
    book.record("ann", "ps1", [work(unanswered={"essay", "double"})])
    assert rows(book)["essay"] == (0.0, 0.0, False)
    (found,) = book.gradebook.find_submission("ps1", "ann").notebooks
    assert {c.name: c.auto_comment for c in found.comments}["double"] == "No response."


def test_a_second_time_replaces_the_first(book):
    book.record("ann", "ps1", [work(result("test_double", 0.0))])
    book.record("ann", "ps1", [work(result("test_double", 2.0))])
    assert rows(book)["test_double"][0] == 2.0
    assert len(book.gradebook.students) == 1


def test_what_a_person_wrote_stays(book, course):
    book.record("ann", "ps1", [work(result("test_double", 0.0))])
    with Gradebook(course.db_url) as theirs:
        (found,) = theirs.find_submission("ps1", "ann").notebooks
        by_name = {g.name: g for g in found.grades}
        by_name["test_double"].manual_score = 1.5
        by_name["test_double_2"].extra_credit = 0.5
        by_name["essay"].manual_score = 4.0
        found.comments[0].manual_comment = "well argued"
        theirs.db.commit()
    book.gradebook.db.expire_all()
    book.record("ann", "ps1", [work(result("test_double", 2.0), result("test_double_2", 1.0))])
    (found,) = book.gradebook.find_submission("ps1", "ann").notebooks
    by_name = {g.name: g for g in found.grades}
    assert (by_name["test_double"].auto_score, by_name["test_double"].score) == (2.0, 1.5)
    assert by_name["test_double_2"].score == 1.5
    assert by_name["essay"].score == 4.0
    assert found.comments[0].comment == "well argued"


def test_a_changed_source_changes_the_rows(book, course, make_course):
    book.record("ann", "ps1", [work(result("test_double", 2.0), result("test_double_2", 1.0))])
    smaller = notebook(SOURCE.cells[0], graded("test_double", "assert double(2) == 4", 10))
    book.prepare(make_course(smaller).assignment("ps1"))
    book.record("ann", "ps1", [work(result("test_double", 10.0, 10))])
    assert rows(book) == {"test_double": (10.0, 10.0, False)}


def test_a_cell_with_a_persons_points_is_not_dropped(book, make_course):
    book.record("ann", "ps1", [work(result("test_double", 2.0))])
    (found,) = book.gradebook.find_submission("ps1", "ann").notebooks
    next(g for g in found.grades if g.name == "essay").manual_score = 3
    book.gradebook.db.commit()
    smaller = make_course(notebook(SOURCE.cells[0], SOURCE.cells[1])).assignment("ps1")
    with pytest.raises(GradebookError, match="essay is gone"):
        book.prepare(smaller)
    assert rows(book)["essay"][1] == 3


def test_a_new_cell_reaches_earlier_submissions(book, make_course):
    book.record("ann", "ps1", [work(result("test_double", 2.0))])
    larger = notebook(*SOURCE.cells, graded("test_double_3", "pass", 3))
    book.prepare(make_course(larger).assignment("ps1"))
    book.record("ann", "ps1", [work(result("test_double", 2.0), result("test_double_3", 3.0, 3))])
    assert rows(book)["test_double_3"][0] == 3.0


def test_a_failure_writes_nothing_of_a_submission(book):
    good = work(result("test_double", 2.0))
    with pytest.raises(KeyError):
        book.record("ann", "ps1", [good, replace(good, name="unknown")])
    book.gradebook.db.rollback()
    assert book.recorded("ps1") == set()


def test_a_locked_gradebook_is_said_in_one_line(book, course):
    path = course.db_url.removeprefix("sqlite:///")
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(GradebookError) as said:
            Book(f"{course.db_url}?timeout=0.05")
    finally:
        other.rollback()
        other.close()
    assert "locked by another program" in str(said.value)
    assert "\n" not in str(said.value)
    assert book.recorded("ps1") == set()


def test_what_is_no_gradebook_is_said(tmp_path):
    (tmp_path / "gradebook.db").write_text("not a database at all" * 100)
    with pytest.raises(GradebookError, match="cannot be used"):
        Book(f"sqlite:///{tmp_path}/gradebook.db")


def test_a_directory_that_is_missing_is_said(tmp_path):
    with pytest.raises(GradebookError, match="cannot be written"):
        Book(f"sqlite:///{tmp_path}/nowhere/gradebook.db")


def test_what_is_not_graded_is_exported_as_nothing_never_as_0(book, tmp_path):
    from autograder.export import GradedOnly

    book.record("ann", "ps1", [work(result("test_double", None), result("test_double_2", 1.0))])
    whole = work(result("test_double", 0.0), result("test_double_2", 0.0), unanswered={"essay"})
    book.record("bob", "ps1", [replace(whole, student="bob")])
    exporter = GradedOnly(to=str(tmp_path / "grades.csv"))
    exporter.export(book.gradebook)
    lines = (tmp_path / "grades.csv").read_text().splitlines()
    scores = {cells[3]: cells[7:] for cells in (line.split(",") for line in lines[1:])}
    assert scores == {"ann": ["", "", "", "8.0"], "bob": ["0.0", "0.0", "0.0", "8.0"]}
