"""What the command line shows: sentences, progress with the time left, and the closing table."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.results import Graded
from autograder.summary import exercise_scores

if TYPE_CHECKING:  # these need Linux; the command line's other commands do not
    from autograder.audit import Audit, Finding
    from autograder.summary import Summary

T = TypeVar("T")

LOOK = {"time-out", "crash", "trick", "edited", "unreadable", "missing"}
"""The events that somebody should look at."""

MOST_ROWS = 200
"""Students in the closing table; a larger class is looked at in the report."""
MOST_LOOKS = 40
"""Lines of what is worth a look."""

AUDIT_LEGEND = (
    "Refused of those made: cheats, mutants, wrong variants. equal: mutants that are no mistake. "
    "named: wrong variants told their mistake. right: accepted of those given."
)


class Screen:
    """Standard output for results, standard error for progress and mistakes."""

    def __init__(self) -> None:
        self.out = Console(highlight=False, soft_wrap=True)
        self.err = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """One sentence."""
        self.out.print(text, markup=False)

    def error(self, text: str) -> None:
        """What went wrong and what to do."""
        self.err.print(Text("autograder: ", style="bold red") + Text(text))

    def track(self, items: Sequence[T]) -> Iterator[T]:
        """The items, with a bar while they are worked on."""
        with self._bar() as bar:
            yield from bar.track(items)

    @contextmanager
    def progress(self, title: str) -> Iterator[Advance]:
        """A bar for a class being graded."""
        with self._bar() as bar:
            yield Advance(bar, bar.add_task(title, total=None))

    def _bar(self) -> Progress:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeRemainingColumn(),
        )
        return _Bar(*columns, console=self.err, transient=True, disable=not sys.stderr.isatty())

    def table(self, summary: Summary) -> None:
        """Students and exercises, what needs a look, where the files are."""
        if 0 < len(students(summary)) <= MOST_ROWS:
            self.out.print(score_table(summary))
            self.out.print(Text(legend(summary), style="dim"), soft_wrap=False)
        done = f"{len(students(summary))} graded"
        if summary.unchanged:
            done += f", {len(summary.unchanged)} unchanged since last time"
        self.say(f"{summary.assignment}: {done}.")
        looks = list(needs_a_look(summary))
        if looks:
            self.out.print(Text("Worth a look:", style="bold"))
            for line in looks[:MOST_LOOKS]:
                self.say("  " + line)
            if len(looks) > MOST_LOOKS:
                self.say(f"  and {len(looks) - MOST_LOOKS} more: `autograder report` shows all")
        self.say(f"Graded notebooks are in {summary.directory.name}/, scores in the gradebook.")

    def audit_table(self, audit: Audit) -> None:
        """What each exercise's tests did to the candidates, then the survivors' source."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=audit.assignment)
        table.add_column("exercise", no_wrap=True)
        for title in ("cheats", "mutants", "equal", "wrong", "named", "right"):
            table.add_column(title, justify="right", no_wrap=True)
        for exercise in audit.exercises:
            wrong = audit.of(exercise, "wrong")
            table.add_row(
                exercise,
                _ratio(audit.of(exercise, "cheat")),
                _ratio(audit.of(exercise, "mutant")),
                str(audit.equivalent.get(exercise, 0)),
                _ratio(wrong),
                Text(f"{sum(finding.diagnosed for finding in wrong)}/{len(wrong)}"),
                _ratio(audit.of(exercise, "right")),
            )
        self.out.print(table)
        self.say(AUDIT_LEGEND)
        for finding in audit.survivors:
            candidate = finding.candidate
            self.out.print(
                Text(f"{candidate.exercise}, {candidate.kind}: {candidate.description}", "bold red")
            )
            self.say(f"  {finding.fault}")
            self.say("    " + candidate.source.strip().replace("\n", "\n    ") + "\n")
        for fault in audit.faults:
            self.out.print(Text(fault, "bold red"))
        if audit.green:
            self.say(
                f"{audit.assignment}: all {len(audit.findings)} programs judged as they should."
            )


def _ratio(findings: list[Finding]) -> Text:
    good = sum(not finding.fault for finding in findings)
    return Text(f"{good}/{len(findings)}", "green" if good == len(findings) else "bold red")


class _Bar(Progress):
    """rich's progress with one more column."""

    def add_task(self, description: str, *args: object, **fields: object) -> TaskID:
        return super().add_task(description, *args, note="", **fields)  # type: ignore[arg-type]


class Advance:
    """A class's progress bar: it starts when the number of notebooks is known."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self._begun = time.monotonic()
        self._done = 0
        self._looks = 0

    def start(self, total: int) -> None:
        """So many notebooks."""
        self._bar.update(self._task, total=total)

    def advance(self, graded: Graded) -> None:
        """One more is done."""
        self._done += 1
        self._looks += any(event.kind in LOOK for event in graded.events)
        rate = self._done / max(1e-3, time.monotonic() - self._begun)
        note = f"{rate:.1f}/s" + (f", {self._looks} worth a look" if self._looks else "")
        self._bar.update(self._task, advance=1, note=note)


def students(summary: Summary) -> list[str]:
    """Everybody graded in this run, in order."""
    return sorted({graded.student for graded in summary.graded})


def score_table(summary: Summary) -> Table:
    """A row a student, a numbered column an exercise; `–` where no score could be given."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", no_wrap=True)
    for number in range(1, len(summary.points) + 1):
        table.add_column(str(number), justify="right")
    table.add_column("total", justify="right", style="bold")
    for student, graded in summary.by_student().items():
        scores = exercise_scores(graded)
        row = [_score(scores.get(exercise), points) for exercise, points in summary.points.items()]
        given = [score for score in scores.values() if score is not None]
        total = Text(f"{sum(given):g}") if given else Text("–", style="dim")
        table.add_row(Text(student), *row, total)
    best = [f"{points:g}" for points in summary.points.values()]
    table.add_section()
    table.add_row("possible", *best, f"{summary.max_score:g}", style="dim")
    return table


def legend(summary: Summary) -> str:
    """Which column is which exercise."""
    return "  ".join(f"{n}:{exercise}" for n, exercise in enumerate(summary.points, start=1))


def _score(score: float | None, points: float) -> Text:
    if score is None:
        return Text("–", style="dim")
    style = "green" if score >= points else "red" if score == 0 else "yellow"
    return Text(f"{score:g}", style=style)


def needs_a_look(summary: Summary) -> Iterator[str]:
    """What an instructor should see: a line for each student and kind of event."""
    for graded in sorted(summary.graded, key=lambda g: (g.student, g.name)):
        events: dict[tuple[str, str], list[str]] = {}
        for event in graded.events:
            if event.kind in LOOK:
                cells = events.setdefault((event.kind, event.detail), [])
                cells += [event.cell] if event.cell else []
        for (kind, detail), cells in events.items():
            yield f"{graded.student}: {kind}{_in_cells(list(dict.fromkeys(cells)))}: {detail}"


def _in_cells(cells: list[str]) -> str:
    if not cells:
        return ""
    return f" in {', '.join(cells)}" if len(cells) <= 3 else f" in {len(cells)} cells"
