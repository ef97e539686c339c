"""What a page may show of somebody's notebook: plain text, highlighted code and PNG figures.

Everything else, and everything that would change how the page around it reads, is left out or
written as a visible sign.
"""

from __future__ import annotations

import base64
import binascii
import keyword
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from textwrap import dedent
from typing import Any, ClassVar

from markupsafe import Markup, escape
from pygments import highlight, token
from pygments.formatters import HtmlFormatter
from pygments.lexer import RegexLexer, words

LONGEST_TEXT = 4_000
LONGEST_CODE = 10_000
LARGEST_PNG = 300_000
WIDEST_PNG = 4_000

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # change the direction of what follows
    "\u2028\u2029\ufeff\ufff9-\ufffb\ud800-\udfff]"  # separators, half characters
)
_PNG = b"\x89PNG\r\n\x1a\n"


class Python(RegexLexer):
    """Python in the few colours of a page: four times as fast as pygments' own lexer, and in
    linear time whatever a student hands in."""

    name = "python at a glance"
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"\s+", token.Text),
            (r"(?<=\bdef )\w+|(?<=\bclass )\w+", token.Name.Function),
            (r"(?:True|False|None|self)\b", token.Keyword.Constant),
            (words(keyword.kwlist, suffix=r"\b"), token.Keyword),
            (
                r"""(?i)[rbfu]{0,2}(\"{3}|'{3})(?:\\[\s\S]|(?!\1)[^\\])*(?:\1|\Z)""",
                token.String,
            ),
            (
                r"""(?i)[rbfu]{0,2}(?:"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)""",
                token.String,
            ),
            (r"[^\W\d]\w*", token.Text),
            (r"#[^\n]*", token.Comment),
            (r"(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?j?", token.Number),
            (r"[^\w\s#\"'.]+|[\s\S]", token.Text),
        ]
    }


_lexer = Python(stripnl=False)
_formatter = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Figure:
    """A PNG picture as a `data:` address."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Passage:
    """Some lines of a message: prose, or lines whose columns must stay in place."""

    text: str
    aligned: bool


def plain(text: object, longest: int = LONGEST_TEXT) -> str:
    """`text` without terminal colours, with signs such as ⟨U+202E⟩ for unseen characters."""
    whole = str(text).replace("\r\n", "\n")
    kept = _ANSI.sub("", whole[:longest])
    shown = _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", kept)
    left = len(whole) - longest
    return f"{shown}\n… {left:,} more characters are left out here." if left > 0 else shown


def passages(message: str) -> tuple[Passage, ...]:
    """A message in passages; lines that start with a space or a bracket keep their columns."""
    found: list[Passage] = []
    for line in plain(message).strip("\n").expandtabs(4).split("\n"):
        aligned = line.startswith((" ", "[", "|"))
        if found and found[-1].aligned and (aligned or not line.strip()):
            found[-1] = Passage(f"{found[-1].text}\n{line}", True)
        elif line.strip():
            found.append(Passage(line, aligned))
    return tuple(replace(passage, text=dedent(passage.text).rstrip()) for passage in found)


def prose(text: str) -> Markup:
    """Text in which `names between backticks` are set as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    wrap = (Markup("%s"), Markup("<code>%s</code>"))
    return Markup("").join(wrap[number % 2] % part for number, part in enumerate(parts))


@lru_cache(maxsize=2048)
def code(source: str) -> tuple[Markup, ...]:
    """Python source as highlighted lines; very long source is cut, and its last line says so."""
    text = plain(source.strip("\n"), LONGEST_CODE).expandtabs(4)
    html = highlight(text, _lexer, _formatter).rstrip("\n")
    return tuple(Markup(line) for line in html.split("\n"))


def uncoloured(source: str) -> tuple[Markup, ...]:
    """The same lines without colours, which costs next to no time."""
    text = plain(source.strip("\n"), LONGEST_CODE).expandtabs(4)
    return tuple(escape(line) for line in text.split("\n"))


def output_text(outputs: Iterable[Mapping[str, Any]]) -> str:
    """What a cell printed, answered and raised, as plain text."""
    return plain("\n".join(part for part in map(_text, outputs) if part).strip("\n"))


def figures(outputs: Iterable[Mapping[str, Any]]) -> tuple[Figure, ...]:
    """The PNG figures among a cell's outputs; whatever is no proper PNG is left out."""
    found = (_figure(output.get("data", {}).get("image/png")) for output in outputs)
    return tuple(figure for figure in found if figure is not None)


def _text(output: Mapping[str, Any]) -> str:
    match output.get("output_type"):
        case "stream":
            return _joined(output.get("text"))
        case "error":
            return f"{output.get('ename', 'Error')}: {output.get('evalue', '')}"
        case "execute_result" | "display_data":
            data = output.get("data", {})
            return "" if "image/png" in data else _joined(data.get("text/plain"))
        case _:
            return ""


def _joined(text: object) -> str:
    """A string of a notebook, which nbformat may hold as a list of lines."""
    if isinstance(text, list):
        text = "".join(str(line) for line in text)
    return text[: 2 * LONGEST_TEXT] if isinstance(text, str) else ""


def _figure(data: object) -> Figure | None:
    if not isinstance(data, str) or len(data) > LARGEST_PNG * 4 // 3:
        return None
    try:
        picture = base64.b64decode(data.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not picture.startswith(_PNG) or picture[12:16] != b"IHDR" or len(picture) < 33:
        return None
    width, height = struct.unpack(">II", picture[16:24])
    if not (0 < width <= WIDEST_PNG and 0 < height <= WIDEST_PNG):
        return None
    return Figure(f"data:image/png;base64,{base64.b64encode(picture).decode()}", width, height)
