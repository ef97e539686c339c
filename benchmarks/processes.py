"""What a running grader's processes take: memory of the main one, and of each worker with all it
started; processor time of all.

Memory is the proportional set size (PSS): a page that several processes share counts once in all.
Where Linux does not show that of a process, its resident size stands for it, which is more.
"""

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Sample", "sample"]

MB = 1e6
PROC = Path("/proc")


@dataclass(frozen=True)
class Sample:
    """Megabytes of the main process and of each of its workers; seconds of processor time of all
    since they began, those that have ended included."""

    main: float
    workers: tuple[float, ...]
    cpu: float = 0.0


def sample(pid, proc=PROC):
    """Look at a grader's processes now."""
    children = _children(proc)
    whole = _tree(pid, children)
    workers = [_tree(worker, children) for worker in _workers(pid, children, proc)]
    sizes = {process: _size(proc / str(process)) for process in whole}
    of_workers = tuple(sum(sizes.get(process, 0) for process in tree) for tree in workers)
    cpu = sum(_cpu(proc / str(process)) for process in whole)
    return Sample(sum(sizes.values()) - sum(of_workers), of_workers, cpu)


def _children(proc):
    """The processes that each process started."""
    children = defaultdict(list)
    for place in proc.glob("[0-9]*"):
        if fields := _stat(place):
            children[int(fields[1])].append(int(place.name))
    return children


def _tree(pid, children):
    """A process and all that it and those below it started."""
    return [pid, *(below for child in children[pid] for below in _tree(child, children))]


def _workers(pid, children, proc):
    """The processes in which `multiprocessing` works."""
    for child in children[pid]:
        if "--multiprocessing-fork" in _read(proc / str(child) / "cmdline"):
            yield child


def _size(place):
    """0 for a process that has just ended."""
    try:
        found = re.search(r"^Pss: +(\d+) kB", (place / "smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) * 1024 / MB if found else 0.0
    except PermissionError:
        found = re.search(r"^VmRSS:\s+(\d+) kB", _read(place / "status"), re.MULTILINE)
        return int(found[1]) * 1024 / MB if found else 0.0
    except OSError:
        return 0.0


def _cpu(place):
    """Of a process, and of those of its children that have ended."""
    return sum(int(ticks) for ticks in _stat(place)[11:15]) / os.sysconf("SC_CLK_TCK")


def _stat(place):
    """The numbers that follow a process's name, from its state on; none once it has ended."""
    return _read(place / "stat").rpartition(")")[2].split()


def _read(file):
    """Nothing, once the process has ended."""
    try:
        return file.read_text(errors="replace")
    except OSError:
        return ""
