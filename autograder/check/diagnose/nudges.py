"""Slopes by nudging: to one side only, the divisor forgotten, the brackets forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.plain import Array

MANY = 200
"""Entries; beyond that, nothing is nudged."""

Nudged = tuple[Array, Array, Array, float]


def _nudged(case: Case) -> Nudged | None:
    """The function's value, its values with each entry nudged up and down, and the nudge h."""
    f, h = case.arguments.get("f"), case.numbers.get("h")
    place = case.arguments.get("a", case.arguments.get("x"))
    if not callable(f) or not h or not isinstance(place, np.ndarray | int | float):
        return None
    point = np.asarray(place, float)
    if point.shape != case.got.shape or point.size > MANY:
        return None
    up, down = np.zeros(point.shape), np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        nudge = np.zeros(point.shape)
        nudge[index] = h
        up[index], down[index] = _value(f, point + nudge), _value(f, point - nudge)
    return np.full(point.shape, _value(f, point)), up, down, h


def _value(f: Callable[[Any], Any], point: Array) -> float:
    value = np.asarray(f(point if point.ndim else float(point)))
    return float(value.reshape(()))


@recogniser("one-sided", "It nudges to one side only: nudge up and down.")
def one_sided(case: Case) -> str | None:
    nudged = _nudged(case)
    if nudged is None:
        return None
    here, up, down, h = nudged
    if not case.fits((up - here) / h) and not case.fits((here - down) / h):
        return None
    return (
        "This is the slope from a nudge to one side only. Nudge to both sides: the difference of "
        "f(a + h) and f(a − h), divided by 2h."
    )


@recogniser(
    "nudge-divisor",
    "The difference of the two values has to be divided by twice the nudge: mind the brackets.",
)
def nudge_divisor(case: Case) -> str | None:
    nudged = _nudged(case)
    if nudged is None:
        return None
    _, up, down, h = nudged
    if case.fits(up - down):
        return "This is f(a + h) − f(a − h): a division by 2h is missing."
    if case.fits(up - down / (2 * h)):
        return "Only f(a − h) is divided: put the difference in brackets."
    if case.fits((up - down) / 2 * h):
        return "`/ 2 * h` divides by 2 and multiplies by h: put 2 * h in brackets."
    return None


NUDGES = [one_sided, nudge_divisor]
