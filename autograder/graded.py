"""The graded notebook: what formgrader shows and feedback is made from. Safe to give back.

It holds the released cells in the source's order with the student's answers in them, a student's
text without markup or links, outputs as text and PNG only, and no path of the machine.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from autograder import __version__
from autograder.disarm import disarm
from autograder.restore import Step
from autograder.results import TestResult
from autograder.source import SourceCell

_PLACES = sorted(
    {
        str(Path(place).resolve())
        for place in (sys.prefix, sys.base_prefix, tempfile.gettempdir(), Path.home(), Path.cwd())
        if len(Path(place).resolve().parts) > 1
    },
    key=len,
    reverse=True,
)
_PATHS = re.compile("|".join(map(re.escape, _PLACES)))
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def compose(
    steps: list[Step],
    outputs: list[list[Any]],
    tests: dict[str, TestResult],
    about: dict[str, Any],
) -> str:
    """The graded notebook as JSON text; `about` is kept in its metadata."""
    cells = []
    ids = _ids(steps)
    for name, step, shown in zip(ids, steps, outputs, strict=True):
        result = tests.get(step.cell.key) if step.cell is not None else None
        cells.append(_cell(step, name, shown, result))
    data = {
        "cells": cells,
        "metadata": {
            "autograder": {"version": __version__, **about},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(data, ensure_ascii=False) + "\n"  # indented takes ten times as long
    return text.encode("utf-8", "replace").decode()  # half characters cannot be written to a file


def _ids(steps: list[Step]) -> list[str]:
    """A cell id a step: the source's, and for what has none one that no cell of the source has."""
    sources = [step.cell.id if step.cell is not None else "" for step in steps]
    prefix = "own"
    while any(name.startswith(f"{prefix}-") for name in sources):
        prefix += "-own"
    return [name or f"{prefix}-{number}" for number, name in enumerate(sources)]


def _cell(step: Step, name: str, shown: list[Any], result: TestResult | None) -> dict[str, Any]:
    source = step.cell
    metadata: dict[str, Any] = {}
    if source is not None and source.grade_id:
        metadata["nbgrader"] = _nbgrader(source)
    if source is not None and source.tags:
        metadata["tags"] = sorted(source.tags)
    if result is not None:
        metadata["autograder"] = result.as_metadata()
    kind, text = _harmless(step)
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": name,
        "metadata": metadata,
        "source": text,
    }
    if step.cell_type == "code":
        kept = _sealed_output(result) if result is not None and result.hidden else shown
        cell["outputs"] = [clean for output in kept if (clean := clean_output(output))]
        cell["execution_count"] = None
    return cell


def _harmless(step: Step) -> tuple[str, str]:
    """A step's cell type and source. A student's text is disarmed, and raw cells, which pages take
    over as they stand, become text."""
    ours = step.cell is not None and step.source in (step.cell.source, step.cell.released)
    if ours or step.cell_type == "code":
        return step.cell_type, step.source
    return "markdown", disarm(step.source)


def _sealed_output(result: TestResult) -> list[Any]:
    text = f"hidden part: {result.message}"
    return [{"output_type": "error", "ename": "CheckFailure", "evalue": text, "traceback": [text]}]


def _nbgrader(cell: SourceCell) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "grade": cell.grade,
        "grade_id": cell.grade_id,
        "locked": cell.locked,
        "schema_version": 3,
        "solution": cell.solution,
        "task": cell.task,
    }
    if cell.grade or cell.task:
        metadata["points"] = cell.points
    return metadata


def clean_output(output: Any) -> dict[str, Any] | None:
    """An output as untrusted code sent it, reduced to text and PNG; None when nothing is left."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": clean_text(output.get("text"))}
    if kind == "error":
        trace = output.get("traceback")
        lines = [clean_text(line) for line in trace] if isinstance(trace, list) else []
        name, value = clean_text(output.get("ename")), clean_text(output.get("evalue"))
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
    if kind in ("display_data", "execute_result"):
        return _clean_data(kind, output.get("data"))
    return None


def _clean_data(kind: str, bundle: Any) -> dict[str, Any] | None:
    if not isinstance(bundle, dict):
        return None
    data = {}
    if isinstance(bundle.get("text/plain"), str):
        data["text/plain"] = clean_text(bundle["text/plain"])
    picture = bundle.get("image/png")
    if isinstance(picture, str):
        try:
            pixels = base64.b64decode(picture)  # skips what is not base64, which may be markup
            if pixels.startswith(b"\x89PNG\r\n\x1a\n"):
                data["image/png"] = base64.b64encode(pixels).decode()
        except (binascii.Error, ValueError):
            pass  # not a picture
    output: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
    if kind == "execute_result":
        output["execution_count"] = None
    return output


def clean_text(text: Any) -> str:
    """Text without terminal codes and without this machine's paths."""
    plain = _ANSI.sub("", text if isinstance(text, str) else "")
    return _PATHS.sub("…", plain)
