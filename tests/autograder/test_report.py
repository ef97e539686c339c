"""The class report and the grade files: what they tell, in which words, and what they leave out."""

import csv
import io
import re
import shutil
import time
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from graded_class import SOURCE, TESTS, enrol, record
from nbgrader.api import Gradebook
from small_course import hand_in, write_source

from autograder import report
from autograder.cli import main
from autograder.cohort import read_cohort
from autograder.course import Course
from autograder.gradefile import FORMATS, grade_file
from autograder.items import Level, correlation, failing, level, measure
from autograder.looks import needs_a_look
from autograder.report import write_report
from autograder.results import Event

TEMPLATES = Path(report.__file__).parent / "templates"
CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def original(tmp_path_factory, new_gradebook):
    """Six students: right, two with mistakes, one not started, one unreadable, one absent."""
    root = tmp_path_factory.mktemp("class")
    shutil.copy(new_gradebook, root)
    course = write_source(root, SOURCE)
    enrol(course, ann="Ann Lee", bob="Bob <Ray>", cat="Cat Ash", dan="Dan Fox", eve="Eve Kim")
    enrol(course, far="Far Away")
    record(course, "ann")
    record(course, "bob", {"test_double": "sum-for-mean", "test_halve": "not-vectorised"})
    record(course, "cat", {"test_double": "sum-for-mean"}, (Event("edited", "a changed test"),))
    record(course, "dan", {"test_halve": False})
    record(course, "eve", dict.fromkeys(TESTS))
    (course.place("autograded", "eve", "ps1") / "ps1.ipynb").unlink()
    hand_in(root, "eve", b"{,}")
    return course


@pytest.fixture
def course(original, tmp_path):
    """The same class, to be changed."""
    shutil.copytree(original.root, tmp_path / "course")
    return Course.open(tmp_path / "course")


@pytest.fixture(scope="module")
def cohort(original):
    return read_cohort(original, "ps1")


def hand(cohort, student):
    return next(hand for hand in cohort.hands if hand.person.id == student)


# --- what is read ---------------------------------------------------------------------------------


def test_totals_are_the_gradebooks(cohort):
    totals = {h.person.id: cohort.total(h) for h in cohort.hands}
    assert totals == {"ann": 10, "bob": 2, "cat": 6, "dan": 6, "eve": None, "far": None}


def test_people_stand_by_their_last_names(cohort):
    assert [h.person.id for h in cohort.hands] == ["bob", "cat", "far", "dan", "eve", "ann"]


def test_a_check_without_score_leaves_no_total(course):
    record(course, "gus", {"test_halve": None})
    cohort = read_cohort(course, "ps1")
    assert cohort.total(hand(cohort, "gus")) is None


def test_a_score_given_by_hand_counts(course):
    with Gradebook(course.db_url) as book:
        grade = book.find_grade("test_halve", "ps1", "ps1", "bob")
        grade.manual_score, grade.extra_credit = 3, 1
        book.db.commit()
    cohort = read_cohort(course, "ps1")
    assert cohort.total(hand(cohort, "bob")) == 6


def test_a_penalty_is_taken_off(course):
    with Gradebook(course.db_url) as book:
        book.find_submission_notebook("ps1", "ps1", "ann").late_submission_penalty = 2.5
        book.db.commit()
    cohort = read_cohort(course, "ps1")
    assert cohort.total(hand(cohort, "ann")) == 7.5


def test_the_penalty_is_at_most_the_score(course):
    with Gradebook(course.db_url) as book:
        book.find_submission_notebook("ps1", "ps1", "bob").late_submission_penalty = 5
        book.db.commit()
    cohort = read_cohort(course, "ps1")
    assert cohort.total(hand(cohort, "bob")) == 0


# --- statistics -----------------------------------------------------------------------------------


def test_levels(cohort):
    double = cohort.exercises["double"]
    levels = {s: level(hand(cohort, s), double) for s in ("ann", "bob", "eve")}
    assert levels == {"ann": Level.ALL, "bob": Level.SOME, "eve": Level.NOT_GRADED}
    halve = cohort.exercises["halve"]
    assert level(hand(cohort, "bob"), halve) == Level.NONE
    assert level(hand(cohort, "dan"), halve) == Level.NOT_STARTED


def test_difficulty_is_the_mean_share_of_the_graded(cohort):
    double, halve = measure(cohort, list(cohort.exercises.values()))
    assert double.difficulty == pytest.approx((6 + 2 + 2 + 6) / 4 / 6)
    assert halve.difficulty == pytest.approx(2 / 4)
    assert halve.levels == {Level.ALL: 2, Level.NONE: 1, Level.NOT_STARTED: 1}


def test_discrimination_is_the_correlation_with_the_rest(cohort):
    double, _ = measure(cohort, list(cohort.exercises.values()))
    expected = np.corrcoef([6, 2, 2, 6], [4, 0, 4, 0])[0, 1]
    assert double.discrimination == pytest.approx(expected, abs=1e-12)


def test_where_all_are_alike_there_is_no_discrimination(cohort):
    (arrays,) = measure(cohort, [(cohort.items[1],)])
    assert arrays.discrimination is None
    assert arrays.difficulty == 1


def test_correlation_is_numpys():
    a, b = np.random.default_rng(7).normal(size=(2, 9))
    assert correlation(a, b) == pytest.approx(np.corrcoef(a, b)[0, 1])


def test_the_check_failed_most_comes_first_with_its_cause(cohort):
    first, second = failing(cohort)
    assert (first.item.grade_id, first.count) == ("test_double", 2)
    assert [(c.kind, len(c.hands)) for c in first.causes] == [("sum-for-mean", 2)]
    assert second.item.grade_id == "test_halve"
    assert second.count == 1  # who has not started has not failed


def test_who_needs_a_look(course):
    record(course, "gus", {"test_halve": None}, (Event("time-out", "too long", "test_halve"),))
    hand_in(course.root, "hal", SOURCE)
    groups = {g.reason.kind: g.looks for g in needs_a_look(read_cohort(course, "ps1"))}
    told = {kind: [look.hand.person.id for look in looks] for kind, looks in groups.items()}
    assert told == {
        "edited": ["cat"],
        "unreadable": ["eve"],
        "time-out": ["gus"],
        "no score": ["gus"],
        "waiting": ["hal"],
    }
    assert "line 1, column 2" in groups["unreadable"][0].detail
    assert groups["time-out"][0].detail == "too long (test_halve)"


# --- the page -------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Headings, links, tags that were not closed, and words."""

    VOID = {"meta", "br"}

    def __init__(self, html):
        super().__init__()
        self.headings, self.links, self.open, self.words, self.labels = [], [], [], [], []
        self.ids, self.references, self.tags = [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.references += [attrs["aria-labelledby"]] if "aria-labelledby" in attrs else []
        self.links += [attrs["href"]] if "href" in attrs else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag == "svg" and attrs.get("aria-hidden") != "true":
            self.labels.append(attrs.get("aria-label", ""))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def html(course):
    place = course.place("feedback", "ann", "ps1")
    place.mkdir(parents=True)
    (place / "ps1.html").write_text("feedback")
    write_report(course, ["ps1"], course.root / "out" / "report.html")
    return (course.root / "out" / "report.html").read_text(encoding="utf-8")


def test_the_page_is_well_formed_and_stands_alone(html):
    page = Page(html)
    assert page.open == []
    assert not page.tags & {"script", "iframe", "object", "link", "img"}
    assert not re.search(r"https?://|url\(|@import", html)


def test_headings_descend_in_steps_and_figures_have_words(html):
    page = Page(html)
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))
    assert page.labels
    assert all(page.labels)
    assert set(page.references) <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_several_lectures_on_one_page(course):
    cohort = read_cohort(course, "ps1")
    page = Page(report.page([cohort, cohort], course.root))
    assert page.open == []
    assert {"#lecture-1", "#lecture-2"} <= set(page.links)
    assert len(set(page.ids)) == len(page.ids)
    assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


def test_the_link_to_feedback_starts_at_the_page(html):
    assert "../feedback/ann/ps1/ps1.html" in Page(html).links


def test_names_and_messages_are_text(html):
    assert "Bob &lt;Ray&gt;" in html
    assert "got &lt;b&gt;2&lt;/b&gt;" in html
    assert "<Ray>" not in html


def test_it_says_who_has_not_handed_in(html):
    words = " ".join(" ".join(Page(html).words).split())
    assert re.search(r"Not handed in \d* ?1 Far Away", words)


def test_it_says_what_the_mistake_is(html):
    assert "did you divide by m?" in html


def test_nobody_graded_yet(make_course):
    course = make_course(SOURCE, ann=SOURCE)
    cohort = read_cohort(course, "ps1")
    page = Page(report.page([cohort], course.root))
    assert page.open == []
    assert "Nobody has a whole grade yet." in " ".join(page.words)


def test_nobody_has_every_score_yet(make_course):
    course = make_course(SOURCE)
    record(course, "ann", {"test_halve": None})
    words = " ".join(Page(report.page([read_cohort(course, "ps1")], course.root)).words)
    assert "every student has a check without a score" in words
    assert "Exercises" in words
    assert "A check without a score" in words


def test_a_large_class_has_bars_for_bricks():
    from autograder.figures import MOST_BRICKS, Brick, distribution

    many = [Brick(n / MOST_BRICKS, f"s{n}", "x.html") for n in range(MOST_BRICKS + 1)]
    few = distribution(many[:10], 20, 0.5)
    assert few.count("<title>") == 10
    assert "<title>" not in distribution(many, 20, 0.5)
    assert "0 to 2 points: 10" in few
    assert "18 to 20 points: 16" in distribution(many, 20, 0.5)


def luminance(colour):
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_colours_have_contrast(mode):
    blocks = CSS.split(":root")[1:3]
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[mode]))
    for ground in ("paper", "card", "sunk"):
        for ink in ("ink", "quiet", "link", "median"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    for ground in ("all", "some", "none"):
        assert contrast(colours[f"on-{ground}"], colours[ground]) >= 4.5, ground
    for shape in ("all", "none", "hollow", "ungraded", "brick", "edge"):
        assert contrast(colours[shape], colours["paper"]) >= 3, shape


# --- grade files ----------------------------------------------------------------------------------


def rows(form, cohort):
    return list(csv.reader(io.StringIO(grade_file(form, [cohort]))))


@pytest.mark.parametrize("form", FORMATS)
def test_no_grade_is_an_empty_cell(form, cohort):
    header, *body = rows(form, cohort)
    column = header.index("score") if form == "plain" else -1
    known = {student: row[column] for row in body for student in ("ann", "eve") if student in row}
    assert known == {"ann": "10", "eve": ""}
    assert all(len(row) == len(header) for row in body)


def test_canvas_gets_its_columns_and_points(cohort):
    header, possible, first, *_ = rows("canvas", cohort)
    assert header[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert (possible[0], possible[5]) == ("    Points Possible", "10")
    assert first[:4] == ["<Ray>, Bob", "", "", "bob"]


def test_moodle_gets_user_names(cohort):
    header, first, *_ = rows("moodle", cohort)
    assert header[0] == "Username"
    assert first == ["bob", "Bob", "<Ray>", "", "2"]


def test_a_name_is_no_formula(course):
    enrol(course, ann="=HYPERLINK(1) Lee")
    text = grade_file("plain", [read_cohort(course, "ps1")])
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_page_and_grades(course, tmp_path, capsys):
    file = tmp_path / "grades.csv"
    code = main(["report", "--course", str(course.root), "--csv", "plain", str(file)])
    said = capsys.readouterr().out
    assert code == 0
    assert (course.root / "report.html").is_file()
    assert file.read_bytes().startswith(b"student,first_name")
    assert "left empty there: 1." in said


def test_an_unknown_format_is_told(course, capsys):
    assert main(["report", "--course", str(course.root), "--csv", "excel", "x"]) == 2
    assert "canvas, moodle, plain" in capsys.readouterr().err
    assert not (course.root / "report.html").exists()


@pytest.mark.slow
def test_five_thousand_students_take_ten_seconds(course):
    text = (course.place("autograded", "bob", "ps1") / "ps1.ipynb").read_text()
    with Gradebook(course.db_url) as book:
        assignment = book.find_assignment("ps1")
        notebook = assignment.notebooks[0]
        cells = [cell.id for cell in notebook.grade_cells]
        db = book.db.connection()
        ids = [f"s{n:04}" for n in range(5000)]
        insert = db.exec_driver_sql
        insert("insert into student (id) values (?)", [(i,) for i in ids])
        insert(
            "insert into submitted_assignment (id, assignment_id, student_id) values (?, ?, ?)",
            [(f"a{i}", assignment.id, i) for i in ids],
        )
        insert(
            "insert into submitted_notebook (id, assignment_id, notebook_id) values (?, ?, ?)",
            [(f"n{i}", f"a{i}", notebook.id) for i in ids],
        )
        insert(
            "insert into grade (id, notebook_id, cell_id, auto_score, needs_manual_grade) "
            "values (?, ?, ?, ?, 0)",
            [
                (f"{i}{c}", f"n{i}", c, (n * k) % 3)
                for n, i in enumerate(ids)
                for k, c in enumerate(cells)
            ],
        )
        book.db.commit()
    for student in ids:
        for step in ("autograded", "submitted"):
            place = course.place(step, student, "ps1")
            place.mkdir(parents=True)
            (place / "ps1.ipynb").write_text(text)
    start = time.perf_counter()
    write_report(course, ["ps1"], course.root / "report.html")
    assert time.perf_counter() - start < 10
