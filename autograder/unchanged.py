"""Whether there is anything to grade, found out without importing what grades: in well under a
second for a class."""

from __future__ import annotations

from collections.abc import Iterable

from autograder import ground, keep
from autograder.course import Course
from autograder.standing import standing
from autograder.submissions import Fingerprint, find_all
from autograder.summary import Summary

_LATE = ".{}.late"


def unchanged(
    course: Course, assignment: str, students: Iterable[str] = (), in_process: bool = False
) -> Summary | None:
    """What `grade_course` would return if it had nothing to do; None where it has."""
    chosen = [course.student(assignment, s) for s in students] or course.students(assignment)
    known = standing(course, assignment)
    if known is None or not known.recorded.issuperset(chosen):
        return None
    if _remembered(course, assignment) != known.late:
        return None
    notebooks = sorted(path.stem for path in (course.source / assignment).glob("*.ipynb"))
    source = ground.whole(course, assignment, ground.foundation(course, assignment, in_process))
    for submission in find_all(course, assignment, chosen, notebooks):
        place = course.place("autograded", submission.student, assignment)
        fingerprint = Fingerprint.read(place)
        if fingerprint is None or fingerprint.whole != submission.digest(source):
            return None
    return Summary(assignment, unchanged=list(chosen), directory=course.root / "autograded")


def remember(course: Course, assignment: str) -> None:
    """Note what the penalties for late work were made from: they are right."""
    known = standing(course, assignment)
    if known is not None:
        with keep.explained():
            keep.write(course.root / "autograded" / _LATE.format(assignment), known.late)


def _remembered(course: Course, assignment: str) -> str:
    try:
        return (course.root / "autograded" / _LATE.format(assignment)).read_text()
    except OSError:
        return ""
