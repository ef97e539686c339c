"""The two runs of a notebook, each with children of its own: the open one, then the sealed one."""

from __future__ import annotations

from typing import Any

from autograder.names import bound_names, needed_names
from autograder.restore import Step
from autograder.results import Status
from autograder.sandbox.examiner import Examination
from autograder.sandbox.remote import Remote
from autograder.sandbox.rules import Outcome, Rules
from autograder.sandbox.zygote import Child, Zygote
from autograder.source import SourceNotebook


def examine(
    notebook: SourceNotebook, steps: list[Step], zygote: Zygote, rules: Rules
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The open run, then the sealed run of the tests that passed it and have a hidden part."""
    opened = _run(notebook, steps, zygote, rules, None)
    wanted = {
        step.cell.key
        for step, outcome in zip(steps, opened, strict=True)
        if step.cell is not None and step.cell.has_hidden and outcome.status is Status.PASSED
    }
    sealed = _run(notebook, steps, zygote, rules, _with_needed(steps, wanted)) if wanted else []
    return [vars(o) for o in opened], [vars(o) for o in sealed]


def _with_needed(steps: list[Step], wanted: set[str]) -> set[str]:
    """The wanted tests, and the earlier ones that define names for them."""
    chosen: set[str] = set()
    needed: set[str] = set()
    for step in reversed(steps):
        if step.kind == "test" and step.cell is not None:
            source = step.cell.source
            if step.cell.key in wanted or bound_names(source) & needed:
                chosen.add(step.cell.key)
                needed |= needed_names(source)
    return chosen


def _run(
    notebook: SourceNotebook,
    steps: list[Step],
    zygote: Zygote,
    rules: Rules,
    wanted: set[str] | None,
) -> list[Outcome]:
    lives: list[_Life] = []

    def birth() -> Remote:
        lives.append(_Life(zygote, zygote.spawn(draw=wanted is None)))
        return Remote(lives[-1].child.channel, lives[-1])

    try:
        return Examination(notebook, birth, rules, sealed=wanted is not None).run(steps, wanted)
    finally:
        for life in lives:
            life.kill()


class _Life:
    """A child's process, watched and ended through the zygote."""

    def __init__(self, zygote: Zygote, child: Child) -> None:
        self._zygote = zygote
        self._over = False
        self.child = child

    def cpu(self) -> float:
        return self._zygote.cpu(self.child)

    def kill(self) -> None:
        if not self._over:
            self._over = True
            self._zygote.kill(self.child)
