"""What grading one notebook yields: plain frozen data that can cross processes and machines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """How one test cell ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_STARTED = "not started"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    NOT_GRADED = "not graded"
    NOT_RELEASED = "not released"


@dataclass(frozen=True)
class TestResult:
    """One test cell: `score` is None where no score may be given (never a silent 0)."""

    __test__ = False  # it is not a test of pytest's

    grade_id: str
    exercise: str
    title: str
    points: float
    score: float | None
    status: Status
    message: str = ""
    """What the student may read: no hidden code, no hidden input."""
    kind: str | None = None
    """The diagnosis' id, see `autograder.check.diagnose`."""
    hidden: bool = False
    """True where the visible part passed and the hidden part did not."""
    forgeable: bool = False
    """True where the test ran in the student's process (`--in-process`)."""

    def as_metadata(self) -> dict[str, Any]:
        """The same as JSON-ready data, as it is kept in the graded notebook's cell metadata."""
        return dict(vars(self))

    @classmethod
    def from_metadata(cls, data: dict[str, Any]) -> TestResult:
        """Inverse of `as_metadata`."""
        return cls(**{**data, "status": Status(data["status"])})


@dataclass(frozen=True)
class Event:
    """Something an instructor should know: a repair, a time-out, a trick."""

    kind: str
    """`repaired`, `edited`, `time-out`, `crash`, `trick`, `unreadable` or `missing`."""
    detail: str
    cell: str | None = None


@dataclass(frozen=True)
class Graded:
    """One graded notebook. `notebook` is its JSON text, safe to show to its student."""

    student: str
    assignment: str
    name: str
    """The notebook's name, without suffix."""
    tests: tuple[TestResult, ...]
    events: tuple[Event, ...]
    notebook: str
    seconds: float
    unanswered: frozenset[str] = frozenset()
    """The grade_ids of answers that are as they were released."""
    unfinished: bool = False
    """True where the grader, not the student, is why something has no score: the next run tries
    it again."""

    @property
    def unscored(self) -> bool:
        """Whether there are tests and none of them has a score."""
        return bool(self.tests) and all(test.score is None for test in self.tests)

    @property
    def score(self) -> float:
        return sum(test.score or 0.0 for test in self.tests)

    @property
    def max_score(self) -> float:
        return sum(test.points for test in self.tests if test.score is not None)
