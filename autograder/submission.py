"""Reading what a student handed in. Common accidents are repaired and said; the rest is refused
with the line and column."""

from __future__ import annotations

import json
from typing import Any

from autograder.errors import BrokenNotebook
from autograder.results import Event

MAX_BYTES = 64 * 1024**2


def read_notebook(data: bytes) -> tuple[dict[str, Any], list[Event]]:
    """A notebook as `{"cells": [{id, cell_type, source, metadata}…]}`, and what was repaired.

    Raises `BrokenNotebook` when it is no notebook.
    """
    if len(data) > MAX_BYTES:
        raise BrokenNotebook(f"the file is larger than {MAX_BYTES // 1024**2} MB")
    text, events = _decode(data)
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenNotebook(
            f"the file is not a notebook: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except (RecursionError, ValueError) as error:
        raise BrokenNotebook(f"the file is not a notebook: {type(error).__name__}") from None
    found = [_cell(cell) for cell in _cells(notebook, events)]
    if found and not any(cell["id"] for cell in found):
        detail = "its cells have no ids: they were known by their names, text and functions"
        events.append(Event("repaired", f"{_editor(notebook)}{detail}"))
    return {"cells": found}, events


def _decode(data: bytes) -> tuple[str, list[Event]]:
    encoding = json.detect_encoding(data)
    if encoding.startswith(("utf-16", "utf-32")):
        name = encoding[:6].upper()
        return data.decode(encoding, "replace"), [Event("repaired", f"read as {name} text")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), [Event("repaired", "read as Windows-1252 text")]
    if data[:3] == b"\xef\xbb\xbf":
        return text, [Event("repaired", "a byte order mark was removed")]
    return text, []


def _editor(notebook: dict[str, Any]) -> str:
    """Who saved the notebook, where that is known to change cells."""
    metadata = notebook.get("metadata")
    return "saved by Colab; " if isinstance(metadata, dict) and "colab" in metadata else ""


def _cells(notebook: Any, events: list[Event]) -> list[Any]:
    if not isinstance(notebook, dict) or "nbformat" not in notebook:
        raise BrokenNotebook("the file is JSON, but not a notebook")
    major, minor = notebook.get("nbformat"), notebook.get("nbformat_minor", 0)
    if major != 4:
        events.append(Event("repaired", f"converted from notebook format {major}"))
        from nbformat import converter, reader

        try:
            notebook = converter.convert(reader.reads(json.dumps(notebook)), 4)
        except Exception as error:
            detail = f"notebook format {major}.{minor} cannot be read: {type(error).__name__}"
            raise BrokenNotebook(detail) from None
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise BrokenNotebook("the notebook has no list of cells")
    return cells


def _cell(cell: Any) -> dict[str, Any]:
    """Only what grading needs, in the types that it expects."""
    if not isinstance(cell, dict):
        raise BrokenNotebook("a cell of the notebook is not one")
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    meta = cell.get("metadata")
    ours = meta.get("nbgrader") if isinstance(meta, dict) else None
    grade_id = ours.get("grade_id") if isinstance(ours, dict) else None
    named = isinstance(grade_id, str)
    kind = cell.get("cell_type")
    return {
        "id": cell.get("id") if isinstance(cell.get("id"), str) else "",
        "cell_type": kind if kind in ("code", "markdown", "raw") else "raw",
        "source": source if isinstance(source, str) else "",
        "metadata": {"nbgrader": {"grade_id": grade_id}} if named else {},
    }
