"""A student's text that stays text, whatever a page makes of Markdown, raw HTML and TeX.

Formgrader and nbconvert turn text cells into pages later and let raw HTML through. A sanitiser of
HTML (nbconvert's bleach) comes too early for Markdown: it takes `a < b` in code and formulas for
markup. So every sequence that could start a tag, a link, a picture, an automatic address, a diagram
or an active TeX command gets an invisible word joiner into its middle, wherever it stands: what is
code and what is not need not be guessed, and it looks as it was written.
"""

from __future__ import annotations

import re

JOINER = "\N{WORD JOINER}"
"""Seen by parsers, not by people."""

_ACTIVE_TEX = r"href|url|class|cssId|style|require|data|html[A-Za-z]*|includegraphics|bbox|unicode"
_BETWEEN = re.compile(
    r"(?<=<)(?![\s<=\d])"  # a tag, a comment, an address between angle brackets
    r"|(?<=\])(?=[(\[:])"  # links and pictures, here or by reference, and the references
    r"|(?<=:)(?=//)|(?<=[Ww])(?=[Ww][Ww]\.)"  # addresses by themselves
    r"|(?<=`{3})(?=[ \t]*[m&\\])|(?<=~{3})(?=[ \t]*[m&\\])"  # a mermaid diagram
    rf"|(?<=\\)(?={_ACTIVE_TEX})"
)
_LESS_IN_TEX = re.compile(r"(?<!\\)(\$\$?)(?!\s)([^$`]*?)(?<!\s)\1")
_LESS = re.compile(r"<(?![\s<=\d])")


def disarm(text: str) -> str:
    """The same text, in which nothing is a tag, a link, a picture or an active TeX command."""
    return _BETWEEN.sub(JOINER, _LESS_IN_TEX.sub(_spaced, text))


def _spaced(formula: re.Match[str]) -> str:
    """In a formula a space after < is as invisible, and TeX knows it."""
    return _LESS.sub("< ", formula[0])
