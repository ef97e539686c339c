"""The right function of other arguments: one ignored, two swapped, one with its sign turned."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import COUNTS, Case
from autograder.check.diagnose.recogniser import Recogniser, recogniser
from autograder.check.plain import same_data

_SPOKEN = {"b": "the bias `b`", "threshold": "the `threshold`", "alpha": "the slope `alpha`"}


def _said(name: str) -> str:
    return _SPOKEN.get(name, f"`{name}`")


@recogniser("input-modified", "It changes its argument while it works: copy it first.")
def input_modified(case: Case) -> str | None:
    if case.call is None:
        return None
    for name, before, now in zip(case.arguments, case.call.args, case.call.given, strict=False):
        if not same_data(now, before):
            return f"Meanwhile your function changed its argument `{name}`: work on a copy."
    return None


@recogniser("swapped-arguments", "Two of the arguments are exchanged.")
def swapped_arguments(case: Case) -> str | None:
    for a, b in combinations(case.arrays, 2):
        if case.arrays[a].shape != case.arrays[b].shape:
            continue
        if case.fits(case.reference({a: case.arguments[b], b: case.arguments[a]})):
            return f"This is the right result for `{a}` and `{b}` exchanged."
    return None


@functools.lru_cache(maxsize=1)
def _ignored(case: Case) -> list[tuple[str, str]]:
    """Arguments that make no difference, each with its sentence."""
    return list(_without_effect(case))


def _without_effect(case: Case) -> Iterator[tuple[str, str]]:
    for name, value in case.numbers.items():
        for other in _plain_values(case, name):
            if other != value and case.fits(case.reference({name: other})):
                here = f"{_said(name)} is {show.number(case.arguments[name])} here: is it used?"
                yield name, f"This is the result for `{name}` = {show.number(other)}, but {here}"
                break
    for name in case.arrays.keys() & {"b", "b1", "b2"}:
        if case.fits(case.reference({name: np.zeros_like(case.arguments[name])})):
            yield name, f"This is the result without {_said(name)}: is it added?"
    for name, flag in case.arguments.items():
        if isinstance(flag, bool) and case.fits(case.reference({name: not flag})):
            yield name, f"This is the result for `{name}={not flag}`, but it is {flag} here."


def _plain_values(case: Case, name: str) -> tuple[Any, ...]:
    """Values that a program uses which does not look at its argument."""
    whole = isinstance(case.arguments[name], int | np.integer)
    usual: tuple[Any, ...] = (0, 1) if whole else (0.0, 1.0)
    if name in ("b", "b1", "b2"):
        return usual[:1]
    if case.call is None or case.call.reference is None:
        return usual
    default = inspect.signature(case.call.reference).parameters[name].default
    known = () if default is inspect.Parameter.empty or default is None else (default,)
    return (*known, *usual)


def _ignores(kind: str, general: str, *names: str) -> Recogniser:
    def look(case: Case) -> str | None:
        found = _ignored(case)
        counts = [(name, sentence) for name, sentence in found if name in COUNTS]
        found = counts or found  # without a step the other numbers make no difference either
        if len(found) != 1:
            return None
        name, sentence = found[0]
        return sentence if (name in names if names else name not in _NAMED) else None

    return recogniser(kind, general)(look)


_BIASES, _PADDINGS, _STRIDES = ("b", "b1", "b2"), ("padding", "p"), ("stride",)
_NAMED = (*_BIASES, *_PADDINGS, *_STRIDES)

bias_missing = _ignores("bias-missing", "The bias is missing.", *_BIASES)
padding_ignored = _ignores("padding-ignored", "The padding is ignored.", *_PADDINGS)
stride_ignored = _ignores("stride-ignored", "The stride is ignored.", *_STRIDES)
argument_ignored = _ignores("argument-ignored", "One of the arguments makes no difference.")


@recogniser("bias-repeated", "The bias is added more than once.")
def bias_repeated(case: Case) -> str | None:
    bias = case.numbers.get("b")
    if not bias:
        return None
    for name, value in case.arrays.items():
        for count in set(value.shape) - {1}:
            if case.fits(case.reference({"b": count * bias})):
                return (
                    f"The bias `b` is added {count} times, once for each row or column of `{name}`."
                )
    return None


@recogniser("argument-sign", "One of the arguments comes in with the wrong sign.")
def argument_sign(case: Case) -> str | None:
    for names in (case.numbers.keys() - COUNTS, case.arrays):
        found = [name for name in names if case.fits(case.reference({name: _negative(case, name)}))]
        if found:
            return f"The sign of {_said(found[0])} is turned." if len(found) == 1 else None
    return None


def _negative(case: Case, name: str) -> Any:
    return -case.arguments[name]


@recogniser("tie", "A tie falls to the wrong side: `>` and `>=` differ there.")
def tie(case: Case) -> str | None:
    for name, value in case.numbers.items():
        for other in (np.nextafter(value, np.inf), np.nextafter(value, -np.inf)):
            if isinstance(case.arguments[name], float) and case.fits(case.reference({name: other})):
                return (
                    "Only ties are wrong, where something is exactly "
                    f"`{name}` = {show.number(value)}: `>` or `>=`?"
                )
    return None


@recogniser("argument-scaled", "A factor inside the function is missing, or one is too many.")
def argument_scaled(case: Case) -> str | None:
    z = case.input
    if z is None or case.thin or not case.varied:
        return None
    for factor, words in ((2.0, "twice"), (0.5, "half of")):
        name = next(iter(case.arrays), "")
        if case.fits(case.reference({name: factor * z})):
            return (
                f"This is the right result for {words} `{name}`: where does a factor "
                f"{'not belong' if factor > 1 else 'belong'} inside?"
            )
    return None


@recogniser("reversed-argument", "The parts of one argument are exchanged.")
def reversed_argument(case: Case) -> str | None:
    for name, value in case.arrays.items():
        if max(value.shape) >= 2 and case.fits(case.reference({name: value[::-1].copy()})):
            count = "two" if value.shape[0] == 2 else str(value.shape[0])
            return (
                f"The {count} entries of `{name}` are exchanged: the first is taken for the last."
            )
    return None


@recogniser("even-spacing", "It does not use the values of an argument, only their range.")
def even_spacing(case: Case) -> str | None:
    for name, value in case.arrays.items():
        even = np.linspace(value.min(), value.max(), value.size).reshape(value.shape)
        if value.size > 2 and not case.thin and case.fits(case.reference({name: even})):
            return f"This is the result for evenly spread values in place of those in `{name}`."
    return None


@recogniser("some-features", "Only some of the features are used.")
def some_features(case: Case) -> str | None:
    if case.thin:
        return None
    rows = {n: v for n, v in case.arrays.items() if v.ndim == 2 and n in ("X", "w", "A_prev")}
    count = rows["X"].shape[0] if "X" in rows else 0
    for k in range(1, count):
        if case.fits(case.reference({name: value[:k] for name, value in rows.items()})):
            return f"This is the result of the first {k} of {count} features only."
    return None


@recogniser("wrong-axis", "It works along the wrong axis.")
def wrong_axis(case: Case) -> str | None:
    for name, value in case.arrays.items():
        other = case.reference({name: value.T.copy()}) if value.ndim == 2 else None
        if other is not None and (case.fits(other) or case.fits(other.T)):
            return f"It works along the other axis of `{name}`: over rows where columns are meant."
    return None


@recogniser("other-result", "Two of the results are exchanged.")
def other_result(case: Case) -> str | None:
    if any(case.fits(answer) for answer in case.other_results()) and case.got.any():
        return "This is another of the results that are asked for: mind their order."
    return None


SUBSTITUTED = [
    bias_missing,
    padding_ignored,
    stride_ignored,
    bias_repeated,
    argument_ignored,
    swapped_arguments,
    reversed_argument,
    argument_sign,
    argument_scaled,
    some_features,
    even_spacing,
    wrong_axis,
    other_result,
]
