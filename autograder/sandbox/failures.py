"""How a request to a student's process can fail, as exceptions of the examiner's.

BaseException               no test can catch these by accident
├── StudentTimeOut          the time is used up
├── StudentDied             the process is gone
└── StudentLied             what came is no message
TypeError
└── NotForProxies           a test needs the student's own process
"""

from __future__ import annotations

import builtins
from typing import Any


class StudentTimeOut(BaseException):
    """Student code used up its time; its process is gone. No test can catch this by accident."""


class StudentDied(BaseException):
    """The student's process ended in the middle of a message."""


class StudentLied(BaseException):
    """The student's process sent what is no message: somebody else speaks there."""


class NotForProxies(TypeError):
    """A test does to a student's object what only works in the student's own process."""


_NO_ERRORS = (Warning, StopIteration, StopAsyncIteration)
"""What ends a test's loop in silence: a RuntimeError here, as out of a generator."""

_EXCEPTIONS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, _NO_ERRORS)
}


def student_error(data: dict[str, Any]) -> Exception:
    """An exception that student code raised, as one of Python's own; it remembers the line."""
    if not isinstance(data, dict):
        return RuntimeError("an exception that is none")
    kind = _EXCEPTIONS.get(str(data.get("type")), RuntimeError)
    error: Exception
    try:
        error = kind(str(data.get("message")))
    except TypeError:  # UnicodeDecodeError and its like want more
        error = RuntimeError(str(data.get("message")))
    frame = data.get("frame")
    if isinstance(frame, list) and len(frame) == 3:
        place = (str(frame[0]), int(frame[1]), str(frame[2]))
        error.student_frame = place  # type: ignore[attr-defined]
    error.student_failure = data.get("failure")  # type: ignore[attr-defined]
    return error
