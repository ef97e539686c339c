"""One submission after another in one lean process: in the sandbox, and by plain `exec`.

The lower bound runs the same cells, and each test whole, once, in a fork of this warm process: no
isolation, no outputs, no gradebook.
"""

import contextlib
import io
import os
import sys
import time
from pathlib import Path

from autograder.grade import Bench
from autograder.pool import keep_to_one_core
from autograder.restore import restore
from autograder.source import SourceNotebook
from autograder.submission import read_notebook

__all__ = ["exec_in_fork", "side_by_side"]


def side_by_side(
    notebook: SourceNotebook, files: Path | None, texts: list[str], rounds: int
) -> list[tuple[float, float]]:
    """Seconds a submission, in the sandbox and by plain `exec`, of each round."""
    keep_to_one_core(0)
    plans = [restore(read_notebook(text.encode())[0], notebook).steps for text in texts]
    bench = Bench(notebook, files)
    try:
        for text, steps in zip(texts, plans, strict=True):  # warm up
            bench.grade("student", notebook.name, text.encode())
            exec_in_fork(steps)
        return [
            (
                _seconds(lambda t: bench.grade("student", notebook.name, t.encode()), texts),
                _seconds(exec_in_fork, plans),
            )
            for _ in range(rounds)
        ]
    finally:
        bench.close()


def _seconds(work, items):
    start = time.perf_counter()
    for item in items:
        work(item)
    return (time.perf_counter() - start) / len(items)


def exec_in_fork(steps):
    pid = os.fork()
    if pid == 0:
        try:
            _exec(steps)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def _exec(steps):
    main = sys.modules["__main__"].__dict__
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for step in steps:
            if step.runs:
                source = step.cell.source if step.kind == "test" else step.source
                with contextlib.suppress(Exception):
                    exec(compile(source, "<cell>", "exec"), main)
