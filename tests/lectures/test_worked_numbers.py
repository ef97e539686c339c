"""Every worked number of the syllabus stands in its lecture, in the text and in an assertion."""

import re

import pytest
from worked_numbers import WORKED

from lectures import COURSE, LECTURES


def source(lecture, kind):
    cells = COURSE.assignment(lecture).notebooks[0].cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == kind)


@pytest.mark.parametrize(
    ("place", "what", "text", "assertion"),
    [(lecture, *row) for lecture, rows in WORKED.items() for row in rows],
)
def test_a_worked_number_is_told_and_asserted(place, what, text, assertion):
    assert re.search(text, source(place, "markdown")), f"{what} is not in the text"
    asserted = [line for line in source(place, "code").splitlines() if "assert " in line]
    assert re.search(assertion, "\n".join(asserted)), f"{what} is not asserted"


@pytest.mark.parametrize("lecture", LECTURES)
def test_every_lecture_has_its_worked_numbers(lecture):
    assert WORKED.get(lecture)
