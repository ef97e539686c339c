"""All answers stand in the first exercise's cell; the cells of the others are gone."""

EARNS = {"double": 0}


def tamper(notebook):
    answers = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    answers[0].source = "\n\n".join(cell.source for cell in answers)
    notebook.cells = [cell for cell in notebook.cells if cell not in answers[1:]]
