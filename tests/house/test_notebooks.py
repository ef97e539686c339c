"""Rules for every notebook that people read."""

import json

import pytest
from repository import files, read

ROLES = ("solution", "grade", "locked")
SHOWING = {"demonstration", "figure", "uses-your-code"}
NOTEBOOKS = files("solutions/*.ipynb", "lectures/*.ipynb")


def code_cells(path):
    """Identifier and source of each code cell."""
    for cell in json.loads(read(path))["cells"]:
        if cell["cell_type"] == "code":
            yield cell["id"], "".join(cell["source"])


def code_lines(path):
    return [(name, line) for name, source in code_cells(path) for line in source.splitlines()]


each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=str)


def test_there_are_notebooks():
    assert NOTEBOOKS


@each_notebook
def test_no_cell_ends_in_a_semicolon(path):
    """nbval fails on such a cell: its output is suppressed on one side only."""
    assert [name for name, source in code_cells(path) if source.rstrip().endswith(";")] == []


@each_notebook
def test_library_names_are_qualified(path):
    """A student sees where a function comes from, and no library name hides an exercise's."""
    lines = [(name, line.split()) for name, line in code_lines(path)]
    assert [
        (name, words)
        for name, words in lines
        if words[:1] == ["from"] and words[1].startswith("nnlib")
    ] == []


@pytest.mark.parametrize("path", files("solutions/*.ipynb"), ids=str)
def test_a_solution_is_committed_executed(path):
    """nbval passes a cell that was never run: its outputs must be there to be compared."""
    cells = [cell for cell in json.loads(read(path))["cells"] if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in cells if not cell["execution_count"]] == []
    assert any(cell["outputs"] for cell in cells)


@pytest.mark.parametrize("path", files("lectures/*.ipynb"), ids=str)
def test_a_release_carries_no_outputs(path):
    cells = [cell for cell in json.loads(read(path))["cells"] if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in cells if cell["outputs"] or cell["execution_count"]] == []


@pytest.mark.parametrize("path", files("solutions/*.ipynb"), ids=str)
def test_a_plain_cell_says_what_it_is_for(path):
    """The grader runs such cells for nothing unless a tag says that they only show something."""
    plain = [
        cell
        for cell in json.loads(read(path))["cells"]
        if cell["cell_type"] == "code"
        and not any(cell["metadata"].get("nbgrader", {}).get(role) for role in ROLES)
    ]
    assert [cell["id"] for cell in plain if len(SHOWING & set(cell["metadata"]["tags"])) != 1] == []
