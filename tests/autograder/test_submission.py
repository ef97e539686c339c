"""Reading what was handed in: accidents are repaired, the rest is refused with its place."""

import json

import pytest
from small_course import added, as_bytes, notebook

from autograder import submission
from autograder.errors import BrokenNotebook
from autograder.submission import read_notebook

WHOLE = notebook(added("x = 'é'"))
TEXT = json.dumps(WHOLE, ensure_ascii=False)


def sources(data: bytes) -> list[str]:
    return [cell["source"] for cell in read_notebook(data)[0]["cells"]]


def test_a_notebook_is_read():
    found, events = read_notebook(as_bytes(WHOLE))
    assert found["cells"] == [
        {"id": "cell-0", "cell_type": "code", "source": "x = 'é'", "metadata": {}}
    ]
    assert not events


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "byte order mark"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-32"), "UTF-32"),
    ],
)
def test_encodings_are_repaired_and_said(data, said):
    assert sources(data) == ["x = 'é'"]
    (event,) = read_notebook(data)[1]
    assert event.kind == "repaired"
    assert said in event.detail


def test_an_old_format_is_converted():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1", "outputs": [],
                                   "language": "python", "metadata": {}}]}],
    }  # fmt: skip
    assert sources(json.dumps(old).encode()) == ["x = 1"]
    assert "format 3" in read_notebook(json.dumps(old).encode())[1][0].detail


@pytest.mark.parametrize("minor", range(5))
def test_formats_before_ids_are_read_and_said(minor):
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}
    old = {"nbformat": 4, "nbformat_minor": minor, "metadata": {}, "cells": [cell]}
    assert sources(json.dumps(old).encode()) == ["x = 1"]
    assert [e.detail for e in read_notebook(json.dumps(old).encode())[1]] == [
        "its cells have no ids: they were known by their names, text and functions"
    ]


def test_colab_is_named():
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {"id": "aB3_x"}, "outputs": []}
    saved = {"nbformat": 4, "nbformat_minor": 0, "cells": [cell]}
    saved["metadata"] = {"colab": {"provenance": []}, "accelerator": "GPU"}
    (event,) = read_notebook(json.dumps(saved).encode())[1]
    assert event.detail.startswith("saved by Colab; its cells have no ids")


def test_source_lines_are_joined():
    lines = {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a = 1\n", None, "b = 2"]}]}
    assert sources(json.dumps(lines).encode()) == ["a = 1\nb = 2"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "line 1, column 1"),
        (b'{"nbformat": 4,\n "cells": [}', "line 2, column 12"),
        (b"[1, 2]", "not a notebook"),
        (b'{"cells": []}', "not a notebook"),
        (b'{"nbformat": 4, "cells": 7}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [1]}', "a cell"),
        (b'{"nbformat": 99, "cells": []}', "99"),
        (b'{"nbformat": [4], "cells": []}', "cannot be read"),
        (b'{"nbformat": 3, "worksheets": 1}', "cannot be read"),
        (b"[" * 100_000, "RecursionError"),
        (b'{"nbformat": 4, "x": ' + b"1" * 10_000 + b"}", "ValueError"),
        (b"\x00\xff\x00", "line 1"),
        ('{"nbformat": 4,\n é}'.encode("utf-16"), "line 2, column 2"),
    ],
)
def test_what_is_no_notebook_is_refused_with_its_place(data, said):
    with pytest.raises(BrokenNotebook, match=said):
        read_notebook(data)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(submission, "MAX_BYTES", 10 * 1024**2)
    with pytest.raises(BrokenNotebook, match="10 MB"):
        read_notebook(b" " * (10 * 1024**2 + 1))


@pytest.mark.parametrize("cell", [{}, {"source": 7}, {"cell_type": [], "source": {}, "id": 3}])
def test_a_cell_of_odd_types_becomes_an_empty_one(cell):
    found = read_notebook(json.dumps({"nbformat": 4, "cells": [cell]}).encode())[0]
    assert found["cells"] == [{"id": "", "cell_type": "raw", "source": "", "metadata": {}}]


@pytest.mark.parametrize("meta", [None, [], "x", {"nbgrader": []}, {"nbgrader": {"grade_id": 5}}])
def test_metadata_of_odd_types_names_nothing(meta):
    cell = {"cell_type": "code", "source": "x", "metadata": meta}
    found = read_notebook(json.dumps({"nbformat": 4, "cells": [cell]}).encode())[0]
    assert found["cells"][0]["metadata"] == {}


def test_only_the_name_is_taken_from_metadata():
    meta = {"nbgrader": {"grade_id": "a", "points": 99}, "tags": ["skip-execution"], "x": 1}
    cell = {"cell_type": "code", "source": "x", "metadata": meta, "outputs": [1]}
    found = read_notebook(json.dumps({"nbformat": 4, "cells": [cell]}).encode())[0]
    assert found["cells"][0]["metadata"] == {"nbgrader": {"grade_id": "a"}}
    assert "outputs" not in found["cells"][0]
