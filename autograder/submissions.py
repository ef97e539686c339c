"""What was handed in, and what of it was graded before: found out from files alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.course import Course
from autograder.ground import digest
from autograder.handed_in import handed_in
from autograder.submission import MAX_BYTES

FINGERPRINT = ".fingerprint"


@dataclass(frozen=True)
class Submission:
    """One student's files for one assignment."""

    student: str
    assignment: str
    files: Mapping[str, Path | None]
    """The submitted file by notebook; None where it was not handed in."""
    work: Mapping[str, str]
    """A digest of what each holds."""
    stamp: str
    """When it was handed in, as the file beside it says; may be anything."""

    @classmethod
    def find(
        cls, course: Course, assignment: str, student: str, notebooks: list[str]
    ) -> Submission:
        """What is in the student's directory of these notebooks."""
        directory = course.place("submitted", student, assignment)
        files = {name: handed_in(directory, name, notebooks) for name in notebooks}
        work = {
            name: "" if path is None else digest(_contents(path)) for name, path in files.items()
        }
        return cls(student, assignment, files, work, _stamp(directory))

    @property
    def timestamp(self) -> datetime | None:
        """When it was handed in, where that is known."""
        from nbgrader.utils import parse_utc

        try:
            return parse_utc(self.stamp) if self.stamp else None
        except (ValueError, OverflowError):
            return None

    def digest(self, source: str) -> str:
        """Of this work and the source's digest: equal means that there is nothing to do."""
        return digest(source, self.stamp, *(f"{name} {work}" for name, work in self.work.items()))


def find_all(
    course: Course, assignment: str, students: list[str], notebooks: list[str]
) -> Iterator[Submission]:
    """The submissions of some students."""
    return (Submission.find(course, assignment, student, notebooks) for student in students)


def _contents(path: Path) -> bytes:
    """What a submitted file holds, as far as it is read at all."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        return str(error).encode()


def _stamp(directory: Path) -> str:
    path = directory / "timestamp.txt"
    return _contents(path)[:100].decode(errors="replace").strip() if path.is_file() else ""


@dataclass(frozen=True)
class Fingerprint:
    """What a student's graded notebooks on disk and rows in the gradebook were made from."""

    whole: str
    """`Submission.digest`."""
    work: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    """The digest of each exercise, by notebook."""
    written: list[str] = field(default_factory=list)
    """The notebooks that have a graded one."""

    @classmethod
    def read(cls, directory: Path) -> Fingerprint | None:
        """That of a directory of graded notebooks; None where it says that something is missing."""
        try:
            found = cls(**json.loads((directory / FINGERPRINT).read_bytes()))
            complete = all((directory / f"{name}.ipynb").is_file() for name in found.written)
        except (OSError, ValueError, TypeError):
            return None
        return found if complete else None

    def text(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self)) + "\n"
