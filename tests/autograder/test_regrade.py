"""Grading again: what changed and why, the log, and the short ids of checks."""

import csv
import shutil
from datetime import datetime

import pytest
from graded_class import SOURCE, enrol, record
from nbgrader.api import Gradebook
from small_course import write_source

from autograder import regrade as regrading
from autograder.cli import main
from autograder.cohort import read_cohort
from autograder.course import Course
from autograder.errors import CourseError
from autograder.regrade import LOG, changed_tests, find_check, regrade, summary, write_log
from autograder.shortid import LENGTH, check_id

WHEN = datetime(2026, 3, 20, 9, 30)


@pytest.fixture(scope="module")
def original(tmp_path_factory, new_gradebook):
    """ann has a mistake in `double`, bob has none."""
    root = tmp_path_factory.mktemp("class")
    shutil.copy(new_gradebook, root)
    course = write_source(root, SOURCE)
    enrol(course, ann="Ann Lee", bob="Bob Ray")
    record(course, "ann", {"test_double": "sum-for-mean"})
    record(course, "bob")
    return course


@pytest.fixture
def course(original, tmp_path):
    """The same class, to be changed."""
    shutil.copytree(original.root, tmp_path / "course")
    return Course.open(tmp_path / "course")


@pytest.fixture
def becomes(course, monkeypatch):
    """`becomes(ann={…})`: what grading again finds, in place of running anything."""

    def said(**results):
        def grade_course(course, lecture, students, force, **options):
            assert force
            for student in students or results:
                record(course, student, *results[student])

        monkeypatch.setattr(regrading, "grade_course", grade_course)

    return said


# --- short ids ------------------------------------------------------------------------------------


def test_an_id_is_short_and_always_the_same():
    assert check_id("ann", "02_loss", "test_cost") == "tjv65"
    assert len(check_id("bob", "02_loss", "test_cost")) == LENGTH


def test_ids_differ_with_each_of_the_three_names():
    ids = {check_id(s, lec, t) for s in "ab" for lec in "ab" for t in "ab"}
    assert len(ids) == 8
    assert check_id("ab", "c", "d") != check_id("a", "bc", "d")


def test_an_id_leads_to_student_and_check(course):
    cohort = read_cohort(course, "ps1")
    short = check_id("bob", "ps1", "test_halve")
    assert find_check(cohort, short) == ("bob", "test_halve")
    assert find_check(cohort, short.upper(), ["bob"]) == ("bob", "test_halve")


def test_an_id_of_somebody_else_is_told(course):
    short = check_id("bob", "ps1", "test_halve")
    with pytest.raises(CourseError, match="it is one of bob"):
        find_check(read_cohort(course, "ps1"), short, ["ann"])


def test_an_unknown_id_is_told(course):
    with pytest.raises(CourseError, match="no check 'xxxxx'"):
        find_check(read_cohort(course, "ps1"), "xxxxx")


# --- what changed, and why ------------------------------------------------------------------------


def test_a_changed_test_is_the_reason(course, becomes):
    changed = SOURCE.copy()
    changed.cells = [cell.copy() for cell in SOURCE.cells]
    changed.cells[1]["source"] += "  # more"
    course = write_source(course.root, changed)
    assert changed_tests(course, "ps1") == {"test_double"}
    becomes(ann=({},), bob=({},))
    done = regrade(course, "ps1")
    (change,) = done.changes
    assert (change.student, change.grade_id) == ("ann", "test_double")
    assert (change.before, change.after) == (0, 4)
    assert (change.was, change.now) == ("failed", "passed")
    assert change.reason == "the test was changed"
    assert done.moved == ["ann"]
    assert done.totals == {"ann": (6, 10), "bob": (10, 10)}


def test_a_new_answer_is_the_reason(course, becomes):
    becomes(ann=({}, (), {"double": "def double(x):\n    return x + x"}))
    (change,) = regrade(course, "ps1", ["ann"]).changes
    assert change.reason == "the answer was changed"


def test_neither_is_said_as_well(course, becomes):
    becomes(ann=({},))
    (change,) = regrade(course, "ps1", ["ann"]).changes
    assert change.reason == "the same test and answer"


def test_a_score_given_by_hand_stays(course, becomes):
    with Gradebook(course.db_url) as book:
        book.find_grade("test_double", "ps1", "ps1", "ann").manual_score = 3
        book.db.commit()
    becomes(ann=({},))
    assert regrade(course, "ps1", ["ann"]).totals == {"ann": (9, 9)}


def test_the_check_asked_about_is_told_even_if_it_stays(course, becomes):
    becomes(ann=({"test_double": "sum-for-mean"},))
    short = check_id("ann", "ps1", "test_double")
    done = regrade(course, "ps1", asked=short)
    assert done.students == ("ann",)
    assert [change.short for change in done.changes] == [short]
    assert list(summary(done)) == [
        "ann: 6 → 6",
        f"  {short} test_double: failed, as before; the same test and answer",
        "ps1: 1 graded again, 0 grades changed.",
    ]


def test_the_summary_of_a_class_names_only_those_who_moved(course, becomes):
    becomes(ann=({"test_halve": None},), bob=({},))
    lines = list(summary(regrade(course, "ps1")))
    assert lines[0] == "ann: 6 → –"
    assert not any("bob" in line for line in lines)
    assert lines[-1] == "ps1: 2 graded again, 1 grade changed."


# --- the log --------------------------------------------------------------------------------------


def log(course):
    with (course.root / LOG).open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_log_grows(course, becomes):
    becomes(ann=({},))
    done = regrade(course, "ps1", ["ann"])
    for _ in range(2):
        write_log(course, done, "prof", "request", WHEN)
    first, second = log(course)
    assert first == second
    assert first == {
        "date": "2026-03-20 09:30",
        "by": "prof",
        "lecture": "ps1",
        "student": "ann",
        "check": check_id("ann", "ps1", "test_double"),
        "cell": "test_double",
        "before": "0",
        "after": "4",
        "why": "request; the same test and answer",
    }


def test_a_request_that_changed_nothing_is_in_the_log(course, becomes):
    becomes(bob=({},))
    write_log(course, regrade(course, "ps1", ["bob"]), "prof", "he asked", WHEN)
    (line,) = log(course)
    assert (line["student"], line["before"], line["after"]) == ("bob", "10", "10")
    assert line["why"] == "he asked"


# --- the command ----------------------------------------------------------------------------------


def test_the_command_tells_logs_and_writes_the_page(course, becomes, capsys):
    becomes(ann=({},))
    arguments = ["regrade", "ps1", "--student", "ann", "--why", "asked", "--by", "prof"]
    assert main([*arguments, "--course", str(course.root)]) == 0
    said = capsys.readouterr().out
    assert "ann: 6 → 10" in said
    assert "1 graded again, 1 grade changed" in said
    assert log(course)[0]["by"] == "prof"
    assert (course.place("feedback", "ann", "ps1") / "ps1.html").is_file()


def test_the_command_needs_one_lecture_for_a_check(course, capsys):
    (course.source / "ps2").mkdir()
    (course.source / "ps2" / "ps2.ipynb").write_text((course.source / "ps1/ps1.ipynb").read_text())
    assert main(["regrade", "ps1", "ps2", "--check", "abcde", "--course", str(course.root)]) == 2
    assert "one lecture" in capsys.readouterr().err
