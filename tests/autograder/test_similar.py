"""Solutions that are much alike: what is shown, what is not, and how common it is."""

import re

import pytest
from small_course import answer, graded, notebook, read_source

from autograder import report
from autograder.cohort import Cohort, Hand, Item, Person, Verdict
from autograder.gradefile import FORMATS, grade_file
from autograder.review import Row
from autograder.similar import LONG, code_lines, own_lines, similar, structure
from autograder.source import Assignment

STUB = 'def walk(grid):\n    """Walk the grid (n, n)."""\n'
SOURCE = notebook(
    answer("walk", f"{STUB}    return sum(map(sum, grid))"),
    graded("test_walk", '"""walk: a grid"""\nassert walk([[1]]) == 1', 4),
    answer("one", "def one(x):\n    return x + 1"),
    graded("test_one", '"""one: a number"""\nassert one(1) == 2', 1),
)
ITEMS = (
    Item("test_walk", "walk", "a grid", 4.0, False),
    Item("test_one", "one", "a number", 1.0, False),
)


def long_walk(total="total", row="row", cell="cell", shift=0):
    """Fourteen lines that walk the grid; with `shift` they are built in another way."""
    steps = [
        f"{total} = 0",
        f"for {row} in grid:",
        f"    for {cell} in {row}:",
        f"        if {cell} > 0:",
        f"            {total} = {total} + {cell}",
        "        else:",
        f"            {total} = {total} - abs({cell})",
    ]
    other = [
        f"{row} = [max({row}, {n}) ** {n} for {row} in range({n}) if {row} % {n + 2}]"
        if (n * shift) % 3 else f"{total}_{n} = [len(str({n} * {shift})), {row}][:{n + shift}]"
        for n in range(1, 8)
    ]  # fmt: skip
    if shift % 2:
        other = [f"while {cell} < {n + shift}: {cell} += {n}; print({cell})" for n in range(7)]
    body = steps + (other if shift else [f"{total} = {total} * 1"] * 7)
    body = body[-shift:] + body[:-shift] if shift else body
    return STUB + "".join(f"    {line}\n" for line in [*body, f"return {total}"])


def hand(student, walk="", one="", wrong=""):
    verdicts = {"test_walk": Verdict("failed" if wrong else "passed", None, wrong)}
    made = Hand(Person(student, student.title()), submitted=True, graded=True, verdicts=verdicts)
    made.answers = {"walk": walk or STUB + "    raise NotImplementedError()", "one": one}
    made.rows = {item.grade_id: Row(auto=item.points) for item in ITEMS}
    return made


def others(number=10, **more):
    return [hand(f"s{n}", **more) for n in range(number)]


@pytest.fixture
def compare(tmp_path):
    source = read_source(tmp_path, SOURCE)
    assignment = Assignment("ps1", tmp_path, (source,), ())

    def call(*hands):
        return similar(Cohort("ps1", "Walking", ITEMS, tuple(hands)), assignment)

    return call


def names(findings):
    return {(pair.one.person.id, pair.other.person.id) for pair in findings.pairs}


# --- how code is reduced --------------------------------------------------------------------------


def test_comments_docstrings_and_what_was_handed_out_do_not_count():
    source = STUB + "    # a comment\n\n    '''more\n    words'''\n    return 1  # one"
    assert code_lines(source) == ["def walk(grid):", "return 1"]
    assert own_lines(source, frozenset(code_lines(STUB))) == ["return 1"]


def test_a_sign_in_a_text_is_no_comment():
    assert code_lines("x = '# no' + \"'''\"  # yes") == ["x = '# no' + \"'''\""]


def test_other_names_make_no_other_program():
    one = structure("for a in grid: b = b + a", STUB)
    assert one == structure("for row in grid: total = total + row", STUB)
    assert one != structure("for row in grid: total = row + total", STUB)
    assert one != structure("for row in rows: total = total + row", STUB)


@pytest.mark.parametrize("broken", ["'''", '"', "def (", "\\", "x = '''a\n", "\x00é⟨"])
def test_broken_code_is_no_obstacle(broken):
    assert isinstance(structure(broken, STUB), str)
    assert isinstance(code_lines(broken), list)


# --- what is shown --------------------------------------------------------------------------------


def test_a_long_solution_with_other_names_is_shown(compare):
    crowd = [hand(f"s{n}", long_walk(shift=n + 1)) for n in range(8)]
    ann = hand("ann", long_walk())
    bob = hand("bob", long_walk("s", "r", "c").replace("    s = 0", "    # mine\n    s = 0"))
    findings = compare(ann, bob, *crowd)
    assert names(findings) == {("ann", "bob")}
    (built,) = findings.pairs[0].built
    assert built.likeness == 1
    assert built.as_common == pytest.approx(1 / 45)
    assert built.typical < 0.85
    assert built.sources == (ann.answers["walk"], bob.answers["walk"])


def test_what_the_whole_class_writes_is_not_shown(compare):
    crowd = [hand(f"s{n}", long_walk(f"name{n}")) for n in range(12)]
    assert not [pair for pair in compare(*crowd).pairs if pair.built]


def test_short_solutions_are_all_alike(compare):
    short = STUB + "    total = 0\n" * LONG
    assert names(compare(hand("ann", short), hand("bob", short), *others())) == set()


def test_several_rare_things_are_shown_with_their_number(compare):
    text = "x + 1  # remember the odd corner case\n"
    ann = hand("ann", one=f"wombat = {text}")
    bob = hand("bob", one=f"wombat  =  {text}")
    findings = compare(ann, bob, *others(one="value = 1"))
    assert names(findings) == {("ann", "bob")}
    shared = {(s.kind, s.text, s.people) for s in findings.pairs[0].shared}
    assert shared == {("comment", "remember the odd corner case", 2), ("name", "wombat", 2)}


def test_one_rare_thing_is_not_enough(compare):
    ann, bob = hand("ann", one="wombat = 1"), hand("bob", one="wombat = 2")
    assert names(compare(ann, bob, *others())) == set()


def test_what_many_have_is_not_rare(compare):
    crowd = others(10, one="wombat = 1  # remember the odd corner case")
    assert names(compare(*crowd, *others(10))) == set()


def test_the_same_wrong_result_counts(compare):
    ann = hand("ann", one="wombat = 1", wrong="expected 1, got 0.7312")
    bob = hand("bob", one="wombat = 2", wrong="expected 1, got 0.7312")
    (pair,) = compare(ann, bob, *others(wrong="expected 1, got 5")).pairs
    assert {s.kind for s in pair.shared} == {"name", "wrong result"}


def test_words_of_the_course_and_attributes_are_nobodys(compare):
    text = "grid.wombat(numbers)  # Walk the grid (n, n).\n"
    assert names(compare(hand("ann", one=text), hand("bob", one=text), *others())) == set()


# --- where it is shown ----------------------------------------------------------------------------


def test_it_stands_in_the_report_and_in_no_grade_file(compare, tmp_path):
    crowd = [hand(f"s{n}", long_walk(shift=n + 1)) for n in range(8)]
    hands = (hand("ann", long_walk()), hand("bob", long_walk("s")), *crowd)
    cohort = Cohort("ps1", "Walking", ITEMS, hands)
    html = report.page([cohort], tmp_path, {"ps1": compare(*hands)})
    words = " ".join(re.sub(r"<[^>]*>", " ", html).split())
    assert "never a verdict" in words
    assert re.search(r"Ann and Bob walk : 100 % alike", words)
    for form in FORMATS:
        assert not re.search("alike|similar|walk", grade_file(form, [cohort]))
    without = report.page([cohort], tmp_path)
    assert "never a verdict" not in without
