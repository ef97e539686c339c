"""Which names a cell's code needs, told without running it."""

import pytest

from autograder.names import (
    answered_names,
    bound_names,
    needed_names,
    only_defines,
    only_functions,
    with_needed,
)


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("y = x", {"x"}),
        ("x = 1\ny = x", set()),
        ("y = x\nx = 1", {"x"}),
        ("x += 1", {"x"}),
        ("for x in values:\n    total += x", {"values", "total"}),
        ("[x * scale for x in values]", {"scale", "values"}),
        ("with block(a) as b:\n    b(c)", {"block", "a", "c"}),
        ("def f(x, y=z):\n    return x + y + w", {"z", "w"}),
        ("w = 1\ndef f(x):\n    return x + w", set()),
        ("def f(x):\n    return g(x)\ndef g(x):\n    return x", {"g"}),
        ("class A(B):\n    c = d\n    e = c", {"B", "d"}),
        ("try:\n    a\nexcept E as e:\n    b = e", {"a", "E"}),
        ("%matplotlib inline\nx", {"x"}),
        ("import numpy as np\nnp.array(a)", {"a"}),
        ("this is no Python", set()),
        ("return x", {"x"}),
    ],
)
def test_needed_names(source, needed):
    assert needed_names(source) == needed


def test_bound_names_are_those_of_the_top_level():
    source = "import a.b, c as d\nx, (y, z) = 1, (2, 3)\ndef f():\n    global g\n    h = 1"
    assert bound_names(source) == {"a", "d", "x", "y", "z", "f", "g"}


def test_an_import_is_no_answer():
    assert answered_names("import math\ndef f(): pass") == {"f"}


@pytest.mark.parametrize(
    ("source", "silent"),
    [
        ("import math\nHALF = 0.5\ndef f(x):\n    print(x)", True),
        ('exercise = check.lecture(nn, "cost")', True),
        ("f(1)", False),
        ("y = f(1)", False),
        ("HALF", False),
        ("%matplotlib inline", False),
        ("for x in y:\n    pass", False),
    ],
)
def test_only_defines(source, silent):
    assert only_defines(source) == silent


@pytest.mark.parametrize(
    ("sources", "wanted", "chosen"),
    [
        (["a = 1", "b = 2", "print(a)"], [0, 0, 1], [1, 0, 1]),
        (["a = 1", "b = a", "print(b)"], [0, 0, 1], [1, 1, 1]),
        (["print(a)", "a = 1"], [1, 0], [1, 0]),
        (["from math import *", "print(pi)"], [0, 1], [1, 1]),
        (["a = 1"], [0], [0]),
    ],
)
def test_earlier_cells_that_give_names(sources, wanted, chosen):
    assert with_needed(sources, list(map(bool, wanted))) == list(map(bool, chosen))


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# nothing",
        "def f(x, *rest, eps=1e-7, **more):\n    return x",
        "def f(x: None = None) -> 'text':\n    import os\n    return os\n\ndef g(): pass",
    ],
)
def test_cells_of_functions_only(source):
    assert only_functions(source)


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "print(1)",
        "import math",
        "@cache\ndef f(): pass",
        "def f(x=y): pass",
        "def f(*, x=g()): pass",
        "def f(x: np.ndarray): pass",
        "def f() -> y: pass",
        "def f(*a: y): pass",
        "class A:\n    def f(self): pass",
        "async def f(): pass",
        "def f(): pass\nf()",
        "def f(",
        "%time\ndef f(): pass",
    ],
)
def test_cells_that_do_more(source):
    assert not only_functions(source)
