"""The made-up class: who is in it, what they hand in, and that grading finds just that."""

import json
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from autograder import demo, marking, stories
from autograder.classroom import CLASS, HOSTILE, make_class
from autograder.course import Course
from autograder.errors import CourseError, NoAssignment
from autograder.feedback import recorded
from autograder.marking import grade_course
from autograder.results import Status
from autograder.screen import Screen
from autograder.variants import Variant

REPOSITORY = Path(__file__).resolve().parents[2]
EXERCISES = ("one", "two", "three")


def cell(source, grade_id, **roles):
    node = v4.new_code_cell(source, id=grade_id.replace("_", "-"))
    node.metadata["nbgrader"] = {"grade_id": grade_id, "grade": False, "solution": False} | roles
    return node


def variants_of(name):
    yield Variant(name, "right", "plain", "", (), f"def {name}():\n    return 1")
    yield Variant(name, "right", "other", "", (), f"def {name}():\n    return 2 - 1")
    keeps = (f"test_{name}_2",)
    yield Variant(name, "wrong", "two", "too large", keeps, f"def {name}():\n    return 2")


@pytest.fixture
def release():
    cells = [v4.new_markdown_cell("# A lecture", id="title")]
    for name in EXERCISES:
        cells += [
            cell(f"def {name}():\n    raise NotImplementedError()", name, solution=True),
            cell(f"assert {name}() == 1", f"test_{name}", grade=True, points=3),
            cell(f"assert {name}() < 3", f"test_{name}_2", grade=True, points=1),
        ]
    return v4.new_notebook(cells=cells)


@pytest.fixture
def variants():
    return tuple(variant for name in EXERCISES for variant in variants_of(name))


@pytest.fixture
def told(release, variants, tmp_path):
    return make_class({"ps1": release}, {"ps1": variants}, tmp_path)["ps1"]


def by_story(told, words):
    return [one for one in told if words in one.story]


# --- the class ------------------------------------------------------------------------------------


def test_there_are_24_different_people(told):
    assert len({one.student.id for one in told}) == len(told) == 24
    assert all(re.fullmatch("[a-z]+[0-9]{2}", one.student.id) for one in told)
    assert len({(one.student.first_name, one.student.last_name) for one in told}) == 24


def test_the_same_seed_makes_the_same_class(release, variants, told, tmp_path):
    again = make_class({"ps1": release}, {"ps1": variants}, tmp_path / "again")["ps1"]
    other = make_class({"ps1": release}, {"ps1": variants}, tmp_path / "other", seed=3)["ps1"]
    assert again == told
    assert {one.student for one in other} != {one.student for one in told}


def test_everything_lies_where_nbgrader_collects_it(told, tmp_path):
    folders = {path.name: path for path in (tmp_path / "submitted").iterdir()}
    assert set(folders) == {one.student.id for one in told if one.text is not None}
    assert len(folders) == 23
    for one in told:
        if one.text is not None:
            files = {path.name for path in (folders[one.student.id] / "ps1").iterdir()}
            assert files == {"ps1.ipynb", "timestamp.txt"}


def test_only_the_late_are_late(told, tmp_path):
    times = {
        path.parts[-3]: path.read_text()
        for path in (tmp_path / "submitted").glob("*/ps1/timestamp.txt")
    }
    late = {student for student, time in times.items() if time > "2026-03-15 22:00:00 UTC"}
    assert late == {one.student.id for one in told if one.late}
    assert len(late) == 2


def test_what_everybody_scores_is_known(told):
    scores = Counter(one.score for one in told)
    assert scores[None] == 2, "one file is broken, one was not handed in"
    assert scores[12.0] == 6, "five perfect ones, and one of the late"
    assert scores[0.0] == 1, "the blank one"


def test_a_mistake_costs_what_its_variant_says(told):
    one = by_story(told, "two: two")[0]
    assert "test_two" not in one.passes
    assert "test_two_2" in one.passes


def test_an_exercise_not_started_passes_nothing(told):
    for one in by_story(told, "the others not started"):
        notebook = nbformat.reads(one.text, as_version=4)
        stubs = sum("NotImplementedError" in cell.source for cell in notebook.cells)
        assert 0 < stubs < 3
        assert len(one.passes) == 2 * (3 - stubs)


def test_nobody_has_run_anything(told):
    for one in told:
        if one.text and "broke off" not in one.story:
            cells = nbformat.reads(one.text, as_version=4).cells
            assert not any(cell.get("outputs") for cell in cells)


def test_the_broken_file_is_broken(told):
    (one,) = by_story(told, "broke off")
    with pytest.raises(json.JSONDecodeError):
        json.loads(one.text)


def test_the_cheat_edits_every_test_and_answers_half_honestly(told):
    (one,) = by_story(told, "tricks")
    notebook = nbformat.reads(one.text, as_version=4)
    tests = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert all("pass" in cell.source and "assert" not in cell.source for cell in tests)
    assert one.passes == {"test_one", "test_one_2", "test_three", "test_three_2"}


def test_without_a_sandbox_the_hostile_stay_away(release, variants, told, tmp_path):
    tame = make_class({"ps1": release}, {"ps1": variants}, tmp_path / "tame", hostile=False)["ps1"]
    assert len(tame) == 21
    text = "".join(one.text or "" for one in tame)
    assert "_exit" not in text
    assert "while True" not in text
    assert "AlwaysRight" not in text
    assert {one.student for one in tame} < {one.student for one in told}


def test_no_story_is_missing_from_the_class():
    assert len(CLASS + HOSTILE) == 24
    assert {stories.perfect, stories.partial, stories.blank} < set(CLASS)


def test_an_exercise_without_a_right_variant_is_named(release, variants, tmp_path):
    some = [variant for variant in variants if variant.exercise != "two"]
    with pytest.raises(CourseError, match="a right variant of two"):
        make_class({"ps1": release}, {"ps1": some}, tmp_path)


# --- where it is made -----------------------------------------------------------------------------


def test_somebody_elses_directory_is_never_touched(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(CourseError, match="is not empty"):
        demo._clear(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_an_earlier_demo_is_replaced(tmp_path):
    demo._clear(tmp_path / "demo")
    (tmp_path / "demo" / "old.txt").write_text("old")
    demo._clear(tmp_path / "demo")
    assert not (tmp_path / "demo" / "old.txt").exists()


def test_a_course_without_variants_has_no_demo(make_course, release):
    with pytest.raises(NoAssignment, match=r"needs a lecture with a variants\.py"):
        demo.choose(make_course(release))


# --- the demonstration ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The demonstration, with less patience for endless loops."""
    patch = pytest.MonkeyPatch()
    patch.setattr(marking, "FIRST_CPU", 0.5)
    patch.setattr(marking, "LEAST_CPU", 1.0)
    directory = tmp_path_factory.mktemp("class") / "demo"
    yield demo.play(directory, Course.open(REPOSITORY), Screen()), Course.open(directory)
    patch.undo()


def results(played):
    """Of each student who handed something in: what was expected, and what grading says."""
    shown, _ = played
    graded = {one.student: one for one in shown.summary.graded}
    for one in shown.told:
        if one.text is not None:
            yield one, graded[one.student.id]


def test_everybody_passes_just_what_was_expected(played):
    for one, graded in results(played):
        if one.score is not None:
            passed = {test.grade_id for test in graded.tests if test.status is Status.PASSED}
            assert passed == one.passes, one.story
            assert graded.score == one.score, one.story


def test_what_cannot_be_read_has_no_score(played):
    (unread,) = [graded for one, graded in results(played) if one.score is None]
    assert {test.score for test in unread.tests} == {None}


def test_what_needs_a_look_is_reported(played):
    for one, graded in results(played):
        kinds = {event.kind for event in graded.events}
        assert one.events <= kinds, one.story
        assert bool(kinds) == bool(one.events), one.story


def test_everybody_who_handed_in_has_a_page_with_name_and_score(played):
    shown, _ = played
    assert len(shown.pages) == len(list(results(played)))
    pages = {page.parts[-3]: page.read_text(encoding="utf-8") for page in shown.pages}
    for one, _ in results(played):
        html = pages[one.student.id]
        assert (
            one.student.last_name.replace("’", "&#8217;") in html or one.student.last_name in html
        )
        if one.score is not None:
            assert f"<strong>{one.score:g}</strong> of 100 points" in html
        assert ("after the deadline" in html) == bool(one.late)


def test_no_page_shows_a_hidden_test(played):
    shown, course = played
    (notebook,) = course.assignment(demo.choose(Course.open(REPOSITORY))).notebooks
    hidden = {
        line.strip()
        for test in notebook.tests
        for line in set(test.source.splitlines()) - set(test.released.splitlines())
        if len(line.strip()) > 15
    }
    assert len(hidden) > 20
    for page in shown.pages:
        text = page.read_text(encoding="utf-8")
        assert not [line for line in hidden if line in text]


def test_the_report_shows_the_class_and_no_hidden_test(played):
    shown, course = played
    page = (course.root / demo.REPORT).read_text(encoding="utf-8")
    assert "worth a look" in page
    assert all(one.student.last_name in page for one, _ in results(played))
    assert "BEGIN HIDDEN" not in page


def test_the_gradebook_knows_names_and_lateness(played):
    shown, course = played
    look_up = recorded(course, shown.summary.assignment)
    for one, graded in results(played):
        scores = look_up(one.student.id, graded.name)
        assert scores.name == f"{one.student.first_name} {one.student.last_name}"
        assert scores.late_seconds == one.late.total_seconds()


def test_it_is_a_course_that_can_be_graded_again(played):
    shown, course = played
    again = grade_course(course, shown.summary.assignment)
    assert not again.graded
    assert len(again.unchanged) == len(list(results(played)))
