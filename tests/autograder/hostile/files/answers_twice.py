"""An answer comes twice; only one of them is right, and the released one counts."""

import copy

EARNS = {"double": 0}


def tamper(notebook):
    right = copy.deepcopy(next(cell for cell in notebook.cells if cell.id == "double"))
    right["id"] = "another"
    right.source = "def double(x):\n    return 2 * x"
    notebook.cells.append(right)
