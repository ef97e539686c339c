"""The audit: green for a course whose tests are good; it names what slips through weak ones."""

import json

import pytest
from small_course import answer, graded, locked, notebook, write_source

from autograder.audit import audit, write_json
from autograder.cli import main
from autograder.variants import VariantsError

SETUP = """import numpy as np
import nnlib as nn
from autograder import check
exercise = check.lecture(nn, "cost")"""

STRONG_VISIBLE = '''"""cost: the mean over samples"""
with exercise("cost"):
    check.number("cost of four losses", cost(np.array([[0.5, 1.0, 1.5, 3.0]])), 1.5)'''
STRONG_HIDDEN = """    losses = check.rng("test_cost").normal(size=(1, 7))
    check.number("cost of seven losses", cost(losses), nn.cost(losses))
    check.unchanged("cost", cost, losses)"""

VARIANTS = '''"""Programs for a small lecture."""
from autograder.variants import right, wrong


@wrong("sums", says="m = 4")
def cost(losses):
    return np.sum(losses)


@wrong("the largest", says="expected 1.5")
def cost(losses):
    return np.max(losses)


@wrong("the one in the middle", says="expected 1.5")
def cost(losses):
    return np.median(losses)


@wrong("half of it", says="too small")
def cost(losses):
    return np.mean(losses) / 2


@right("by hand")
def cost(losses):
    return sum(losses[0]) / losses.shape[1]
'''


def course(root, hidden="", variants=VARIANTS):
    source = notebook(
        locked(SETUP, "setup"),
        answer("cost", "def cost(losses):\n    return np.mean(losses)"),
        graded("test_cost", STRONG_VISIBLE, 5, hidden=hidden),
    )
    made = write_source(root, source)
    if variants is not None:
        (root / "source" / "ps1" / "variants.py").write_text(variants)
    return made


@pytest.fixture(scope="module")
def strong(tmp_path_factory):
    made = course(tmp_path_factory.mktemp("strong"), STRONG_HIDDEN)
    return audit(made, "ps1", workers=1)


@pytest.fixture(scope="module")
def weak(tmp_path_factory):
    """Only the visible part: whoever knows it passes."""
    wrong = VARIANTS.replace('says="m = 4"', 'says="a word that nobody says"')
    return audit(course(tmp_path_factory.mktemp("weak"), variants=wrong), "ps1", workers=1)


def test_good_tests_are_green(strong):
    assert [f"{f.candidate.description}: {f.fault}" for f in strong.survivors] == []
    assert strong.green


def test_every_kind_of_candidate_was_tried(strong):
    assert {kind: len(strong.of("cost", kind)) > 0 for kind in ("cheat", "mutant")} == {
        "cheat": True,
        "mutant": True,
    }
    assert (len(strong.of("cost", "wrong")), len(strong.of("cost", "right"))) == (4, 1)


@pytest.mark.parametrize(
    "cheat",
    [
        "returns 0",
        "zeros of the right shape",
        "overwrites its arguments with zeros",
        "knows the answers of the visible part by heart",
        "calls nnlib by its alias",
        "imports nnlib's own by name",
        "finds nnlib's own by importlib",
        "kept nnlib's own from before",
        "returns an object that is equal to everything",
    ],
)
def test_a_cheat_is_made_and_refused(strong, cheat):
    (finding,) = [f for f in strong.of("cost", "cheat") if f.candidate.description == cheat]
    assert sum(test.score for test in finding.tests) == 0


def test_the_library_is_named_as_the_reason(strong):
    (finding,) = [
        f for f in strong.of("cost", "cheat") if f.candidate.description == "is nnlib's own"
    ]
    assert {test.kind for test in finding.tests} == {"used-library"}


def test_weak_tests_let_the_visible_answer_through(weak):
    survivors = {f.candidate.description for f in weak.survivors}
    assert "returns the first answer of the visible part" in survivors
    assert not weak.green


def test_a_message_that_nobody_says_is_a_fault(weak):
    (finding,) = [f for f in weak.of("cost", "wrong") if f.candidate.description == "sums"]
    assert "nobody says" in finding.fault


def test_findings_can_be_read_by_machines(strong, tmp_path):
    write_json([strong], tmp_path / "audit.json")
    (read,) = json.loads((tmp_path / "audit.json").read_text())
    assert read["green"] is True
    assert len(read["findings"]) == len(strong.findings)


EQUIVALENT = """
from autograder.equivalence import equivalent


@equivalent("cost", {change!r}, because="it is said so")
def inputs(rng):
    return (rng.normal(size=(1, 5)),)
"""


def faults(root, change):
    made = course(root, STRONG_HIDDEN, VARIANTS + EQUIVALENT.format(change=change))
    return audit(made, "ps1", workers=1).faults


def test_a_false_equivalence_is_found_out(tmp_path):
    change = "return np.mean(losses) → return np.sum(losses)"
    assert any("not equivalent after all" in fault for fault in faults(tmp_path, change))


def test_an_equivalence_of_no_mutant_is_said(tmp_path):
    assert any("no mutant is called" in fault for fault in faults(tmp_path, "x → y"))


def test_broken_variants_are_said_with_their_place(tmp_path):
    made = course(tmp_path, STRONG_HIDDEN, "def broken(:\n")
    with pytest.raises(VariantsError, match=r"variants\.py, line 1"):
        audit(made, "ps1", workers=1)


def test_the_command_line_prints_survivors_and_exits_with_1(tmp_path, capsys):
    made = course(tmp_path, "", None)
    assert main(["audit", "--course", str(made.root), "--workers", "1"]) == 1
    shown = capsys.readouterr().out
    assert "returns the first answer of the visible part" in shown
    assert "cheats" in shown
