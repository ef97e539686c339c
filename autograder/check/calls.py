"""Calls of the student's function: guarded, recorded, and observed where a check asks for it."""

from __future__ import annotations

import linecache
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.check.counting import counted
from autograder.check.failure import CheckFailure
from autograder.check.plain import put_back, same_data, shares_memory, snapshot
from autograder.check.session import OWN_WORK, Function


@dataclass(frozen=True)
class Observation:
    """What a call gave, and what could be seen meanwhile."""

    result: Any
    warnings: tuple[str, ...] = ()
    """numpy's complaints, like "overflow encountered in exp"."""
    events: Mapping[str, int] | None = None
    """How often each line ran, by `file part:line`; None where nobody asked."""


@dataclass(frozen=True)
class Call:
    """A call of the student's function, as the diagnosis sees it."""

    name: str
    reference: Function | None
    """The library's function of this name."""
    args: tuple[Any, ...]
    """As they were before the call."""
    kwargs: Mapping[str, Any]
    given: tuple[Any, ...]
    """The positional arguments as the call left them."""
    result: Any
    shared: bool = False
    """Whether the result lay in the memory of arguments that the call had changed."""


PRODUCTS = (" in matmul", " in dot")
"""How numpy's complaints about matrix products end."""

last: Call | None = None
"""The last call of the exercise under test."""


def observe(
    function: Function, args: tuple[Any, ...], kwargs: dict[str, Any], events: bool = False
) -> Observation:
    """Call a function and note what numpy complains about; with `events`, count its lines.

    A function with a method `__observe__` (a guard, a proxy) is asked instead.

    >>> observe(np.exp, (1000.0,), {}).warnings
    ('overflow encountered in exp',)
    """
    if hasattr(type(function), "__observe__"):
        seen: Observation = function.__observe__(args, kwargs, events)  # type: ignore[attr-defined]
        return seen
    with warnings.catch_warnings(record=True) as noted, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        if events:
            result, counts = counted(function, args, kwargs)
            return Observation(result, _complaints(noted), counts)
        result = function(*args, **kwargs)
    return Observation(result, _complaints(noted))


def each(
    function: Function,
    several: Sequence[tuple[Any, ...]],
    kwargs: Mapping[str, Any] = {},
    events: bool = False,
) -> Iterator[Observation]:
    """Several calls, one after another: what `observe` says of each. One that raises ends it.

    A function with a method `__each__` may be asked all at once: between processes a question costs
    more than most calls.

    >>> [seen.result for seen in each(abs, [(-1,), (2,)])]
    [1, 2]
    """
    if hasattr(type(function), "__each__"):
        yield from function.__each__(several, kwargs, events)  # type: ignore[attr-defined]
    else:
        for args in several:
            yield observe(function, args, dict(kwargs), events)


def _complaints(noted: list[warnings.WarningMessage]) -> tuple[str, ...]:
    """What numpy said, each once; of matrix products nothing, as BLAS raises floating-point flags
    now and then where all numbers are fine (numpy issue 24067): their values are what is judged.
    """
    texts = [str(w.message) for w in noted if issubclass(w.category, RuntimeWarning)]
    return tuple(dict.fromkeys(text for text in texts if not text.endswith(PRODUCTS)))


class Guard:
    """The student's function as a test sees it: calls are recorded, errors become lessons.

    What a call does to its arguments is noted and undone, so that a test can go on with its data.
    """

    def __init__(self, name: str, function: Function, reference: Function | None) -> None:
        self.__name__ = name
        self.student = function
        """The function itself, whose errors come as they are."""
        self._reference = reference
        self._inside = False
        self.left: tuple[tuple[Any, ...], dict[str, Any]] = ((), {})
        """The arguments as the last call left them."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._inside:  # the student's function calls itself
            return self.student(*args, **kwargs)
        return self._recorded(
            args, kwargs, lambda: Observation(self.student(*args, **kwargs))
        ).result

    def __observe__(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], events: bool = False
    ) -> Observation:
        return self._recorded(args, kwargs, lambda: observe(self.student, args, kwargs, events))

    def __each__(
        self, several: Sequence[tuple[Any, ...]], kwargs: Mapping[str, Any], events: bool
    ) -> Iterator[Observation]:
        seen = each(self.student, several, kwargs, events)
        for args in several:
            yield self._recorded(args, dict(kwargs), lambda: next(seen))

    def _recorded(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], call: Callable[[], Observation]
    ) -> Observation:
        global last
        before, named = snapshot(args), snapshot(kwargs)
        self._inside = True
        try:
            seen = call()
        except CheckFailure:
            raise
        except Exception as error:
            raise stopped(self.__name__, error) from None
        finally:
            self._inside = False
        self.left, shared = (args, kwargs), False
        if not (same_data(args, before) and same_data(kwargs, named)):
            shared = shares_memory(seen.result, (args, kwargs))
            self.left = snapshot(args), snapshot(kwargs)
            seen = replace(seen, result=snapshot(seen.result))
            put_back(args, before)
            put_back(tuple(kwargs.values()), tuple(named.values()))
        last = Call(
            self.__name__, self._reference, before, named, self.left[0], seen.result, shared
        )
        return seen


def forget() -> None:
    """A new test begins: no call has been made."""
    global last
    last = None


def stopped(name: str, error: Exception) -> CheckFailure:
    """What an exception in the student's function says to its author."""
    if isinstance(error, NotImplementedError):
        text = "it is not written yet. Replace the line `raise NotImplementedError()` by your code."
        return CheckFailure(
            name, text, kind="not-started", sealed=f"{name}: {text}", not_started=True
        )
    place = where(error)
    at = f" in line {place[0]}" if place else ""
    at += f" (`{place[1]}`)" if place and place[1] else ""
    if OWN_WORK in _text(error):
        text = f"it calls the library's own answer{at}. Please {OWN_WORK}, with numpy."
        return CheckFailure(
            name, text, kind="used-library", sealed=f"It calls the library's answer: {OWN_WORK}."
        )
    kind = type(error).__name__
    return CheckFailure(
        name,
        f"it stopped with {kind}{at}: {_text(error)}",
        kind="exception",
        sealed="For another input than the ones shown, it stops with an exception.",
    )


def _text(error: Exception) -> str:
    try:
        return str(error)[:2000] or "it says nothing more"
    except Exception:
        return "its text cannot be read"


def where(error: BaseException) -> tuple[int, str] | None:
    """The line of the student's code in which an exception arose: its number and its text.

    An exception that comes from another process brings both along, as `student_frame`.
    """
    brought = getattr(error, "student_frame", None)
    if brought is not None:
        return int(brought[1]), str(brought[2])
    own = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__name__") in _STUDENT_MODULES
        or frame.f_code.co_filename.startswith("<ipython-input")
    ]
    if not own:
        return None
    return own[-1][1], linecache.getline(*own[-1]).strip()


_STUDENT_MODULES = ("__main__",)
