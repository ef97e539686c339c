"""Checks of how a function behaves: what it leaves alone, accepts, refuses, and bears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.check import calls, show
from autograder.check.failure import CheckFailure
from autograder.check.plain import name_of, same_data, shares_memory, snapshot
from autograder.check.session import Function
from autograder.check.values import as_array, close, integers, returned_none

_OWN_DATA = "The function changes what it was given; copy it before you write into it."


def unchanged(what: str, function: Function, *args: Any, **kwargs: Any) -> None:
    """The function leaves its arguments as they are, lists and dicts included.

    >>> def double(x):
    ...     x *= 2
    ...     return x
    >>> unchanged("double", double, np.ones(2))
    Traceback (most recent call last):
    autograder.check.failure.CheckFailure: double: it changed its argument number 1. Work on a \
copy, or write `a = a + b` where you have `a += b`.
    """
    given = [(f"number {i}", value) for i, value in enumerate(args, 1)]
    given += [(f"`{key}`", value) for key, value in kwargs.items()]
    before = [snapshot(value) for _, value in given]
    result = function(*args, **kwargs)
    left = [value for _, value in given]
    if isinstance(function, calls.Guard):
        left = [*function.left[0], *function.left[1].values()]
    for (name, _), value, old in zip(given, left, before, strict=True):
        if not same_data(value, old):
            raise CheckFailure(
                what,
                f"it changed its argument {name}. Work on a copy, or write `a = a + b` where you "
                "have `a += b`.",
                kind="input-modified",
                sealed=_OWN_DATA,
            )
    if result is None:
        raise returned_none(what)


def fresh(what: str, result: Any, *args: Any) -> None:
    """The result is an array of its own: writing into it changes no argument.

    >>> x = np.zeros(3)
    >>> fresh("copy", x.copy(), x)
    """
    if result is None:
        raise returned_none(what)
    last = calls.last
    given_back = last is not None and last.result is result and last.shared
    if given_back or shares_memory(result, args):
        raise CheckFailure(
            what,
            "the result is the argument itself, or a view into it: whoever writes into one changes "
            "the other. Return a new array, for example with `.copy()`.",
            kind="shares-memory",
            sealed="The result has to be a new array, not the argument or a view of it.",
        )


def stable(
    what: str,
    function: Function,
    *args: Any,
    expected: Any = None,
    rtol: float | None = None,
    atol: float | None = None,
    **kwargs: Any,
) -> None:
    """Right and finite values without a warning of overflow, division or invalid value.

    >>> stable("exp", np.exp, np.array([1000.0]))
    Traceback (most recent call last):
    autograder.check.failure.CheckFailure: exp: numpy warns of "overflow encountered in exp". \
Rewrite the formula so that no number in between grows too large.
    """
    seen = calls.observe(function, args, kwargs)
    told = ""
    if seen.warnings:
        told = f'numpy warns of "{seen.warnings[0]}". {_cure(seen.warnings[0])}'
    try:
        if expected is not None:
            close(what, seen.result, expected, rtol, atol)
        elif not told and not np.isfinite(as_array(what, seen.result, lists=True)).all():
            raise CheckFailure(what, "the result is inf or nan somewhere", kind="not-finite")
    except CheckFailure as failure:
        if told and failure.kind == "not-finite":
            raise _unstable(what, f"{failure.text}. Meanwhile {told}") from None
        raise
    if told:
        raise _unstable(what, told)


def _unstable(what: str, text: str) -> CheckFailure:
    return CheckFailure(
        what,
        text,
        kind="unstable",
        sealed="numpy warns of an overflow, a division by zero or an invalid value.",
    )


def _cure(warning: str) -> str:
    if "overflow" in warning:
        return "Rewrite the formula so that no number in between grows too large."
    if "divide" in warning:
        return "Keep the denominator, or the argument of the logarithm, away from 0."
    return "Somewhere a nan arises, as from 0/0 or inf − inf; np.where computes both branches."


def accepts(
    what: str,
    function: Function,
    *args: Any,
    expected: Any,
    forms: Sequence[str] = ("float32", "integer", "strided", "read-only"),
    **kwargs: Any,
) -> None:
    """The same values for the same numbers in other forms, where these hold the numbers exactly.

    >>> accepts("double", lambda x: 2 * x, np.array([1.0, 2.0]), expected=[2, 4])
    """
    whole = np.asarray(expected).dtype.kind in "iu" and isinstance(expected, np.ndarray)
    others = {form: tuple(_in_form(form, value) for value in args) for form in forms}
    others = {form: other for form, other in others.items() if not _same_objects(other, args)}
    runs = calls.each(function, list(others.values()), kwargs)
    for form in others:
        label = f"{what} with {_FORM_NAMES[form]}"
        result = _tried(label, form, runs)
        if whole:
            integers(label, result, expected)
        else:
            close(label, result, expected, rtol=1e-3 if form == "float32" else None)


_FORM_NAMES = {
    "float32": "float32 input",
    "integer": "integer input",
    "strided": "input that is a view of a larger array",
    "read-only": "read-only input",
}


def _same_objects(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    return all(a is b for a, b in zip(some, others, strict=True))


def _tried(label: str, form: str, runs: Iterator[calls.Observation]) -> Any:
    """The result of the next call."""
    try:
        return next(runs).result
    except CheckFailure as failure:
        if form == "read-only" and "read-only" in failure.message:
            raise CheckFailure(
                label,
                "it writes into its argument. Work on a copy instead.",
                kind="input-modified",
                sealed=_OWN_DATA,
            ) from None
        raise failure.about(label) from None


def _in_form(form: str, value: Any) -> Any:
    """An array in another form, or the value itself where the form does not suit it."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf":
        return value
    if form == "float32":
        return value.astype(np.float32) if value.dtype.kind == "f" else value
    if form == "integer":
        exact = value.dtype.kind == "f" and bool((value == np.round(value)).all())
        return value.astype(np.int64) if exact else value
    if form == "strided":
        wide = np.full([2 * n for n in value.shape], -7, value.dtype)
        view = wide[tuple(slice(None, None, 2) for _ in value.shape)]
        view[...] = value
        return view
    if form == "read-only":
        copy = value.copy()
        copy.flags.writeable = False
        return copy
    raise ValueError(f"no such form of an array: {form}")


def raises(
    what: str,
    exception: type[BaseException] | tuple[type[BaseException], ...],
    function: Function,
    *args: Any,
    **kwargs: Any,
) -> None:
    """The function raises this exception.

    >>> raises("square root of −1", ValueError, __import__("math").sqrt, -1)
    """
    wanted = exception if isinstance(exception, tuple) else (exception,)
    names = " or ".join(kind.__name__ for kind in wanted)
    student = function.student if isinstance(function, calls.Guard) else function
    try:
        result = student(*args, **kwargs)
    except Exception as error:
        own_work = calls.stopped(what, error)
        if own_work.kind in ("not-started", "used-library") or not isinstance(error, wanted):
            if own_work.kind == "exception":
                own_work = CheckFailure(
                    what,
                    f"expected {names}, but {own_work.text}",
                    kind="wrong-exception",
                    sealed=f"It has to raise {names}.",
                )
            raise own_work from None
        return
    raise CheckFailure(
        what,
        f"expected {names}, but nothing was raised; it returned {_brief(result)}",
        kind="nothing-raised",
        sealed=f"It has to raise {names}.",
    )


def _brief(value: Any) -> str:
    simple = isinstance(value, int | float | np.number)
    return show.number(value) if simple else name_of(value)
