"""Exponentially weighted averages: which weights, from which start, corrected how."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.plain import Array


def _series(case: Case) -> tuple[Array, float, Array, bool] | None:
    """The values of an average over time, β, the steps t = 1 … n, and whether it is corrected."""
    values, beta = case.arrays.get("values"), case.numbers.get("beta")
    flag: Any = case.arguments.get("bias_correction")
    if values is None or beta is None or values.ndim != 1 or case.got.shape != values.shape:
        return None
    return values, beta, np.arange(1, values.size + 1), flag is True


@recogniser("bias-correction-missing", "The bias correction is missing.")
def average_not_corrected(case: Case) -> str | None:
    series = _series(case)
    if series is None or not series[3]:
        return None
    _, beta, t, _ = series
    if not case.fits(case.expected * (1 - beta**t)):
        return None
    return "The bias correction is missing: divide v_t by 1 − βᵗ."


@recogniser("weights-exchanged", "β and 1 − β are exchanged.")
def weights_exchanged(case: Case) -> str | None:
    beta = case.numbers.get("beta")
    if beta is None or beta == 0.5 or not case.fits(case.reference({"beta": 1 - beta})):
        return None
    return "β and 1 − β are exchanged: β belongs to the past, 1 − β to the new value."


@recogniser("average-weight", "A new value is not weighted by 1 − β in the average.")
def value_not_weighted(case: Case) -> str | None:
    series = _series(case)
    if series is None or series[1] == 1 or not case.fits(case.expected / (1 - series[1])):
        return None
    return (
        f"which is {1 / (1 - series[1]):.6g} times too large: the new value is not weighted by "
        "1 − β."
    )


@recogniser("average-start", "The average starts at the first value, not at 0.")
def starts_at_the_first_value(case: Case) -> str | None:
    series = _series(case)
    if series is None:
        return None
    values, beta, t, corrected = series
    extra = beta**t * values[0]
    if not case.fits(case.expected + (extra / (1 - beta**t) if corrected else extra)):
        return None
    return "The average starts at the first value; it starts at v_0 = 0."


@recogniser("corrected-again", "The corrected average goes back into the recursion.")
def corrected_again(case: Case) -> str | None:
    series = _series(case)
    if series is None or not series[3]:
        return None
    values, beta, _, _ = series
    found, v = [], 0.0
    for t, a in enumerate(values, 1):
        v = (beta * v + (1 - beta) * a) / (1 - beta**t)
        found.append(v)
    if not case.fits(np.array(found)):
        return None
    return "The corrected average goes back into the recursion and is corrected again."


AVERAGES = [
    average_not_corrected,
    weights_exchanged,
    value_not_weighted,
    starts_at_the_first_value,
    corrected_again,
]
