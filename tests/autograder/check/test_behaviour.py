"""Checks of how a function behaves."""

import numpy as np
import pytest

import nnlib as nn
from autograder import check
from autograder.check.failure import CheckFailure

Z = np.array([[-1.0, 0.0, 2.0]])


def kind_of(function, *args, **kwargs):
    with pytest.raises(CheckFailure) as caught:
        function(*args, **kwargs)
    return caught.value.kind


def append_to(items):
    items.append(1)
    return items


def writes(z):
    z[...] = 0
    return z


def stores(d):
    d["w"] = d["w"] + 1
    return d


def naive_sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (writes, np.ones((2, 2))),
        (append_to, [1, 2]),
        (stores, {"w": 1.0}),
        (lambda pair: writes(pair[0][0]), ([np.ones(2)], 1)),
    ],
)
def test_unchanged_sees_every_change(function, argument):
    assert kind_of(check.unchanged, "f", function, argument) == "input-modified"


def test_unchanged_passes_what_only_reads():
    assert check.unchanged("f", lambda z, state: z + 1, Z, {"v": [np.ones(2)], "t": np.nan}) is None


def test_unchanged_wants_a_result():
    assert kind_of(check.unchanged, "f", lambda z: None, Z) == "returned-none"


@pytest.mark.parametrize("view", [lambda z: z, lambda z: z.T, lambda z: (1, [z[:, 1:]])])
def test_fresh_refuses_views(view):
    assert kind_of(check.fresh, "f", view(Z), Z) == "shares-memory"


def test_fresh_accepts_copies():
    assert check.fresh("f", Z.copy(), Z, [Z]) is None


@pytest.mark.parametrize("setting", ["ignore", "warn", "raise"])
def test_stable_sees_overflow_whatever_numpy_is_set_to(setting):
    with np.errstate(all=setting):
        assert check.stable("sigmoid", nn.sigmoid, np.array([-1000.0, 1000.0])) is None
        assert kind_of(check.stable, "s", naive_sigmoid, np.array([-1000.0])) == "unstable"


def test_stable_does_not_mind_underflow():
    assert check.stable("exp", np.exp, np.array([-1000.0]), expected=[0.0]) is None


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z: np.exp(1000 * z) - np.exp(1000 * z), "overflow"),
        (lambda z: 1 / (z - z), "divide by zero"),
        (lambda z: np.sqrt(-z), "invalid"),
    ],
)
def test_stable_says_what_numpy_says(function, words):
    with pytest.raises(CheckFailure, match=words):
        check.stable("f", function, np.array([1.0, 2.0]), expected=[1.0, 2.0])


def test_stable_also_checks_the_values():
    assert (
        kind_of(check.stable, "f", lambda z: -z, np.array([1.5, 2.5]), expected=[1.5, 2.5])
        == "sign"
    )
    assert kind_of(check.stable, "f", lambda z: z * np.inf, np.array([1.0])) == "not-finite"


def test_accepts_tries_every_form():
    seen = []

    def watch(z):
        seen.append((z.dtype.kind, z.itemsize, z.flags.c_contiguous, z.flags.writeable))
        return 2 * z

    check.accepts("double", watch, np.array([[1.0, 2.0], [3.0, 4.0]]), expected=[[2, 4], [6, 8]])
    assert seen == [
        ("f", 4, True, True),
        ("i", 8, True, True),
        ("f", 8, False, True),
        ("f", 8, True, False),
    ]


def test_accepts_names_the_form():
    def integers_in_place(z):
        a = np.zeros_like(z)
        a[...] = z / 2
        return a

    with pytest.raises(CheckFailure, match="half with integer input") as caught:
        check.accepts("half", integers_in_place, np.array([1.0, 2.0, 5.0]), expected=[0.5, 1, 2.5])
    assert caught.value.kind == "truncated"


def test_accepts_leaves_out_forms_that_change_the_numbers():
    assert check.accepts("same", lambda z: z * 1, np.array([0.5]), expected=[0.5]) is None
    with pytest.raises(ValueError, match="no such form"):
        check.accepts("same", lambda z: z, np.array([0.5]), expected=[0.5], forms=["float8"])


def fails(error):
    def function(*args):
        raise error

    return function


def test_raises_wants_this_exception():
    assert check.raises("size", ValueError, fails(ValueError("too big")), 3) is None
    assert check.raises("size", (KeyError, ValueError), fails(KeyError("x"))) is None
    assert kind_of(check.raises, "size", ValueError, fails(TypeError("x"))) == "wrong-exception"
    assert kind_of(check.raises, "size", ValueError, lambda n: n, 3) == "nothing-raised"


def test_a_stub_that_raises_is_not_taken_for_an_answer():
    assert (
        kind_of(check.raises, "f", NotImplementedError, fails(NotImplementedError()))
        == "not-started"
    )


def test_gradient():
    assert check.gradient("slope", np.array([2.0, 6.0]), lambda w: np.sum(w**2), [1.0, 3.0]) is None
    assert (
        kind_of(check.gradient, "slope", np.array([-2.0, -6.5]), np.sum, [1.0, 3.0])
        == "wrong-gradient"
    )
    wrong = -np.array([2.0, 6.0])
    assert kind_of(check.gradient, "slope", wrong, lambda w: np.sum(w**2), [1.0, 3.0]) == "sign"
    assert kind_of(check.gradient, "slope", np.ones((2, 1)), np.sum, [1.0, 3.0]) != "wrong-gradient"


def test_gradient_of_another_function():
    kind = kind_of(
        check.gradient,
        "slope",
        np.array([3.0, 27.0]),
        lambda w: np.sum(w**2),
        [1.0, 3.0],
        own=lambda w: np.sum(w**3),
    )
    assert kind == "gradient-of-own-forward"


def test_gradient_through_a_layer_of_numbers():
    assert check.gradient("at 2", 12.0, lambda a: a**3, 2.0) is None
