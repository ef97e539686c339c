"""The programs that build the site and the notebooks for the browser, importable."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs" / "site"))


@pytest.fixture(scope="session")
def kept():
    """What no page may hold: lines of answers and of hidden tests that no release has."""
    import json

    import pages

    released, secret = set(), {}
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        source = json.loads(path.read_text(encoding="utf-8"))
        release = pages.read(ROOT / "lectures" / path.parent.name / path.name)
        for cell in release["cells"]:
            released |= {line.strip() for line in pages.text(cell).splitlines()}
        for cell in source["cells"]:
            for line in between_markers(pages.text(cell)):
                secret[line] = f"{path.stem}, {cell['id']}"
    return {line: place for line, place in secret.items() if line not in released}


def between_markers(code):
    """The lines of a cell that are cut out of its release and say something of their own."""
    inside = False
    for line in map(str.strip, code.splitlines()):
        if line.startswith("### "):
            inside = line.startswith("### BEGIN")
        elif inside and len(line) >= 16:
            yield line
