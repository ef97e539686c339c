"""Cats, and things that are no cats, drawn by code as pictures of 32×32 pixels."""

import numpy as np

from nnlib.canvas import SIZE, Canvas, coat, colour, paint

__all__ = ["cats"]

WHITE, BLACK, PINK, WOOD = 0.97, 0.06, np.array([0.95, 0.6, 0.6]), np.array([0.4, 0.26, 0.15])


def cats(m, rng):
    """m pictures (3, 32, 32, m) uint8 and labels (1, m): 1 for a cat, 0 for something else.

    Every other one is a cat, in random order: faces, sitting and walking cats in many coats. The
    others are houses, trees, fish, balls, cars, mushrooms and cups, partly in the same colours.
    """
    Y = rng.permutation(np.arange(m) % 2)
    images = np.empty((3, SIZE, SIZE, m), dtype=np.uint8)
    for i, is_cat in enumerate(Y):
        subjects = CATS if is_cat else NOT_CATS
        canvas = Canvas(rng)
        subjects[rng.integers(len(subjects))](canvas, rng)
        images[..., i] = canvas.finished(rng)
    return images, Y[np.newaxis].astype(np.float64)


def cat_face(canvas, rng):
    """A head that fills the picture."""
    _head(canvas, rng, 0.5, 0.57, rng.uniform(0.27, 0.36), coat(rng), rng.random() < 0.5)


def sitting_cat(canvas, rng):
    """From the front: body, two front paws, a tail around one side, the head on top."""
    fur, striped = coat(rng), rng.random() < 0.5
    canvas.stroke([(0.64, 0.86), (0.82, 0.82), (0.88, 0.66), (0.8, 0.52)], 0.08, fur * 0.8)
    canvas.ellipse(0.5, 0.76, 0.22, 0.22, fur)
    canvas.ellipse(0.5, 0.76, 0.11, 0.16, fur * 0.4 + 0.6)
    for x in (0.4, 0.6):
        canvas.ellipse(x, 0.93, 0.08, 0.05, fur * 0.5 + 0.45)
    _head(canvas, rng, 0.5, 0.4, 0.22, fur, striped)


def walking_cat(canvas, rng):
    """From the side: four legs, a long body, a raised tail, the head in front."""
    fur, striped = coat(rng), rng.random() < 0.5
    tip = rng.uniform(0.12, 0.35)
    canvas.stroke([(0.2, 0.6), (0.1, 0.45), (0.12, tip)], 0.07, fur * 0.85)
    for x in (0.22, 0.33, 0.56, 0.67):
        canvas.stroke([(x, 0.65), (x + rng.uniform(-0.04, 0.04), 0.9)], 0.08, fur * 0.85)
    canvas.ellipse(0.44, 0.62, 0.31, 0.15, fur)
    if striped:
        for x in (0.28, 0.38, 0.48):
            canvas.stroke([(x, 0.5), (x + 0.02, 0.66)], 0.035, fur * 0.55)
    _head(canvas, rng, 0.74, 0.44, 0.19, fur, striped)


def _head(canvas, rng, x, y, r, fur, striped):
    """A cat's head of radius r around (x, y): ears, muzzle, eyes, nose, whiskers."""
    iris = colour(rng, (0.12, 0.45), (0.5, 0.9), (0.75, 1))
    whisker = BLACK if fur.mean() > 0.6 else WHITE
    for side in (-1, 1):
        for size, shade in ((1, fur * 0.85), (0.55, PINK)):
            tip = (0.62 + 0.2 * size, -0.8 - 0.65 * size)
            feet = [(0.58 + 0.4 * size, -0.3 + 0.1 * size), (0.58 - 0.5 * size, -0.6 - 0.15 * size)]
            corners = [tip, *feet]
            canvas.polygon([(x + side * u * r, y + v * r) for u, v in corners], shade)
    canvas.ellipse(x, y, 1.08 * r, 0.92 * r, fur)
    if striped:
        for u in (-0.3, 0, 0.3):
            canvas.stroke(
                [(x + u * r, y - 0.85 * r), (x + 0.8 * u * r, y - 0.5 * r)], 0.14 * r, fur * 0.55
            )
    canvas.ellipse(x, y + 0.45 * r, 0.48 * r, 0.36 * r, fur * 0.4 + 0.6)
    for side in (-1, 1):
        canvas.ellipse(
            x + side * 0.46 * r, y - 0.08 * r, 0.28 * r, 0.24 * r, iris, turned=0.3 * side
        )
        canvas.ellipse(x + side * 0.46 * r, y - 0.08 * r, 0.1 * r, 0.22 * r, BLACK)
        for v in (0.3, 0.6):
            ends = [(x + side * 0.4 * r, y + (0.3 + 0.3 * v) * r), (x + side * 1.45 * r, y + v * r)]
            canvas.stroke(ends, 0.06 * r, whisker)
    nose = [(x - 0.17 * r, y + 0.2 * r), (x + 0.17 * r, y + 0.2 * r), (x, y + 0.42 * r)]
    canvas.polygon(nose, PINK * 0.75)


def house(canvas, rng):
    """Wall, roof, door, two windows, perhaps a chimney."""
    wall, roof, pane = paint(rng), paint(rng) * 0.7, colour(rng, (0.12, 0.6), (0.1, 0.6), (0.8, 1))
    if rng.random() < 0.6:
        canvas.rectangle(0.66, 0.15, 0.76, 0.4, roof * 0.7)
    canvas.rectangle(0.2, 0.45, 0.8, 0.9, wall)
    canvas.polygon([(0.12, 0.46), (0.5, 0.14), (0.88, 0.46)], roof)
    canvas.rectangle(0.43, 0.65, 0.57, 0.9, WOOD)
    for x in (0.26, 0.62):
        canvas.rectangle(x, 0.53, x + 0.12, 0.65, pane)


def tree(canvas, rng):
    """A trunk under a round crown or under three triangles."""
    leaf = colour(rng, (0.05, 0.38), (0.5, 0.9), (0.3, 0.75))
    canvas.rectangle(0.45, 0.6, 0.56, 0.93, WOOD)
    if rng.random() < 0.5:
        for x, y in ((0.36, 0.45), (0.64, 0.45), (0.5, 0.3), (0.5, 0.48)):
            canvas.ellipse(x, y, 0.2, 0.19, leaf * rng.uniform(0.85, 1.1))
    else:
        for y, half in ((0.3, 0.18), (0.5, 0.25), (0.72, 0.32)):
            canvas.polygon([(0.5 - half, y), (0.5, y - 0.24), (0.5 + half, y)], leaf)


def fish(canvas, rng):
    """Body, tail, fins, one eye, stripes."""
    skin = paint(rng)
    canvas.polygon([(0.3, 0.5), (0.08, 0.32), (0.08, 0.7)], skin * 0.8)
    canvas.polygon([(0.42, 0.38), (0.55, 0.22), (0.66, 0.38)], skin * 0.8)
    canvas.polygon([(0.45, 0.62), (0.5, 0.78), (0.62, 0.62)], skin * 0.8)
    canvas.ellipse(0.56, 0.5, 0.33, 0.19, skin)
    for x in (0.42, 0.54):
        canvas.stroke([(x, 0.37), (x + 0.03, 0.5), (x, 0.63)], 0.05, skin * 0.5 + 0.45)
    canvas.ellipse(0.75, 0.45, 0.055, 0.055, WHITE)
    canvas.ellipse(0.76, 0.45, 0.028, 0.028, BLACK)


def ball(canvas, rng):
    """Round, with a shadow, a coloured half or stripe and a bright spot."""
    one, two, turned = paint(rng), paint(rng), rng.uniform(0, np.pi)
    canvas.ellipse(0.5, 0.87, 0.3, 0.06, BLACK)
    canvas.ellipse(0.5, 0.54, 0.33, 0.33, one)
    canvas.ellipse(0.5, 0.54, 0.33, rng.uniform(0.06, 0.16), two, turned)
    canvas.ellipse(0.5, 0.54, 0.33, 0.02, WHITE, turned + np.pi / 2)
    canvas.ellipse(0.38, 0.4, 0.07, 0.05, WHITE, turned=-0.7)


def car(canvas, rng):
    """From the side: body, cabin with two windows, two wheels."""
    body, glass = paint(rng), np.array([0.75, 0.88, 0.95])
    canvas.polygon([(0.26, 0.5), (0.36, 0.3), (0.66, 0.3), (0.78, 0.5)], body * 0.9)
    canvas.polygon([(0.32, 0.49), (0.39, 0.34), (0.48, 0.34), (0.48, 0.49)], glass)
    canvas.polygon([(0.53, 0.49), (0.53, 0.34), (0.63, 0.34), (0.71, 0.49)], glass)
    canvas.rectangle(0.1, 0.49, 0.92, 0.74, body)
    canvas.rectangle(0.87, 0.54, 0.92, 0.61, np.array([1.0, 0.9, 0.5]))
    for x in (0.28, 0.73):
        canvas.ellipse(x, 0.75, 0.11, 0.11, BLACK)
        canvas.ellipse(x, 0.75, 0.05, 0.05, 0.7)


def mushroom(canvas, rng):
    """A pale stem under a spotted cap."""
    cap = paint(rng)
    canvas.ellipse(0.5, 0.72, 0.12, 0.24, np.array([0.93, 0.9, 0.8]))
    canvas.ellipse(0.5, 0.42, 0.36, 0.24, cap)
    canvas.ellipse(0.5, 0.57, 0.33, 0.1, cap * 0.6)
    for x, y in ((0.32, 0.4), (0.5, 0.29), (0.53, 0.46), (0.7, 0.42)):
        canvas.ellipse(x, y, 0.05, 0.045, WHITE)


def cup(canvas, rng):
    """Body, handle, a dark drink, steam."""
    china = paint(rng)
    canvas.ellipse(0.75, 0.58, 0.14, 0.14, china * 0.8)
    canvas.ellipse(0.75, 0.58, 0.07, 0.07, canvas.pixels[0, 0].copy())
    canvas.polygon([(0.22, 0.42), (0.74, 0.42), (0.67, 0.86), (0.29, 0.86)], china)
    canvas.ellipse(0.48, 0.42, 0.26, 0.07, china * 0.5 + 0.45)
    canvas.ellipse(0.48, 0.43, 0.21, 0.045, WOOD)
    for x in (0.4, 0.54):
        canvas.stroke([(x, 0.32), (x + 0.04, 0.25), (x, 0.18), (x + 0.03, 0.1)], 0.03, WHITE)


CATS = [cat_face, cat_face, sitting_cat, walking_cat]
NOT_CATS = [house, tree, fish, ball, car, mushroom, cup]
