"""Which entries are wrong: by sign or label of the input, at an edge, after the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import Recogniser, recogniser
from autograder.check.nearness import alike
from autograder.check.plain import Array

ENOUGH = 3
"""Right and wrong entries that it takes to see a rule in them."""
CROWD = 16
"""Entries that it takes for a rule by sign, which few of them may follow by chance."""


@recogniser("edge-missing", "The first or the last entry is left out.")
def edge_missing(case: Case) -> str | None:
    if case.wrong is None:
        return None
    for axis, n in enumerate(case.got.shape):
        for place, end in ((0, "first"), (-1, "last")):
            edge = np.zeros(case.got.shape, bool)
            np.moveaxis(edge, axis, 0)[place] = True
            rest = n > 2 and not case.wrong[~edge].any()
            if rest and not case.got[edge].any() and case.expected[edge].all():
                return f"Only the {end} of {n} is wrong, and it is 0: does the loop reach it?"
    return None


@recogniser(
    "not-reset", "The sum is carried over from one sample to the next: begin each at its start."
)
def not_reset(case: Case) -> str | None:
    if case.wrong is None or case.got.size < ENOUGH:
        return None
    got, expected = case.got.ravel(), case.expected.ravel()
    for straight in (_identity, _logit):
        for start in (0.0, *case.numbers.values()):
            if straight is _identity and start == 0 and "X" not in case.arguments:
                continue
            carried = np.cumsum(straight(expected) - start) + start
            if not case.wrong.ravel()[0] and alike(straight(got), carried, 1e-6):
                return (
                    "Only the first sample is right: what was summed up for one sample is carried "
                    "over to the next. Set it back inside the loop."
                )
    return None


def _identity(values: Array) -> Array:
    return values


def _logit(values: Array) -> Array:
    return np.asarray(np.log(values) - np.log1p(-values))


@recogniser("first-sample-only", "Every sample gets the result of the first (or of the last).")
def first_sample_only(case: Case) -> str | None:
    if case.got.ndim == 0 or case.got.shape[-1] < ENOUGH or not case.varied:
        return None
    for place, end in ((slice(0, 1), "first"), (slice(-1, None), "last")):
        if case.fits(np.broadcast_to(case.expected[..., place], case.expected.shape)):
            return f"Every sample has the result of the {end} one."
    return None


@recogniser(
    "certain-too-soon", "It says exactly 0 or 1 where the right probability lies in between."
)
def certain_too_soon(case: Case) -> str | None:
    if case.wrong is None or case.wrong.all() or case.whole or "Y" in case.arguments:
        return None
    got, expected = case.got[case.wrong], case.expected[case.wrong]
    if not (np.isin(got, (0, 1)).all() and ((expected > 0) & (expected < 1)).all()):
        return None
    where = np.argwhere(case.wrong)[0]
    return (
        f"At {show.index(tuple(where))} it is certain (exactly {show.number(got[0])}), where "
        f"{show.number(expected[0])} is right: only far larger scores round to 0 or 1."
    )


@recogniser(
    "term-missing", "It is right for one label and 0 for the other: one of two terms is missing."
)
def term_missing(case: Case) -> str | None:
    labels = case.arrays.get("Y", case.arrays.get("y"))
    if case.wrong is None or labels is None or labels.shape != case.wrong.shape:
        return None
    for label, term in ((0, "(1 − y)"), (1, "y")):
        there = labels == label
        complete = np.isin(labels, (0, 1)).all() and there.sum() >= 2 and not there.all()
        if complete and (case.wrong == there).all() and not case.got[there].any():
            return (
                f"It is right where y = {1 - label} and 0 where y = {label}: "
                f"where is the term with {term}?"
            )
    return None


@recogniser("wrong-at-zero", "It is wrong at 0 only: which side does 0 belong to?")
def wrong_at_zero(case: Case) -> str | None:
    z = case.input
    if (
        z is None
        or case.wrong is None
        or case.wrong.sum() == case.wrong.size
        or case.wrong.size < 3
    ):
        return None
    zero = z == 0
    limits = np.unique(np.round(case.expected[~zero], 9)) if (~zero).any() else zero
    usual = (0.0, 0.5, 1.0, -1.0, *case.numbers.values(), *(limits if limits.size <= 2 else ()))
    if not zero.any() or not (case.wrong == zero).all():
        return None
    if "dA" in case.arrays and case.arrays["dA"].shape == zero.shape:
        usual = (*usual, case.arrays["dA"][zero][0])
    value = case.got[zero][0]
    if np.isfinite(value) and not np.isclose(value, usual).any():
        return None
    return (
        f"It is wrong at 0 only: expected {show.number(case.expected[zero][0])} there, "
        f"got {show.number(value)}. Which side does 0 belong to?"
    )


Rule = tuple[str, str, Callable[[Array], Array]]

_RULES: tuple[Rule, ...] = (
    ("wrong-for-negative", "negative", lambda z: z < 0),
    ("wrong-for-negative", "negative or 0", lambda z: z <= 0),
    ("wrong-for-positive", "positive", lambda z: z > 0),
    ("wrong-for-positive", "positive or 0", lambda z: z >= 0),
)


def _signs(case: Case) -> Iterator[tuple[str, str]]:
    z = case.input
    if z is None or case.wrong is None or min(case.wrong.sum(), (~case.wrong).sum()) < ENOUGH:
        return
    if case.wrong.size < CROWD or np.unique(case.expected[~case.wrong]).size < ENOUGH:
        return
    for kind, words, rule in _RULES:
        if (case.wrong == rule(z)).all():
            count = int(case.wrong.sum())
            yield (
                kind,
                f"It is wrong at all {count} entries whose input is {words}, and right elsewhere.",
            )


def _sign_rule(kind: str, general: str) -> Recogniser:
    def look(case: Case) -> str | None:
        return next((text for found, text in _signs(case) if found == kind), None)

    return recogniser(kind, general)(look)


wrong_for_negative = _sign_rule("wrong-for-negative", "It is wrong for negative input only.")
wrong_for_positive = _sign_rule("wrong-for-positive", "It is wrong for positive input only.")


@recogniser("shifted", "The right numbers are one place too far to one side.")
def shifted(case: Case) -> str | None:
    if case.wrong is None or not case.varied:
        return None
    for axis, n in enumerate(case.got.shape):
        got, expected = (np.moveaxis(a, axis, 0) for a in (case.got, case.expected))
        for a, b, side in ((got[1:], expected[:-1], "late"), (got[:-1], expected[1:], "early")):
            if n > ENOUGH and np.unique(b).size >= ENOUGH and alike(a, b, case.tolerance):
                return f"Along axis {axis}, every number comes one place too {side}: off by one."
    return None


@recogniser("reversed", "The right numbers are in reverse order.")
def backwards(case: Case) -> str | None:
    for axis, n in enumerate(case.expected.shape):
        if n >= ENOUGH and case.varied and case.fits(np.flip(case.expected, axis)):
            return f"Along axis {axis}, the right numbers are in reverse order."
    return None


@recogniser("accumulated", "Each entry adds up all entries before it.")
def accumulated(case: Case) -> str | None:
    for axis, n in enumerate(case.expected.shape):
        if n >= ENOUGH and case.fits(np.cumsum(case.expected, axis)):
            return f"Along axis {axis}, each number adds up all right numbers before it."
    return None


@recogniser("permuted", "The right numbers are in the wrong places.")
def permuted(case: Case) -> str | None:
    if case.wrong is None or not case.varied or case.got.size < 4:
        return None
    if np.unique(case.expected).size < case.expected.size:
        return None
    if not alike(np.sort(case.got, None), np.sort(case.expected, None), case.tolerance):
        return None
    return "These are the right numbers, but not in their places."


ENTRIES = [
    edge_missing,
    not_reset,
    term_missing,
    wrong_at_zero,
    certain_too_soon,
    wrong_for_negative,
    wrong_for_positive,
    shifted,
    backwards,
    accumulated,
]
LAST = [permuted]
