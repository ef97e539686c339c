"""A drawing of a computation graph: forward values in blue above the nodes, gradients in red below.

Every node stands one column to the right of what it was made from. A small number on an edge is the
slope from one node to the next; a gradient is their product along a path, summed over paths.
"""

import matplotlib.pyplot as plt
import numpy as np

__all__ = ["draw_graph"]

VALUE, SLOPE, LINE = "#0072B2", "#D55E00", "#444444"
VARIABLE, STEP, RESULT = "#DCEBF5", "#F6E3D3", "#D5EDE4"
COLUMN, ROW = 2.5, 1.35


def draw_graph(result, ax=None):
    """Draw the graph that `result` was made by; with gradients once result.backward() has run."""
    nodes = [node for node in result.ancestors() if not _is_constant(node)]
    names = _names(nodes, result)
    places = _places(nodes)
    xs, ys = zip(*places.values(), strict=True)
    if ax is None:
        size = (max(xs) - min(xs) + 2.4, max(ys) - min(ys) + 1.6)
        ax = plt.subplots(figsize=size)[1]
    ax.set_xlim(min(xs) - 1.2, max(xs) + 1.2)
    ax.set_ylim(min(ys) - 0.8, max(ys) + 0.8)
    ax.axis("off")
    boxes = {}
    for node in nodes:
        fill = RESULT if node is result else STEP if node.parents else VARIABLE
        box = _node(ax, node, places[id(node)], _label(node, names), names, names[id(result)], fill)
        boxes[id(node)] = box
    for node in nodes:
        parents = [id(parent) for parent, _ in node.parents]
        for i, (parent, to_parent) in enumerate(node.parents):
            if not _is_constant(parent):
                bend = 0 if parents.count(id(parent)) == 1 else 0.25 - 0.5 * i
                ends, around = ([of[id(parent)], of[id(node)]] for of in (places, boxes))
                _edge(ax, ends, around, _slope(node, to_parent), bend)
    return ax


def _is_constant(node):
    return not node.parents and not node.name


def _names(nodes, result):
    """A name for each node: its own, or v₁, v₂, … for steps, and J for the result."""
    names, count = {}, 0
    for node in nodes:
        if not node.name and node is not result:
            count += 1
        name = node.name or ("J" if node is result else f"$v_{{{count}}}$")
        names[id(node)] = f"${name}$" if len(name) == 1 else name
    return names


def _label(node, names):
    """u = b · c for a step, with constants as numbers; just the name for a variable."""
    if not node.parents:
        return names[id(node)]
    parts = [names.get(id(parent)) or _number(parent.value) for parent, _ in node.parents]
    return f"{names[id(node)]} = {node.text.format(*parts)}"


def _places(nodes):
    """(x, y) by node: x from the longest way to a variable, y between the parents."""
    parents = {id(n): [id(p) for p, _ in n.parents if not _is_constant(p)] for n in nodes}
    column, last = {}, {}
    for key in parents:
        column[key] = 1 + max((column[parent] for parent in parents[key]), default=-1)
        last |= {p: max(column[key], last.get(p, 0)) for p in parents[key]}
    places, y = {}, {}
    for x in range(max(column.values()) + 1):
        starting = [key for key in column if column[key] == x]
        for i, key in enumerate(starting):
            y[key] = np.mean([y[parent] for parent in parents[key]]) if x else -ROW * i
        # An edge to a node farther on keeps a place in each column that it crosses.
        crossing = [key for key in last if column[key] < x < last[key]]
        _spread(starting + crossing, y)
        places |= {key: (COLUMN * x, y[key]) for key in starting}
    return places


def _spread(keys, y):
    """Push the nodes of one column apart until neighbours are a row apart, their middle staying."""
    keys = sorted(keys, key=lambda key: -y[key])
    middle = np.mean([y[key] for key in keys])
    for above, below in zip(keys, keys[1:], strict=False):
        y[below] = min(y[below], y[above] - ROW)
    shift = middle - np.mean([y[key] for key in keys])
    for key in keys:
        y[key] += shift


def _node(ax, node, place, label, names, result, fill):
    x, y = place
    style = {"boxstyle": "round,pad=0.45", "facecolor": fill, "edgecolor": LINE, "linewidth": 1.2}
    box = ax.text(x, y, label, ha="center", va="center", fontsize=11, bbox=style, zorder=3)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    ax.text(
        x, y + 0.32, _number(node.value), color=VALUE, ha="center", va="bottom", fontsize=10,
        fontweight="bold", bbox=paper, zorder=2,
    )  # fmt: skip
    if node.grad is not None:
        slope = f"d{result}/d{names[id(node)]} = {_number(node.grad)}"
        ax.text(
            x, y - 0.32, slope, color=SLOPE, ha="center", va="top", fontsize=10, bbox=paper,
            zorder=2,
        )  # fmt: skip
    return box.get_bbox_patch()


def _edge(ax, ends, boxes, slope, bend):
    """An arrow from box to box; two arrows between the same boxes bend apart."""
    start, end = np.array(ends)
    style = {"arrowstyle": "-|>", "color": LINE, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 1}
    style |= {"patchA": boxes[0], "patchB": boxes[1], "connectionstyle": f"arc3,rad={bend}"}
    ax.annotate("", end, start, arrowprops=style, zorder=1)
    if slope is not None:
        along = end - start
        x, y = start + 0.45 * along + bend / 2 * np.array([along[1], -along[0]])
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        label = {"ha": "center", "va": "center", "fontsize": 9, "bbox": paper, "zorder": 1.5}
        ax.text(x, y, f"×{slope}", color=SLOPE, **label)


def _slope(node, to_parent):
    """The slope along one edge as text, where both ends are numbers."""
    slope = np.asarray(to_parent(np.ones_like(node.value)))
    return _number(slope) if node.grad is not None and slope.ndim == 0 else None


def _number(value):
    """Numbers with at most four digits (−0 is 0), arrays by their shape."""
    value = np.asarray(value) + 0.0
    return f"{value.item():.4g}".replace("-", "−") if value.size == 1 else str(value.shape)
