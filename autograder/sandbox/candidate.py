"""The student's side of an examination: a process that can end at any moment, and be replaced."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any

from autograder.graded import clean_output
from autograder.results import Status
from autograder.sandbox.failures import StudentDied, StudentLied, StudentTimeOut
from autograder.sandbox.remote import Deadline, Remote
from autograder.sandbox.rules import Outcome, Rules


class Candidate:
    """One life of the student's process, replaced and brought up to date when it ends."""

    def __init__(self, birth: Callable[[], Remote], rules: Rules, sealed: bool) -> None:
        self._sealed = sealed
        self._birth = birth
        self._rules = rules
        self._remote: Remote | None = None
        self._done: list[str] = []
        self._output_left = rules.notebook_output
        self._spent = 0.0
        self._spending = 0.0
        self._settled = 0.0

    @property
    def remote(self) -> Remote:
        """A living process in which all earlier cells have run. Raises `NotebookTimeOut` when the
        notebook has used up its time."""
        if self._spent + self._spending > self._rules.notebook_cpu:
            raise NotebookTimeOut
        if self._remote is None:
            self._remote = self._birth()
            self._remote.deadline = Deadline(self._rules.cell_cpu, self._rules.patience)
            for source in self._done:
                self._remote.run(source, 0)
        return self._remote

    def run(self, source: str) -> Outcome:
        """Run one cell of the student's. A cell that kills the process is left out from then on."""
        budget = 0 if self._sealed else min(self._rules.cell_output, self._output_left)
        try:
            outputs, error = self.remote.run(source, budget)
            self.remote.close()  # a cell that answers for itself is found out here, not in the next
        except ENDS as end:
            self.lose()
            words = error_output(*_LAST_WORDS[type(end)])
            return Outcome([words], raised=True, trouble=TROUBLE[type(end)])
        kept, size = _within(outputs, budget)
        self._output_left -= size
        self._done.append(source)
        self.settle()
        return Outcome(kept, raised=error is not None)

    def settle(self) -> None:
        """Note now and then what the process has used so far."""
        now = time.monotonic()
        if self._remote is None or now - self._settled < 0.25:
            return
        self._settled = now
        if math.isfinite(used := self._remote.cpu()):
            self._spending = used

    def lose(self) -> None:
        """The process is gone."""
        self._spent += self._spending + self._rules.cell_cpu
        self._spending = 0.0
        self._remote = None


def _within(outputs: list[Any], budget: int) -> tuple[list[Any], int]:
    """The outputs that fit into so many characters, cleaned, and their size. The student's process
    keeps to its budget only if it is honest."""
    kept: list[Any] = []
    total = 0
    for output in outputs:
        clean = clean_output(output)
        if clean is None:
            continue
        total += len(json.dumps(clean))
        if total > budget + 200:
            text = "\n[more output than is kept: the rest is left out]\n"
            kept.append({"output_type": "stream", "name": "stderr", "text": text})
            return kept, budget
        kept.append(clean)
    return kept, total


class NotebookTimeOut(StudentTimeOut):
    """All the notebook's time is used up."""


ENDS = (StudentTimeOut, StudentDied, StudentLied)
"""How a student's process can end in the middle of a request."""

TROUBLE = {
    StudentTimeOut: "time-out",
    NotebookTimeOut: "time-out",
    StudentDied: "crash",
    StudentLied: "trick",
}
_LAST_WORDS = {
    StudentTimeOut: ("TimeoutError", "this cell did not finish in time and was stopped"),
    NotebookTimeOut: ("TimeoutError", "the notebook had used up its time before this cell"),
    StudentDied: ("RuntimeError", "this cell ended the Python process, or used too much memory"),
    StudentLied: ("RuntimeError", "this cell broke the connection to the grader"),
}
VERDICTS = {
    StudentTimeOut: (Status.TIMED_OUT, "your function did not finish in time: an endless loop?"),
    NotebookTimeOut: (Status.TIMED_OUT, "the notebook had used up its time before this test"),
    StudentDied: (
        Status.CRASHED,
        "your function ended the Python process (exit, too much memory or too deep a recursion)",
    ),
    StudentLied: (Status.FAILED, "your function sent the grader something it cannot read"),
}


def error_output(name: str, text: str) -> dict[str, Any]:
    """An exception as a notebook's output."""
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
