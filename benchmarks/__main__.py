"""python -m benchmarks [--json FILE]: a table of nnlib's time over PyTorch's."""

import argparse
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

    torch = workloads.torch
    if torch is None:
        print("PyTorch is not installed, so there are no ratios: pip install '.[bench]'")
    else:
        torch.set_num_threads(arguments.threads)
    conditions = measure.conditions()
    print(", ".join(f"{name} {value}" for name, value in conditions.items()))
    chosen = [w for w in workloads.WORKLOADS if arguments.only.lower() in w.name.lower()]
    if not chosen:
        sys.exit(f"no workload has {arguments.only!r} in its name")
    width = max(len(workload.name) for workload in chosen)
    print(f"\n{'workload':<{width}}  {'nnlib':>9}  {'PyTorch':>9}  ratio  target")
    results = []
    for workload in chosen:
        theirs = workload.torch() if torch is not None else None
        result = measure.compare(workload.nnlib(), theirs, arguments.rounds)
        results.append({"workload": workload.name, "target": workload.target, **result})
        print(f"{workload.name:<{width}}  {_line(workload, result)}", flush=True)
    if arguments.json is not None:
        record = {"conditions": conditions, "rounds": arguments.rounds, "results": results}
        arguments.json.write_text(json.dumps(record, indent=2) + "\n")


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
        description="Time nnlib beside PyTorch eager; ratios below 1 mean that nnlib is faster.",
        epilog="example: python -m benchmarks --only cnn --rounds 21 --json bench.json",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to FILE too")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="workloads with TEXT in the name"
    )
    parser.add_argument("--rounds", type=int, default=11, help="rounds to take the median of")
    parser.add_argument("--threads", type=int, default=1, help="threads for both libraries")
    return parser.parse_args()


if __name__ == "__main__":
    main()
