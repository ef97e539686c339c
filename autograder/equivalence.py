"""Mutants that are no mistake: listed beside the lecture, with a reason and random inputs.

@equivalent("sigmoid", "return z >= 0 … → return z > 0 …", because="at 0 both branches are ½")
def inputs(rng):
    return (rng.normal(size=9),)
"""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Inputs = Callable[[Any], tuple[Any, ...]]

_MARKS = "__equivalences__"


@dataclass(frozen=True)
class Equivalence:
    """Mutants of one exercise that compute the same as the reference."""

    exercise: str
    changes: tuple[str, ...]
    """`line before → line after`, as the audit prints them."""
    because: str
    inputs: Inputs
    """Random arguments, on which the audit compares mutant and reference."""


def equivalent(exercise: str, *changes: str, because: str) -> Callable[[Inputs], Inputs]:
    """Declare mutants equivalent; the decorated function draws arguments from a Generator."""
    if not changes or not because.strip():
        raise ValueError(f"equivalent({exercise!r}, …) needs the changes and the reason")

    def mark(inputs: Inputs) -> Inputs:
        scope: dict[str, Any] = inputs.__globals__
        scope.setdefault(_MARKS, []).append(Equivalence(exercise, changes, because, inputs))
        return inputs

    return mark


def load_equivalences(path: Path) -> tuple[Equivalence, ...]:
    """The equivalent mutants that a variants file declares."""
    scope = runpy.run_path(str(path), run_name=f"variants of {path.parent.name}")
    return tuple(scope.get(_MARKS, ()))
