"""Checks of plain data: texts, whole numbers, lists, dicts, several results at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.check import show
from autograder.check.failure import CheckFailure
from autograder.check.plain import is_plain, name_of
from autograder.check.values import refused, returned_none


def equal(what: str, got: Any, expected: Any) -> None:
    """Plain data, exactly: texts, whole numbers, lists, dicts. A list is as good as a tuple.

    >>> equal("layer shapes", [(4, 3)], [(4, 3), (1, 4)])
    Traceback (most recent call last):
    autograder.check.failure.CheckFailure: layer shapes: expected 2 entries, got 1
    """
    if got is None and expected is not None:
        raise returned_none(what)
    if not is_plain(got):
        raise refused(what, f"expected {name_of(expected)}, got {name_of(got)}")
    difference = _difference(got, expected)
    if difference:
        where, text = difference
        place = f" at {where}" if where else ""
        raise CheckFailure(what, f"{text}{place}")


def true(what: str, condition: Any, hint: str = "") -> None:
    """Something that has to hold, in the test author's words.

    >>> true("probabilities", 3 > 1, "they lie between 0 and 1")
    """
    if not isinstance(condition, bool | np.bool_):
        raise refused(what, f"expected True or False, got {name_of(condition)}")
    if not condition:
        raise CheckFailure(what, hint or "this does not hold")


def parts(what: str, got: Any, *names: str) -> tuple[Any, ...]:
    """The results of a function that returns several: a tuple, or a dict with these keys.

    >>> w, b = parts("perceptron_update", (1.0, 2.0), "w", "b")
    """
    wanted = ", ".join(names)
    if got is None:
        raise returned_none(what)
    if type(got) is dict:
        missing = [name for name in names if name not in got]
        if missing:
            raise CheckFailure(
                what,
                f"the dict has no entry {missing[0]!r}: expected {wanted}",
                kind="wrong-results",
                sealed="An entry of the dict is missing.",
            )
        return tuple(got[name] for name in names)
    if type(got) not in (tuple, list) or len(got) != len(names):
        count = f"{name_of(got)} of {len(got)}" if type(got) in (tuple, list) else name_of(got)
        raise CheckFailure(
            what,
            f"expected {len(names)} results, ({wanted}), got {count}",
            kind="wrong-results",
            sealed=f"It has to return {wanted}, in this order.",
        )
    return tuple(got)


def _difference(got: Any, expected: Any, place: str = "") -> tuple[str, str] | None:
    """The first difference of two pieces of plain data: where it is, and what it is."""
    if isinstance(expected, list | tuple) and isinstance(got, list | tuple):
        if len(got) != len(expected):
            entries = show.plural(len(expected), "entry", "entries")
            return place, f"expected {entries}, got {len(got)}"
        pairs: Any = (
            (f"{place}[{i}]", a, b) for i, (a, b) in enumerate(zip(got, expected, strict=True))
        )
    elif isinstance(expected, dict) and isinstance(got, dict):
        if got.keys() != expected.keys():
            return place, f"expected the keys {list(expected)}, got {list(got)}"
        pairs = ((f"{place}[{key!r}]", got[key], expected[key]) for key in expected)
    else:
        same = type(got) is not bool or isinstance(expected, bool)
        if same and np.array_equal(np.asarray(got), np.asarray(expected)):
            return None
        return place, f"expected {_short(expected)}, got {_short(got)}"
    return next((found for p, a, b in pairs if (found := _difference(a, b, p))), None)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
