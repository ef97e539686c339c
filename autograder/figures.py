"""The report's figures as inline SVG. Lengths across are per cent and heights are pixels, so that a
figure fits a phone and a wide screen without its letters changing size; colours are the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.items import Level

ORDER = tuple(Level)
MOST_BRICKS = 150
"""In a larger class a column is one bar, no longer a brick for each person."""


def svg(height: float, label: str, *parts: Markup, shape: str = "") -> Markup:
    """A figure with a text for those who do not see it."""
    head = Markup('<svg class="figure {}" width="100%" height="{}" role="img" aria-label="{}">')
    return head.format(shape, height, label) + Markup("").join(parts) + Markup("</svg>")


def rect(x: float, y: float, width: float, height: float, shape: str) -> Markup:
    """A box: `x` and `width` in per cent, `y` and `height` in pixels."""
    box = '<rect class="{}" x="{:.2f}%" y="{:.1f}" width="{:.2f}%" height="{:.1f}" rx="1.5"/>'
    return Markup(box).format(shape, x, y, max(width, 0.05), max(height, 0.5))


def text(x: float, y: float, words: str, shape: str = "", anchor: str = "middle") -> Markup:
    """Words at a place; `x` in per cent."""
    return Markup('<text class="{}" x="{:.2f}%" y="{:.1f}" text-anchor="{}">{}</text>').format(
        shape, x, y, anchor, words
    )


def rule(x: float, top: float, bottom: float, shape: str) -> Markup:
    """An upright line."""
    line = '<line class="{0}" x1="{1:.2f}%" x2="{1:.2f}%" y1="{2:.1f}" y2="{3:.1f}"/>'
    return Markup(line).format(shape, x, top, bottom)


@dataclass(frozen=True)
class Brick:
    """One person in a distribution."""

    share: float
    """Of all points, 0 to 1."""
    name: str
    href: str = ""


BINS = 10
_PLOT, _TOP, _FOOT = 150, 40, 26


def distribution(bricks: Sequence[Brick], points: float, median: float) -> Markup:
    """How many reached how many points: ten columns, a brick for each person while these can be
    told apart, and the median."""
    columns = binned(bricks)
    tallest = max(1, max(map(len, columns)))
    single = len(bricks) <= MOST_BRICKS
    step = min(16.0, _PLOT / tallest)
    plot = step * tallest
    floor = _TOP + plot
    width = 100 / BINS
    parts = [rule(100 * median, 20, floor, "median")]
    for number, column in enumerate(columns):
        x = number * width + 0.35
        if single:
            for place, brick in enumerate(column):
                box = rect(x, floor - (place + 1) * step, width - 0.7, step - 1.5, "brick")
                parts.append(_linked(box, brick, points))
        elif column:
            height = step * len(column)
            parts.append(rect(x, floor - height, width - 0.7, height, "brick"))
        if column:
            above = floor - step * len(column) - 5
            parts.append(text((number + 0.5) * width, above, f"{len(column):,}", "count"))
    side = "start" if median < 0.12 else "end" if median > 0.88 else "middle"
    parts.append(text(100 * median, 13, f"median {plain(median * points)}", "median", side))
    parts.append(Markup('<line class="axis" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(floor))
    for edge in range(BINS + 1):
        anchor = "start" if edge == 0 else "end" if edge == BINS else "middle"
        shape = "tick" if edge % 2 == 0 else "tick odd"
        parts.append(text(edge * width, floor + 17, plain(edge / BINS * points), shape, anchor))
    return svg(floor + _FOOT, said(columns, points), *parts, shape="distribution")


def binned(bricks: Sequence[Brick]) -> list[list[Brick]]:
    """The bricks in ten columns, each column by share."""
    columns: list[list[Brick]] = [[] for _ in range(BINS)]
    for brick in sorted(bricks, key=lambda b: (b.share, b.name)):
        columns[min(BINS - 1, max(0, int(brick.share * BINS + 1e-9)))].append(brick)
    return columns


def said(columns: Sequence[Sequence[Brick]], points: float) -> str:
    """A distribution in words."""
    told = []
    for number, column in enumerate(columns):
        if column:
            low, high = number / BINS * points, (number + 1) / BINS * points
            told.append(f"{plain(low)} to {plain(high)} points: {len(column)}")
    return "How many students reached how many points. " + "; ".join(told) + "."


def _linked(box: Markup, brick: Brick, points: float) -> Markup:
    inside = Markup("<g><title>{}, {}</title>{}</g>").format(
        brick.name, plain(brick.share * points), box
    )
    if not brick.href:
        return inside
    return Markup('<a href="{}" tabindex="-1">{}</a>').format(brick.href, inside)


def spark(bricks: Sequence[Brick]) -> Markup:
    """The same, small and without letters."""
    columns = binned(bricks)
    tallest = max(1, max(map(len, columns)))
    parts = [Markup('<line class="axis" x1="0" x2="100%" y1="39.5" y2="39.5"/>')]
    for number, column in enumerate(columns):
        if column:
            height = 36 * len(column) / tallest
            parts.append(rect(number * 10 + 0.8, 39 - height, 8.4, height, "brick"))
    return svg(40, said(columns, 100).replace(" points", " %"), *parts)


def parts(levels: dict[Level, int], height: int = 18) -> Markup:
    """A class as one bar: how many have all of it, part of it, nothing, have not started."""
    whole = sum(levels.values()) or 1
    drawn, x = [], 0.0
    for one in ORDER:
        if number := levels.get(one, 0):
            width = 100 * number / whole
            drawn.append(rect(x, 0.5, width - 0.3, height - 1, one.shape))
            if height >= 16 and width >= 6:
                number_at = text(x + width / 2, height / 2 + 4, f"{number:,}", f"on {one.shape}")
                drawn.append(number_at)
            x += width
    told = ", ".join(f"{levels[one]} {one}" for one in ORDER if levels.get(one))
    return svg(height, told, *drawn, shape="parts")


def scale(value: float | None) -> Markup:
    """Where a discrimination lies between −0.5 and 1; zero and 0.3 are marked."""
    if value is None:
        return svg(18, "no discrimination: all are alike", _base(), shape="scale")
    x = 100 * (min(1.0, max(-0.5, value)) + 0.5) / 1.5
    x = min(96.0, max(4.0, x))
    tone = "low" if value < 0 else "good" if value >= 0.3 else "fair"
    dot = Markup('<circle class="{}" cx="{:.2f}%" cy="9" r="5"/>').format(tone, x)
    return svg(18, f"discrimination {value:.2f}", _base(), dot, shape="scale")


def scale_marks() -> Markup:
    """What stands above a column of scales."""
    marks = ((0.0, "−0.5", "start"), (100 / 3, "0", "middle"), (100.0, "1", "end"))
    return svg(14, "from −0.5 to 1", *(text(x, 11, words, "", side) for x, words, side in marks))


def _base() -> Markup:
    line = Markup('<line class="axis" x1="0" x2="100%" y1="9" y2="9"/>')
    return line + rule(100 / 3, 3, 15, "axis") + rule(100 * 0.8 / 1.5, 5, 13, "axis faint")


def strip(levels: Sequence[Level]) -> Markup:
    """One person's exercises side by side, in the lecture's order."""
    width = 100 / max(1, len(levels))
    boxes = (rect(n * width, 0.5, width - 0.8, 13, one.shape) for n, one in enumerate(levels))
    told = ", ".join(f"{levels.count(one)} {one}" for one in ORDER if one in levels)
    return svg(14, told, *boxes, shape="strip")


def bar(share: float) -> Markup:
    """A plain bar."""
    return svg(12, f"{100 * share:.0f} %", rect(0, 0.5, 100 * share, 11, "none"))


def plain(number: float) -> str:
    """At most one digit after the point."""
    return f"{number:.1f}".removesuffix(".0")
