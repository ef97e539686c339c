"""A graded notebook as its student meets it: exercise by exercise, with results and own work.

Nothing here judges: scores come from the gradebook and the tests' results, words from the checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from autograder import shown
from autograder.results import Status, TestResult

MOST_COLOURED = 24_000
"""Characters of code on one page that are highlighted; the rest of a huge page stays plain."""


@dataclass(frozen=True)
class Row:
    """The gradebook's row of one cell; `None` where it holds no such score."""

    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    comment: str = ""

    @property
    def score(self) -> float | None:
        """An instructor's score counts before the automatic one; extra credit comes on top."""
        given = self.auto if self.manual is None else self.manual
        return given if given is None else given + self.extra


@dataclass(frozen=True)
class Scores:
    """What the gradebook holds about one notebook of one student."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    """By grade_id; solution cells are there as well, for their comments."""
    name: str = ""
    """The student's name as a person writes it."""
    late_seconds: float = 0.0
    penalty: float = 0.0


@dataclass(frozen=True)
class Look:
    """How a result is told: a word, and the shape that is drawn beside it."""

    word: str
    shape: str


PASSED = Look("passed", "passed")
PARTLY = Look("partly", "partly")
NOT_YET = Look("not yet", "not-yet")
NOT_STARTED = Look("not started", "not-started")
NOT_GRADED = Look("not graded", "not-graded")

_LOOKS = {
    Status.PASSED: PASSED,
    Status.FAILED: NOT_YET,
    Status.NOT_STARTED: NOT_STARTED,
    Status.TIMED_OUT: Look("out of time", "not-yet"),
    Status.CRASHED: Look("crashed", "not-yet"),
    Status.NOT_GRADED: NOT_GRADED,
    Status.NOT_RELEASED: NOT_GRADED,
}

_HELP = {
    Status.FAILED: "This check did not pass.",
    Status.TIMED_OUT: "Your code was still running when its time was up. Look for a loop that "
    "never ends, or for a loop that could be one operation on whole arrays.",
    Status.CRASHED: "Python itself ended while your code ran, so there was nothing left to check. "
    "Look for a call such as exit(), or for a very large array.",
    Status.NOT_GRADED: "No score could be given here. This costs you nothing.",
    Status.NOT_RELEASED: "Your notebook does not have this check. This costs you nothing.",
}


@dataclass(frozen=True)
class Check:
    """One test cell, or one answer that a person grades."""

    title: str
    look: Look
    points: float
    row: Row
    passages: tuple[shown.Passage, ...] = ()
    hidden: bool = False
    repeats: bool = False
    """True where the check before it says the same."""
    grade_id: str = ""

    @property
    def score(self) -> float | None:
        return self.row.score

    @property
    def earned(self) -> float:
        """The part of its points, 0 to 1."""
        return min(1.0, max(0.0, (self.score or 0.0) / self.points)) if self.points else 0.0


@dataclass(frozen=True)
class Work:
    """What the student wrote in a solution cell, and what the cell then showed."""

    code: tuple[Markup, ...] = ()
    written: str = ""
    output: str = ""
    figures: tuple[shown.Figure, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise: its checks, the student's work, comments, and where to read again."""

    name: str
    sections: tuple[str, ...]
    """The headings above it, without the lecture's title and its own."""
    checks: tuple[Check, ...]
    work: Work
    comments: tuple[str, ...] = ()

    @cached_property
    def graded(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.score is not None)

    @cached_property
    def score(self) -> float:
        return sum(check.score or 0.0 for check in self.graded)

    @cached_property
    def points(self) -> float:
        """The points of its checks, graded or not."""
        return sum(check.points for check in self.checks)

    @cached_property
    def possible(self) -> float:
        """The points of the checks that have a score."""
        return sum(check.points for check in self.graded)

    @property
    def open(self) -> float:
        """The points that are still to be had."""
        return max(0.0, self.possible - self.score)

    @property
    def earned(self) -> float:
        """The part of its points, 0 to 1."""
        return min(1.0, max(0.0, self.score / self.points)) if self.points else 0.0

    @property
    def passed(self) -> int:
        """How many of its checks have all their points."""
        return sum(check.earned >= 1 for check in self.graded)

    @cached_property
    def look(self) -> Look:
        if not self.graded:
            return NOT_GRADED
        if self.score >= self.possible and len(self.graded) == len(self.checks):
            return PASSED
        if self.score > 0:
            return PARTLY
        if all(check.look == NOT_STARTED for check in self.graded):
            return NOT_STARTED
        return NOT_YET


def review(cells: Iterable[Mapping[str, Any]], scores: Scores) -> tuple[Exercise, ...]:
    """The exercises of a graded notebook, in its order."""
    drafts: dict[str, _Draft] = {}
    for cell, sections in _under_headings(cells):
        grading = cell["metadata"].get("nbgrader", {})
        if not any(grading.get(role) for role in ("grade", "solution", "task")):
            continue
        result = _result(cell)
        name = result.exercise if result else grading["grade_id"]
        draft = drafts.setdefault(name, _Draft(name, sections))
        draft.add(cell, result, scores.rows.get(grading["grade_id"]))
    budget = MOST_COLOURED
    exercises = []
    for draft in drafts.values():
        if draft.checks:
            exercises.append(draft.finish(coloured=budget > 0))
            budget -= draft.characters
    return tuple(exercises)


@dataclass
class _Draft:
    """An exercise while its cells are being read."""

    name: str
    sections: tuple[str, ...]
    checks: list[Check] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    answer: Mapping[str, Any] | None = None

    def add(self, cell: Mapping[str, Any], result: TestResult | None, row: Row | None) -> None:
        """One more cell of this exercise."""
        grading = cell["metadata"]["nbgrader"]
        if grading.get("solution") or grading.get("task"):
            self.answer = cell
        if result:
            self.checks.append(_tested(result, row))
        elif grading.get("grade") or grading.get("task"):
            points = float(grading.get("points", 0) or 0)
            self.checks.append(_judged(points, row or Row()))
        if row and row.comment.strip():
            self.comments.append(shown.plain(row.comment).strip())

    @property
    def characters(self) -> int:
        return len(self.answer["source"]) if self.answer else 0

    def finish(self, coloured: bool) -> Exercise:
        """The exercise; work is left out where there is nothing to say about it."""
        checks = [
            replace(check, repeats=bool(check.passages) and check.passages == before.passages)
            for before, check in pairwise([Check("", NOT_YET, 0, Row()), *self.checks])
        ]
        name = shown.plain(self.name, 200)
        own = len(self.sections) > 1 and name in self.sections[-1]  # its own heading
        sections = self.sections[:-1] if own else self.sections
        bare = Exercise(name, sections, tuple(checks), Work(), tuple(self.comments))
        silent = bare.look in (PASSED, NOT_STARTED) and not bare.comments
        if silent or self.answer is None:
            return bare
        return replace(bare, work=_work(self.answer, coloured))


def _result(cell: Mapping[str, Any]) -> TestResult | None:
    data = cell["metadata"].get("autograder")
    return TestResult.from_metadata(data) if data else None


def _tested(result: TestResult, row: Row | None) -> Check:
    """A test cell's line. Its points are the gradebook's where the gradebook has any."""
    row = row or Row(auto=result.score)
    look = _LOOKS[result.status]
    full = result.points > 0 and row.score is not None and row.score >= result.points
    if full:
        look = PASSED
    elif look != NOT_GRADED and (row.score or 0.0) > 0:
        look = PARTLY
    message = "" if full else result.message.strip() or _HELP.get(result.status, "")
    return Check(
        shown.plain(result.title.removeprefix(f"{result.exercise}: "), 300),
        look,
        result.points,
        row,
        shown.passages(message),
        result.hidden and not full,
        grade_id=result.grade_id,
    )


def _judged(points: float, row: Row) -> Check:
    """The line of an answer that a person grades."""
    if row.score is None:
        waiting = "Your instructor has not graded this answer yet."
        return Check("your answer", NOT_GRADED, points, row, shown.passages(waiting))
    if row.score >= points:
        return Check("your answer", PASSED, points, row)
    unanswered = row.manual is None and not row.score
    look = PARTLY if row.score > 0 else NOT_STARTED if unanswered else NOT_YET
    return Check("your answer", look, points, row)


def _work(cell: Mapping[str, Any], coloured: bool) -> Work:
    if cell["cell_type"] != "code":
        return Work(written=shown.plain(cell["source"], shown.LONGEST_CODE).strip("\n"))
    outputs = cell.get("outputs", ())
    lines = shown.code(cell["source"]) if coloured else shown.uncoloured(cell["source"])
    return Work(lines, "", shown.output_text(outputs), shown.figures(outputs))


_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$")
_MARKUP = re.compile(r"<[^>]*>|[*`]|!?\[|\]\([^)]*\)")


def headings(cell: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Level and text of each heading in a markdown cell."""
    if cell["cell_type"] != "markdown" or "#" not in cell["source"]:
        return
    fenced = False
    for line in cell["source"][: shown.LONGEST_CODE].split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if not fenced and len(line) < 300 and (found := _HEADING.match(line)):
            yield len(found[1]), shown.plain(_MARKUP.sub("", found[2])).strip()


def _under_headings(
    cells: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """Each cell with the headings of level 2 and deeper that it stands under."""
    path: list[tuple[int, str]] = []
    for cell in cells:
        for level, text in headings(cell):
            path = [(above, title) for above, title in path if above < level]
            path.append((level, text))
        yield cell, tuple(title for level, title in path if level > 1)
