"""Every test cell is tagged so that notebook runners leave it out or let it fail."""

EARNS = {"double": 0}


def tamper(notebook):
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution", "raises-exception", "figure", "uses-your-code"]
        cell.metadata["deletable"] = False
