"""The course that the hostile submissions were handed in for, and how their files are read.

A case in `cells/` is an IPython file of cells: its docstring says what it tries, a line
`# earns: double 0` what it gets where that is not everything, and `# %% double` begins the answer
to an exercise (`# %%` alone: a cell of the student's own). What it does not answer is honest work.
A case in `files/` edits the notebook itself: `tamper(notebook)` gets honest work whose `double` is
wrong; `EARNS` says what is earned where that is not everything.
"""

import re
import runpy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode
from small_course import added, answer, as_bytes, cell, graded, locked, notebook, released

HERE = Path(__file__).parent
CANARY = 73162.50948
"""An input that only hidden parts use: it must not be found in anything written."""
LOOT = "loot-4f1c9b"
"""What the files and settings hold that no submission may read."""

HONEST = {
    "total": "def total(values):\n    return sum(values)",
    "double": "def double(x):\n    return 2 * x",
    "triple": "def triple(x):\n    return x + x + x",
    "sigmoid": "def sigmoid(z):\n    return 0.5 * (1 + np.tanh(z / 2))",
    "squares": "def squares(x):\n    return x * x",
}
POINTS = {"total": 4.0, "double": 3.0, "triple": 3.0, "sigmoid": 5.0, "squares": 2.0}


def source() -> NotebookNode:
    """Five exercises: results in a loop, hidden inputs, an expected error, `check`, no loops."""
    return notebook(
        cell("import numpy as np"),
        locked(
            "import nnlib as nn\nfrom autograder import check\n"
            'exercise = check.lecture(nn, "sigmoid", "squares")\nSCALE = 2',
            "setup",
        ),
        answer("total", "def total(values):\n    return sum(values)"),
        graded(
            "test_total",
            "assert total([1, 2, 3]) == 6\nassert total([]) == 0",
            4,
            "for got, wanted in zip(map(total, [[1, 5], [7]]), [6, 7]):\n    assert got == wanted",
        ),
        answer("double", "def double(x):\n    return SCALE * x"),
        graded(
            "test_double",
            "np.testing.assert_allclose(double(np.array([1.0, 2.0])), [2.0, 4.0])",
            2,
            f"secret = np.array([{CANARY}, -3.5])\n"
            f"assert np.allclose(double(secret), [{2 * CANARY}, -7.0])",
        ),
        graded("test_double_2", "assert abs(double(3.0) - 6.0) < 1e-9", 1),
        answer("triple", "def triple(x):\n    return 3 * x"),
        graded(
            "test_triple",
            "assert triple(2.0) == 6.0",
            3,
            f"assert abs(triple({CANARY}) - {3 * CANARY}) < 1e-6\n"
            "try:\n    triple(None)\nexcept:\n    pass\nelse:\n    raise AssertionError",
        ),
        answer("sigmoid", "def sigmoid(z):\n    return nn.stable_sigmoid(z)"),
        graded(
            "test_sigmoid",
            'with exercise("sigmoid"):\n    check.close("in the middle", sigmoid(0.0), 0.5)',
            5,
            'with exercise("sigmoid"):\n'
            f"    z = np.array([{CANARY}, -0.3, 1.7])\n"
            '    check.close("here and there", sigmoid(z), nn.sigmoid(z))',
        ),
        answer("squares", "def squares(x):\n    return x**2"),
        graded(
            "test_squares",
            'with exercise("squares"):\n'
            '    check.close("two", squares(np.array([1.0, 2.0])), [1.0, 4.0])\n'
            '    check.vectorised("many", squares, lambda m: (np.linspace(0, 1, m),))',
            2,
            'with exercise("squares"):\n'
            f"    many, one = np.array([{CANARY}, 2.0]), 3.0\n"
            "    first, second = squares(many), squares(one)\n"
            '    check.close("many", first, many * many)\n'
            '    check.close("one", second, 9.0)',
        ),
    )


@dataclass(frozen=True)
class Case:
    """A hostile submission and what it earns."""

    name: str
    data: bytes
    earns: dict[str, float]


def honest(**answers: str) -> NotebookNode:
    """Honest work, but for the given answers."""
    return released(source(), **(HONEST | answers))


def case(path: Path) -> Case:
    """Read a case's file."""
    if path.parent.name == "cells":
        text = path.read_text()
        earned = dict(re.findall(r"^# earns: (\w+) (\d+)", text, re.MULTILINE))
        made = _with_cells(text.split("# %%")[1:])
        return Case(path.stem, as_bytes(made), _earned(earned))
    module = runpy.run_path(str(path))
    made = honest(double="def double(x):\n    return 0 * x")
    data = module["tamper"](made) or as_bytes(made)
    return Case(path.stem, data, _earned(module["EARNS"]))


def _earned(changed: dict[str, float]) -> dict[str, float]:
    return POINTS | {name: float(points) for name, points in changed.items()}


def _with_cells(parts: list[str]) -> NotebookNode:
    made = honest()
    place = 2
    for number, part in enumerate(parts):
        name, _, code = part.partition("\n")
        if name.strip():
            place = next(i for i, c in enumerate(made.cells) if c.id == name.strip())
            made.cells[place].source = code.strip()
        else:
            made.cells.insert(place, added(code.strip(), number))
        place += 1
    return made
