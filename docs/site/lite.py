"""Builds the notebooks to work on in a browser, with nothing to install: JupyterLite.

`python docs/site/lite.py [DIRECTORY]`, by default build/lite. What is built is the student edition.
The pages, the notebooks and the course's package come from there. Python itself, numpy and
matplotlib are fetched by the reader's browser from a public network: building needs none of them.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_core.paths import jupyter_path
from place import clear

from autograder.course import Course
from autograder.publish import publish

ROOT = Path(__file__).resolve().parents[2]
KERNEL = Path("labextensions", "@jupyterlite", "pyodide-kernel-extension")
INSTALL = """# This browser's Python does not have the course yet.
%pip install -q {package}"""
WHEEL = "import sys, hatchling.build; print(hatchling.build.build_wheel(sys.argv[1]))"


def main(arguments=None):
    """Build it; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the notebooks for the browser.")
    parser.add_argument("directory", nargs="?", type=Path, default=ROOT / "build" / "lite")
    directory = parser.parse_args(arguments).directory.resolve()
    clear(directory, "jupyter-lite.json")
    with tempfile.TemporaryDirectory() as place:
        build(Path(place), directory)
    print(f"Built {directory}. To try it: python -m http.server --directory {directory}")
    return 0


def build(place, directory):
    """From the student edition to a directory of static files; `place` is for scratch files."""
    edition = publish(Course.open(ROOT), place / "edition").directory
    wheel = subprocess.run(
        [sys.executable, "-c", WHEEL, place],
        cwd=edition,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[-1]
    shutil.copytree(edition / "lectures", place / "files")
    for path in (place / "files").rglob("*.ipynb"):
        add_install(path, wheel.split("-")[0].replace("_", "-"))
    options = ["--lite-dir", place / "files", "--contents", place / "files"]
    options += ["--output-dir", directory, "--piplite-wheels", place / wheel]
    options += ["--ignore-sys-prefix", "federated_extensions"]
    options += [f"--LiteBuildConfig.federated_extensions={kernel()}"]
    command = [sys.executable, "-m", "jupyterlite_core.app", "build", *options]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"jupyterlite could not build it:\n{done.stdout}{done.stderr}")


def kernel():
    """The directory of the kernel's extension. The other extensions here need a server."""
    places = [Path(place, KERNEL) for place in jupyter_path()]
    return next(place for place in places if place.is_dir())


def add_install(path, package):
    """Put a cell that installs the course before a notebook's first code cell."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    first = next(n for n, cell in enumerate(cells) if cell["cell_type"] == "code")
    cells.insert(
        first,
        {
            "cell_type": "code",
            "id": "install",
            "metadata": {},
            "source": INSTALL.format(package=package),
            "outputs": [],
            "execution_count": None,
        },
    )
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
