"""The benchmark's command: what it prints and writes; how fast anything is, is not tested."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import measure, workloads

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_one_workload_in_table_and_file(tmp_path):
    done = run("--only", "max-pool", "--rounds", "1", "--json", str(tmp_path / "bench.json"))
    assert done.returncode == 0, done.stderr
    assert "max-pool 2×2" in done.stdout
    record = json.loads((tmp_path / "bench.json").read_text())
    assert record["conditions"]["threads"] == record["rounds"] == 1
    assert {"numpy", "torch", "blas", "python"} <= record["conditions"].keys()
    (result,) = record["results"]
    assert result["target"] == 0.25
    assert result["nnlib_ms"] > 0


def test_a_name_that_fits_nothing_is_an_error():
    done = run("--only", "transformer")
    assert done.returncode == 1
    assert "no workload has 'transformer' in its name" in done.stderr


def test_names_are_unique_and_targets_below_two():
    names = [workload.name for workload in workloads.WORKLOADS]
    assert len(set(names)) == len(names) == 7
    assert all(0 < workload.target < 2 for workload in workloads.WORKLOADS)


def test_ratios_are_of_the_same_round(monkeypatch):
    seconds = {"ours": iter([1.0, 1.0, 3.0, 1.0]), "theirs": iter([1.0, 2.0, 3.0, 4.0])}
    monkeypatch.setattr(measure, "_repeats", lambda f: 1)
    monkeypatch.setattr(measure, "_time", lambda f, n: next(seconds[f]))
    result = measure.compare("ours", "theirs", rounds=4)
    assert result == {"nnlib_ms": 1000, "torch_ms": 2500, "ratio": 0.75}


@pytest.mark.parametrize("workload", workloads.WORKLOADS, ids=lambda w: w.name)
def test_every_workload_runs(workload):
    pytest.importorskip("torch")
    workload.nnlib()()
    workload.torch()()


@pytest.mark.slow
def test_grading_beside_plain_exec(tmp_path):
    file = tmp_path / "bench.json"
    done = run("--only", "grade 02 / plain", "--rounds", "1", "--json", str(file))
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(file.read_text())["results"]
    assert result["workload"] == "grade 02 / plain exec"
    assert result["ratio"] == pytest.approx(result["ours_ms"] / result["theirs_ms"])
    assert result["target"] >= 2.5
