"""The doctor: what it says of a machine, and with which exit code."""

import json
from dataclasses import replace

import pytest
from rich.console import Console
from small_course import answer, graded, notebook, write_source

from autograder import doctor
from autograder.cli import main
from autograder.doctor import Diagnosis
from autograder.sandbox import jail
from autograder.sandbox.trial import Finding

LAYERS = dict.fromkeys((*jail.MINIMUM, "network", "not root"), True)


def found(layer: str, state: str = "holds") -> Finding:
    return Finding(layer, f"what {layer} forbids", state, "refused")


HEALTHY = Diagnosis(
    (found("seccomp"), found("landlock"), found("cgroup pids", "missing")), LAYERS, ""
)


def shown(diagnosis: Diagnosis) -> str:
    """What the doctor prints."""
    console = Console(width=100, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    doctor.show(diagnosis, console.print)
    console.file.close()
    return console.export_text()


@pytest.fixture(scope="module")
def here() -> Diagnosis:
    """This machine."""
    return doctor.diagnose()


@pytest.fixture
def run(monkeypatch, capsys):
    """`run(diagnosis, "--json", …)`: the exit code and what was said."""

    def call(diagnosis: Diagnosis, *arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(doctor, "diagnose", lambda: diagnosis)
        code = main(["doctor", *map(str, arguments)])
        return code, capsys.readouterr().out

    return call


def test_this_machine_is_safe_and_honest_code_computes(here):
    assert (here.lacking, here.control) == ((), "")
    assert here.safe
    assert all(here.sandbox[name] for name in jail.MINIMUM)


def test_every_layer_was_tried_and_none_is_open(here):
    assert {finding.state for finding in here.findings} <= {"holds", "already", "missing"}
    assert set(doctor.NEEDED) <= {f.layer for f in here.findings if f.state in doctor.HELD}


def test_each_missing_layer_comes_with_what_to_do(here):
    text = shown(replace(here, findings=tuple(replace(f, state="missing") for f in here.findings)))
    for word in ("libseccomp2", "lsm=landlock", "unprivileged_userns", "Delegate=yes"):
        assert word in text


def test_a_required_layer_that_is_missing_is_not_safe(monkeypatch):
    monkeypatch.setenv("AUTOGRADER_REQUIRE", "seccomp,a layer of the future")
    assert jail.missing(LAYERS) == ["a layer of the future"]


def test_the_minimum_is_missing_where_nothing_was_confirmed(monkeypatch):
    monkeypatch.delenv("AUTOGRADER_REQUIRE", raising=False)
    assert jail.missing({"seccomp": False}) == sorted(jail.MINIMUM)


def test_a_healthy_machine(run):
    code, text = run(HEALTHY)
    assert code == 0
    assert "Safe to grade here." in text
    assert "cgroup pids" in text


@pytest.mark.parametrize(
    ("ill", "reason"),
    [
        (replace(HEALTHY, lacking=("disk",)), "it lacks disk"),
        (replace(HEALTHY, control="it raised ImportError"), "it raised ImportError"),
    ],
)
def test_an_unsafe_machine(run, ill, reason):
    code, text = run(ill)
    assert code == 3
    assert "Not safe" in text
    assert reason in " ".join(text.split())


def test_programs_get_the_same_as_json(run):
    code, text = run(replace(HEALTHY, lacking=("disk",)), "--json")
    data = json.loads(text)
    assert (code, data["safe"], data["lacking"]) == (3, False, ["disk"])
    assert data["findings"][0]["layer"] == "seccomp"


def test_it_names_the_tests_that_proxies_cannot_run(run, tmp_path):
    source = notebook(
        answer("pair", "class Pair:\n    pass"),
        graded(
            "test_pair", "assert isinstance(Pair(), object)\nassert type(Pair()).__name__ == 'Pair'"
        ),
        answer("double", "def double(x):\n    return 2 * x"),
        graded("test_double", "assert double(2) == 4"),
    )
    code, text = run(HEALTHY, "--course", write_source(tmp_path, source).root)
    assert code == 1
    assert "test_pair" in text
    assert "test_double" not in text


def test_a_course_whose_tests_all_run(run, tmp_path):
    source = notebook(
        answer("double", "def double(x):\n    return 2 * x"),
        graded("test_double", "assert double(2) == 4"),
    )
    code, text = run(HEALTHY, "--course", write_source(tmp_path, source).root)
    assert (code, "its own answers pass every test" in text) == (0, True)


def test_no_course_is_a_users_mistake(run, tmp_path):
    assert run(HEALTHY, "--course", tmp_path)[0] == 2
