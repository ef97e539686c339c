"""A gradient, held against the slopes of its function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.check import calls, show
from autograder.check.diagnose import diagnose
from autograder.check.failure import CheckFailure
from autograder.check.plain import Array
from autograder.check.values import as_array, close


def gradient(
    what: str,
    got: Any,
    function: Callable[[Any], Any],
    at: Any,
    *,
    own: Callable[[Any], Any] | None = None,
    h: float = 1e-5,
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> None:
    """`got` is the gradient of `function` (which gives a number) at the array or number `at`.

    With `own`, the student's own version of the function, a gradient that fits only that one is
    recognised.

    >>> gradient("slope of a² at 2", 4.0, lambda a: a**2, 2.0)
    """
    slopes = _slopes(function, at, h)
    values = as_array(what, got)
    if values.size != 1 or slopes.size != 1:
        close(what, np.zeros(values.shape), np.zeros(slopes.shape))
    values = values.reshape(slopes.shape)
    if _near(values, slopes, rtol, atol):
        return
    if own is not None and _near(values, _slopes(own, at, h), rtol, atol):
        raise CheckFailure(
            what,
            "this is the gradient of your own function, which is not the one that was asked for. "
            "Mend that one first.",
            kind="gradient-of-own-forward",
            sealed="The gradient fits your own function, but that is not the one asked for.",
        )
    _disagree(what, values, slopes)


def _slopes(function: Callable[[Any], Any], at: Any, h: float) -> Array:
    """Central differences, entry by entry."""
    point = np.array(at, float)
    slopes = np.zeros(point.shape)
    for place in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[place] += h
        down[place] -= h
        rise = np.asarray(function(up if point.ndim else float(up)))
        fall = np.asarray(function(down if point.ndim else float(down)))
        slopes[place] = float(rise.reshape(())) / (2 * h) - float(fall.reshape(())) / (2 * h)
    return slopes


def _near(got: Array, slopes: Array, rtol: float, atol: float) -> bool:
    with np.errstate(all="ignore"):
        distance = float(np.linalg.norm(got - slopes))
        return distance <= rtol * float(np.linalg.norm(slopes)) + atol


def _disagree(what: str, got: Array, slopes: Array) -> None:
    cause = diagnose(got, slopes, calls.last)
    worst = np.unravel_index(
        int(np.argmax(np.abs(np.nan_to_num(got - slopes, nan=np.inf)))), got.shape
    )
    expected, found = show.pair(slopes[worst].item(), got[worst].item())
    place = f"at {show.index(worst)} " if got.ndim else ""
    text = f"{place}the slope of the function is {expected}, your gradient says {found}"
    if cause is None:
        raise CheckFailure(what, text, kind="wrong-gradient")
    join = ", " if cause.sentence.startswith("which ") else ". "
    raise CheckFailure(what, text + join + cause.sentence, kind=cause.kind, sealed=cause.general)
