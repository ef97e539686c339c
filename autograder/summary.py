"""What grading a class did: for the closing table, and as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.results import Graded, TestResult


@dataclass
class Summary:
    """What a run of `grade_course` did. It stays small however large the class: of a graded
    notebook it keeps verdicts and events, and equal verdicts once."""

    assignment: str
    points: dict[str, float] = field(default_factory=dict)
    """Points by exercise."""
    graded: list[Graded] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Students whose work was graded before and is the same."""
    directory: Path = Path()
    _known: dict[TestResult, TestResult] = field(default_factory=dict, repr=False)

    @property
    def max_score(self) -> float:
        return sum(self.points.values())

    def add(self, graded: Graded) -> None:
        """Keep what the table needs: no notebook, no messages."""
        brief = (replace(test, message="") for test in graded.tests)
        tests = tuple(self._known.setdefault(test, test) for test in brief)
        self.graded.append(replace(graded, notebook="", tests=tests))

    def by_student(self) -> dict[str, list[Graded]]:
        """Everybody graded in this run, in order."""
        found: dict[str, list[Graded]] = {}
        for graded in sorted(self.graded, key=lambda g: (g.student, g.name)):
            found.setdefault(graded.student, []).append(graded)
        return found


def exercise_scores(graded: Iterable[Graded]) -> dict[str, float | None]:
    """Points by exercise; None where a test of it could not be scored."""
    scores: dict[str, float | None] = {}
    for test in (test for one in graded for test in one.tests):
        known = scores.get(test.exercise, 0.0)
        scores[test.exercise] = None if known is None or test.score is None else known + test.score
    return scores


def as_json(summaries: Sequence[Summary]) -> str:
    """The summaries for other programs: a score of null is *not graded*, never a 0."""
    data = {
        "format": 1,
        "autograder": __version__,
        "assignments": [_assignment(summary) for summary in summaries],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _assignment(summary: Summary) -> dict[str, Any]:
    return {
        "assignment": summary.assignment,
        "points": summary.points,
        "graded": [_student(name, found) for name, found in summary.by_student().items()],
        "unchanged": summary.unchanged,
    }


def _student(name: str, found: list[Graded]) -> dict[str, Any]:
    scores = exercise_scores(found)
    given = [score for score in scores.values() if score is not None]
    return {
        "student": name,
        "score": sum(given) if given else None,
        "exercises": scores,
        "tests": {
            test.grade_id: {"score": test.score, "status": test.status, "kind": test.kind}
            for one in found
            for test in one.tests
        },
        "events": [
            {"notebook": one.name, "kind": event.kind, "cell": event.cell, "detail": event.detail}
            for one in found
            for event in one.events
        ],
        "seconds": round(sum(one.seconds for one in found), 4),
    }
