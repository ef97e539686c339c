"""Test cells call themselves answers, and their code answers the exercise's test."""

EARNS = {"double": 0}


def tamper(notebook):
    for cell in notebook.cells:
        if cell.id.startswith("test"):
            cell.metadata.nbgrader.update(solution=True, grade=False, locked=False)
            cell.source = "np.allclose = lambda *args: True"
