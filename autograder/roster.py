"""Who is who: the students' ids by all the ids and names that a learning platform may use."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.cohort import Person, people_of
from autograder.errors import CourseError
from autograder.gradebook import Book


class CollectError(CourseError):
    """An archive or a roster that cannot be used."""


_ID = (
    "student", "sis login id", "username", "student id", "id number", "sis user id",
    "email address",
)  # fmt: skip
"""Columns that hold the students' ids, the best first."""
_LMS_IDS = ("id", "canvas id", "lms id", "lms_user_id", "identifier", "user id")
"""Columns that hold the number by which the platform knows somebody."""
_OTHER_IDS = (*_LMS_IDS, "sis user id", "id number")
_FIRST = ("first name", "first_name", "firstname")
_LAST = ("last name", "surname", "last_name", "lastname")
_WHOLE = ("full name", "name")
_EMAIL = ("email address", "email")


@dataclass(frozen=True)
class Roster:
    """The class, and who is meant by a key: an id, or a folded name."""

    people: tuple[Person, ...]
    by_key: Mapping[str, frozenset[str]]

    def find(self, keys: Iterable[str]) -> str | None:
        """The one student whom the keys mean; None where they contradict each other, or where
        none of them means just one person."""
        meant = [found for key in keys if len(found := self.by_key.get(key, frozenset())) == 1]
        people = frozenset[str]().union(*meant)
        return min(people) if len(people) == 1 else None

    def knows(self, keys: Iterable[str]) -> bool:
        """Whether some key means anybody, or several."""
        return any(key in self.by_key for key in keys)


def roster_of(people: Iterable[tuple[Person, Iterable[str]]]) -> Roster:
    """A roster of people, each with further ids."""
    by_key: dict[str, set[str]] = {}
    everybody = []
    for person, ids in people:
        everybody.append(person)
        names = (person.first_name + person.last_name, person.last_name + person.first_name)
        for key in {fold(person.id), person.lms_id, *ids, *map(fold, names)} - {""}:
            by_key.setdefault(key, set()).add(person.id)
    return Roster(tuple(everybody), {key: frozenset(ids) for key, ids in by_key.items()})


def gradebook_roster(book: Book) -> Roster:
    """The class as the gradebook knows it."""
    return roster_of((person, ()) for person in people_of(book) if is_safe(person.id))


def read_roster(path: Path) -> Roster:
    """A CSV: Canvas' gradebook export, Moodle's list of participants or grading worksheet, or your
    own with a column `student`. Raises `CollectError` where nobody can be told from it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [_clean(row) for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CollectError(f"the roster {path} cannot be read: {error}") from None
    columns = set(rows[0]) if rows else set()
    canvas = "sis login id" in columns  # there, `student` is a name
    column = next((name for name in _ID[canvas:] if name in columns), None)
    if column is None:
        raise CollectError(
            f"the roster {path} has no column for the students’ ids: one of {', '.join(_ID)}"
        )
    people = []
    for row in rows:
        student = row.get(column, "")
        if student and not is_safe(student):
            raise CollectError(f"{student!r} in the roster {path} cannot be a student’s id")
        if student:
            ids = [_number(row[c]) for c in _OTHER_IDS if row.get(c)]
            people.append((_person(student, row, canvas), [*ids, *_whole_names(row)]))
    return roster_of(people)


def _clean(row: Mapping[str | None, object]) -> dict[str, str]:
    cells = ((k, v) for k, v in row.items() if k and isinstance(v, str))
    return {k.strip().casefold(): v.strip() for k, v in cells}


def _person(student: str, row: Mapping[str, str], canvas: bool) -> Person:
    first, last = _first(row, _FIRST), _first(row, _LAST)
    whole = row.get("student", "") if canvas else ""
    if ", " in whole and not (first or last):
        last, first = whole.split(", ", 1)
    return Person(student, first, last, _first(row, _EMAIL), _number(_first(row, _LMS_IDS)))


def _whole_names(row: Mapping[str, str]) -> Iterator[str]:
    yield from (fold(row[column]) for column in _WHOLE if row.get(column))


def _first(row: Mapping[str, str], columns: Iterable[str]) -> str:
    return next((row[column] for column in columns if row.get(column)), "")


def _number(identifier: str) -> str:
    """Moodle writes `Participant 4711`."""
    return identifier.removeprefix("Participant ").strip()


def enrol(book: Book, roster: Roster) -> int:
    """Make the people of a roster known to the gradebook; those it knows stay as they are.
    Returns how many were new."""
    known = {student.id for student in book.gradebook.students}
    new = [person for person in roster.people if person.id not in known]
    for person in new:
        book.gradebook.add_student(
            person.id,
            first_name=person.first_name or None,
            last_name=person.last_name or None,
            email=person.email or None,
            lms_user_id=person.lms_id or None,
        )
    return len(new)


def is_safe(student: str) -> bool:
    """Whether an id can be the name of a directory."""
    return (
        student == student.strip()
        and not set(student) & set('/\\:\0\n\r\t"*?<>|')
        and not student.startswith(".")
        and len(student) <= 128
    )


def fold(name: str) -> str:
    """A name's letters and digits, lower case and without accents, in order: Canvas and Moodle
    write the same name in different ways."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalnum())
