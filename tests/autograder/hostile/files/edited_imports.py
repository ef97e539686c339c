"""The import cell and the locked cells import something of the student's making."""

EARNS = {"double": 0}


def tamper(notebook):
    by_id = {cell.id: cell for cell in notebook.cells}
    by_id[
        "cell-0"
    ].source = "import numpy as np\nnp.testing.assert_allclose = np.allclose = lambda *a, **k: True"
    by_id["setup"].source = "SCALE = 0\nexercise = None"
