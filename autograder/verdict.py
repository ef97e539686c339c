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
    """A test's result from both runs. Without proof that it ran and passed, no points."""
    hidden = cell.has_hidden and opened.status is Status.PASSED
    last = sealed if hidden else opened
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
        message=clean_text(last.sealed if hidden and not reveal else last.message),
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
