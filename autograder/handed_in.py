"""Which of the files in a student's directory is the notebook: by its name, or as downloads and
copies change it. Symbolic links are not followed: they would show somebody else's work as one's
own."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from autograder.results import Event

_SUFFIX = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)
_RENAMED = re.compile(r"([ _-]*\(\d+\)|-\d+|[ _-]*copy *\d*)+", re.IGNORECASE)
_COPY_OF = re.compile(r"(copy of )+", re.IGNORECASE)
_MOST_TOLD = 5


def handed_in(directory: Path, name: str, others: Collection[str] = ()) -> Path | None:
    """The submitted file of the notebook `name`: the one of that name, else the last copy that a
    download numbered. `others` are the assignment's other notebooks, which are no copies of it."""
    found = _candidates(directory, name, others)
    return found[0] if found else None


def accidents(path: Path, name: str, others: Collection[str] = ()) -> list[Event]:
    """What to say about the file that was read for the notebook `name`: that it is called
    otherwise, and that others like it lie beside it."""
    said = []
    if path.name != f"{name}.ipynb":
        said.append(f"{printable(path.name)} was taken for {name}.ipynb")
    beside = [p.name for p in _candidates(path.parent, name, others) if p.name != path.name]
    if beside:
        told = ", ".join(map(printable, beside[:_MOST_TOLD]))
        more = f" and {len(beside) - _MOST_TOLD} more" if len(beside) > _MOST_TOLD else ""
        said.append(f"{printable(path.name)} was graded, not {told}{more} beside it")
    return [Event("repaired", detail) for detail in said]


def printable(name: str) -> str:
    """A file's name as text; bytes that are not UTF-8 become question marks."""
    return name.encode("utf-8", "replace").decode()


def _candidates(directory: Path, name: str, others: Collection[str]) -> list[Path]:
    """The files that could be this notebook, the likeliest first."""
    if directory.is_symlink() or directory.parent.is_symlink():
        return []
    try:
        files = [path for path in directory.iterdir() if _SUFFIX.search(path.name)]
    except OSError:
        return []
    ranked = [(rank, path) for path in files if (rank := _rank(path.name, name, others))]
    return [path for _, path in sorted(ranked) if path.is_file() and not path.is_symlink()]


def _rank(file: str, name: str, others: Collection[str]) -> tuple[int, int] | None:
    """How far a file's name is from the notebook's; None where it is another."""
    stem = _SUFFIX.sub("", file)
    if file == f"{name}.ipynb":
        return 0, 0
    if stem in others and stem != name:
        return None
    stem = _COPY_OF.sub("", stem, count=1)
    if not stem.casefold().startswith(name.casefold()):
        return None
    rest = stem[len(name) :]
    if not rest:
        return 1, 0
    if _RENAMED.fullmatch(rest):
        return 2, -int((re.findall(r"\d{1,9}", rest) or ["0"])[-1])
    return None if rest[0].isalnum() else (3, 0)
