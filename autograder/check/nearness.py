"""When two arrays count as equal: entry by entry, with a floor set by the largest of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograder.check.plain import Array


@dataclass(frozen=True)
class Nearness:
    """|got − expected| ≤ relative · |expected| + floor · max |expected| + absolute.

    The floor forgives what rounding leaves where large terms cancel.
    """

    relative: float
    floor: float
    absolute: float

    def misses(self, got: Array, expected: Array) -> Array:
        """Where they differ, as an array of booleans. Both have one shape."""
        with np.errstate(all="ignore"):
            finite = np.abs(expected[np.isfinite(expected)])
            largest = finite.max() if finite.size else 0.0
            allowed = self.relative * np.abs(expected) + self.floor * largest + self.absolute
            near = (got == expected) | (np.abs(got - expected) <= allowed)
            both_nan = np.isnan(got) & np.isnan(expected)
        missed: Array = ~(near & (np.isfinite(expected) | (got == expected)) | both_nan)
        return missed


def nearness(got: Array, rtol: float | None = None, atol: float | None = None) -> Nearness:
    """What is near enough: 1e-6 relative, 1e-3 for a float32 result, or what the test asks for."""
    single = got.dtype.kind in "fc" and got.dtype.itemsize <= (4 if got.dtype.kind == "f" else 8)
    relative = rtol if rtol is not None else (1e-3 if single else 1e-6)
    floor = 1e-5 if single else min(relative, 1e-6) * 1e-4
    absolute = atol if atol is not None else (1e-6 if single else 1e-12)
    return Nearness(relative, floor, absolute)


def alike(got: Array, expected: Array, relative: float = 1e-6) -> bool:
    """Whether two arrays have one shape and the same values, up to rounding; nan is no value.

    >>> alike(np.array([0.1 + 0.2]), np.array([0.3]))
    True
    """
    if got.shape != expected.shape or np.isnan(expected).any():
        return False
    return not bool(Nearness(relative, relative * 1e-3, 0.0).misses(got, expected).any())
