"""Drawings of neurons and networks: circles, arrows, names."""

import matplotlib.pyplot as plt
import numpy as np

__all__ = ["network_diagram", "neuron_diagram"]

INPUT, HIDDEN, OUTPUT, LINE = "#DCEBF5", "#F6E3D3", "#D5EDE4", "#444444"


def neuron_diagram(
    inputs=("$x_1$", "$x_2$", "$x_3$"), weights=None, activation="$\\sigma$", ax=None
):
    """One neuron: inputs times weights, plus b, summed to z, through an activation to a."""
    ax = _blank(ax, (6, 0.9 + 0.6 * len(inputs)))
    weights = [f"$w_{i}$" for i in range(1, len(inputs) + 1)] if weights is None else weights
    heights = _spread(len(inputs))
    for name, weight, y in zip(inputs, weights, heights, strict=True):
        _arrow(ax, (0, y), (2, 0), 0.3, 0.42)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        ax.text(0.9, 0.55 * y, weight, ha="center", va="center", bbox=box, zorder=3)
        _node(ax, 0, y, name, INPUT)
    _arrow(ax, (2, max(heights) + 0.35), (2, 0), 0.12, 0.42)
    ax.text(2, max(heights) + 0.32, "$b$", ha="center", va="bottom")
    _arrow(ax, (2, 0), (3.6, 0), 0.42, 0.42)
    ax.text(2.8, 0.08, "$z$", ha="center", va="bottom")
    _arrow(ax, (3.6, 0), (5, 0), 0.42, 0.1)
    ax.text(5.15, 0, "$a = \\hat y$", ha="left", va="center")
    _node(ax, 2, 0, "$\\Sigma$", HIDDEN, 0.42)
    _node(ax, 3.6, 0, activation, OUTPUT, 0.42)
    ax.set_xlim(-0.5, 6.1)
    ax.set_ylim(min(heights) - 0.5, max(heights) + 0.8)
    return ax


def network_diagram(sizes, ax=None, names=None, most=8):
    """A dense network with layers of these sizes, input first; large layers are abridged."""
    ax = _blank(ax, (1.6 * len(sizes) + 0.6, 0.55 * min(max(sizes), most) + 1.1))
    units = [_units(size, most) for size in sizes]
    for layer in range(1, len(sizes)):
        for start in units[layer - 1]:
            for end in units[layer]:
                ax.plot(
                    [2 * layer - 2, 2 * layer], [start, end], "-", color="#BBBBBB", lw=0.8, zorder=0
                )
    bottom = min(heights[-1] for heights in units)
    for layer, (size, heights) in enumerate(zip(sizes, units, strict=True)):
        fill = INPUT if layer == 0 else OUTPUT if layer == len(sizes) - 1 else HIDDEN
        for y in heights:
            _node(ax, 2 * layer, y, "", fill, 0.24)
        if size > most:
            ax.text(
                2 * layer,
                (heights[-2] + heights[-1]) / 2,
                "⋮",
                ha="center",
                va="center",
                fontsize=14,
            )
        name = names[layer] if names is not None else f"$n^{{[{layer}]}} = {size}$"
        ax.text(2 * layer, bottom - 0.4, name, ha="center", va="top", fontsize=9)
    ax.set_xlim(-0.8, 2 * len(sizes) - 1.2)
    ax.set_ylim(bottom - 0.75, max(heights[0] for heights in units) + 0.35)
    return ax


def _units(size, most):
    """The heights of a layer's units from the top down; a large layer has a gap before its last."""
    heights = list(_spread(min(size, most)))
    return heights if size <= most else heights[:-2] + heights[-1:]


def _blank(ax, size):
    """Axes without frame or ticks, where a circle is round."""
    ax = plt.subplots(figsize=size)[1] if ax is None else ax
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _spread(n, distance=0.75):
    """n heights around 0, from the top down."""
    return distance * ((n - 1) / 2 - np.arange(n))


def _node(ax, x, y, text, fill, radius=0.3):
    ax.add_patch(
        plt.Circle((x, y), radius, facecolor=fill, edgecolor=LINE, linewidth=1.2, zorder=2)
    )
    if text:
        ax.text(x, y, text, ha="center", va="center", zorder=3)


def _arrow(ax, start, end, gap_start, gap_end):
    """From one place to another, a gap left at both ends."""
    start, end = np.array(start, dtype=float), np.array(end, dtype=float)
    along = (end - start) / np.hypot(*(end - start))
    style = {"arrowstyle": "-|>", "color": LINE, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end - gap_end * along, start + gap_start * along, arrowprops=style)
