"""The lectures as pages to read: each release, with the figures and the printed results of its
source, and never an output of an answer, a test or a student's own cell.
"""

import copy
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOWN_TAGS = {"figure", "demonstration"}
"""Cells that run without anybody's answer: what they show may be seen."""
PREPARING = {
    "installed": "Is everything installed?",
    "setup": "Imports, and the names of the exercises",
}
"""Cells that a reader may skip, by identifier."""


def page(source, released):
    """A notebook to read, as nbformat data: the cells of `released`, outputs from `source`."""
    outputs = {cell["id"]: cell["outputs"] for cell in source["cells"] if is_shown(cell)}
    cells = [copy.deepcopy(cell) for cell in released["cells"]]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs.get(cell["id"], [])
            cell["metadata"] = reading_metadata(cell)
        else:
            cell["source"] = text(cell).replace("../../docs/", "../")
    kernel = {key: released["metadata"][key] for key in ("kernelspec", "language_info")}
    return {**released, "cells": cells, "metadata": kernel}


def is_shown(cell):
    """Whether the page may have what this cell of a source has put out."""
    role = cell["metadata"].get("nbgrader", {})
    if cell["cell_type"] != "code" or role.get("solution") or role.get("grade"):
        return False
    return bool(role.get("locked") or SHOWN_TAGS & set(cell["metadata"].get("tags", ())))


def reading_metadata(cell):
    """What the page needs to know of a code cell: its class, and the words for its figure."""
    role = cell["metadata"].get("nbgrader", {})
    if role.get("grade"):
        return folded(test_title(cell))
    if cell["id"] in PREPARING:
        return folded(PREPARING[cell["id"]])
    if role.get("solution"):
        return {"tags": ["exercise"]}
    words = cell["metadata"].get("alt")
    return {"tags": [], "mystnb": {"image": {"alt": words}}} if words else {"tags": []}


def folded(title):
    """A cell that shows its title until it is clicked."""
    prompts = {"code_prompt_show": title, "code_prompt_hide": title}
    return {"tags": ["hide-input", "aside"], "mystnb": prompts}


def test_title(cell):
    """The words on which one clicks to see a test."""
    points = cell["metadata"]["nbgrader"]["points"]
    title = re.match(r'"""(.+?)"""', text(cell), re.DOTALL)
    unit = "point" if points == 1 else "points"
    return f"Test of {title[1] if title else 'your answer'} ({points:g} {unit}, visible part)"


def text(cell):
    return "".join(cell["source"])


def lectures(root=ROOT):
    """Name and page of every lecture, in order."""
    for path in sorted((root / "lectures").glob("*/*.ipynb")):
        source = root / "solutions" / path.parent.name / path.name
        yield path.stem, page(read(source), read(path))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def title(notebook):
    """`Lecture 3 · Loss`."""
    return text(notebook["cells"][0]).splitlines()[0].removeprefix("# ").strip()


def first_sentences(notebook):
    """What the lecture says first, for the list of lectures."""
    paragraphs = text(notebook["cells"][0]).split("\n\n")[1:]
    prose = [part for part in paragraphs if not part.lstrip().startswith(("[", "#"))]
    return " ".join(prose[0].split()) if prose else ""
