"""What students hand in, as stories: each fills a released notebook and says what it must score."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import nbformat
from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.variants import Variant, hand_in


@dataclass(frozen=True)
class Student:
    """One of the class."""

    id: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True)
class HandedIn:
    """What somebody hands in for one assignment, and what must become of it."""

    story: str
    text: str | None
    """The notebook's text; None where nothing was handed in."""
    passes: frozenset[str] = frozenset()
    """The test cells that must pass; all others must not."""
    score: float | None = None
    """The sum of their points; None where no score may be given."""
    events: frozenset[str] = frozenset()
    """Kinds of events that grading must report."""
    late: timedelta = timedelta()
    student: Student = Student()


@dataclass(frozen=True)
class Lecture:
    """A released notebook, with the programs at hand to answer it."""

    release: NotebookNode
    variants: tuple[Variant, ...]

    def exercises(self) -> list[str]:
        """In the notebook's order."""
        return [
            cell.metadata.nbgrader.grade_id
            for cell in self.release.cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        ]

    def tests(self) -> dict[str, float]:
        """The points of each test cell."""
        return {
            cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
            for cell in self.release.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }

    def tests_of(self, exercise: str) -> frozenset[str]:
        """`test_<name>`, `test_<name>_2`, …"""
        stem = f"test_{exercise}"
        rests = {test: test.removeprefix(stem) for test in self.tests() if test.startswith(stem)}
        return frozenset(t for t, rest in rests.items() if not rest or rest[1:].isdigit())

    def some(self, kind: str, exercise: str, rng: random.Random) -> Variant:
        """A right or a wrong program for an exercise."""
        found = [v for v in self.variants if v.kind == kind and v.exercise == exercise]
        if not found:
            raise CourseError(f"the demo needs a {kind} variant of {exercise}, and there is none")
        return rng.choice(found)


@dataclass
class Draft:
    """A hand-in while it is being written: a program per exercise, and the tests it passes."""

    lecture: Lecture
    answers: dict[str, str] = field(default_factory=dict)
    passes: set[str] = field(default_factory=set)

    def answer(self, exercise: str, variant: Variant) -> None:
        """Use a program whose results are known."""
        self.answers[exercise] = variant.source
        tests = self.lecture.tests_of(exercise)
        self.passes -= tests
        self.passes |= tests if variant.kind == "right" else set(variant.keeps)

    def spoil(self, exercise: str, body: str) -> None:
        """Use a program that passes nothing."""
        self.answers[exercise] = f"def {exercise}(*inputs, **options):\n{body}"
        self.passes -= self.lecture.tests_of(exercise)

    def notebook(self) -> NotebookNode:
        """The notebook with its answers."""
        return hand_in(self.lecture.release, self.answers)

    def finish(self, story: str, notebook: NotebookNode | None = None, *events: str) -> HandedIn:
        """Hand it in."""
        text = nbformat.writes(notebook or self.notebook()) + "\n"
        points = self.lecture.tests()
        score = sum(points[test] for test in self.passes)
        return HandedIn(story, text, frozenset(self.passes), score, frozenset(events))


Story = Callable[[Lecture, random.Random], HandedIn]


def all_right(lecture: Lecture, rng: random.Random) -> Draft:
    """A right program for every exercise, each chosen among several."""
    draft = Draft(lecture)
    for exercise in lecture.exercises():
        draft.answer(exercise, lecture.some("right", exercise, rng))
    return draft


def perfect(lecture: Lecture, rng: random.Random) -> HandedIn:
    """Everything right."""
    return all_right(lecture, rng).finish("everything right")


def mistaken(mistakes: int) -> Story:
    """A story of somebody who makes so many mistakes, each in an exercise of its own."""

    def story(lecture: Lecture, rng: random.Random) -> HandedIn:
        draft = all_right(lecture, rng)
        exercises = lecture.exercises()
        chosen = rng.sample(exercises, min(mistakes, len(exercises)))
        wrong = [lecture.some("wrong", exercise, rng) for exercise in chosen]
        for variant in wrong:
            draft.answer(variant.exercise, variant)
        return draft.finish("; ".join(f"{v.exercise}: {v.description}" for v in wrong))

    return story


def partial(lecture: Lecture, rng: random.Random) -> HandedIn:
    """The first exercises right, the others not started."""
    draft = all_right(lecture, rng)
    done = len(draft.answers) * rng.choice((1, 2)) // 3
    for exercise in lecture.exercises()[done:]:
        del draft.answers[exercise]
        draft.passes -= lecture.tests_of(exercise)
    return draft.finish(f"the first {done} exercises right, the others not started")


def blank(lecture: Lecture, rng: random.Random) -> HandedIn:
    """The release as it was."""
    return Draft(lecture).finish("handed in as it was released")


def late(by: timedelta, story: Story) -> Story:
    """The same, after the deadline."""

    def told(lecture: Lecture, rng: random.Random) -> HandedIn:
        handed_in = story(lecture, rng)
        return replace(handed_in, story=f"{handed_in.story}; late by {by}", late=by)

    return told


def endless(lecture: Lecture, rng: random.Random) -> HandedIn:
    """One loop never ends."""
    draft, exercise = _with_spoilt(lecture, rng, "    while True:\n        pass")
    return draft.finish(f"{exercise} never ends", None, "time-out")


def crashing(lecture: Lecture, rng: random.Random) -> HandedIn:
    """One function ends Python."""
    draft, exercise = _with_spoilt(lecture, rng, "    import os\n\n    os._exit(0)")
    return draft.finish(f"{exercise} ends Python", None, "crash")


def cheating(lecture: Lecture, rng: random.Random) -> HandedIn:
    """Every second answer is honest; for the others there are tricks, none of which may help."""
    draft = all_right(lecture, rng)
    for exercise in lecture.exercises()[1::2]:
        draft.spoil(exercise, "    return AlwaysRight()")
    notebook = draft.notebook()
    first = next(n for n, cell in enumerate(notebook.cells) if _role(cell, "solution"))
    notebook.cells.insert(first, nbformat.v4.new_code_cell(TRICKS, id="tricks"))
    for cell in notebook.cells:
        if _role(cell, "grade"):
            cell.source = f'"""{cell.metadata.nbgrader.grade_id}"""\npass'
            cell.metadata.tags = ["skip-execution"]
    return draft.finish("tricks instead of every second answer", notebook, "edited")


def unreadable(lecture: Lecture, rng: random.Random) -> HandedIn:
    """An upload that broke off."""
    whole = nbformat.writes(all_right(lecture, rng).notebook())
    text = whole[: len(whole) * 2 // 3]
    return HandedIn("the upload broke off", text, events=frozenset({"unreadable"}))


def nothing(lecture: Lecture, rng: random.Random) -> HandedIn:
    """Nothing at all."""
    return HandedIn("handed in nothing", None)


def _with_spoilt(lecture: Lecture, rng: random.Random, body: str) -> tuple[Draft, str]:
    """All right but for one exercise, one with few tests."""
    draft = all_right(lecture, rng)
    exercise = min(lecture.exercises(), key=lambda name: (len(lecture.tests_of(name)), name))
    draft.spoil(exercise, body)
    return draft, exercise


def _role(cell: NotebookNode, role: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(role))


TRICKS = '''import builtins

import numpy as np
from autograder import check


class AlwaysRight:
    """Equal to everything, and as close as anybody likes."""

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *inputs, **options):
        return self


def yes(*inputs, **options):
    return True


for name in ("allclose", "isclose", "array_equal"):
    setattr(np, name, yes)
for name in list(vars(check)):
    if callable(getattr(check, name)) and name not in ("lecture", "CheckFailure"):
        setattr(check, name, yes)
builtins.all = builtins.any = yes'''
