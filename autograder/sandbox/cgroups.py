"""cgroup limits for a zygote's children, where the system lets this process divide its own cgroup.

That is so below `systemd-run --scope -p Delegate=yes`, and in containers with a cgroup tree of
their own. Only version 2 is used: a tree of directories whose files are read and written as text.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from pathlib import Path

LEAF = "autograder-grader"
"""Where the grader's own processes go: a cgroup that has processes cannot be divided."""
CONTROLLERS = ("memory", "pids")
"""Those without which there is nothing to limit; `cpu` is used where it is there."""

_serial = itertools.count()


def delegated(root: Path | None = None, line: str | None = None) -> Path | None:
    """The cgroup that this process may divide, or None.

    `root` is where version 2 is mounted and `line` what `/proc/self/cgroup` says of it; both are
    found out.
    """
    root = root or _mounted()
    line = line if line is not None else _own_line()
    if root is None or not line.startswith("0::/"):
        return None
    own = root / line[4:].strip()
    base = own.parent if own.name == LEAF else own
    try:
        controllers = (base / "cgroup.controllers").read_text().split()
    except OSError:
        return None
    places = (base, base / "cgroup.procs", base / "cgroup.subtree_control")
    is_writable = all(os.access(place, os.W_OK) for place in places)
    is_ours = is_writable and _is_handed_over(base, root)
    return base if is_ours and set(CONTROLLERS) <= set(controllers) else None


def _is_handed_over(base: Path, root: Path) -> bool:
    """Whether a cgroup is ours to divide, not only writable: systemd says so in an attribute, and
    the top of a container's own tree (never the machine's, which has no events) is."""
    if base == root:
        return (base / "cgroup.events").exists()
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(base, name) == b"1":
                return True
    return False


class Cgroup:
    """A cgroup with limits, made by the grader; each child of a zygote enters it."""

    def __init__(self, base: Path, memory: int, threads: int, cores: float = 1.0) -> None:
        """Make one below `base`, with at most `memory` bytes, `threads` tasks and `cores` of the
        processor's time. Raises `OSError` where that is not allowed."""
        _prepare(base)
        self.path = base / f"autograder-{os.getpid()}-{next(_serial)}"
        self.path.mkdir()
        self._set("memory.max", memory)
        self._set("pids.max", threads)
        for name, value in (
            ("memory.swap.max", "0"),
            ("memory.oom.group", "1"),
            ("cpu.max", f"{round(cores * 100_000)} 100000"),
        ):
            with contextlib.suppress(OSError):  # older kernels, and cpu where it is not delegated
                self._set(name, value)

    def _set(self, name: str, value: object) -> None:
        (self.path / name).write_text(f"{value}\n")

    def remove(self) -> None:
        """End what is still in it, and remove it."""
        with contextlib.suppress(OSError):
            self._set("cgroup.kill", 1)
        for _ in range(50):
            try:
                self.path.rmdir()
                return
            except OSError:  # the last of them is still ending; `sweep` would find it later
                time.sleep(0.01)


class Door:
    """An open way into a cgroup, also where the disk does not show it any more."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path / "cgroup.procs", os.O_WRONLY | os.O_CLOEXEC)

    def enter(self) -> None:
        """Put this process into the cgroup. Raises `OSError` where that is not allowed."""
        os.write(self._fd, b"0")
        os.close(self._fd)

    def opens(self) -> bool:
        """Whether a child can enter: tried."""
        pid = os.fork()
        if pid == 0:
            try:
                self.enter()
                os._exit(0)
            finally:
                os._exit(1)
        return os.waitpid(pid, 0)[1] == 0


def find_door(path: str | None) -> Door | None:
    """A way into a cgroup that has been tried, or None."""
    with contextlib.suppress(OSError):
        door = None if path is None else Door(Path(path))
        return door if door is not None and door.opens() else None
    return None


def _prepare(base: Path) -> None:
    """Move whoever is in `base` into a leaf of it and hand its controllers down, once."""
    wanted = set((base / "cgroup.controllers").read_text().split()) & {*CONTROLLERS, "cpu"}
    given = set((base / "cgroup.subtree_control").read_text().split())
    sweep(base)
    if wanted <= given:
        return
    order = " ".join(f"+{name}" for name in sorted(wanted))
    for attempts_left in range(9, -1, -1):
        _move_down(base)
        try:
            (base / "cgroup.subtree_control").write_text(order)
            return
        except OSError as error:  # busy: somebody started a process meanwhile
            if error.errno != errno.EBUSY or not attempts_left:
                raise


def _move_down(base: Path) -> None:
    leaf = base / LEAF
    leaf.mkdir(exist_ok=True)
    for pid in (base / "cgroup.procs").read_text().split():
        try:
            (leaf / "cgroup.procs").write_text(pid)
        except OSError as error:
            if error.errno != errno.ESRCH:  # it has ended by itself
                raise


def sweep(base: Path) -> None:
    """Remove what graders have left that were killed."""
    for path in base.glob("autograder-*-*"):
        owner = path.name.split("-")[1]
        if owner.isdigit() and not Path("/proc", owner).exists():
            with contextlib.suppress(OSError):
                path.rmdir()


def _mounted() -> Path | None:
    try:
        mounts = Path("/proc/self/mounts").read_text().splitlines()
    except OSError:
        return None
    fields = (line.split() for line in mounts)
    return next((Path(field[1]) for field in fields if field[2] == "cgroup2"), None)


def _own_line() -> str:
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return ""
    return next((line for line in lines if line.startswith("0::")), "")
