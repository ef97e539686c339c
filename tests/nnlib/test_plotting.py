"""Figures: each draws what it was given, on the axes it was given, without a warning."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnlib as nn
from nnlib import plotting


@pytest.fixture(autouse=True)
def course_style():
    """The course's style for the test, the default one after it, no figure left."""
    with plt.rc_context():
        plotting.use_course_style()
        yield
    plt.close("all")


MOONS = nn.datasets.moons(30, np.random.default_rng(0))
GRID = np.linspace(-2, 2, 9)


def saddle(x, y):
    return x**2 - y**2


DRAWINGS = {
    "samples": lambda ax: plotting.samples(*MOONS, ax),
    "decision_boundary": lambda ax: plotting.decision_boundary(
        lambda X: nn.sigmoid(X[:1]), *MOONS, ax
    ),
    "learning_curves": lambda ax: plotting.learning_curves([3, 2, 1], ax),
    "image_grid": lambda ax: plotting.image_grid(np.zeros((1, 4, 4, 3)), ax),
    "activation": lambda ax: plotting.activation(nn.tanh, nn.tanh_derivative, ax),
    "contours": lambda ax: plotting.contours(saddle, GRID, GRID, ax),
    "neuron_diagram": lambda ax: plotting.neuron_diagram(ax=ax),
    "network_diagram": lambda ax: plotting.network_diagram([3, 4, 1], ax),
}


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)
def test_draws_where_it_is_told_or_on_a_new_figure(draw):
    mine = plt.subplots()[1]
    assert draw(mine) is mine
    new = draw(None)
    assert new.figure is not mine.figure
    for ax in (mine, new):
        assert ax.has_data() or ax.patches
        ax.figure.canvas.draw()


def test_surface_stands_in_three_dimensions():
    ax = plotting.surface(saddle, GRID, GRID)
    assert ax.name == "3d"
    assert ax.get_zlim()[0] < -3.9
    assert ax.get_zlim()[1] > 3.9
    assert plotting.surface(saddle, GRID, GRID, ax) is ax


def test_colours_come_with_line_styles_of_their_own():
    styles = [
        (entry["color"], str(entry["linestyle"])) for entry in plt.rcParams["axes.prop_cycle"]
    ]
    assert (
        len(styles)
        == len({colour for colour, _ in styles})
        == len({line for _, line in styles})
        == 7
    )


def test_samples_have_a_marker_a_class():
    X, Y = nn.datasets.spirals(30, np.random.default_rng(0))
    ax = plotting.samples(X, Y, names=("a", "b", "c"))
    shapes = {len(points.get_paths()[0].vertices) for points in ax.collections}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "c"]
    assert len(shapes) == 3
    assert sum(len(points.get_offsets()) for points in ax.collections) == 30


def test_the_boundary_is_where_the_probability_is_one_half():
    ax = plotting.decision_boundary(lambda X: nn.sigmoid(X[:1] - 0.5), *MOONS)
    line = ax.collections[-1].get_paths()[0].vertices
    np.testing.assert_allclose(line[:, 0], 0.5, atol=0.02)


def test_a_model_that_says_one_thing_has_no_boundary():
    ax = plotting.decision_boundary(lambda X: np.full((1, X.shape[1]), 0.9), *MOONS)
    ax.figure.canvas.draw()
    assert len(ax.collections) == 3  # two classes and the shade


def test_boundaries_can_move():
    def draw(ax, i):
        plotting.decision_boundary(lambda X: nn.sigmoid(X[:1] - i), *MOONS, ax, bar=False)

    ax = plt.subplots()[1]
    assert len(set(plotting.animate(draw, 2, "A line moves right", ax).frames)) == 2
    assert ax.figure.axes == [ax]


def test_learning_curves_are_named():
    ax = plotting.learning_curves({"train": [3, 2, 1], "test": [4, 3]}, xlabel="epoch")
    assert [line.get_label() for line in ax.lines] == ["train", "test"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [3, 2, 1])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "cost")


def test_image_grid_puts_every_picture_in_its_place():
    images = np.zeros((3, 4, 4, 5))
    images[0, ..., 3] = 1
    ax = plotting.image_grid(images, titles="abcde", columns=3)
    sheet = ax.images[0].get_array()
    np.testing.assert_array_equal(sheet[:4, :4], 0)
    height = sheet.shape[0] // 2
    np.testing.assert_array_equal(sheet[height : height + 4, :4], np.tile([1.0, 0, 0], (4, 4, 1)))
    np.testing.assert_array_equal(sheet[height:, 10:], 1)
    assert [text.get_text() for text in ax.texts] == list("abcde")


def test_image_grid_takes_bytes():
    sheet = plotting.image_grid(np.full((3, 2, 2, 1), 51, np.uint8)).images[0].get_array()
    np.testing.assert_allclose(sheet[0, 0], 0.2)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: plotting.samples(np.ones((3, 5)), np.ones((1, 5))),
            "X: expected shape (2, m), got (3, 5)",
        ),
        (lambda: plotting.image_grid(np.ones((3, 4, 4))), "images: expected shape"),
        (
            lambda: plotting.image_grid(np.ones((8, 4, 4, 2))),
            "expected 1 or 3 channels (C, H, W, m), got 8",
        ),
    ],
)
def test_wrong_input_is_named(call, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call()
    assert words in str(caught.value)


def test_activation_draws_function_and_slope():
    ax = plotting.activation(nn.leaky_relu, nn.leaky_relu_derivative, z=np.array([-1.0, 1.0]))
    f, slope = ax.lines[-2:]
    np.testing.assert_array_equal(f.get_ydata(), [-0.01, 1])
    np.testing.assert_array_equal(slope.get_ydata(), [0.01, 1])
    assert ax.get_title(loc="left") == "leaky relu"


def test_network_diagram_has_a_circle_a_unit_and_a_line_a_weight():
    ax = plotting.network_diagram([3, 4, 1])
    assert (len(ax.patches), len(ax.lines)) == (8, 16)
    assert ax.texts[1].get_text() == "$n^{[1]} = 4$"


def test_network_diagram_leaves_units_out_of_large_layers():
    ax = plotting.network_diagram([100, 2], most=5, names=("pixels", "classes"))
    assert len(ax.patches) == 4 + 2
    assert [text.get_text() for text in ax.texts] == ["⋮", "pixels", "classes"]


def test_neuron_diagram_names_inputs_and_weights():
    ax = plotting.neuron_diagram(("area", "rooms"), ("3.0", "1.5"), activation="step")
    texts = {text.get_text() for text in ax.texts}
    assert {"area", "rooms", "3.0", "1.5", "step", "$b$", "$z$"} <= texts


def moving_point(ax, i):
    ax.plot([i], [0], "o")
    ax.set_xlim(-1, 5)


class Tags(HTMLParser):
    """The start tags of a page, as (name, attributes)."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def named(self, name):
        return [attributes for tag, attributes in self.found if tag == name]


@pytest.fixture(scope="module")
def animation():
    with plt.rc_context():
        plotting.use_course_style()
        return plotting.animate(moving_point, 4, "A point moves right", still=1, milliseconds=90)


def test_animation_shows_one_still_among_its_frames(animation):
    images = Tags(animation._repr_html_()).named("img")
    assert ["display: none" in image["style"] for image in images] == [True, False, True, True]
    assert {image["alt"] for image in images} == {"A point moves right"}
    assert len({image["src"] for image in images}) == 4
    assert "4 frames: A point moves right" in repr(animation)


def test_animation_has_controls_and_does_not_start(animation):
    page = animation._repr_html_()
    (slider,) = Tags(page).named("input")
    (button,) = Tags(page).named("button")
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "3", "1")
    assert slider["aria-label"]
    assert "}, 90)" in button["onclick"]
    assert "<script" not in page
    assert not re.search(r"https?:", page)


def test_animation_is_the_same_every_time(animation):
    again = plotting.animate(moving_point, 4, "A point moves right", still=1, milliseconds=90)
    assert again._repr_html_() == animation._repr_html_()
    assert plt.get_fignums() == []


def test_animation_is_light(animation):
    assert max(len(frame) for frame in animation.frames) < 12_000


def test_animation_escapes_its_text():
    page = plotting.animate(moving_point, 1, 'a "quoted" <b>')._repr_html_()
    assert Tags(page).named("img")[0]["alt"] == 'a "quoted" <b>'
    assert not Tags(page).named("b")


@pytest.mark.skipif(shutil.which("node") is None, reason="node runs the page's script")
def test_animation_plays_to_the_end_and_starts_over(animation):
    tags = Tags(animation._repr_html_())
    program = """
    const [show, play] = JSON.parse(process.argv[1]);
    const images = [0, 1, 2, 3].map(() => ({style: {}}));
    const slider = {max: '3', value: '3'}, button = {isConnected: true};
    const figure = {querySelector: () => slider, querySelectorAll: () => images};
    slider.closest = button.closest = () => figure;
    slider.oninput = new Function(show);
    button.click = new Function(play);
    let tick = null;
    globalThis.setInterval = f => { tick = f; return 1; };
    globalThis.clearInterval = () => { tick = null; };
    const shown = () => images.findIndex(image => image.style.display === '');
    button.click();
    const seen = [shown()];
    while (tick && seen.length < 9) { tick(); seen.push(shown()); }
    console.log(JSON.stringify([seen, button.textContent]));
    """
    scripts = [tags.named("input")[0]["oninput"], tags.named("button")[0]["onclick"]]
    command = ["node", "-e", program, json.dumps(scripts)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert json.loads(result.stdout) == [[0, 1, 2, 3], "Play"]
