"""A graded notebook of which only some tests were run again: the others' results stay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.results import Event, Graded, TestResult
from autograder.source import SourceNotebook

Cells = dict[str, dict[str, Any]]


def test_cells(path: Path) -> Cells:
    """The graded test cells of a graded notebook by grade_id; none where it cannot be read."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        found = {c["metadata"]["nbgrader"]["grade_id"]: c for c in cells if _is_result(c)}
        for cell in found.values():
            TestResult.from_metadata(cell["metadata"]["autograder"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found


def _is_result(cell: dict[str, Any]) -> bool:
    return "autograder" in cell["metadata"]


def merged(new: Graded, path: Path, notebook: SourceNotebook) -> Graded:
    """What was graded now, with all that it lacks taken from the graded notebook at `path`."""
    if not new.notebook:
        return new  # it could not be graded: nothing that was known of it holds
    now = {test.grade_id: test for test in new.tests}
    kept = {
        name: cell
        for name, cell in test_cells(path).items()
        if name not in now and name in {test.grade_id for test in notebook.tests}
    }
    if not kept:
        return new
    data = json.loads(new.notebook)
    data["cells"] = [kept.get(_grade_id(cell), cell) for cell in data["cells"]]
    events = _merged_events(new, path, set(kept))
    data["metadata"]["autograder"]["events"] = [vars(event) for event in events]
    known = now | {
        name: TestResult.from_metadata(cell["metadata"]["autograder"])
        for name, cell in kept.items()
    }
    tests = tuple(known[cell.grade_id] for cell in notebook.tests if cell.grade_id in known)
    text = json.dumps(data, ensure_ascii=False) + "\n"
    return replace(new, tests=tests, events=events, notebook=text)


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _merged_events(new: Graded, path: Path, kept: set[str]) -> tuple[Event, ...]:
    """Those of the new run, and the old ones of the tests that were not run again."""
    old = json.loads(path.read_bytes())["metadata"]["autograder"]["events"]
    stay = [Event(**event) for event in old if event["cell"] in kept]
    return tuple(dict.fromkeys([*new.events, *stay]))
