"""All tests and all locked cells are gone."""

EARNS = {"double": 0}


def tamper(notebook):
    notebook.cells = [c for c in notebook.cells if not c.id.startswith(("test", "setup"))]
