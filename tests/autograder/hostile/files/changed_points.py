"""The metadata promises points for nothing: more of them, negative ones, and none to lose."""

EARNS = {"double": 0}


def tamper(notebook):
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if "points" in meta:
            meta["points"] = -5 if cell.id == "test-double" else 1000
            meta["grade"] = cell.id != "test-double"
