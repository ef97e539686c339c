"""How grading scales: with the workers, with the class, and on a cluster.

All runs are the whole command `autograder grade`. When a submission was done is told by the file
that `grade` writes last of it, so that the start of a run, which takes seconds, does not count.
"""

import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from autograder.pool import default_workers
from autograder.submissions import FINGERPRINT
from benchmarks import machine
from benchmarks.grading import ROOT, STORIES, new_course
from benchmarks.processes import sample

ASSIGNMENT = "02_logistic_regression"
MOST = 200
"""Submissions in a run that is only about throughput."""
LEAST = 2 * len(STORIES)
"""Submissions in any run: each kind of them twice."""
MARKS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
"""Where the cost of a submission is looked at, in submissions done so far."""


@dataclass(frozen=True)
class Finding:
    """A number, what it has to be at least or at most, and what it was made of."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
    parts: dict = field(default_factory=dict)

    @property
    def reached(self):
        """True also where there is nothing to reach."""
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    def record(self):
        """As the file of results keeps it."""
        targets = {"at_least": self.at_least, "at_most": self.at_most}
        return {"workload": self.name, "value": self.value, "unit": self.unit, **targets} | (
            self.parts
        )


# --- a run, and what its moments say -------------------------------------------------------------


def run(course, *options, watch=lambda pid: None, every=1.0):
    """Grade the class, all of it; returns the seconds at which each submission was done, in order.
    `watch` is given the grader's process every so many seconds."""
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--force", *options]
    command += ["--course", str(course.root)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as grader:
        said = None
        while said is None:
            try:
                said, _ = grader.communicate(timeout=every)
            except subprocess.TimeoutExpired:
                watch(grader.pid)
    if grader.returncode:
        raise RuntimeError(f"{' '.join(command[1:4])} failed: {said[-2000:]}")
    files = (course.root / "autograded").glob(f"*/{ASSIGNMENT}/{FINGERPRINT}")
    return sorted(file.stat().st_mtime for file in files)


def per_second(moments, workers):
    """Submissions a second while all workers are at work: without the first and last of each."""
    steady = moments[workers : len(moments) - workers]
    return (len(steady) - 1) / (steady[-1] - steady[0])


def seconds_each(moments, first, last):
    """Mean seconds a submission took, of those after the `first` up to the `last`."""
    return (moments[last - 1] - moments[first - 1]) / (last - first)


def tenth(moments):
    """How many submissions a tenth of the class is, in whole turns of the kinds there are."""
    return max(1, len(moments) // 10 // len(STORIES)) * len(STORIES)


def at_marks(moments):
    """(number done, mean seconds a submission since the number before) along a run."""
    numbers = [1, *(mark for mark in MARKS if mark < len(moments)), len(moments)]
    return [(last, seconds_each(moments, first, last)) for first, last in pairwise(numbers)]


# --- with the workers ----------------------------------------------------------------------------


def with_workers(count, rounds, seconds=5.0):
    """The throughput of 1, 2, 4, … workers up to the cores, beside what the same cores give to as
    many processes that have nothing to do with each other: plain `exec` of the same cells."""
    numbers = powers_of_two(default_workers())
    with tempfile.TemporaryDirectory() as directory:
        course, texts = new_course(directory, ASSIGNMENT, count)
        (notebook,) = course.assignment(ASSIGNMENT).notebooks
        run(course)  # the rows are there from now on, for everybody
        speeds = [
            {
                number: (
                    per_second(run(course, "--workers", str(number)), number),
                    machine.per_second(notebook, texts[: len(STORIES)], number, seconds),
                )
                for number in numbers
            }
            for _ in range(rounds)
        ]
    return [scaled(speeds, number) for number in numbers]


def powers_of_two(cores):
    """1, 2, 4, … and the number of cores itself."""
    return [*(2**n for n in range(cores.bit_length()) if 2**n < cores), cores]


def scaled(speeds, workers):
    """What so many workers make of it; `speeds` are rounds of {workers: (ours, the machine's)}."""
    ours, machines = (
        statistics.median(row[workers][column] / row[1][column] for row in speeds)
        for column in (0, 1)
    )
    rate = 60 * statistics.median(row[workers][0] for row in speeds)
    parts = {"workers": workers, "per_minute": rate, "speed_up": ours, "machine": machines}
    if workers == 1:
        return Finding("scaling: 1 worker", rate, "a minute", parts=parts)
    return Finding(
        f"scaling: speed-up of {workers} workers / the machine's own",
        statistics.median(
            (row[workers][0] / row[1][0]) / (row[workers][1] / row[1][1]) for row in speeds
        ),
        at_least=1.85 / 2 if workers == 2 else None,
        note=f"{ours:.2f} / {machines:.2f}; {rate:.0f} a minute",
        parts=parts,
    )


# --- with the class ------------------------------------------------------------------------------


def with_the_class(count):
    """Time and memory along one run over a class that was never graded before."""
    samples = []
    with tempfile.TemporaryDirectory() as directory:
        course, _ = new_course(directory, ASSIGNMENT, count)
        moments = run(course, watch=lambda pid: samples.append((time.time(), sample(pid))))
    return [*flat_time(moments), *flat_cpu(moments, samples), *flat_memory(moments, samples)]


def flat_time(moments):
    """The last tenth of the class beside the first."""
    some = tenth(moments)
    first = seconds_each(moments, 1, 1 + some)
    last = seconds_each(moments, len(moments) - some, len(moments))
    points = [[number, 1000 * seconds] for number, seconds in at_marks(moments)]
    return [
        Finding(
            "scaling: time of the last tenth / the first",
            last / first,
            at_most=1.1,
            note=f"{1000 * last:.0f} / {1000 * first:.0f} ms a submission, class of {len(moments)}",
            parts={"class": len(moments), "milliseconds": points},
        )
    ]


def flat_cpu(moments, samples):
    """Processor time of a submission, of all processes, start excluded; `samples` are (moment,
    Sample). Other work on the machine changes it less than it changes the time."""
    some = tenth(moments)

    def each(first, last):
        used = np.interp(
            [moments[first], moments[last]],
            [moment for moment, _ in samples],
            np.maximum.accumulate([found.cpu for _, found in samples]),  # some end before it does
        )
        return 1000 * (used[1] - used[0]) / (last - first)

    end = len(moments) - 1
    first, last, whole = each(0, some), each(end - some, end), each(0, end)
    return [
        Finding(
            "scaling: processor time", whole, "ms",
            note=f"a submission; first tenth {first:.0f}, last {last:.0f}",
            parts={"class": len(moments), "first_tenth": first, "last_tenth": last},
        )
    ]  # fmt: skip


def flat_memory(moments, samples):
    """The most that the main process and any worker had."""
    some = tenth(moments)
    mains = [(moment, found.main) for moment, found in samples if found.main]
    start, end = moments[0], moments[-1]
    begin = _typical(mains, start, moments[some])
    finish = _typical(mains, moments[-some], end)
    most = max(size for _, size in mains)
    worker = max((size for _, found in samples for size in found.workers), default=0.0)
    return [
        Finding(
            "scaling: memory of the main process", most, "MB", at_most=300,
            note=f"first tenth {begin:.0f}, last {finish:.0f}",
            parts={"class": len(moments), "first_tenth": begin, "last_tenth": finish},
        ),
        Finding(
            "scaling: memory of a worker", worker, "MB", at_most=250,
            note="with its zygote, its examiner and the students' processes",
            parts={"class": len(moments)},
        ),
    ]  # fmt: skip


def _typical(sizes, start, end):
    """The median between two moments; of the sample nearest to the end where none was taken."""
    inside = [size for moment, size in sizes if start <= moment <= end]
    return statistics.median(inside or [min(sizes, key=lambda pair: abs(pair[0] - end))[1]])


# --- on a cluster --------------------------------------------------------------------------------


def on_a_cluster(count, rounds):
    """The throughput on a Dask cluster of this machine's cores, beside that without it."""
    from distributed import LocalCluster

    workers = default_workers()
    with (
        tempfile.TemporaryDirectory() as directory,
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None,
            worker_dashboard_address=None,
        ) as cluster,
    ):  # fmt: skip
        course, _ = new_course(directory, ASSIGNMENT, count)
        there = ("--cluster", cluster.scheduler_address)
        run(course, *there)  # the rows are there from now on, for both
        speeds = [
            (per_second(run(course, *there), workers), per_second(run(course), workers))
            for _ in range(rounds)
        ]
    return [clustered(speeds)]


def clustered(speeds):
    """`speeds` are rounds of (there, here), submissions a second."""
    there, here = (60 * statistics.median(column) for column in zip(*speeds, strict=True))
    return Finding(
        "scaling: throughput on a cluster / here",
        statistics.median(one / other for one, other in speeds),
        at_least=0.9,
        note=f"{there:.0f} / {here:.0f} a minute",
        parts={"per_minute": there, "here_per_minute": here},
    )


# --- all of it -----------------------------------------------------------------------------------


def tasks(class_size):
    """What can be measured, by name: each a function of the number of rounds."""
    size = max(LEAST, class_size)
    few = min(size, MOST)
    found = {
        "scaling with the workers": lambda rounds: with_workers(few, min(5, rounds)),
        "scaling with the class": lambda rounds: with_the_class(size),
    }
    if importlib.util.find_spec("distributed"):
        found["scaling on a cluster"] = lambda rounds: on_a_cluster(few, min(3, rounds))
    return found
