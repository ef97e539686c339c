"""Which names a cell's code reads and binds, told without running it."""

from __future__ import annotations

import ast
import dis
from collections.abc import Sequence
from functools import lru_cache
from types import CodeType

_REMEMBERED = 4096
"""Cells whose names are remembered: the same ones come with every submission."""

MAX_SOURCE = 100_000
"""Characters of a cell; longer ones are run, but not looked into."""


def tree_of(source: str) -> ast.Module:
    """A cell parsed, without its magics; empty where it is no Python."""
    if len(source) > MAX_SOURCE:
        return ast.Module([], [])
    lines = source.splitlines()
    python = [line for line in lines if not line.lstrip().startswith(("%", "!"))]
    return _parsed(source if len(python) == len(lines) else "\n".join(python)) or _NOTHING


_NOTHING = ast.Module([], [])


def _parsed(source: str) -> ast.Module | None:
    """Python code parsed, once for all who ask if it is not long; None where it is none."""
    return _parse_once(source) if len(source) <= MAX_SOURCE // 10 else _parse(source)


def _parse(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


_parse_once = lru_cache(128)(_parse)


@lru_cache(_REMEMBERED)
def imports_of(source: str) -> str:
    """The import statements at a cell's top level."""
    kept = [n for n in tree_of(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.unparse, kept))


@lru_cache(_REMEMBERED)
def answered_names(source: str) -> frozenset[str]:
    """The names that a cell binds otherwise than by importing them."""
    return bound_names(source) - bound_names(imports_of(source))


@lru_cache(_REMEMBERED)
def loaded_names(source: str) -> frozenset[str]:
    """The names that a cell reads."""
    nodes = ast.walk(tree_of(source))
    return frozenset(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))


@lru_cache(_REMEMBERED)
def bound_names(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level, or declares global: by assignment, import or
    definition. A star import binds `*`."""
    names: set[str] = set()
    waiting: list[ast.AST] = [tree_of(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        if isinstance(node, _SCOPES):
            names |= {n for g in ast.walk(node) if isinstance(g, ast.Global) for n in g.names}
        else:
            waiting.extend(ast.iter_child_nodes(node))
    return frozenset(names)


_SCOPES = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda,
    ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp,
)  # fmt: skip


@lru_cache(_REMEMBERED)
def needed_names(source: str) -> frozenset[str]:
    """The names that a cell reads before it binds them itself: other cells have to give them.

    >>> sorted(needed_names("for x in a: x += b\\ndef f(y): return x + y + c"))
    ['a', 'b', 'c']
    """
    try:
        return frozenset(_needed(compile(tree_of(source), "<cell>", "exec")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return loaded_names(source)


def with_needed(sources: Sequence[str], wanted: Sequence[bool]) -> list[bool]:
    """Which of some cells in a row have to run for the wanted ones: these, and earlier ones that
    bind a name which one of these reads. A star import may bind any name.

    >>> with_needed(["a = 1", "b = 2", "print(a)"], [False, False, True])
    [True, False, True]
    """
    chosen = [False] * len(sources)
    needed: set[str] = set()
    for number in reversed(range(len(sources))):
        bound = bound_names(sources[number])
        if wanted[number] or bound & needed or "*" in bound:
            chosen[number] = True
            needed |= needed_names(sources[number])
    return chosen


_OF_EVERY_MODULE = {"__name__", "__doc__", "__annotations__", "__conditional_annotations__"}


def _needed(code: CodeType) -> set[str]:
    """The global names that compiled code, and what is defined in it, reads before binding them."""
    needed: set[str] = set()
    bound: set[str] = set()
    for step in dis.get_instructions(code):
        if step.opname in ("STORE_NAME", "STORE_GLOBAL"):
            bound.add(step.argval)
        elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            needed |= {step.argval} - bound - _OF_EVERY_MODULE
        elif isinstance(step.argval, CodeType):
            needed |= _needed(step.argval) - bound
    return needed


@lru_cache(_REMEMBERED)
def only_defines(source: str) -> bool:
    """Whether a cell shows nothing but its errors: imports, functions, classes, and names bound to
    constants or to what `check.lecture` makes."""
    tree = _parsed(source)
    return tree is not None and all(map(_defines, tree.body))


@lru_cache(_REMEMBERED)
def only_functions(source: str) -> bool:
    """Whether a cell defines functions and nothing else, in a way that cannot fail: without
    decorators, and with constants as defaults and annotations."""
    tree = _parsed(source)
    return tree is not None and all(
        isinstance(node, ast.FunctionDef) and _waits(node) for node in tree.body
    )


def _waits(function: ast.FunctionDef) -> bool:
    given = function.args
    arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    run = [*function.decorator_list, *given.defaults, *given.kw_defaults, function.returns]
    run += [argument.annotation for argument in arguments if argument is not None]
    return all(isinstance(node, ast.Constant | None) for node in run)


def _defines(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign):
        value = statement.value
        called = ast.unparse(value.func) if isinstance(value, ast.Call) else ""
        return isinstance(value, ast.Constant) or called == "check.lecture"
    return isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom)
