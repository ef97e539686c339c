"""Loops over samples are found in any guise; loops over anything else are none of our business."""

import sys

import numpy as np
import pytest

from autograder import check
from autograder.cheats import signature
from autograder.check.counting import counted

LOOPS = {
    "for": "t = 0.0\n    for v in losses[0]:\n        t += v\n    return t / losses.size",
    "while": "i = 0\n    while i < losses.size:\n        i += 1\n    return losses[0, :i].mean()",
    "one line": "t = 0.0\n    for v in losses[0]: t += v\n    return t / losses.size",
    "comprehension": "return np.mean([v for v in losses[0]])",
    "set": "return len({float(v) for v in losses[0]})",
    "generator": "return sum(v for v in losses[0]) / losses.size",
    "map": "return np.mean(list(map(float, losses[0])))",
    "sum": "return sum(losses[0]) / losses.size",
    "max": "return max(losses[0])",
    "sorted": "return sorted(losses[0].tolist())[0]",
    "zip": "return np.sum(list(zip(losses[0], losses[0])))",
    "lambda": "return np.mean(list(map(lambda v: v, losses[0])))",
    "vectorize": "return np.mean(np.vectorize(abs)(losses))",
    "frompyfunc": "return np.frompyfunc(abs, 1, 1)(losses).mean()",
    "fromiter": "return np.fromiter(losses[0], float).mean()",
    "reduce": "import functools\n    return functools.reduce(np.add, losses[0])",
    "fsum": "import math\n    return math.fsum(losses[0])",
    "apply_along_axis": "return np.apply_along_axis(np.sum, 0, losses).mean()",
    "recursion": "return 0.0 if losses.size == 0 else losses[0, 0] + cost(losses[:, 1:])",
    "chunks": "return np.mean([losses[0, i:i + 8].mean() for i in range(0, losses.size, 8)])",
    "helper": "return helper(losses[0]) / losses.size",
    "hidden counter": "import sys\n    sys.settrace(None)\n    return losses.mean()",
}
HELPER = "def helper(row):\n    t = 0.0\n    for v in row:\n        t += v\n    return t\n"


def ones(m):
    return (np.ones((1, m)),)


@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS)
def test_loop_over_samples_is_found(loop, notebook):
    notebook.cell(HELPER)
    notebook.cell(f"def cost(losses):\n    {loop}\n")
    failure = notebook.failure("cost", lambda cost: check.vectorised("cost", cost, ones))
    assert failure.kind == "not-vectorised"


@pytest.mark.parametrize(
    "body",
    [
        "return losses.mean()",
        "return np.einsum('ij->', losses) / losses.size",
        "return sum(row.sum() for row in losses) / losses.size",
        "return np.mean([losses[i].mean() for i in range(losses.shape[0])])",
        "if np.any(losses > 2):\n        losses = losses * 1\n    return losses.mean()",
        "return np.add.reduce(losses, axis=1)[0] / max(1, losses.shape[1])",
        "assert all(n > 0 for n in losses.shape)\n    return losses.mean()",
    ],
)
def test_other_loops_are_fine(body, notebook, rng):
    notebook.cell(f"def cost(losses):\n    {body}\n")
    with notebook.exercise("cost"):
        check.vectorised("cost", notebook["cost"], lambda m: (rng.normal(size=(1, m)),))
        check.number("cost", notebook["cost"](np.ones((1, 4))), 1.0)


def test_message_names_loop_and_line(notebook):
    notebook.cell(f"def cost(losses):\n    {LOOPS['for']}\n")
    failure = notebook.failure("cost", lambda cost: check.vectorised("cost", cost, ones))
    assert failure.message == (
        "cost: the `for` loop in line 3 goes through the samples: it runs 32 times for 32 samples "
        "and 320 times for 320. Let one operation on whole arrays do it."
    )


def test_message_names_what_is_counted(notebook):
    notebook.cell(f"def cost(losses):\n    {LOOPS['for']}\n")

    def over_features(cost):
        check.vectorised("cost", cost, ones, over="features")

    failure = notebook.failure("cost", over_features)
    assert "goes through the features: it runs 32 times for 32 features" in failure.message
    assert "features" in failure.sealed


def test_tracer_of_others_goes_on(notebook):
    def tracer(*_):
        return None

    before = sys.gettrace()
    notebook.cell("def cost(losses):\n    return losses.mean()\n")
    sys.settrace(tracer)
    try:
        with notebook.exercise("cost"):
            check.vectorised("cost", notebook["cost"], ones)
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is tracer


def test_lines_of_the_grader_itself_do_not_count():
    """A callback's way through the sandbox takes more lines, or fewer, as the machine is busy."""

    def call_back(m):
        return signature("f", "x = 1\n" * m + "def f(a): pass")

    lines = counted(call_back, (50,), {})[1]
    assert [place for place in lines if "signature" in place] == []


def test_builtins_of_the_notebook_come_back(notebook):
    notebook.cell("def cost(losses):\n    return losses.mean()\n")
    with notebook.exercise("cost"):
        check.vectorised("cost", notebook["cost"], ones)
    assert "sum" not in notebook.names


@pytest.mark.parametrize(
    "body",
    [
        "return np.tanh(z)",
        "from numpy import tanh as t\n    return t(z)",
        "import math\n    return math.tanh(z)",
        "return getattr(np, 'tanh')(z)",
    ],
)
def test_forbidden_names_are_found(body, notebook):
    notebook.cell(f"def relu(z):\n    'no tanh here'\n    {body}\n")
    failure = notebook.failure("relu", lambda relu: check.avoids("relu", relu, "tanh"))
    assert failure.kind == "forbidden-name"


def test_a_docstring_may_name_what_is_forbidden(notebook):
    notebook.cell("def relu(z):\n    'tanh'\n    return np.maximum(z, 0)\n")
    with notebook.exercise("relu"):
        check.avoids("relu", notebook["relu"], "tanh")
        assert notebook["relu"](-1.0) == 0
