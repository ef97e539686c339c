"""What the tests of a notebook have said since its kernel started: a small table, when asked."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterable
from html import escape

from autograder.check.failure import CheckFailure

NOT_STARTED = "not started"
NOT_RUN = "no test run yet"
_SIGNS = {"passed": "✓", "not yet": "✗", NOT_STARTED: "·", NOT_RUN: "·"}


class Record:
    """The last outcome of each test that ran, by exercise. It shows itself in a notebook.

    >>> record = Record(["sigmoid", "cost"])
    >>> record.note("sigmoid", "values")
    >>> record
    sigmoid  ✓ passed: values
    cost     · no test run yet
    """

    def __init__(self, exercises: Iterable[str]) -> None:
        self._tests: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in exercises}

    def note(self, exercise: str, test: str, failure: CheckFailure | None = None) -> None:
        """A test has passed, or failed so. What the test had in hand is not kept."""
        outcome = ("passed", test)
        if failure is not None:
            outcome = (NOT_STARTED, "") if failure.not_started else ("not yet", failure.message)
        self._tests[exercise][test] = outcome

    def state(self, exercise: str) -> tuple[str, str]:
        """One exercise in a word, and what there is to say about it."""
        outcomes = list(self._tests[exercise].values())
        wrong = [outcome for outcome in outcomes if outcome[0] == "not yet"]
        passed = ", ".join(said for state, said in outcomes if state == "passed")
        if wrong:
            return wrong[0]
        if any(state == NOT_STARTED for state, _ in outcomes):
            return NOT_STARTED, ""
        return ("passed", passed) if outcomes else (NOT_RUN, "")

    def _rows(self) -> list[tuple[str, str, str]]:
        return [(name, *self.state(name)) for name in self._tests]

    def __repr__(self) -> str:
        width = max(map(len, self._tests), default=0)
        return "\n".join(
            f"{name:{width}}  {_SIGNS[state]} {state}" + (f": {said}" if said else "")
            for name, state, said in self._rows()
        )

    def _repr_html_(self) -> str:
        """What Jupyter shows: a table in the colours of its theme."""
        left = "text-align: left; vertical-align: top"
        rows = "".join(
            f'<tr><th scope="row" style="{left}"><code>{escape(name)}</code></th>'
            f'<td style="{left}; white-space: nowrap">{_SIGNS[state]} {state}</td>'
            f'<td style="{left}; white-space: pre-wrap">{escape(said)}</td></tr>'
            for name, state, said in self._rows()
        )
        heads = "".join(
            f'<th scope="col" style="{left}">{head}</th>'
            for head in ("exercise", "visible tests", "what they say")
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def running_test(exercise: str) -> str:
    """The title of the cell that is running: the docstring it opens with, without the exercise's
    name. Where that cannot be found, another name for the cell."""
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__") in _BETWEEN and frame.f_back is not None:
        frame = frame.f_back
    file = frame.f_code.co_filename
    try:
        title = ast.get_docstring(ast.parse("".join(linecache.getlines(file))))
    except (SyntaxError, ValueError, RecursionError):
        title = None
    return (title or file).splitlines()[0].removeprefix(f"{exercise}: ")


_BETWEEN = (__name__, "autograder.check.lecture", "contextlib")
