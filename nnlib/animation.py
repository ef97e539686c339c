"""Moving figures that need nothing but the page they are in: no server, no library, no network.

Every frame is a small PNG inside the page. A slider and a button choose which one shows; it does
not start by itself, and where scripts are off one frame stays as a still.
"""

import base64
import html
import io

import matplotlib.pyplot as plt
from PIL import Image

__all__ = ["Animation", "animate"]

SHOW = (
    "const f = this.closest('figure'), s = f.querySelector('input'); "
    "f.querySelectorAll('img').forEach((p, i) => p.style.display = i == s.value ? '' : 'none');"
)
PLAY = (
    "const b = this, s = b.closest('figure').querySelector('input'); "
    "if (b.timer) { clearInterval(b.timer); b.timer = 0; b.textContent = 'Play'; return; } "
    "if (+s.value == +s.max) { s.value = 0; s.oninput(); } "
    "b.textContent = 'Pause'; b.timer = setInterval(() => { "
    "s.value = +s.value + 1; s.oninput(); "
    "if (+s.value == +s.max || !b.isConnected) b.click(); }, MILLISECONDS);"
)


class Animation:
    """Frames as PNG bytes, shown in a notebook with a slider and a Play button."""

    def __init__(self, frames, alt, still, milliseconds):
        self.frames = frames
        self.alt = alt
        self.still = range(len(frames))[still]
        self.milliseconds = milliseconds

    def __repr__(self):
        return f"<Animation of {len(self.frames)} frames: {self.alt}>"

    def _repr_html_(self):
        images = "".join(self._image(i) for i in range(len(self.frames)))
        play = PLAY.replace("MILLISECONDS", str(self.milliseconds))
        return (
            f'<figure style="margin: 0; width: fit-content; max-width: 100%">{images}'
            '<div style="display: flex; gap: 8px; align-items: center">'
            f'<button type="button" onclick="{html.escape(play)}">Play</button>'
            f'<input type="range" min="0" max="{len(self.frames) - 1}" value="{self.still}" '
            f'aria-label="frame" style="flex: 1" oninput="{html.escape(SHOW)}">'
            "</div></figure>"
        )

    def _image(self, i):
        hidden = "" if i == self.still else "; display: none"
        data = base64.b64encode(self.frames[i]).decode("ascii")
        return (
            f'<img alt="{html.escape(self.alt)}" src="data:image/png;base64,{data}" '
            f'style="max-width: 100%{hidden}">'
        )


def animate(draw, frames, alt, ax=None, still=-1, milliseconds=150, dpi=90):
    """Call draw(ax, i) for i in range(frames), each time on cleared axes, and collect the pictures.

    alt says in a sentence what moves, for readers who cannot see it. Some twenty frames do. The
    figure is closed at the end: the animation is what a cell shows.
    """
    ax = plt.subplots(figsize=(6, 3.6))[1] if ax is None else ax
    pictures = []
    for i in range(frames):
        ax.clear()
        draw(ax, i)
        pictures.append(_picture(ax.figure, dpi))
        ax.figure.set_layout_engine("none")  # where the first frame put the axes, they stay
    plt.close(ax.figure)
    return Animation(pictures, alt, still, milliseconds)


def _picture(figure, dpi):
    """The figure as a PNG of 256 colours, a third of the size of one with all of them."""
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi)
    colours = Image.open(drawn).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    colours.save(small, format="png", optimize=True)
    return small.getvalue()
