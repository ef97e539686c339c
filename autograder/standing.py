"""What the gradebook says of an assignment, read with plain SQL: nbgrader itself takes seconds to
import, and where nothing is to be graded it is not needed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.ground import digest

_RECORDED = """
SELECT s.student_id FROM submitted_assignment s
JOIN assignment a ON a.id = s.assignment_id WHERE a.name = ?
"""
_DUE = "SELECT duedate FROM assignment WHERE name = ?"
_LATE = """
SELECT s.student_id, s.timestamp, s.extension, n.late_submission_penalty,
       SUM(COALESCE(g.manual_score, g.auto_score) + COALESCE(g.extra_credit, 0))
FROM submitted_assignment s
JOIN assignment a ON a.id = s.assignment_id
JOIN submitted_notebook n ON n.assignment_id = s.id
LEFT JOIN grade g ON g.notebook_id = n.id
WHERE a.name = ? AND (s.timestamp > a.duedate OR n.late_submission_penalty IS NOT NULL)
GROUP BY s.student_id, s.timestamp, s.extension, n.id, n.late_submission_penalty
ORDER BY s.student_id, n.id
"""


@dataclass(frozen=True)
class Standing:
    """Who has rows, and a digest of all that penalties for late work depend on."""

    recorded: frozenset[str]
    late: str


def standing(course: Course, assignment: str) -> Standing | None:
    """That of an assignment; None where the gradebook cannot be asked, or is new."""
    try:
        with _asked(course.db_url) as ask:
            recorded = frozenset(row[0] for row in ask(_RECORDED, assignment))
            due, late = list(ask(_DUE, assignment)), list(ask(_LATE, assignment))
    except _NoAnswer:
        return None
    about = [course.root / "extensions.csv", course.root / "nbgrader_config.py"]
    files = [path.read_bytes() if path.is_file() else b"" for path in about]
    return Standing(recorded, digest(repr((due, late)), *files))


class _NoAnswer(Exception):
    """The gradebook cannot be read in this way."""


@contextlib.contextmanager
def _asked(url: str) -> Any:
    """A function that asks a gradebook: the query and the name for its `?`."""
    if url.startswith("sqlite:///") and "?" not in url:
        with _sqlite(Path(url.removeprefix("sqlite:///"))) as ask:
            yield ask
    else:
        with _server(url) as ask:
            yield ask


@contextlib.contextmanager
def _sqlite(path: Path) -> Any:
    if not path.is_file():
        raise _NoAnswer
    with contextlib.closing(sqlite3.connect(path)) as connection:
        yield _asker(connection.execute, sqlite3.Error)


@contextlib.contextmanager
def _server(url: str) -> Any:
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = create_engine(url)
        with engine.connect() as connection:

            def execute(query: str, values: tuple[str]) -> Iterable[Any]:
                return connection.execute(text(query.replace("?", ":name")), {"name": values[0]})

            yield _asker(execute, SQLAlchemyError)
        engine.dispose()
    except SQLAlchemyError:
        raise _NoAnswer from None


def _asker(
    execute: Callable[[str, tuple[str]], Iterable[Any]], error: type[Exception]
) -> Callable[[str, str], list[tuple[Any, ...]]]:
    def ask(query: str, name: str) -> list[tuple[Any, ...]]:
        try:
            return [tuple(row) for row in execute(query, (name,))]
        except error:
            raise _NoAnswer from None

    return ask
