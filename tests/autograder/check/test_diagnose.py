"""Every kind of mistake is recognised from a program that makes it, and nothing else is."""

import warnings

import numpy as np
import pytest
from known_mistakes import MISTAKES, W, X, Y, Z

import nnlib as nn
from autograder.check.calls import Call
from autograder.check.diagnose import RECOGNISERS, diagnose, kinds


def parts_of(result):
    return result if isinstance(result, tuple) else (result,)


def told(exercise, args, mistake):
    """What is said of the first result that differs from the library's."""
    reference = getattr(nn, exercise)
    expected = parts_of(reference(*args))
    given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
    with np.errstate(all="ignore"):
        got = mistake(*given)
    call = Call(exercise, reference, args, {}, given, got)
    found = [diagnose(g, e, call) for g, e in zip(parts_of(got), expected, strict=False)]
    return next(filter(None, found), None)


@pytest.mark.parametrize(
    ("kind", "exercise", "args", "mistake"), MISTAKES, ids=[f"{m[0]}-{m[1]}" for m in MISTAKES]
)
def test_mistake_is_recognised(kind, exercise, args, mistake):
    diagnosis = told(exercise, args, mistake)
    assert diagnosis is not None
    assert (diagnosis.kind, diagnosis.sentence) == (kind, diagnosis.sentence)


def mean_of_squares(A, B):
    return np.mean((A[:, :, None] - B[:, None, :]) ** 2, axis=0)


def divided_by_zero(p, y):
    return (p - y) / (p * (1 - p))


def logarithm_of_zero(p, y):
    return -y * np.log(p) - (1 - y) * np.log(1 - p)


def through_probabilities(z, y):
    return logarithm_of_zero(nn.sigmoid(z), y)


CERTAIN_NO = np.array([[0.0, 0.4, 0.9, 0.3, 0.2]])
FAR = np.array([[-1000.0, 1.0, 2.0, -0.5, 0.3]])


@pytest.mark.parametrize(
    ("exercise", "args", "mistake", "says"),
    [
        ("pairwise_squared_distances", (X, X), mean_of_squares, "the number of features, n_x = 3"),
        ("binary_cross_entropy_gradient", (CERTAIN_NO, Y), divided_by_zero, "a division by 0"),
        ("binary_cross_entropy", (CERTAIN_NO, Y), logarithm_of_zero, "the logarithm of 0"),
        ("softmax", (Z.T - 900,), lambda z: np.exp(z) / np.exp(z).sum(0), "0/0"),
        ("softmax", (Z.T + 900,), lambda z: np.exp(z) / np.exp(z).sum(0), "overflows to inf, and"),
        ("binary_cross_entropy_from_logits", (FAR, Y), through_probabilities, "its logarithm"),
    ],
)
def test_the_cause_is_called_by_its_name(exercise, args, mistake, says):
    assert says in told(exercise, args, mistake).sentence


@pytest.mark.parametrize("steps", [2, 3])
def test_a_count_has_no_sign(steps):
    args = (lambda w: 2 * w, [0.5, -1.5, 2.5], 0.3, steps)
    diagnosis = told("gradient_descent", args, lambda gradient, w, rate, steps: (np.array(w), []))
    assert diagnosis.sentence.startswith("This is the result for `steps` = 0")


def test_every_kind_is_in_the_table():
    assert {kind for kind, *_ in MISTAKES} == set(kinds())


def test_kinds_say_nothing_that_depends_on_the_data():
    for general in kinds().values():
        assert not set("23456789[]") & set(general), general


FORMS = [
    lambda a: a,
    lambda a: a.astype(np.float32),
    lambda a: np.asfortranarray(a),
    lambda a: a * (1 + 1e-12),
    lambda a: a + 1e-14,
    lambda a: a[()].item() if a.size == 1 else a,
]
RIGHT = sorted({m[1]: row for row, m in enumerate(MISTAKES)}.items())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("exercise", "row"), RIGHT)
def test_right_answers_have_no_diagnosis(exercise, row, form):
    args, reference = MISTAKES[row][2], getattr(nn, exercise)
    for expected in parts_of(reference(*args)):
        if isinstance(expected, np.ndarray | np.number):
            got = form(np.asarray(expected, float))
            assert diagnose(got, expected, Call(exercise, reference, args, {}, args, got)) is None


def perturbed(expected, rng, way):
    """A wrong result without a reason."""
    noise = rng.normal(size=expected.shape) * rng.choice([1e-3, 0.1, 1, 30])
    few = rng.random(expected.shape) < rng.uniform(0.1, 0.9)
    one = np.zeros(expected.shape)
    one.flat[rng.integers(expected.size)] = rng.normal()
    return (
        expected + noise,
        expected + noise * few,
        expected * (1 + noise),
        expected + one,
        noise,
        np.abs(noise) * expected,
    )[way]


@pytest.mark.parametrize(
    "part", [0, 1, *(pytest.param(part, marks=pytest.mark.slow) for part in range(2, 10))]
)
def test_random_perturbations_have_no_diagnosis(part, rng):
    calls = [(m[1], m[2]) for m in MISTAKES if m[1] != "predict" and m[1] != "accuracy"]
    seen = []
    for _ in range(1000):
        exercise, args = calls[rng.integers(len(calls))]
        reference = getattr(nn, exercise)
        parts = [np.asarray(p, float) for p in parts_of(reference(*args)) if _is_real(p)]
        expected = parts[rng.integers(len(parts))]
        got = perturbed(expected, rng, rng.integers(6))
        diagnosis = diagnose(got, expected, Call(exercise, reference, args, {}, args, got))
        if diagnosis:
            seen.append((exercise, diagnosis.kind, diagnosis.sentence))
    assert seen == []


def _is_real(value):
    return isinstance(value, float | np.floating | np.ndarray) and np.size(value) > 0


STRANGE = [
    np.full((1, 4), np.nan),
    np.full((1, 4), np.inf),
    np.array([[1e308, -1e308, 1e-320, 0]]),
    np.zeros((0, 4)),
    np.array([[None, "a", {}, []]], dtype=object),
    np.array([[1 + 2j, 0, 0, 0]]),
    np.array([["a", "b", "c", "d"]]),
    np.array(2**63, dtype=np.uint64),
    np.zeros((1, 1, 1, 1, 1, 1)),
    [[1], [2, 3]],
    None,
    object(),
    np.array([70000.0]).astype(np.float32),
]


@pytest.mark.parametrize("got", STRANGE, ids=range(len(STRANGE)))
def test_strange_results_do_no_harm(got):
    expected = nn.predict_proba(X, W, 0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        diagnose(got, expected, Call("predict_proba", nn.predict_proba, (X, W, 0.5), {}, (X,), got))
        diagnose(got, expected)


def test_no_recogniser_raises_on_ordinary_mistakes():
    """A recogniser's own error is swallowed in use; here it is not."""
    from autograder.check.diagnose import _case

    for _, exercise, args, mistake in MISTAKES:
        reference = getattr(nn, exercise)
        given = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
        with np.errstate(all="ignore"):
            result = mistake(*given)
            pairs = zip(parts_of(result), parts_of(reference(*args)), strict=False)
            for got, expected in pairs:
                call = Call(exercise, reference, args, {}, given, result)
                case = _case(got, expected, call)
                for recogniser in RECOGNISERS if case else ():
                    recogniser.look(case)
