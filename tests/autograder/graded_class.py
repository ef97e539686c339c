"""A graded class on disk, made without grading: each student's results are said, not found."""

import json
from collections.abc import Mapping

from small_course import answer, graded, hand_in, notebook, released

from autograder.course import Course
from autograder.gradebook import Book
from autograder.results import Event, Graded, Status, TestResult

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", '"""double: numbers"""\nassert double(2) == 4', 4),
    graded("test_double_2", '"""double: arrays"""\nassert double(3) == 6', 2),
    answer("halve", "def halve(x):\n    return x / 2"),
    graded("test_halve", '"""halve: numbers"""\nassert halve(4) == 2', 4),
)
TESTS = {"test_double": 4.0, "test_double_2": 2.0, "test_halve": 4.0}
WRONG = "def double(x):\n    return x"


def result(name: str, said: object = True) -> TestResult:
    """One check: True passed, False not started, None not graded, or the kind of mistake."""
    exercise = name.split("_")[1]
    points = TESTS[name]
    title = f"{exercise}: {'arrays' if name.endswith('2') else 'numbers'}"
    if said is None:
        return TestResult(name, exercise, title, points, None, Status.NOT_GRADED)
    if said is True:
        return TestResult(name, exercise, title, points, points, Status.PASSED)
    if said is False:
        return TestResult(name, exercise, title, points, 0.0, Status.NOT_STARTED)
    message = f"{name}: expected 4, got <b>2</b>"
    return TestResult(name, exercise, title, points, 0.0, Status.FAILED, message, str(said))


def record(
    course: Course,
    student: str,
    results: Mapping[str, object] | None = None,
    events: tuple[Event, ...] = (),
    answers: Mapping[str, str] | None = None,
) -> None:
    """Write the student's rows and graded notebook; what is not said has passed."""
    tests = tuple(result(name, (results or {}).get(name, True)) for name in TESTS)
    made = released(json.loads(json.dumps(SOURCE)), **(answers or {}))
    for cell in made["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        for test in tests:
            if test.grade_id == name:
                cell["metadata"]["autograder"] = test.as_metadata()
    made["metadata"]["autograder"] = {"events": [vars(event) for event in events]}
    text = json.dumps(made)
    one = Graded(student, "ps1", "ps1", tests, events, text, 0.0)
    with Book(course.db_url, course.course_id) as book:
        book.prepare(course.assignment("ps1"))
        book.record(student, "ps1", [one])
    hand_in(course.root, student, SOURCE)
    place = course.place("autograded", student, "ps1")
    place.mkdir(parents=True, exist_ok=True)
    (place / "ps1.ipynb").write_text(text)


def enrol(course: Course, **names: str) -> None:
    """Tell the gradebook who is in the class: `ann="Ann Lee"`."""
    with Book(course.db_url, course.course_id) as book:
        for student, name in names.items():
            first, _, last = name.partition(" ")
            book.gradebook.update_or_create_student(student, first_name=first, last_name=last)
