"""The tests come first, the answers last, and cells of nobody's in between."""

EARNS = {"double": 0}


def tamper(notebook):
    notebook.cells.reverse()
