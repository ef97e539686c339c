"""Files that are there whole or not at all, and one grader at a time for an assignment."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import CourseError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_WAY = {errno.EROFS, errno.EACCES, errno.EPERM}


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all. What a killed grader left half written is overwritten."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


@contextlib.contextmanager
def alone(directory: Path, assignment: str) -> Iterator[None]:
    """Hold an assignment for this process; a killed one lets go. Raises `CourseError` while
    another one holds it."""
    import fcntl  # pages are kept on Windows, too

    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / f".{assignment}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                f"{assignment} is being graded by another `autograder`: wait until it has ended"
            ) from None
        yield


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """A full or closed disk as a `CourseError` that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM | _NO_WAY:
            raise
        where = f" ({error.filename})" if error.filename else ""
        what = "there is no space left" if error.errno in _NO_ROOM else "this may not be written"
        raise CourseError(
            f"{what}{where}: {os.strerror(error.errno)}. Mend it and run the same command again; "
            "what was recorded stays recorded"
        ) from None
