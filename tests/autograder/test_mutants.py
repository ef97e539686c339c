"""Mutants: each operator where it applies, one change at a time."""

import ast

import pytest

from autograder.mutants import mutants


def changes(body, head="def f(X, w):"):
    source = f"{head}\n    '''A docstring with 1 + 1.'''\n    {body}"
    return {mutant.change.partition(" → ")[2] for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return X + w", "return X - w"),
        ("return X / 4", "return X"),
        ("return X / 4", "return X * 4"),
        ("return X - w", "return w - X"),
        ("return -X", "return X"),
        ("return np.exp(X)", "return -np.exp(X)"),
        ("return X > 0", "return X >= 0"),
        ("return X[0]", "return X[1]"),
        ("return 0.5 * X", "return 1.0 * X"),
        ("return np.sum(X, axis=0)", "return np.sum(X, axis=1)"),
        ("return np.sum(X, axis=0)", "return np.sum(X)"),
        ("return np.sum(X, axis=0)", "return np.mean(X, axis=0)"),
        ("return X.sum(axis=1, keepdims=True)", "return X.sum(axis=1)"),
        ("return w.T @ X", "return w @ X"),
        ("return w.T @ X", "return w.T * X"),
        ("return w.T @ X", "return w.T @ X.T"),
        ("return np.log(X)", "return np.log10(X)"),
        ("return np.clip(X, 0, 1)", "return X"),
        ("return np.where(X > 0, X, w)", "return np.where(X > 0, w, X)"),
        ("return np.dot(X, w)", "return np.dot(w, X)"),
        ("return X if w else -X", "return -X if w else X"),
        ("return [i for i in range(3)]", "return [i for i in range(3 - 1)]"),
        ("return X is None and w", "return X is None or w"),
    ],
)
def test_an_operator_makes_its_mutant(body, expected):
    assert expected in changes(body)


def test_a_forgotten_update_is_a_mutant():
    source = "def f(v):\n    s = 0\n    for x in v:\n        s += x\n    return s"
    operators = {mutant.operator for mutant in mutants(source)}
    assert {"left out", "not added up", "one turn only"} <= operators


def test_docstring_and_signature_are_left_alone():
    for mutant in mutants("def f(X, scale=1.0):\n    'Twice 2.'\n    return scale * X"):
        function = ast.parse(mutant.source).body[0]
        assert ast.unparse(function.args) == "X, scale=1.0"
        assert ast.get_docstring(function) == "Twice 2."


def test_mutants_differ_from_the_answer_and_from_each_other():
    source = "def f(X):\n    return np.sum(X, axis=0, keepdims=True) / X.shape[0] - 1"
    made = [mutant.source for mutant in mutants(source)]
    assert len(made) >= 10
    assert len(set(made)) == len(made)
    assert ast.unparse(ast.parse(source)) not in made


def test_every_mutant_is_a_program():
    for mutant in mutants(
        "def f(X):\n    for i in range(len(X)):\n        X = X[i]\n    return -X"
    ):
        compile(mutant.source, "<mutant>", "exec")
