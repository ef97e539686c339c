"""What travels with the next request takes effect before it: the first call of a test is no
different from the others."""

import pytest
from small_course import answer, as_bytes, graded, locked, notebook, read_source, released

from autograder.grade import Bench

SETUP = """
import numpy as np
import nnlib as nn
from autograder import check

exercise = check.lecture(nn, "relu", "sigmoid")
"""
TESTS = {
    "unchanged": "check.unchanged('relu', relu, np.ones(3))",
    "fresh": "x = np.ones(3)\n    check.fresh('relu', relu(x), x)",
    "right": "check.close('relu', relu(np.array([-1.0, 2.0])), [0, 2])",
    "again": "f = relu\nwith exercise('relu'):\n    assert f is not relu and relu(np.ones(1)) == 1",
    "of its own result": "check.close('relu', relu(relu(np.ones(2))), [1, 1])",
}
COURSE = notebook(
    locked(SETUP, "setup"),
    answer("sigmoid", "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))"),
    answer("relu", "def relu(z):\n    return np.maximum(z, 0)"),
    *(graded(f"test_relu_{n}", f"with exercise('relu'):\n    {code}") for n, code in
      enumerate(TESTS.values())),
)  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(read_source(tmp_path_factory.mktemp("course"), COURSE))
    yield bench
    bench.close()


def failed(bench, relu):
    """The tests that a relu fails."""
    done = bench.grade("ann", "ps1", as_bytes(released(COURSE, sigmoid="x = 1", relu=relu)))
    return {name for name, test in zip(TESTS, done.tests, strict=True) if test.score == 0}


def test_a_right_one_passes(bench):
    assert failed(bench, "def relu(z):\n    return np.maximum(z, 0)") == set()


def test_other_exercises_are_lent_to_the_first_call(bench):
    assert failed(bench, "def relu(z):\n    return np.maximum(z, 0 * sigmoid(z))") == set()


def test_the_first_call_may_not_change_its_argument(bench):
    assert "unchanged" in failed(bench, "def relu(z):\n    z -= 1\n    return np.maximum(z + 1, 0)")


def test_the_first_call_may_not_give_its_argument_back(bench):
    assert "fresh" in failed(bench, "def relu(z):\n    return np.maximum(z, 0, out=z)")
    assert "fresh" in failed(bench, "def relu(z):\n    return z if (z >= 0).all() else z * (z > 0)")


def test_the_first_call_finds_the_librarys_answer_blocked(bench):
    assert failed(bench, "def relu(z):\n    return nn.relu(z)") == set(TESTS)


def test_a_function_that_is_gone_is_missed(bench):
    assert failed(bench, "x = 1") == set(TESTS)
