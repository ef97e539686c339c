"""Checks of a result: numbers and arrays. Each returns None, or raises a CheckFailure."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.check import calls, show
from autograder.check.diagnose import Diagnosis, diagnose
from autograder.check.failure import OTHER_INPUT, CheckFailure
from autograder.check.nearness import nearness
from autograder.check.plain import Array, is_plain, name_of

_OTHER_SHAPE = "For another input than the ones shown, the result has the wrong shape."
_NOT_FINITE = "For another input than the ones shown, the result is not a finite number."


def close(
    what: str,
    got: Any,
    expected: Any,
    rtol: float | None = None,
    atol: float | None = None,
    *,
    lists: bool = False,
) -> None:
    """A number or an array: shape, kind, finite, values. A list will do only where `lists` says so.

    >>> close("cost of four losses", 5.0, 1.25)
    Traceback (most recent call last):
    autograder.check.failure.CheckFailure: cost of four losses: expected 1.25, got 5.0
    """
    target = _expected(expected)
    if target.ndim == 0:
        number(what, got, expected, rtol, atol)
        return
    values = as_array(what, got, lists=lists)
    if values.shape != target.shape:
        raise _wrong_shape(what, values, target)
    _same_values(what, values, target, rtol, atol)


def number(
    what: str, got: Any, expected: Any, rtol: float | None = None, atol: float | None = None
) -> None:
    """A Python or numpy number, or an array of size 1.

    >>> number("slope at 0", np.array([[0.25]]), 0.25)
    """
    value = as_array(what, got, wanted="a number")
    target = _expected(expected).reshape(())
    if value.size != 1:
        raise _wrong_shape(what, value, target)
    _same_values(what, value.reshape(()), target, rtol, atol)


def integers(what: str, got: Any, expected: Any) -> None:
    """Whole numbers, of an integer type: no 1.0, no True.

    >>> integers("classes", np.array([1.0]), [1])
    Traceback (most recent call last):
    autograder.check.failure.CheckFailure: classes: expected integers, got numbers of type \
float64. `.astype(int)` turns them into integers.
    """
    target = np.asarray(expected)
    if target.ndim == 0 and np.ndim(got if is_plain(got) else 0) > 0:
        target = target.reshape((1,) * np.ndim(got))
    values = as_array(
        what, got, wanted="an integer" if target.ndim == 0 else "an array of integers"
    )
    if values.shape != target.shape:
        raise _wrong_shape(what, values, target)
    wrong = nearness(values).misses(values.astype(float), target.astype(float))
    if values.dtype.kind not in "iu" and (not wrong.any() or values.dtype.kind == "c"):
        raise CheckFailure(
            what,
            f"expected integers, got numbers of type {values.dtype}. "
            "`.astype(int)` turns them into integers.",
            kind="not-integer",
            sealed="The result has to be made of integers.",
        )
    _same_values(what, values, target, None, None)


def shape(what: str, got: Any, expected: tuple[int, ...]) -> None:
    """An array of this shape, whatever is in it.

    >>> shape("scores", np.zeros((1, 3)), (1, 3))
    """
    values = as_array(what, got)
    if values.shape != tuple(expected):
        raise _wrong_shape(what, values, np.zeros(expected), diagnosed=False)


def as_array(what: str, got: Any, *, wanted: str = "an array", lists: bool = False) -> Array:
    """A result as an array of numbers, or a CheckFailure that says why it is none."""
    if got is None:
        raise returned_none(what)
    if lists and type(got) in (list, tuple) and is_plain(got):
        try:
            got = np.array(got)
        except ValueError:
            raise refused(what, f"expected {wanted}, got a list of unequal parts") from None
    if type(got) in (list, tuple):
        wrap = "return one value" if type(got) is tuple else "wrap it with `np.array(...)`"
        kind = "list" if type(got) is list else "tuple"
        raise refused(what, f"expected {wanted}, got {name_of(got)}: {wrap}", kind)
    if not isinstance(got, bool | int | float | complex | np.generic | np.ndarray):
        raise refused(what, f"expected {wanted}, got {name_of(got)}")
    values = np.asarray(got)
    if values.dtype.kind == "b":
        raise refused(
            what,
            f"expected numbers, got {'True and False' if values.ndim else got}. "
            "`.astype(float)` or `.astype(int)` makes them 1 and 0.",
            "boolean",
        )
    if values.dtype.kind not in "iuf":
        raise refused(what, f"expected real numbers, got values of type {values.dtype}", "not-real")
    return values


def returned_none(what: str) -> CheckFailure:
    """The commonest slip of all."""
    return CheckFailure(
        what,
        "it returned None: did you forget `return`?",
        kind="returned-none",
        sealed="It returns None: is there a path without `return`?",
    )


def refused(what: str, text: str, kind: str = "wrong-type") -> CheckFailure:
    """A result of a kind that no check can judge."""
    return CheckFailure(what, text, kind=kind, sealed="The result is of the wrong type.")


def _expected(expected: Any) -> Array:
    target = np.asarray(expected)
    return target.astype(float) if target.dtype.kind in "biu" else target


def _wrong_shape(what: str, got: Array, target: Array, diagnosed: bool = True) -> CheckFailure:
    wanted = "a number" if target.ndim == 0 else f"shape {target.shape}"
    found = "a number" if got.ndim == 0 else f"shape {got.shape}"
    cause = diagnose(got, target, calls.last) if diagnosed else None
    return _failure(what, f"expected {wanted}, got {found}", cause, "wrong-shape", _OTHER_SHAPE)


def _same_values(
    what: str, got: Array, target: Array, rtol: float | None, atol: float | None
) -> None:
    """Raise unless two arrays of one shape are near each other."""
    missed = nearness(got, rtol, atol).misses(got, target)
    if not missed.any():
        return
    cause = diagnose(got, target, calls.last)
    broken = ~np.isfinite(got) & np.isfinite(target)
    if broken.any() and got.ndim:
        count, first = int(broken.sum()), tuple(np.argwhere(broken)[0])
        text = (
            f"{count} of {show.plural(got.size, 'entry', 'entries')} "
            f"{'is' if count == 1 else 'are'} not finite; the first, at {show.index(first)}, "
            f"is {show.number(got[first])} instead of {show.number(target[first])}"
        )
        raise _failure(what, text, cause, "not-finite", _NOT_FINITE)
    raise _failure(what, _contrast(got, target, missed), cause)


def _contrast(got: Array, target: Array, missed: Array) -> str:
    if got.ndim == 0:
        expected, found = show.pair(target.item(), got.item())
        return f"expected {expected}, got {found}"
    if got.size <= show.SMALL:
        expected, found = show.arrays(target, got)
        return f"expected {expected}, got {found}"
    first = tuple(np.argwhere(missed)[0])
    expected, found = show.pair(target[first].item(), got[first].item())
    return (
        f"{int(missed.sum())} of {got.size} entries differ; the first, at {show.index(first)}: "
        f"expected {expected}, got {found}"
    )


def _failure(
    what: str,
    text: str,
    cause: Diagnosis | None,
    kind: str | None = None,
    sealed: str = OTHER_INPUT,
) -> CheckFailure:
    """A failure with its diagnosis, whose sentence goes on where the text ends."""
    if cause is None:
        return CheckFailure(what, text, kind=kind, sealed=sealed)
    join = ", " if cause.sentence.startswith("which ") else ". "
    return CheckFailure(what, text + join + cause.sentence, kind=cause.kind, sealed=cause.general)
