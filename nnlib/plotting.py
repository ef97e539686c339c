"""The course's figures. Each function draws on `ax` (or on a new figure) and returns the Axes.

Call `use_course_style()` once, at the top of a notebook.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from nnlib.animation import Animation, animate
from nnlib.arrays import expect_shape
from nnlib.diagrams import network_diagram, neuron_diagram

__all__ = [
    "Animation",
    "activation",
    "animate",
    "contours",
    "decision_boundary",
    "image_grid",
    "learning_curves",
    "network_diagram",
    "neuron_diagram",
    "samples",
    "surface",
    "use_course_style",
]

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "^", "s", "D", "v", "P", "X"]
TWO_SIDES = LinearSegmentedColormap.from_list("two_sides", ["#9CC8E4", "#FFFFFF", "#F3BE9B"])


def use_course_style():
    """Colours and line styles that everyone can tell apart, for all figures that follow."""
    plt.style.use(Path(__file__).with_name("course.mplstyle"))


def samples(X, Y, ax=None, names=None):
    """Samples X (2, m) as points, a colour and a marker for each class of Y (1, m) or (C, m)."""
    expect_shape("X", X, (2, "m"))
    ax, labels = _axes(ax, (5, 4)), _labels(Y)
    for label in np.unique(labels):
        style = {"color": COLOURS[label % 7], "marker": MARKERS[label % 7]}
        name = names[label] if names is not None else f"class {label}"
        ax.scatter(
            *X[:, labels == label], s=26, edgecolor="white", linewidth=0.6, label=name, **style
        )
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
    ax.legend()
    return ax


def decision_boundary(predict_proba, X, Y, ax=None, names=None, bar=True):
    """The samples, the plane shaded by predict_proba (2, k) → (1, k), the line where it is 0.5.

    bar=False leaves out the scale beside it: in an animation, and next to another one.
    """
    ax = samples(X, Y, ax, names)
    x1, x2 = (_span(row) for row in X)
    grid = np.stack([axis.ravel() for axis in np.meshgrid(x1, x2)])
    P = np.reshape(predict_proba(grid), (len(x2), len(x1)))
    shade = ax.contourf(x1, x2, P, levels=np.linspace(0, 1, 21), cmap=TWO_SIDES, zorder=0)
    if P.min() < 0.5 < P.max():
        ax.contour(x1, x2, P, levels=[0.5], colors="#222222", linewidths=1.5)
    if bar:
        scale = ax.figure.colorbar(shade, ax=ax, ticks=[0, 0.5, 1], label="probability of class 1")
        scale.outline.set_visible(False)
    return ax


def learning_curves(curves, ax=None, xlabel="step", ylabel="cost"):
    """A line for each entry of a dict {name: values}, or one line for a plain list."""
    ax = _axes(ax)
    named = curves.items() if isinstance(curves, dict) else [(None, curves)]
    for name, values in named:
        ax.plot(np.arange(len(values)), values, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    if isinstance(curves, dict):
        ax.legend()
    return ax


def image_grid(images, ax=None, titles=None, columns=8):
    """Images (C, H, W, m) side by side: grey for C = 1, colour for C = 3, titles beneath them.

    Colours are bytes or between 0 and 1; grey runs from the smallest to the largest value.
    """
    expect_shape("images", images, ("1 or 3", "H", "W", "m"))
    C, H, W, m = images.shape
    if C not in (1, 3):
        raise ValueError(f"images: expected 1 or 3 channels (C, H, W, m), got {C}")
    columns = min(columns, m)
    rows, gap = -(-m // columns), 1 + max(H, W) // 16
    below = gap if titles is None else gap + round(0.3 * H)
    largest = 255 if images.dtype == np.uint8 else 1
    sheet = np.full((rows * (H + below), columns * (W + gap), C), np.nan)
    for i in range(m):
        top, left = i // columns * (H + below), i % columns * (W + gap)
        sheet[top : top + H, left : left + W] = images[..., i].transpose(1, 2, 0)
    empty = np.isnan(sheet)
    ax = _axes(ax, (1.0 * columns, 1.0 * rows * (H + below) / (W + gap)))
    if C == 1:
        ax.imshow(np.ma.masked_array(sheet, empty)[..., 0], cmap="gray_r", interpolation="nearest")
    else:
        ax.imshow(np.clip(np.where(empty, largest, sheet) / largest, 0, 1), interpolation="nearest")
    for i, title in enumerate(titles if titles is not None else []):
        x, y = i % columns * (W + gap) + (W - 1) / 2, i // columns * (H + below) + H - 0.3
        ax.text(x, y, str(title), ha="center", va="top", fontsize=9)
    ax.axis("off")
    return ax


def activation(f, f_derivative, ax=None, z=None, name=None):
    """f and its derivative over z, on one pair of axes through the origin."""
    ax = _axes(ax, (4.2, 3.0))
    z = np.linspace(-5, 5, 501) if z is None else z
    name = f.__name__.replace("_", " ") if name is None else name
    ax.axhline(0, color="#BBBBBB", linewidth=0.8, linestyle="-", zorder=0)
    ax.axvline(0, color="#BBBBBB", linewidth=0.8, linestyle="-", zorder=0)
    ax.plot(z, f(z), label="$f(z)$")
    ax.plot(z, f_derivative(z), label="$f'(z)$")
    ax.set(title=name, xlabel="$z$")
    ax.legend()
    return ax


def contours(f, x, y, ax=None, levels=20):
    """Lines of equal height of f(x, y), a function of two arrays of one shape, over a grid."""
    ax = _axes(ax, (5, 4))
    lines = ax.contour(x, y, f(*np.meshgrid(x, y)), levels=levels, linewidths=1, linestyles="solid")
    ax.clabel(lines, lines.levels[::4], fontsize=8)
    return ax


def surface(f, x, y, ax=None):
    """f(x, y) as a surface over a grid; `ax`, if given, has projection="3d"."""
    if ax is None:
        ax = plt.figure(figsize=(5, 4)).add_subplot(projection="3d")
    ax.plot_surface(*np.meshgrid(x, y), f(*np.meshgrid(x, y)), cmap="cividis", linewidth=0)
    return ax


def _axes(ax, size=None):
    return plt.subplots(figsize=size)[1] if ax is None else ax


def _labels(Y):
    """Class numbers (m,) from Y (1, m) of numbers or (C, m) one-hot."""
    Y = np.asarray(Y)
    return Y[0].astype(int) if Y.shape[0] == 1 else Y.argmax(axis=0)


def _span(values, points=201):
    """Evenly spaced from just below the smallest to just above the largest value."""
    margin = 0.08 * np.ptp(values) or 1.0
    return np.linspace(values.min() - margin, values.max() + margin, points)
