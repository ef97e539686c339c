"""How pages are made and kept: notebook text is escaped, a slip in a template is an error."""

from __future__ import annotations

from pathlib import Path

import jinja2

from autograder import keep


def environment() -> jinja2.Environment:
    """An environment of its own for each page, which adds filters to it."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write(path: Path, html: str) -> None:
    """Write a page whole or not at all: nobody meets half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keep.write(path, html)
