"""Text cells hold scripts, frames, pictures and links that lead out."""

EARNS = {"double": 0}

MARKUP = """
<script>alert(1)</script> <img src=x onerror=alert(1)> <iframe src="//example.org"></iframe>
![](https://example.org/x.png) [a](javascript:alert(1)) [b]: https://example.org
<https://example.org> <svg/onload=alert(1)> <style>*{display:none}</style> a < b
"""


def tamper(notebook):
    from nbformat import v4

    for number in range(2):
        text = v4.new_markdown_cell(MARKUP)
        text["id"] = f"text-{number}"
        text["attachments"] = {"x.svg": {"image/svg+xml": "<script>alert(1)</script>"}}
        notebook.cells.insert(3 * number, text)
