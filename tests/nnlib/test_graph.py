"""The computation graph: slopes by hand and by the complex step, and a drawing that says them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import nnlib as nn


def example():
    a, b, c = nn.Variable(5, "a"), nn.Variable(3, "b"), nn.Variable(2, "c")
    u = (b * c).named("u")
    v = (a + u).named("v")
    return a, b, c, u, v, (3 * v).named("J")


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.fixture(autouse=True)
def _no_figure_left():
    yield
    plt.close("all")


def test_the_notes_example():
    *nodes, J = example()
    J.backward()
    assert (nodes[3].value, nodes[4].value, J.value) == (6, 11, 33)
    assert [node.grad for node in nodes] == [3, 6, 9, 3, 3]


def test_backward_twice_does_not_add_up():
    a, *_, J = example()
    J.backward()
    J.backward()
    assert a.grad == 3


def test_paths_add_up():
    x = nn.Variable(2.0)
    y = x * x + x.exp() * x
    y.backward()
    assert x.grad == pytest.approx(4 + 3 * np.exp(2), rel=1e-15)


def test_a_node_in_many_places_is_walked_once():
    x = nn.Variable(1.0)
    y = x
    for _ in range(200):
        y = y + y
    y.backward()
    assert x.grad == 2.0**200


NUMBERS = {
    "x + y": lambda x, y: x + y,
    "2 + x": lambda x, y: 2 + x,
    "x - y": lambda x, y: x - y,
    "2 - x": lambda x, y: 2 - x,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "2 / x": lambda x, y: 2 / x,
    "-x": lambda x, y: -x,
    "x^3": lambda x, y: x**3,
    "x^-0.5": lambda x, y: x**-0.5,
    "all": lambda x, y: (x * y + x / y - y) ** 2 / (1 + x),
}


@pytest.mark.parametrize("f", NUMBERS.values(), ids=NUMBERS)
def test_operators_have_the_slopes_of_the_complex_step(f):
    at, node = np.array([0.7, 1.9]), [nn.Variable(0.7), nn.Variable(1.9)]
    f(*node).backward()
    slope = nn.complex_gradient(lambda p: f(*p), at)
    got = [0.0 if n.grad is None else float(n.grad) for n in node]
    assert nn.relative_error(got, slope) < 1e-12


FUNCTIONS = {
    "exp": np.exp,
    "log": np.log,
    "sigmoid": nn.sigmoid,
    "tanh": nn.tanh,
    "relu": nn.relu,
    "sum": np.sum,
    "mean": np.mean,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_have_the_slopes_of_the_complex_step(name, rng):
    x = nn.Variable(rng.uniform(0.1, 2, size=(2, 3)))
    y = getattr(x, name)()
    (y * y).sum().backward()
    slope = nn.complex_gradient(lambda z: np.sum(FUNCTIONS[name](z) ** 2), x.value)
    assert nn.relative_error(x.grad, slope) < 1e-12


def test_a_layer_of_arrays_with_the_bias_repeated(rng):
    W, X, b = (nn.Variable(rng.normal(size=s)) for s in ((3, 2), (2, 5), (3, 1)))
    ((W @ X + b).tanh() ** 2).mean().backward()

    def loss(W, X, b):
        return np.mean(nn.tanh(W @ X + b) ** 2)

    values = [W.value, X.value, b.value]
    for i, node in enumerate((W, X, b)):
        slope = nn.complex_gradient(
            lambda v, i=i: loss(*values[:i], v, *values[i + 1 :]), values[i]
        )
        assert nn.relative_error(node.grad, slope) < 1e-12


def test_a_number_repeated_over_an_array_gets_the_sum():
    x, s = nn.Variable(np.arange(6.0).reshape(2, 3)), nn.Variable(2.0)
    (s * x).sum().backward()
    assert s.grad == 15
    np.testing.assert_array_equal(x.grad, np.full((2, 3), 2))


def test_arrays_on_the_left_ask_the_node():
    x, W = nn.Variable(np.ones((2, 1))), np.array([[1.0, 2.0]])
    y = W @ x
    assert isinstance(y, nn.Node)
    assert isinstance(np.float64(2) * x, nn.Node)
    y.backward()
    np.testing.assert_array_equal(x.grad, W.T)


def test_the_drawing_says_values_gradients_and_slopes():
    *_, J = example()
    assert "d$J$/d$a$ = 3" not in texts(nn.draw_graph(J))
    J.backward()
    shown = texts(nn.draw_graph(J))
    for text in ("$u$ = $b$ · $c$", "$J$ = 3 · $v$", "33", "d$J$/d$b$ = 6", "d$J$/d$c$ = 9", "×3"):
        assert text in shown


def test_drawn_nodes_never_overlap():
    x = nn.Variable(2.0, "x")
    y = x * x + x.exp() * x + (x.tanh() + x.sigmoid()) ** 2
    y.backward()
    ax = nn.draw_graph(y)
    ax.figure.canvas.draw()
    boxes = [
        t.get_window_extent() for t in ax.texts if " = " in t.get_text() and "d" not in t.get_text()
    ]
    assert len(boxes) > 5
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_arrays_are_drawn_by_their_shape():
    X = nn.Variable(np.ones((2, 3)), "X")
    assert "(2, 3)" in texts(nn.draw_graph(X.mean()))


def test_drawing_into_given_axes():
    ax = plt.subplots()[1]
    assert nn.draw_graph(example()[-1], ax) is ax
