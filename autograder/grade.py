"""Grading one notebook: bytes and a source in, scores, events and a graded notebook out.

`Bench.grade` is the pure unit that everything parallel maps. It reads the submission, restores it,
lets an examiner (a fork, confined) run it against a student process, and puts the parts together.
"""

from __future__ import annotations

import contextlib
import gc
import json
import math
import os
import select
import signal
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import check
from autograder.errors import NoAssignment, NotSafe
from autograder.graded import compose
from autograder.restore import Restored, Step, restore
from autograder.results import Event, Graded, Status, TestResult
from autograder.sandbox import jail
from autograder.sandbox.channel import Closed
from autograder.sandbox.examiner import warm
from autograder.sandbox.libc import die_with_parent, not_dumpable
from autograder.sandbox.rules import Outcome, Rules
from autograder.sandbox.runs import examine
from autograder.sandbox.zygote import Zygote
from autograder.source import SourceNotebook
from autograder.submission import MAX_BYTES, read_notebook
from autograder.verdict import verdict


@dataclass(frozen=True)
class Job:
    """One submitted notebook to grade."""

    student: str
    assignment: str
    notebook: str
    path: Path = Path()
    data: bytes | None = None
    """The notebook itself, where it is in no file."""
    only: frozenset[str] | None = None
    """Keys of the tests to run; all when None."""
    said: tuple[Event, ...] = ()
    """What there is to say of its file, where that was found out elsewhere."""

    def read(self) -> bytes:
        """The submitted bytes."""
        if self.data is not None:
            return self.data
        with self.path.open("rb") as file:
            return file.read(MAX_BYTES + 1)


@dataclass(frozen=True)
class Examined:
    """Both runs of a notebook, an outcome a step."""

    opened: list[Outcome]
    sealed: list[Outcome]


class Bench:
    """A place to grade one source notebook's submissions, in one process, one after another."""

    def __init__(
        self,
        notebook: SourceNotebook,
        files: Path | None = None,
        *,
        slot: int = 0,
        limits: jail.Limits = jail.Limits(),
        rules: Rules = Rules(),
        secret: str = check.PUBLIC,
        unsafe: bool = False,
    ) -> None:
        limits = replace(limits, cpu=max(limits.cpu, math.ceil(rules.notebook_cpu)))
        self.notebook = notebook
        self._secret = secret
        self._files = files
        self._slot = slot
        self._limits = limits
        self._rules = rules
        self._unsafe = unsafe
        self._zygote: Zygote | None = self._new_zygote()  # warms up while this process does
        self._confinement = jail.Confinement.prepare(
            limits, jail.unused_id(slot) + 1, messages=True
        )
        _warm_here(notebook, files)

    @property
    def zygote(self) -> Zygote:
        """The living zygote. Raises `NotSafe` where the sandbox's minimum is missing."""
        if self._zygote is None:
            self._zygote = self._new_zygote()
        layers = self._zygote.layers
        missing = jail.missing(layers)
        if missing and not self._unsafe:
            self.close()
            raise NotSafe(
                f"this machine's sandbox lacks {', '.join(missing)}: "
                f"it has {', '.join(k for k, held in layers.items() if held)}. "
                "`autograder doctor` says what to do; --unsafe is for work you trust"
            )
        return self._zygote

    def _new_zygote(self) -> Zygote:
        return Zygote(
            self.notebook.warm, self._files, self._slot, self._limits, safe=not self._unsafe
        )

    @property
    def layers(self) -> dict[str, bool]:
        """The sandbox's layers on this machine: True where a try confirmed them."""
        return self.zygote.layers

    def close(self) -> None:
        """End the zygote."""
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None

    def grade(
        self,
        student: str,
        assignment: str,
        data: bytes,
        only: frozenset[str] | None = None,
        said: Iterable[Event] = (),
    ) -> Graded:
        """Grade a submitted notebook, or of its tests `only` some; `said` are events of its file.
        Raises `BrokenNotebook` when it cannot be read."""
        start = time.monotonic()
        submitted, events = read_notebook(data)
        restored = restore(submitted, self.notebook)
        restored.events[:0] = [*said, *events]
        if only is not None:
            restored.leave_out(only)
        tests, outputs, finished = self._judge(restored)
        about = {
            "student": student,
            "assignment": assignment,
            "secret": check.secret_hash(self._secret),
            "events": [vars(event) for event in restored.events],
        }
        text = compose(restored.steps, outputs, tests, about)
        return Graded(
            student,
            assignment,
            self.notebook.name,
            tuple(tests.values()),
            tuple(restored.events),
            text,
            time.monotonic() - start,
            restored.unanswered,
            unfinished=not finished,
        )

    def examine_reference(self) -> dict[str, Outcome]:
        """The source's own answers under its own tests, hidden parts included, by key."""
        steps = restore({"cells": self.notebook.answers}, self.notebook).steps
        examined = self._examine(steps)
        if examined is None:
            raise NoAssignment(f"the source {self.notebook.path} could not be run to its end")
        return {
            step.cell.key: outcome
            for step, outcome in zip(steps, examined.sealed, strict=True)
            if step.kind == "test" and step.cell is not None
        }

    def prove(self) -> None:
        """Grade the reference: it shows how long things take, and which tests its own answers
        cannot pass through proxies. From then on the rules allow for both."""
        self._rules = self._rules.proven(self.examine_reference())
        if self._rules.notebook_cpu > self._limits.cpu:
            self._limits = replace(self._limits, cpu=math.ceil(self._rules.notebook_cpu))
            self.close()

    @property
    def rules(self) -> Rules:
        return self._rules

    def _judge(self, restored: Restored) -> tuple[dict[str, TestResult], list[list[Any]], bool]:
        """The verdicts by key, each step's outputs, and whether the examiner came to its end."""
        examined = self._examine(restored.steps) or self._examine(restored.steps)
        finished = examined is not None
        if examined is None:
            restored.events.append(Event("crash", "the examiner did not finish: not graded"))
            nothing = [Outcome() for _ in restored.steps]
            examined = Examined(nothing, nothing)
        results = {}
        runs = zip(restored.steps, examined.opened, examined.sealed, strict=True)
        for step, opened, closed in runs:
            for outcome in (opened, closed):
                if outcome.trouble:
                    label = step.cell.label if step.cell else None
                    event = Event(outcome.trouble, outcome.message, label)
                    restored.events += [] if event in restored.events else [event]
            if step.kind == "test" and step.cell is not None:
                gone = step.cell.exercise in restored.missing and step.cell.key in restored.absent
                results[step.cell.key] = verdict(
                    step.cell, opened, closed, released=not gone, reveal=self._rules.reveal
                )
        return results, [outcome.outputs for outcome in examined.opened], finished

    def _examine(self, steps: list[Step]) -> Examined | None:
        """Run the steps in a confined fork of this process; None when it, or the zygote, did not
        come to the end: then the zygote is new the next time."""
        zygote = self.zygote
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            self._be_examiner(zygote, steps, write)
        os.close(write)
        try:
            data = _read_all(read, 6 * self._rules.notebook_cpu + 60)
        finally:
            os.close(read)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        try:
            opened, sealed = json.loads(data)
        except ValueError:
            self.close()
            return None
        try:
            zygote.clear()
        except Closed:
            self.close()
        return Examined([_outcome(o) for o in opened], [_outcome(o) for o in sealed])

    def _be_examiner(self, zygote: Zygote, steps: list[Step], write: int) -> None:
        try:
            gc.freeze()  # what the grader holds is looked through, and so copied, no more
            die_with_parent()
            not_dumpable()
            if not self._unsafe:
                self._confinement.apply()
            os.environ[check.VARIABLE] = self._secret
            data = json.dumps(examine(self.notebook, steps, zygote, self._rules)).encode()
            while data:
                data = data[os.write(write, data) :]
        finally:
            os._exit(0)


def _outcome(data: dict[str, Any]) -> Outcome:
    status = data.pop("status")
    return Outcome(**data, status=None if status is None else Status(status))


def _read_all(fd: int, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    parts = []
    while select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(fd, 1 << 20)
        if not part:
            break
        parts.append(part)
    return b"".join(parts)


def _warm_here(notebook: SourceNotebook, files: Path | None) -> None:
    """Import here what the lecture's cells need, before an examiner closes the disk."""
    back = os.getcwd()
    os.chdir(files or tempfile.gettempdir())
    try:
        warm(notebook)
    finally:
        os.chdir(back)
