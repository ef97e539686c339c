"""Convolution and pooling."""

from __future__ import annotations

import numpy as np

from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.plain import Array


@recogniser("filter-flipped", "The filter is flipped: in this field, convolution does not flip it.")
def filter_flipped(case: Case) -> str | None:
    W = case.arrays.get("W")
    if W is None or W.ndim < 3 or W.shape[-1] < 2 or W.shape[-1] != W.shape[-2]:
        return None
    if not case.fits(case.reference({"W": W[..., ::-1, ::-1].copy()})):
        return None
    return "The filter is flipped in both directions; here convolution means cross-correlation."


@recogniser("pool-tie", "At a tie, the gradient goes to the first maximum alone.")
def pool_tie(case: Case) -> str | None:
    names = ("dA", "X", "f", "stride")
    if list(case.arguments) != list(names) or case.arrays.get("X", np.zeros(0)).ndim != 4:
        return None
    dA, X, f, stride = (np.asarray(case.arguments[name]) for name in names)
    for shared, text in (
        (False, "to every maximum"),
        (True, "to all maxima in parts"),
    ):
        if case.fits(_to_all_maxima(dA, X, int(f), int(stride), shared)):
            return f"At a tie in a window, the gradient goes {text}; only the first gets it."
    return None


def _to_all_maxima(dA: Array, X: Array, f: int, stride: int, shared: bool) -> Array:
    dX = np.zeros(X.shape)
    for i in range(dA.shape[1]):
        for j in range(dA.shape[2]):
            place = np.s_[:, i * stride : i * stride + f, j * stride : j * stride + f]
            largest = X[place] == X[place].max((1, 2), keepdims=True)
            parts = largest / largest.sum((1, 2), keepdims=True) if shared else largest
            dX[place] += parts * dA[:, i : i + 1, j : j + 1]
    return dX


IMAGES = [filter_flipped, pool_tie]
