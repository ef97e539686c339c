"""Who in a class needs a look, and why: grouped by reason, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.cohort import Cohort, Hand


@dataclass(frozen=True)
class Reason:
    """Why somebody is on the list, and what to make of it."""

    kind: str
    title: str
    advice: str


REASONS = (
    Reason(
        "trick",
        "Tried to get round the tests",
        "Nothing was gained by it: verdicts are made in another process. Read the notebook.",
    ),
    Reason(
        "edited",
        "Changed a test cell",
        "The tests were run as they were handed out, so this earns nothing. It may be an accident.",
    ),
    Reason(
        "unreadable",
        "File could not be read",
        "It has no score. Ask for the file again.",
    ),
    Reason(
        "missing",
        "Notebook missing from the files",
        "Something was handed in, but not this notebook.",
    ),
    Reason("waiting", "Handed in, but not graded", "Run `autograder grade`."),
    Reason(
        "crash",
        "Python ended while their code ran",
        "What came before and after was graded as usual.",
    ),
    Reason(
        "time-out",
        "Ran out of time",
        "Tried twice, the second time alone. Usually a loop that never ends.",
    ),
    Reason(
        "no score",
        "A check without a score",
        "It could not be graded, or waits for a person: set it by hand in formgrader.",
    ),
)


@dataclass(frozen=True)
class Look:
    """One person under one reason."""

    hand: Hand
    detail: str


@dataclass(frozen=True)
class Group:
    """Everybody under one reason."""

    reason: Reason
    looks: tuple[Look, ...]


def needs_a_look(cohort: Cohort) -> list[Group]:
    """The reasons that somebody has, with everybody who has them."""
    groups = []
    for reason in REASONS:
        looks = tuple(
            Look(hand, detail) for hand in cohort.hands for detail in _details(cohort, hand, reason)
        )
        if looks:
            groups.append(Group(reason, looks))
    return groups


def _details(cohort: Cohort, hand: Hand, reason: Reason) -> Iterator[str]:
    """One line if the person has this reason, else none."""
    if reason.kind == "no score":
        yield from _unscored(cohort, hand)
        return
    cells: dict[str, list[str]] = {}
    for event in hand.events:
        if event["kind"] == reason.kind:
            cells.setdefault(event.get("detail", ""), []).append(event.get("cell") or "")
    if cells:
        yield "; ".join(
            _with_cells(detail, list(filter(None, its))) for detail, its in cells.items()
        )


def _unscored(cohort: Cohort, hand: Hand) -> Iterator[str]:
    if hand.graded:
        names = [item.grade_id for item in cohort.items if hand.score(item.grade_id) is None]
        if names:
            yield _with_cells("no score", names)


def _with_cells(detail: str, cells: list[str]) -> str:
    names = list(dict.fromkeys(cells))
    if not names:
        return detail
    return f"{detail} ({', '.join(names) if len(names) <= 3 else f'{len(names)} cells'})"
