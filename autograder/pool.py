"""Runs the grading unit on local processes; work that a dying worker loses is given out again."""

from __future__ import annotations

import errno
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import check
from autograder.errors import BrokenNotebook, NotSafe
from autograder.grade import Bench, Job
from autograder.handed_in import accidents
from autograder.results import Event, Graded, Status, TestResult
from autograder.sandbox.libc import die_with_parent
from autograder.sandbox.rules import Rules
from autograder.source import SourceNotebook


@dataclass(frozen=True)
class Settings:
    """What every worker needs to know."""

    notebook: SourceNotebook
    files: Path | None
    rules: Rules = Rules()
    secret: str = check.PUBLIC
    unsafe: bool = False
    prove: bool = False
    """Grade the reference first, and allow for what it needs."""

    def bench(self, slot: int = 0) -> Bench:
        """A place to grade with these settings, ready to begin."""
        bench = Bench(
            self.notebook,
            self.files,
            slot=slot,
            rules=self.rules,
            secret=self.secret,
            unsafe=self.unsafe,
        )
        if self.prove:
            bench.prove()
        return bench


def default_workers() -> int:
    """As many workers as this process may use cores."""
    return len(os.sched_getaffinity(0))


def grade_all(jobs: Iterable[Job], settings: Settings, workers: int) -> Iterator[Graded]:
    """Grade notebooks as they come, in no particular order. What was under way when a worker died
    is tried once more, each alone, so that only the one that takes its worker down twice comes back
    as not graded."""
    waiting, lost = deque(jobs), deque[Job]()
    while waiting:
        yield from _round(waiting, lost, settings, min(workers, len(waiting)))
    for job in lost:
        lost_again = deque[Job]()
        yield from _round(deque([job]), lost_again, settings, 1)
        for culprit in lost_again:
            ended = not_graded(culprit, settings.notebook, "crash", "grading it ended the grader")
            yield replace(ended, unfinished=True)


def _round(
    waiting: deque[Job], lost: deque[Job], settings: Settings, workers: int
) -> Iterator[Graded]:
    """Work until all is done or a worker dies; what was under way is then `lost`."""
    context = multiprocessing.get_context("spawn")
    slots = context.Value("i", 0)
    running: dict[Future[Graded], Job] = {}
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start, initargs=(settings, slots, os.getpid())
    ) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < 2 * workers:
                    future = pool.submit(_grade, waiting[0])
                    running[future] = waiting.popleft()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    graded = future.result()
                    del running[future]
                    yield graded
        except BrokenProcessPool:
            lost.extend(running.values())
        except BaseException:  # nobody will take what is left
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_bench: Bench | None = None
_hindrance: Exception | None = None


def _start(settings: Settings, slots: object, grader: int) -> None:
    """Set up a worker, which ends with the grader, however that ends. What hinders it is raised by
    its first job, where the grader sees it: an initializer that raises would only look like a
    worker that died."""
    global _bench, _hindrance
    die_with_parent()
    if os.getppid() != grader:
        os._exit(1)
    with slots.get_lock():  # type: ignore[attr-defined]
        slot = slots.value  # type: ignore[attr-defined]
        slots.value += 1  # type: ignore[attr-defined]
    keep_to_one_core(slot)
    try:
        _bench = settings.bench(slot)
    except Exception as error:
        _hindrance = error


def keep_to_one_core(slot: int) -> None:
    """Examiner and student work in turns, never at once: on one core a message between them takes
    a fraction of the time that waking another core takes. What a worker starts inherits it."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[slot % len(cores)]})


def _grade(job: Job) -> Graded:
    if _hindrance is not None:
        raise _hindrance
    assert _bench is not None
    return grade_job(_bench, job)


def grade_job(bench: Bench, job: Job) -> Graded:
    """Grade one job; a file that cannot be read is *not graded*, with the reason."""
    try:
        data = job.read()
    except OSError as error:
        return not_graded(job, bench.notebook, "unreadable", f"{job.path.name}: {error.strerror}")
    try:
        said = accidents_of(job, bench.notebook)
        return bench.grade(job.student, job.assignment, data, job.only, said)
    except BrokenNotebook as error:
        return not_graded(job, bench.notebook, "unreadable", f"{job.path.name}: {error}")
    except NotSafe:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _failed(job, bench, error)
    except Exception as error:  # a mistake of the grader's own must not cost everybody else
        return _failed(job, bench, error)


def _failed(job: Job, bench: Bench, error: Exception) -> Graded:
    detail = f"{job.path.name}: the grader failed with {type(error).__name__}: {error}"
    return replace(not_graded(job, bench.notebook, "crash", detail), unfinished=True)


def accidents_of(job: Job, notebook: SourceNotebook) -> list[Event]:
    """What there is to say about the name of a job's file, and about what lies beside it."""
    others = {path.stem for path in notebook.path.parent.glob("*.ipynb")}
    return accidents(job.path, job.notebook, others) if job.data is None else list(job.said)


def not_graded(job: Job, notebook: SourceNotebook, kind: str, reason: str) -> Graded:
    """The result of a notebook that could not be graded: no score anywhere, never a 0."""
    tests = tuple(
        TestResult(
            cell.grade_id, cell.exercise, cell.title, cell.points, None, Status.NOT_GRADED, reason
        )
        for cell in notebook.tests
    )
    events = (Event(kind, reason),)
    return Graded(job.student, job.assignment, job.notebook, tests, events, "", 0.0)
