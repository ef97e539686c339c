"""A student's text in a graded notebook does nothing in the page that nbconvert makes of it."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from small_course import notebook, read_source

from autograder.disarm import JOINER, disarm
from autograder.graded import compose
from autograder.restore import restore

SCRIPT = "alert(1)"
NASTY = [
    f"<script>{SCRIPT}</script>",
    f"<SCRIPT\n>{SCRIPT}</SCRIPT\n>",
    f"<img src=x onerror={SCRIPT}>",
    f"<svg/onload={SCRIPT}>",
    f"<svg><a xlink:href='javascript:{SCRIPT}'><text>x</text></a></svg>",
    "<iframe src=//example.org></iframe>",
    "<object data=x></object><embed src=x><base href=//example.org>",
    "<form action=//example.org><button>go</button></form>",
    "<style>@import '//example.org'</style><link rel=stylesheet href=//example.org>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    f"<details open ontoggle={SCRIPT}>",
    f"<math><mtext><img src=x onerror={SCRIPT}></mtext></math>",
    f"<!-- --!><img src=x onerror={SCRIPT}> -->",
    f"<?php ?><img src=x onerror={SCRIPT}>",
    f"<![CDATA[<img src=x onerror={SCRIPT}>]]>",
    f"<<img src=x onerror={SCRIPT}>",
    f"`<b>` <img src=x onerror={SCRIPT}> `",
    f"```\n```\n<img src=x onerror={SCRIPT}>\n```",
    f"$x<img src=x onerror={SCRIPT}>$",
    f"$$x$$<img src=x onerror={SCRIPT}>$$",
    f"    code\n\n<img src=x onerror={SCRIPT}>",
    f"[x](javascript:{SCRIPT})",
    f"[x](  JaVa&#115;cript:{SCRIPT})",
    f"[x](java\nscript:{SCRIPT})",
    f"[x](data:text/html,<script>{SCRIPT}</script>)",
    "[x](//example.org) [y](https://example.org 'title')",
    "![x](https://example.org/x.png) ![y](file:///etc/passwd) ![z](attachment:gone.png)",
    f"[x][1]\n\n[1]: javascript:{SCRIPT}",
    "[x]\n\n[x]:\nhttps://example.org",
    "![x][1]\n\n[1]: <https://example.org> 'title'",
    "<https://example.org> <mailto:ann@example.org>",
    f"<javascript:{SCRIPT}>",
    "https://example.org http://example.org www.example.org WWW.EXAMPLE.ORG",
    "| a |\n|---|\n| <b onclick=alert(1)>x</b> [x](//example.org) |",
    "- [x] [x](//example.org) <input autofocus onfocus=alert(1)>",
    "# <a href=//example.org>title</a>",
    f"```mermaid\ngraph TD; A-->B; click A '{SCRIPT}'\n<img src=x onerror={SCRIPT}>\n```",
    "~~~  mermaid\ngraph TD\n~~~",
    "```&#109;ermaid\ngraph TD\n```",
    "``` \\mermaid\ngraph TD\n```",
    f'```x" onclick="{SCRIPT}\ncode\n```',
]
HARMLESS = {
    "a", "p", "em", "strong", "del", "code", "pre", "span", "div", "ul", "ol", "li", "blockquote",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "hr", "br",
    "dl", "dt", "dd", "input",
}  # fmt: skip
ATTRIBUTES = {"class", "id", "href", "style", "type", "disabled", "checked", "start"}


def harms(html: str) -> list[str]:
    """What in a piece of a page is not plain text, formatting or a heading's link to itself."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        found += [] if tag.name in HARMLESS else [tag.name]
        found += [name for name in tag.attrs if name not in ATTRIBUTES]
        found += [tag["href"]] if not tag.get("href", "#").startswith("#") else []
        found += ["mermaid"] if "mermaid" in tag.get("class", []) else []
        if tag.name == "input" and tag.get("type") != "checkbox":
            found.append("input")
        if "style" in tag.attrs and not re.fullmatch(r"text-align: ?\w+;?", tag["style"]):
            found.append(tag["style"])
    return found


def graded_cells(tmp_path, *cells):
    """A graded notebook's text, of a student who added these cells."""
    source = read_source(tmp_path, notebook())
    submitted = [{"id": "", "metadata": {}, **cell} for cell in cells]
    steps = restore({"cells": submitted}, source).steps
    return compose(steps, [[] for _ in steps], {}, {})


@pytest.mark.parametrize("payload", [f"[x](javascript:{SCRIPT})", f"<img src=x onerror={SCRIPT}>"])
def test_without_the_repair_the_page_would_be_harmful(payload):
    assert harms(markdown2html_mistune(payload))


@pytest.mark.parametrize("payload", NASTY)
def test_a_payload_is_mere_text(payload):
    assert not harms(markdown2html_mistune(disarm(payload)))


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_in_the_page_of_a_graded_notebook_as_well(tmp_path, kind):
    import nbformat
    from nbconvert import HTMLExporter

    text = graded_cells(tmp_path, *({"cell_type": kind, "source": nasty} for nasty in NASTY))
    exporter = HTMLExporter(template_name="basic")
    page, _ = exporter.from_notebook_node(nbformat.reads(text, as_version=4))
    assert "example.org" in page.replace(JOINER, "")
    assert not [harm for harm in harms(page) if not harm.startswith(("tabindex", "data-", "role"))]


PIECES = st.sampled_from(
    [*"<>[]()!`~$\\:/#&;\"' \n\t", "a", "x=", "\\(", "\\[", "$$", "```", "~~~", "---", "script",
     "img src=x onerror=alert(1)", "javascript:", "https://", "www.example.org", "&lt;", "&#60;",
     "\\begin{a}", "\\end{a}", "mermaid", "    ", "\r", "\0", "[x]: ", "1. ", "- ", "> ", "| ",
     "\u2060", "ann@example.org"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=24).map("".join))
def test_no_mixture_of_signs_does_any_harm(text):
    assert not harms(markdown2html_mistune(disarm(text)))


@pytest.mark.parametrize(
    "command", [r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\require{html}"]
)
def test_tex_that_acts_is_no_command_any_more(command):
    assert command not in disarm(f"${command}$")
    assert disarm(f"${command}$").replace(JOINER, "") == f"${command}$"


@pytest.mark.parametrize(
    "text",
    [
        "# A title\n\nSome *text* with `x < y`, `f(a)` and **bold**.",
        r"$\frac{a}{b} < c$ and $$\sum_i x_i$$, \begin{align} a &= b \end{align}",
        "```python\nif a < 3 and b <= 4:\n    print('x')\n```",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two\n\n> quoted & said",
    ],
)
def test_ordinary_text_stays_as_it_is(text):
    assert disarm(text) == text


def test_in_a_formula_tex_reads_a_space():
    assert disarm("$a<b$ and `a<b`") == f"$a< b$ and `a<{JOINER}b`"


@given(st.text(st.sampled_from("<>[](): \n$`aw\\/.")))
def test_people_read_what_was_written(text):
    assert disarm(text).translate({ord(JOINER): None, ord(" "): None}) == text.replace(" ", "")


def test_an_instructors_text_keeps_its_markup(tmp_path):
    text = {"cell_type": "markdown", "id": "cell-0", "source": "<b>ours</b>", "metadata": {}}
    from nbformat import v4

    source = read_source(tmp_path, notebook(v4.new_markdown_cell("<b>ours</b>")))
    steps = restore({"cells": [text]}, source).steps
    made = json.loads(compose(steps, [[] for _ in steps], {}, {}))
    assert made["cells"][0]["source"] == "<b>ours</b>"
