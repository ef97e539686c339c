"""Statistics of a class's results: levels, difficulty, discrimination, the mistakes behind them.

Whatever has no score counts nowhere: it is never taken for a 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from autograder.cohort import Cohort, Hand, Item

Array = np.ndarray[Any, np.dtype[np.float64]]


class Level(StrEnum):
    """How much of an exercise, or of one check, somebody has."""

    ALL = "all of it"
    SOME = "part of it"
    NONE = "nothing yet"
    NOT_STARTED = "not started"
    NOT_GRADED = "not graded"

    @property
    def shape(self) -> str:
        """Its name in the page's stylesheet."""
        return self.name.lower().replace("_", "-")


def level(hand: Hand, items: Iterable[Item]) -> Level:
    """How much of these cells somebody has."""
    items = tuple(items)
    scores = [hand.score(item.grade_id) for item in items]
    given = [score for score in scores if score is not None]
    if not given:
        return Level.NOT_GRADED
    if len(given) == len(items) and sum(given) >= sum(item.points for item in items):
        return Level.ALL
    if sum(given) > 0:
        return Level.SOME
    verdicts = [hand.verdicts.get(item.grade_id) for item in items]
    if all(verdict is not None and verdict.status == "not started" for verdict in verdicts):
        return Level.NOT_STARTED
    return Level.NONE


@dataclass(frozen=True)
class Measure:
    """One exercise, or one check, measured on a class."""

    items: tuple[Item, ...]
    levels: dict[Level, int]
    """How many have how much of it."""
    difficulty: float | None
    """The mean share of its points, 0 to 1; None where nobody has a score."""
    discrimination: float | None
    """Correlation with the points in everything else; None where all are alike."""

    @property
    def points(self) -> float:
        return sum(item.points for item in self.items)


def measure(cohort: Cohort, groups: Sequence[tuple[Item, ...]]) -> list[Measure]:
    """Measure some cells, or groups of cells, on everybody whose work was graded."""
    hands = graded(cohort)
    scores = score_table(cohort, hands)
    columns = {item.grade_id: n for n, item in enumerate(cohort.items)}
    measures = []
    for items in groups:
        chosen = [columns[item.grade_id] for item in items]
        levels = Counter(level(hand, items) for hand in hands)
        part = scores[:, chosen].sum(axis=1)
        rest = np.nansum(np.delete(scores, chosen, axis=1), axis=1)
        points = sum(item.points for item in items)
        known = ~np.isnan(part)
        share = part[known].mean() / points if known.any() and points else None
        found = correlation(part[known], rest[known])
        measures.append(Measure(items, dict(levels), share, found))
    return measures


def graded(cohort: Cohort) -> list[Hand]:
    """Everybody with at least one score."""
    return [
        hand
        for hand in cohort.hands
        if any(hand.score(item.grade_id) is not None for item in cohort.items)
    ]


def score_table(cohort: Cohort, hands: Sequence[Hand]) -> Array:
    """Scores (students, cells), NaN where there is none."""
    scores = [[hand.score(item.grade_id) for item in cohort.items] for hand in hands]
    return np.array(scores, dtype=float).reshape(len(hands), len(cohort.items))


def correlation(a: Array, b: Array) -> float | None:
    """Pearson's correlation of two vectors (n,); None where one of them is constant."""
    if len(a) < 3:
        return None
    da, db = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((da @ da) * (db @ db)))
    return float(da @ db) / scale if scale > 1e-9 else None


@dataclass(frozen=True)
class Cause:
    """A mistake that some of the class made in one check."""

    kind: str
    """The diagnosis' id, or the status where there is no diagnosis."""
    hands: tuple[Hand, ...]
    example: str
    """The message that one of them got."""


@dataclass(frozen=True)
class Failing:
    """A check with all who tried it and did not pass, by cause."""

    item: Item
    causes: tuple[Cause, ...]

    @property
    def count(self) -> int:
        return sum(len(cause.hands) for cause in self.causes)


def failing(cohort: Cohort) -> list[Failing]:
    """The checks that somebody tried and failed, the most failed first."""
    found = []
    for item in cohort.items:
        causes: dict[str, list[Hand]] = {}
        for hand in cohort.hands:
            verdict = hand.verdicts.get(item.grade_id)
            if verdict and verdict.status in ("failed", "timed out", "crashed"):
                causes.setdefault(verdict.kind or verdict.status, []).append(hand)
        if causes:
            ranked = sorted(causes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
            told = (Cause(k, tuple(h), _example(h, item)) for k, h in ranked)
            found.append(Failing(item, tuple(told)))
    return sorted(found, key=lambda one: -one.count)


def _example(hands: Iterable[Hand], item: Item) -> str:
    """The shortest message, for it is the plainest."""
    messages = (hand.verdicts[item.grade_id].message.strip() for hand in hands)
    return min(filter(None, messages), key=len, default="")
