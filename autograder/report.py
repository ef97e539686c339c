"""The report on a class: one self-contained page of figures, for one lecture or for several.

It reads the gradebook and the graded notebooks, and tells; it changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from pathlib import Path
from statistics import median
from urllib.parse import quote

import jinja2
import numpy as np

from autograder import figures, pages, shown
from autograder.check.diagnose import kinds
from autograder.cohort import Cohort, Hand, read_cohort
from autograder.course import Course
from autograder.figures import Brick
from autograder.items import Failing, Level, Measure, failing, graded, level, measure
from autograder.looks import Group, needs_a_look
from autograder.similar import Findings
from autograder.similar import similar as compare

MOST_STRIPS = 400
"""In a larger class the table of students has no picture in each row."""
MOST_FAILING = 8

WORDS = {
    "exception": "It stops with an exception.",
    "forbidden-name": "It uses a function that is not for use here.",
    "gradient-of-own-forward": "The gradient fits their own function, not the one asked for.",
    "not-defined": "The function is not defined.",
    "not-finite": "The result is not a finite number.",
    "not-integer": "The result has to be made of integers.",
    "not-vectorised": "It goes through the samples one by one.",
    "nothing-raised": "It has to raise an exception, and does not.",
    "returned-none": "It returns None.",
    "shares-memory": "The result is a view of the argument.",
    "unstable": "It overflows or divides by zero.",
    "used-library": "It calls the library's answer.",
    "wrong-exception": "It raises another exception than the one asked for.",
    "wrong-gradient": "The gradient is wrong.",
    "wrong-results": "It returns another number of results.",
    "wrong-type": "The result is of the wrong type.",
    "failed": "No known mistake.",
    "timed out": "It ran out of time.",
    "crashed": "Python ended.",
} | kinds()
"""What each diagnosis says, in a sentence."""


@dataclass(frozen=True)
class Lecture:
    """One lecture's part of the page."""

    cohort: Cohort
    start: Path
    """The directory that links start from."""
    alike: Findings | None = None
    """Solutions that are much alike; None where nobody asked."""

    @cached_property
    def bricks(self) -> list[Brick]:
        """Everybody with a score for each cell."""
        whole = self.cohort.points or 1.0
        return [
            Brick(min(1.0, total / whole), hand.person.name, self.href(hand))
            for hand in self.cohort.hands
            if (total := self.cohort.total(hand)) is not None
        ]

    @property
    def handed_in(self) -> list[Hand]:
        return [hand for hand in self.cohort.hands if hand.submitted]

    @property
    def absent(self) -> list[Hand]:
        """Who has not handed in."""
        return [hand for hand in self.cohort.hands if not hand.submitted]

    @property
    def late(self) -> int:
        return sum(hand.late_seconds > 0 for hand in self.cohort.hands)

    @property
    def penalised(self) -> bool:
        return any(hand.penalty for hand in self.cohort.hands)

    @property
    def forgeable(self) -> bool:
        return any(v.forgeable for hand in self.cohort.hands for v in hand.verdicts.values())

    @cached_property
    def median(self) -> float:
        """As a share of all points."""
        return median(brick.share for brick in self.bricks) if self.bricks else 0.0

    @property
    def middle_half(self) -> tuple[float, float]:
        """The quartiles, in points."""
        low, high = np.percentile([brick.share for brick in self.bricks], [25, 75])
        return float(low) * self.cohort.points, float(high) * self.cohort.points

    @cached_property
    def exercises(self) -> list[tuple[str, Measure, list[Measure]]]:
        """Each exercise measured, and each of its checks."""
        groups = self.cohort.exercises
        wholes = measure(self.cohort, list(groups.values()))
        singles = iter(measure(self.cohort, [(i,) for items in groups.values() for i in items]))
        return [
            (name, whole, [next(singles) for _ in groups[name]])
            for name, whole in zip(groups, wholes, strict=True)
        ]

    @cached_property
    def graded(self) -> list[Hand]:
        """Everybody with at least one score."""
        return graded(self.cohort)

    @property
    def roughness(self) -> float:
        """The standard error of a discrimination near 0."""
        return 1 / sqrt(max(2, len(self.graded)) - 1)

    @cached_property
    def failing(self) -> list[Failing]:
        return failing(self.cohort)

    @property
    def longest(self) -> int:
        """The most people with one mistake in one check."""
        return max(len(cause.hands) for one in self.failing for cause in one.causes)

    @cached_property
    def looks(self) -> list[Group]:
        return needs_a_look(self.cohort)

    @property
    def to_look_at(self) -> int:
        """How many people need a look."""
        return len({look.hand.person.id for group in self.looks for look in group.looks})

    def levels(self, hand: Hand) -> list[Level]:
        """How much of each exercise one person has."""
        return [level(hand, items) for items in self.cohort.exercises.values()]

    def href(self, hand: Hand) -> str:
        """The way to somebody's feedback page; empty where there is none."""
        if not hand.pages:
            return ""
        return quote(os.path.relpath(hand.pages[0], self.start).replace(os.sep, "/"))

    @cached_property
    def standing_out(self) -> list[str]:
        """What to see first, in a sentence each."""
        found = []
        known = [(w.difficulty, n) for n, w, _ in self.exercises if w.difficulty is not None]
        if known and min(known)[0] < 1:
            share, name = min(known)
            found.append(f"Hardest: `{name}`, where the class has {share:.0%} of the points.")
        if self.failing and (worst := self.failing[0]).count > 1:
            said = WORDS.get(worst.causes[0].kind, "")
            found.append(
                f"Failed most: `{worst.item.exercise}`, {worst.item.title} "
                f"({worst.count} students). Most often: {said[:1].lower()}{said[1:]}"
            )
        odd = [
            single.items[0].grade_id
            for _, _, singles in self.exercises
            for single in singles
            if single.discrimination is not None and single.discrimination < -self.roughness
        ]
        if odd:
            names = ", ".join(f"`{name}`" for name in odd)
            found.append(f"Read again: {names}. Those who know more do worse there.")
        return found


def write_report(
    course: Course, names: Sequence[str], path: Path, similar: bool = False
) -> list[Cohort]:
    """Write the page for some assignments; returns what it was made of. With `similar`, solutions
    that are much alike are shown as well, which takes a while for a large class."""
    cohorts = [read_cohort(course, name, answers=similar) for name in names]
    found = {c.assignment: _alike(course, c) for c in cohorts} if similar else {}
    html = page(cohorts, path.resolve().parent, found)
    pages.write(path, html)
    return cohorts


def _alike(course: Course, cohort: Cohort) -> Findings:
    return compare(cohort, course.assignment(cohort.assignment))


def page(
    cohorts: Sequence[Cohort], start: Path, alike: Mapping[str, Findings] | None = None
) -> str:
    """The report as HTML; links to feedback pages start from the directory `start`. What is much
    `alike` goes by assignment."""
    found = alike or {}
    lectures = [Lecture(cohort, start, found.get(cohort.assignment)) for cohort in cohorts]
    return _template().render(
        lectures=lectures, figures=figures, Level=Level, words=WORDS,
        most_strips=MOST_STRIPS, most_failing=MOST_FAILING,
    )  # fmt: skip


def _template() -> jinja2.Template:
    environment = pages.environment()
    environment.filters |= {
        "points": figures.plain,
        "plain": shown.plain,
        "prose": shown.prose,
        "count": lambda number, noun: f"{number:,} {noun}{'' if number == 1 else 's'}",
    }
    return environment.get_template("report.html.j2")
