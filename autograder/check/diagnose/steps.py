"""Steps of gradient descent and of the optimizers: what is wrong is seen in the step, w_new − w."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import Recogniser, recogniser
from autograder.check.nearness import alike
from autograder.check.plain import Array

LONGEST = 200
"""Steps that are looked through for a bias correction."""


def _start(case: Case) -> Array | None:
    w = case.arguments.get("w")
    if case.numbers.get("steps") == 1:  # a descent of one step is a step
        w = case.arguments.get("w0", w)
    if not isinstance(w, np.ndarray | int | float) or "learning_rate" not in case.numbers:
        return None
    start = np.asarray(w, float)
    return start if start.shape == case.expected.shape == case.got.shape else None


def _ratio(case: Case) -> float | None:
    """The student's step by the right one, where that is one number for all entries."""
    w = _start(case)
    if w is None:
        return None
    right, own = case.expected - w, case.got - w
    if not right.all():
        return None
    ratio = float(np.median(own / right))
    loose = max(case.tolerance, 1e-4)  # ε leaves a little
    return (
        ratio
        if alike(own, ratio * right, loose) and not math.isclose(ratio, 1, rel_tol=loose)
        else None
    )


def _meanings(case: Case) -> Iterator[tuple[float, str, str]]:
    values = case.numbers
    rate = values.get("learning_rate", 0.0)
    if {"dw", "gradient"} & case.arguments.keys():
        yield -1.0, "ascends", "The step goes up the slope: subtract the gradient, do not add it."
    else:
        yield -1.0, "wrong-way", "The step goes the wrong way: its sign is turned."
    if rate not in (0, 1):
        text = f"The step is not scaled by `learning_rate` = {show.number(rate)}."
        yield 1 / rate, "learning-rate-missing", text
    if "beta1" in values:
        yield from _corrections(values["beta1"], values["beta2"])
    if "beta" in values and values["beta"] != 1:
        beta = values["beta"]
        yield (
            1 / (1 - beta),
            "average-weight",
            (
                f"The step is {1 / (1 - beta):.6g} times too long: the new gradient is not "
                "weighted by 1 − β."
            ),
        )
        yield (
            math.sqrt(1 - beta),
            "average-weight",
            ("The step is too short: the square of the new gradient is not weighted by 1 − β."),
        )


def _corrections(beta1: float, beta2: float) -> Iterator[tuple[float, str, str]]:
    """Adam's two bias corrections, left out or stuck at the first step."""
    first, first_root = 1 - beta1, math.sqrt(1 - beta2)
    for t in range(1, LONGEST):
        mean, root = 1 - beta1**t, math.sqrt(1 - beta2**t)
        for ratio, which in ((mean / root, ""), (mean, " of v"), (1 / root, " of s")):
            text = (
                f"The step is {ratio:.3g} times as long as it should be: the bias "
                f"correction{which} is missing (step t = {t})."
            )
            yield ratio, "bias-correction-missing", text
        if t > 1:
            text = f"The bias corrections are those of the first step: t is 1 here, not {t}."
            yield mean / root * first_root / first, "counter-stuck", text


@functools.lru_cache(maxsize=1)
def _finding(case: Case) -> tuple[str, str] | None:
    """What the ratio of the steps means: a kind and its sentence."""
    ratio = _ratio(case)
    if ratio is None:
        return None
    near = [m for m in _meanings(case) if math.isclose(m[0], ratio, rel_tol=1e-4)]
    if len({m[1] for m in near}) != 1:
        return None
    return min(near, key=lambda m: abs(m[0] - ratio))[1:]


def _kind(kind: str, general: str) -> Recogniser:
    def look(case: Case) -> str | None:
        finding = _finding(case)
        return finding[1] if finding and finding[0] == kind else None

    return recogniser(kind, general)(look)


@recogniser(
    "state-not-kept", "The state of the step before is not used: every step is like the first."
)
def state_not_kept(case: Case) -> str | None:
    if case.call is None or case.arguments.get("state") is None:
        return None
    answers = case.ask(case.call.reference, {**case.arguments, "state": None})
    if not answers or not case.fits(answers[0]):
        return None
    return "This is a first step again: the `state` of the step before is not used."


def _denominators(square: Array, eps: float) -> Iterator[tuple[str, Array, str]]:
    """What a first step is divided by in place of √square + ε."""
    yield (
        "epsilon-inside",
        np.sqrt(square + eps),
        "ε stands inside the square root; it is added to the root.",
    )
    yield (
        "root-missing",
        square + eps,
        "It divides by the squares without the square root, so the units do not fit.",
    )
    yield (
        "newest-missing",
        np.full_like(square, eps),
        "It divides by ε alone: the square of the newest gradient is not in the accumulator yet.",
    )
    yield (
        "one-scale",
        np.full_like(square, math.sqrt(square.sum()) + eps),
        "All entries are divided by one number; each has an accumulator of its own.",
    )


@functools.lru_cache(maxsize=1)
def _denominator(case: Case) -> tuple[str, str] | None:
    """Of a first step with ε: what it is divided by, as a kind and its sentence."""
    w, dw, eps = _start(case), case.arrays.get("dw"), case.numbers.get("eps")
    if w is None or dw is None or not eps or case.arguments.get("state") is not None:
        return None
    square = (1 - case.numbers["beta"]) * dw**2 if "beta" in case.numbers else dw**2
    for kind, divisor, sentence in _denominators(square, eps):
        if case.fits(w - case.numbers["learning_rate"] * dw / divisor):
            return kind, sentence
    return None


def _divided(kind: str, general: str) -> Recogniser:
    def look(case: Case) -> str | None:
        found = _denominator(case)
        return found[1] if found and found[0] == kind else None

    return recogniser(kind, general)(look)


@recogniser("step-only", "This is the step alone, without the place it starts from.")
def step_only(case: Case) -> str | None:
    w = _start(case)
    if w is None or not case.fits(case.expected - w):
        return None
    return "This is the step itself: the new w is the old one plus the step."


STEPS = [
    state_not_kept,
    step_only,
    _divided("epsilon-inside", "ε stands inside the root; it belongs outside."),
    _divided("root-missing", "A square root is missing in what the step is divided by."),
    _divided("newest-missing", "The newest gradient is missing in what the step is divided by."),
    _divided("one-scale", "All entries are divided by one number, not each by its own."),
    _kind("ascends", "The step goes up the slope, not down."),
    _kind("wrong-way", "The step goes the wrong way."),
    _kind("learning-rate-missing", "The step is not scaled by the learning rate."),
    _kind("bias-correction-missing", "The bias correction is missing."),
    _kind("counter-stuck", "The number of the step is not counted: t is 1 in every step."),
    _kind("average-weight", "A new value is not weighted by 1 − β in the average."),
]
