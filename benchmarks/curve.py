"""python -m benchmarks.curve FILE… --to FIGURE: draw how grading scales, from what `--json` wrote.

Several files are one record: nbgrader's line may come from another run.
"""

import argparse
import json
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter

from nnlib.plotting import COLOURS, use_course_style

__all__ = ["draw", "draw_class", "draw_workers"]

OURS, MACHINE, THEIRS, QUIET = COLOURS[0], COLOURS[1], "#444444", "#888888"


def main(arguments=None):
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.curve", description="Draw how grading scales."
    )
    parser.add_argument("files", nargs="+", type=Path, help="what `--json FILE` wrote")
    parser.add_argument("--to", type=Path, required=True, metavar="FIGURE", help="an .svg or .png")
    options = parser.parse_args(arguments)
    results = [r for file in options.files for r in json.loads(file.read_text())["results"]]
    draw(results, options.to)


def draw(results, path):
    """Both curves side by side."""
    use_course_style()
    with plt.rc_context({"svg.hashsalt": "scaling"}):  # the same numbers make the same file
        figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.4))
        figure.get_layout_engine().set(wspace=0.07)
        draw_workers(results, left)
        draw_class(results, right)
        svg = {"metadata": {"Date": None}} if path.suffix == ".svg" else {}
        figure.savefig(path, dpi=150, **svg)
        plt.close(figure)


def draw_workers(results, ax):
    """Submissions a minute against workers: ours, and one worker's times what the machine gives."""
    rows = sorted((r for r in results if "speed_up" in r), key=lambda r: r["workers"])
    workers = [row["workers"] for row in rows]
    ours = [row["per_minute"] for row in rows]
    machine = [ours[0] * row["machine"] for row in rows]
    ends = [0, workers[-1]]
    proportional = [0, ours[0] * ends[-1]]
    ax.plot(ends, proportional, "-", color=QUIET, linewidth=1, zorder=1, label="in proportion")
    ax.plot(
        workers, machine, "^--", color=MACHINE, markersize=9, label="one worker × what cores give"
    )
    ax.plot(workers, ours, "o-", color=OURS, label="autograder grade")
    for result in results:
        if result["workload"].startswith("grade ") and result["workload"].endswith("same cells"):
            rate = 60_000 / result["theirs_ms"]
            ax.axhline(rate, color=THEIRS, linestyle=":", label=f"nbgrader autograde: {rate:.0f}")
    ax.set(title="More workers", xlabel="workers, each on a core", ylabel="submissions a minute")
    ax.set_xticks(workers)
    ax.set_xlim(0, 1.05 * workers[-1])
    ax.set_ylim(0, 1.5 * max(ours[0] * workers[-1], *ours, *machine))
    ax.legend(loc="upper left")
    return ax


def draw_class(results, ax):
    """Milliseconds a submission against those done before it, along one run."""
    (row,) = [r for r in results if "milliseconds" in r]
    numbers, times = zip(*row["milliseconds"], strict=True)
    ax.plot(numbers, times, "o-", color=OURS)
    ax.set(title="A larger class", xlabel="submissions graded so far", ylabel="ms a submission")
    ax.set_xscale("log")
    ax.set_xticks([n for n in (10, 100, 1000, 10_000) if 2 * n < numbers[-1]] + [numbers[-1]])
    ax.minorticks_off()
    ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:,.0f}"))
    ax.set_ylim(0, 1.25 * max(times))
    return ax


if __name__ == "__main__":
    main()
