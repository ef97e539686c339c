"""Downloads from Canvas and Moodle: who, what, when; and what an archive must not be able to do."""

import stat
import zipfile
from datetime import datetime

import pytest
from graded_class import enrol
from nbgrader.api import Gradebook
from small_course import answer, graded, notebook

from autograder import collect as collecting
from autograder.cli import main
from autograder.cohort import Person
from autograder.collect import collect, notebook_of, who_and_what
from autograder.handed_in import handed_in
from autograder.roster import CollectError, fold, is_safe, read_roster, roster_of

SOURCE = notebook(
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2),
)
NOON = (2026, 3, 15, 12, 0, 0)
LATER = (2026, 3, 16, 12, 0, 0)

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,ps1 (99)
    Points Possible,,,,,10
"Lee, Ann",4711,u1,ann,A,
"Ångström, Bo",4712,u2,bo,A,
"""
PARTICIPANTS = """First name,Last name,ID number,Email address
Ann,Lee,ann,ann@example.org
Bo,Ångström,bo,bo@example.org
"""
WORKSHEET = """Identifier,Full name,ID number,Status
Participant 4711,Ann Lee,ann,Submitted
Participant 4712,Bo Ångström,bo,Submitted
"""
OWN = "student,full name\nann,Ann Lee\nbo,Bo Ångström\n"


@pytest.fixture
def course(make_course):
    return make_course(SOURCE)


@pytest.fixture
def pack(tmp_path):
    """`pack("path in the archive", …)`: an archive; a file's content is its path."""

    def make(*paths, when=NOON, **contents):
        file = tmp_path / "download.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for path in paths:
                archive.writestr(zipfile.ZipInfo(path, when), contents.get("text", path))
        return file

    return make


@pytest.fixture
def roster():
    people = (Person("ann", "Ann", "Lee", "", "4711"), Person("bo", "Bo", "Ångström", "", "4712"))
    return roster_of((person, ()) for person in people)


def text_of(course, student):
    return (course.place("submitted", student, "ps1") / "ps1.ipynb").read_text()


def time_of(course, student):
    return (course.place("submitted", student, "ps1") / "timestamp.txt").read_text()


# --- what a path says -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "keys", "name"),
    [
        ("leeann_4711_90210_ps1.ipynb", ("4711", "leeann"), "ps1.ipynb"),
        ("leeann_LATE_4711_90210_ps1-2.ipynb", ("4711", "leeann"), "ps1-2.ipynb"),
        ("submissions/leeann_4711_90210_my_ps1.ipynb", ("4711", "leeann"), "my_ps1.ipynb"),
        ("Ann Lee_4711_assignsubmission_file_/ps1.ipynb", ("4711", "annlee"), "ps1.ipynb"),
        ("Ann Lee_4711_assignsubmission_file_/sub/ps1.ipynb", ("4711", "annlee"), "ps1.ipynb"),
        ("Ann Lee_4711_assignsubmission_file_ps1.ipynb", ("4711", "annlee"), "ps1.ipynb"),
        ("Ann Lee_4711_assignsubmission_file/ps1.ipynb", ("4711", "annlee"), "ps1.ipynb"),
        ("ps1.ipynb", None, None),
        ("Bo Ångström_4712_assignsubmission_file_/ps1.ipynb", ("4712", "boangstrom"), "ps1.ipynb"),
    ],
)
def test_paths_of_canvas_and_moodle(path, keys, name):
    assert who_and_what(path) == ((keys, name) if keys else None)


@pytest.mark.parametrize(
    "name",
    [
        "ps1.ipynb",
        "ps1-1.ipynb",
        "ps1 (2).ipynb",
        "PS1.IPYNB",
        "ps1-Copy1.ipynb",
        "ps1-2 (1).ipynb",
    ],
)
def test_names_as_downloads_change_them(name):
    assert notebook_of(name, {"ps1": "ps1"}) == "ps1"


def test_another_name_is_no_notebook_of_ours():
    assert notebook_of("ps11.ipynb", {"ps1": "ps1"}) is None


def test_names_fold_alike():
    assert fold("Ångström, Bo") == fold("angstrom bo") == "angstrombo"


# --- rosters --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [CANVAS, WORKSHEET, PARTICIPANTS, OWN])
def test_rosters_of_canvas_and_moodle_and_ones_own(tmp_path, text):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8-sig")
    roster = read_roster(tmp_path / "roster.csv")
    assert roster.find(("nothing", "annlee")) == "ann"
    assert roster.find(("nothing", "boangstrom")) == "bo"
    assert roster.find(("4712",)) == ("bo" if "4712" in text else None)


def test_names_that_two_people_have_mean_neither():
    twins = roster_of((Person(i, "Kim", "Park"), ()) for i in ("kim1", "kim2"))
    assert twins.find(("kimpark",)) is None
    assert twins.knows(("kimpark",))
    assert twins.find(("kimpark", "kim2")) == "kim2"


def test_an_id_and_a_name_that_mean_two_people_mean_neither(roster):
    assert roster.find(("4711", "annlee")) == "ann"
    assert roster.find(("4711", "boangstrom")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("a,b\n1,2\n", "no column"), ("", "no column"), ("student\n../eve\n", "cannot be a student")],
)
def test_a_roster_that_is_none(tmp_path, text, said):
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(CollectError, match=said):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize("name", ["..", ".x", "a/b", "a\\b", "a\0b", " a", "c:", "x" * 200])
def test_ids_that_are_no_directory(name):
    assert not is_safe(name)


# --- placing --------------------------------------------------------------------------------------


def test_canvas_files_are_placed(course, pack, roster):
    file = pack("leeann_4711_1_ps1.ipynb", "angstrombo_LATE_4712_2_ps1-1.ipynb")
    done = collect(course, file, roster)
    assert done.placed == ["ann/ps1/ps1.ipynb", "bo/ps1/ps1.ipynb"]
    assert text_of(course, "bo") == "angstrombo_LATE_4712_2_ps1-1.ipynb"
    assert time_of(course, "ann") == "2026-03-15 12:00:00 UTC"
    assert handed_in(course.place("submitted", "ann", "ps1"), "ps1") is not None


def test_moodle_files_are_placed(course, pack, roster):
    file = pack(
        "Ann Lee_1_assignsubmission_file_/ps1.ipynb",
        "Bo Ångström_2_assignsubmission_file_ps1.ipynb",
    )
    assert len(collect(course, file, roster).placed) == 2


def test_times_are_of_the_zone(course, pack, roster):
    collect(course, pack("leeann_4711_1_ps1.ipynb"), roster, zone="Asia/Kolkata")
    assert time_of(course, "ann") == "2026-03-15 06:30:00 UTC"


def test_an_unknown_zone_is_told(course, pack, roster):
    with pytest.raises(CollectError, match="Europe/Berlin"):
        collect(course, pack("x"), roster, zone="../../etc/passwd")


def test_no_time_in_the_archive_is_no_time(course, pack, roster):
    collect(course, pack("leeann_4711_1_ps1.ipynb", when=(1980, 1, 1, 0, 0, 0)), roster)
    assert not (course.place("submitted", "ann", "ps1") / "timestamp.txt").exists()


def test_of_several_versions_the_last_counts(course, pack, roster):
    file = pack(
        "leeann_4711_1_ps1-2.ipynb", "leeann_4711_1_ps1-10.ipynb", "leeann_4711_1_ps1.ipynb"
    )
    done = collect(course, file, roster)
    assert text_of(course, "ann") == "leeann_4711_1_ps1-10.ipynb"
    assert {u.reason for u in done.unplaced} == {"a later version is there"}
    assert len(done.unplaced) == 2


def test_any_name_will_do_for_the_one_notebook_of_a_lecture(course, pack, roster):
    file = pack("leeann_4711_1_homework.ipynb")
    assert collect(course, file, roster, "ps1").placed == ["ann/ps1/ps1.ipynb"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("evelee_9999_1_ps1.ipynb", "nobody like that"),
        ("leeann_4711_1_notes.pdf", "no notebook"),
        ("ps1.ipynb", "neither Canvas’ nor Moodle’s"),
    ],
)
def test_what_cannot_be_placed_is_told(course, pack, roster, path, reason):
    done = collect(course, pack(path, "leeann_4711_1_ps1.ipynb"), roster)
    (unplaced,) = done.unplaced
    assert unplaced.entry == path
    assert reason in unplaced.reason
    assert done.placed == ["ann/ps1/ps1.ipynb"]


def test_a_notebook_of_no_lecture_is_told(course, pack, roster):
    (course.source / "ps2").mkdir()
    (course.source / "ps2" / "ps2.ipynb").write_text((course.source / "ps1/ps1.ipynb").read_text())
    (unplaced,) = collect(course, pack("leeann_4711_1_ps3.ipynb"), roster).unplaced
    assert "no notebook's of this course" in unplaced.reason


# --- what is there already ------------------------------------------------------------------------


def test_newer_work_replaces_older(course, pack, roster):
    collect(course, pack("leeann_4711_1_ps1.ipynb"), roster)
    done = collect(course, pack("leeann_4711_1_ps1.ipynb", when=LATER, text="new"), roster)
    assert done.replaced == ["ann/ps1/ps1.ipynb"]
    assert text_of(course, "ann") == "new"
    assert time_of(course, "ann") == "2026-03-16 12:00:00 UTC"


@pytest.mark.parametrize("when", [NOON, (1980, 1, 1, 0, 0, 0)], ids=["older", "no time"])
def test_newer_work_stays_and_it_is_said(course, pack, roster, when):
    collect(course, pack("leeann_4711_1_ps1.ipynb", when=LATER), roster)
    done = collect(course, pack("leeann_4711_1_ps1.ipynb", when=when, text="old"), roster)
    assert text_of(course, "ann") == "leeann_4711_1_ps1.ipynb"
    assert time_of(course, "ann") == "2026-03-16 12:00:00 UTC"
    (line,) = done.kept
    assert line.startswith("ann/ps1/ps1.ipynb")


def test_force_replaces_it(course, pack, roster):
    collect(course, pack("leeann_4711_1_ps1.ipynb", when=LATER), roster)
    again = pack("leeann_4711_1_ps1.ipynb", text="old")
    assert collect(course, again, roster, force=True).replaced == ["ann/ps1/ps1.ipynb"]
    assert time_of(course, "ann") == "2026-03-15 12:00:00 UTC"


def test_the_same_again_changes_nothing(course, pack, roster):
    file = pack("leeann_4711_1_ps1.ipynb")
    collect(course, file, roster)
    assert collect(course, file, roster).unchanged == ["ann/ps1/ps1.ipynb"]


# --- what an archive must not do ------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "../../leeann_4711_1_ps1.ipynb",
        "/tmp/leeann_4711_1_ps1.ipynb",
        "Ann Lee_1_assignsubmission_file_/../../../ps1.ipynb",
        "..\\..\\leeann_4711_1_ps1.ipynb",
    ],
)
def test_no_path_leads_out(course, pack, roster, path):
    before = {p for p in course.root.parent.rglob("*") if p.is_file()}
    file = pack(path)
    collect(course, file, roster)
    new = {p for p in course.root.parent.rglob("*") if p.is_file()} - before - {file}
    assert all(p.is_relative_to(course.submitted / "ann" / "ps1") for p in new)


def test_a_link_in_the_archive_is_refused(course, tmp_path, roster):
    info = zipfile.ZipInfo("leeann_4711_1_ps1.ipynb", NOON)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    (unplaced,) = collect(course, tmp_path / "download.zip", roster).unplaced
    assert unplaced.reason == "it is a link"


def test_a_link_in_submitted_is_not_followed(course, pack, roster, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    course.submitted.mkdir()
    (course.submitted / "ann").symlink_to(elsewhere)
    (unplaced,) = collect(course, pack("leeann_4711_1_ps1.ipynb"), roster).unplaced
    assert "is a link" in unplaced.reason
    assert not list(elsewhere.iterdir())


def test_a_bomb_is_refused(course, pack, roster, monkeypatch):
    monkeypatch.setattr(collecting, "MAX_BYTES", 1000)
    done = collect(course, pack("leeann_4711_1_ps1.ipynb", text="x" * 1001), roster)
    assert "larger" in done.unplaced[0].reason
    assert not done.placed


@pytest.mark.parametrize("data", [b"", b"PK\3\4broken", b"no archive"])
def test_a_broken_archive_is_told(course, roster, tmp_path, data):
    (tmp_path / "download.zip").write_bytes(data)
    with pytest.raises(CollectError, match="zip archive"):
        collect(course, tmp_path / "download.zip", roster)


# --- the command ----------------------------------------------------------------------------------


def test_the_command_with_a_roster(course, pack, tmp_path, capsys):
    (tmp_path / "roster.csv").write_text(CANVAS)
    file = pack("leeann_4711_1_ps1.ipynb", "evil_1_1_ps1.ipynb")
    arguments = ["--course", str(course.root), "--roster", str(tmp_path / "roster.csv")]
    assert main(["collect", str(file), *arguments]) == 1
    said = capsys.readouterr().out
    assert "2 from the roster" in said
    assert "1 placed" in said
    assert "not placed: evil_1_1_ps1.ipynb: the roster has nobody like that" in said
    with Gradebook(course.db_url) as book:
        assert book.find_student("bo").lms_user_id == "4712"
        assert book.find_student("ann").last_name == "Lee"


def test_the_command_with_the_gradebook(course, pack, capsys):
    enrol(course, ann="Ann Lee")
    file = pack("leeann_1_1_ps1.ipynb")
    assert main(["collect", str(file), "--course", str(course.root)]) == 0
    assert "1 placed" in capsys.readouterr().out


def test_times_compare_as_datetimes(course, pack, roster):
    collect(course, pack("leeann_4711_1_ps1.ipynb"), roster)
    assert collecting._timestamp(course.place("submitted", "ann", "ps1")) == datetime(*NOON)
