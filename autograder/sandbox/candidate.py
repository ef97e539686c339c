"""The student's side of an examination: a process that can end at any moment, and be replaced."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from typing import Any

from autograder.graded import clean_output
from autograder.names import only_functions
from autograder.results import Status
from autograder.sandbox.failures import StudentDied, StudentLied, StudentTimeOut
from autograder.sandbox.remote import Remote
from autograder.sandbox.rules import Outcome, Rules
from autograder.sandbox.watch import Deadline

PAUSE = 0.25
"""Seconds, after a process has ended for no reason that can be seen."""


class Candidate:
    """One life of the student's process, replaced and brought up to date when it ends."""

    def __init__(self, birth: Callable[[], Remote], rules: Rules, sealed: bool) -> None:
        self._sealed = sealed
        self._birth = birth
        self._rules = rules
        self._remote: Remote | None = None
        self.tested = False
        """Whether a test has called functions of this process, which may have effects later."""
        self._done: list[str] = []
        self._output_left = rules.notebook_output
        self._spent = 0.0
        self._spending = 0.0
        self._settled = 0.0

    @property
    def remote(self) -> Remote:
        """A living process in which all earlier cells have run. Raises `NotebookTimeOut` when the
        notebook has used up its time."""
        self._look_at_time()
        if self._remote is None:
            try:
                self._remote = self._replayed()
            except ENDS:
                self._leave_out_late_ends()
        return self._remote or self._replayed()

    def _look_at_time(self) -> None:
        if self._spent + self._spending > self._rules.notebook_cpu:
            raise NotebookTimeOut

    def _new(self) -> Remote:
        remote = self._birth()
        remote.deadline = Deadline(self._rules.cell_cpu, self._rules.patience)
        return remote

    def _replayed(self) -> Remote:
        """A new process in which the earlier cells have run."""
        remote = self._new()
        for source in self._done:
            remote.run(source, 0)
        return remote

    def _leave_out_late_ends(self) -> None:
        """Bring a new process up to date slowly, and leave out the cells that end it: each gets the
        time to show what it has left running."""
        self._remote = None
        while self._remote is None:
            self._look_at_time()
            remote = self._new()
            for number, source in enumerate(self._done):
                try:
                    remote.run(source, 0)
                    _wait_and_ask(remote)
                except ENDS:
                    del self._done[number]
                    self.lose()
                    break
            else:
                self._remote = remote

    @property
    def end(self) -> BaseException | None:
        """How the process has ended, if it has; a test may have caught the exception."""
        found = self._remote.end if self._remote is not None else None
        return found if isinstance(found, ENDS) else None

    def deserves_another_try(self, end: BaseException | None) -> bool:
        """Whether something else than what ran last may have caused its trouble: another exercise's
        test in the same process, or what an earlier cell left running. Then the process is new.
        Without an `end`, the trouble is a want of memory, files or threads."""
        if end is None and (self._remote is None or not self._remote.exhausted):
            return False
        tested = self.tested
        if end is not None or tested:
            self.lose()
        if tested or end is None or isinstance(end, StudentTimeOut):
            return tested
        cells = len(self._done)
        try:
            _wait_and_ask(self.remote)
        except NotebookTimeOut:
            return False
        except ENDS:
            self._leave_out_late_ends()
        return len(self._done) < cells

    def run(self, source: str) -> Outcome:
        """Run one cell of the student's. A cell that kills the process is left out from then on."""
        budget = 0 if self._sealed else min(self._rules.cell_output, self._output_left)
        try:
            if only_functions(source):
                self.remote.run_later(source)
                self._done.append(source)
                return Outcome()
            outputs, error = self.remote.run(source, budget)
            self._look()  # a disk that is too full, and a cell that answers for itself, are found
            self.remote.ping()  # out here, not in the next one
        except ENDS as end:
            if self.deserves_another_try(end):
                return self.run(source)
            words = error_output(*_LAST_WORDS[type(end)])
            return Outcome([words], raised=True, trouble=TROUBLE[type(end)])
        kept, size = _within(outputs, budget)
        self._output_left -= size
        self._done.append(source)
        return Outcome(kept, raised=error is not None)

    def settle(self) -> None:
        """Note now and then what the process has used so far."""
        if time.monotonic() - self._settled >= 0.25:
            self._look()

    def _look(self) -> None:
        self._settled = time.monotonic()
        if self._remote is not None and math.isfinite(used := self._remote.cpu()):
            self._spending = used

    def lose(self) -> None:
        """The process is gone."""
        self._spent += self._spending + self._rules.cell_cpu
        self._spending = 0.0
        self._remote, self.tested = None, False


def _wait_and_ask(remote: Remote) -> None:
    """Give what runs in the background the time to end the process, and see whether it has."""
    time.sleep(PAUSE)
    remote.cpu()
    remote.ping()


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
