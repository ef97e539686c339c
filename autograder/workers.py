"""Where worker processes come from: forks of a server that has imported what all of them need."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing import forkserver

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["autograder.pool", "matplotlib.pyplot"])


def start() -> None:
    """Start the server, if it does not run: it imports while this process does something else. A
    worker keeps to one core, and so do its matrix products."""
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    forkserver.ensure_running()


def end_with_the_grader() -> None:
    """Let this worker end when the process that uses it does: then the server ends, and with the
    server its forks."""
    from autograder.sandbox.libc import die_with_parent

    die_with_parent()
    grader = multiprocessing.parent_process()
    if grader is None or not grader.is_alive():
        os._exit(1)
