"""How often each line of a call runs: what tells a loop over samples from one over features."""

from __future__ import annotations

import builtins
import inspect
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep
WALKERS = (
    "sum",
    "min",
    "max",
    "any",
    "all",
    "sorted",
    "map",
    "filter",
    "zip",
    "enumerate",
    "reversed",
)
"""Built-in functions that go through their argument item by item without running a line."""


def counted(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, dict[str, int]]:
    """The result of a call, and how often each line ran in it, by "place:line".

    The place is empty for the cell (or file) that defines the function. Whatever traced before, a
    debugger or a coverage measurement, goes on afterwards.

    >>> def double(x): return [2 * v for v in x]
    >>> max(counted(double, (range(50),), {})[1].values()) >= 50
    True
    """
    inner = inspect.unwrap(function)
    tally = _Tally(getattr(getattr(inner, "__code__", None), "co_filename", ""))
    before, in_threads = sys.gettrace(), threading.gettrace()
    with _walkers_counted(getattr(inner, "__globals__", {}), tally):
        sys.settrace(tally.enter)
        threading.settrace(tally.enter)
        try:
            result = function(*args, **kwargs)
        finally:
            sys.settrace(before)
            threading.settrace(in_threads)
    return result, dict(tally.lines)


class _Tally:
    """Counts of lines, by place."""

    def __init__(self, home: str) -> None:
        self.lines: Counter[str] = Counter()
        self._home = home
        self._places: dict[str, str | None] = {}

    def enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        """A function is entered: trace it, unless it is one of ours."""
        place = self._place(frame)
        if place is None:
            return None
        self.lines[f"{place}:{frame.f_lineno}"] += 1
        return self.line

    def line(self, frame: FrameType, event: str, arg: Any) -> Any:
        """A line begins."""
        if event == "line":
            self.lines[f"{self._place(frame)}:{frame.f_lineno}"] += 1
        return self.line

    def note(self, frame: FrameType, count: int) -> None:
        """A built-in goes through `count` items on the frame's line."""
        place = self._place(frame)
        if place is not None:
            self.lines[f"{place}:{frame.f_lineno}"] += count

    def _place(self, frame: FrameType) -> str | None:
        file = frame.f_code.co_filename
        if file == self._home:
            return ""
        if file not in self._places:
            module = str(frame.f_globals.get("__name__", "")).split(".")[0]
            ours = file.startswith(_OURS) or file == "<library>"
            self._places[file] = None if ours else module
        place = self._places[file]
        return f"{place}.{frame.f_code.co_name}" if place else place


@contextmanager
def _walkers_counted(scope: dict[str, Any], tally: _Tally) -> Iterator[None]:
    """Let the built-ins that iterate in C tell how far they went, in one namespace."""
    lent = [name for name in WALKERS if name not in scope]
    for name in lent:
        scope[name] = _telling(getattr(builtins, name), tally)
    try:
        yield
    finally:
        for name in lent:
            scope.pop(name, None)


def _telling(builtin: Callable[..., Any], tally: _Tally) -> Callable[..., Any]:
    def tell(*args: Any, **kwargs: Any) -> Any:
        longest = max((_length(value) for value in args), default=0)
        tally.note(sys._getframe(1), longest)
        return builtin(*args, **kwargs)

    return tell


def _length(value: Any) -> int:
    try:
        return len(value)
    except TypeError:
        return 0
