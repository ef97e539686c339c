"""What a recogniser is: one kind of mistake, and the function that looks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.check.diagnose.case import Case

Look = Callable[[Case], str | None]
"""Gives the sentence with the evidence, or None."""


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that was recognised."""

    kind: str
    sentence: str
    """With the evidence, for a visible test. One that begins with "which" goes on a sentence."""
    general: str
    """Without any number of the case: it may be said after a hidden test."""


@dataclass(frozen=True)
class Recogniser:
    """Looks for one kind of mistake."""

    kind: str
    general: str
    look: Look


def recogniser(kind: str, general: str) -> Callable[[Look], Recogniser]:
    """Make a function that looks at a case the recogniser of `kind`."""
    return lambda look: Recogniser(kind, general, look)
