"""Source text that is hard on parsers: nested too deep, and very long."""

EARNS = {"double": 0}


def tamper(notebook):
    from nbformat import v4

    for number, text in enumerate(
        ("(" * 3000, "x = " + "-" * 3_000 + "1", "x" + ".a" * 3_000, "x = [" + "1, " * 40_000 + "]")
    ):
        cell = v4.new_code_cell(text)
        cell["id"] = f"hard-{number}"
        notebook.cells.insert(2, cell)
