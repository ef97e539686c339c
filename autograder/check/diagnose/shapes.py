"""The right numbers in the wrong shape, and results that were reduced too much or too little."""

from __future__ import annotations

from autograder.check import show
from autograder.check.diagnose.case import Case
from autograder.check.diagnose.recogniser import recogniser
from autograder.check.nearness import alike
from autograder.check.plain import Array


@recogniser("transposed", "Rows and columns are exchanged: the result has to be transposed.")
def transposed(case: Case) -> str | None:
    if case.expected.ndim < 2 or not case.fits(case.expected.T):
        return None
    return "The numbers are right, but rows and columns are exchanged: transpose (`.T`)."


@recogniser("missing-axis", "An axis is missing: think of `keepdims=True`, or `reshape`.")
def missing_axis(case: Case) -> str | None:
    if case.got.ndim >= case.expected.ndim or not _squeezed(case):
        return None
    return (
        f"The numbers are right, but an axis of length 1 is missing: keep it with `keepdims=True` "
        f"or `.reshape{case.expected.shape}`."
    )


@recogniser("extra-axis", "The result has an axis too many.")
def extra_axis(case: Case) -> str | None:
    if case.got.ndim <= case.expected.ndim or not _squeezed(case):
        return None
    return "The numbers are right, but there is an axis of length 1 too many."


def _squeezed(case: Case) -> bool:
    return alike(case.got.squeeze(), case.expected.squeeze(), case.tolerance)


@recogniser("flat-order", "The shape is right, but the numbers are laid out in another order.")
def flat_order(case: Case) -> str | None:
    """reshape where a transpose was meant, or Fortran order."""
    if case.expected.ndim < 2 or not case.varied:
        return None
    orders = (case.expected.T.ravel(), case.expected.ravel(order="F"))
    if not any(case.fits(order.reshape(case.expected.shape)) for order in orders):
        return None
    return (
        "The right numbers are in the wrong order: `reshape` only cuts the row of numbers anew; "
        "to exchange axes, transpose."
    )


@recogniser(
    "broadcast", "A row and a column were combined into a table: one of them needs its axes."
)
def broadcast(case: Case) -> str | None:
    m = max(case.expected.shape, default=0)
    if m < 2 or case.got.shape != (m, m) or case.expected.size != m:
        return None
    return (
        f"A row and a column of {m} numbers were combined into a table of {m} × {m}: "
        f"give both the shape {case.expected.shape}."
    )


@recogniser("not-summed", "A sum over an axis is missing.")
def not_summed(case: Case) -> str | None:
    for axis in _longer_axes(case):
        for offset in (0.0, *case.numbers.values()):
            total = (case.got - offset).sum(axis, keepdims=True) + offset
            if alike(_as(total, case), case.expected, case.tolerance):
                count = case.got.shape[axis]
                return f"The sum over the {count} entries of axis {axis} is missing."
    return None


@recogniser("not-averaged", "The mean over the samples is missing.")
def not_averaged(case: Case) -> str | None:
    for axis in _longer_axes(case):
        if alike(_as(case.got.mean(axis, keepdims=True), case), case.expected, case.tolerance):
            return f"The mean over the {case.got.shape[axis]} entries of axis {axis} is missing."
    return None


def _longer_axes(case: Case) -> list[int]:
    """Axes that the result has and that should be gone."""
    if case.got.size <= case.expected.size:
        return []
    return [
        axis
        for axis, n in enumerate(case.got.shape)
        if n > 1 and case.got.size // n == case.expected.size
    ]


def _as(values: Array, case: Case) -> Array:
    return values.reshape(case.expected.shape)


@recogniser("one-number", "It adds up everything into one number; give `axis` to the sum.")
def one_number(case: Case) -> str | None:
    if case.got.size != 1 or case.expected.size < 2:
        return None
    many = case.expected.size
    return (
        f"This is one number, where {many} are asked for: without `axis`, a sum or a mean "
        "goes over all entries."
    )


@recogniser("one-too-many", "There is an entry too many: where does the count begin, and end?")
def one_too_many(case: Case) -> str | None:
    for axis in _neighbour_axes(case, 1):
        for cut, end in ((slice(1, None), "first"), (slice(None, -1), "last")):
            if alike(_cut(case.got, axis, cut), case.expected, case.tolerance):
                return f"There is one entry too many: without the {end} one, it is right."
    return None


@recogniser("one-too-few", "An entry is missing: where does the count begin, and end?")
def one_too_few(case: Case) -> str | None:
    for axis in _neighbour_axes(case, -1):
        for cut, end in ((slice(1, None), "first"), (slice(None, -1), "last")):
            if alike(case.got, _cut(case.expected, axis, cut), case.tolerance):
                entry = show.plural(case.expected.shape[axis], "entry", "entries")
                return f"Of {entry}, the {end} one is missing."
    return None


def _neighbour_axes(case: Case, step: int) -> list[int]:
    """The axis along which the result is longer by `step`, all others being equal."""
    if case.got.ndim != case.expected.ndim:
        return []
    longer = [a - b for a, b in zip(case.got.shape, case.expected.shape, strict=True)]
    if sum(map(abs, longer)) != 1 or step not in longer:
        return []
    axis = longer.index(step)
    return [axis] if min(case.got.shape[axis], case.expected.shape[axis]) >= 2 else []


def _cut(values: Array, axis: int, part: slice) -> Array:
    place = [slice(None)] * values.ndim
    place[axis] = part
    return values[tuple(place)]


SHAPES = [transposed, missing_axis, extra_axis, not_averaged, not_summed, broadcast, one_number]
LENGTHS = [one_too_many, one_too_few]
ORDERS = [flat_order]
