"""inf and nan where a number is expected."""

from __future__ import annotations

import numpy as np

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.plain import Array


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
            return (
                f"There the probability is exactly {show.number(p[place])}, and the logarithm of "
                "0, or a division by it, has no value: keep it at 1e-12 or more (`np.maximum`)."
            )
    return None


@recogniser(
    "overflow", "For large input an exponential overflows: use the form that suits the sign."
)
def overflow(case: Case) -> str | None:
    broken, z = _broken(case), case.input
    if broken is None or z is None or np.abs(z[broken]).min() < 300:
        return None
    place = tuple(np.argwhere(broken)[0])
    return (
        f"There the input is {show.number(z[place])}: an exponential overflows to inf, and what "
        "follows has no value. Use a form whose exponent is never positive."
    )


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


NONFINITE = [log_of_zero, overflow, zero_deviation]
