"""The student edition of a course: a repository of its own, without answers and hidden tests.

What goes into it is found, not listed: the released lectures, the library, and those modules of
the grader that checking needs. Before anything is written it is searched for what must stay.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from autograder.closure import HOME, PACKAGE, closure
from autograder.course import Course
from autograder.errors import CourseError
from autograder.release import outdated

ENTRIES = ("autograder.check", "autograder.__main__")
"""What students' notebooks import, and what they start."""
SHELLS = {"autograder.cli": {"main", "_parser", "_check"}, "autograder.instructor": set[str]()}
"""The command line, with the commands that students have."""
LIBRARY = "nnlib"
KEPT = ("LICENSE", "LICENSE-text", "docs/notation.md")
"""Files that are copied as they are, where they exist."""
MARK = ".edition"
"""The list of what was written, so that the next edition can take away what is gone."""

_TEMPLATES = HOME / "templates" / "edition"


class PublishError(CourseError):
    """The edition cannot be written, or would give something away."""


@dataclass(frozen=True)
class Edition:
    """What was written, by path relative to its directory."""

    directory: Path
    files: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def publish(course: Course, directory: Path, address: str = "") -> Edition:
    """Write the student edition of the whole course, or bring it up to date. With the `address` of
    the repository that it will be, each lecture's first cell names the line that installs it.

    The directory must be new, empty, a fresh git repository, or an earlier edition; in that case
    files that somebody added stay. Raises `PublishError`, and then nothing was written.
    """
    earlier = _earlier(directory)
    for name in course.assignments():
        if outdated(course, name):
            raise PublishError(f"{name} is not released as it stands: run `autograder release`")
    files = {path: _addressed(data, address) for path, data in contents(course).items()}
    found = sorted(leaks(course, files))
    if found:
        raise PublishError("this must not get out: " + "; ".join(found))
    changed = [path for path, data in files.items() if _write(directory / path, data)]
    removed = sorted(earlier - files.keys())
    for path in removed:
        (directory / path).unlink(missing_ok=True)
    _write(directory / MARK, "".join(f"{path}\n" for path in sorted(files)).encode())
    return Edition(directory, tuple(sorted(files)), tuple(sorted(changed)), tuple(removed))


ADDRESS = "git+ADDRESS    (the address of this course's repository)"
"""What a lecture's first cell says while nobody knows where the edition will be."""


def _addressed(data: bytes, address: str) -> bytes:
    return data.replace(ADDRESS.encode(), f"git+{address}".encode()) if address else data


def contents(course: Course) -> dict[str, bytes]:
    """Every file of the edition, by its path there."""
    files: dict[str, bytes] = {}
    for name in course.assignments():
        files |= _tree(course.release / name, f"{course.release.name}/{name}")
    if not (course.root / "pyproject.toml").is_file():
        raise PublishError(f"{course.root} has no pyproject.toml: publish needs the repository")
    modules, foreign = closure(ENTRIES, SHELLS)
    for path in modules:
        files[f"{PACKAGE}/{path.relative_to(HOME).as_posix()}"] = path.read_bytes()
    files |= _tree(course.root / LIBRARY, LIBRARY)
    for name in KEPT:
        if (course.root / name).is_file():
            files[name] = (course.root / name).read_bytes()
    project = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = needed(project, foreign)
    filled = {
        "name": f"{project['project']['name']}-student",
        "version": project["project"]["version"],
        "python": project["project"]["requires-python"],
        "dependencies": _list(project["project"]["dependencies"]),
        "course": _list(asked),
        "conda": "".join(f"  - {line}\n" for line in [*project["project"]["dependencies"], *asked]),
        "release": course.release.name,
        "lectures": _lectures(course),
    }
    for name in ("README.md", "pyproject.toml", "environment.yml", ".gitignore"):
        template = (_TEMPLATES / f"{name.removeprefix('.')}.in").read_text(encoding="utf-8")
        files[name] = Template(template).substitute(filled).encode()
    return files


def needed(project: Mapping[str, Any], foreign: Iterable[str]) -> list[str]:
    """What students install beside the library: the extra `course`, and from `grade` what the
    modules in the edition import."""
    extras = project["project"]["optional-dependencies"]
    names = {name.lower() for name in foreign}
    also = [line for line in extras["grade"] if _name(line) in names]
    return sorted({*extras["course"], *also})


def _name(requirement: str) -> str:
    stop = next((n for n, c in enumerate(requirement) if c in "<>=!~;[ "), len(requirement))
    return requirement[:stop].lower()


def _list(lines: Iterable[str]) -> str:
    return "".join(f"    {json.dumps(line)},\n" for line in lines)


def _lectures(course: Course) -> str:
    """A line for each lecture, with its title."""
    lines = []
    for name in course.assignments():
        for notebook in course.assignment(name).notebooks:
            path = f"{course.release.name}/{name}/{notebook.name}.ipynb"
            title = _title(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
            lines.append(f"- [{title or notebook.name}]({path})")
    return "\n".join(lines)


def _title(texts: Iterable[str]) -> str:
    lines = (line for text in texts for line in text.splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), "")


def _tree(top: Path, prefix: str) -> dict[str, bytes]:
    """The files below a directory, without what tools leave there."""
    return {
        f"{prefix}/{path.relative_to(top).as_posix()}": path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and not path.is_symlink() and not _is_litter(path.relative_to(top))
    }


def _is_litter(path: Path) -> bool:
    return any(part == "__pycache__" or part.startswith(".") for part in path.parts)


# --- what must stay ----------------------------------------------------------------------------


def leaks(course: Course, files: Mapping[str, bytes]) -> Iterator[str]:
    """What the files would give away, each in a few words: answers, hidden tests, variants, the
    course secret. The library holds the course's functions on purpose; it is searched for the
    rest only."""
    secret = _secret(course)
    keep = dict(_blocks(course))
    for path, data in files.items():
        if Path(path).name == "variants.py":
            yield f"{path} holds variants"
        if secret and secret in data:
            yield f"{path} holds the course secret"
        text = _readable(path, data)
        for marker in ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS"):
            if path.endswith(".ipynb") and marker in text:
                yield f"{path} has a cell with {marker}"
        for block, what in keep.items():
            if block in text and not (path.startswith(f"{LIBRARY}/") and "answer" in what):
                yield f"{path} holds {what}"


def _blocks(course: Course) -> Iterator[tuple[str, str]]:
    """Each answer and each hidden part of the sources, as the lines that no release has."""
    for name in course.assignments():
        for notebook in course.assignment(name).notebooks:
            for cell in notebook.cells:
                kind = "the hidden part of" if cell.is_test else "the answer of"
                for block in _only_in_source(cell.source, cell.released):
                    yield block, f"{kind} {cell.label}"


def _only_in_source(source: str, released: str) -> Iterator[str]:
    """The stretches between markers that the release lacks, one string each; what is too short
    to be told from anybody's code is left out."""
    kept = {line.strip() for line in released.splitlines()}
    stretch: list[str] = []
    for line in [*source.splitlines(), "###"]:
        if line.strip().startswith("###"):
            text = "\n".join(stretch)
            if len(text) >= 60 and not all(line in kept for line in stretch):
                yield text
            stretch = []
        elif line.strip():
            stretch.append(line.strip())


def _readable(path: str, data: bytes) -> str:
    """A file's lines, stripped: a notebook's cells with their outputs; nothing of binary files."""
    if path.endswith(".ipynb"):
        cells = json.loads(data)["cells"]
        text = "\n".join(_strings([[cell["source"], cell.get("outputs")] for cell in cells]))
    else:
        text = data.decode("utf-8", "ignore") if b"\0" not in data[:4096] else ""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _strings(data: Any) -> Iterator[str]:
    """All text in some JSON data; a list of lines is one text."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list) and all(isinstance(part, str) for part in data):
        yield "".join(data)
    elif isinstance(data, list | dict):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _strings(part)


def _secret(course: Course) -> bytes:
    try:
        return (course.root / ".course_secret").read_bytes().strip()
    except OSError:
        return b""


# --- writing it --------------------------------------------------------------------------------


def _earlier(directory: Path) -> set[str]:
    """What an earlier edition wrote. Raises `PublishError` where there is something else."""
    if (directory / MARK).is_file():
        lines = (directory / MARK).read_text(encoding="utf-8").splitlines()
        return {line for line in lines if not Path(line).is_absolute() and ".." not in line}
    if directory.exists() and not directory.is_dir():
        raise PublishError(f"{directory} is no directory")
    if directory.is_dir() and any(path.name != ".git" for path in directory.iterdir()):
        raise PublishError(f"{directory} is not empty, and no earlier edition: name another place")
    return set()


def _write(path: Path, data: bytes) -> bool:
    """Write a file if it is not the same already; True when it was written."""
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
