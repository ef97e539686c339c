"""Small mistakes, made automatically in an answer: one change at one place, each a mutant.

Mutants of a reference stand in well for the faults that students make (Clegg, McMinn and Fraser,
SIGCSE 2021; Perretta, DeOrio, Guha and Bell, ISSTA 2022). Every operator is tried at every place.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Change = tuple[str, ast.AST]
"""What was done, and the node that takes the old one's place."""
Operator = Callable[[ast.AST], Iterator[Change]]


@dataclass(frozen=True)
class Mutant:
    """One mistaken answer."""

    change: str
    """`line before → line after`: also its name among the equivalent ones."""
    operator: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """All mutants of a function's source, each different from it and from the others."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    made = []
    for path, node in _places(tree):
        for operator in OPERATORS:
            for what, new in operator(copy.deepcopy(node)):
                mutated = _replaced(tree, path, new)
                if mutated is not None and mutated not in seen:
                    seen.add(mutated)
                    made.append(Mutant(_difference(original, mutated), what, mutated))
    return made


# --- where -------------------------------------------------------------------------------------

Path = tuple[tuple[str, int | None], ...]


def _places(tree: ast.Module) -> Iterator[tuple[Path, ast.AST]]:
    """Every node in the bodies of functions, docstrings and signatures left out."""

    def walk(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.AST]]:
        for name, value in ast.iter_fields(node):
            if isinstance(node, ast.FunctionDef) and name != "body":
                continue
            children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
            for index, child in children:
                if isinstance(child, ast.AST) and not _is_docstring(child):
                    here = (*path, (name, index))
                    yield here, child
                    yield from walk(child, here)

    yield from walk(tree, ())


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _replaced(tree: ast.Module, path: Path, new: ast.AST) -> str | None:
    """The source with the node at `path` replaced; None where that is no program."""
    whole = copy.deepcopy(tree)
    parent: ast.AST = whole
    for name, index in path[:-1]:
        value = getattr(parent, name)
        parent = value if index is None else value[index]
    name, index = path[-1]
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new
    try:
        text = ast.unparse(ast.fix_missing_locations(whole))
        compile(text, "<mutant>", "exec")
    except (ValueError, SyntaxError, AttributeError, TypeError):
        return None
    return text


def _difference(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    for number, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            same_length = len(old) == len(new)
            there = other if same_length or number >= len(old) - 1 else "…"
            return f"{one.strip()} → {there.strip()}"
    return f"{old[-1].strip()} → (gone)"


# --- operators ---------------------------------------------------------------------------------

_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
_FUNCTIONS = {
    "sum": ("mean",),
    "mean": ("sum",),
    "max": ("min", "sum"),
    "min": ("max",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "argmax": ("argmin",),
    "log": ("log10", "log2"),
    "log1p": ("log",),
    "exp": ("expm1", "exp2"),
    "expm1": ("exp",),
    "sqrt": ("square",),
    "square": ("sqrt",),
    "sin": ("cos",),
    "cos": ("sin",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
    "ones": ("zeros",),
    "ones_like": ("zeros_like",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "std": ("var",),
    "var": ("std",),
    "vstack": ("hstack",),
    "abs": ("negative",),
    "dot": ("multiply",),
    "normal": ("uniform",),
}
_REMOVABLE = {"clip", "abs", "copy", "maximum", "minimum", "square", "sqrt", "asarray", "float"}


def arithmetic(node: ast.AST) -> Iterator[Change]:
    """+ for −, · for /, and so on."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        for other in _ARITHMETIC.get(type(node.op), ()):
            new = copy.deepcopy(node)
            new.op = other()
            yield "operator", new


def dropped_term(node: ast.AST) -> Iterator[Change]:
    """a + b becomes a, or b: a missing 1/m is one of these."""
    if isinstance(node, ast.BinOp):
        yield "dropped term", node.left
        yield "dropped term", node.right


def swapped_operands(node: ast.AST) -> Iterator[Change]:
    """a − b becomes b − a."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Add | ast.Mult):
        yield "swapped operands", ast.BinOp(node.right, node.op, node.left)


def sign(node: ast.AST) -> Iterator[Change]:
    """−a becomes a, and a returned value −a."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield "sign", node.operand
    if isinstance(node, ast.Return) and node.value is not None:
        if not isinstance(node.value, ast.Tuple | ast.Dict | ast.List | ast.Constant):
            yield "sign", ast.Return(ast.UnaryOp(ast.USub(), node.value))


def comparison(node: ast.AST) -> Iterator[Change]:
    """> becomes ≥, or <."""
    if isinstance(node, ast.Compare):
        for other in _COMPARISONS.get(type(node.ops[0]), ()):
            yield "comparison", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def constant(node: ast.AST) -> Iterator[Change]:
    """A number one more, one less, or twice as large; True for False."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool | int | float):
        return
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "constant", ast.Constant(value + 1)
        yield "constant", ast.Constant(value - 1)
    else:
        yield "constant", ast.Constant(2 * value if value else 1.0)


def axis(node: ast.AST) -> Iterator[Change]:
    """The other axis, no axis, no keepdims."""
    if not isinstance(node, ast.Call):
        return
    for number, keyword in enumerate(node.keywords):
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            new = copy.deepcopy(node)
            new.keywords[number].value = ast.Constant(1 if keyword.value.value == 0 else 0)
            yield "axis", new
        if keyword.arg in ("axis", "keepdims", "dtype", "order"):
            new = copy.deepcopy(node)
            del new.keywords[number]
            yield f"no {keyword.arg}", new


def transpose(node: ast.AST) -> Iterator[Change]:
    """A dropped transpose; a factor of a matrix product transposed."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield "transpose", node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield "transpose", ast.BinOp(_transposed(node.left), node.op, node.right)
        yield "transpose", ast.BinOp(node.left, node.op, _transposed(node.right))


def _transposed(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def function(node: ast.AST) -> Iterator[Change]:
    """mean for sum, log10 for log, and so on; a clip or a copy left out; arguments swapped."""
    if not isinstance(node, ast.Call):
        return
    name = _called(node)
    for other in _FUNCTIONS.get(name, ()):
        new = copy.deepcopy(node)
        if isinstance(new.func, ast.Attribute):
            new.func.attr = other
        elif isinstance(new.func, ast.Name):
            new.func.id = other
        yield f"{other} for {name}", new
    if name in _REMOVABLE:
        method = isinstance(node.func, ast.Attribute) and not _is_module(node.func.value)
        kept = node.func.value if method and isinstance(node.func, ast.Attribute) else None
        for inner in [kept] if kept is not None else node.args[:2]:
            if inner is not None:
                yield f"no {name}", inner
    if len(node.args) == 2 and name not in ("range", "isinstance", "maximum", "minimum", "add"):
        yield "swapped arguments", ast.Call(node.func, node.args[::-1], node.keywords)


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "math", "nn")


def branches(node: ast.AST) -> Iterator[Change]:
    """where(c, a, b) becomes where(c, b, a), a, or b; `a if c else b` too; an if that never is."""
    if isinstance(node, ast.Call) and _called(node) == "where" and len(node.args) == 3:
        test, yes, no = node.args
        yield "swapped branches", ast.Call(node.func, [test, no, yes], node.keywords)
        yield "one branch", yes
        yield "one branch", no
    if isinstance(node, ast.IfExp):
        yield "swapped branches", ast.IfExp(node.test, node.orelse, node.body)
        yield "one branch", node.body
        yield "one branch", node.orelse
    if isinstance(node, ast.If):
        yield "if never", ast.If(ast.Constant(False), node.body, node.orelse)
        yield "if always", ast.If(ast.Constant(True), node.body, node.orelse)
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and, or", ast.BoolOp(other, node.values)


def off_by_one(node: ast.AST) -> Iterator[Change]:
    """A range one shorter, or without its first; an index one further."""
    if isinstance(node, ast.Call) and _called(node) == "range" and node.args:
        last = min(1, len(node.args) - 1)
        shorter = copy.deepcopy(node)
        shorter.args[last] = ast.BinOp(shorter.args[last], ast.Sub(), ast.Constant(1))
        yield "off by one", shorter
        if len(node.args) == 1:
            yield "off by one", ast.Call(node.func, [ast.Constant(1), node.args[0]], [])
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name | ast.BinOp):
        moved = ast.BinOp(node.slice, ast.Sub(), ast.Constant(1))
        yield "off by one", ast.Subscript(node.value, moved, node.ctx)


def statement(node: ast.AST) -> Iterator[Change]:
    """A statement left out: an update that is forgotten."""
    if isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield "left out", ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield "not added up", ast.Assign([node.target], node.value)
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and any(
            isinstance(n, ast.Name) and n.id == node.targets[0].id for n in ast.walk(node.value)
        )
    ):
        yield "left out", ast.Pass()


def shortened(node: ast.AST) -> Iterator[Change]:
    """A loop that ends after its first turn."""
    if isinstance(node, ast.For | ast.While):
        new = copy.deepcopy(node)
        new.body = [*new.body, ast.Break()]
        yield "one turn only", new


OPERATORS: tuple[Operator, ...] = (
    arithmetic,
    dropped_term,
    swapped_operands,
    sign,
    comparison,
    constant,
    axis,
    transpose,
    function,
    branches,
    off_by_one,
    statement,
    shortened,
)
