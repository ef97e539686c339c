"""Builds the site of the lectures: `python docs/site/build.py [DIRECTORY]` (build/site)."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

import pages
from place import clear
from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).resolve().parent


def main(arguments=None):
    """Build the site; returns the exit code. A warning is an error."""
    parser = argparse.ArgumentParser(description="Build the site of the lectures.")
    parser.add_argument("directory", nargs="?", type=Path, default=pages.ROOT / "build" / "site")
    directory = parser.parse_args(arguments).directory.resolve()
    clear(directory, "searchindex.js")
    with tempfile.TemporaryDirectory() as scratch:
        sources, built = Path(scratch, "sources"), Path(scratch, "built", "site")
        write_sources(sources)
        options = ["--fail-on-warning", "--quiet", "--doctree-dir", f"{scratch}/doctrees"]
        code = sphinx([*options, "--conf-dir", str(HERE), str(sources), str(built)])
        if not code:
            shutil.copytree(built, directory, dirs_exist_ok=True)
            print(f"The lectures, to read: {directory / 'index.html'}")
    return code


def write_sources(place):
    """What Sphinx reads: the lectures' pages and the index that lists them."""
    entries, listing = [], []
    for name, notebook in pages.lectures():
        path = place / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
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
