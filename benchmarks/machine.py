"""What the machine itself gives to several processes that have nothing to do with each other.

Each, on a core of its own, runs a lecture's cells and tests by plain `exec` in forks of itself.
Where two cores are two threads of one, or share a cache, two processes do less than twice one.
"""

import multiprocessing
import time

from autograder.pool import keep_to_one_core
from autograder.restore import restore
from autograder.sandbox.examiner import warm
from autograder.submission import read_notebook
from benchmarks.bound import exec_in_fork

__all__ = ["per_second"]


def per_second(notebook, texts, number, seconds):
    """Submissions a second that so many processes do together, measured for so many seconds."""
    context = multiprocessing.get_context("spawn")
    work = (context.Barrier(number), notebook, texts, seconds)
    with context.Pool(number, _remember, (work,)) as pool:
        return sum(pool.map(_per_second, range(number), chunksize=1))


def _remember(work):
    """A barrier can only be handed to a process as it starts."""
    global _work
    _work = work


def _per_second(slot):
    together, notebook, texts, seconds = _work
    keep_to_one_core(slot)
    warm(notebook)
    plans = [restore(read_notebook(text.encode())[0], notebook).steps for text in texts]
    for steps in plans:
        exec_in_fork(steps)
    together.wait()  # nobody measures before all are warm
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        exec_in_fork(plans[done % len(plans)])
        done += 1
    return done / (time.perf_counter() - start)
