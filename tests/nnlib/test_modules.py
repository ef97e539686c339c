"""The library as a whole: imports point one way, files are short, public names explained."""

import ast
import graphlib
import importlib
import inspect
from pathlib import Path

import pytest

import nnlib as nn

FOLDER = Path(nn.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
APART = {"datasets", "plotting", "arrays", "canvas", "pictures", "animation", "diagrams", "stripes"}
BASE = {"arrays", "activations", "losses", "initializers", "gradcheck"}
EACH = pytest.mark.parametrize("name", MODULES)


def imported(name):
    """What a module imports, as full names."""
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def neighbours(name):
    return {full.removeprefix("nnlib.") for full in imported(name) if full.startswith("nnlib.")}


def test_no_two_modules_need_each_other():
    order = graphlib.TopologicalSorter({name: neighbours(name) for name in MODULES}).static_order()
    assert set(order) >= set(MODULES)


@pytest.mark.parametrize("name", sorted(BASE))
def test_the_base_stands_on_itself(name):
    assert neighbours(name) <= BASE


@EACH
def test_nothing_here_knows_the_grader(name):
    assert not any(full.split(".")[0] == "autograder" for full in imported(name))


@EACH
def test_a_module_is_short(name):
    assert len((FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 200


@EACH
def test_what_is_public_is_explained(name):
    module = importlib.import_module(f"nnlib.{name}")
    assert module.__doc__
    for public in getattr(module, "__all__", []):
        value = getattr(module, public)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert value.__doc__, public


@pytest.mark.parametrize("name", [name for name in MODULES if name not in APART])
def test_public_names_are_at_the_top(name):
    module = importlib.import_module(f"nnlib.{name}")
    for public in module.__all__:
        assert getattr(nn, public) is getattr(module, public)
