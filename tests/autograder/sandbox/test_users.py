"""The sandbox and the hostile corpus hold whoever grades, root or an ordinary user, and where the
kernel forbids namespaces as Docker's default profile does."""

import os
import tempfile
from pathlib import Path

import pytest
from another_user import NOBODY, ROOT, SUITES, is_for_everybody, link, make_copy
from jailed import lacks

DOCKER = "unshare,setns,mount,umount2,pivot_root,chroot,keyctl,bpf,perf_event_open,userfaultfd"
"""System calls that Docker's default profile refuses to a container without capabilities."""

PYTEST = ("pytest", "-q", "-rs", "--tb=short", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def copy():
    with tempfile.TemporaryDirectory() as name:
        yield make_copy(Path(name))


@pytest.mark.slow
@pytest.mark.parametrize("without", ["", DOCKER], ids=["namespaces", "no namespaces"])
@pytest.mark.parametrize("who", ["ordinary", "root"])
def test_the_suites_hold(who, without, copy):
    is_root = os.getuid() == 0
    if who == "root" and not is_root:
        lacks("root", "these tests were started by an ordinary user")
    uid = NOBODY if who == "ordinary" and is_root else None
    ended = copy.run(uid, without, *PYTEST, *SUITES)
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr[-2000:]
    if without:
        assert "no network here" in ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("without", "code", "said"),
    [(DOCKER, 0, "Safe to grade here"), (f"{DOCKER},landlock_create_ruleset", 3, "it lacks disk")],
    ids=["Docker", "gVisor"],
)
def test_the_doctor_tells_machines_apart(without, code, said, copy):
    ended = copy.run(None, without, "autograder", "doctor")
    assert (ended.returncode, ended.stderr) == (code, "")
    assert said in " ".join(ended.stdout.split())


def test_what_is_below_a_private_directory_is_not_for_everybody(tmp_path):
    inner = tmp_path / "private" / "inner"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o700)
    assert not is_for_everybody(inner)
    assert is_for_everybody(Path("/usr"))


def test_the_copy_is_for_everybody(copy):
    assert (copy.place / "checkout" / "autograder" / "grade.py").read_bytes() == (
        ROOT / "autograder" / "grade.py"
    ).read_bytes()
    assert all(map(is_for_everybody, [copy.place / "checkout", *copy.packages]))


def test_private_packages_are_linked(tmp_path):
    private = tmp_path / "private"
    (private / "package").mkdir(parents=True)
    (private / "package" / "code.py").write_text("x = 1\n")
    private.chmod(0o700)
    linked = link(private, tmp_path / "linked")
    assert linked.stat().st_mode & 0o777 == 0o755
    assert (linked / "package" / "code.py").read_text() == "x = 1\n"
