"""Which file is the notebook: renamed downloads, copies beside it, links, odd names."""

import os

import pytest

from autograder.handed_in import accidents, handed_in


@pytest.fixture
def among(tmp_path):
    """`among(*names)`: the name of the file that is taken for ps1 where these are, or None."""

    def choose(*names, others=()):
        for name in names:
            (tmp_path / name).write_text("{}")
        found = handed_in(tmp_path, "ps1", others)
        return found.name if found else None

    return choose


@pytest.mark.parametrize(
    "name",
    [
        "ps1.ipynb", "ps1 (1).ipynb", "ps1(1).ipynb", "ps1-Copy1.ipynb", "ps1 - Copy.ipynb",
        "ps1 copy 2.ipynb", "Copy of ps1.ipynb", "PS1.ipynb", "ps1.IPYNB", "ps1.ipynb.txt",
        "ps1.ipynb.json", "ps1-1.ipynb", "ps1_final.ipynb", "ps1-2 (1).ipynb",
    ],
)  # fmt: skip
def test_a_renamed_notebook_is_found(among, name):
    assert among(name) == name


@pytest.mark.parametrize(
    "name", ["ps10.ipynb", "ps1extra.ipynb", "notes.ipynb", "ps1.py", "ps1", "ps1.ipynb.bak"]
)
def test_another_file_is_not_taken_for_it(among, name):
    assert among(name) is None


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["ps1.ipynb", "ps1 (1).ipynb", "PS1.ipynb", "Copy of ps1.ipynb"], "ps1.ipynb"),
        (["ps1 (2).ipynb", "ps1 (10).ipynb", "ps1 (9).ipynb"], "ps1 (10).ipynb"),
        (["ps1_zzz.ipynb", "ps1 (1).ipynb"], "ps1 (1).ipynb"),
    ],
)
def test_of_several_the_likeliest_is_chosen(among, names, chosen):
    assert among(*names) == chosen


def test_another_notebook_of_the_assignment_is_no_copy(among):
    assert among("ps1-2.ipynb", others={"ps1", "ps1-2"}) is None


def test_it_says_which_file_was_read(tmp_path):
    for name in ("ps1 (1).ipynb", "ps1 (2).ipynb"):
        (tmp_path / name).write_text("{}")
    said = [event.detail for event in accidents(handed_in(tmp_path, "ps1"), "ps1")]
    assert said == [
        "ps1 (2).ipynb was taken for ps1.ipynb",
        "ps1 (2).ipynb was graded, not ps1 (1).ipynb beside it",
    ]


def test_a_notebook_in_its_place_is_nothing_to_speak_of(tmp_path):
    (tmp_path / "ps1.ipynb").write_text("{}")
    assert accidents(tmp_path / "ps1.ipynb", "ps1") == []


def test_links_are_not_followed(tmp_path):
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "ps1.ipynb").write_text("{}")
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "ps1.ipynb").symlink_to(tmp_path / "bob" / "ps1.ipynb")
    (tmp_path / "eve").symlink_to(tmp_path / "bob")
    assert handed_in(tmp_path / "ann", "ps1") is None
    assert handed_in(tmp_path / "eve", "ps1") is None


def test_directories_and_pipes_are_no_notebooks(tmp_path):
    (tmp_path / "ps1.ipynb").mkdir()
    os.mkfifo(tmp_path / "ps1 (1).ipynb")
    assert handed_in(tmp_path, "ps1") is None


@pytest.mark.skipif(os.name != "posix", reason="names that are no UTF-8 exist on POSIX only")
def test_a_name_that_is_not_utf8_can_be_said(tmp_path):
    path = tmp_path / os.fsdecode(b"ps1 \xe9.ipynb")
    path.write_text("{}")
    assert handed_in(tmp_path, "ps1") == path
    (event,) = accidents(path, "ps1")
    assert event.detail.encode() == b"ps1 ?.ipynb was taken for ps1.ipynb"


def test_no_directory_is_no_notebook(tmp_path):
    assert handed_in(tmp_path / "nobody", "ps1") is None
