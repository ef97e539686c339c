"""Numbers and arrays as a message shows them: rounded, but never so far that two look alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.check.plain import Array

SMALL = 12
"""Arrays of up to this many entries are shown whole."""


def number(value: Any, digits: int = 6) -> str:
    """One number, as a student would write it.

    >>> number(5), number(2 / 3), number(0.0000123)
    ('5', '0.666667', '1.23e-05')
    """
    if isinstance(value, complex | np.complexfloating):
        return f"{number(value.real, digits)} + {number(value.imag, digits)}i"
    if isinstance(value, int | np.integer | np.bool_):
        return str(value)
    text = f"{float(value):.{digits}g}"
    return text if any(mark in text for mark in ".en") else f"{text}.0"


def pair(expected: Any, got: Any) -> tuple[str, str]:
    """Two numbers, with as many digits as it takes to see that they differ.

    >>> pair(1.25, 5.0)
    ('1.25', '5.0')
    >>> pair(1 / 3, 0.33333334)
    ('0.33333333', '0.33333334')
    """
    for digits in (6, 8, 10, 13, 17):
        texts = number(expected, digits), number(got, digits)
        if texts[0] != texts[1]:
            break
    return texts


def arrays(expected: Array, got: Array) -> tuple[str, str]:
    """Two small arrays, whole."""
    if expected.dtype.kind == "f" or got.dtype.kind == "f":
        expected, got = expected.astype(float) + 0.0, got.astype(float) + 0.0
    for digits in (6, 8, 10, 13, 17):
        texts = _whole(expected, digits), _whole(got, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _whole(values: Array, digits: int) -> str:
    if values.ndim == 0:
        return number(values.item(), digits)
    return "[" + ", ".join(_whole(item, digits) for item in values) + "]"


def index(place: tuple[Any, ...]) -> str:
    """Where an entry is.

    >>> index((np.int64(0), np.int64(2)))
    '[0, 2]'
    """
    return "[" + ", ".join(str(int(i)) for i in place) + "]"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "sample"), plural(4, "sample"), plural(2, "entry", "entries")
    ('1 sample', '4 samples', '2 entries')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"
