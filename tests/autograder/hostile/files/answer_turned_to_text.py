"""The right answer has become a raw cell by accident: its code is still the answer."""

EARNS = {}


def tamper(notebook):
    right = next(cell for cell in notebook.cells if cell.id == "double")
    right.cell_type = "raw"
    right.source = "def double(x):\n    return 2 * x"
    del right["outputs"], right["execution_count"]
