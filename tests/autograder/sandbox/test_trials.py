"""Every layer holds where the machine has it, and a trial tells a layer from none."""

import os
import signal
import time
from dataclasses import replace

import pytest
from jailed import lacks

from autograder.sandbox import cgroups
from autograder.sandbox.libc import JailError
from autograder.sandbox.trial import Trial, run
from autograder.sandbox.trials import trials

NEEDED = ["no_new_privs", "seccomp", "memory", "cpu time", "open files", "file size", "threads"]
EXTRA = ["landlock", "network", "pid", "ipc", "mount", "quota"]
HELD = ("holds", "already")
EXTRA += ["cgroup memory", "cgroup pids", "cgroup cpu"]


@pytest.fixture(scope="module")
def findings():
    """What came of each trial, by layer."""
    with trials() as planned:
        return {trial.layer: run(trial) for trial in planned}


@pytest.mark.parametrize("layer", NEEDED)
def test_a_needed_layer_holds(layer, findings):
    assert findings[layer].state in HELD, findings[layer].detail


@pytest.mark.parametrize("layer", EXTRA)
def test_a_layer_holds_where_the_machine_has_it(layer, findings):
    if findings[layer].state == "missing":
        lacks(layer, findings[layer].detail)
    assert findings[layer].state in HELD, findings[layer].detail


def test_root_gives_up_its_rights_and_others_have_none(findings):
    assert ("uid" in findings) == (os.getuid() == 0)
    if "uid" in findings:
        assert findings["uid"].state == "holds"


def trial(put_on, *attempts) -> Trial:
    return Trial("wall", "passing", put_on, attempts)


def nothing() -> None:
    pass


def refuse() -> None:
    raise PermissionError(1, "no")


@pytest.fixture
def wall():
    """A layer made of Python: `put_on` raises it, `attempt` runs into it."""

    class Wall:
        def __init__(self) -> None:
            self.stands = False

        def put_on(self) -> None:
            self.stands = True

        def attempt(self) -> None:
            if self.stands:
                refuse()

    return Wall()


def test_a_layer_that_refuses_holds(wall):
    finding = run(trial(wall.put_on, wall.attempt))
    assert (finding.state, finding.detail) == ("holds", os.strerror(1))


def test_a_layer_that_refuses_only_one_of_two_is_open(wall):
    assert run(trial(wall.put_on, wall.attempt, nothing)).state == "open"


def test_what_is_refused_without_the_layer_says_nothing_of_it(wall):
    assert run(trial(wall.put_on, refuse)).state == "already"


def test_a_layer_that_cannot_be_put_on_is_missing():
    def put_on() -> None:
        raise JailError("not on this machine")

    finding = run(trial(put_on, nothing))
    assert (finding.state, finding.detail) == ("missing", "not on this machine")


def test_a_child_that_the_kernel_ends_was_refused(wall):
    def attempt() -> None:
        if wall.stands:
            os.kill(os.getpid(), signal.SIGKILL)

    assert run(trial(wall.put_on, attempt)).detail == "ended by SIGKILL"


def test_a_trial_without_end_is_open(wall):
    def attempt() -> None:
        while wall.stands:
            time.sleep(1)

    assert run(trial(wall.put_on, attempt), seconds=0.3).state == "open"


def test_a_mistake_in_a_trial_proves_nothing(wall):
    def attempt() -> None:
        if wall.stands:
            raise ZeroDivisionError

    assert run(trial(wall.put_on, attempt)).state == "unknown"


def test_the_real_trials_are_open_without_their_layers():
    """The other side of the control: each attempt really can be done."""
    with trials() as planned:
        for real in planned:
            if real.layer not in ("cpu time", "cgroup memory", "cgroup cpu"):
                assert run(replace(real, put_on=nothing)).state in ("open", "already"), real.layer


def test_nothing_is_left_of_the_trials(findings):
    base = cgroups.delegated()
    assert base is None or not list(base.glob("autograder-*-*"))
