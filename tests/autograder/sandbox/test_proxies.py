"""A student's functions as tests see them: arrays keep their identity, changes come back,
exceptions keep name and line, and no student's object answers for the test."""

import pytest
from small_course import answer, as_bytes, graded, notebook, read_source, released

from autograder.grade import Bench
from autograder.sandbox.rules import Rules

FUNCTIONS = {
    "apply": "def apply(f, *args, **kwargs):\n    return f(*args, **kwargs)",
    "same": "def same(x):\n    return x",
    "double_in_place": "def double_in_place(x):\n    x *= 2\n    return None",
    "first_row": "def first_row(x):\n    return x[0]",
    "part": "def part(x):\n    return x[::2, 1:]",
    "fill": "def fill(container):\n    container.update(a=1)",
    "grow": "def grow(items):\n    items.append(4)\n    items[0] = 'new'",
    "replace": (
        "def replace(d):\n    d['x'] = d['x'] + 1\n    d['pair'] = (d['pair'][0], d['pair'][1] * 2)"
    ),
    "draw": "def draw(rng):\n    return rng.normal(size=3)",
    "keys": "def keys():\n    return {1: 'a', 2.5: 'b', (3, 'x'): 'c', None: 'd', True: 'e'}",
    "fails": "def fails(kind):\n    import builtins\n    raise getattr(builtins, kind)('because')",
    "adder": "def adder(k):\n    def add(x):\n        return x + k\n    return add",
    "kind_of": "def kind_of(x):\n    return [type(x).__name__, str(getattr(x, 'dtype', ''))]",
    "flags": (
        "def flags(x):\n    f = x.flags\n    return [f.c_contiguous, f.f_contiguous, f.writeable]"
    ),
    "Descent": (
        "class Descent:\n    rate = 0.5\n    def step(self, params, grads):\n"
        "        for name in params:\n            params[name] -= self.rate * grads[name]"
    ),
    "lazy": "def lazy():\n    return (n for n in range(3))",
    "keep": "kept = []\n\ndef keep(x):\n    kept.append(x)\n    return len({id(k) for k in kept})",
    "change_kept": "def change_kept():\n    kept[-1][...] = 7",
    "deep": "def deep(n):\n    x = 0\n    for _ in range(n):\n        x = [x]\n    return x",
    "loop": "def loop(f):\n    while True:\n        f(1.0)",
    "nothing": "def nothing():\n    pass",
    "refill": (
        "own = {}\n\ndef refill(x):\n    buffer = own.setdefault('x', x.copy())\n"
        "    buffer[:] = x\n    return buffer"
    ),
    "halve": "def halve(x):\n    x /= 2\n    return x",
    "reciprocal": "def reciprocal(x, items=()):\n    grow(items)\n    return [1 / x, len(items)]",
}  # fmt: skip

HOLDS = {
    "an array comes back as itself": "x = np.arange(3.0)\nassert same(x) is x",
    "a copy is another array": "x = np.arange(3.0)\nassert apply(np.copy, x) is not x",
    "an array is changed in place": (
        "x = np.arange(3)\ndouble_in_place(x)\nassert x.tolist() == [0, 2, 4]"
    ),
    "a view shares memory": (
        "x = np.zeros((2, 3))\nrow = first_row(x)\nrow[0] = 5\nassert x[0, 0] == 5"
    ),
    "a strided view shares memory": (
        "x = np.arange(12.0).reshape(3, 4)\ny = part(x)\nassert (y == x[::2, 1:]).all()\n"
        "assert np.shares_memory(x, y)"
    ),
    "the same array twice is one array": "x = np.ones(2)\nassert keep(x) == 1\nassert keep(x) == 1",
    "a kept array can be changed later": (
        "x = np.ones(2)\nkeep(x)\nchange_kept()\nassert x.tolist() == [7, 7]"
    ),
    "a dictionary is changed": "d = {}\nfill(d)\nassert d == {'a': 1}",
    "an array in a dictionary is replaced": (
        "d = {'x': np.ones(2), 'pair': (np.ones(2), np.ones(3))}\nx, pair = d['x'], d['pair']\n"
        "replace(d)\nassert d['x'].tolist() == [2, 2] and x.tolist() == [1, 1]\n"
        "assert d['pair'][0] is pair[0] and d['pair'][1].tolist() == [2, 2, 2]"
    ),
    "a list is changed": "items = [1, 2]\ngrow(items)\nassert items == ['new', 2, 4]",
    "a list of arrays keeps its arrays": (
        "x = np.ones(2)\nitems = [0, x]\ngrow(items)\nassert items[1] is x and len(items) == 3"
    ),
    "an optimizer updates through the proxy": (
        "params = {'w': np.ones(2)}\nw = params['w']\nopt = Descent()\nopt.rate = 0.25\n"
        "opt.step(params, {'w': np.full(2, 2.0)})\n"
        "assert w.tolist() == [0.5, 0.5] and params['w'] is w and opt.rate == 0.25"
    ),
    "a function of the test is called": "assert apply(lambda a, b=2: a * b, 3, b=5) == 15",
    "an exception of the test's function passes through": (
        "def f(x):\n    raise KeyError('mine')\n"
        "try:\n    apply(f, 1)\n    assert False\n"
        "except KeyError as error:\n    assert 'mine' in str(error)"
    ),
    "a student's function is passed on": "assert apply(same, 4) == 4",
    "a callback calls back": "assert apply(lambda x: same(x) + apply(lambda y: y + 1, x), 3) == 7",
    "a closure comes as a function": "assert adder(3)(4) == 7\nassert adder(3).__name__ == 'add'",
    "a generator draws what it would here": (
        "got = draw(np.random.default_rng(3))\n"
        "assert np.array_equal(got, np.random.default_rng(3).normal(size=3))"
    ),
    "another kind of generator works": (
        "rng = np.random.Generator(np.random.MT19937(3))\nassert draw(rng).shape == (3,)"
    ),
    "keys keep their types": (
        "assert keys() == {1: 'e', 2.5: 'b', (3, 'x'): 'c', None: 'd'}\n"
        "assert all(type(k) is not str for k in keys())"
    ),
    "numbers keep their types": (
        "assert kind_of(1) == ['int', ''] and kind_of(True) == ['bool', '']\n"
        "assert kind_of(np.float32(1)) == ['float32', 'float32']\n"
        "assert kind_of(2j) == ['complex', ''] and kind_of((1,)) == ['tuple', '']\n"
        "assert kind_of(np.zeros(2, np.int8)) == ['ndarray', 'int8']\n"
        "assert kind_of(slice(1, None)) == ['slice', ''] and kind_of(...) == ['ellipsis', '']"
    ),
    "empty arrays keep their shape": "assert same(np.zeros((0, 3))).shape == (0, 3)",
    "memory layout is kept": (
        "x = np.zeros((2, 3))\nassert flags(x) == [True, False, True]\n"
        "assert flags(x.T) == [False, True, True]\n"
        "assert flags(x[:, ::2]) == [False, False, True]\n"
        "x.flags.writeable = False\nassert flags(x) == [True, False, False]"
    ),
    "an exception keeps its name and line": (
        "for kind in (ValueError, KeyError, ZeroDivisionError, AttributeError):\n"
        "    try:\n        fails(kind.__name__)\n        assert False\n"
        "    except kind as error:\n        assert 'because' in str(error)\n"
        "        assert error.student_frame[1] == 3\n"
        "        assert error.student_frame[2] == \"raise getattr(builtins, kind)('because')\""
    ),
    "a missing argument is a TypeError": (
        "try:\n    same()\n    assert False\n"
        "except TypeError as error:\n    assert 'x' in str(error)"
    ),
    "nothing is None": "assert nothing() is None",
    "of several calls each has its own result": (
        "seen = calls.each(refill, [(np.full(2, n),) for n in range(3)])\n"
        "assert [s.result.tolist() for s in seen] == [[0, 0], [1, 1], [2, 2]]"
    ),
    "of several calls each finds its arguments as they were": (
        "x = np.full(2, 8.0)\nguard = calls.Guard('halve', halve, None)\n"
        "for seen in calls.each(guard, 3 * [(x,)]):\n"
        "    assert x.tolist() == [8, 8] and seen.result.tolist() == [4, 4]\n"
        "    assert calls.last.given[0].tolist() == [4, 4] and calls.last.shared\n"
        "for seen in calls.each(halve, [(x,), (np.full(2, 2.0),)]):\n"
        "    assert seen.result.tolist() == ([4, 4] if seen.result is x else [1, 1])"
    ),
    "several calls share keywords, and what each changes is its own": (
        "items = [1, 2]\nseen = calls.each(reciprocal, [(1,), (2,)], {'items': items})\n"
        "assert [s.result for s in seen] == [[1.0, 3], [0.5, 3]]"
    ),
    "of several calls one that raises ends them": (
        "seen = calls.each(reciprocal, [(1,), (0,), (2,)], {'items': [1]})\n"
        "assert next(seen).result == [1.0, 2]\n"
        "try:\n    next(seen)\n    assert False\nexcept ZeroDivisionError:\n    pass\n"
        "assert next(seen, None) is None"
    ),
    "several calls call back": (
        "seen = calls.each(apply, [(lambda x: 2 * x, 3), (same, 4)])\n"
        "assert [s.result for s in seen] == [6, 4]"
    ),
    "several calls are counted and heard": (
        "x, items = [(np.zeros(1),), (np.ones(1),)], {'items': [1]}\n"
        "seen = list(calls.each(reciprocal, x, items, events=True))\n"
        "assert seen[0].warnings and not seen[1].warnings and seen[1].events"
    ),
}  # fmt: skip

REFUSED = {
    "comparison": "Descent() == Descent()",
    "order": "Descent() < 3",
    "truth": "bool(Descent())",
    "iteration": "list(lazy())",
    "membership": "3 in Descent()",
    "a number": "float(Descent())",
    "an array": "np.asarray(Descent())",
    "arithmetic": "Descent() + 1",
    "a hash": "{Descent()}",
    "a type of its own": "apply(same, object())",
    "endless depth": "deep(5000)",
}

IMPORTS = "import numpy as np\nfrom autograder.check import calls"

COURSE = notebook(
    *(answer(name, source) for name, source in FUNCTIONS.items()),
    *(graded(f"test_{name}", "") for name in FUNCTIONS),
    *(graded(f"holds_{n}", f"{IMPORTS}\n{code}") for n, code in enumerate(HOLDS.values())),
    *(
        graded(
            f"refused_{n}",
            f"import numpy as np\ntry:\n    {code}\nexcept Exception:\n    pass\n"
            "else:\n    assert False, 'not refused'",
        )
        for n, code in enumerate(REFUSED.values())
    ),
    graded("endless_callbacks", "def f(x):\n    return x\nloop(f)"),
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """All of it graded in one go: results by grade_id."""
    bench = Bench(
        read_source(tmp_path_factory.mktemp("course"), COURSE),
        rules=Rules(cell_cpu=0.5, patience=1.0),
    )
    try:
        done = bench.grade("ann", "ps1", as_bytes(released(COURSE, **FUNCTIONS)))
    finally:
        bench.close()
    return {test.grade_id: test for test in done.tests}


@pytest.mark.parametrize("number", range(len(HOLDS)), ids=list(HOLDS))
def test_through_proxies(number, results):
    assert results[f"holds_{number}"].status == "passed", results[f"holds_{number}"].message


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=list(REFUSED))
def test_a_students_object_does_not_answer_for_the_test(number, results):
    assert results[f"refused_{number}"].status == "passed", results[f"refused_{number}"].message


def test_callbacks_without_end_are_stopped(results):
    assert results["endless_callbacks"].status == "timed out"
