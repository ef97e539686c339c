"""Raw cells and widgets hold what a converter would put into the page as it stands."""

EARNS = {"double": 0}


def tamper(notebook):
    from nbformat import v4

    raw = v4.new_raw_cell("<script>alert(1)</script>")
    raw["id"] = "raw"
    raw.metadata["format"] = "text/html"
    notebook.cells.append(raw)
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
