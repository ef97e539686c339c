"""The two runs of a notebook, each with children of its own: the sealed one, then the open one."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress
from typing import Any

from autograder.names import only_defines, with_needed
from autograder.restore import Step
from autograder.results import Status
from autograder.sandbox.candidate import error_output
from autograder.sandbox.examiner import Examination
from autograder.sandbox.remote import Remote
from autograder.sandbox.rules import Outcome, Rules
from autograder.sandbox.zygote import Life, Zygote
from autograder.source import SourceNotebook


def examine(
    notebook: SourceNotebook, steps: list[Step], zygote: Zygote, rules: Rules
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The sealed run of everything, then the open run: all cells for their outputs, and of the
    tests those that failed, for what may be said about them. Returns (open, sealed)."""
    sealed = _run(notebook, steps, zygote, rules, sealed=True)
    opened = sealed if rules.reveal else _open(notebook, steps, zygote, rules, sealed)
    return [vars(o) for o in opened], [vars(o) for o in sealed]


def _open(
    notebook: SourceNotebook,
    steps: list[Step],
    zygote: Zygote,
    rules: Rules,
    sealed: list[Outcome],
) -> list[Outcome]:
    """The open run, where it has something to show. What ended the process in the sealed run is not
    tried again: how it ended says nothing of hidden inputs and is taken over."""
    pairs = list(zip(steps, sealed, strict=True))
    if all(_shows_nothing(step, outcome) for step, outcome in pairs):
        return [_in_the_open(o) if o.not_started else Outcome() for o in sealed]
    left = [replace(step, kind="skipped") if o.trouble else step for step, o in pairs]
    failed = {step.cell.key for step, o in pairs if step.cell is not None and _wants_words(o)}
    opened = _run(notebook, left, zygote, rules, sealed=False, wanted=_with_needed(steps, failed))
    return [
        _in_the_open(ended) if ended.trouble or ended.not_started else outcome
        for outcome, ended in zip(opened, sealed, strict=True)
    ]


def _shows_nothing(step: Step, outcome: Outcome) -> bool:
    """Whether it is known what a cell shows: nothing, as tests that passed and definitions without
    error do, or that an exercise is not started."""
    if step.kind == "test":
        return outcome.status is Status.PASSED or outcome.not_started
    return not step.runs or (only_defines(step.source) and not outcome.raised)


def _in_the_open(outcome: Outcome) -> Outcome:
    """What the open run would say of a test that cannot be told more about: how the process ended,
    or that the exercise is not started, in words of our own."""
    if outcome.trouble:
        return replace(outcome, outputs=outcome.outputs[-1:])
    return replace(
        outcome, message=outcome.sealed, outputs=[error_output("CheckFailure", outcome.sealed)]
    )


def _wants_words(outcome: Outcome) -> bool:
    return outcome.may_say_more and not outcome.not_started


def _with_needed(steps: list[Step], wanted: set[str]) -> set[str]:
    """The wanted tests, and the earlier ones that define names for them."""
    tests = [step.cell for step in steps if step.kind == "test" and step.cell is not None]
    chosen = with_needed([test.source for test in tests], [test.key in wanted for test in tests])
    return {test.key for test in compress(tests, chosen)}


def _run(
    notebook: SourceNotebook,
    steps: list[Step],
    zygote: Zygote,
    rules: Rules,
    sealed: bool,
    wanted: set[str] | None = None,
) -> list[Outcome]:
    lives: list[Life] = []

    def birth() -> Remote:
        lives.append(Life(zygote, zygote.spawn(draw=not sealed)))
        return Remote(lives[-1].child.channel, lives[-1])

    try:
        return Examination(notebook, birth, rules, sealed).run(steps, wanted)
    finally:
        for life in lives:
            life.kill()
