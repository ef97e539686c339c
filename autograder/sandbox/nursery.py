"""Inside the zygote: libraries imported, nothing of any submission, one fork per child.

It is warmed by the lecture's own locked cells, put into namespaces, and then forks a confined
child whenever the grader asks. It never holds a test.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import itertools
import os
import secrets
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from autograder.sandbox import jail, namespaces
from autograder.sandbox.cgroups import find_door
from autograder.sandbox.channel import Channel, Closed
from autograder.sandbox.libc import die_with_parent, not_dumpable
from autograder.sandbox.shell import Shell
from autograder.sandbox.student import Student

WARM_UP = """
import numpy, linecache
try:
    numpy.testing.assert_allclose(1, 2)
except AssertionError:
    get_ipython().showtraceback()
"""

DRAW = """
import matplotlib.pyplot as plt
plt.plot([0, 1], label="x$^2$")
plt.legend()
plt.show()
"""


INLINE, NOTHING_SHOWN = "module://matplotlib_inline.backend_inline", "agg"
"""Figures as a notebook shows them, and none: matplotlib's names."""

MOST_FILES = 4096
"""In a working directory."""


class Nursery:
    """Forks children, watches and ends them."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self._control = control
        self._channel = Channel(control.fileno())
        self._slot: int = settings["slot"]
        self._safe: bool = settings["safe"]
        self._limits = jail.Limits(**settings["limits"])
        self._files = None if settings["files"] is None else Path(settings["files"])
        self._home = Path(settings["home"])
        self._door = find_door(settings["cgroup"])
        self._work: dict[int, str] = {}
        self._codes: dict[int, int] = {}
        self._has_quota = False

    def prepare(self) -> dict[str, bool]:
        """Namespaces, then a probe in a child that is confined like the others."""
        outside = self._home / "outside"
        outside.touch(mode=0o644)
        self._home.chmod(0o711)
        self._confinement = jail.Confinement.prepare(self._limits, jail.unused_id(self._slot))
        readable = [*self._confinement.readable, *([self._files] if self._files else [])]
        layers = namespaces.isolate(readable, self._limits.disk) if self._safe else ()
        if "mount" in layers:
            self._home = Path("/tmp")
            self._has_quota = True
        not_dumpable()
        return dict.fromkeys(layers, True) | self._probe(outside)

    def _probe(self, outside: Path) -> dict[str, bool]:
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                layers = self._confine(self._make_directory())
                held = dict.fromkeys(layers, True) | jail.probe(outside)
            except BaseException as error:
                held = {f"failed: {type(error).__name__}: {error}": False}
            with contextlib.suppress(OSError):
                os.write(write, repr(held).encode())
            os._exit(0)
        os.close(write)
        os.waitpid(pid, 0)
        held = dict(ast.literal_eval(os.read(read, 65536).decode()))
        os.close(read)
        return held

    def serve(self, shell: Any) -> None:
        """Answer the grader until it hangs up."""
        while True:
            try:
                message = self._channel.receive()
            except Closed:
                os._exit(0)
            if message["op"] == "spawn":
                self._spawn(shell, message["draw"])
            elif message["op"] == "cpu":
                self._channel.send({"seconds": self._seconds(message["pid"])})
            elif message["op"] == "kill":
                self._channel.send({"code": self._kill(message["pid"])})
            elif message["op"] == "clear":
                for pid in list(self._work):
                    self._kill(pid)
                self._codes.clear()
                self._channel.send({})

    def _spawn(self, shell: Any, draw: bool) -> None:
        ours, theirs = socket.socketpair()
        directory = self._make_directory()
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._control.close()
            self._run_child(shell, theirs.detach(), directory, draw)
        theirs.close()
        self._work[pid] = directory
        socket.send_fds(self._control, [b"c"], [ours.fileno()])
        ours.close()
        self._channel.send({"pid": pid})

    def _run_child(self, shell: Any, fd: int, directory: str, draw: bool) -> None:
        try:
            os.setsid()
            _silence()
            os.chdir(directory)
            if draw:
                _draw_with(INLINE)
            self._confine(directory)
            Student(Channel(fd), shell).serve()
        finally:
            os._exit(0)

    def _confine(self, directory: str) -> tuple[str, ...]:
        if not self._safe:
            return ()
        uid = self._confinement.uid
        if uid is not None:
            os.chown(directory, uid, uid)
        links = [self._files] if self._files else []
        if self._door is None:
            return self._confinement.apply([Path(directory)], links)
        self._door.enter()
        return (*self._confinement.apply([Path(directory)], links), "cgroup")

    def _make_directory(self) -> str:
        directory = tempfile.mkdtemp(dir=self._home)
        if self._files is not None:
            for path in self._files.iterdir():
                os.symlink(path, Path(directory, path.name))
        return directory

    def _seconds(self, pid: int) -> float:
        """CPU seconds of a child, infinite when it is gone. One that fills a disk on which it has
        no quota is ended here: whoever asks is the only one who looks in time."""
        directory = self._work.get(pid)
        if directory and not self._has_quota and _is_larger(directory, self._limits.disk):
            self._kill(pid)
            return 0.0  # not a time-out: that it has ended shows by itself
        return _cpu_seconds(pid)

    def _kill(self, pid: int) -> int:
        if pid not in self._codes:
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            self._codes[pid] = os.waitstatus_to_exitcode(status)
            _remove(Path(self._work.pop(pid)))
        return self._codes[pid]


def _remove(directory: Path) -> None:
    """Remove a directory, however deep: what lies inside others is first moved to the top. Symbolic
    links are not followed; what cannot be removed is left behind."""
    waiting, names = [directory], (f".{secrets.token_hex(8)}" for _ in itertools.count())
    while waiting:
        place = waiting.pop()
        with contextlib.suppress(OSError):
            os.chmod(place, 0o700)
            for entry in list(os.scandir(place)):
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        moved = directory / next(names)
                        os.rename(entry.path, moved)
                        waiting.append(moved)
                    else:
                        os.unlink(entry.path)
            if place != directory:
                os.rmdir(place)
    with contextlib.suppress(OSError):
        os.rmdir(directory)


def _is_larger(directory: str, size: int) -> bool:
    """Whether a directory holds more than `size` bytes or too many files, or cannot be counted."""
    waiting, count = [directory], 0
    try:
        while waiting:
            for entry in os.scandir(waiting.pop()):
                count += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                size -= entry.stat(follow_symlinks=False).st_blocks * 512
                if size < 0 or count > MOST_FILES:
                    return True
    except FileNotFoundError:  # removed while we looked
        return False
    except OSError:
        return True
    return False


def _cpu_seconds(pid: int) -> float:
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return float("inf")


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)


def _draw_with(backend: str) -> None:
    """Switch matplotlib. This takes a while, so the zygote is left with what most children need."""
    import matplotlib.pyplot as plt

    plt.switch_backend(backend)


def _warm(cells: list[str], files: Path | None) -> Any:
    """Import and compute once what every child would: libraries, data, fonts, a traceback."""
    shell = Shell.start()
    names = set(shell.user_ns)
    if files is not None:
        os.chdir(files)
    sys.path.append("")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in [*cells, WARM_UP]:
            shell.execute(cell, 10**6)
        shell.execute(DRAW, 10**7)  # a child that imports matplotlib would look for a home to write
    _draw_with(NOTHING_SHOWN)
    for name in set(shell.user_ns) - names:
        del shell.user_ns[name]
    os.chdir("/")
    return shell


def main() -> None:
    """Entry point of the zygote process: its first argument is the control socket."""
    die_with_parent()
    with contextlib.suppress(Closed):  # the grader has ended before this one was ready
        _attend(socket.socket(fileno=int(sys.argv[1])))


def _attend(control: socket.socket) -> None:
    settings = Channel(control.fileno()).receive()
    shell = _warm(settings["warm"], None if settings["files"] is None else Path(settings["files"]))
    nursery = Nursery(control, settings)
    gc.collect()  # before the address space is measured
    layers = nursery.prepare()
    gc.freeze()
    Channel(control.fileno()).send({"layers": layers})
    nursery.serve(shell)
