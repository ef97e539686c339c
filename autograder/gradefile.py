"""Grades as CSV for Canvas, for Moodle, and a plain one. No score is an empty cell, never a 0."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from autograder.cohort import Cohort, Hand, Person

Rows = Iterator[list[str]]


def canvas(cohorts: Sequence[Cohort]) -> Rows:
    """For *Grades › Import* in Canvas. A student is found by the ID where the gradebook knows it
    (`lms_user_id`), else by the SIS login, for which the student's id is taken."""
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"] + [c.title for c in cohorts]
    yield ["    Points Possible", "", "", "", ""] + [number(c.points) for c in cohorts]
    for person, grades in _by_person(cohorts):
        name = ", ".join(filter(None, (person.last_name, person.first_name))) or person.id
        yield [_safe(name), person.lms_id, "", person.id, ""] + [number(g) for g in grades]


def moodle(cohorts: Sequence[Cohort]) -> Rows:
    """For *Grades › Import › CSV file* in Moodle: identify users by *username*, and choose the
    grade item for each lecture's column. An empty cell changes nothing there."""
    yield ["Username", "First name", "Last name", "Email address"] + [c.title for c in cohorts]
    for person, grades in _by_person(cohorts):
        names = [_safe(person.first_name), _safe(person.last_name)]
        yield [person.id, *names, person.email] + [number(g) for g in grades]


def plain(cohorts: Sequence[Cohort]) -> Rows:
    """A row for each student and lecture, for a spreadsheet or pandas."""
    yield ["student", "first_name", "last_name", "lecture", "handed_in", "hours_late",
           "late_penalty", "score", "points"]  # fmt: skip
    for cohort in cohorts:
        for hand in cohort.hands:
            person = hand.person
            yield [
                person.id,
                _safe(person.first_name),
                _safe(person.last_name),
                cohort.assignment,
                "yes" if hand.submitted else "no",
                f"{hand.late_seconds / 3600:.1f}" if hand.late_seconds else "",
                number(hand.penalty or None),
                number(cohort.total(hand)),
                number(cohort.points),
            ]


FORMATS: dict[str, Callable[[Sequence[Cohort]], Rows]] = {
    "canvas": canvas,
    "moodle": moodle,
    "plain": plain,
}


def grade_file(form: str, cohorts: Sequence[Cohort]) -> str:
    """The CSV text in one of the `FORMATS`."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(FORMATS[form](cohorts))
    return out.getvalue()


def ungraded(cohorts: Sequence[Cohort]) -> int:
    """How many pieces of work that were handed in have no grade."""
    return sum(h.submitted and c.total(h) is None for c in cohorts for h in c.hands)


def number(score: float | None) -> str:
    """Two digits after the point, where they say something; empty for none."""
    return "" if score is None else f"{score:.2f}".rstrip("0").rstrip(".")


def _by_person(cohorts: Sequence[Cohort]) -> Iterator[tuple[Person, list[float | None]]]:
    """Everybody in any of the lectures, with a grade, or none, for each."""
    by_id: list[dict[str, Hand]] = [{h.person.id: h for h in c.hands} for c in cohorts]
    people = {h.person.id: h.person for c in cohorts for h in c.hands}
    for person in people.values():
        hands = [(c, known.get(person.id)) for c, known in zip(cohorts, by_id, strict=True)]
        yield person, [c.total(hand) if hand else None for c, hand in hands]


def _safe(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
