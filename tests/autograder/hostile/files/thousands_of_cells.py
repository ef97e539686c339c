"""Thousands of cells without ids, each of which has to be looked at."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    data = json.loads(json.dumps(notebook))
    copy = next(cell for cell in data["cells"] if cell["id"] == "test-double")
    data["cells"] += [copy] * 1000
    data["cells"] += [
        {"cell_type": "markdown", "source": "def triple(x): 1", "metadata": {}}
    ] * 1000
    return json.dumps(data).encode()
