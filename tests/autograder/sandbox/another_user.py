"""Runs a program as an ordinary user whom nobody is, or where the kernel forbids namespaces.

A checkout and a Python below somebody's private home cannot be read by others, so the user gets a
copy of both: hard links where the disk allows them, nothing at all where it was readable anyway.
"""

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SUITES = ("tests/autograder/sandbox", "tests/autograder/hostile")
NOBODY = 61100
"""A user id below those that the sandbox takes, so that the two never meet."""

LAUNCH = """
import errno, os, sys
uid, without, *command = sys.argv[1:]
if without:
    import pyseccomp as seccomp
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in without.split(","):
        rules.add_rule(seccomp.ERRNO(errno.EPERM), name)
    rules.load()
if uid:
    os.setgroups([])
    os.setresgid(int(uid), int(uid), int(uid))
    os.setresuid(int(uid), int(uid), int(uid))
os.execv(command[0], command)
"""


@dataclass(frozen=True)
class Copy:
    """What an ordinary user needs to run the suites."""

    place: Path
    python: Path
    packages: tuple[Path, ...]

    def run(self, uid: int | None, without: str, *arguments: str) -> subprocess.CompletedProcess:
        """Run a module (and its arguments) as `uid` (None: as we are), with the system calls
        `without` forbidden."""
        launcher = [self.python, "-c", LAUNCH, "" if uid is None else str(uid), without]
        command = [self.python, "-m", *arguments]
        return subprocess.run(
            [*map(str, launcher), *map(str, command)],
            cwd=self.place / "checkout",
            env=self._environment(uid),
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self, uid: int | None) -> dict[str, str]:
        home = self.place / f"home-{uid}"
        home.mkdir(exist_ok=True)
        home.chmod(0o755)
        if uid is not None:
            os.chown(home, uid, uid)
        kept = {k: v for k, v in os.environ.items() if k == "LANG"}
        paths = os.pathsep.join(map(str, [self.place / "checkout", *self.packages]))
        return {
            **kept,
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "TMPDIR": str(home),
            "MPLCONFIGDIR": str(home),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(home / "hypothesis"),
            "PYTHONPATH": paths,
            "PYTHONDONTWRITEBYTECODE": "1",
        }


def make_copy(place: Path) -> Copy:
    """Put into an empty directory what others could not read where it is."""
    place.chmod(0o755)
    checkout = place / "checkout"
    for name in ("autograder", "nnlib", "tests/autograder"):
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / name, checkout / name)
    (checkout / ".pytest_cache" / "matplotlib").mkdir(parents=True)
    for path in [checkout, *checkout.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    packages = [Path(path) for path in sys.path if path.endswith("site-packages")]
    return Copy(place, _python(), tuple(link(p, place / "packages") for p in packages))


def is_for_everybody(path: Path) -> bool:
    """Whether every user may read a directory."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [path, *path.parents]) and bool(
        path.stat().st_mode & stat.S_IROTH
    )


def _python() -> Path:
    """A Python of this version that everybody may run."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    known = [
        sys.executable,
        *(shutil.which(version, path=p) for p in ("/usr/local/bin", "/usr/bin")),
    ]
    for binary in (Path(path).resolve() for path in known if path):
        if is_for_everybody(binary.parent):
            return binary
    raise AssertionError(f"{sys.executable} is in a private directory: install {version} for all")


def link(tree: Path, target: Path) -> Path:
    """The directory tree, or a copy that everybody may read."""
    if is_for_everybody(tree):
        return tree
    shutil.copytree(tree, target, copy_function=_hard_link, dirs_exist_ok=True)
    target.chmod(0o755)
    return target


def _hard_link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)
