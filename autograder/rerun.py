"""Runs a notebook's cells in a process of their own, without Jupyter: `python -m autograder.rerun`.

Cells come in as JSON; before and after each one, a line of JSON goes out. The process may hang or
die with a student's code: whoever started it knows which cell it was in.
"""

from __future__ import annotations

import json
import linecache
import os
import re
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import IO, Any

PASSED = "passed"
FAILED = "failed"
NOT_STARTED = "not started"

_MAGIC = re.compile(r"^([ \t]*)[%!].*", re.MULTILINE)


def main() -> None:
    """Read cells, each with a `key` and a `source`, from standard input; report to standard
    output, which the cells themselves cannot reach."""
    cells = json.load(sys.stdin.buffer)
    with os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n") as reports:
        _close_standard_streams()
        names = _fresh_main()
        for cell in cells:
            _say(reports, {"started": cell["key"]})
            outcome, message = run(cell["source"], f"<cell {cell['key']}>", names)
            _say(reports, {"key": cell["key"], "outcome": outcome, "message": message})


def run(source: str, name: str, names: dict[str, Any]) -> tuple[str, str]:
    """Run a cell's code; the outcome, and what there is to say about it."""
    source = without_magics(source)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec", dont_inherit=True), names)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return _told(error, name)
    return PASSED, ""


def without_magics(source: str) -> str:
    """The cell without what only IPython understands; its lines keep their numbers.

    >>> without_magics("%matplotlib inline\\nx = 1")
    'pass\\nx = 1'
    """
    return _MAGIC.sub(r"\1pass", source)


def _told(error: BaseException, name: str) -> tuple[str, str]:
    """What an exception says about the cell that it came out of."""
    if isinstance(error, NotImplementedError) or getattr(error, "not_started", False):
        return NOT_STARTED, ""
    message = getattr(error, "message", None)
    if isinstance(error, AssertionError):
        return FAILED, str(message or error or "the test's condition does not hold")
    lines = [line for file, line in _places(error) if file == name]
    at = f" in line {lines[-1]}" if lines else ""
    if isinstance(error, SystemExit):
        return FAILED, f"it ends Python{at}: take out the call of exit()"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return FAILED, f"it stops with {type(error).__name__}{at}" + (f": {text}" if text else "")


def _places(error: BaseException) -> Iterator[tuple[str, int]]:
    """File and line of each step on the way to an error."""
    frame = error.__traceback__
    while frame is not None:
        yield frame.tb_frame.f_code.co_filename, frame.tb_lineno
        frame = frame.tb_next
    if isinstance(error, SyntaxError):
        yield error.filename or "", error.lineno or 1


def _close_standard_streams() -> None:
    """What cells print goes nowhere, and there is nothing for them to read."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)


def _fresh_main() -> dict[str, Any]:
    """An empty `__main__`, with the one function that IPython adds to Python's own."""
    sys.modules["__main__"] = ModuleType("__main__")
    names = vars(sys.modules["__main__"])
    names["display"] = lambda *args, **kwargs: None
    return names


def _say(reports: IO[str], fact: Mapping[str, str]) -> None:
    reports.write(json.dumps(fact) + "\n")
    reports.flush()


if __name__ == "__main__":
    main()
