"""Which modules of this package a program needs: found by reading its imports, not by a list."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

PACKAGE = "autograder"
HOME = Path(__file__).parent


def closure(
    entries: Iterable[str], shells: Mapping[str, Collection[str]] | None = None
) -> tuple[list[Path], set[str]]:
    """The files that the modules `entries` need, themselves included, and the names of everything
    else that these import.

    A module among the `shells` holds commands for different people: it counts with what it
    imports at its top level and in the functions named. Names are dotted: `autograder.check`.
    """
    shells = shells or {}
    found: dict[str, Path] = {}
    foreign: set[str] = set()
    waiting = [*entries, *shells]
    while waiting:
        name = waiting.pop()
        if name in found or not (path := _path(name)):
            continue
        found[name] = path
        waiting.append(name.rpartition(".")[0])  # a module brings its package
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for module in _imports(tree, shells.get(name)):
            top = module.split(".")[0]
            if top == PACKAGE:
                waiting.append(module)
            else:
                foreign.add(top)
    return sorted(found.values()), foreign


def _path(name: str) -> Path | None:
    """The file of one of our modules; None where the name is no module of ours."""
    parts = name.split(".")
    if parts[0] != PACKAGE:
        return None
    place = HOME.joinpath(*parts[1:])
    if (place / "__init__.py").is_file():
        return place / "__init__.py"
    file = place.with_suffix(".py")
    return file if file.is_file() else None


def _imports(tree: ast.AST, functions: Collection[str] | None) -> Iterator[str]:
    """Every module that some code may import; `from a import b` may mean `a` and `a.b`. With
    `functions`, the bodies of all other functions are left out."""
    if isinstance(tree, ast.Import):
        yield from (alias.name for alias in tree.names)
    elif isinstance(tree, ast.ImportFrom) and tree.module:
        yield tree.module
        yield from (f"{tree.module}.{alias.name}" for alias in tree.names)
    else:
        for node in _parts(tree):
            if not (
                isinstance(node, ast.FunctionDef)
                and functions is not None
                and node.name not in functions
            ):
                yield from _imports(node, functions)


def _parts(tree: ast.AST) -> Iterable[ast.AST]:
    """What a piece of code is made of, without what only type checkers read."""
    if isinstance(tree, ast.If) and isinstance(tree.test, ast.Name):
        if tree.test.id == "TYPE_CHECKING":
            return tree.orelse
    return ast.iter_child_nodes(tree)
