"""A test's result from what its two runs say. Fails closed: no points without a proof."""

from __future__ import annotations

import contextlib

from autograder.graded import clean_text
from autograder.results import Status, TestResult
from autograder.sandbox.rules import Outcome
from autograder.source import SourceCell


def verdict(
    cell: SourceCell, opened: Outcome, sealed: Outcome, *, released: bool, reveal: bool = False
) -> TestResult:
    """A test's result: the sealed run judges, and where it failed, the open run explains if it can.
    Without proof that the whole test ran and passed, no points."""
    explained = sealed.may_say_more and opened.status not in (None, Status.PASSED)
    last = opened if explained else sealed
    hidden = cell.has_hidden and sealed.may_say_more and not explained
    status = last.status or Status.NOT_GRADED
    score: float | None = 0.0
    if not released:
        status = Status.NOT_RELEASED
    if status in (Status.NOT_RELEASED, Status.NOT_GRADED):
        score = None
    elif status is Status.PASSED:
        score = _credit(cell.points, last)
    return TestResult(
        cell.grade_id,
        cell.exercise,
        cell.title,
        cell.points,
        score,
        status,
        message=clean_text(last.message if explained or reveal else last.sealed),
        kind=last.kind,
        hidden=hidden and status is not Status.PASSED,
        forgeable=last.forgeable,
    )


def _credit(points: float, outcome: Outcome) -> float:
    """Full points, or nbgrader's partial credit: the number that ends the test cell."""
    for output in outcome.outputs:
        if output["output_type"] == "execute_result":
            with contextlib.suppress(ValueError):
                return min(points, max(0.0, float(output["data"]["text/plain"])))
    return points
