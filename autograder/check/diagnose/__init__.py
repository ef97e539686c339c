"""The mistake behind a wrong result, recognised from the arrays, the call and the reference alone.

A wrong diagnosis is worse than none: a recogniser speaks only where the whole result fits.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.check.diagnose import (
    arguments,
    averages,
    entries,
    factors,
    formulas,
    images,
    nonfinite,
    nudges,
    shapes,
    steps,
    values,
)
from autograder.check.diagnose.case import LARGEST, Case
from autograder.check.diagnose.recogniser import Diagnosis, Recogniser
from autograder.check.nearness import alike

if TYPE_CHECKING:
    from autograder.check.calls import Call

__all__ = ["RECOGNISERS", "Diagnosis", "diagnose", "kinds"]

CERTAIN: list[Recogniser] = [
    arguments.input_modified,
    *nonfinite.NONFINITE,
    *shapes.SHAPES,
    *shapes.LENGTHS,
    values.zeros,
    entries.first_sample_only,
    values.constant,
    values.exchanged_classes,
    arguments.tie,
]
"""They state facts. The first that speaks is believed."""

LIKELY: list[Recogniser] = [
    *values.PLAIN,
    *averages.AVERAGES,
    *steps.STEPS,
    *nudges.NUDGES,
    *values.VALUES,
    *formulas.FORMULAS,
    *images.IMAGES,
    *factors.NAMED,
    *arguments.SUBSTITUTED,
    *shapes.ORDERS,
    *factors.UNNAMED,
    *entries.ENTRIES,
    *values.BOUNDS,
    *formulas.ANOTHER,
    *entries.LAST,
]
"""They try out an explanation. The first that fits is believed; where a fit may be a coincidence
(one number, or only zeros and ones), it has to be the only one."""

RECOGNISERS = CERTAIN + LIKELY


def kinds() -> dict[str, str]:
    """All kinds of mistake, with the sentence that is safe after a hidden test."""
    return {recogniser.kind: recogniser.general for recogniser in RECOGNISERS}


def diagnose(got: Any, expected: Any, call: Call | None = None) -> Diagnosis | None:
    """What went wrong, or None where that is not certain. Never raises, never warns.

    >>> diagnose(np.array([-1.0, 2.5, -3.0]), np.array([1.0, -2.5, 3.0])).kind
    'sign'
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        case = _case(got, expected, call)
        if case is None:
            return None
        certain = next(_spoken(CERTAIN, case), None)
        if certain is not None:
            return certain
        likely = list(islice(_spoken(LIKELY, case), None if case.thin else 1))
    kinds = {diagnosis.kind for diagnosis in likely}
    if "argument-ignored" in kinds:  # an ignored argument is a missing factor, too
        kinds.discard("argument-factor")
    return likely[0] if len(kinds) == 1 else None


def _spoken(recognisers: list[Recogniser], case: Case) -> Iterator[Diagnosis]:
    for recogniser in recognisers:
        try:
            sentence = recogniser.look(case)
        except Exception:  # a strange result must not hide the plain message
            continue
        if sentence:
            yield Diagnosis(recogniser.kind, sentence, recogniser.general)


def _case(got: Any, expected: Any, call: Call | None) -> Case | None:
    """The case, or None where there is nothing to recognise."""
    try:
        found, target = np.asarray(got), np.asarray(expected)
        if not all(a.dtype.kind in "biuf" and 0 < a.size <= LARGEST for a in (found, target)):
            return None
        if target.ndim == 0 and found.size == 1:
            found = found.reshape(())
        single = found.dtype.kind == "f" and found.dtype.itemsize <= 4
        case = Case(
            found.astype(float),
            target.astype(float),
            call,
            1e-3 if single else 1e-6,
            found.dtype.kind in "iu",
        )
    except Exception:
        return None
    return None if alike(case.got, case.expected, case.tolerance) else case
