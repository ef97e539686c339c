"""Lone surrogates, null characters and control codes in code, text and names."""

EARNS = {"double": 0}


def tamper(notebook):
    import json

    from nbformat import v4

    for number, text in enumerate(
        ("x = '\ud800'\nprint(x)", "y = '\0'", "print('\x1b[31m\ud800\x07')", "\ufeffz = 1")
    ):
        cell = v4.new_code_cell("pass")
        cell.update(source=text, id=f"odd-{number}")
        notebook.cells.insert(2, cell)
    text = v4.new_markdown_cell("pass")
    text.update(source="\udfff", id="odd-text")
    notebook.cells.append(text)
    return json.dumps(notebook).encode()
