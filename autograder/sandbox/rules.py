"""What a notebook may use while it is examined, and how one of its steps ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.results import Status


@dataclass(frozen=True)
class Rules:
    """What a notebook may use, and which tests are judged how."""

    cell_cpu: float = 5.0
    """CPU seconds of a student's cell, and of a call from a test."""
    notebook_cpu: float = 120.0
    """CPU seconds of all of them."""
    test_cpu: float = 30.0
    """CPU seconds of the examiner's own in one test."""
    patience: float = 5.0
    """Wall-clock seconds of a cell or call, beyond three times its CPU seconds."""
    cell_output: int = 400_000
    """Characters of one cell's outputs, images included."""
    notebook_output: int = 4_000_000
    not_for_proxies: frozenset[str] = frozenset()
    """Keys of tests that fail on their own reference: not graded."""
    in_process: bool = False
    """Run those in the student's process instead."""
    reveal: bool = False
    """Let messages of hidden parts out: for programs of the instructor's own, never a student's."""

    def proven(self, reference: Mapping[str, Outcome]) -> Rules:
        """With what the reference showed, by test: at least twenty times its time for everybody,
        and the tests that it cannot pass itself are not graded."""
        seconds = [outcome.seconds for outcome in reference.values()]
        failed = {key for key, o in reference.items() if o.status is not Status.PASSED}
        return replace(
            self,
            cell_cpu=max([self.cell_cpu, *(20 * s for s in seconds)]),
            notebook_cpu=max(self.notebook_cpu, 20 * sum(seconds)),
            not_for_proxies=frozenset(failed),
        )


@dataclass
class Outcome:
    """How one step ended. JSON-ready but for `status`."""

    outputs: list[Any] = field(default_factory=list)
    status: Status | None = None
    """Of tests only."""
    message: str = ""
    sealed: str = ""
    """The message without anything that depends on a hidden input."""
    kind: str | None = None
    raised: bool = False
    """Whether an exception ended a cell."""
    seconds: float = 0.0
    forgeable: bool = False
    trouble: str = ""
    """`time-out`, `crash` or `trick`: what an instructor should know."""

    @property
    def not_started(self) -> bool:
        """Whether the exercise is as it was handed out, found by a check and said in its words."""
        return self.status is Status.NOT_STARTED and self.kind == "not-started"

    @property
    def may_say_more(self) -> bool:
        """Whether a test failed in a way that another run, without hidden parts, can explain."""
        explained = (None, Status.PASSED, Status.NOT_GRADED)
        return self.status not in explained and not self.trouble
