"""A canvas for small colour pictures: a background, and ellipses, polygons and strokes on it.

It is four times finer than the picture and averaged down at the end, which smooths edges. Positions
and sizes are in units of the picture: (0, 0) is the top left corner, (1, 1) the bottom right.
"""

import colorsys

import numpy as np

SIZE, FINER = 32, 4
TICKS = (np.arange(SIZE * FINER) + 0.5) / (SIZE * FINER)
GRID_X, GRID_Y = np.meshgrid(TICKS, TICKS)


class Canvas:
    """Shapes are placed through one random shift, scale and mirror, so no two pictures agree."""

    def __init__(self, rng):
        self.pixels = background(rng)
        scale, shift = rng.uniform(0.85, 1.1), rng.uniform(-0.06, 0.06, size=2)
        mirror = rng.choice([-1, 1])
        self.x = mirror * (GRID_X - 0.5 - shift[0]) / scale + 0.5
        self.y = (GRID_Y - 0.5 - shift[1]) / scale + 0.5

    def ellipse(self, x, y, width, height, colour, turned=0.0):
        """Filled, around (x, y), with half axes width and height, turned by an angle."""
        c, s = np.cos(turned), np.sin(turned)
        u, v = self.x - x, self.y - y
        self.pixels[((c * u + s * v) / width) ** 2 + ((c * v - s * u) / height) ** 2 < 1] = colour

    def polygon(self, corners, colour):
        """Filled and convex, corners [(x, y), …] in either direction."""
        sides = [
            (x2 - x1) * (self.y - y1) - (y2 - y1) * (self.x - x1)
            for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True)
        ]
        self.pixels[(np.min(sides, axis=0) > 0) | (np.max(sides, axis=0) < 0)] = colour

    def rectangle(self, left, top, right, bottom, colour):
        """Filled, between two corners."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def stroke(self, points, thickness, colour):
        """A round brush drawn along points [(x, y), …]."""
        for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
            dx, dy = x2 - x1, y2 - y1
            along = ((self.x - x1) * dx + (self.y - y1) * dy) / (dx * dx + dy * dy)
            along = np.clip(along, 0, 1)
            gap = np.hypot(self.x - x1 - along * dx, self.y - y1 - along * dy)
            self.pixels[gap < thickness / 2] = colour

    def finished(self, rng):
        """The picture (3, 32, 32) uint8, in brighter or dimmer light and with a little noise."""
        small = self.pixels.reshape(SIZE, FINER, SIZE, FINER, 3).mean(axis=(1, 3))
        small = small * rng.uniform(0.8, 1.1) + rng.normal(scale=0.02, size=small.shape)
        return np.rint(255 * np.clip(small, 0, 1)).astype(np.uint8).transpose(2, 0, 1)


def background(rng):
    """A wall above a floor, or sky above grass, a little brighter on one side."""
    if rng.random() < 0.5:
        upper, lower = (
            colour(rng, (0, 1), (0.1, 0.5), (0.4, 1)),
            colour(rng, (0, 0.15), (0.2, 0.5), (0.25, 0.8)),
        )
    else:
        upper, lower = (
            colour(rng, (0.5, 0.6), (0.2, 0.5), (0.7, 1)),
            colour(rng, (0.22, 0.36), (0.3, 0.7), (0.35, 0.7)),
        )
    horizon = rng.uniform(0.55, 0.9)
    light = 1 + rng.uniform(-0.3, 0.3) * (GRID_X - 0.5)
    return np.where((horizon > GRID_Y)[..., np.newaxis], upper, lower) * light[..., np.newaxis]


def colour(rng, hue, saturation, value):
    """Red, green, blue of a hue, a saturation and a brightness, each drawn from (low, high)."""
    return np.array(colorsys.hsv_to_rgb(*(rng.uniform(*span) for span in (hue, saturation, value))))


COATS = [  # hue, saturation, brightness of ginger, grey, black, cream and brown
    ((0.05, 0.09), (0.6, 0.85), (0.75, 0.95)),
    ((0.55, 0.65), (0.0, 0.15), (0.4, 0.65)),
    ((0.6, 0.7), (0.0, 0.2), (0.12, 0.25)),
    ((0.09, 0.13), (0.1, 0.3), (0.85, 1.0)),
    ((0.05, 0.08), (0.4, 0.6), (0.35, 0.55)),
]


def coat(rng):
    """The colour of a fur; things that are no cats wear these colours too, half of the time."""
    return colour(rng, *COATS[rng.integers(len(COATS))])


def paint(rng):
    """The colour of a thing: a fur's or any other."""
    return coat(rng) if rng.random() < 0.5 else colour(rng, (0, 1), (0.4, 0.9), (0.4, 0.95))
