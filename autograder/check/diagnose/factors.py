"""The right result times a constant, and what that constant may be."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import Recogniser, recogniser
from autograder.check.nearness import alike

Meaning = tuple[float, str, str]
"""A factor, the kind of mistake that makes it, and the rest of the sentence."""


def _factor(case: Case) -> float | None:
    """The constant by which the result is too large, if there is one other than 1 and −1."""
    if (
        case.got.size != case.expected.size
        or case.got.squeeze().shape != case.expected.squeeze().shape
    ):
        return None
    got, expected = case.got.reshape(case.expected.shape), case.expected
    usable = (expected != 0) & np.isfinite(expected)
    if not usable.any():
        return None
    factor = float(np.median(got[usable] / expected[usable]))
    plain = (
        not math.isfinite(factor)
        or abs(factor) < 1e-9
        or math.isclose(abs(factor), 1, rel_tol=1e-5)
    )
    return None if plain or not alike(got, factor * expected, case.tolerance) else factor


def _meanings(case: Case) -> Iterator[Meaning]:
    m = case.sizes.get("m") or case.sizes.get("n")
    letter, noun = ("m", "samples") if "m" in case.sizes else ("n", "entries")
    if m and m > 1:
        there = f"There are {letter} = {m} {noun}"
        if case.slope:
            yield (
                m,
                "gradient-of-sum",
                (
                    f". This is the gradient of the sum; the cost is the mean over "
                    f"{letter} = {m} {noun}: divide by {letter}."
                ),
            )
        else:
            yield m, "sum-for-mean", f". {there}: did you divide by {letter}?"
        yield (
            1 / m,
            "divided-by-m",
            (f". {there}: is something divided by {letter} that should not be, or divided twice?"),
        )
        if _is_a_mean(case, m):
            for name, size in _other_sizes(case, m):
                instead = f": divided by {name} = {size}, not by {letter} = {m}."
                yield m / size, "wrong-divisor", instead
        elif "n_x" in case.sizes:
            features = f"the number of features, n_x = {case.sizes['n_x']}"
            text = f": divided by {features}, where the sum is asked for."
            yield 1 / case.sizes["n_x"], "mean-for-sum", text
        less = f": divided by {letter} − 1 = {m - 1}, not by {letter} = {m}."
        for power in (1, 0.5, -0.5):
            yield (m / (m - 1)) ** power, "sample-deviation", less
    for name, value in case.numbers.items():
        if value not in (0, 1, -1):
            kind = "dropout-scale" if name == "keep_prob" else "argument-factor"
            shown = f"`{name}` = {show.number(value)}"
            yield value, kind, f", the value of {shown}: does it come in once too often?"
            yield 1 / value, kind, f", one over {shown}: is the factor missing?"
    logs = ": the logarithm to base {}; natural logarithms are meant (`np.log`)."
    for base in (10, 2):
        yield 1 / math.log(base), "log-base", logs.format(base)
    yield 100, "percent", ": percent, where a fraction between 0 and 1 is asked for."
    yield 180 / math.pi, "degrees", ": degrees, where radians are meant."
    yield 2, "factor-two", ": a factor of ½ is missing."
    yield 0.5, "factor-two", ": a factor of 2 is missing, or there is a ½ too many."


def _is_a_mean(case: Case, m: int) -> bool:
    """Whether the right result is divided by m, as the same samples twice would show. Where this
    cannot be tried, it is taken for one."""
    twice = {
        name: np.concatenate([case.arguments[name]] * 2, axis=-1)
        for name, value in case.arrays.items()
        if value.shape[-1] == m
    }
    answer = case.reference(twice)
    if answer is None or answer.ndim != case.expected.ndim:
        return True
    if answer.shape == case.expected.shape:
        return alike(answer, case.expected)
    known = answer[tuple(slice(size) for size in case.expected.shape)]
    return not alike(known, case.expected)


def _other_sizes(case: Case, m: int) -> Iterator[tuple[str, int]]:
    sizes = dict(case.sizes)
    for name, value in case.arrays.items():
        sizes.setdefault(f"{name}.size", value.size)
    for name, size in sizes.items():
        if name not in ("m", "n") and size not in (1, m):
            yield name, size


@functools.lru_cache(maxsize=1)
def _finding(case: Case) -> tuple[str, str] | None:
    """What the factor means: a kind and its sentence."""
    factor = _factor(case)
    if factor is None:
        return None
    near = max(case.tolerance, 1e-6)
    found = [m for m in _meanings(case) if math.isclose(m[0], factor, rel_tol=near)]
    if len({kind for _, kind, _ in found}) > 1:  # m = 2, for example: nobody can tell
        found = [(factor, "scaled", ".")]
    elif not found and case.varied and case.expected.size >= 3:
        found = [(factor, "scaled", " everywhere.")]
    return (found[0][1], f"which is {_times(factor)}{found[0][2]}") if found else None


def _times(factor: float) -> str:
    """How a factor is said.

    >>> _times(4.0), _times(-0.25)
    ('4 times too large', '4 times too small, with the sign turned')
    """
    size = abs(factor)
    word = "large" if size > 1 else "small"
    times = f"{max(size, 1 / size):.6g} times too {word}"
    return times if factor > 0 else f"{times}, with the sign turned"


def _kind(kind: str, general: str) -> Recogniser:
    def look(case: Case) -> str | None:
        finding = _finding(case)
        return finding[1] if finding and finding[0] == kind else None

    return recogniser(kind, general)(look)


NAMED = [
    _kind("sum-for-mean", "The result grows with the number of samples: did you divide by m?"),
    _kind("gradient-of-sum", "This is the gradient of the sum, not of the mean: divide by m."),
    _kind(
        "divided-by-m", "The result shrinks with the number of samples: 1/m does not belong here."
    ),
    _kind("wrong-divisor", "The sum is divided by another number than the number of samples."),
    _kind("mean-for-sum", "It is a mean over the features, where their sum is asked for."),
    _kind("sample-deviation", "It divides by the number of samples less one, not by their number."),
    _kind("dropout-scale", "The kept entries are not scaled by 1/keep_prob, or scaled twice."),
    _kind("log-base", "The logarithm has the wrong base: natural logarithms are meant."),
    _kind("percent", "The result is in percent, where a fraction is asked for."),
    _kind("degrees", "The result is in degrees, where radians are meant."),
    _kind("factor-two", "The result is off by a factor of two."),
]
UNNAMED = [
    _kind("argument-factor", "One of the arguments is missing as a factor, or comes in twice."),
    _kind("scaled", "The result is too large or too small by one and the same factor everywhere."),
]
