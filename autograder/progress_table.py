"""How `autograder check` shows a student's progress and hints."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.errors import CourseError
from autograder.progress import Notebook, Progress, hints
from autograder.rerun import NOT_STARTED

LONGEST = 8
"""Lines of one message; a matrix may have many."""

_STATES = {"done": "✓ done", "wrong": "✗ not yet", NOT_STARTED: "· not started"}
_STYLES = {"done": "green", "wrong": "red", NOT_STARTED: "dim"}


def shown(notebook: Notebook, progress: Sequence[Progress]) -> RenderableType:
    """A row an exercise, why some are not right yet, and what to do next."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=notebook.path.name, title_style="bold")
    table.add_column("exercise", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for one in progress:
        style = _STYLES[one.state]
        table.add_row(
            Text(one.exercise, style="dim" if one.state == NOT_STARTED else ""),
            Text(f"{one.passed:g} / {one.points:g}", style=style),
            Text(_STATES[one.state], style=style),
        )
    reasons = (part for one in progress if one.failed for part in _reason(one))
    return Group(table, *reasons, *(Text(line) for line in closing(notebook, progress)))


def _reason(one: Progress) -> tuple[RenderableType, ...]:
    """What the first failed test of an exercise says, under its title."""
    assert one.failed
    title = Text(one.exercise, style="bold red") + Text(f" · {one.failed.title}", style="dim")
    return title, Padding(_shortened(one.failed.message), (0, 0, 1, 2))


def closing(notebook: Notebook, progress: Sequence[Progress]) -> list[str]:
    """What the table comes to, in sentences."""
    done = [one for one in progress if one.state == "done"]
    passed = sum(one.passed for one in progress)
    points = sum(one.points for one in progress)
    lines = [
        f"{len(done)} of {len(progress)} exercises done: their visible tests pass. "
        f"{passed:g} of {points:g} points so far, {points - passed:g} still to win."
    ]
    following = next_one(progress)
    if following is None:
        return [*lines, "Next: Kernel › Restart Kernel and Run All Cells, save, and hand in."]
    lines.append(f"Next: {following.section or following.exercise}.")
    if following.hints:
        command = f"autograder check {notebook.path.name} --hint {following.exercise}"
        lines.append(f"Stuck? {command}")
    lines.append(
        "This is the notebook as it was last saved. When it is graded, hidden tests with other "
        "inputs follow."
    )
    return lines


def next_one(progress: Sequence[Progress]) -> Progress | None:
    """Where to go on: the first exercise with a mistake, else the first not started."""
    for state in ("wrong", NOT_STARTED):
        for one in progress:
            if one.state == state:
                return one
    return None


def hint(notebook: Notebook, wanted: str) -> str:
    """One hint, for `sigmoid` the first and for `sigmoid=2` the second.

    Raises `CourseError` where there is no such exercise or hint.
    """
    exercise, _, number = wanted.partition("=")
    if exercise not in notebook.exercises:
        known = ", ".join(notebook.exercises)
        raise CourseError(f"no exercise {exercise!r} in {notebook.path.name} (there: {known})")
    steps = hints(notebook, exercise)
    if not steps:
        raise CourseError(f"there are no hints for {exercise}: its docstring says all there is")
    if number and (not number.isdecimal() or not 1 <= int(number) <= len(steps)):
        raise CourseError(f"{exercise} has hints 1 to {len(steps)}, as in --hint {exercise}=1")
    step = int(number or 1)
    text = f"{exercise}, hint {step} of {len(steps)}\n\n{steps[step - 1]}\n"
    return text + (f"\nThe next one: --hint {exercise}={step + 1}" if step < len(steps) else "")


def _shortened(message: str) -> Text:
    lines = message.strip().splitlines()
    rest = len(lines) - LONGEST
    return Text("\n".join([*lines[:LONGEST], *([f"… {rest} more lines"] if rest > 0 else [])]))
