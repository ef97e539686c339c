"""A submission put back on the rails: what is the student's to give, in the source's own order.

From the submitted notebook come the sources of solution cells, of unlocked cells and of cells the
student added; all else (locked cells, tests, ids, order, tags, points) comes from the source.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from autograder.names import bound_names, needed_names
from autograder.results import Event
from autograder.source import DEMONSTRATION, SourceCell, SourceNotebook

_DELETED = "a deleted cell counts as empty"

Kind = Literal["student", "locked", "test", "skipped"]


@dataclass(frozen=True)
class Step:
    """One cell of the notebook to grade."""

    kind: Kind
    source: str
    """What runs: the student's code, the locked code, or a test's visible part."""
    cell: SourceCell | None
    """The source cell it stands for; None for a cell the student added."""
    cell_type: str = "code"

    @property
    def runs(self) -> bool:
        return self.kind != "skipped"


@dataclass
class Restored:
    """A submission's steps, and what had to be repaired."""

    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    """Exercises whose solution cell the submission does not have."""
    absent: set[str] = field(default_factory=set)
    """Keys of the tests that it does not have."""
    elsewhere: set[str] = field(default_factory=set)
    """Keys of the answers that stand in another answer's cell."""

    @property
    def unanswered(self) -> frozenset[str]:
        """The grade_ids of solution cells that are as they were released, or gone."""
        return frozenset(
            step.cell.grade_id
            for step in self.steps
            if step.cell is not None
            and step.cell.is_solution
            and step.source.strip() == step.cell.released.strip()
        )

    def as_told(self, event: Event) -> Event:
        """A deleted cell's event, where its tests are gone as well: it never was handed out."""
        steps = [step.cell for step in self.steps if step.kind == "test" and step.cell is not None]
        tests = {cell.key for cell in steps if cell.exercise == event.cell}
        if event.detail != _DELETED or not tests or not tests <= self.absent:
            return event
        return Event("repaired", "neither it nor its tests are here: not released", event.cell)

    def leave_out(self, wanted: frozenset[str]) -> None:
        """Skip every test but the wanted ones."""
        self.steps = [
            replace(step, kind="skipped")
            if step.kind == "test" and step.cell is not None and step.cell.key not in wanted
            else step
            for step in self.steps
        ]


def restore(submitted: dict[str, Any], source: SourceNotebook) -> Restored:
    """Align a submitted notebook (as nbformat data) with its source."""
    result = Restored()
    matched = _match(submitted["cells"], source, result)
    added = _added_cells(submitted["cells"], matched)
    result.steps += [_own(cell) for cell in added.get(None, [])]
    for cell in source.cells:
        theirs = matched.get(cell.key)
        result.steps.append(_step(cell, theirs, result))
        result.steps += [_own(own) for own in added.get(cell.key, [])]
    result.events = list(dict.fromkeys(map(result.as_told, result.events)))
    result.steps = _without_idle(result.steps)
    return result


def _step(cell: SourceCell, theirs: dict[str, Any] | None, result: Restored) -> Step:
    if cell.is_test:
        if theirs is not None and theirs["source"].strip() != cell.visible.strip():
            result.events.append(Event("edited", "a changed test was run as released", cell.label))
        elif theirs is None:
            result.absent.add(cell.key)
        return Step("test", cell.visible, cell)
    if cell.locked:
        kind: Kind = "locked" if cell.runs else "skipped"
        return Step(kind, cell.source, cell, cell.cell_type)
    if theirs is None:
        if cell.key in result.elsewhere:
            return Step("skipped", "", cell, cell.cell_type)
        if cell.is_solution:
            result.missing.add(cell.grade_id)
            result.events.append(Event("repaired", _DELETED, cell.label))
        return Step("skipped", cell.released, cell, cell.cell_type)
    runs = cell.cell_type == "code" and cell.runs
    return Step("student" if runs else "skipped", theirs["source"], cell, cell.cell_type)


def _without_idle(steps: list[Step]) -> list[Step]:
    """The steps with those demonstrations skipped that are as released and whose names nothing
    that runs needs, wherever it stands: a function may be called long after its definition."""
    idle = {n: step for n, step in enumerate(steps) if _is_untouched_demonstration(step)}
    needed = frozenset[str]().union(
        *(needed_names(_whole(step)) for n, step in enumerate(steps) if step.runs and n not in idle)
    )
    while woken := [n for n, step in idle.items() if bound_names(step.source) & needed]:
        needed = needed.union(*(needed_names(idle.pop(n).source) for n in woken))
    return [replace(step, kind="skipped") if n in idle else step for n, step in enumerate(steps)]


def _whole(step: Step) -> str:
    """All code that a step stands for: of a test, its hidden part too."""
    return step.cell.source if step.kind == "test" and step.cell is not None else step.source


def _is_untouched_demonstration(step: Step) -> bool:
    cell = step.cell
    if step.kind != "student" or cell is None or DEMONSTRATION not in cell.tags:
        return False
    return step.source.strip() == cell.released.strip()


def _own(cell: dict[str, Any]) -> Step:
    kind: Kind = "student" if cell["cell_type"] == "code" else "skipped"
    return Step(kind, cell["source"], None, cell["cell_type"])


def _match(
    cells: list[dict[str, Any]], source: SourceNotebook, result: Restored
) -> dict[str, dict[str, Any]]:
    """Submitted cells by the key of the source cell they stand for: by grade_id, by cell id, and
    where both are gone, by the function that a solution cell defines."""
    found: dict[str, dict[str, Any]] = {}
    by_grade_id = {cell.grade_id: cell for cell in source.cells if cell.grade_id}
    by_id = {cell.id: cell for cell in source.cells}
    for theirs in cells:
        grade_id = theirs.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        cell = by_grade_id.get(grade_id) or by_id.get(theirs.get("id", ""))
        if cell is None:
            continue
        if cell.key not in found:
            found[cell.key] = theirs
            continue
        found[cell.key] = _original(found[cell.key], theirs, cell)
        result.events.append(Event("repaired", "a cell is there twice; one was used", cell.label))
    _match_by_text(cells, source, found)
    _match_by_function(cells, source, found, result)
    return found


def _original(first: dict[str, Any], second: dict[str, Any], cell: SourceCell) -> dict[str, Any]:
    """Of two copies of a cell the one that is answered; else the one with the released id, else
    the first."""
    answered = [c for c in (first, second) if c["source"].strip() != cell.released.strip()]
    if cell.is_solution and len(answered) == 1:
        return answered[0]
    return second if second.get("id") == cell.id else first


def _match_by_text(
    cells: list[dict[str, Any]], source: SourceNotebook, found: dict[str, dict[str, Any]]
) -> None:
    """Where ids and metadata are gone: a cell that is word for word as it was handed out."""
    known = {id(theirs) for theirs in found.values()}
    waiting: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for theirs in reversed(cells):
        if id(theirs) not in known and theirs["source"].strip():
            place = theirs["cell_type"], theirs["source"].strip()
            waiting.setdefault(place, []).append(theirs)
    for cell in source.cells:
        alike = waiting.get((cell.cell_type, cell.released.strip()))
        if cell.key not in found and alike:
            found[cell.key] = alike.pop()


def _match_by_function(
    cells: list[dict[str, Any]],
    source: SourceNotebook,
    found: dict[str, dict[str, Any]],
    result: Restored,
) -> None:
    """And an answer by the function that it defines."""
    lost = [c for c in source.cells if c.is_solution and c.defines and c.key not in found]
    running = [c.key for c in source.cells if not c.locked and not c.is_test]
    known = {id(theirs) for theirs in found.values()}
    unknown = [(c, _definitions(c)) for c in cells if id(c) not in known] if lost else []
    for cell in lost:
        mine = [theirs for theirs, defined in unknown if cell.defines & defined]
        free = [theirs for theirs in mine if id(theirs) not in known]
        if free:
            found[cell.key] = free[0]
            known.add(id(free[0]))
            detail = "a cell without its id was recognised by its function"
            result.events.append(Event("repaired", detail, cell.label))
        elif mine or any(cell.defines & _definitions(found[k]) for k in running if k in found):
            result.elsewhere.add(cell.key)
            detail = "its function stands in another cell"
            result.events.append(Event("repaired", detail, cell.label))


def _added_cells(
    cells: list[dict[str, Any]], matched: dict[str, dict[str, Any]]
) -> dict[str | None, list[dict[str, Any]]]:
    """The student's own cells, each under the key of the source cell it came after."""
    keys = {id(theirs): key for key, theirs in matched.items()}
    added: dict[str | None, list[dict[str, Any]]] = {}
    last: str | None = None
    for theirs in cells:
        if id(theirs) in keys:
            last = keys[id(theirs)]
        elif not theirs.get("metadata", {}).get("nbgrader"):
            added.setdefault(last, []).append(theirs)
    return added


def _definitions(cell: dict[str, Any]) -> frozenset[str]:
    return bound_names(cell["source"]) if cell["cell_type"] == "code" else frozenset()
