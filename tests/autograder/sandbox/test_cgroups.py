"""cgroups as files: who may divide one, what is written into it, and what is left. The limits
themselves are tried in `test_trials.py`, where a cgroup is delegated."""

import os
from pathlib import Path

import pytest
from jailed import LIMITS

from autograder.sandbox import cgroups, jail
from autograder.sandbox.zygote import Zygote

GONE = 2**22 + 1
"""A process id that no Linux gives."""


def make(place: Path, controllers: str = "cpu memory pids", procs: str = "") -> Path:
    """A directory as the kernel shows a cgroup."""
    place.mkdir(parents=True)
    for name, text in {
        "cgroup.controllers": controllers,
        "cgroup.subtree_control": "",
        "cgroup.events": "populated 1",
        "cgroup.procs": procs,
    }.items():
        (place / name).write_text(text)
    return place


def delegate(place: Path) -> Path:
    """Mark a cgroup as systemd marks the delegated ones."""
    try:
        os.setxattr(place, "user.delegate", b"1")
    except OSError:
        pytest.skip("this file system keeps no attributes")
    return place


@pytest.fixture
def top(tmp_path) -> Path:
    """The top of a container's own tree."""
    return make(tmp_path / "top")


def test_a_delegated_cgroup_can_be_divided(top):
    scope = delegate(make(top / "user.slice" / "run-1.scope"))
    assert cgroups.delegated(top, "0::/user.slice/run-1.scope") == scope


def test_from_within_the_leaf_it_is_the_same(top):
    scope = delegate(make(top / "run-1.scope"))
    make(scope / cgroups.LEAF)
    assert cgroups.delegated(top, f"0::/run-1.scope/{cgroups.LEAF}") == scope


def test_one_that_is_only_writable_is_left_alone(top):
    make(top / "session-3.scope")
    assert cgroups.delegated(top, "0::/session-3.scope") is None


def test_the_top_of_a_containers_own_tree_can_be_divided(top):
    assert cgroups.delegated(top, "0::/") == top


def test_the_machines_own_top_is_left_alone(top):
    (top / "cgroup.events").unlink()
    assert cgroups.delegated(top, "0::/") is None


def test_without_the_controllers_there_is_nothing_to_limit(tmp_path):
    assert cgroups.delegated(make(tmp_path / "top", controllers="cpu io"), "0::/") is None


@pytest.mark.parametrize("line", ["", "4:memory:/x", "0::"])
def test_without_version_2_there_is_none(line, top):
    assert cgroups.delegated(top, line) is None


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_one_that_belongs_to_another_is_left_alone(top):
    (top / "cgroup.procs").chmod(0o444)
    assert cgroups.delegated(top, "0::/") is None


def test_the_limits_are_written(top):
    made = cgroups.Cgroup(top, memory=10**8, threads=20, cores=0.5).path
    written = {path.name: path.read_text().strip() for path in made.iterdir()}
    assert written == {
        "memory.max": "100000000",
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "20",
        "cpu.max": "50000 100000",
    }


def test_those_that_are_there_move_down_and_the_controllers_are_handed_on(tmp_path):
    top = make(tmp_path / "top", procs=f"{os.getpid()}\n")
    cgroups.Cgroup(top, memory=10**8, threads=20)
    assert (top / cgroups.LEAF / "cgroup.procs").read_text() == str(os.getpid())
    assert (top / "cgroup.subtree_control").read_text() == "+cpu +memory +pids"


def test_what_was_handed_on_already_is_not_again(tmp_path):
    top = make(tmp_path / "top", procs=f"{os.getpid()}\n")
    (top / "cgroup.subtree_control").write_text("cpu memory pids")
    cgroups.Cgroup(top, memory=10**8, threads=20)
    assert not (top / cgroups.LEAF).exists()


def test_each_has_a_directory_of_its_own(top):
    first, second = (cgroups.Cgroup(top, memory=10**8, threads=20).path for _ in range(2))
    assert first != second


def test_what_a_killed_grader_left_is_swept_away(top):
    left, busy, own = (
        top / f"autograder-{n}" for n in (f"{GONE}-0", f"{GONE}-1", f"{os.getpid()}-x")
    )
    for path in (left, busy, own):
        path.mkdir()
    (busy / "child").mkdir()
    cgroups.sweep(top)
    assert [path.exists() for path in (left, busy, own)] == [False, True, True]


@pytest.mark.parametrize("opens", [True, False])
def test_the_children_of_a_zygote_enter_where_they_can(opens, top, monkeypatch):
    def make(*limits) -> cgroups.Cgroup:
        made = original(*limits)
        if opens:
            (made.path / "cgroup.procs").touch()
        return made

    original = cgroups.Cgroup
    monkeypatch.setattr(cgroups, "delegated", lambda: top)
    monkeypatch.setattr(cgroups, "Cgroup", make)
    zygote = Zygote([], None, 0, LIMITS)
    try:
        assert zygote.layers.get("cgroup", False) == opens
        assert all(zygote.layers[name] for name in jail.MINIMUM)
    finally:
        zygote.close()
    entered = [path.read_text() for path in top.glob("autograder-*-*/cgroup.procs")]
    assert entered == (["00"] if opens else [])  # the try, and the child of the probe


def test_a_child_enters_by_a_door_that_was_opened_before(top):
    place = make(top / "made")
    door = cgroups.Door(place)
    (place / "cgroup.procs").rename(top / "elsewhere")
    door.enter()
    assert (top / "elsewhere").read_text() == "0"
