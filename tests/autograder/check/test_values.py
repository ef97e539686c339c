"""What close, number, integers, shape, equal, true and parts accept, and what they say."""

import numpy as np
import pytest

import nnlib as nn
from autograder import check
from autograder.check.failure import CheckFailure

ROW = np.array([[0.25, 0.5, 0.75]])


def said(function, *args, **kwargs):
    with pytest.raises(CheckFailure) as caught:
        function(*args, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    "got",
    [
        ROW,
        ROW.astype(np.float32),
        np.asfortranarray(ROW),
        np.einsum("ij->ij", ROW) * (1 + 1e-9),
        np.repeat(ROW, 2, axis=1)[:, ::2],
        ROW + 1e-13,
    ],
)
def test_close_accepts_right_arrays_in_any_form(got):
    assert check.close("row", got, ROW) is None


def test_close_takes_a_list_as_expected():
    assert check.close("row", ROW, [[0.25, 0.5, 0.75]]) is None


@pytest.mark.parametrize("got", [0.25, np.float64(0.25), np.float32(0.25), np.array([[0.25]])])
def test_number_accepts_scalars_and_arrays_of_size_one(got):
    assert check.number("slope", got, 0.25) is None


@pytest.mark.parametrize("check_function", [check.number, check.close])
def test_a_python_integer_is_a_number(check_function):
    assert check_function("count", 2, 2.0) is None


def test_integers_that_are_right_are_close():
    assert check.close("relu", np.array([[0, 2]]), [[0.0, 2.0]]) is None


def test_infinity_is_equal_to_itself():
    assert check.close("cost", np.array([np.inf, 1.0]), [np.inf, 1.0]) is None


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.array([1e-9, 1.0]), [1e-12, 1.0]),
        (np.array([1000.0, 0.0]), [1000.0, 1e-5]),
        (np.array([np.inf]), [1e300]),
        (np.array([1.00001]), [1.0]),
        (np.array([[1.01]], np.float32), [[1.0]]),
    ],
)
def test_close_sees_small_differences(got, expected):
    assert "expected" in said(check.close, "row", got, expected).message or np.isinf(got).any()


def test_explicit_tolerance_is_taken():
    assert check.close("saturated", np.array([27.6309]), [27.631], rtol=1e-5) is None
    assert said(check.close, "saturated", np.array([27.6309]), [27.631], rtol=1e-9).kind is None


def test_message_names_expected_got_and_factor():
    check.calls.last = check.calls.Call(
        "cost", nn.cost, (np.ones((1, 4)),), {}, (np.ones((1, 4)),), None
    )
    try:
        failure = said(check.close, "cost of four ones", 4.0, 1.0)
    finally:
        check.calls.forget()
    assert failure.message == (
        "cost of four ones: expected 1.0, got 4.0, which is 4 times too large. "
        "There are m = 4 samples: did you divide by m?"
    )
    assert failure.kind == "sum-for-mean"
    assert "4" not in failure.sealed


def test_large_arrays_show_the_first_difference():
    got = np.arange(100.0).reshape(10, 10)
    got[3, 4] += 0.125
    expected = np.arange(100.0).reshape(10, 10)
    message = said(check.close, "table", got, expected).message
    assert "1 of 100 entries differ; the first, at [3, 4]: expected 34.0, got 34.125" in message


def test_digits_suffice_to_tell_numbers_apart():
    message = said(check.number, "third", 1 / 3 + 1e-8, 1 / 3, rtol=1e-9).message
    assert message == "third: expected 0.33333333, got 0.33333334"


@pytest.mark.parametrize(
    ("got", "words", "kind"),
    [
        (None, "did you forget `return`", "returned-none"),
        ([0.25, 0.5, 0.75], "np.array", "list"),
        ((ROW, ROW), "return one value", "tuple"),
        (ROW > 0.3, "True and False", "boolean"),
        (ROW + 1j, "real numbers", "not-real"),
        (ROW.astype(object), "real numbers", "not-real"),
        (ROW[0], "expected shape (1, 3), got shape (3,)", "missing-axis"),
        (np.zeros((2, 5)), "expected shape (1, 3), got shape (2, 5)", "wrong-shape"),
        (np.array([[0.25, np.nan, 0.75]]), "1 of 3 entries is not finite", "not-finite"),
        ("0.25", "a text", "wrong-type"),
    ],
)
def test_close_refuses(got, words, kind):
    failure = said(check.close, "row", got, ROW)
    assert words in failure.message
    assert failure.kind == kind


def test_lists_will_do_where_the_test_says_so():
    assert check.close("costs", [0.5, 0.25], [0.5, 0.25], lists=True) is None
    assert said(check.close, "costs", [[1], [2, 3]], [1.0, 2.0], lists=True).kind == "wrong-type"


@pytest.mark.parametrize(
    "judge",
    [
        lambda h: check.close("x", h, ROW),
        lambda h: check.number("x", h, 1.0),
        lambda h: check.integers("x", h, 1),
        lambda h: check.shape("x", h, (1, 3)),
        lambda h: check.equal("x", h, [1]),
        lambda h: check.equal("x", [h], [1]),
        lambda h: check.true("x", h),
        lambda h: check.parts("x", h, "w", "b"),
    ],
)
def test_handles_are_refused_without_a_look(judge, handle):
    failure = said(judge, handle)
    assert "a function" in failure.message or "a list" in failure.message


@pytest.mark.parametrize("got", [np.array([[0, 1]]), np.array([[0, 1]], np.int8)])
def test_integers_of_any_size(got):
    assert check.integers("classes", got, [[0, 1]]) is None


@pytest.mark.parametrize(
    ("got", "kind"),
    [
        (np.array([[0.0, 1.0]]), "not-integer"),
        (np.array([[False, True]]), "boolean"),
        (np.array([[1, 2]]), None),
        (np.array([0, 1]), "missing-axis"),
        (1, "one-number"),
    ],
)
def test_integers_refuses(got, kind):
    assert said(check.integers, "classes", got, [[0, 1]]).kind == kind


@pytest.mark.parametrize("got", [5, np.int64(5), np.array(5), np.array([5])])
def test_one_integer(got):
    assert check.integers("size", got, 5) is None


def test_shape_looks_at_the_shape_only():
    assert check.shape("x", np.full((2, 3), np.nan), (2, 3)) is None
    assert "(3, 2)" in said(check.shape, "x", np.zeros((2, 3)), (3, 2)).message


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ([((4, 3), (4, 1))], [[(4, 3), (4, 1)]]),
        ({"u": 6, "v": 11}, {"v": 11, "u": 6}),
        ("text", "text"),
        (np.int64(3), 3),
        (None, None),
    ],
)
def test_equal_accepts(got, expected):
    assert check.equal("data", got, expected) is None


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        ([1, 2], [1, 3], "expected 3, got 2 at [1]"),
        ([1], [1, 3], "expected 2 entries, got 1"),
        ({"u": 1}, {"v": 1}, "expected the keys ['v'], got ['u']"),
        ({"u": [1, 2]}, {"u": [1, 5]}, "expected 5, got 2 at ['u'][1]"),
        (True, 1, "expected 1, got True"),
        (None, [1], "did you forget `return`"),
    ],
)
def test_equal_says_where(got, expected, words):
    assert words in said(check.equal, "data", got, expected).message


def test_true_gives_the_authors_hint():
    assert check.true("rates", np.bool_(True)) is None
    assert said(check.true, "rates", False, "they fall").message == "rates: they fall"


def test_parts_of_tuples_and_dicts():
    assert check.parts("step", (1, 2), "w", "b") == (1, 2)
    assert check.parts("graph", {"v": 2, "u": 1, "J": 3}, "u", "v") == (1, 2)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "did you forget"),
        (3.0, "expected 2 results, (w, b), got a number"),
        ((1, 2, 3), "got a tuple of 3"),
        ({"w": 1}, "no entry 'b'"),
    ],
)
def test_parts_refuses(got, words):
    assert words in said(check.parts, "step", got, "w", "b").message
