"""Slips in the course's formulas: the sigmoid and its slope, classes, another function's answer."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.nearness import alike
from autograder.check.plain import Array


def _sigmoid(z: Array) -> Array:
    return np.asarray(np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z))))


@recogniser("before-sigmoid", "It stops before the sigmoid: scores, not probabilities.")
def before_sigmoid(case: Case) -> str | None:
    inside = ((case.expected > 0) & (case.expected < 1)).any()
    if not inside or np.isin(case.got, (0, 1)).all():
        return None
    if not alike(_sigmoid(case.got), case.expected, case.tolerance):
        return None
    return "These are scores: the sigmoid, which makes probabilities of them, is missing."


@recogniser("sigmoid-twice", "The sigmoid is applied twice.")
def sigmoid_twice(case: Case) -> str | None:
    return "The sigmoid is applied twice." if case.fits(_sigmoid(case.expected)) else None


@recogniser(
    "score-for-activation", "The slope is computed from the score as if it were the activation."
)
def score_for_activation(case: Case) -> str | None:
    z = case.input
    if z is None or not ("derivative" in case.name or "backward" in case.name):
        return None
    incoming = case.arrays.get("dA", np.ones(()))
    for name, formula, values in (("σ", "z(1 − z)", z * (1 - z)), ("tanh", "1 − z²", 1 - z**2)):
        if case.fits(incoming * values):
            return f"This is {formula}, but z is the score: take {name}(z) first."
    return None


@recogniser("slope-factor", "A factor of the slope σ(1 − σ) is missing.")
def slope_factor(case: Case) -> str | None:
    if case.got.shape != case.expected.shape or not ((case.got > 0) & (case.got < 1)).any():
        return None
    if not ((case.expected >= 0) & (case.expected <= 0.25)).all():
        return None
    if not case.fits(_either_root(case)):
        return None
    return "This is only one of the two factors of σ(1 − σ)."


def _either_root(case: Case) -> Array:
    """σ or 1 − σ, whichever is nearer, from σ(1 − σ)."""
    root = np.sqrt(np.maximum(1 - 4 * case.expected, 0))
    z = case.input
    down = (1 - root) / 2
    if z is None:
        return np.asarray(np.where(np.abs(case.got - down) < 0.5 - down, down, 1 - down))
    a = _sigmoid(z)
    return a if alike(case.got, a) else 1 - a


@recogniser("tanh-slope", "This is the rule for the slope of tanh, 1 − a².")
def tanh_slope(case: Case) -> str | None:
    z = case.input
    if z is None or "tanh" in case.name or not case.fits(1 - _sigmoid(z) ** 2):
        return None
    return "This is 1 − σ²: the rule 1 − a² gives the slope of tanh; the sigmoid's is another."


@recogniser("activation-too-early", "The sigmoid is applied before the weighted sum, not after it.")
def activation_too_early(case: Case) -> str | None:
    X, w, b = (case.arguments.get(name) for name in ("X", "w", "b"))
    if not isinstance(X, np.ndarray) or not isinstance(w, np.ndarray) or b is None:
        return None
    scores = w.T @ _sigmoid(X) + b
    if case.fits(scores) or case.fits(_sigmoid(scores)):
        return "The sigmoid is applied to the features, before they are weighed and added up."
    return None


@recogniser(
    "score-for-probability", "The score, not the probability, is compared with the threshold."
)
def score_for_probability(case: Case) -> str | None:
    X, w, b, t = (case.arguments.get(name) for name in ("X", "w", "b", "threshold"))
    if not isinstance(X, np.ndarray) or not isinstance(w, np.ndarray) or b is None or t is None:
        return None
    scores = w.T @ X + b
    if case.fits((scores >= t).astype(float)) or case.fits((scores > t).astype(float)):
        return (
            "The score is compared with the threshold; compare the probability, after the sigmoid."
        )
    return None


@recogniser("rounded-early", "The probability is rounded before it is compared with the threshold.")
def rounded_early(case: Case) -> str | None:
    t, arguments = case.numbers.get("threshold"), dict(case.arguments)
    arguments.pop("threshold", None)
    answers = case.ask(case.library.get("predict_proba"), arguments)
    if t is None or not answers or case.wrong is None:
        return None
    for digits in (1, 2, 3):
        if case.fits((np.round(answers[0], digits) >= t).astype(float)):
            return (
                "The wrong ones have a probability just below the threshold: "
                f"it is rounded to {show.plural(digits, 'decimal')} before it is compared."
            )
    return None


@recogniser("not-thresholded", "These are probabilities, not classes.")
def not_thresholded(case: Case) -> str | None:
    if not np.isin(case.expected, (0, 1)).all() or np.isin(case.got, (0, 1)).any():
        return None
    if case.got.size < 3 or case.got.min() < 0 or case.got.max() > 1:
        return None
    threshold = case.numbers.get("threshold", 0.5)
    if case.got.shape != case.expected.shape or ((case.got >= threshold) != case.expected).any():
        return None
    return "These are probabilities: compare them with the threshold to get classes."


@recogniser("hits-only", "Only right ones are counted; right zeros count as well.")
def hits_only(case: Case) -> str | None:
    a, b = case.arrays.get("Y_hat"), case.arrays.get("Y")
    if a is None or b is None or a.shape != b.shape or case.name != "accuracy":
        return None
    found = np.asarray((a * b).mean())
    if not case.fits(found.reshape(case.got.shape)):
        return None
    return "Only the ones that were found are counted; zeros that were found are right as well."


@recogniser("another-function", "It computes another of the course's functions.")
def another_function(case: Case) -> str | None:
    if case.call is None or not case.arguments or case.got.size < 2 or not case.varied:
        return None
    wanted = _parameters(case.call.reference)
    for name, function in case.library.items():
        if function is case.call.reference or _parameters(function) != wanted:
            continue
        if any(case.fits(answer) for answer in case.ask(function, case.arguments)):
            return f"This is what `{name}` gives."
    return None


@functools.cache
def _parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


FORMULAS = [
    before_sigmoid,
    sigmoid_twice,
    score_for_activation,
    tanh_slope,
    slope_factor,
    activation_too_early,
    score_for_probability,
    rounded_early,
    not_thresholded,
    hits_only,
]
ANOTHER = [another_function]
