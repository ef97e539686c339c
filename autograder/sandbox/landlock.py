"""Landlock: the kernel closes the disk to a process that asks for it, no privilege needed."""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.libc import JailError, checked, library

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FS_RIGHTS_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_FILE_RIGHTS = (1 << 0) | (1 << 1) | _READ_FILE | (1 << 14) | (1 << 15)
_WORK_RIGHTS = (
    _READ_FILE | _READ_DIR | (1 << 1) | (1 << 4) | (1 << 5) | (1 << 7) | (1 << 8) | (1 << 14)
)


def abi_version() -> int:
    """The kernel's Landlock version, 0 where there is none."""
    version = int(library.syscall(_CREATE_RULESET, None, 0, 1))
    return max(0, version)


class Landlock:
    """A rule set: open it while paths can still be opened, `enforce` it after no_new_privs."""

    def __init__(self, readable: Iterable[Path], writable: Iterable[Path]) -> None:
        abi = abi_version()
        if not abi:
            raise JailError("the kernel has no Landlock")
        self._handled = _FS_RIGHTS_BY_ABI[max(a for a in _FS_RIGHTS_BY_ABI if a <= abi)]
        net, scoped = (0b11 if abi >= 4 else 0), (0b11 if abi >= 6 else 0)
        attributes = struct.pack("QQQ", self._handled, net, scoped)
        size = 8 if abi < 4 else 16 if abi < 6 else 24
        self._fd = checked(library.syscall(_CREATE_RULESET, attributes, size, 0), "Landlock")
        for path in readable:
            self._allow(path, _READ_FILE | _READ_DIR)
        for path in writable:
            self._allow(path, _WORK_RIGHTS)

    def _allow(self, path: Path, rights: int) -> None:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return  # what does not exist needs no rule
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= _FILE_RIGHTS
        rule = struct.pack("=Qi", rights & self._handled, fd)
        checked(library.syscall(_ADD_RULE, self._fd, 1, rule, 0), f"Landlock rule for {path.name}")
        os.close(fd)

    def enforce(self) -> None:
        """From here on only what the rules name can be opened."""
        checked(library.syscall(_RESTRICT_SELF, self._fd, 0), "Landlock")
        os.close(self._fd)
