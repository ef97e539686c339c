"""inf and nan where a number is expected."""

from __future__ import annotations

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.plain import Array

LARGE = 300
"""Scores beyond which products and squares of exponentials overflow."""
UNDERFLOWS = 745
"""Below minus this, an exponential is rounded to 0."""


def _broken(case: Case) -> Array | None:
    """Where the result is not finite, if it is right everywhere else."""
    if case.wrong is None:
        return None
    broken: Array = ~np.isfinite(case.got) & np.isfinite(case.expected)
    return broken if broken.any() and not (case.wrong & ~broken).any() else None


@recogniser(
    "log-of-zero",
    "A logarithm (or a quotient) of 0 is taken: keep the probability away from it.",
)
def log_of_zero(case: Case) -> str | None:
    broken = _broken(case)
    for name in ("Y_hat", "A_L", "A"):
        p = case.arrays.get(name)
        if broken is None or p is None or p.shape != broken.shape:
            continue
        if np.isin(p[broken], (0, 1)).all():
            place = tuple(np.argwhere(broken)[0])
            cause, what = ("the logarithm of 0", "its argument")
            if case.slope:
                cause, what = ("a division by 0", "the denominator")
            return (
                f"There the probability is exactly {show.number(p[place])}, and {cause} has no "
                f"value: keep {what} at 1e-12 or more (`np.maximum`)."
            )
    return None


@recogniser(
    "zero-by-zero",
    "For very negative scores every exponential is 0, and 0/0 has no value: subtract the largest "
    "score first.",
)
def zero_by_zero(case: Case) -> str | None:
    broken, z = _broken(case), case.input
    if broken is None or z is None or not _shares(case):
        return None
    columns = np.broadcast_to(z.max(0), z.shape)[broken]
    if columns.max() >= -UNDERFLOWS:
        return None
    return (
        f"There no score of the column is above {show.number(columns[0])}: every exponential is "
        "rounded to 0, and 0/0 has no value. Subtract the largest score of each column first."
    )


def _shares(case: Case) -> bool:
    """Whether the columns of the right result add up to 1."""
    return case.expected.ndim > 0 and np.allclose(case.expected.sum(0), 1)


@recogniser(
    "overflow", "For large input an exponential overflows: use the form that suits the sign."
)
def overflow(case: Case) -> str | None:
    broken, z = _broken(case), case.input
    if broken is None or z is None or np.abs(z[broken]).min() < LARGE:
        return None
    place = tuple(np.argwhere(broken)[0])
    there = f"There the input is {show.number(z[place])}: an exponential overflows to inf"
    if "Y" in case.arrays or np.abs(case.expected[broken]).max() > LARGE:
        return (
            f"{there}, or is rounded to 0, and then its logarithm is taken or something divided by "
            "it. Use a form whose exponent is never positive and where neither can happen."
        )
    return f"{there}, and what follows has no value. Use a form whose exponent is never positive."


@recogniser("zero-deviation", "A feature that never changes has deviation 0: do not divide by it.")
def zero_deviation(case: Case) -> str | None:
    broken, z = _broken(case), case.input
    if broken is None or z is None or z.ndim != 2:
        return None
    still = np.ptp(z, axis=1) == 0
    if not still.any() or not (broken == still[:, None]).all():
        return None
    row = int(np.argmax(still))
    return f"Feature {row} never changes, so its deviation is 0: divide it by 1 instead."


NONFINITE = [log_of_zero, zero_by_zero, overflow, zero_deviation]
