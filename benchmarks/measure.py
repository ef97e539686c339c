"""Two functions timed side by side, and what they ran on.

Rounds alternate between the two, so a slow moment of the machine hits both; the ratio is taken in
each round and the median of the ratios reported.
"""

import os
import platform
import statistics
import time
from importlib import metadata

import numpy as np

__all__ = ["compare", "conditions"]

BUDGET = 0.15  # seconds a function gets per round, repeated until they are used up


def compare(ours, theirs, rounds):
    """Median milliseconds per call and median ratio; theirs may be None."""
    functions = [f for f in (ours, theirs) if f is not None]
    repeats = [_repeats(f) for f in functions]
    times = [[_time(f, n) for f, n in zip(functions, repeats, strict=True)] for _ in range(rounds)]
    medians = [1000 * statistics.median(column) for column in zip(*times, strict=True)]
    if theirs is None:
        return {"nnlib_ms": medians[0], "torch_ms": None, "ratio": None}
    ratio = statistics.median(a / b for a, b in times)
    return {"nnlib_ms": medians[0], "torch_ms": medians[1], "ratio": ratio}


def conditions():
    """The machine, the libraries and the threads that the numbers belong to."""
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "threads": int(os.environ.get("OPENBLAS_NUM_THREADS", 0)),
        "blas": _blas(),
        "numpy": np.__version__,
        "torch": _version("torch"),
    }


def _repeats(f):
    """How many calls fill the budget; the calls here also warm up."""
    f()
    return max(1, int(BUDGET / _time(f, 2)))


def _time(f, n):
    """Seconds per call."""
    start = time.perf_counter()
    for _ in range(n):
        f()
    return (time.perf_counter() - start) / n


def _blas():
    """Name and version of numpy's BLAS, and its kernels where threadpoolctl can tell."""
    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    name = f"{built.get('name', 'unknown')} {built.get('version', '')}".strip()
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return name
    kernels = {
        pool.get("architecture") for pool in threadpool_info() if "numpy" in pool["filepath"]
    }
    return " ".join([name, *sorted(kernel for kernel in kernels if kernel)])


def _version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
