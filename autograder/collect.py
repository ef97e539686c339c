"""Downloads from Canvas and Moodle, put where the grader looks for them.

Nothing in the archive chooses a path: a file is written as
`submitted/<student>/<assignment>/<notebook>.ipynb`, where the student comes from the roster and
the other two from the course. What cannot be placed is named, with the reason.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nbgrader.utils import parse_utc

from autograder.course import Course
from autograder.roster import CollectError, Roster, fold
from autograder.submission import MAX_BYTES

TIMESTAMP = "timestamp.txt"
_TOO_LARGE = f"it is larger than {MAX_BYTES // 1024**2} MB"


@dataclass(frozen=True)
class Found:
    """A notebook in an archive, and what its path says about it."""

    entry: str
    """Its path in the archive."""
    keys: tuple[str, ...]
    """By what its owner may be found: an id first, then a name."""
    name: str
    """The file's own name, as its owner called it."""
    when: datetime | None
    """When it was handed in, as the archive says, UTC."""


@dataclass(frozen=True)
class Unplaced:
    """A file of an archive that was put nowhere, and why."""

    entry: str
    reason: str


@dataclass
class Collected:
    """What became of an archive."""

    placed: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """What is there already is newer, or of unknown age: it stayed."""
    unplaced: list[Unplaced] = field(default_factory=list)


# --- what a path in an archive says ------------------------------------------------------------

_CANVAS = re.compile(
    r"(?P<who>[^_/]+)_(?:LATE_)?(?P<id>\d+)_(?P<submission>\d+)_(?P<name>[^/]+)", re.IGNORECASE
)
"""`leeann_LATE_4711_90210_02_loss.ipynb`: user and submission id."""
_MOODLE = re.compile(
    r"(?P<who>[^/]+?)_(?P<id>\d+)_assignsubmission_file(?:_?/(?:.*/)?|_)(?P<name>[^/]+)"
)
"""`Ann Lee_4711_assignsubmission_file_/02_loss.ipynb`, or the same without a directory."""


def who_and_what(path: str) -> tuple[tuple[str, ...], str] | None:
    """The keys of the owner, and the file's own name; None where the path follows no pattern."""
    for pattern, whole in ((_MOODLE, path), (_CANVAS, PurePosixPath(path).name)):
        if match := pattern.fullmatch(whole):
            return (match["id"], fold(match["who"])), match["name"]
    return None


def notebook_of(name: str, notebooks: Mapping[str, str]) -> str | None:
    """The notebook that a file is, by its name as downloads change it: `02_loss-1.ipynb`,
    `02_loss (2).ipynb`, `02_Loss.ipynb`."""
    stem = PurePosixPath(name).stem
    bare = re.sub(r"(?:[-_ ]\d{1,2}|[ _-]?\(\d+\)|[-_ ]+copy\d*)+$", "", stem, flags=re.I)
    known = {notebook.casefold(): notebook for notebook in notebooks}
    return known.get(stem.casefold()) or known.get(bare.casefold())


# --- the archive -------------------------------------------------------------------------------


def notebooks_in(archive: zipfile.ZipFile, zone: ZoneInfo) -> Iterator[Found | Unplaced]:
    """Every file of an archive: a notebook with its owner's keys, or why it is none."""
    for info in archive.infolist():
        path = info.filename
        if info.is_dir() or "__MACOSX/" in path or PurePosixPath(path).name.startswith("._"):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            yield Unplaced(path, "it is a link")
        elif not path.casefold().endswith(".ipynb"):
            yield Unplaced(path, "it is no notebook")
        elif info.file_size > MAX_BYTES:
            yield Unplaced(path, _TOO_LARGE)
        elif (told := who_and_what(path)) is None:
            yield Unplaced(path, "its name is neither Canvas’ nor Moodle’s")
        else:
            yield Found(path, told[0], told[1], _when(info, zone))


def _when(info: zipfile.ZipInfo, zone: ZoneInfo) -> datetime | None:
    """The time in the archive, which has no zone of its own; 1980 stands for none."""
    if info.date_time[0] <= 1980:
        return None
    try:
        return datetime(*info.date_time, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        return None


def collect(
    course: Course,
    path: Path,
    roster: Roster,
    assignment: str | None = None,
    zone: str = "UTC",
    force: bool = False,
) -> Collected:
    """Place the notebooks of an archive. Without an assignment, a file's name must tell it.

    Of several versions the last counts. Work that is there already and is not known to be older
    stays, unless `force`. Raises `CollectError` where the archive cannot be read.
    """
    try:
        time_zone = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CollectError(f"no time zone {zone!r}: one such as Europe/Berlin") from None
    names = [assignment] if assignment else course.assignments()
    notebooks = {n.name: name for name in names for n in course.assignment(name).notebooks}
    done = Collected()
    try:
        with zipfile.ZipFile(path) as archive:
            works: dict[tuple[str, str], list[Found]] = {}
            for found in notebooks_in(archive, time_zone):
                if isinstance(found, Unplaced):
                    done.unplaced.append(found)
                elif isinstance(place := _place(found, roster, notebooks), str):
                    done.unplaced.append(Unplaced(found.entry, place))
                else:
                    works.setdefault(place, []).append(found)
            for (student, notebook), versions in sorted(works.items()):
                *older, last = sorted(versions, key=_age)
                done.unplaced += [Unplaced(f.entry, "a later version is there") for f in older]
                target = course.place("submitted", student, notebooks[notebook])
                _put(archive, last, target / f"{notebook}.ipynb", force, done)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error) as error:
        raise CollectError(f"{path} cannot be read as a zip archive: {error}") from None
    return done


def _place(found: Found, roster: Roster, notebooks: Mapping[str, str]) -> tuple[str, str] | str:
    """Student and notebook, or the reason why there is no place."""
    student = roster.find(found.keys)
    if student is None:
        several = roster.knows(found.keys)
        return "several students could be meant" if several else "the roster has nobody like that"
    notebook = notebook_of(found.name, notebooks)
    if notebook is None and len(notebooks) == 1 and len(set(notebooks.values())) == 1:
        (notebook,) = notebooks
    return (student, notebook) if notebook else "its name is no notebook's of this course"


def _age(found: Found) -> tuple[datetime, int, str]:
    """The later comes last: by time, then by the number that Canvas puts behind the name."""
    number = re.search(r"[-( ](\d{1,2})\)?$", PurePosixPath(found.name).stem)
    return found.when or datetime.min, int(number[1]) if number else 0, found.entry


def _put(
    archive: zipfile.ZipFile, found: Found, target: Path, force: bool, done: Collected
) -> None:
    """Write one notebook and its time, unless what is there may be newer."""
    directory = target.parent
    if any(path.is_symlink() for path in (target, directory, directory.parent)):
        done.unplaced.append(Unplaced(found.entry, f"{directory} is a link"))
        return
    with archive.open(found.entry) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        done.unplaced.append(Unplaced(found.entry, _TOO_LARGE))
        return
    said = f"{directory.parent.name}/{directory.name}/{target.name}"
    there = target.read_bytes() if target.is_file() else None
    before = _timestamp(directory)
    if there == data:
        done.unchanged.append(said)
    elif there is not None and not force and not (found.when and before and found.when > before):
        age = "newer" if found.when and before else "of unknown age"
        done.kept.append(f"{said} ({age}); in the archive: {found.entry}")
        return
    else:
        (done.placed if there is None else done.replaced).append(said)
        directory.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    if found.when and (before is None or found.when > before or force):
        (directory / TIMESTAMP).write_text(f"{found.when:%Y-%m-%d %H:%M:%S} UTC")


def _timestamp(directory: Path) -> datetime | None:
    try:
        text = (directory / TIMESTAMP).read_text(encoding="utf-8").strip()
        moment: datetime = parse_utc(text)
    except (OSError, ValueError, OverflowError):
        return None
    return moment
