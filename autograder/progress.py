"""How far a student is: a notebook's visible tests, run on the student's own machine.

Nothing here is a grade. The tests are those in the notebook, the code is the student's, and it
needs neither nbgrader nor a sandbox.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

from autograder import rerun
from autograder.errors import CourseError
from autograder.names import with_needed
from autograder.rerun import FAILED, NOT_STARTED, PASSED
from autograder.source import SourceCell

SECONDS = 10.0
"""A solution or a test that runs longer is stopped. A laptop needs a hundredth of that."""
SECONDS_OF_A_SETUP = 60.0
"""Imports may take long the first time."""


class NotANotebook(CourseError):
    """A file that is no notebook, or one without tests."""


@dataclass(frozen=True)
class Test:
    """A test cell after its run."""

    title: str
    points: float
    outcome: str
    """`rerun.PASSED`, `rerun.FAILED` or `rerun.NOT_STARTED`."""
    message: str = ""


@dataclass(frozen=True)
class Progress:
    """How far one exercise is."""

    exercise: str
    section: str
    """The heading that it stands under."""
    tests: tuple[Test, ...]
    hints: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """`done`, `not started` or `wrong`."""
        outcomes = {test.outcome for test in self.tests}
        if outcomes == {PASSED}:
            return "done"
        return NOT_STARTED if FAILED not in outcomes and PASSED not in outcomes else "wrong"

    @property
    def points(self) -> float:
        return sum(test.points for test in self.tests)

    @property
    def passed(self) -> float:
        """The points of the tests whose visible part passed."""
        return sum(test.points for test in self.tests if test.outcome == PASSED)

    @property
    def failed(self) -> Test | None:
        """The first test that failed."""
        return next((test for test in self.tests if test.outcome == FAILED), None)


@dataclass(frozen=True)
class Notebook:
    """A student's notebook, read."""

    path: Path
    cells: tuple[SourceCell, ...]

    @property
    def tests(self) -> tuple[SourceCell, ...]:
        return tuple(cell for cell in self.cells if cell.is_test)

    @property
    def exercises(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.exercise for cell in self.tests))


def find(name: str | None, here: Path) -> Path:
    """The notebook that somebody means by a path, by the start of a lecture's name, or by
    nothing: then the one saved last, in `here` or in a lecture's folder below it."""
    if name and Path(here, name).is_file():
        return Path(here, name)
    below = ("*.ipynb", "*/*.ipynb", "lectures/*/*.ipynb")
    known = [path for pattern in below for path in sorted(here.glob(pattern))]
    if not name and known:
        return max(known, key=lambda path: path.stat().st_mtime)
    meant = [path for path in known if name and path.name.startswith(name)]
    released = [path for path in meant if path.is_relative_to(here / "lectures")] or meant
    if len(released) == 1:
        return released[0]
    if not name:
        raise NotANotebook(f"no notebook in {here}: name one, as in `autograder check FILE.ipynb`")
    found = ", ".join(str(path.relative_to(here)) for path in released)
    raise NotANotebook(
        f"{name!r} could be {found}" if found else f"{name} is not there: name a notebook's file"
    )


def read(path: Path) -> Notebook:
    """Read a notebook. Raises `NotANotebook`, whose message says what is wrong with the file."""
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise NotANotebook(f"{path} cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise NotANotebook(f"{path} is no notebook: {error.msg} at {where}") from None
    except (ValueError, RecursionError):
        raise NotANotebook(f"{path} is no notebook: it is not JSON text") from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotANotebook(f"{path} is no notebook: it has no list of cells")
    notebook = Notebook(path, tuple(_cell(cell, n) for n, cell in enumerate(cells)))
    if not notebook.tests:
        raise NotANotebook(f"{path} has no test cells: is it a lecture of this course?")
    return notebook


def check(notebook: Notebook) -> list[Progress]:
    """Run all visible tests, each exercise whatever became of the others.

    Raises `CourseError` where the notebook's own set-up does not run.
    """
    found = _run(_wanted(notebook.cells), notebook.path.resolve().parent)
    for cell in notebook.cells:
        outcome, message = found.get(cell.key, (PASSED, ""))
        if cell.locked and not cell.is_test and outcome != PASSED:
            raise CourseError(f"the cell `{cell.label}` of {notebook.path.name}: {message}")
    return [
        Progress(
            exercise,
            section(notebook, exercise),
            tuple(_tests(notebook, exercise, found)),
            hints(notebook, exercise),
        )
        for exercise in notebook.exercises
    ]


def section(notebook: Notebook, exercise: str) -> str:
    """The heading that an exercise stands under, without its marks."""
    heading = ""
    for cell in notebook.cells:
        if cell.grade_id == exercise or (cell.is_test and cell.exercise == exercise):
            break
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#+[ \t]+(.+)$", cell.source, re.MULTILINE) or [heading])[-1]
    return heading.replace("`", "").strip()


def hints(notebook: Notebook, exercise: str) -> tuple[str, ...]:
    """The folded hints of an exercise, the smallest first: those between its answer's cell and
    the next one's."""
    found: list[str] = []
    owner = ""
    for cell in notebook.cells:
        if cell.is_solution:
            owner = cell.grade_id
        elif cell.cell_type == "markdown" and owner == exercise:
            found += _HINT.findall(cell.source)
    return tuple(hint.strip() for hint in found)


_HINT = re.compile(r"<details>\s*<summary>\s*Hint\b.*?</summary>(.*?)</details>", re.DOTALL)


def _cell(cell: Mapping[str, Any], position: int) -> SourceCell:
    """A cell of the file, whatever is missing or odd in it."""
    source = cell.get("source", "")
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    role = metadata.get("nbgrader")
    role = role if isinstance(role, dict) else {}
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    points = role.get("points", 0)
    return SourceCell(
        id=f"{cell.get('id', '')}",
        grade_id=f"{role.get('grade_id') or ''}",
        cell_type=f"{cell.get('cell_type', '')}",
        source=text,
        released=text,
        points=float(points) if isinstance(points, int | float) else 0.0,
        grade=bool(role.get("grade")),
        solution=bool(role.get("solution")),
        locked=bool(role.get("locked")),
        task=bool(role.get("task")),
        tags=frozenset(map(str, metadata.get("tags") or ())),
        checksum="",
        position=position,
    )


def _wanted(cells: Iterable[SourceCell]) -> list[SourceCell]:
    """The cells that tests need: themselves, locked ones, answers, and plain ones that bind a
    name which one of these reads."""
    running = [cell for cell in cells if cell.runs]
    wanted = [cell.is_test or cell.locked or cell.solution for cell in running]
    return list(compress(running, with_needed([cell.source for cell in running], wanted)))


def _tests(
    notebook: Notebook, exercise: str, found: Mapping[str, tuple[str, str]]
) -> Iterator[Test]:
    """An exercise's tests; where its own cell does not run, that is what all of them say."""
    answers = [c for c in notebook.cells if c.is_solution and c.grade_id == exercise]
    broken = [found[c.key] for c in answers if found.get(c.key, (PASSED, ""))[0] == FAILED]
    for cell in notebook.tests:
        if cell.exercise == exercise:
            outcome, message = broken[0] if broken else found[cell.key]
            title = cell.title.removeprefix(f"{exercise}: ")
            yield Test(title, cell.points, outcome, message)


# --- the other process -------------------------------------------------------------------------


@dataclass
class _Child:
    """A process that runs cells, and the lines it writes."""

    process: subprocess.Popen[bytes]

    def __post_init__(self) -> None:
        self.lines: queue.Queue[bytes] = queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)

    @classmethod
    def start(cls, cells: Iterable[SourceCell], place: Path) -> _Child:
        home = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
        process = subprocess.Popen(
            [sys.executable, "-m", rerun.__name__],
            cwd=place,
            env={**os.environ, "PYTHONPATH": path, "MPLBACKEND": "Agg"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        child = cls(process)
        child.listener.start()
        work = [{"key": cell.key, "source": cell.source} for cell in cells]
        assert process.stdin
        with process.stdin:
            process.stdin.write(json.dumps(work).encode())
        return child

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(b"")

    def stop(self) -> None:
        self.process.kill()
        self.listener.join()
        self.process.__exit__(None, None, None)


def _run(cells: list[SourceCell], place: Path) -> dict[str, tuple[str, str]]:
    """The outcome of every cell, by key. After a cell that hangs or ends Python, a new process
    goes on without it and without the other tests of its exercise."""
    found: dict[str, tuple[str, str]] = {}
    while left := [c for c in cells if not (c.key in found and (c.is_test or _lost(found, c)))]:
        child = _Child.start(left, place)
        try:
            lost = _listen(child, {cell.key: cell for cell in left}, found)
        finally:
            child.stop()
        if lost is None:
            break
        cell, message = lost
        exercise = cell.exercise if cell.is_test else None
        for other in cells:
            if other is cell or (other.is_test and other.exercise == exercise):
                found.setdefault(other.key, (FAILED, message))
        found[cell.key] = (FAILED, message)
    return found


def _lost(found: Mapping[str, tuple[str, str]], cell: SourceCell) -> bool:
    return found[cell.key][1] in (_TOO_LONG, _ENDED)


_TOO_LONG = f"it was still running after {SECONDS:.0f} seconds: look for a loop that never ends"
_ENDED = "Python itself ended here: look for a call such as exit(), or for a very large array"


def _listen(
    child: _Child, cells: Mapping[str, SourceCell], found: dict[str, tuple[str, str]]
) -> tuple[SourceCell, str] | None:
    """Note outcomes as they come; the cell that hung or ended Python, None when all have run."""
    current: SourceCell | None = None
    while True:
        mine = current is not None and (current.is_test or current.is_solution)
        try:
            line = child.lines.get(timeout=SECONDS if mine else SECONDS_OF_A_SETUP)
        except queue.Empty:
            if current is None:
                raise CourseError("Python does not start on this machine") from None
            return current, _TOO_LONG
        if not line:
            return None if current is None else (current, _ENDED)
        fact = json.loads(line)
        if "started" in fact:
            current = cells[fact["started"]]
        else:
            found[fact["key"]] = (fact["outcome"], fact["message"])
            current = None
