"""What a student's source says: the construct on a line, and the names that it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from autograder.check.counting import WALKERS

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_HIDDEN_LOOPS = ("vectorize", "frompyfunc", "fromiter", "fsum", "sumprod", "nditer", "ndenumerate")
"""Functions that go through their argument item by item, unseen by a count of lines."""
_HOOKS = (
    *("settrace", "setprofile", "monitoring", "start_new_thread", "import_module", "__import__"),
    *("_getframe", "f_back", "f_globals", "__globals__", "__code__", "__builtins__"),
    *("__subclasses__", "get_objects", "get_referrers"),
)
"""Names by which code reaches what counts its lines."""
_HOOKS_ALONE = ("exec", "eval", "gc", "ctypes", "builtins", "autograder")
"""Those that mean this only without a dot before them (`model.eval` is something else),"""
_HOOKS_OF_MODULES = ("modules",)
"""and those that mean it only after one."""


@lru_cache(256)
def tree_of(source: str | None) -> ast.Module:
    """The source's syntax tree; an empty one where there is none or it cannot be read."""
    try:
        return ast.parse(source or "")
    except (SyntaxError, ValueError, RecursionError):
        return ast.parse("")


def loop_on(tree: ast.Module, line: int, name: str) -> str | None:
    """The innermost loop that contains a line of the cell, in words.

    >>> loop_on(tree_of("total = 0\\nfor x in X:\\n    total += x"), 3, "f")
    'the `for` loop in line 2'
    """
    loops = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt | ast.expr) and _loop(node, name) and _holds(node, line)
    ]
    if not loops:
        return None
    inner = min(loops, key=lambda node: ((node.end_lineno or 0) - node.lineno, -node.col_offset))
    return f"{_loop(inner, name)} in line {inner.lineno}"


def _holds(node: ast.stmt | ast.expr, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _loop(node: ast.AST, name: str) -> str | None:
    if isinstance(node, ast.For):
        return "the `for` loop"
    if isinstance(node, ast.While):
        return "the `while` loop"
    if isinstance(node, _COMPREHENSIONS):
        return "the comprehension"
    if isinstance(node, ast.Call):
        called = _called(node)
        if called == name and isinstance(node.func, ast.Name):
            return f"the call of `{name}` by itself"
        if called in WALKERS:
            return f"`{called}`" if isinstance(node.func, ast.Name) else None
        if called in ("apply_along_axis", "apply_over_axes"):
            return f"`{called}`"
    return None


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def hidden_loop(tree: ast.Module) -> tuple[str, int] | None:
    """A function that loops where no count of lines sees it, and its line.

    >>> hidden_loop(tree_of("f = np.vectorize(g)"))
    ('vectorize', 1)
    """
    reduce = ("reduce", "accumulate")
    for name, line, base in _names(tree):
        if name in _HIDDEN_LOOPS or (name in reduce and base in ("", "functools", "itertools")):
            return name, line
    return None


@lru_cache(1024)
def hook(cell: str) -> str | None:
    """A name by which the code of a cell can hide from being counted.

    >>> hook("import sys\\nsys.settrace(None)"), hook("model.eval()")
    ('settrace', None)
    """
    tree = tree_of(cell)
    imported = {
        part
        for node in ast.walk(tree)
        for name in _modules(node)
        for part in name.split(".")
        if name != "autograder.check"
    }
    for name, _, base in _names(tree):
        if name in _HOOKS or name in (_HOOKS_OF_MODULES if base else _HOOKS_ALONE):
            return name
    return next(iter(sorted(imported & {*_HOOKS, *_HOOKS_ALONE, *_HOOKS_OF_MODULES})), None)


def may_loop(cell: str, cells: Sequence[str]) -> bool:
    """Whether a cell, or one that defines what it uses, holds a loop or makes code out of text."""
    waiting, seen = [cell], {cell}
    while waiting:
        tree = tree_of(waiting.pop())
        used = {name for name, _, _ in _names(tree)}
        if not tree.body or any(_loop(node, "") for node in ast.walk(tree)):
            return True
        found = {c for c in cells if c not in seen and _binds(c) & used}
        seen |= found
        waiting += found
    return False


@lru_cache(1024)
def _binds(cell: str) -> frozenset[str]:
    """The names that a cell defines or assigns."""
    nodes = list(ast.walk(tree_of(cell)))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    defined = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    return frozenset(stored | defined)


def _modules(node: ast.AST) -> list[str]:
    """What an import statement imports, by full names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _names(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Names that are used, with line and what stands before the dot: x, a.x, from a import x."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            base = node.value.id if isinstance(node.value, ast.Name) else "?"
            yield node.attr, node.lineno, base
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno, ""
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.name, node.lineno, ""


def uses(tree: ast.Module, name: str, own: str) -> int | None:
    """The line in which `np.name`, an imported `name` or the text "name" is used, if any."""
    for found, line, base in _names(tree):
        if found == name and (base or own != name):
            return line
    docs = {id(doc) for doc in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value == name and id(node) not in docs:
            return node.lineno
    return None


def _docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
