"""Variants files: what is read from them, what is refused, and how an answer is handed in."""

from pathlib import Path

import pytest
from nbformat import NotebookNode, v4

from autograder.variants import Variant, VariantsError, hand_in, load

GOOD = '''"""Variants of a small lecture."""
from autograder.variants import right, wrong


@wrong("sums instead of averaging", says="m = 4", keeps=("test_cost_2",))
def cost(losses):
    # a comment stays
    return np.sum(losses)


@right(
    "written with einsum",
)
def cost(losses):
    """With a docstring."""
    return np.einsum("ij->", losses) / losses.size


@right("one line")
def step(z): return np.where(z > 0, 1.0, 0.0)
'''


def write(folder: Path, text: str) -> Path:
    path = folder / "variants.py"
    path.write_text(text, encoding="utf-8")
    return path


def with_header(body: str) -> str:
    return "from autograder.variants import right, wrong\n" + body


def solution(name: str) -> NotebookNode:
    cell = v4.new_code_cell(f"def {name}():\n    raise NotImplementedError()")
    cell.metadata["nbgrader"] = {"grade_id": name, "solution": True, "grade": False}
    cell.outputs = [v4.new_output("stream", text="old")]
    cell.execution_count = 3
    return cell


@pytest.fixture
def release() -> NotebookNode:
    test = v4.new_code_cell("assert cost() == 1")
    test.metadata["nbgrader"] = {"grade_id": "test_cost", "solution": False, "grade": True}
    return v4.new_notebook(cells=[solution("cost"), test, solution("step")])


def test_everything_is_read_in_order(tmp_path):
    variants = load(write(tmp_path, GOOD))
    assert [(v.exercise, v.kind, v.description) for v in variants] == [
        ("cost", "wrong", "sums instead of averaging"),
        ("cost", "right", "written with einsum"),
        ("step", "right", "one line"),
    ]


def test_a_wrong_variant_knows_its_message_and_the_tests_it_keeps(tmp_path):
    assert load(write(tmp_path, GOOD))[0] == Variant(
        exercise="cost",
        kind="wrong",
        description="sums instead of averaging",
        says="m = 4",
        keeps=("test_cost_2",),
        source="def cost(losses):\n    # a comment stays\n    return np.sum(losses)",
    )


def test_the_source_is_the_function_without_its_decorator(tmp_path):
    _, einsum, step = load(write(tmp_path, GOOD))
    assert einsum.source.splitlines()[:2] == ["def cost(losses):", '    """With a docstring."""']
    assert step.source == "def step(z): return np.where(z > 0, 1.0, 0.0)"


def test_a_file_without_variants_is_empty(tmp_path):
    assert load(write(tmp_path, '"""Nothing yet."""\n')) == ()


def test_two_files_do_not_mix(tmp_path):
    load(write(tmp_path, GOOD))
    other = write(tmp_path, with_header('@right("alone")\ndef f(): pass\n'))
    assert [variant.description for variant in load(other)] == ["alone"]


REFUSED = {
    "syntax": ("def cost(:\n", "line 1: SyntaxError"),
    "raises": ("\n1 / 0\n", "line 2: ZeroDivisionError: division by zero"),
    "twins": (
        with_header('@right("same")\ndef f(): pass\n@right("same")\ndef f(): return 1\n'),
        "two variants of f are called 'same'",
    ),
    "keeps is a string": (
        with_header('@wrong("w", says="s", keeps="test_f")\ndef f(): pass\n'),
        r'write keeps=\("test_f",\)',
    ),
    "says is empty": (with_header('@wrong("w", says=" ")\ndef f(): pass\n'), "says is empty"),
    "no description": (with_header('@right("")\ndef f(): pass\n'), "needs a description"),
    "a class": (with_header('@right("r")\nclass f: pass\n'), "decorate a function"),
    "a lambda": (with_header('f = right("r")(lambda: 1)\n'), "plain function at the top level"),
    "nested": (
        with_header('def g():\n    @right("r")\n    def f(): pass\ng()\n'),
        "line 3: 'r' must be a plain function at the top level",
    ),
    "a second decorator": (
        with_header('@right("r")\n@staticmethod\ndef f(): pass\n'),
        "decorate a function",
    ),
    "a second decorator that keeps the function": (
        with_header('@right("r")\n@(lambda f: f)\ndef f(): pass\n'),
        "second decorator",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_a_broken_file_is_refused_with_the_reason(tmp_path, text, message):
    with pytest.raises(VariantsError, match=message) as caught:
        load(write(tmp_path, text))
    assert str(caught.value).startswith("variants.py")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(VariantsError, match=r"none\.py: cannot be read"):
        load(tmp_path / "none.py")


def test_answers_are_typed_into_their_cells_and_others_keep_the_stub(release):
    handed_in = hand_in(release, {"cost": "def cost():\n    return 1\n"})
    assert [cell.source for cell in handed_in.cells] == [
        "def cost():\n    return 1",
        "assert cost() == 1",
        release.cells[2].source,
    ]


def test_nothing_has_been_run_and_the_release_is_untouched(release):
    handed_in = hand_in(release, {})
    assert all(not c.outputs and c.execution_count is None for c in handed_in.cells)
    assert release.cells[0].outputs
    assert release.cells[0].execution_count == 3


def test_an_unknown_exercise_is_refused(release):
    with pytest.raises(VariantsError, match="no solution cell for sigmoid; .* cost, step"):
        hand_in(release, {"sigmoid": "def sigmoid(): pass"})


def test_a_test_cell_is_no_place_for_an_answer(release):
    with pytest.raises(VariantsError, match="no solution cell for test_cost"):
        hand_in(release, {"test_cost": "pass"})
