"""A trial of one layer: a child puts it on and then tries what it forbids. Before that it does the
same without the layer, so that a refusal means something.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox.libc import JailError

Step = Callable[[], object]


@dataclass(frozen=True)
class Trial:
    """One layer: how it is put on, and what must work before and be refused after."""

    layer: str
    forbids: str
    """What it forbids, in words."""
    put_on: Step
    attempts: tuple[Step, ...]


@dataclass(frozen=True)
class Finding:
    """What came of a trial."""

    layer: str
    forbids: str
    state: str
    """`holds`, `already` (forbidden without it too), `missing` (the machine has not got it), `open`
    (it is on and forbids nothing) or `unknown` (the trial itself failed)."""
    detail: str


REFUSALS = (OSError, MemoryError, RuntimeError)
"""How Python says that the kernel refused: RuntimeError where a thread was to be started."""


def run(trial: Trial, seconds: float = 20.0) -> Finding:
    """Run a trial in a child process that is ended after so many seconds."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _live(trial, write)
    os.close(write)
    lines, in_time = _lines(read, seconds)
    os.close(read)
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    state, detail = json.loads(lines[-1]) if lines else ("unknown", "it ended without a word")
    if state == "on" and in_time:  # it said nothing more, since the kernel ended it
        code = os.waitstatus_to_exitcode(status)
        name = signal.Signals(-code).name if code < 0 else "the kernel"
        state, detail = "holds", f"ended by {name}"
    elif state == "on":
        state, detail = "open", "it came to no end"
    return Finding(trial.layer, trial.forbids, state, detail)


def _live(trial: Trial, write: int) -> None:
    """The child's life: it says by lines how far it came."""

    def say(state: str, detail: object = "") -> None:
        os.write(write, json.dumps([state, str(detail)]).encode() + b"\n")

    try:
        for attempt in trial.attempts:
            try:
                attempt()
            except REFUSALS:
                say("already", "refused without it too")
                return
        try:
            trial.put_on()
        except (JailError, *REFUSALS) as error:
            say("missing", error)
            return
        say("on")
        say(*_refused(trial.attempts))
    except BaseException as error:
        say("unknown", f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _refused(attempts: tuple[Step, ...]) -> tuple[str, str]:
    for attempt in attempts:
        try:
            attempt()
        except REFUSALS as error:
            number = error.errno if isinstance(error, OSError) else None
            reason = os.strerror(number) if number else str(error)
        else:
            return "open", "it was not refused"
    return "holds", reason or "not enough memory"


def _lines(fd: int, seconds: float) -> tuple[list[bytes], bool]:
    """What a child says until it ends, and whether it did so in time."""
    deadline, parts = time.monotonic() + seconds, [b""]
    while select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
        parts.append(os.read(fd, 1 << 16))
        if not parts[-1]:
            return b"".join(parts).splitlines(), True
    return b"".join(parts).splitlines(), False
