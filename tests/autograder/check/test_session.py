"""Names are lent and given back; the library's own answers refuse to work, however reached."""

import importlib

import numpy as np
import pytest

import nnlib as nn
from autograder import check
from autograder.check.session import Bindings, Block, LocalSession


def target(x):
    return x + 1


def other(x):
    return target(x)


def test_blocked_function_refuses_and_recovers():
    with Block([target]):
        with pytest.raises(RuntimeError, match="write this one yourself"):
            target(1)
        with pytest.raises(RuntimeError, match="write this one yourself"):
            other(1)
    assert other(1) == 2


def test_block_counts_entries():
    block = Block([target, target])
    with block, block:
        pass
    assert target(1) == 2
    with block:
        with block:
            pass
        with pytest.raises(RuntimeError):
            target(1)
    assert target(1) == 2


def test_block_ends_with_an_error():
    with pytest.raises(KeyError), Block([target]):
        raise KeyError
    assert target(1) == 2


@pytest.mark.parametrize("function", [np.exp, len, lambda: nn, nn.Dense])
def test_only_plain_functions_can_be_blocked(function):
    if getattr(function, "__code__", None) is None:
        with pytest.raises(TypeError, match="plain function"):
            Block([function])
    else:
        Block([function])


def test_bindings_hold_from_open_to_close():
    names = {"target": "the student's", "other": "the student's too"}
    bindings = Bindings(names)
    bindings.open("target", lend={"other": other, "third": target, "target": other}, block=[target])
    assert names["target"] == "the student's"
    assert names["other"] is other
    with pytest.raises(RuntimeError):
        names["other"](1)
    bindings.close()
    bindings.close()
    assert names == {"target": "the student's", "other": "the student's too"}
    assert target(1) == 2


def test_bindings_survive_a_name_deleted_meanwhile():
    names = {}
    bindings = Bindings(names)
    bindings.open("target", lend={"other": other}, block=[])
    del names["other"]
    bindings.close()
    assert names == {}


def test_local_session_without_the_name():
    with pytest.raises(NameError, match="cost"):
        LocalSession({}).open("cost", {}, [])


CHEATS = {
    "qualified": "return nn.sigmoid(z)",
    "alias": "return mine(z)",
    "from-import": "from nnlib import sigmoid as s\n    return s(z)",
    "submodule": "from nnlib.activations import sigmoid as s\n    return s(z)",
    "getattr": "return getattr(nn, 'sig' + 'moid')(z)",
    "importlib": "import importlib as i\n    return i.import_module('nnlib').sigmoid(z)",
    "derivative": "return nn.sigmoid_derivative(z)",
    "vectorised": "return np.vectorize(nn.sigmoid)(z)",
    "partial": "import functools\n    return functools.partial(nn.sigmoid)(z)",
}


@pytest.mark.parametrize("body", CHEATS.values(), ids=CHEATS)
def test_own_answer_of_the_library_is_refused(body, notebook):
    notebook.cell("mine = nn.sigmoid")
    notebook.cell(f"def sigmoid(z):\n    {body}\n")
    failure = notebook.failure("sigmoid", lambda sigmoid: sigmoid(np.zeros(2)))
    assert failure.kind == "used-library"
    assert "write this one yourself" in failure.message
    assert nn.sigmoid(0.0) == 0.5


def test_layers_are_refused_too(notebook):
    notebook.cell("def relu(z):\n    return nn.Activation('relu').forward(z)\n")
    layer = importlib.import_module("nnlib.layers").Activation
    notebook.cell("def relu(z):\n    return Layer(nn.relu, nn.relu_derivative).forward(z)\n")
    notebook.names["Layer"] = layer
    failure = notebook.failure("relu", lambda relu: relu(np.zeros((2, 1))))
    assert failure.kind == "used-library"


def test_name_bound_to_the_library(notebook):
    notebook.cell("sigmoid = nn.sigmoid")
    assert notebook.failure("sigmoid", lambda s: s(0.0)).kind == "used-library"


def test_tests_may_use_the_library_meanwhile(notebook):
    notebook.cell("def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n")
    with notebook.exercise("sigmoid"):
        check.number("at 1", notebook["sigmoid"](1.0), nn.sigmoid(1.0))
        assert nn.sigmoid(0.0) == 0.5


def test_a_callback_of_the_test_may_use_it_too(notebook):
    notebook.cell("def sigmoid(f):\n    return f(0.0)\n")
    with notebook.exercise("sigmoid"):
        assert notebook["sigmoid"](lambda z: nn.sigmoid(z)) == 0.5


def test_source_is_the_students_with_its_lines(notebook):
    notebook.cell("\n\ndef cost(losses):\n    return losses.mean()\n")
    with notebook.exercise("cost"):
        source = check.session.current.source("cost")
        assert source.splitlines()[2] == "def cost(losses):"
        assert check.session.current.source("sigmoid_of_nobody") is None
