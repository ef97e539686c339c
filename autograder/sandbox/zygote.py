"""The zygote: a process with libraries imported and nothing of any submission, forked per child.

It is started once per worker and assignment, warmed by the lecture's own locked cells, put into
namespaces, and then forks one confined child after another on request. It never holds a test.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import itertools
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox import jail, namespaces
from autograder.sandbox.libc import die_with_parent, not_dumpable
from autograder.sandbox.wire import Channel, Closed, Node

BOOTSTRAP = """
import sys
sys.path[:] = sys.argv[2:]
from autograder.sandbox.zygote import main
main()
"""

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


_PACKAGES = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class Child:
    """A forked child: its channel, and its pid as the zygote knows it."""

    channel: Channel
    pid: int


class Zygote:
    """The grader's handle on a zygote process. Raises `wire.Closed` when the zygote is gone."""

    def __init__(
        self, warm: list[str], files: Path | None, slot: int, limits: jail.Limits, safe: bool = True
    ) -> None:
        ours, theirs = socket.socketpair()
        self.socket = ours
        self._channel = Channel(ours.fileno())
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", BOOTSTRAP, str(theirs.fileno()), *_import_path()],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
            )
        settings = {"slot": slot, "limits": vars(limits), "safe": safe}
        self._channel.send(
            {"warm": warm, "files": None if files is None else str(files), **settings}
        )
        answer, _ = self._channel.receive(120)
        self.layers: dict[str, bool] = answer["layers"]

    def spawn(self, draw: bool) -> Child:
        """Fork a confined child. `draw` renders figures as IPython's inline backend does."""
        self._channel.send({"op": "spawn", "draw": draw})
        _, descriptors, _, _ = socket.recv_fds(self.socket, 1, 1)
        answer, _ = self._channel.receive(60)
        return Child(Channel(descriptors[0]), answer["pid"])

    def cpu(self, child: Child) -> float:
        """CPU seconds that a child has used; infinite when it is gone."""
        self._channel.send({"op": "cpu", "pid": child.pid})
        return float(self._channel.receive(60)[0]["seconds"])

    def kill(self, child: Child) -> int:
        """End a child for good, with its directory; returns its exit code (negative: signal)."""
        self._channel.send({"op": "kill", "pid": child.pid})
        code = int(self._channel.receive(60)[0]["code"])
        child.channel.close()
        return code

    def clear(self) -> None:
        """End whatever is left of a submission."""
        self._channel.send({"op": "clear"})
        self._channel.receive(60)

    def close(self) -> None:
        """End the zygote and with it every child."""
        self.socket.close()
        self._process.kill()
        self._process.wait()


def _import_path() -> list[str]:
    """Where this process finds its libraries; never the directory it happens to be in."""
    return [path for path in sys.path if path and Path(path) != Path.cwd()] + [_PACKAGES]


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in ("HOME", "LANG", "TMPDIR", "MPLCONFIGDIR")}
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    forced = {k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")}
    return {
        **kept,
        **forced,
        **threads,
        "PATH": "/usr/bin:/bin",
        "PYTHONIOENCODING": "utf-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


# --- in the zygote process ---------------------------------------------------------------------


class _Nursery:
    """Forks children, watches and ends them."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self._control = control
        self._channel = Channel(control.fileno())
        self._slot: int = settings["slot"]
        self._safe: bool = settings["safe"]
        self._limits = jail.Limits(**settings["limits"])
        self._files = None if settings["files"] is None else Path(settings["files"])
        self._work: dict[int, str] = {}
        self._codes: dict[int, int] = {}

    def prepare(self) -> dict[str, bool]:
        """Namespaces, then a probe in a child that is confined like the others."""
        base = jail.address_space()
        self._home = Path(tempfile.mkdtemp())
        outside = self._home / "outside"
        outside.touch(mode=0o644)
        self._home.chmod(0o711)
        self._confinement = jail.Confinement.prepare(self._limits, base)
        readable = [*self._confinement.readable, *([self._files] if self._files else [])]
        layers = namespaces.isolate(readable, self._limits.disk) if self._safe else ()
        if "mount" in layers:
            self._home = Path("/tmp")
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
        import ast

        held = dict(ast.literal_eval(os.read(read, 65536).decode()))
        os.close(read)
        return held

    def serve(self, shell: Any) -> None:
        """Answer the grader until it hangs up."""
        while True:
            try:
                message, _ = self._channel.receive()
            except Closed:
                os._exit(0)
            if message["op"] == "spawn":
                self._spawn(shell, message["draw"])
            elif message["op"] == "cpu":
                self._channel.send({"seconds": _cpu_seconds(message["pid"])})
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
        from autograder.sandbox.student import Student

        try:
            os.setsid()
            _silence()
            os.chdir(directory)
            if not draw and "matplotlib" in sys.modules:
                import matplotlib.pyplot as plt

                plt.switch_backend("agg")
            self._confine(directory)
            Student(Channel(fd), shell).serve()
        finally:
            os._exit(0)

    def _confine(self, directory: str) -> tuple[str, ...]:
        if not self._safe:
            return ()
        uid = jail.unused_id(self._slot) if os.getuid() == 0 else None
        if uid is not None:
            os.chown(directory, uid, uid)
        links = [self._files] if self._files else []
        return self._confinement.apply(uid, [Path(directory)], links)

    def _make_directory(self) -> str:
        directory = tempfile.mkdtemp(dir=self._home)
        if self._files is not None:
            for path in self._files.iterdir():
                os.symlink(path, Path(directory, path.name))
        return directory

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


def _warm(cells: list[str], files: Path | None) -> Any:
    """Import and compute once what every child would: libraries, data, fonts, a traceback."""
    importlib.import_module("autograder.sandbox.student")
    from autograder.sandbox.shell import Shell

    shell = Shell.start()
    names = set(shell.user_ns)
    if files is not None:
        os.chdir(files)
    sys.path.append("")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in [*cells, WARM_UP]:
            shell.execute(cell, 10**6)
        if "matplotlib.pyplot" in sys.modules:
            shell.execute(DRAW, 10**7)
    for name in set(shell.user_ns) - names:
        del shell.user_ns[name]
    os.chdir("/")
    return shell


def main() -> None:
    """Entry point of the zygote process: its first argument is the control socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent()
    settings, _ = Channel(control.fileno()).receive()
    shell = _warm(settings["warm"], None if settings["files"] is None else Path(settings["files"]))
    nursery = _Nursery(control, settings)
    layers: dict[str, Node] = nursery.prepare()
    gc.collect()
    gc.freeze()
    Channel(control.fileno()).send({"layers": layers})
    nursery.serve(shell)
