"""Metadata, ids and outputs are all gone, as after a trip through another editor."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    for cell in notebook.cells:
        cell.pop("id")
        cell.metadata = {}
    notebook.metadata = {}
    notebook.nbformat_minor = 2
    return json.dumps(notebook).encode()
