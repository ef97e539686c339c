"""seccomp: the system calls that a confined process may make."""

from __future__ import annotations

import ctypes
import errno
import os

from autograder.sandbox.libc import JailError, checked, library, no_new_privs

try:
    import pyseccomp as seccomp
except (ImportError, RuntimeError, OSError):  # the package, or the system's libseccomp, is missing
    seccomp = None

_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range
open openat openat2 access faccessat faccessat2 stat lstat fstat newfstatat statx readlink
readlinkat getcwd chdir fchdir getdents64 statfs fstatfs mkdir mkdirat rmdir unlink unlinkat
rename renameat renameat2 ftruncate fallocate fsync fdatasync flock dup dup2 dup3
umask fadvise64 copy_file_range sendfile pipe pipe2 poll ppoll select pselect6
epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
mmap munmap mremap mprotect madvise brk mincore msync
futex set_robust_list get_robust_list rseq membarrier sched_yield sched_getaffinity
sched_getparam sched_getscheduler getcpu
getpid gettid getppid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp getpgid
getsid getrlimit getrusage times uname sysinfo getrandom capget
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time getitimer setitimer alarm
rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack pause
set_tid_address arch_prctl exit exit_group restart_syscall
""".split()
_MESSAGES = "sendmsg recvmsg sendto recvfrom".split()
_THREAD = 0x00010000  # CLONE_THREAD
_TERMINAL = (0x5401, 0x5413, 0x5450, 0x5451, 0x541B, 0x5421)
"""ioctl requests: is it a terminal, its size, close on exec or not, bytes waiting, non-blocking."""
_PR_SET_NAME, _PR_GET_NAME = 15, 16
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_DESCRIPTOR = (0, 1, 2, 3, 4, 1030)
"""fcntl commands: duplicate a descriptor, read and set its flags. Not among them: to whom it sends
a signal, and which."""


def system_call_filter(messages: bool = False) -> SystemCallFilter:
    """The calls that Python, numpy and matplotlib need to compute; all others fail with EPERM.
    `messages` adds those by which the examiner receives a descriptor."""
    if seccomp is None:
        raise JailError("seccomp needs the pyseccomp package and the system's libseccomp")
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in _ALLOWED + (_MESSAGES if messages else []):
        if _exists(name):
            rules.add_rule(seccomp.ALLOW, name)
    rules.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, _THREAD, _THREAD))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # so that libc falls back to clone
    rules.add_rule(seccomp.ALLOW, "prlimit64", seccomp.Arg(0, seccomp.EQ, 0))
    for request in _TERMINAL:
        rules.add_rule(seccomp.ALLOW, "ioctl", seccomp.Arg(1, seccomp.EQ, request))
    for command in _DESCRIPTOR:
        rules.add_rule(seccomp.ALLOW, "fcntl", seccomp.Arg(1, seccomp.EQ, command))
    for option in (_PR_SET_NAME, _PR_GET_NAME):
        rules.add_rule(seccomp.ALLOW, "prctl", seccomp.Arg(0, seccomp.EQ, option))
    return SystemCallFilter(rules)


class _Program(ctypes.Structure):
    """`struct sock_fprog`: a number of instructions of 8 bytes, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


class SystemCallFilter:
    """A seccomp filter: compiled once, loaded by each process that is to be confined."""

    def __init__(self, rules: seccomp.SyscallFilter) -> None:
        with os.fdopen(os.memfd_create("filter"), "w+b") as file:
            rules.export_bpf(file)
            file.seek(0)
            self._instructions = file.read()

    def load(self) -> None:
        """From here on this process and its threads are limited to the filter's calls."""
        no_new_privs()
        program = _Program(len(self._instructions) // 8, self._instructions)
        loaded = library.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)
        checked(loaded, "seccomp")


def _exists(name: str) -> bool:
    try:
        return int(seccomp.resolve_syscall(seccomp.system_arch(), name)) >= 0
    except (ValueError, OSError):
        return False  # an older call that this architecture never had


def available() -> bool:
    """Whether the package and the system's library are there."""
    return seccomp is not None
