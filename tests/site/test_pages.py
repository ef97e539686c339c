"""The pages of the lectures: what they show, and what they keep."""

import pages
import pytest
from place import clear

LECTURES = dict(pages.lectures())


def cell(identifier, kind="code", outputs=("seen",), tags=(), **role):
    metadata = {"tags": list(tags), "nbgrader": role} if role else {"tags": list(tags)}
    made = {"cell_type": kind, "id": identifier, "metadata": metadata, "source": "f(1)"}
    return {**made, "outputs": list(outputs), "execution_count": 1}


def notebook(*cells):
    metadata = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def texts(data):
    """All text in some JSON data; a list of lines is one text."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list) and all(isinstance(part, str) for part in data):
        yield "".join(data)
    elif isinstance(data, list | dict):
        for part in data.values() if isinstance(data, dict) else data:
            yield from texts(part)


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (cell("a", tags=["figure"]), ["seen"]),
        (cell("a", tags=["demonstration"]), ["seen"]),
        (cell("a", locked=True, grade=False), ["seen"]),
        (cell("a", solution=True, tags=["figure"]), []),
        (cell("a", grade=True, locked=True, points=1), []),
        (cell("a", tags=["uses-your-code"]), []),
        (cell("a"), []),
    ],
)
def test_only_what_needs_nobodys_answer_shows_an_output(made, shown):
    released = {**made, "outputs": [], "execution_count": None}
    (read,) = pages.page(notebook(made), notebook(released))["cells"]
    assert read["outputs"] == shown


def test_the_source_of_a_cell_is_the_released_one():
    source = {**cell("a", solution=True), "source": "return 1"}
    released = {**cell("a", solution=True, outputs=()), "source": "raise NotImplementedError()"}
    (read,) = pages.page(notebook(source), notebook(released))["cells"]
    assert read["source"] == "raise NotImplementedError()"


def test_a_test_is_folded_under_its_title():
    made = cell("a", grade=True, locked=True, points=3)
    made["source"] = '"""cost: the mean"""\ncheck.number("cost", cost(1), 1)'
    (read,) = pages.page(notebook(made), notebook(made))["cells"]
    assert "hide-input" in read["metadata"]["tags"]
    title = "Test of cost: the mean (3 points, visible part)"
    assert read["metadata"]["mystnb"]["code_prompt_show"] == title


def test_a_figure_carries_its_words():
    made = cell("a", tags=["figure"])
    made["metadata"]["alt"] = "A valley."
    (read,) = pages.page(notebook(made), notebook(made))["cells"]
    assert read["metadata"]["mystnb"]["image"]["alt"] == "A valley."


@pytest.mark.parametrize("name", LECTURES)
def test_a_page_keeps_answers_and_hidden_tests(name, kept):
    said = {line.strip() for text in texts(LECTURES[name]) for line in text.splitlines()}
    assert len(kept) > 500
    assert sorted(kept.keys() & said) == []


@pytest.mark.parametrize("name", LECTURES)
def test_a_page_shows_its_figures(name):
    shown = [c for c in LECTURES[name]["cells"] if c["cell_type"] == "code" and c["outputs"]]
    pictures = [c for c in shown if any("image/png" in o.get("data", {}) for o in c["outputs"])]
    assert len(pictures) >= (0 if name == "00_start_here" else 3)
    assert all(c["metadata"]["mystnb"]["image"]["alt"] for c in pictures)


def test_an_earlier_build_is_cleared(tmp_path):
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "mark.js").touch()
    clear(tmp_path / "built", "mark.js")
    assert list(tmp_path.iterdir()) == []


def test_other_files_are_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(SystemExit, match="holds something else"):
        clear(tmp_path, "mark.js")
    assert (tmp_path / "thesis.tex").exists()


def test_an_empty_or_new_directory_will_do(tmp_path):
    clear(tmp_path, "mark.js")
    clear(tmp_path / "new", "mark.js")
    assert list(tmp_path.iterdir()) == []
