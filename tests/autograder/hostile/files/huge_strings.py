"""Ids, names, keys and lines that are megabytes long."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    data = json.loads(json.dumps(notebook))
    long = "x" * 1_000_000
    data["metadata"][long] = long
    data["cells"] += [
        {"cell_type": "code", "id": long, "metadata": {"nbgrader": {"grade_id": long}}},
        {"cell_type": "code", "source": "#" + long, "metadata": {long: {}}, "outputs": [long]},
        {"cell_type": long, "source": long},
    ]
    return json.dumps(data).encode()
