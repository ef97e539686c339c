"""One wrong result, with all that is known about it: what was expected, the call, the reference."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.check.nearness import Nearness, alike
from autograder.check.plain import Array, is_plain, snapshot

if TYPE_CHECKING:
    from autograder.check.calls import Call

LARGEST = 200_000
"""Entries; beyond that, nothing is looked into."""
BUSIEST = 20_000
"""Entries of all arguments; beyond that, the library is not asked."""
COUNTS = ("steps", "epochs")
"""Arguments that say how often something is done."""


@dataclass(frozen=True, eq=False)
class Case:
    """A wrong result. Recognisers read it and never change it."""

    got: Array
    expected: Array
    call: Call | None
    tolerance: float
    whole: bool
    """The result is of an integer type."""

    def fits(self, candidate: Array | None) -> bool:
        """Whether the student's result is this one, which is not what was expected."""
        if candidate is None or not alike(self.got, candidate, self.tolerance):
            return False
        return not alike(candidate, self.expected, 3 * self.tolerance)

    @cached_property
    def wrong(self) -> Array | None:
        """Which entries are wrong; None where the shapes differ."""
        if self.got.shape != self.expected.shape:
            return None
        return Nearness(self.tolerance, self.tolerance * 1e-3, 1e-12).misses(
            self.got, self.expected
        )

    @cached_property
    def varied(self) -> bool:
        """Enough different expected values to see a pattern in."""
        finite = self.expected[np.isfinite(self.expected)]
        return bool(np.unique(np.round(finite, 9)).size >= 3)

    @cached_property
    def thin(self) -> bool:
        """So little to see that two explanations may fit by chance."""
        coarse = (np.isin(a, (-1, 0, 0.5, 1)).all() for a in (self.got, self.expected))
        return self.expected.size == 1 or any(coarse)

    # --- the call -----------------------------------------------------------------------------

    @cached_property
    def arguments(self) -> dict[str, Any]:
        """Arguments by name, defaults included; empty where they are not known."""
        if self.call is None or self.call.reference is None:
            return {}
        try:
            bound = inspect.signature(self.call.reference).bind(*self.call.args, **self.call.kwargs)
        except (TypeError, ValueError):
            return {}
        bound.apply_defaults()
        found = dict(bound.arguments)
        return {} if _takes_long(found) else found

    @cached_property
    def arrays(self) -> dict[str, Array]:
        """The arguments that are arrays of real numbers, with at least one axis."""
        found = {
            name: np.asarray(value, float)
            for name, value in self.arguments.items()
            if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.ndim
        }
        return {name: value for name, value in found.items() if value.size <= LARGEST}

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The arguments that are plain numbers."""
        return {
            name: float(value)
            for name, value in self.arguments.items()
            if isinstance(value, int | float | np.integer | np.floating)
            and not isinstance(value, bool)
        }

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Dimensions of the arguments by what a student calls them, like "m = 4 samples"."""
        found: dict[str, int] = {}
        for name, value in self.arrays.items():
            if value.ndim >= 2:
                found.setdefault("m", value.shape[-1])
            if value.ndim == 2 and name in ("X", "A", "A_prev"):
                found.setdefault("n_x", value.shape[0])
            if value.ndim == 1:
                found.setdefault("n", value.shape[0])
        return found

    @property
    def input(self) -> Array | None:
        """The scores `Z`, or else the first argument that is an array, if of the result's shape."""
        first = self.arrays.get("Z", next(iter(self.arrays.values()), None))
        if first is not None and first.shape == self.expected.shape:
            return first
        alone = list(self.arguments.values())[:1]
        number = alone and isinstance(alone[0], int | float | np.number)
        return np.asarray(alone[0], float) if number and self.expected.ndim == 0 else None

    # --- the library's answers ----------------------------------------------------------------

    def reference(self, changes: Mapping[str, Any] | None = None) -> Array | None:
        """What the library's function gives for the call, with some arguments changed: that part
        of it which was expected here. None where this cannot be told."""
        part = self._part
        return None if part is None else self._pick(self._answers(changes or {}), part)

    @cached_property
    def _part(self) -> int | None:
        """Which of the reference's results the test expected."""
        answers = self._answers({})
        hits = [i for i, a in enumerate(answers) if alike(self.expected, a, self.tolerance)]
        return hits[0] if hits else None

    @staticmethod
    def _pick(answers: list[Array], part: int) -> Array | None:
        return answers[part] if part < len(answers) else None

    def _answers(self, changes: Mapping[str, Any]) -> list[Array]:
        if self.call is None or self.call.reference is None:
            return []
        return self.ask(self.call.reference, {**self.arguments, **changes})

    def ask(self, function: Any, arguments: Mapping[str, Any]) -> list[Array]:
        """The arrays that a function of the library returns; empty when it refuses."""
        usable = all(_usable(value) for value in arguments.values())
        if not arguments or not usable:
            return []
        try:
            return list(flat(function(**{k: snapshot(v) for k, v in arguments.items()})))
        except Exception:
            return []

    def other_results(self) -> Iterator[Array]:
        """The reference's other results for the same call."""
        for i, answer in enumerate(self._answers({})):
            if i != self._part:
                yield answer

    @cached_property
    def library(self) -> Mapping[str, Any]:
        """The public functions of the module that the reference comes from, and of its package."""
        if self.call is None or self.call.reference is None:
            return {}
        module = self.call.reference.__module__
        names: dict[str, Any] = {}
        for place in (module.split(".")[0], module):
            names.update(vars(sys.modules[place]) if place in sys.modules else {})
        return {k: f for k, f in names.items() if inspect.isfunction(f) and not k.startswith("_")}

    @property
    def name(self) -> str:
        return self.call.name if self.call else ""

    @property
    def slope(self) -> bool:
        """Whether the slope of a cost is asked for, to judge by the exercise's name."""
        return "gradient" in self.name or "backward" in self.name


def _takes_long(arguments: Mapping[str, Any]) -> bool:
    """Whether the library's function should not be called a few dozen times for this."""
    steps = (arguments.get(name) for name in COUNTS)
    size = sum(value.size for value in arguments.values() if isinstance(value, np.ndarray))
    return size > BUSIEST or any(isinstance(n, int) and n > 200 for n in steps)


def _usable(value: Any) -> bool:
    return is_plain(value) or inspect.isfunction(value) or isinstance(value, np.random.Generator)


def flat(value: Any, depth: int = 4) -> Iterator[Array]:
    """The arrays in a result, one after the other."""
    if isinstance(value, list | tuple) and depth:
        for item in value:
            yield from flat(item, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from flat(list(value.values()), depth - 1)
    elif isinstance(value, int | float | np.generic | np.ndarray):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            yield array.astype(float)
