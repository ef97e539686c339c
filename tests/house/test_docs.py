"""What the documentation says is so: commands, options, links, files and programs are real."""

import ast
import contextlib
import functools
import io
import re
import subprocess
import sys

import pytest
from repository import ROOT, files, read

from autograder import check, cli
from autograder.variants import load

PAGES = files("*.md")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:href|src)=\"([^\"]+)\"")
COMMAND = re.compile(r"(?:^|[\s/])autograder ([a-z]+\b.*)$")
OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]*")
FILE = re.compile(r"(?:autograder|nnlib|tests|docs|benchmarks|\.github)/[\w./-]*[\w/]")

each_page = pytest.mark.parametrize("page", PAGES, ids=str)


def blocks(page, language):
    """The fenced blocks of a page that are in a language; those in none are for a terminal."""
    return [body for name, body in FENCE.findall(read(page)) if name == language]


def lines_of_code(page):
    """What a page shows to be typed: the lines of its blocks without remarks, its inline code."""
    inside = "\n".join(blocks(page, "")).replace("\\\n", " ")
    yield from (re.split(r"\s+#\s", line)[0].strip() for line in inside.splitlines())
    yield from INLINE.findall(FENCE.sub("", read(page)))


@functools.cache
def help_of(*command):
    """What `autograder COMMAND --help` prints; nothing where there is no such command."""
    said = io.StringIO()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.suppress(SystemExit),
    ):
        cli.main([*command, "--help"])
    return said.getvalue()


@functools.cache
def commands_of_run():
    usage = subprocess.run([ROOT / "run"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  ([a-z]+) ", usage, re.MULTILINE))


def names_on_the_page(page):
    """The places that one can link to: headings as GitHub names them."""
    for heading in re.findall(r"^#+ (.+)$", FENCE.sub("", read(page)), re.MULTILINE):
        kept = re.sub(r"[^\w\- ]", "", heading.lower())
        yield kept.replace(" ", "-")


@each_page
def test_every_command_and_its_options_exist(page):
    for line in lines_of_code(page):
        if found := COMMAND.search(line):
            name = found[1].split()[0]
            assert help_of(name), f"no command in: {line}"
            have = set(OPTION.findall(help_of(name).replace("[", " ").replace(",", " ")))
            assert set(OPTION.findall(found[1])) <= have, line


@pytest.mark.skipif(sys.platform == "win32", reason="run is a bash script")
@each_page
def test_every_command_of_run_exists(page):
    named = {found for line in lines_of_code(page) for found in re.findall(r"\./run (\w+)", line)}
    assert named <= commands_of_run() | {"COMMAND"}


@each_page
def test_every_link_within_the_repository_leads_somewhere(page):
    for link in (a or b for a, b in LINK.findall(FENCE.sub("", read(page)))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, place = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert target.exists(), link
        if place and target.suffix == ".md":
            assert place in names_on_the_page(target.relative_to(ROOT)), link


@each_page
def test_every_file_that_is_named_exists(page):
    named = {path for line in INLINE.findall(read(page)) for path in FILE.findall(line)}
    assert [path for path in named if not (ROOT / path).exists()] == []


@each_page
def test_every_program_is_one(page):
    for program in blocks(page, "python"):
        ast.parse(program)


@each_page
def test_every_check_exists(page):
    named = set(re.findall(r"\bcheck\.([a-z_]+)\b(?!\.py)", read(page)))
    assert [name for name in named if not hasattr(check, name)] == []


def test_the_variants_of_the_guide_can_be_loaded(tmp_path):
    (program,) = blocks("CONTRIBUTING.md", "python")
    path = tmp_path / "variants.py"
    path.write_text(program, encoding="utf-8")
    assert [(v.exercise, v.kind) for v in load(path)] == [("cost", "right"), ("cost", "wrong")]


@pytest.mark.parametrize(("answer", "passes"), [("values**2", True), ("abs(values)", False)])
def test_the_exercise_of_the_guide_works(answer, passes):
    written, test, setup = blocks("docs/instructor.md", "python")
    program = "\n".join([setup, written.replace("values**2", answer), test])
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert ("mean_square: visible part passed" in run.stdout) is passes
    assert ("mean square of four values: expected 7.5, got 2.5" in run.stderr) is not passes


def test_every_command_is_told_somewhere():
    commands = re.findall(r"^    ([a-z]+) ", help_of(), re.MULTILINE)
    told = "".join(read(page) for page in PAGES)
    assert "grade" in commands
    assert [name for name in commands if f"autograder {name}" not in told] == []
