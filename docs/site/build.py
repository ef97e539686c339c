"""Builds the site of the lectures: `python docs/site/build.py [DIRECTORY]` (build/site)."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import pages
from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).resolve().parent


def main(arguments=None):
    """Build the site; returns the exit code. A warning is an error."""
    parser = argparse.ArgumentParser(description="Build the site of the lectures.")
    parser.add_argument("directory", nargs="?", type=Path, default=pages.ROOT / "build" / "site")
    directory = parser.parse_args(arguments).directory.resolve()
    with tempfile.TemporaryDirectory() as place:
        write_sources(Path(place))
        shutil.rmtree(directory, ignore_errors=True)
        options = ["--fail-on-warning", "--quiet", "--doctree-dir", f"{place}/.doctrees"]
        code = sphinx([*options, "--conf-dir", str(HERE), place, str(directory)])
    if not code:
        print(f"The lectures, to read: {directory / 'index.html'}")
    return code


def write_sources(place):
    """What Sphinx reads: the lectures' pages and the index that lists them."""
    entries, listing = [], []
    for name, notebook in pages.lectures():
        path = place / name / f"{name}.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook), encoding="utf-8")
        entries.append(f"{name}/{name}")
        listing += [f"[{pages.title(notebook)}]({name}/{name}.ipynb)"]
        listing += [f": {pages.first_sentences(notebook)}", ""]
    notation = pages.ROOT / "docs" / "notation.md"
    if notation.is_file():
        shutil.copy(notation, place / "notation.md")
        entries.append("notation")
    index = (HERE / "index.md.in").read_text(encoding="utf-8")
    index = index.replace("@listing@", "\n".join(listing)).replace("@toctree@", "\n".join(entries))
    (place / "index.md").write_text(index, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
