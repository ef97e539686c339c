"""A class made up for trying the grader: 24 students, among them those whom nobody wants.

Everything is drawn from a seed, and what becomes of each hand-in is known beforehand.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from nbformat import NotebookNode

from autograder.stories import (
    HandedIn,
    Lecture,
    Story,
    Student,
    blank,
    cheating,
    crashing,
    endless,
    late,
    mistaken,
    nothing,
    partial,
    perfect,
    unreadable,
)
from autograder.variants import Variant

DUE = datetime(2026, 3, 15, 22, 0)

CLASS: tuple[Story, ...] = (
    *(perfect,) * 5,
    *(mistaken(1),) * 5,
    *(mistaken(2), mistaken(2), mistaken(3), mistaken(5)),
    *(partial,) * 2,
    late(timedelta(hours=2, minutes=13), perfect),
    late(timedelta(days=1, hours=3), mistaken(1)),
    blank,
    unreadable,
    nothing,
)
HOSTILE: tuple[Story, ...] = (endless, crashing, cheating)


FIRST_NAMES = (
    "Amara", "Anna", "Antoine", "Ayşe", "Bilal", "Camila", "Chidi", "Daniel", "Elif", "Emeka",
    "Fatima", "Freya", "Giulia", "Hana", "Ibrahim", "Ines", "Jakub", "João", "Kavya", "Lars",
    "Leila", "Linh", "Mateo", "Mei", "Nadia", "Noah", "Olena", "Priya", "Rafael", "Sofia",
    "Søren", "Thabo", "Tomás", "Yuki", "Zoë", "Štěpán",
)  # fmt: skip
LAST_NAMES = (
    "Adeyemi", "Almeida", "Bakker", "Bauer", "Chen", "Costa", "Demir", "Dlamini", "Eriksen",
    "Fischer", "García", "Haddad", "Ivanova", "Jansen", "Kim", "Kowalczyk", "Lindqvist", "Mensah",
    "Moreau", "Nakamura", "Nguyen", "Novák", "O’Brien", "Okafor", "Patel", "Quispe", "Rossi",
    "Sato", "Shevchenko", "Silva", "Tremblay", "Ueda", "Vargas", "Wójcik", "Yılmaz", "Zhang",
)  # fmt: skip


def make_class(
    release_notebooks: Mapping[str, NotebookNode],
    variants: Mapping[str, Iterable[Variant]],
    directory: Path,
    seed: int = 2,
    hostile: bool = True,
) -> dict[str, tuple[HandedIn, ...]]:
    """Write `submitted/<student>/<assignment>/<assignment>.ipynb` for a class of 24.

    Both mappings go by assignment. Returns what was handed in for each, a student after another;
    without `hostile`, those who need a sandbox (three of the 24) stay away.
    """
    rng = random.Random(seed)
    students = draw_students(len(CLASS + HOSTILE), rng)
    stories = list(CLASS + HOSTILE)
    rng.shuffle(stories)
    handed_in = {}
    for assignment, release in release_notebooks.items():
        lecture = Lecture(release, tuple(variants[assignment]))
        told = [
            replace(story(lecture, rng), student=student)
            for student, story in zip(students, stories, strict=True)
            if hostile or story not in HOSTILE
        ]
        for one in told:
            _submit(directory / "submitted" / one.student.id / assignment, one, rng)
        handed_in[assignment] = tuple(told)
    return handed_in


def draw_students(number: int, rng: random.Random) -> list[Student]:
    """Different people, in the order of their ids."""
    names = zip(rng.sample(FIRST_NAMES, number), rng.sample(LAST_NAMES, number), strict=True)
    students = [
        Student(_ascii(f"{first[0]}{last}{rng.randint(10, 99)}"), first, last)
        for first, last in names
    ]
    return sorted(students, key=lambda student: student.id)


def _submit(place: Path, one: HandedIn, rng: random.Random) -> None:
    """The notebook and the time at which it came, as nbgrader collects them."""
    early = timedelta(minutes=rng.randint(5, 5 * 24 * 60))
    if one.text is None:
        return
    place.mkdir(parents=True)
    (place / f"{place.name}.ipynb").write_text(one.text, encoding="utf-8")
    (place / "timestamp.txt").write_text(utc(DUE + one.late if one.late else DUE - early))


def utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _ascii(text: str) -> str:
    """Lower-case letters and digits: what a user name may have."""
    plain = text.translate(str.maketrans("øØłŁı", "oOlLi"))
    letters = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "".join(letter for letter in letters.lower() if letter.isalnum())
