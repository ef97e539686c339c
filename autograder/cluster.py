"""The grading unit mapped over a Dask cluster: `distributed`, of the extra `cluster`.

Each worker of the cluster keeps processes that grade, one for each of its threads; a submission
goes there as bytes and comes back as what `grade_job` returns. Only this program writes anything.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.errors import BrokenNotebook, CourseError, NotSafe
from autograder.grade import Job
from autograder.ground import digest, grader
from autograder.marking import Grade
from autograder.pool import (
    Settings,
    accidents_of,
    default_workers,
    grade_job,
    keep_to_one_core,
    not_graded,
)
from autograder.results import Graded
from autograder.sandbox.libc import die_with_parent

AHEAD = 3
"""Submissions under way for each thread of the cluster: one is graded while others travel. All
else waits here, as a file's name."""


@dataclass(frozen=True)
class Order:
    """What a worker has to know about an assignment: the settings, and the files beside the
    notebook, which are on no disk that it shares with us."""

    settings: Settings
    files: dict[str, bytes]
    grader: str
    """The digest of the code that grades, which must be the same everywhere."""

    @classmethod
    def of(cls, settings: Settings) -> Order:
        """An order that can be sent."""
        place = settings.files
        paths = [path for path in place.rglob("*") if path.is_file()] if place else []
        files = {str(path.relative_to(place)): path.read_bytes() for path in paths} if place else {}
        return cls(replace(settings, files=None), files, grader())


@contextlib.contextmanager
def connected(address: str, patience: float = 10) -> Iterator[Grade]:
    """What does `pool.grade_all`'s work on the cluster with the scheduler at `address`. Raises
    `CourseError` where none answers for `patience` seconds, or `distributed` is missing."""
    try:
        from distributed import Client
    except ImportError:
        raise CourseError(
            "grading on a cluster needs Dask: pip install 'distributed', here and on its workers"
        ) from None
    try:
        client = Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise CourseError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        yield lambda jobs, settings, workers: _grade_all(client, jobs, settings, workers)


def _grade_all(
    client: Any, jobs: Iterable[Job], settings: Settings, workers: int
) -> Iterator[Graded]:
    """Grade notebooks as they come. Dask gives out again what a dying worker loses; what takes
    several workers down comes back as not graded."""
    from distributed import as_completed

    order = Order.of(settings)
    sent = pickle.dumps(order)
    name = f"autograder-{digest(sent)}"
    waiting = iter(jobs)
    running: dict[Any, Job] = {}
    results = as_completed(loop=client.loop)
    if not _threads(client):
        raise CourseError("the Dask scheduler has no workers yet: start some with `dask worker`")
    order_here = client.scatter(sent, broadcast=True, hash=False)

    def send() -> None:
        while len(running) < AHEAD * max(1, _threads(client)):
            job = next(waiting, None)
            if job is None:
                return
            future = client.submit(
                _graded_there, name, order_here, _packed(job, settings), pure=False
            )
            running[future] = job
            results.add(future)

    try:
        send()
        while running:
            future = next(results)
            yield _result(future, running.pop(future), settings)
            future.release()
            send()
    finally:
        for future in running:
            future.cancel()


def _threads(client: Any) -> int:
    return sum(client.nthreads().values())


def _packed(job: Job, settings: Settings) -> Job:
    """A job that needs no file."""
    said = tuple(accidents_of(job, settings.notebook))
    with contextlib.suppress(OSError):
        return replace(job, data=job.read(), said=said)
    return job  # there is none here either: the worker will say so


def _result(future: Any, job: Job, settings: Settings) -> Graded:
    from distributed import KilledWorker

    try:
        graded: Graded = future.result()
    except KilledWorker:
        ended = not_graded(job, settings.notebook, "crash", "grading it ended several workers")
        return replace(ended, unfinished=True)
    except (CourseError, NotSafe):
        raise
    except Exception as error:
        detail = f"the cluster failed with {type(error).__name__}: {error}"
        return replace(not_graded(job, settings.notebook, "crash", detail), unfinished=True)
    return graded


# --- on a worker of the cluster ------------------------------------------------------------------


class Grading:
    """A process that grades for one thread of a worker, and ends with it."""

    def __init__(self, order: bytes) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.cluster"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=True,
        )
        self._send(order)

    def grade(self, job: Job) -> Graded:
        """Grade a submission there. Raises `EOFError` when that ended the process."""
        self._send(pickle.dumps(job))
        assert self._process.stdout is not None
        answer = pickle.load(self._process.stdout)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Graded)
        return answer

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            pickle.dump(data, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise EOFError from None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


_mine = threading.local()


def _graded_there(name: str, order: bytes, job: Job) -> Graded:
    """Grade one job in this thread's process; once more where that ends it. The process is
    another for each order."""
    for _ in range(2):
        if getattr(_mine, "name", None) != name:
            if hasattr(_mine, "grading"):
                _mine.grading.close()
            _mine.grading, _mine.name = Grading(order), name
        try:
            graded: Graded = _mine.grading.grade(job)
            return graded
        except EOFError:
            _mine.grading.close()
            _mine.name = None
    settings = pickle.loads(order).settings
    ended = not_graded(job, settings.notebook, "crash", "grading it ended the grader")
    return replace(ended, unfinished=True)


def serve() -> None:
    """Be the process behind a `Grading`: read an order, then jobs; write what comes of them."""
    die_with_parent()
    core = keep_to_a_free_core()
    come, go = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints is no answer
    order: Order = pickle.loads(pickle.load(come))
    with tempfile.TemporaryDirectory() as name:
        files = _placed(order.files, Path(name))
        bench = None
        with contextlib.suppress(EOFError):
            while True:
                job: Job = pickle.loads(pickle.load(come))
                try:
                    if order.grader != grader():
                        raise CourseError("the cluster's workers have another autograder than here")
                    bench = bench or replace(order.settings, files=files).bench(os.getpid())
                    answer: Graded | Exception = grade_job(bench, job)
                except (BrokenNotebook, CourseError, NotSafe, OSError) as error:
                    answer = error
                pickle.dump(answer, go)
                go.flush()
        if bench is not None:
            bench.close()
    if core is not None:
        core.close()


def keep_to_a_free_core(kind: str = "autograder") -> Any:
    """Keep to one core, as workers do that are started here: one that no other process of this kind
    on this machine has. Returns what holds it, as long as it is kept; None where all are taken."""
    for core in range(default_workers()):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0{kind}-{os.getuid()}-core-{core}")
        except OSError:
            claim.close()
            continue
        keep_to_one_core(core)
        return claim
    return None


def _placed(files: dict[str, bytes], directory: Path) -> Path | None:
    """The files in a directory, as a child may read them; None if there are none."""
    directory.chmod(0o755)
    for relative, data in files.items():
        target = directory / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(0o644)
    return directory if files else None


if __name__ == "__main__":
    # pickle must find these classes under the module's own name
    from autograder.cluster import serve as serve_here

    serve_here()
