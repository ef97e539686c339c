"""What a process gives up before it runs a student's code.

`namespaces.isolate` puts a whole zygote into namespaces of its own, where the machine allows it.
`Confinement.apply` is what each child does to itself after the fork: limits, an unused user id,
no_new_privs, Landlock, seccomp. A layer that cannot be had is missing from the result, never
skipped in silence; `probe` tries what the layers forbid.
"""

from __future__ import annotations

import errno
import os
import pwd
import resource
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import syscalls
from autograder.sandbox.landlock import Landlock, abi_version
from autograder.sandbox.libc import no_new_privs
from autograder.sandbox.namespaces import outermost

MINIMUM = ("no_new_privs", "seccomp", "disk")
"""The layers without which nobody's untrusted work is graded."""


def missing(layers: Mapping[str, bool]) -> list[str]:
    """The layers that a sandbox lacks, of the minimum and of those that the environment variable
    AUTOGRADER_REQUIRE names (with commas between them)."""
    required = os.environ.get("AUTOGRADER_REQUIRE", "").split(",")
    return sorted({name for name in (*MINIMUM, *required) if name and not layers.get(name)})


@dataclass(frozen=True)
class Limits:
    """What one child may use."""

    memory: int = 1024**3
    """Bytes of address space beyond what the zygote had."""
    cpu: int = 120
    """Seconds."""
    file_size: int = 64 * 1024**2
    disk: int = 128 * 1024**2
    """Bytes in the working directory, where the machine allows a mount namespace."""
    descriptors: int = 64
    threads: int = 64


CROWD = 256
"""How many more threads somebody who is logged in may come to have while we grade: the kernel
counts them per user, the student's among them."""


def set_limits(limits: Limits, base: int, threads: int) -> None:
    """Put rlimits on this process, which has `base` bytes of address space, and whose user may have
    so many `threads`."""
    caps = {
        resource.RLIMIT_AS: base + limits.memory,
        resource.RLIMIT_CPU: limits.cpu,
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.descriptors,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NPROC: threads,
    }
    for kind, value in caps.items():
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))


def address_space() -> int:
    """Bytes of address space that this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def threads_of(uid: int) -> int:
    """How many threads a user has now."""
    count = 0
    for task in Path("/proc").glob("[0-9]*/task"):
        try:
            count += len(os.listdir(task)) if task.stat().st_uid == uid else 0
        except OSError:
            continue  # it has ended
    return count


def unused_id(slot: int) -> int:
    """A user id that nobody has, another for each slot."""
    uid = 61184 + 2 * (slot % 2000)
    while _taken(uid):
        uid += 1
    return uid


def _taken(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def become(uid: int) -> None:
    """Drop root for good: groups, ids and with them every capability."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def libraries() -> list[Path]:
    """What a confined process may read: Python, its packages, the system's libraries and fonts."""
    system = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/fonts", "/usr/share/zoneinfo"]
    system += ["/etc/ld.so.cache", "/etc/fonts", "/etc/localtime"]
    paths = [Path(p) for p in system]
    for prefix in {sys.prefix, sys.base_prefix}:
        paths += [Path(prefix, "lib"), Path(prefix, "lib64")]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and "." not in name and Path(file).name == "__init__.py":
            paths.append(Path(file).parent)
    return [path for path in outermost(paths) if path.exists()]


@dataclass(frozen=True)
class Confinement:
    """How to confine a child. Made once before the forks, applied by each child to itself."""

    uid: int | None
    """Whom a child becomes, where it would be root."""
    filter: syscalls.SystemCallFilter | None
    readable: tuple[Path, ...]
    limits: Limits
    base: int
    crowd: int
    """Threads that a child's user may have."""

    @classmethod
    def prepare(cls, limits: Limits, uid: int, messages: bool = False) -> Confinement:
        """What can be made before this process, of which the children are forks, gives up what it
        can do itself. As root they become `uid`."""
        rules = syscalls.system_call_filter(messages) if syscalls.available() else None
        root = os.getuid() == 0
        crowd = limits.threads if root else threads_of(os.getuid()) + CROWD + limits.threads
        readable = tuple(libraries())
        return cls(uid if root else None, rules, readable, limits, address_space(), crowd)

    def apply(
        self, writable: Iterable[Path] = (), readable: Iterable[Path] = ()
    ) -> tuple[str, ...]:
        """Confine this process for good; returns the layers put on."""
        layers = ["rlimits", "no_new_privs"]
        rules = None
        if abi_version():
            readable = [*self.readable, *readable, Path("/dev/urandom")]
            rules = Landlock(readable, [*writable, Path("/dev/null")])
            layers.append("landlock")
        set_limits(self.limits, self.base, self.crowd)
        if self.uid is not None:
            become(self.uid)
            layers.append("uid")
        no_new_privs()
        if rules is not None:
            rules.enforce()
        if self.filter is not None:
            self.filter.load()
            layers.append("seccomp")
        return tuple(layers)


def _forbidden(call: Callable[[], object]) -> bool:
    try:
        call()
    except OSError as error:
        return error.errno in (errno.EPERM, errno.EACCES, errno.ENOENT, errno.EROFS)
    return False


def forbidden_calls() -> list[Callable[[], object]]:
    """What seccomp refuses: a socket, a process, a signal, another user."""

    def fork() -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    return [
        lambda: socket.socket().close(),
        fork,
        lambda: os.kill(os.getpid(), 0),
        lambda: os.setuid(os.getuid()),
    ]


def probe(outside: Path) -> dict[str, bool]:
    """Try, in this confined process, what each layer forbids: True where it held. `outside` is a
    file that everybody could read before."""
    disk: list[Callable[[], object]] = [
        lambda: os.open(outside, os.O_RDONLY),
        lambda: os.open("/escaped", os.O_CREAT),
    ]
    return {
        "seccomp": all(_forbidden(call) for call in forbidden_calls()),
        "disk": all(_forbidden(call) for call in disk),
        "not root": os.getuid() != 0,
    }
