"""Late work: what a day costs, who has more time, and that nbgrader's own step agrees."""

import shutil
from datetime import datetime, timedelta

import pytest
from graded_class import SOURCE, record
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from small_course import write_source
from traitlets.config import Config

from autograder.course import Course
from autograder.errors import CourseError
from autograder.gradebook import Book
from autograder.late import (
    EXTENSIONS,
    DaysLate,
    assign_penalties,
    extension_for,
    read_extensions,
)

DUE = datetime(2026, 3, 15, 22, 0)
MINUTE, DAY = 60, 86_400
CONFIG = """c = get_config()
c.AssignLatePenalties.plugin_class = "autograder.late.DaysLate"
c.DaysLate.per_day = 0.2
"""


@pytest.mark.parametrize(
    ("late", "points"),
    [(1, None), (15 * MINUTE, None), (16 * MINUTE, 1), (DAY, 1), (DAY + 16 * MINUTE, 2)]
    + [(4.5 * DAY, 5), (100 * DAY, 5)],
)
def test_each_day_begun_costs_a_tenth_up_to_half(late, points):
    assert DaysLate().late_submission_penalty("ann", 10, late) == points


def test_the_settings_are_the_courses():
    plugin = DaysLate(config=Config(DaysLate={"per_day": 0.5, "most": 1, "grace_minutes": 0}))
    assert plugin.late_submission_penalty("ann", 10, 1) == 5
    assert plugin.late_submission_penalty("ann", 10, 2 * DAY) == 10


# --- in the gradebook -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def original(tmp_path_factory, new_gradebook):
    """ann is a day late, bob half a day, cat is in time; all have 10 points but bob, who has 4."""
    root = tmp_path_factory.mktemp("class")
    shutil.copy(new_gradebook, root)
    course = write_source(root, SOURCE)
    (root / "nbgrader_config.py").write_text(CONFIG)
    record(course, "ann")
    record(course, "bob", {"test_double": "sum-for-mean", "test_double_2": "sum-for-mean"})
    record(course, "cat")
    with Gradebook(course.db_url) as book:
        book.find_assignment("ps1").duedate = DUE
        for student, late in (("ann", 1.0), ("bob", 0.5), ("cat", -1.0)):
            book.find_submission("ps1", student).timestamp = DUE + timedelta(days=late)
        book.db.commit()
    return course


@pytest.fixture
def course(original, tmp_path):
    """The same class, to be changed."""
    shutil.copytree(original.root, tmp_path / "course")
    return Course.open(tmp_path / "course")


def assign(course):
    with Book(course.db_url, course.course_id) as book:
        return assign_penalties(course, book, "ps1")


def penalties(course):
    with Gradebook(course.db_url) as book:
        return {
            s.student_id: s.notebooks[0].late_submission_penalty
            for s in book.assignment_submissions("ps1")
        }


def test_penalties_are_in_the_gradebook(course):
    assert assign(course) == 2
    assert penalties(course) == {"ann": 2, "bob": 0.8, "cat": None}


def test_nbgraders_own_step_gives_the_same(course):
    assign(course)
    ours = penalties(course)
    for student in ours:
        resources = {"notebook": "ps1", "assignment": "ps1", "student": student}
        resources["db_url"] = course.db_url
        step = AssignLatePenalties(config=course.config)
        step.preprocess(SOURCE.copy(), {"nbgrader": resources})
    assert penalties(course) == ours


def test_an_extension_makes_it_in_time(course):
    (course.root / EXTENSIONS).write_text("student,lecture,days,why\nann,ps1,2,ill\n")
    assign(course)
    assert penalties(course) == {"ann": None, "bob": 0.8, "cat": None}


def test_a_penalty_that_no_longer_holds_goes(course):
    assign(course)
    (course.root / EXTENSIONS).write_text("student,lecture,days\nann,,2\n")
    assert assign(course) == 1
    assert penalties(course)["ann"] is None


def test_an_extension_that_somebody_granted_elsewhere_stays(course):
    with Gradebook(course.db_url) as book:
        book.grant_extension("ps1", "ann", days=2)
    assign(course)
    assert penalties(course)["ann"] is None


def test_points_given_by_hand_are_part_of_the_score(course):
    with Gradebook(course.db_url) as book:
        book.find_grade("test_halve", "ps1", "ps1", "ann").extra_credit = 5
        book.db.commit()
    assign(course)
    assert penalties(course)["ann"] == 3


def test_without_a_due_date_nothing_is_late(course):
    with Gradebook(course.db_url) as book:
        book.find_assignment("ps1").duedate = None
        book.db.commit()
    assert assign(course) == 0
    assert set(penalties(course).values()) == {None}


def test_nbgraders_default_takes_nothing_off(course):
    (course.root / "nbgrader_config.py").unlink()
    assert assign(Course.open(course.root)) == 0


# --- the file of extensions -----------------------------------------------------------------------


def test_the_most_precise_line_counts():
    days = {
        ("ann", ""): timedelta(1),
        ("ann", "02"): timedelta(3),
        ("bob", "02_loss"): timedelta(5),
    }
    assert extension_for("ann", "02_loss", days) == timedelta(3)
    assert extension_for("ann", "03_step", days) == timedelta(1)
    assert extension_for("bob", "03_step", days) is None


@pytest.mark.parametrize("line", ["ann,ps1,soon", "ann,ps1", "ann,ps1,", "ann,ps1,1e99"])
def test_a_line_that_cannot_be_meant_is_told(tmp_path, line):
    (tmp_path / EXTENSIONS).write_text(f"student,lecture,days\nbob,ps1,1\n{line}\n")
    with pytest.raises(CourseError, match="line 3"):
        read_extensions(tmp_path / EXTENSIONS)


def test_no_file_is_no_extension(tmp_path):
    assert read_extensions(tmp_path / EXTENSIONS) == {}
