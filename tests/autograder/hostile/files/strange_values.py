"""Numbers, nulls and lists where notebooks have text; a kernel and a language of its own."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    data = json.loads(json.dumps(notebook))
    data["metadata"] = {"kernelspec": {"name": "bash", "argv": ["rm"]}, "nbgrader": 7, "x": 1e400}
    data["nbformat_minor"] = "five"
    for cell in data["cells"]:
        cell["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "5.0"}}]
        cell["execution_count"] = [None]
        cell["source"] = cell["source"].splitlines(True) + [None, 3]
    data["cells"] += [{"cell_type": [], "source": {}}, {}, {"cell_type": "code", "source": 5}]
    return json.dumps(data).encode()
