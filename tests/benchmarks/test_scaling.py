"""How grading scales: the arithmetic on made-up moments and memory, and one small run of it all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

from benchmarks import processes, scaling
from benchmarks.curve import draw, draw_class, draw_workers
from benchmarks.processes import Sample
from benchmarks.scaling import Finding

ROOT = Path(__file__).resolve().parents[2]

STEADY = [100 + 0.5 * n for n in range(160)]
"""A submission every half second, the first at 100."""


# --- time ----------------------------------------------------------------------------------------


def test_throughput_is_that_while_all_workers_are_at_work():
    slow_ends = [0.0, 90.0, *STEADY, 900.0, 1900.0]
    assert scaling.per_second(slow_ends, workers=2) == pytest.approx(2)


def test_tenths_are_whole_turns_of_the_kinds_of_submissions():
    assert [scaling.tenth(range(n)) for n in (16, 100, 200, 5000)] == [8, 8, 16, 496]


def test_marks_end_with_the_class():
    points = scaling.at_marks(STEADY)
    assert [number for number, _ in points] == [10, 20, 50, 100, 160]
    assert [seconds for _, seconds in points] == pytest.approx([0.5] * 5)


def test_a_run_that_slows_down_misses():
    slower = STEADY[:-16] + [STEADY[-17] + 0.6 * (n + 1) for n in range(16)]
    (flat,), (steep,) = scaling.flat_time(STEADY), scaling.flat_time(slower)
    assert (flat.value, flat.reached) == (pytest.approx(1), True)
    assert (steep.value, steep.reached) == (pytest.approx(1.2), False)


def test_workers_are_powers_of_two_and_all_cores():
    assert [scaling.powers_of_two(n) for n in (1, 2, 6, 8)] == [
        [1], [1, 2], [1, 2, 4, 6], [1, 2, 4, 8]
    ]  # fmt: skip


def test_speed_up_is_beside_the_machine_of_the_same_round():
    speeds = [{1: (10, 30), 2: (15, 45)}, {1: (10, 30), 2: (20, 45)}, {1: (5, 15), 2: (8, 24)}]
    one, two = (scaling.scaled(speeds, number) for number in (1, 2))
    assert (one.value, one.unit) == (600, "a minute")
    assert two.value == pytest.approx(1)
    assert two.parts == {"workers": 2, "per_minute": 900, "speed_up": 1.6, "machine": 1.5}
    assert two.note == "1.60 / 1.50; 900 a minute"


def test_a_cluster_is_compared_round_by_round():
    found = scaling.clustered([(9, 10), (8, 10), (19, 20)])
    assert (found.value, found.reached, found.note) == (0.9, True, "540 / 600 a minute")


@pytest.mark.parametrize(
    ("limits", "reached"),
    [
        ({}, True),
        ({"at_least": 1.0}, True),
        ({"at_least": 1.1}, False),
        ({"at_most": 1.0}, True),
        ({"at_most": 0.9}, False),
    ],
)
def test_a_limit_is_reached_or_missed(limits, reached):
    assert Finding("made up", 1.0, **limits).reached is reached


def test_processor_time_is_that_between_the_first_and_the_last():
    samples = [(90, Sample(0, (), 7.0)), (100, Sample(0, (), 8.0)), (180, Sample(0, (), 24.0))]
    samples.append((181, Sample(0, (), 0.0)))  # the grader has just ended
    (found,) = scaling.flat_cpu(STEADY, samples)
    tenths = [found.parts["first_tenth"], found.parts["last_tenth"]]
    assert [found.value, *tenths] == pytest.approx([100] * 3)  # a fifth of half a second


# --- memory --------------------------------------------------------------------------------------


def test_memory_is_the_most_and_what_the_first_and_last_tenth_had():
    samples = [(90, Sample(280, ())), (101, Sample(120, (200, 240))), (179, Sample(130, (260,)))]
    samples.append((180, Sample(0, ())))  # the grader has just ended
    main, worker = scaling.flat_memory(STEADY, samples)
    assert (main.value, main.reached) == (280, True)
    assert (main.parts["first_tenth"], main.parts["last_tenth"]) == (120, 130)
    assert (worker.value, worker.reached) == (260, False)


def process(proc, pid, parent, megabytes, command="python", proportional=True):
    """What Linux would show of a process, which used 4 ticks of the processor."""
    place = proc / str(pid)
    place.mkdir()
    (place / "stat").write_text(f"{pid} (a) name) S {parent} 0 0 0 0 0 0 0 0 0 1 1 1 1 20 0")
    (place / "cmdline").write_text(command.replace(" ", "\0"))
    (place / "status").write_text(f"Name:\ta\nVmRSS:\t{megabytes * 1000} kB\n")
    if proportional:
        (place / "smaps_rollup").write_text(
            f"Rss: 9 kB\nPss:   {megabytes * 1000} kB\nPss_Dirty: 9"
        )


def test_a_worker_counts_with_all_it_started(tmp_path):
    process(tmp_path, 10, 1, 100, "python -m autograder grade")
    process(tmp_path, 11, 10, 5, "python -c resource_tracker")
    process(tmp_path, 12, 10, 50, "python -c spawn_main --multiprocessing-fork")
    process(tmp_path, 13, 12, 30)
    process(tmp_path, 14, 13, 7)
    process(tmp_path, 20, 1, 1000)
    found = processes.sample(10, tmp_path)
    assert found.main == pytest.approx(105 * 1.024)
    assert found.workers == pytest.approx((87 * 1.024,))
    assert found.cpu == pytest.approx(5 * 4 / os.sysconf("SC_CLK_TCK"))


def test_a_process_that_has_just_ended_has_no_memory(tmp_path):
    process(tmp_path, 10, 1, 100, proportional=False)
    assert processes.sample(10, tmp_path).main == 0
    assert processes.sample(11, tmp_path) == Sample(0, (), 0)


def test_where_the_proportional_size_may_not_be_read_the_resident_one_counts(tmp_path, monkeypatch):
    process(tmp_path, 10, 1, 100)
    read_text = Path.read_text

    def forbidden(path, *args, **kwargs):
        if path.name == "smaps_rollup":
            raise PermissionError
        return read_text(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", forbidden)
    assert processes.sample(10, tmp_path).main == pytest.approx(102.4)


def test_this_process_has_some_megabytes():
    assert 10 < processes.sample(os.getpid()).main < 5000


# --- the figure ----------------------------------------------------------------------------------

RESULTS = [
    {"workload": "scaling: 1 worker", "workers": 1, "per_minute": 600, "speed_up": 1, "machine": 1},
    {"workload": "two", "workers": 2, "per_minute": 900, "speed_up": 1.5, "machine": 1.6},
    {"workload": "time", "milliseconds": [[10, 70.0], [100, 65.0], [2000, 66.0]]},
    {"workload": "grade 02 / nbgrader, the same cells", "theirs_ms": 2000.0},
]


@pytest.fixture
def ax():
    figure, ax = plt.subplots()
    yield ax
    plt.close(figure)


def test_the_figure_has_our_line_the_machines_and_nbgraders(ax):
    draw_workers(RESULTS, ax)
    lines = {line.get_label(): list(line.get_ydata()) for line in ax.get_lines()}
    assert lines["autograder grade"] == [600, 900]
    assert lines["one worker × what cores give"] == [600, 960]
    assert lines["nbgrader autograde: 30"] == [30, 30]


def test_the_figure_shows_the_cost_along_the_class(ax):
    draw_class(RESULTS, ax)
    (line,) = ax.get_lines()
    assert list(line.get_xdata()) == [10, 100, 2000]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["10", "100", "2,000"]
    assert ax.get_ylim()[0] == 0


def test_the_same_numbers_make_the_same_file(tmp_path):
    with plt.rc_context():
        draw(RESULTS[:3], tmp_path / "one.svg")
        draw(RESULTS[:3], tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


# --- all of it -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_tiny_class_from_the_command_to_the_figure(tmp_path):
    file, figure = tmp_path / "bench.json", tmp_path / "scaling.svg"
    measure = ["benchmarks", "--only", "scaling", "--class-size", "16", "--rounds", "1"]
    for command in ([*measure, "--json", file], ["benchmarks.curve", file, "--to", figure]):
        done = subprocess.run(
            [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    results = {row["workload"]: row for row in json.loads(file.read_text())["results"]}
    assert results["scaling: 1 worker"]["per_minute"] > 0
    assert results["scaling: memory of the main process"]["value"] > 20
    assert results["scaling: memory of a worker"]["value"] > 20
    assert results["scaling: throughput on a cluster / here"]["value"] > 0
    assert figure.read_text().startswith("<?xml")
