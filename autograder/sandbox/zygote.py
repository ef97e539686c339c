"""The grader's handle on a zygote: a process that forks one confined child after another.

A zygote is started once per worker and assignment. What happens in it is in `nursery.py`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.sandbox import cgroups, jail
from autograder.sandbox.channel import Channel

BOOTSTRAP = """
import sys
sys.path[:] = sys.argv[2:]
from autograder.sandbox.nursery import main
main()
"""

_PACKAGES = str(Path(__file__).resolve().parents[2])


@dataclass(frozen=True)
class Child:
    """A forked child: its channel, and its pid as the zygote knows it."""

    channel: Channel
    pid: int


class Zygote:
    """The grader's handle on a zygote process, which warms up while the grader does other things:
    ask for its `layers` first. Raises `channel.Closed` when the zygote is gone."""

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
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._cgroup = _cgroup(limits) if safe else None
        settings = {
            "home": self._home.name,
            "slot": slot,
            "limits": vars(limits),
            "safe": safe,
            "cgroup": None if self._cgroup is None else str(self._cgroup.path),
        }
        self._channel.send(
            {"warm": warm, "files": None if files is None else str(files), **settings}
        )

    @cached_property
    def layers(self) -> dict[str, bool]:
        """The sandbox's layers, once the zygote is warm: True where a try confirmed them."""
        layers: dict[str, bool] = self._channel.receive(120)["layers"]
        return layers

    def spawn(self, draw: bool) -> Child:
        """Fork a confined child. `draw` renders figures as IPython's inline backend does."""
        self._channel.send({"op": "spawn", "draw": draw})
        self._channel.ready(60)
        _, descriptors, _, _ = socket.recv_fds(self.socket, 1, 1)
        answer = self._channel.receive(60)
        return Child(Channel(descriptors[0]), answer["pid"])

    def cpu(self, child: Child) -> float:
        """CPU seconds that a child has used; infinite when it is gone."""
        self._channel.send({"op": "cpu", "pid": child.pid})
        return float(self._channel.receive(60)["seconds"])

    def kill(self, child: Child) -> int:
        """End a child for good, with its directory; returns its exit code (negative: signal)."""
        self._channel.send({"op": "kill", "pid": child.pid})
        code = int(self._channel.receive(60)["code"])
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
        self._home.cleanup()
        if self._cgroup is not None:
            self._cgroup.remove()


class Life:
    """A child's process, watched and ended through the zygote: once, however often it is asked."""

    def __init__(self, zygote: Zygote, child: Child) -> None:
        self._zygote = zygote
        self._over = False
        self.child = child

    def cpu(self) -> float:
        """CPU seconds so far; infinite when it is gone."""
        return self._zygote.cpu(self.child)

    def kill(self) -> None:
        """End it for good."""
        if not self._over:
            self._over = True
            self._zygote.kill(self.child)


def _cgroup(limits: jail.Limits) -> cgroups.Cgroup | None:
    """Limits for the children together, where the system lets us set them."""
    base = cgroups.delegated()
    if base is None:
        return None
    try:
        return cgroups.Cgroup(base, limits.memory + limits.disk, limits.threads)
    except OSError:
        return None  # one wall less, and the layers say so


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
