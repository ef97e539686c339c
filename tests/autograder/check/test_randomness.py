"""Hidden inputs depend on the test's name and the course's secret."""

import pytest

from autograder import check
from autograder.check.randomness import FILE, VARIABLE


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)


def test_same_name_same_draws():
    assert check.rng("test_cost").random() == check.rng("test_cost").random()


def test_the_draws_are_the_same_on_every_machine():
    assert check.rng("test_cost").integers(10**6, size=3).tolist() == [489849, 484818, 1313]


@pytest.mark.parametrize("other", ["test_cost_2", "Test_cost", ""])
def test_other_names_draw_otherwise(other):
    assert check.rng("test_cost").random() != check.rng(other).random()


def test_secret_changes_the_draws(monkeypatch):
    public = check.rng("test_cost").random()
    monkeypatch.setenv(VARIABLE, "one")
    one = check.rng("test_cost").random()
    monkeypatch.setenv(VARIABLE, "two")
    assert len({public, one, check.rng("test_cost").random()}) == 3


def test_nearest_file_upward_holds_the_secret(tmp_path, monkeypatch):
    (tmp_path / FILE).write_text("far\n")
    near = tmp_path / "a" / "b"
    (near / "c").mkdir(parents=True)
    assert check.secret(near / "c") == "far"
    (near / FILE).write_text("near\n")
    assert check.secret(near / "c") == "near"
    monkeypatch.setenv(VARIABLE, "environment")
    assert check.secret(near / "c") == "environment"


def test_public_unless_set(tmp_path):
    assert check.secret_is_public(tmp_path)
    (tmp_path / FILE).write_text("mine")
    assert not check.secret_is_public(tmp_path)
    (tmp_path / FILE).write_text(" \n")
    assert check.secret_is_public(tmp_path)


def test_hash_tells_secrets_apart_without_telling_them():
    assert check.secret_hash("a") == check.secret_hash("a") != check.secret_hash("b")
    assert "a-long-secret" not in check.secret_hash("a-long-secret")
