"""Where the repository's files are, as git sees them: what is committed or about to be."""

import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files(*patterns):
    """The repository's files whose path matches a git pattern, as Paths relative to ROOT."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"]
    listing = subprocess.run([*command, *patterns], cwd=ROOT, capture_output=True, check=True)
    names = listing.stdout.decode().split("\0")
    return sorted(Path(name) for name in set(names) if name and (ROOT / name).is_file())


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def project():
    return tomllib.loads(read("pyproject.toml"))
