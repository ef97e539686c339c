"""Namespaces: a zygote and its children see no network, no other process and little of the disk."""

from __future__ import annotations

import ctypes
import os
import platform
import tempfile
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.libc import JailError, checked, die_with_parent, library

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18
_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}


def isolate(readable: Iterable[Path], disk: int) -> tuple[str, ...]:
    """Move this (single-threaded) process into namespaces of its own and fork into the new PID
    namespace: the parent waits for the child and ends with it; only the child returns.

    Returns the layers that this machine allowed, of `user`, `network`, `pid`, `ipc` and
    `mount`.
    """
    if not _may_unshare():
        return ()
    layers = [] if os.getuid() == 0 else ["user"]
    layers += ["network", "pid", "ipc"]
    _unshare()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    die_with_parent()
    try:
        _new_root(readable, disk)
        layers.append("mount")
    except (JailError, OSError):
        pass  # some containers forbid mounts; Landlock closes the disk all the same
    return tuple(layers)


def _unshare() -> None:
    """Leave the namespaces of the system; who is not root needs a user namespace for that."""
    uid, gid = os.getuid(), os.getgid()
    flags = _NEWPID | _NEWNET | _NEWIPC | _NEWUTS | _NEWNS
    checked(library.unshare(flags if uid == 0 else flags | _NEWUSER), "unshare")
    if uid != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _may_unshare() -> bool:
    """Tried in a child: some systems give a namespace in which one then is nobody."""
    pid = os.fork()
    if pid == 0:
        try:
            _unshare()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _new_root(readable: Iterable[Path], size: int) -> None:
    """Change the root to a small file system in memory that shows only `readable`, read-only."""
    if platform.machine() not in _PIVOT_ROOT:
        raise JailError("no mount namespace on this architecture")
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    root = tempfile.mkdtemp()
    _mount("tmpfs", root, "tmpfs", _MS_NOSUID | _MS_NODEV, f"size={size},nr_inodes=4096,mode=755")
    for path in [*outermost(readable), Path("/dev/null"), Path("/dev/urandom")]:
        _show(path, root)
    os.makedirs(f"{root}/tmp", exist_ok=True)
    os.mkdir(f"{root}/.old")
    checked(
        library.syscall(_PIVOT_ROOT[platform.machine()], root.encode(), f"{root}/.old".encode()),
        "pivot_root",
    )
    os.chdir("/")
    checked(library.umount2(b"/.old", _MNT_DETACH), "umount")
    os.rmdir("/.old")
    tempfile.tempdir = "/tmp"


def _show(path: Path, root: str) -> None:
    target = Path(root + str(path))
    if target.is_symlink() or target.exists() or not path.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        target.symlink_to(os.readlink(path))
        return
    if path.is_dir():
        target.mkdir()
    else:
        target.touch()
    _mount(str(path), str(target), None, _MS_BIND | _MS_REC)
    if path.parts[1] != "dev":
        kept = os.statvfs(path).f_flag & (_MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
        _mount(None, str(target), None, _MS_BIND | _MS_REMOUNT | _MS_RDONLY | kept)


def outermost(paths: Iterable[Path]) -> list[Path]:
    """Paths without those that lie inside another of them."""
    chosen: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(other) for other in chosen):
            chosen.append(path)
    return chosen


def _mount(
    source: str | None, target: str, kind: str | None, flags: int, data: str | None = None
) -> None:
    def raw(text: str | None) -> bytes | None:
        return None if text is None else text.encode()

    result = library.mount(raw(source), raw(target), raw(kind), ctypes.c_ulong(flags), raw(data))
    checked(result, "mount")
