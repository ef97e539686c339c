"""Imports point one way, and what is imported is declared."""

import ast
import subprocess
import sys

import pytest
from packaging.requirements import Requirement
from repository import ROOT, files, project, read

NAMES_ON_THE_INDEX = {"IPython": "ipython", "PIL": "pillow", "sklearn": "scikit-learn"}


def imported(path, outermost=False):
    """The packages that a file imports, anywhere in it or only when it is itself imported."""
    tree = ast.parse(read(path))
    for node in tree.body if outermost else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def foreign(pattern):
    """The packages that files import beside the standard library's."""
    found = {name for path in files(pattern) for name in imported(path)}
    return found - set(sys.stdlib_module_names)


def distributions(*extras):
    table = project()["project"]
    lines = table["dependencies"] + [
        line for extra in extras for line in table["optional-dependencies"][extra]
    ]
    return {Requirement(line).name for line in lines}


def on_the_index(modules):
    return {NAMES_ON_THE_INDEX.get(name, name) for name in modules}


@pytest.mark.parametrize(("package", "other"), [("nnlib", "autograder"), ("autograder", "nnlib")])
def test_library_and_grader_do_not_import_each_other(package, other):
    assert files(f"{package}/*.py")
    assert other not in foreign(f"{package}/*.py")


def test_the_library_imports_only_what_comes_with_it():
    """Matplotlib brings pillow; the programs in nnlib/data/ make the data and are not imported."""
    brought = distributions() | {"nnlib", "pillow"}
    assert on_the_index(foreign(":(glob)nnlib/*.py")) <= brought


def test_the_grader_imports_only_what_its_extras_bring():
    """Dask is for a cluster, and one file alone knows it."""
    brought = distributions("grade") | {"autograder"}
    assert on_the_index(foreign("autograder/*.py")) - brought <= {"distributed"}
    asking = [p.stem for p in files("autograder/*.py") if "distributed" in set(imported(p))]
    assert asking == ["cluster"]
    assert "distributed" in distributions("cluster")


def test_check_imports_only_numpy():
    assert foreign("autograder/check/*.py") <= {"numpy", "autograder"}


def test_importing_check_loads_nothing_but_numpy():
    program = (
        "import sys, numpy, json; before = set(sys.modules); from autograder import check;"
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))"
    )
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(ast.literal_eval(run.stdout))
    assert loaded - set(sys.stdlib_module_names) <= {"autograder", "numpy"}
