"""The student edition: complete enough to run alone, and nothing in it that must stay."""

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest
from small_course import answer, graded, notebook, write_source

from autograder import publish as publishing
from autograder.cli import main
from autograder.closure import HOME, closure
from autograder.course import Course
from autograder.publish import MARK, PublishError, contents, leaks, publish
from autograder.release import release

ROOT = Path(__file__).resolve().parents[2]
STUB = {"# YOUR CODE HERE", "raise NotImplementedError()"}

ANSWER = "    total = sum(x for x in numbers)\n    return total / max(1, len(numbers))"
HIDDEN = "for numbers in ([3], [3, 4], [3, 4, 5]):\n    assert mean(numbers) == sum(numbers) / 3"
SOURCE = notebook(
    answer("mean", f"def mean(numbers):\n{ANSWER}"),
    graded("test_mean", '"""mean: of one number"""\nassert mean([1]) == 1', 1, HIDDEN),
)


@pytest.fixture
def course(tmp_path):
    """A small repository, released: one lecture, a library, a secret, a file of variants."""
    root = tmp_path / "course"
    made = write_source(root, SOURCE)
    (root / "source" / "ps1" / "variants.py").write_text("from autograder.variants import right\n")
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.ignore = ['variants.py']\n"
    )
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    (root / ".course_secret").write_text("5ec4e7\n")
    (root / "nnlib").mkdir()
    (root / "nnlib" / "__init__.py").write_text('"""A library."""\n')
    (root / "nnlib" / "__pycache__").mkdir()
    (root / "nnlib" / "__pycache__" / "x.pyc").write_bytes(b"\0")
    made = Course.open(root)
    release(made, "ps1")
    return made


# --- nothing gets out -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def edition():
    """The files of the edition of this repository."""
    return contents(Course.open(ROOT))


def parted(source):
    """The lines of a source cell outside and inside its markers, stripped."""
    outside, inside, within = set(), set(), False
    for line in source.splitlines():
        if line.strip().startswith(("### BEGIN", "### END")):
            within = line.strip().startswith("### BEGIN")
        else:
            (inside if within else outside).add(line.strip())
    return outside, inside


def cells(data):
    return [(c["cell_type"], "".join(c["source"])) for c in json.loads(data)["cells"]]


SOURCES = sorted((ROOT / "solutions").glob("*/*.ipynb"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_lecture_has_no_line_that_is_not_everybodys(edition, source):
    outside, inside = set(), set()
    for _, text in cells(source.read_bytes()):
        parts = parted(text)
        outside |= parts[0]
        inside |= parts[1]
    assert inside - outside
    published = edition[f"lectures/{source.parent.name}/{source.name}"]
    lines = {line.strip() for _, text in cells(published) for line in text.splitlines()}
    assert lines <= outside | STUB


def test_nothing_else_holds_a_line_of_a_hidden_test(edition):
    hidden = set()
    for source in SOURCES:
        for _, text in cells(source.read_bytes()):
            if "### BEGIN HIDDEN TESTS" in text:
                outside, inside = parted(text)
                hidden |= {line for line in inside - outside if "check." in line}
    assert len(hidden) > 100
    for path, data in edition.items():
        if path.endswith((".py", ".md", ".toml", ".yml")):
            lines = {line.strip() for line in data.decode().splitlines()}
            assert not lines & hidden, path


def test_no_variants_no_outputs_no_grader(edition):
    assert not [path for path in edition if "variants" in path or "solutions" in path]
    assert not [path for path in edition if "sandbox" in path or "mutants" in path]
    for path, data in edition.items():
        assert b"@wrong(" not in data, path
        if path.endswith(".ipynb"):
            assert not any(cell.get("outputs") for cell in json.loads(data)["cells"]), path


# --- each guard bites -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("notes.md", ANSWER, "the answer of mean"),
        ("notes.md", HIDDEN, "the hidden part of test_mean"),
        ("nnlib/tests.py", HIDDEN, "the hidden part of test_mean"),
        ("notes.md", "key = 5ec4e7", "the course secret"),
        ("release/ps1/variants.py", "", "variants"),
    ],
)
def test_what_would_get_out_is_found(course, path, text, said):
    (found,) = leaks(course, {path: text.encode()})
    assert said in found
    assert path in found


def test_an_answer_in_an_output_is_found(course):
    shown = [{"output_type": "stream", "name": "stdout", "text": ANSWER}]
    cell = {"cell_type": "code", "source": "", "outputs": shown}
    told = {"output_type": "stream", "name": "stdout", "text": "right"}
    data = json.dumps({"cells": [cell, {**cell, "outputs": [told]}]}).encode()
    assert ["the answer of mean" in found for found in leaks(course, {"a.ipynb": data})] == [True]


def test_the_library_may_hold_the_answers(course):
    assert list(leaks(course, {"nnlib/means.py": ANSWER.encode()})) == []


def test_nothing_is_written_where_something_would_get_out(course, tmp_path):
    (course.root / "nnlib" / "tests.py").write_text(HIDDEN)
    with pytest.raises(PublishError, match="the hidden part of test_mean"):
        publish(course, tmp_path / "edition")
    assert not (tmp_path / "edition").exists()


def test_an_old_release_is_refused(course, tmp_path):
    path = course.release / "ps1" / "ps1.ipynb"
    path.write_text(path.read_text().replace("mean", "average"))
    with pytest.raises(PublishError, match="autograder release"):
        publish(course, tmp_path / "edition")


# --- what is written ------------------------------------------------------------------------------


def test_the_edition_is_written(course, tmp_path, capsys):
    place = tmp_path / "edition"
    assert main(["publish", "--course", str(course.root), str(place)]) == 0
    assert "git init" in capsys.readouterr().out
    assert (place / "release" / "ps1" / "ps1.ipynb").is_file()
    assert (place / "autograder" / "check" / "__init__.py").is_file()
    assert not list(place.rglob("__pycache__"))
    assert not (place / ".course_secret").exists()
    assert "release/ps1/ps1.ipynb" in (place / "README.md").read_text()


def test_a_lecture_names_the_address_it_is_installed_from(tmp_path):
    address = "https://example.org/nets.git"
    publish(Course.open(ROOT), tmp_path / "edition", address)
    for path in (tmp_path / "edition" / "lectures").glob("*/*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert f"%pip install git+{address}" in text
        assert "ADDRESS" not in text


def test_the_next_edition_takes_away_what_is_gone_and_keeps_what_was_added(course, tmp_path):
    place = tmp_path / "edition"
    (course.root / "nnlib" / "old.py").write_text("")
    publish(course, place)
    (place / "syllabus.md").write_text("ours")
    (course.root / "nnlib" / "old.py").unlink()
    again = publish(course, place)
    assert again.removed == ("nnlib/old.py",)
    assert again.changed == ()
    assert not (place / "nnlib" / "old.py").exists()
    assert (place / "syllabus.md").read_text() == "ours"


@pytest.mark.parametrize("listed", ["../outside.txt", "/outside.txt"])
def test_nothing_outside_is_ever_taken_away(course, tmp_path, listed):
    place = tmp_path / "edition"
    publish(course, place)
    (tmp_path / "outside.txt").write_text("mine")
    (place / MARK).write_text(f"{listed}\n")
    assert publish(course, place).removed == ()
    assert (tmp_path / "outside.txt").exists()


def test_a_directory_with_other_things_is_left_alone(course, tmp_path):
    (tmp_path / "thesis.md").write_text("mine")
    with pytest.raises(PublishError, match="not empty"):
        publish(course, tmp_path)


def test_what_the_modules_import_is_asked_for(edition):
    project = tomllib.loads(edition["pyproject.toml"].decode())["project"]
    _, foreign = closure(publishing.ENTRIES, publishing.SHELLS)
    declared = [*project["dependencies"], *project["optional-dependencies"]["course"]]
    asked = {publishing._name(line) for line in declared}
    assert {name.lower() for name in foreign - set(sys.stdlib_module_names)} <= asked


def test_a_closure_holds_what_it_imports():
    files, _ = closure(["autograder.check"])
    names = {path.relative_to(HOME).as_posix() for path in files}
    assert {"__init__.py", "check/__init__.py", "check/diagnose/case.py"} <= names
    assert all(name == "__init__.py" or name.startswith("check/") for name in names)


# --- it runs alone --------------------------------------------------------------------------------

BLANK_RUN = """
import json, pathlib, sys
import nnlib, autograder.check
root = pathlib.Path(sys.prefix)
assert root in pathlib.Path(nnlib.__file__).parents, nnlib.__file__
assert root in pathlib.Path(autograder.check.__file__).parents
passed = 0
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] != "code":
        continue
    meta = cell["metadata"]
    mine = meta.get("nbgrader", {}).get("grade") or "uses-your-code" in meta.get("tags", [])
    try:
        exec(compile("".join(cell["source"]), "cell", "exec"), globals())
        passed += bool(mine)
    except Exception:
        if not mine:
            raise
print("passed", passed)
"""


@pytest.mark.slow
def test_it_installs_and_runs_alone(tmp_path):
    place = tmp_path / "edition"
    publish(Course.open(ROOT), place)
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "outer.pth").write_text(sysconfig.get_path("purelib"))
    env = {**os.environ, "MPLBACKEND": "Agg", "PYTHONNOUSERSITE": "1"}
    env.pop("PYTHONPATH", None)

    def run(*command, code=0, cwd=tmp_path):
        done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation")
    run(python, *install, "--disable-pip-version-check", place)
    said = run(home / "bin" / "autograder", "--help")
    commands = [line.split()[0] for line in said.splitlines() if line.startswith("    ")]
    assert commands == ["check"]
    said = run(home / "bin" / "autograder", "check", "02", code=1, cwd=place)
    assert "not started" in said
    assert "predict_proba" in said
    for lecture in sorted((place / "lectures").glob("*/*.ipynb"))[1::3]:
        assert run(python, "-c", BLANK_RUN, lecture).splitlines()[-1].startswith("passed")
