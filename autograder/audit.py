"""Proves the tests: wrong programs they must refuse, unusual right ones they must accept.

Every candidate is graded as a submission of its own, in the sandbox, with the reference's answers
in all other exercises.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from autograder.cheats import cheats, record_visible_calls
from autograder.course import Course
from autograder.equivalence import Equivalence, load_equivalences
from autograder.grade import Job
from autograder.mutants import mutants
from autograder.pool import Settings, default_workers, grade_all
from autograder.results import Graded, Status, TestResult
from autograder.sandbox.rules import Rules
from autograder.source import SourceNotebook
from autograder.variants import Variant, load

Kind = Literal["cheat", "mutant", "wrong", "right"]

MOST_EQUIVALENT = 0.1
"""At most this part of an exercise's mutants may be called equivalent."""
FEWEST_WRONG = 5
"""Where mutation gives fewer wrong programs, variants by hand must make up for it."""
TRIALS = 1000


@dataclass(frozen=True)
class Candidate:
    """A program for one exercise, and what must become of it."""

    exercise: str
    kind: Kind
    description: str
    source: str
    says: str = ""
    keeps: tuple[str, ...] = ()

    @classmethod
    def of(cls, variant: Variant) -> Candidate:
        """A variant that is kept beside the lecture."""
        return cls(
            variant.exercise,
            variant.kind,
            variant.description,
            variant.source,
            variant.says,
            variant.keeps,
        )


@dataclass(frozen=True)
class Finding:
    """A candidate, graded; `fault` says what is wrong with the tests, empty when nothing is."""

    candidate: Candidate
    tests: tuple[TestResult, ...]
    fault: str
    diagnosed: bool = False


@dataclass
class Audit:
    """What the audit of one lecture found."""

    assignment: str
    exercises: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)
    equivalent: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """Of the audit's own material: a mutant called equivalent that is not, too few variants."""

    def of(self, exercise: str, kind: Kind) -> list[Finding]:
        """The findings of one kind about one exercise."""
        return [
            finding
            for finding in self.findings
            if finding.candidate.exercise == exercise and finding.candidate.kind == kind
        ]

    @property
    def survivors(self) -> list[Finding]:
        """Candidates that the tests judge wrongly."""
        return [finding for finding in self.findings if finding.fault]

    @property
    def green(self) -> bool:
        """Whether every test is proved."""
        return not self.survivors and not self.faults

    def as_json(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "assignment": self.assignment,
            "green": self.green,
            "equivalent": self.equivalent,
            "faults": self.faults,
            "findings": [asdict(finding) for finding in self.findings],
        }


def audit(
    course: Course,
    name: str,
    *,
    workers: int | None = None,
    exercises: tuple[str, ...] = (),
    started: Callable[[int], None] = lambda total: None,
    progress: Callable[[Graded], None] = lambda graded: None,
) -> Audit:
    """Audit a lecture's exercises, all of them or those named."""
    assignment = course.assignment(name)
    known = tuple(dict.fromkeys(c.exercise for n in assignment.notebooks for c in n.tests))
    result = Audit(name, exercises or known)
    for notebook in assignment.notebooks:
        bench = Workshop(notebook)
        candidates = [c for c in bench.candidates(result) if c.exercise in result.exercises]
        started(len(candidates))
        jobs = (bench.job(str(n), name, candidate) for n, candidate in enumerate(candidates))
        settings = Settings(notebook, None, Rules(cell_cpu=2.0, cell_output=0, reveal=True))
        for graded in grade_all(jobs, settings, workers or default_workers()):
            progress(graded)
            result.findings.append(judge(candidates[int(graded.student)], graded))
    result.findings.sort(key=lambda f: (known.index(f.candidate.exercise), f.candidate.kind))
    return result


class Workshop:
    """Makes the candidates of one notebook and their submissions."""

    def __init__(self, notebook: SourceNotebook) -> None:
        self._notebook = notebook
        self._answers = {c.grade_id: c for c in notebook.cells if c.is_solution and not c.grade}
        exercises = dict.fromkeys(cell.exercise for cell in notebook.tests)
        self.tests = {
            exercise: frozenset(c.key for c in notebook.tests if c.exercise == exercise)
            for exercise in exercises
        }
        needed = {c.id for c in notebook.cells if c.grade_id or c.key in notebook.context}
        self._essential = [cell for cell in notebook.answers if cell["id"] in needed]
        self._variants_file = notebook.path.with_name("variants.py")
        self._variants = load(self._variants_file) if self._variants_file.exists() else ()
        firsts = {(v.exercise, v.kind): v for v in reversed(self._variants)}
        self._meet_all = {(v.exercise, v.source) for v in firsts.values()}
        self._names = self._reference_names()

    def candidates(self, result: Audit) -> Iterator[Candidate]:
        """Cheats, mutants that are not known to be equivalent, and variants."""
        equivalences = (
            load_equivalences(self._variants_file) if self._variants_file.exists() else ()
        )
        for exercise in self.tests:
            if exercise not in self._answers:
                result.faults.append(f"{exercise} has tests, but no solution cell")
                continue
            source = answer_of(self._answers[exercise].source)
            calls = record_visible_calls(self._notebook, exercise)
            for cheat in cheats(exercise, source, calls, self._names.get("nn")):
                yield Candidate(exercise, "cheat", cheat.description, cheat.source)
            claimed = [e for e in equivalences if e.exercise == exercise]
            yield from self._mutants(exercise, source, claimed, result)
        yield from map(Candidate.of, self._variants)

    def _mutants(
        self, exercise: str, source: str, claimed: list[Equivalence], result: Audit
    ) -> Iterator[Candidate]:
        made = mutants(source)
        excused = {change: claim for claim in claimed for change in claim.changes}
        equal = [m for m in made if m.change in excused]
        result.equivalent[exercise] = len(equal)
        for change in excused.keys() - {m.change for m in made}:
            result.faults.append(f"{exercise}: no mutant is called “{change}”")
        if len(equal) > MOST_EQUIVALENT * len(made):
            result.faults.append(
                f"{exercise}: {len(equal)} of {len(made)} mutants called equivalent"
            )
        by_hand = sum(v.exercise == exercise and v.kind == "wrong" for v in self._variants)
        if len(made) - len(equal) + by_hand < FEWEST_WRONG:
            result.faults.append(f"{exercise}: only {len(made)} mutants, and {by_hand} by hand")
        for mutant in made:
            if mutant.change not in excused:
                yield Candidate(exercise, "mutant", mutant.change, mutant.source)
            elif not self._is_equal(exercise, source, mutant.source, excused[mutant.change]):
                result.faults.append(f"{exercise}: not equivalent after all: {mutant.change}")

    def _is_equal(self, exercise: str, source: str, mutant: str, claim: Equivalence) -> bool:
        """Whether a mutant gives what the reference gives on many random inputs."""
        functions = []
        for text in (source, mutant):
            names = dict(self._names)
            exec(compile(text, "<audit>", "exec"), names)
            functions.append(names[exercise])
        rng = np.random.default_rng(0)
        with np.errstate(all="ignore"):
            for _ in range(TRIALS):
                state = rng.bit_generator.state
                wanted = functions[0](*claim.inputs(rng))
                rng.bit_generator.state = state
                if not _same(functions[1](*claim.inputs(rng)), wanted):
                    return False
        return True

    def _reference_names(self) -> dict[str, Any]:
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in self._notebook.cells:
            if cell.runs and not cell.grade and (cell.locked or cell.solution):
                exec(compile(cell.source, "<audit>", "exec"), names)
        return names

    def job(self, label: str, assignment: str, candidate: Candidate) -> Job:
        """A submission with the candidate's program and the reference everywhere else. It meets the
        tests of its exercise; the first wrong and the first right variant of each exercise meet all
        tests, since a mistake must cost nothing elsewhere."""
        cells = []
        for cell in self._essential:
            ours = cell["metadata"].get("nbgrader", {}).get("grade_id") == candidate.exercise
            cells.append({**cell, "source": candidate.source} if ours else cell)
        data = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
        meets_all = (candidate.exercise, candidate.source) in self._meet_all
        only = None if meets_all else self.tests[candidate.exercise]
        return Job(label, assignment, self._notebook.name, data=data.encode(), only=only)


def answer_of(source: str) -> str:
    """A solution cell as an answer: without nbgrader's marks."""
    kept = [
        line for line in source.splitlines() if "### BEGIN" not in line and "### END" not in line
    ]
    return "\n".join(kept)


def judge(candidate: Candidate, graded: Graded) -> Finding:
    """What the grades of a candidate say about the tests."""
    own = [test for test in graded.tests if test.exercise == candidate.exercise]
    elsewhere = [t for t in graded.tests if t not in own and t.status is not Status.PASSED]
    passed = sorted(test.grade_id for test in own if test.status is Status.PASSED)
    failed = [test for test in own if test.status is not Status.PASSED]
    fault, diagnosed = "", False
    if not own or any(test.score is None for test in own):
        fault = "it was not graded: " + "; ".join(test.message for test in own)
    elif candidate.kind == "cheat" and passed:
        fault = f"it passes {', '.join(passed)}"
    elif candidate.kind == "mutant" and not failed:
        fault = "it passes everything"
    elif candidate.kind == "right" and failed:
        fault = "it is refused: " + failed[0].message
    elif candidate.kind == "wrong":
        diagnosed = any(candidate.says in test.message for test in failed)
        if passed != sorted(candidate.keeps):
            fault = f"it passes {', '.join(passed) or 'nothing'}; registered: {candidate.keeps}"
        elif not diagnosed:
            fault = f"nobody says “{candidate.says}”: " + " | ".join(t.message for t in failed)
    if not fault and candidate.kind in ("wrong", "right") and elsewhere:
        fault = f"it costs points in another exercise: {elsewhere[0].grade_id}"
    return Finding(candidate, graded.tests, fault, diagnosed)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[k], b[k]) for k in a)
    try:
        return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-12, atol=0, equal_nan=True)
    except TypeError:
        return bool(a == b)


def write_json(audits: list[Audit], path: Path) -> None:
    """The machine-readable form."""
    path.write_text(json.dumps([a.as_json() for a in audits], indent=1) + "\n", encoding="utf-8")
