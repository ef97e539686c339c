"""The wrong answer's tests carry the names of the right answer's."""

EARNS = {"double": 0}


def tamper(notebook):
    by_id = {cell.id: cell for cell in notebook.cells}
    first, second = by_id["test-double"].metadata.nbgrader, by_id["test-triple"].metadata.nbgrader
    first["grade_id"], second["grade_id"] = second["grade_id"], first["grade_id"]
    by_id["test-double"]["id"], by_id["test-triple"]["id"] = "test-triple", "test-double"
