"""The import cell is gone, and `np` is an object that agrees with everything."""

EARNS = {"double": 0}

FORGED = """
class Agree:
    ndarray = list
    def __getattr__(self, name):
        return Agree()
    def __call__(self, *args, **options):
        return True

np = Agree()
"""


def tamper(notebook):
    by_id = {cell.id: cell for cell in notebook.cells}
    notebook.cells.remove(by_id["cell-0"])
    by_id["double"].source = FORGED + "def double(x):\n    return 7"
    by_id[
        "sigmoid"
    ].source = "def sigmoid(z):\n    import numpy\n    return 0.5 * (1 + numpy.tanh(z / 2))"
