"""A course directory, and what its source notebooks say about an assignment.

Directories, gradebook and ignored files are nbgrader's configuration: any nbgrader course will do.
nbgrader itself takes seconds to import, and only reading a source needs it.
"""

from __future__ import annotations

import copy
import fnmatch
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.directories import CourseDirectory
from autograder.errors import NoAssignment, NoCourse, NoStudent
from autograder.source import Assignment, SourceCell, SourceNotebook

if TYPE_CHECKING:
    from nbformat import NotebookNode

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
"""nbformat's validator would compile its grammar, of addresses that no notebook has, for a second.
Without it, it checks the rest."""


class Course:
    """An nbgrader course directory."""

    def __init__(self, root: Path, config: Config) -> None:
        self.root = root
        self.config = config
        self._directory = CourseDirectory(config=config)

    @classmethod
    def open(cls, root: Path) -> Course:
        """Read the course's configuration. Raises `NoCourse` where there is nothing to grade."""
        root = root.resolve()
        if not root.is_dir():
            raise NoCourse(f"{root} is no directory: give the course's with --course DIR")
        try:
            config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
        except ConfigFileNotFound:
            config = Config()
        except Exception as error:
            raise NoCourse(f"nbgrader_config.py in {root} cannot be read: {error}") from None
        config.CourseDirectory.root = str(root)
        course = cls(root, config)
        if not course.source.is_dir():
            raise NoCourse(
                f"{root} has no {course.source.name}/ directory with the source notebooks: "
                "is it a course? See `autograder --help`"
            )
        return course

    # --- places -------------------------------------------------------------------------------

    @property
    def source(self) -> Path:
        return self.root / str(self._directory.source_directory)

    @property
    def release(self) -> Path:
        return self.root / str(self._directory.release_directory)

    @property
    def submitted(self) -> Path:
        return self.root / str(self._directory.submitted_directory)

    @property
    def db_url(self) -> str:
        """The gradebook's address."""
        return str(self._directory.db_url)

    @property
    def course_id(self) -> str:
        return str(self._directory.course_id)

    def place(self, step: str, student: str, assignment: str) -> Path:
        """`autograded`, `feedback` or `submitted`: the directory of one student's assignment."""
        return self._directory.place(step, student, assignment)

    # --- contents -----------------------------------------------------------------------------

    def assignments(self) -> list[str]:
        """The names of all assignments, in order."""
        return sorted(
            path.name
            for path in self.source.iterdir()
            if path.is_dir() and any(path.glob("*.ipynb"))
        )

    def choose(self, names: list[str]) -> list[str]:
        """Assignments by name, by number or by a part of the name; all when none is named."""
        known = self.assignments()
        if not names:
            return known
        chosen: list[str] = []
        for name in names:
            matches = [k for k in known if k == name] or [k for k in known if k.startswith(name)]
            if len(matches) != 1:
                raise NoAssignment(
                    f"no assignment {name!r}" if not matches else f"{name!r} could be {matches}"
                ) from None
            chosen += matches
        return chosen

    def assignment(self, name: str) -> Assignment:
        """Read an assignment's source. Raises `NoAssignment`."""
        directory = self.source / name
        paths = sorted(directory.glob("*.ipynb")) if directory.is_dir() else []
        if not paths:
            known = ", ".join(self.assignments()) or "none"
            raise NoAssignment(f"no assignment {name!r} in {self.source.name}/ (there: {known})")
        return Assignment(
            name,
            directory,
            tuple(self._read(path) for path in paths),
            tuple(self.files(directory)),
        )

    def students(self, assignment: str) -> list[str]:
        """Who handed the assignment in; not those whose directory's name is no UTF-8."""
        return [name for name in self._submitters(assignment) if not _is_bytes(name)]

    def unnameable(self, assignment: str) -> list[str]:
        """The directories of `submitted/` whose names no gradebook can hold, such as `Andr\\xe9`:
        nothing in them is graded until they are renamed."""
        names = [name for name in self._submitters(assignment) if _is_bytes(name)]
        return [os.fsencode(name).decode("utf-8", "backslashreplace") for name in names]

    def _submitters(self, assignment: str) -> list[str]:
        if not self.submitted.is_dir():
            return []
        return sorted(
            path.name
            for path in self.submitted.iterdir()
            if path.is_dir() and self.place("submitted", path.name, assignment).is_dir()
        )

    def student(self, assignment: str, student: str) -> str:
        """The same student, if there is a submission. Raises `NoStudent`."""
        if student not in self.students(assignment):
            where = self.place("submitted", student, assignment).relative_to(self.root)
            raise NoStudent(f"no submission of {student!r} for {assignment}: nothing at {where}")
        return student

    def files(self, directory: Path) -> Iterator[Path]:
        """The other files of an assignment's directory that students get, relative to it."""
        ignored = [str(pattern) for pattern in self._directory.ignore]
        for path in sorted(directory.rglob("*")):
            relative = path.relative_to(directory)
            hidden = any(
                fnmatch.fnmatch(part, pattern) for part in relative.parts for pattern in ignored
            )
            if path.is_file() and not path.is_symlink() and path.suffix != ".ipynb" and not hidden:
                yield relative

    def _read(self, path: Path) -> SourceNotebook:
        import nbformat
        from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions
        from nbgrader.utils import compute_checksum

        try:
            source = nbformat.read(path, as_version=4)
            saved, _ = ClearSolutions(config=self.config).preprocess(copy.deepcopy(source), {})
            checksums = [
                compute_checksum(cell) if cell.metadata.get("nbgrader", {}).get("grade_id") else ""
                for cell in saved.cells
            ]
            released, _ = ClearHiddenTests(config=self.config).preprocess(saved, {})
        except Exception as error:
            raise NoAssignment(f"the source {path} cannot be read: {error}") from None
        cells = zip(source.cells, released.cells, checksums, strict=True)
        return SourceNotebook(
            path.stem, path, tuple(_source_cell(*parts, n) for n, parts in enumerate(cells))
        )


def _is_bytes(name: str) -> bool:
    """Whether a file's name is no UTF-8: Python gives such bytes as half characters."""
    return any("\ud800" <= sign <= "\udfff" for sign in name)


def _source_cell(
    cell: NotebookNode, released: NotebookNode, checksum: str, position: int
) -> SourceCell:
    meta = cell.metadata.get("nbgrader", {})
    return SourceCell(
        id=cell.get("id", ""),
        grade_id=meta.get("grade_id", ""),
        cell_type=cell.cell_type,
        source=cell.source,
        released=released.source,
        points=float(meta.get("points", 0) or 0),
        grade=bool(meta.get("grade")),
        solution=bool(meta.get("solution")),
        locked=bool(meta.get("locked")),
        task=bool(meta.get("task")),
        tags=frozenset(cell.metadata.get("tags", [])),
        checksum=checksum,
        position=position,
    )
