"""A cell with the id of a test and the name of an answer, and the other way round."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    from nbformat import v4

    for id, name in (("test-double", "double"), ("double", "test_double"), ("x", "test_double")):
        cell = v4.new_code_cell("def double(x):\n    return 7")
        cell["id"] = id
        cell.metadata["nbgrader"] = {"grade_id": name, "grade": True, "points": 1e9}
        notebook.cells.append(cell)
    return json.dumps(notebook).encode()
