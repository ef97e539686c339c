"""The whole result is a simple function of the right one: its sign, inverse, root, rounding."""

from __future__ import annotations

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.nearness import alike


@recogniser("sign", "The sign is turned.")
def sign(case: Case) -> str | None:
    if not case.fits(-case.expected):
        return None
    return "The size is right, the sign is turned" + (" everywhere." if case.got.size > 1 else ".")


@recogniser("absolute", "An absolute value is missing, or one is too many.")
def absolute(case: Case) -> str | None:
    if case.got.size > 2 and case.fits(np.abs(case.expected)):
        return "The sizes are right, but negative numbers have lost their sign."
    if (
        case.got.size > 2
        and (case.expected >= 0).all()
        and alike(np.abs(case.got), case.expected, 1e-6)
    ):
        return (
            "The sizes are right, but some are negative: an absolute value or a square is missing."
        )
    return None


@recogniser("complement", "It is one minus the right result: two opposites are exchanged.")
def complement(case: Case) -> str | None:
    if not case.fits(1 - case.expected):
        return None
    return "This is 1 − the right result: the two opposites are exchanged."


@recogniser("exchanged-classes", "The two classes are exchanged.")
def exchanged_classes(case: Case) -> str | None:
    both = case.got.size >= 3 and np.array_equal(np.unique(case.expected), (0, 1))
    if not both or not case.fits(1 - case.expected):
        return None
    return "Every 0 is a 1 and every 1 is a 0: the two classes are exchanged."


@recogniser("zeros", "It is 0 everywhere.")
def zeros(case: Case) -> str | None:
    if case.got.size < 2 or case.got.any() or case.wrong is None:
        return None
    if "threshold" in case.arguments:
        return (
            "Every class is 0. Are the probabilities cut to integers (`astype(int)`) before they "
            "are compared?"
        )
    return "Every entry is 0: is the result written into the array that is returned?"


@recogniser("constant", "It is the same number everywhere.")
def constant(case: Case) -> str | None:
    if case.wrong is None or (case.got != case.got.flat[0]).any() or not case.varied:
        return None
    return f"Every entry is {show.number(case.got.flat[0])}, whatever the input."


@recogniser("echo", "It returns its input as it is.")
def echo(case: Case) -> str | None:
    for name, value in case.arrays.items():
        if case.fits(value):
            return f"This is the argument `{name}` itself, unchanged."
    return None


@recogniser("truncated", "Fractions are cut off: the result is written into an array of integers.")
def truncated(case: Case) -> str | None:
    if case.wrong is None or not (case.whole or case.varied):
        return None
    if not (case.got == np.trunc(case.expected)).all() or not case.wrong.any():
        return None
    return (
        "These are whole numbers: the fractions were cut off. An array made like an integer one "
        "(`np.zeros_like`) holds whole numbers only."
    )


@recogniser("rounded", "The result is rounded.")
def rounded(case: Case) -> str | None:
    for digits in range(1, 6):
        candidate = np.round(case.expected, digits)
        if case.fits(candidate) and np.abs(case.got - candidate).max() < 1e-12:
            return f"This is rounded to {show.plural(digits, 'decimal')}: return what you computed."
    if case.got.size > 2 and case.fits(np.round(case.expected)) and case.varied:
        return "This is rounded to whole numbers: return what you computed."
    return None


@recogniser("squared", "A square root is missing.")
def squared(case: Case) -> str | None:
    return (
        "This is the square of the right result: a square root is missing."
        if (_telling(case) and case.fits(case.expected**2))
        else None
    )


@recogniser("rooted", "There is a square root too many, or a square is missing.")
def rooted(case: Case) -> str | None:
    return (
        "This is the square root of the right result."
        if (_telling(case) and case.fits(np.sqrt(case.expected)))
        else None
    )


@recogniser(
    "reciprocal", "It is one over the right result: numerator and denominator are exchanged."
)
def reciprocal(case: Case) -> str | None:
    return (
        "This is one over the right result: numerator and denominator are exchanged."
        if (_telling(case) and case.fits(1 / case.expected))
        else None
    )


@recogniser("log-missing", "A logarithm is missing, or there is an exponential too many.")
def log_missing(case: Case) -> str | None:
    for sign_, text in (
        (1, "e to the power of the right result"),
        (-1, "e to the power of minus it"),
    ):
        if _telling(case) and case.fits(np.exp(sign_ * case.expected)):
            return f"This is {text}: a logarithm is missing, or an exponential is too many."
    return None


@recogniser("exp-missing", "An exponential is missing, or there is a logarithm too many.")
def exp_missing(case: Case) -> str | None:
    if _telling(case) and (case.expected > 0).all() and case.fits(np.log(case.expected)):
        return "This is the logarithm of the right result: an exponential is missing."
    return None


def _telling(case: Case) -> bool:
    """Numbers in which a formula can be seen: not just 0, 1 and −1."""
    return not np.isin(case.expected, (-1, 0, 1, 2)).all()


@recogniser("offset", "It is off by one and the same number everywhere: a term is missing.")
def offset(case: Case) -> str | None:
    if case.got.shape != case.expected.shape or not case.varied or case.got.size < 4:
        return None
    difference = float(np.median(case.got - case.expected))
    if not case.fits(case.expected + difference):
        return None
    word = "large" if difference > 0 else "small"
    amount = show.number(abs(difference))
    return f"Every entry is too {word} by {amount}: a term is missing or too many."


@recogniser("clipped", "Values beyond a bound are cut off.")
def clipped(case: Case) -> str | None:
    if case.wrong is None or not case.wrong.any() or case.wrong.all() or case.wrong.sum() < 2:
        return None
    low, high = case.got.min(), case.got.max()
    bound = case.got[case.wrong][0]
    if bound not in (low, high) or not (case.got[case.wrong] == bound).all():
        return None
    if not case.fits(np.clip(case.expected, low, high)):
        return None
    return f"Values beyond {show.number(bound)} are cut off."


@recogniser("not-normalised", "The entries do not add up to 1: a division by their sum is missing.")
def not_normalised(case: Case) -> str | None:
    if case.got.shape != case.expected.shape or case.got.ndim == 0 or case.got.shape[0] < 2:
        return None
    if not np.allclose(case.expected.sum(0), 1) or not case.varied:
        return None
    if not alike(case.got / case.got.sum(0), case.expected, case.tolerance):
        return None
    over_all = np.isclose(case.got.sum(), 1)
    what = "all entries together add up to 1" if over_all else "they do not add up to 1"
    return f"Within each column the proportions are right, but {what}: divide by the column's sum."


VALUES = [sign, absolute, complement, squared, rooted, reciprocal, log_missing, exp_missing]
PLAIN = [truncated, rounded, echo]
BOUNDS = [not_normalised, offset, clipped]
