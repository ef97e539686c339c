"""Whatever is handed in: it is refused with a reason, or it comes out as a valid notebook in which
the tests are those of the source."""

import json

import nbformat
import pytest
from hypothesis import strategies as st
from small_course import answer, cell, graded, locked, notebook, read_source, released

from autograder.errors import BrokenNotebook
from autograder.graded import compose
from autograder.names import imports_of, needed_names, only_defines
from autograder.restore import restore
from autograder.submission import read_notebook

MADE = notebook(
    cell("import math"),
    locked("HALF = 0.5", "setup"),
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2, "assert double(3) == 6"),
    cell("SCALE = 3", "scale", tags=("demonstration",)),
    nbformat.v4.new_markdown_cell("Some text."),
)
RELEASED = json.loads(json.dumps(released(MADE)))

NAMES = st.sampled_from(
    ["", "double", "test_double", "test-double", "setup", "cell-0", "cell-1", "scale", "__class__"]
)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=())),  # half characters as well
    st.sampled_from([c["source"] for c in RELEASED["cells"]]),
    st.lists(
        st.sampled_from(
            ["def double(x):", "\n", "    return x", "class A", ":", "(" * 200, "%magic", "!ls",
             "import *", "\\", "\0", "\x1b[31m", "0x", "f'{", '"""', "global x", "lambda: ", "\r",
             "<script>", "$x<y$", "```", "-" * 500, "1" * 5000, "{**", "match x:", "\t", "\f"]
        ),
        max_size=12,
    ).map("".join),
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | NAMES | TEXTS
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)
ROLES = st.dictionaries(
    st.sampled_from(["grade_id", "grade", "solution", "locked", "points", "schema_version"]),
    NAMES | JSON,
)
METADATA = JSON | st.fixed_dictionaries({}, optional={"nbgrader": ROLES | JSON, "tags": JSON})
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "source": TEXTS | st.lists(TEXTS | JSON, max_size=3) | JSON,
        "input": TEXTS,
        "id": NAMES | JSON,
        "metadata": METADATA,
        "outputs": JSON,
        "level": JSON,
    },
)
ANY_CELL = CELLS | JSON | st.sampled_from(RELEASED["cells"])
SHEETS = st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=3)}) | JSON, max_size=2)
NOTEBOOKS = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3, 2, 1, 5, "4", 4.5, True]) | JSON},
    optional={
        "nbformat_minor": st.integers(-1, 9) | JSON,
        "cells": st.lists(ANY_CELL, max_size=8) | JSON,
        "worksheets": SHEETS | JSON,
        "metadata": st.fixed_dictionaries({}, optional={"colab": JSON, "kernelspec": JSON}) | JSON,
    },
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"])
FILES = st.builds(
    lambda made, encoding: json.dumps(made).encode(encoding), NOTEBOOKS | JSON, ENCODINGS
)
WHOLE = json.dumps(RELEASED, ensure_ascii=False).encode()
SPOILT = st.builds(
    lambda start, length, middle: WHOLE[:start] + middle + WHOLE[start + length :],
    st.integers(0, len(WHOLE)),
    st.integers(0, 200),
    st.binary(max_size=30) | st.sampled_from([b"[" * 5000, b'{"a":' * 2000, b"NaN", b"1e999"]),
)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return read_source(tmp_path_factory.mktemp("course"), MADE)


def graded_or_refused(data: bytes, source) -> None:
    try:
        submitted, events = read_notebook(data)
    except BrokenNotebook:
        return
    restored = restore(submitted, source)
    tests = [step.cell.key for step in restored.steps if step.kind == "test"]
    assert tests == [test.key for test in source.tests]
    assert "double(3)" not in "".join(s.source for s in restored.steps if s.kind == "test")
    about = {"events": [vars(event) for event in [*events, *restored.events]]}
    text = compose(restored.steps, [[] for _ in restored.steps], {}, about)
    nbformat.validate(json.loads(text.encode()))


@pytest.mark.parametrize("inputs", [FILES, SPOILT], ids=["json", "spoilt"])
def test_a_file_is_graded_or_refused(fuzz, source, inputs):
    fuzz(inputs, lambda data: graded_or_refused(data, source))


def test_any_bytes_are_refused_with_a_reason(fuzz, source):
    fuzz(st.binary(max_size=200), lambda data: graded_or_refused(data, source))


def test_any_source_is_looked_through(fuzz):
    def look(text):
        assert isinstance(imports_of(text), str)
        assert isinstance(needed_names(text), frozenset)
        assert isinstance(only_defines(text), bool)

    fuzz(TEXTS, look)


PNG = st.just("iVBORw0KGgo=")
OUTPUTS = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result"])},
    optional={
        "name": JSON, "text": JSON, "ename": JSON, "evalue": JSON, "traceback": JSON,
        "data": st.dictionaries(
            st.sampled_from(["text/plain", "text/html", "image/png"]), JSON | PNG
        ),
    },
)  # fmt: skip


def test_any_output_is_text_or_a_picture(fuzz, source):
    def show(outputs):
        steps = restore({"cells": source.answers}, source).steps
        text = compose(steps, [outputs for _ in steps], {}, {})
        made = json.loads(text.encode())
        nbformat.validate(made)
        shown = [o.get("data", {}) for c in made["cells"] for o in c.get("outputs", [])]
        assert set().union(*shown) <= {"text/plain", "image/png"}

    fuzz(st.lists(OUTPUTS | JSON, max_size=3), show)
