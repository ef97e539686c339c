"""python -m benchmarks [--json FILE]: nnlib's time over PyTorch's, our grading over nbgrader's, and
how grading scales."""

import argparse
import importlib.util
import json
import os
import sys
from pathlib import Path


def main():
    arguments = _arguments()
    for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
        os.environ[f"{name}_NUM_THREADS" if name != "VECLIB_MAXIMUM" else f"{name}_THREADS"] = str(
            arguments.threads
        )
    from benchmarks import measure, workloads  # numpy reads the number of threads when imported

    conditions = measure.conditions()
    print(", ".join(f"{name} {value}" for name, value in conditions.items()))
    chosen = [w for w in workloads.WORKLOADS if arguments.only.lower() in w.name.lower()]
    here = sys.platform == "linux" and importlib.util.find_spec("nbgrader") is not None
    tasks, growing = _grading_tasks(arguments) if here else ({}, {})
    if not chosen and not tasks and not growing:
        sys.exit(f"no workload has {arguments.only!r} in its name")
    results = _library(chosen, arguments) if chosen else []
    results += _grading(tasks, arguments) if tasks else []
    results += _scaling(growing, arguments) if growing else []
    if arguments.json is not None:
        record = {"conditions": conditions, "rounds": arguments.rounds, "results": results}
        arguments.json.write_text(json.dumps(record, indent=2) + "\n")


def _library(chosen, arguments):
    """nnlib beside PyTorch."""
    from benchmarks import measure, workloads

    torch = workloads.torch
    if torch is None:
        print("PyTorch is not installed, so there are no ratios: pip install '.[bench]'")
    else:
        torch.set_num_threads(arguments.threads)
    width = max(len(workload.name) for workload in chosen)
    print(f"\n{'workload':<{width}}  {'nnlib':>9}  {'PyTorch':>9}  ratio  target")
    results = []
    for workload in chosen:
        theirs = workload.torch() if torch is not None else None
        result = measure.compare(workload.nnlib(), theirs, arguments.rounds)
        results.append({"workload": workload.name, "target": workload.target, **result})
        print(f"{workload.name:<{width}}  {_line(workload, result)}", flush=True)
    return results


def _grading_tasks(arguments):
    """What is measured of grading, and of how it scales, where a submission can be confined."""
    from benchmarks import grading, scaling

    both = grading.tasks(), scaling.tasks(arguments.class_size)
    text = arguments.only.lower()
    return [{name: task for name, task in found.items() if text in name} for found in both]


def _grading(tasks, arguments):
    """The grader beside nbgrader and beside no sandbox; times are of one submission."""
    print(f"\n{'submission':<36}  {'ours':>9}  {'theirs':>9}  ratio  target")
    return _told(tasks, arguments, _grading_line)


def _grading_line(result):
    times = f"{1000 * result.ours:6.0f} ms  {1000 * result.theirs:6.0f} ms"
    verdict = "" if result.ratio <= result.target else "  missed"
    return f"{result.name:<36}  {times}  {result.ratio:5.2f}  {result.target:6.2f}{verdict}"


def _scaling(tasks, arguments):
    """How grading grows with the workers, with the class, and on a cluster."""
    print(f"\n{'scaling':<49}  {'value':>9}  target")
    return _told(tasks, arguments, _scaling_line)


def _scaling_line(found):
    value = f"{found.value:.0f} {found.unit}" if found.unit else f"{found.value:.2f}"
    limits = [(sign, limit) for sign, limit in (("≥", found.at_least), ("≤", found.at_most))]
    target = "".join(f"{sign} {limit:g}" for sign, limit in limits if limit is not None)
    verdict = "" if found.reached else "  missed"
    line = f"{found.name:<49}  {value:>9}  {target:<7}{verdict}  {found.note}"
    return line.rstrip()


def _told(tasks, arguments, line):
    """What the tasks find, each told as it is found."""
    records = []
    for task in tasks.values():
        for found in task(arguments.rounds):
            records.append(found.record())
            print(line(found), flush=True)
    return records


def _line(workload, result):
    ours = f"{result['nnlib_ms']:6.2f} ms"
    if result["ratio"] is None:
        return f"{ours}  {'—':>9}  {'—':>5}  {workload.target:6.2f}"
    verdict = "" if result["ratio"] <= workload.target else "  missed"
    theirs = f"{result['torch_ms']:6.2f} ms"
    return f"{ours}  {theirs}  {result['ratio']:5.2f}  {workload.target:6.2f}{verdict}"


def _arguments():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Time nnlib beside PyTorch eager, and grading beside nbgrader and beside plain "
        "exec without a sandbox; ratios below 1 mean that ours is faster. And how grading scales.",
        epilog="examples: python -m benchmarks --only cnn --rounds 21 --json bench.json; "
        "python -m benchmarks --only grade; "
        "python -m benchmarks --only scaling --class-size 5000",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE too")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="workloads with TEXT in the name"
    )
    parser.add_argument("--rounds", type=int, default=11, help="rounds to take the median of")
    parser.add_argument("--threads", type=int, default=1, help="threads for both libraries")
    parser.add_argument(
        "--class-size", type=int, default=200, metavar="N", help="submissions to scale to (200)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
