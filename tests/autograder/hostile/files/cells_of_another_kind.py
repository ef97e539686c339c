"""Tests are turned into text and the honest answers' metadata into nonsense."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    for cell in notebook.cells:
        if cell.id.startswith("test"):
            cell.cell_type = "markdown"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
        elif cell.id != "double":
            cell.metadata = {"nbgrader": [1, {"grade_id": None}], "tags": {"a": 1}}
    return json.dumps(notebook).encode()
