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
    yield -1.0, "ascends", "The step goes up the slope: subtract the gradient, do not add it."
    if rate not in (0, 1):
        text = f"The step is not scaled by `learning_rate` = {show.number(rate)}."
        yield 1 / rate, "learning-rate-missing", text
    if "beta1" in values:
        for t in range(1, LONGEST):
            left = (1 - values["beta1"] ** t) / math.sqrt(1 - values["beta2"] ** t)
            yield (
                left,
                "bias-correction-missing",
                (
                    f"The step is {left:.3g} times as long as it should be: the bias correction is "
                    f"missing (step t = {t})."
                ),
            )
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


@functools.lru_cache(maxsize=1)
def _finding(case: Case) -> tuple[str, str] | None:
    """What the ratio of the steps means: a kind and its sentence."""
    ratio = _ratio(case)
    if ratio is None:
        return None
    near = [m for m in _meanings(case) if math.isclose(m[0], ratio, rel_tol=1e-4)]
    if len({m[1] for m in near}) != 1:
        return None
    return near[0][1:]


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


@recogniser("epsilon-inside", "ε stands inside the root; it belongs outside.")
def epsilon_inside(case: Case) -> str | None:
    w, dw, eps = _start(case), case.arrays.get("dw"), case.numbers.get("eps")
    if w is None or dw is None or not eps or case.arguments.get("state") is not None:
        return None
    square = dw**2
    if "beta" in case.numbers:
        square = (1 - case.numbers["beta"]) * square
    if not case.fits(w - case.numbers["learning_rate"] * dw / np.sqrt(square + eps)):
        return None
    return "ε stands inside the square root; it is added to the root."


@recogniser("bias-correction-missing", "The bias correction is missing.")
def average_not_corrected(case: Case) -> str | None:
    beta = case.numbers.get("beta")
    if beta is None or case.arguments.get("bias_correction") is not True or case.got.ndim != 1:
        return None
    t = np.arange(1, case.expected.size + 1)
    if case.expected.size != case.got.size or not case.fits(case.expected * (1 - beta**t)):
        return None
    return "The bias correction is missing: divide v_t by 1 − βᵗ."


STEPS = [
    average_not_corrected,
    state_not_kept,
    epsilon_inside,
    _kind("ascends", "The step goes up the slope, not down."),
    _kind("learning-rate-missing", "The step is not scaled by the learning rate."),
    _kind("bias-correction-missing", "The bias correction is missing."),
    _kind("average-weight", "A new value is not weighted by 1 − β in the average."),
]
