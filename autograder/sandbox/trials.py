"""The trials of all layers: how each is put on, and what is tried then."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.sandbox import cgroups, jail, namespaces, syscalls
from autograder.sandbox.landlock import Landlock
from autograder.sandbox.libc import JailError, library, no_new_privs
from autograder.sandbox.trial import Step, Trial

SMALL = jail.Limits(
    memory=64 * 1024**2, cpu=1, file_size=1024**2, disk=1024**2, descriptors=32, threads=24
)
"""Limits that a trial reaches at once."""


@contextmanager
def trials() -> Iterator[list[Trial]]:
    """One trial for each layer, with the files and the listener that they need."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        place = Path(name)
        place.chmod(0o755)
        for file, mode in (("open", 0o644), ("private", 0o600)):
            (place / file).touch()
            (place / file).chmod(mode)
        memory = library.shmget(0, 4096, 0o600)
        try:
            yield [
                *_own_rules(place),
                *_limits(place),
                *_namespaces(place, server.getsockname()[1], memory),
                *_cgroup(),
            ]
        finally:
            library.shmctl(memory, 0, None)
            if base := cgroups.delegated():
                cgroups.sweep(base)


def _own_rules(place: Path) -> list[Trial]:
    """What a process asks of the kernel for itself."""

    def filtered() -> None:
        no_new_privs()
        syscalls.system_call_filter().load()

    def landlocked() -> None:
        rules = Landlock(jail.libraries(), [])
        no_new_privs()
        rules.enforce()

    found = [
        Trial(
            "no_new_privs",
            "set-uid programs",
            no_new_privs,
            (_gain(place),),
        ),
        Trial(
            "seccomp", "sockets, new processes",
            filtered, tuple(jail.forbidden_calls()),
        ),
        Trial(
            "landlock", "files beside one's own",
            landlocked, (lambda: (place / "open").read_text(), lambda: os.listdir(place)),
        ),
    ]  # fmt: skip
    if os.getuid() == 0:
        drop = (lambda: (place / "private").read_text(), lambda: os.setuid(0))
        found.append(Trial("uid", "root's rights", lambda: jail.become(jail.unused_id(0)), drop))
    return found


def _gain(place: Path) -> Step:
    """Gain a right: root makes a set-uid program; others, or where that does nothing, only ask
    whether they could."""

    def could() -> None:
        if library.prctl(39, 0, 0, 0, 0) == 1:  # PR_GET_NO_NEW_PRIVS
            raise PermissionError("rights cannot be gained")

    known, program = shutil.which("id"), place / "id"
    if os.getuid() != 0 or known is None:
        return could
    other = jail.unused_id(1)
    shutil.copyfile(known, program)
    os.chown(program, other, other)
    program.chmod(0o4755)

    def gain() -> None:
        answer = subprocess.run([program, "-u"], capture_output=True, text=True, check=True)
        if answer.stdout.strip() != str(other):
            raise PermissionError("rights cannot be gained")

    try:
        gain()
    except (OSError, subprocess.SubprocessError):
        return could
    return gain


def _limits(place: Path) -> list[Trial]:
    """rlimits, each reached."""

    def limit() -> None:
        jail.set_limits(SMALL, jail.address_space(), jail.threads_of(os.getuid()) + SMALL.threads)

    def limit_threads() -> None:
        roomy = replace(SMALL, memory=1024**3)
        if os.getuid() == 0:
            jail.set_limits(roomy, jail.address_space(), SMALL.threads)
            jail.become(jail.unused_id(0))
        else:
            crowd = jail.threads_of(os.getuid())
            jail.set_limits(roomy, jail.address_space(), crowd + SMALL.threads // 2)

    return [
        Trial("memory", "more memory than allowed", limit, (lambda: bytearray(256 * 1024**2),)),
        Trial("cpu time", "more processor time", limit, (_burn_on,)),
        Trial("open files", "more open files", limit, (_open_files,)),
        Trial("file size", "larger files", limit, (lambda: _write(place),)),
        Trial("threads", "more threads", limit_threads, (_start_threads,)),
    ]


def _namespaces(place: Path, port: int, memory: int) -> list[Trial]:
    """What only namespaces hide: others' processes, memory and network, and the disk itself."""

    def own(name: str) -> Step:
        def enter() -> None:
            if name not in namespaces.isolate(jail.libraries(), SMALL.disk):
                raise JailError("the system forbids it")

        return enter

    def share_memory() -> None:
        if library.shmctl(memory, 2, ctypes.create_string_buffer(512)) < 0:
            raise OSError(ctypes.get_errno(), "no such memory")

    def see_root() -> None:
        if os.stat("/usr/lib").st_uid != 0:
            raise PermissionError("root is nobody here")

    grader = os.getpid()
    found = [
        Trial("network", "connections of any kind", own("network"),
              (lambda: socket.create_connection(("127.0.0.1", port), 5).close(),)),
        Trial("pid", "signals to others", own("pid"),
              (lambda: os.kill(grader, 0),)),
        Trial("ipc", "memory of others", own("ipc"), (share_memory,)),
        Trial("mount", "seeing what is there", own("mount"),
              (lambda: os.stat(place / "open"),)),
        Trial("quota", "filling the disk", own("mount"), (lambda: _write(None),)),
    ]  # fmt: skip
    if os.getuid() != 0:
        found.insert(0, Trial("user", "knowing other users", own("user"), (see_root,)))
    return found


def _cgroup() -> list[Trial]:
    """Limits that hold for all of a zygote's children together."""
    base = cgroups.delegated()
    entered: list[Path] = []

    def enter() -> None:
        if base is None:
            raise JailError("no cgroup is delegated")
        made = cgroups.Cgroup(base, SMALL.memory, SMALL.threads // 2, cores=0.2)
        cgroups.Door(made.path).enter()
        entered.append(made.path)

    def be_fast() -> None:
        _burn(0.1)
        for path in entered:
            if "nr_throttled 0\n" not in (path / "cpu.stat").read_text():
                raise PermissionError("slowed down")

    return [
        Trial("cgroup memory", "more memory, of any kind", enter,
              (lambda: b"x" * (256 * 1024**2),)),
        Trial("cgroup pids", "more tasks", enter, (_start_threads,)),
        Trial("cgroup cpu", "more than one core", enter, (be_fast,)),
    ]  # fmt: skip


def _burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def _burn_on() -> None:
    """Longer than the limit where there is one: the kernel counts in ticks, so it may be late."""
    is_free = resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY
    _burn(0.01 if is_free else 5 * SMALL.cpu)


def _open_files() -> None:
    with ExitStack() as stack:
        for _ in range(SMALL.descriptors + 1):
            stack.enter_context(open(os.devnull, "rb"))


def _write(place: Path | None) -> None:
    with tempfile.TemporaryFile(dir=place) as file:
        file.write(bytes(2 * SMALL.file_size))


def _start_threads() -> None:
    over = threading.Event()
    threading.stack_size(256 * 1024)
    started = []
    try:
        for _ in range(SMALL.threads + 1):
            thread = threading.Thread(target=over.wait, daemon=True)
            thread.start()
            started.append(thread)
    finally:
        over.set()
        for thread in started:  # or they would be counted with the next ones
            thread.join()
