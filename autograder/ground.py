"""What a grade stands on: the grader, the libraries, the secret, and of the source what a test
needs. Equal digests mean that grading again would say the same.

One digest holds for a whole assignment and is read from files at once; where it differs, each
exercise has one of its own, so that a change to its tests grades that exercise again and no other.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from autograder import check
from autograder.closure import closure
from autograder.course import Course
from autograder.names import bound_names, imports_of, needed_names
from autograder.source import SourceCell, SourceNotebook

PROSE = ""
"""The part of a notebook that no test needs."""
_LENGTH = 16
_GRADER = ("autograder.grade", "autograder.check", "autograder.sandbox.nursery")


def digest(*parts: str | bytes) -> str:
    """A short digest of some texts, each held apart from the next."""
    made = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        made.update(b"%d:" % len(data))
        made.update(data)
    return made.hexdigest()[:_LENGTH]


def foundation(course: Course, assignment: str, in_process: bool = False) -> str:
    """The digest of all that every test of an assignment stands on, its own source apart."""
    directory = course.source / assignment
    notebooks = sorted(directory.glob("*.ipynb"))
    libraries = sorted(set().union(*map(_libraries, notebooks)))
    return digest(
        grader(),
        sys.version,
        *(f"{name} {_library(name)}" for name in libraries),
        *(str(path).encode() + (directory / path).read_bytes() for path in course.files(directory)),
        check.secret_hash(check.secret(course.root)),
        str(in_process),
    )


def whole(course: Course, assignment: str, ground: str) -> str:
    """The digest of an assignment to the last byte."""
    config = course.root / "nbgrader_config.py"
    paths = [*sorted((course.source / assignment).glob("*.ipynb")), config]
    return digest(ground, *(path.read_bytes() for path in paths if path.is_file()))


@cache
def grader() -> str:
    """The digest of our own code, as far as it decides about scores."""
    files, _ = closure(_GRADER)
    return digest(*(file.read_bytes() for file in files))


def _libraries(notebook: Path) -> set[str]:
    """The packages that a notebook imports and Python does not bring."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()  # reading the assignment will say what is wrong with it
    names = {name for source in sources for name in _packages(source)}
    return names - set(sys.stdlib_module_names) - {"autograder"}


def _packages(source: str) -> Iterator[str]:
    for line in imports_of(source).splitlines():
        words = line.replace(",", " ").split()
        for name in words[1:2] if words[0] == "from" else words[1:]:
            yield name.partition(".")[0]


def _library(name: str) -> str:
    """The version of an installed package; of one that is being worked on, its files."""
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        return "none"
    if spec is None or spec.origin is None:
        return "none"
    origin = Path(spec.origin)
    if "site-packages" in origin.parts or "dist-packages" in origin.parts:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pass  # its distribution has another name
    files = sorted(origin.parent.rglob("*.py")) if spec.submodule_search_locations else [origin]
    return digest(*(file.read_bytes() for file in files))


# --- exercise by exercise ------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One exercise of a notebook, or its prose: its digest, and the keys of the tests to run when
    the digest differs."""

    digest: str
    keys: frozenset[str]


def parts(notebook: SourceNotebook, ground: str) -> dict[str, Part]:
    """The parts of a notebook by exercise; the `PROSE` has no tests."""
    answers = [cell for cell in notebook.cells if cell.solution]
    tests = notebook.tests
    rest = [cell for cell in notebook.cells if cell not in (*answers, *tests)]
    code = digest(ground, *(_told(cell) for cell in rest if cell.runs))
    loose = [cell for cell in rest if not cell.runs]
    used: set[str] = set()
    found = {}
    for exercise in dict.fromkeys(cell.exercise for cell in tests):
        own = [cell for cell in tests if cell.exercise == exercise]
        needed = _needed(own, [*answers, *tests])
        used |= {cell.key for cell in needed}
        keys = frozenset(cell.key for cell in needed if cell.is_test)
        found[exercise] = Part(digest(code, *map(_told, needed)), keys)
    loose += [cell for cell in answers if cell.key not in used]
    prose = Part(digest(*map(_told, loose)), frozenset())
    return {PROSE: prose, **found}


def _needed(chosen: list[SourceCell], cells: list[SourceCell]) -> list[SourceCell]:
    """The chosen cells and all those that give them names, directly or not, in order."""
    keys = {cell.key for cell in chosen}
    names: frozenset[str] = frozenset().union(*(needed_names(cell.source) for cell in chosen))
    waiting = [cell for cell in cells if cell.key not in keys]
    while giving := [cell for cell in waiting if bound_names(cell.source) & names]:
        keys |= {cell.key for cell in giving}
        names = names.union(*(needed_names(cell.source) for cell in giving))
        waiting = [cell for cell in waiting if cell.key not in keys]
    return sorted((cell for cell in cells if cell.key in keys), key=lambda cell: cell.position)


def _told(cell: SourceCell) -> str:
    """All that a cell says; not where it stands, for a new cell before it is no change."""
    return json.dumps([
        cell.key, cell.cell_type, cell.source, cell.released, cell.points, cell.grade,
        cell.solution, cell.locked, cell.task, sorted(cell.tags),
    ])  # fmt: skip
