"""The block in which an exercise is tested: what is lent, what is undone, what errors say."""

import numpy as np
import pytest

import nnlib as nn
from autograder import check

STUB = "def cost(losses):\n    'The mean.'\n    raise NotImplementedError()\n"


def call(function):
    return function(np.ones((1, 4)))


def test_success_prints_one_line(notebook, capsys):
    notebook.cell("def cost(losses):\n    return losses.mean()\n")
    with notebook.exercise("cost"):
        check.number("cost", call(notebook["cost"]), 1.0)
    assert capsys.readouterr().out == "cost: visible part passed\n"


def test_other_exercises_are_lent_and_given_back(notebook):
    notebook.cell(
        "def sigmoid(z):\n    return 'wrong'\ndef cost(losses):\n    return sigmoid(0.0)\n"
    )
    own = notebook["sigmoid"]
    with notebook.exercise("cost"):
        assert notebook["sigmoid"] is nn.sigmoid
        assert notebook["relu"] is nn.relu
        assert call(notebook["cost"]) == 0.5
    assert notebook["sigmoid"] is own
    assert "relu" not in notebook.names


def test_own_name_comes_back_after_a_failure(notebook):
    notebook.cell(STUB)
    own = notebook["cost"]
    notebook.failure("cost", call)
    assert notebook["cost"] is own


def test_keyword_stand_in_is_lent_and_blocked(notebook):
    notebook.cell("def predict_proba_loop(X, w, b):\n    return predict_proba(X, w, b)\n")
    assert notebook.exercise._stand_ins["predict_proba_loop"] is nn.predict_proba
    failure = notebook.failure(
        "predict_proba_loop", lambda f: f(np.ones((2, 3)), np.ones((2, 1)), 0.0)
    )
    assert failure.kind == "used-library"


def test_without_blocks_more(notebook):
    notebook.cell("def sigmoid(z):\n    return (1 + nn.tanh(z / 2)) / 2\n")
    assert notebook.failure("sigmoid", lambda f: f(1.0), without=("tanh",)).kind == "used-library"
    with notebook.exercise("sigmoid"):
        check.number("at 0", notebook["sigmoid"](0.0), 0.5)


def test_without_a_class_blocks_its_methods(notebook):
    notebook.cell("def relu(z):\n    return nn.MaxPool2D(1).predict(z)\n")
    with notebook.exercise("relu"):
        notebook["relu"](np.ones((1, 2, 2, 1)))
    arguments = {"without": ("MaxPool2D",)}
    failure = notebook.failure("relu", lambda f: f(np.ones((1, 2, 2, 1))), **arguments)
    assert failure.kind == "used-library"


def test_without_needs_a_name_of_the_library(notebook):
    notebook.cell(STUB)
    with (
        pytest.raises(ValueError, match="no function or class 'pi' to do without"),
        notebook.exercise("cost", without=("pi",)),
    ):
        pass


def test_stub_is_not_started(notebook):
    notebook.cell(STUB)
    failure = notebook.failure("cost", call)
    assert failure.not_started
    assert "raise NotImplementedError()" in failure.message


def test_missing_function(notebook):
    failure = notebook.failure("cost", call)
    assert "`cost` is not defined. Run the cell above" in failure.message
    assert not failure.not_started


def test_a_name_that_is_no_function(notebook):
    notebook.cell("cost = 3")
    assert "is a number, not a function" in notebook.failure("cost", call).message


def test_students_error_has_type_text_and_line(notebook):
    notebook.cell("def cost(losses):\n    total = 0\n    return total + undefined\n")
    failure = notebook.failure("cost", call)
    assert failure.message == (
        "cost: it stopped with NameError in line 3 (`return total + undefined`): "
        "name 'undefined' is not defined"
    )
    assert failure.kind == "exception"
    assert "undefined" not in failure.sealed


def test_error_inside_numpy_shows_the_students_line(notebook):
    notebook.cell("def cost(losses):\n    return np.reshape(losses, (3, 3))\n")
    assert "line 2 (`return np.reshape(losses, (3, 3))`)" in notebook.failure("cost", call).message


def test_ipython_shows_the_message_alone(notebook):
    notebook.cell("def cost(losses):\n    return 1 / 0\n")
    failure = notebook.failure("cost", call)
    assert failure._render_traceback_() == [failure.message]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return None", "did you forget `return`"),
        ("return 3.0", "the test cannot use what it returned, a number"),
    ],
)
def test_results_that_a_test_cannot_unpack(body, words, notebook):
    notebook.cell(f"def cost(losses):\n    {body}\n")

    def unpack(cost):
        first, second = call(cost)

    assert words in notebook.failure("cost", unpack).message


def test_a_bare_assertion_is_passed_on(notebook):
    notebook.cell("def cost(losses):\n    return 1.0\n")

    def claim(cost):
        assert call(cost) == 2.0, "it should be two"

    assert notebook.failure("cost", claim).message.startswith("cost: it should be two")


def test_interrupts_pass_and_names_come_back(notebook):
    notebook.cell("def sigmoid(z):\n    raise KeyboardInterrupt\n")
    own = notebook["sigmoid"]
    with pytest.raises(KeyboardInterrupt), notebook.exercise("sigmoid"):
        notebook["sigmoid"](0.0)
    assert notebook["sigmoid"] is own
    assert nn.sigmoid(0.0) == 0.5


def test_unknown_exercise_is_the_authors_mistake(notebook):
    with pytest.raises(ValueError, match="no exercise 'costs'"), notebook.exercise("costs"):
        pass


def test_a_reference_that_cannot_be_blocked_is_the_authors_mistake(notebook):
    exercise = check.lecture(nn, "cost", tanh=np.tanh)
    notebook.cell("def tanh(z):\n    return z\n")
    with pytest.raises(TypeError, match="plain function"), exercise("tanh"):
        pass
    assert "cost" not in notebook.names


def test_first_error_counts_when_closing_fails():
    class Gone:
        def open(self, exercise, lend, block):
            return lambda: 1

        def bind(self, name, function):
            pass

        def close(self):
            raise OSError("the process is gone")

        def source(self, name):
            return None

    exercise = check.lecture(nn, "sigmoid")
    first = pytest.raises(check.CheckFailure, match="first")
    with check.session.using(Gone()), first, exercise("sigmoid"):
        check.true("first", False, "the first error")


def test_a_library_without_the_function_lends_nothing(notebook):
    exercise = check.lecture(nn, "not_in_the_library", "cost")
    notebook.cell("def not_in_the_library():\n    return 5\n")
    with exercise("not_in_the_library"):
        check.number("five", notebook["not_in_the_library"](), 5)
        assert notebook["cost"] is nn.cost
