"""The C library's calls that Python has no name for, with errors raised."""

from __future__ import annotations

import ctypes
import os
import signal

library = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


class JailError(Exception):
    """A layer was asked for and could not be put on."""


def checked(result: int, what: str) -> int:
    """The result of a call, or `JailError` with what it was for."""
    if result < 0:
        raise JailError(f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def no_new_privs() -> None:
    """Nothing this process starts can gain a privilege."""
    checked(library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def not_dumpable() -> None:
    """Others of the same user can neither trace this process nor read its memory."""
    checked(library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends."""
    checked(library.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0), "pdeathsig")
