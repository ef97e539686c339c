"""A submission put back on the rails: only answers and own cells are taken from it."""

import copy
import json
from itertools import chain

import pytest
from small_course import (
    added,
    answer,
    as_bytes,
    cell,
    graded,
    locked,
    notebook,
    read_source,
    released,
)

from autograder.restore import restore
from autograder.submission import read_notebook

SOURCE = notebook(
    cell("import math"),
    locked("HALF = 0.5", "setup"),
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2, "assert double(3) == 6"),
    answer("triple", "def triple(x):\n    return 3 * x"),
    graded("test_triple", "assert triple(2) == 6", 3),
    cell("print('figure')", "figure", tags=("figure",), locked=True),
)
RIGHT = {"double": "def double(x):\n    return x + x", "triple": "def triple(x):\n    return x * 3"}


@pytest.fixture
def restored(tmp_path):
    """`restored(change)`: honest work, changed, then restored."""
    source = read_source(tmp_path, SOURCE)

    def run(change=lambda made: None):
        made = released(SOURCE, **RIGHT)
        change(made)
        return restore(read_notebook(as_bytes(made))[0], source)

    return run


def by_id(made):
    return {node.id: node for node in made.cells}


def plan(result) -> list[tuple[str, str]]:
    return [(step.kind, step.source) for step in result.steps]


def test_honest_work_keeps_the_sources_order(restored):
    result = restored()
    assert plan(result) == [
        ("student", "import math"),
        ("locked", "HALF = 0.5"),
        ("student", RIGHT["double"]),
        ("test", "assert double(2) == 4"),
        ("student", RIGHT["triple"]),
        ("test", "assert triple(2) == 6"),
        ("skipped", "print('figure')"),
    ]
    assert not result.events
    assert not result.unanswered


def test_hidden_tests_are_in_no_step(restored):
    assert not any("double(3)" in step.source for step in restored().steps)


def test_shuffled_cells_come_back_in_order(restored):
    assert plan(restored(lambda made: made.cells.reverse())) == plan(restored())


def test_an_edited_test_is_put_back_and_said(restored):
    result = restored(lambda made: by_id(made)["test-double"].update(source="pass"))
    assert plan(result) == plan(restored())
    assert [(e.kind, e.cell) for e in result.events] == [("edited", "test_double")]


def test_an_edited_locked_cell_is_put_back(restored):
    assert plan(restored(lambda made: by_id(made)["setup"].update(source="HALF = 0"))) == plan(
        restored()
    )


def test_deleted_cells_come_back(restored):
    def delete(made):
        made.cells = [node for node in made.cells if node.id in ("double", "triple")]

    result = restored(delete)
    assert [step.source for step in result.steps if step.kind in ("locked", "test")] == [
        "HALF = 0.5", "assert double(2) == 4", "assert triple(2) == 6",
    ]  # fmt: skip


def test_a_deleted_answer_counts_as_empty(restored):
    def delete(made):
        made.cells.remove(by_id(made)["double"])

    result = restored(delete)
    assert result.missing == {"double"}
    assert result.unanswered == {"double"}
    assert [e.cell for e in result.events] == ["double"]


def test_a_stub_is_unanswered(restored, tmp_path):
    source = read_source(tmp_path, SOURCE)
    stub = next(c.released for c in source.cells if c.grade_id == "double")
    result = restored(lambda made: by_id(made)["double"].update(source=stub + "\n"))
    assert result.unanswered == {"double"}


def test_own_cells_stay_where_they_were(restored):
    def add(made):
        made.cells.insert(0, added("first = 1", 0))
        made.cells.insert(4, added("after_double = 1", 1))

    kinds = plan(restored(add))
    assert kinds[0] == ("student", "first = 1")
    assert kinds[kinds.index(("student", RIGHT["double"])) + 1] == ("student", "after_double = 1")


@pytest.mark.parametrize("kept", ["id", "metadata"])
def test_either_id_or_metadata_is_enough(restored, kept):
    def lose(made):
        for number, node in enumerate(made.cells):
            if kept == "id":
                node.metadata = {}
            else:
                node["id"] = f"lost-{number}"

    result = restored(lose)
    graded_parts = [part for part in plan(result) if part in plan(restored())[1:]]
    assert graded_parts == plan(restored())[1:]


def test_without_either_an_answer_is_known_by_its_function(restored):
    def lose(made):
        for number, node in enumerate(made.cells):
            node.metadata, node["id"] = {}, f"lost-{number}"

    result = restored(lose)
    assert ("student", RIGHT["double"]) in plan(result)
    assert not result.missing
    assert {e.cell for e in result.events} == {"double", "triple"}


def test_of_two_copies_the_released_one_counts(restored):
    def duplicate(made):
        copied = copy.deepcopy(by_id(made)["double"])
        copied.update(id="copy", source="def double(x):\n    return 0")
        made.cells.insert(0, copied)

    result = restored(duplicate)
    sources = [step.source for step in result.steps if step.cell and step.cell.key == "double"]
    assert sources == [RIGHT["double"]]
    assert [e.detail for e in result.events] == ["a cell is there twice; one was used"]


def test_an_answer_cannot_take_the_place_of_a_test(restored):
    def swap(made):
        cells = by_id(made)
        first, second = cells["double"].metadata.nbgrader, cells["test-double"].metadata.nbgrader
        first["grade_id"], second["grade_id"] = second["grade_id"], first["grade_id"]

    steps = restored(swap).steps
    assert [s.source for s in steps if s.kind == "test"] == [
        "assert double(2) == 4", "assert triple(2) == 6",
    ]  # fmt: skip


def test_leaving_out_keeps_the_wanted_tests(restored):
    result = restored()
    result.leave_out(frozenset({"test_triple"}))
    assert [s.cell.key for s in result.steps if s.kind == "test"] == ["test_triple"]


def test_a_cell_added_a_thousand_times_makes_few_events(restored):
    def many(made):
        copies = [copy.deepcopy(by_id(made)["double"]) for _ in range(1000)]
        for number, node in enumerate(copies):
            node["id"] = f"copy-{number}"
        made.cells = list(chain(made.cells, copies))

    assert len(restored(many).events) == 1


SHOWN = notebook(
    cell("SCALE = 3", "scale", tags=("demonstration",)),
    cell("print(SCALE)", "print_scale", tags=("demonstration",)),
    cell("unit = 1", "unit", tags=("demonstration",)),
    answer("double", "def double(x):\n    return 2 * x"),
    graded("test_double", "assert double(2) == 4", 2, "assert double(unit) == 2"),
)


@pytest.mark.parametrize(
    ("answered", "changed", "running"),
    [
        ("def double(x):\n    return x + x", {}, ["unit"]),
        ("def double(x):\n    return SCALE * x - x", {}, ["scale", "unit"]),
        ("def double(x):\n    return x + x", {"print-scale": "print(4)"}, ["print-scale", "unit"]),
        (
            "def double(x):\n    return x + x",
            {"print-scale": "print(SCALE, 4)"},
            ["scale", "print-scale", "unit"],
        ),
    ],
)
def test_a_demonstration_runs_when_it_was_changed_or_its_names_are_needed(
    tmp_path, answered, changed, running
):
    made = released(SHOWN, double=answered)
    for name, source in changed.items():
        by_id(made)[name].source = source
    result = restore(read_notebook(as_bytes(made))[0], read_source(tmp_path, SHOWN))
    demonstrations = [step for step in result.steps if step.cell and step.cell.tags]
    assert [step.cell.id for step in demonstrations if step.runs] == running


def in_colab(made) -> bytes:
    """As Colab saves it: no nbgrader metadata, no cell ids, an id of its own in the metadata."""
    for number, node in enumerate(made.cells):
        node.pop("id")
        node.metadata = {"id": f"aB{number}_x", "colab": {"base_uri": "https://localhost:8080/"}}
    made.metadata["colab"] = {"provenance": []}
    made.nbformat_minor = 0
    return json.dumps(made).encode()


def in_vscode(made) -> bytes:
    """As VS Code saves it: other ids, its own metadata, lines as a list."""
    for number, node in enumerate(made.cells):
        node["id"] = f"#VSC-{number:08x}"
        node.metadata = {"vscode": {"languageId": "python"}}
        node["source"] = node["source"].splitlines(keepends=True)
    return json.dumps(made).encode()


@pytest.mark.parametrize("save", [in_colab, in_vscode])
def test_another_editor_changes_no_step(restored, tmp_path, save):
    submitted, _ = read_notebook(save(released(SOURCE, **RIGHT)))
    result = restore(submitted, read_source(tmp_path, SOURCE))
    assert plan(result) == plan(restored())
    assert not result.missing
    assert not result.absent
    assert {e.cell for e in result.events} == {"double", "triple"}


def test_an_answered_copy_counts_before_an_empty_original(restored, tmp_path):
    stubs = {c.grade_id: c.released for c in read_source(tmp_path, SOURCE).cells}

    def answer_the_copy(made):
        original = by_id(made)["double"]
        copied = copy.deepcopy(original)
        copied["id"] = "copy"
        original.source = stubs["double"]
        made.cells.append(copied)

    assert ("student", RIGHT["double"]) in plan(restored(answer_the_copy))


def test_an_answer_in_another_answers_cell_is_not_missing(restored):
    def merge(made):
        made.cells = [node for node in made.cells if node.id != "triple"]
        by_id(made)["double"].source += "\n\n" + RIGHT["triple"]

    result = restored(merge)
    assert not result.missing
    assert [(e.cell, e.detail) for e in result.events] == [
        ("triple", "its function stands in another cell")
    ]


def test_an_exercise_that_is_not_there_with_its_tests_was_not_released(restored):
    def leave_out(made):
        made.cells = [node for node in made.cells if node.id not in ("triple", "test-triple")]

    result = restored(leave_out)
    assert (result.missing, result.absent) == ({"triple"}, {"test_triple"})
    assert [e.detail for e in result.events] == ["neither it nor its tests are here: not released"]


def test_tags_kernels_and_outputs_change_nothing(restored):
    def decorate(made):
        made.metadata = {"kernelspec": {"name": "bash", "display_name": "", "language": "bash"}}
        for node in made.cells:
            node.metadata["tags"] = ["skip-execution", "raises-exception", "figure"]
            node.metadata.setdefault("nbgrader", {}).update(
                grade_id=node.metadata.get("nbgrader", {}).get("grade_id", "x"),
                locked=False, solution=True, grade=True, points=99,
            )  # fmt: skip

    assert plan(restored(decorate)) == plan(restored())
