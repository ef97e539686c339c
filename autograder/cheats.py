"""Programs that answer without computing. No test cell of any exercise may give one a point."""

from __future__ import annotations

import ast
import base64
import io
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.source import SourceNotebook

Calls = list[tuple[tuple[Any, ...], dict[str, Any], Any]]
"""Arguments and answers of one exercise, as its visible tests ask for them."""


@dataclass(frozen=True)
class Cheat:
    """A cheat for one exercise, as the source of its solution cell."""

    description: str
    source: str


def cheats(name: str, answer: str, calls: Calls, library: object | None) -> list[Cheat]:
    """Every generic cheat for an exercise, given its reference answer, what its visible tests ask,
    and the library that may hold the answer."""
    head = signature(name, answer)
    made = [Cheat(what, f"{head}\n    {body}") for what, body in _CONSTANTS.items()]
    if _gives_something(name, answer):
        made += [Cheat(what, _shaped(name, head, answer, v)) for what, v in _SHAPED.items()]
        made.append(_overwriting(head, answer, name))
    made += _echoes(head)
    made += _memories(head, calls)
    if hasattr(library, name):
        made += [Cheat(what, text.format(name=name, head=head)) for what, text in _BORROWED.items()]
        made += _layers(name, head, library)
    return made


def signature(name: str, answer: str) -> str:
    """`def name(a, b=1):` as the answer has it."""
    for node in ast.parse(answer).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return f"def {name}({ast.unparse(node.args)}):"
    raise ValueError(f"the answer of {name} defines no function of that name")


_CONSTANTS = {
    "does nothing": "pass",
    "returns None": "return None",
    "returns 0": "return 0",
    "returns 1": "return 1",
    "returns NaN": "return float('nan')",
    "returns an empty array": "return np.array([])",
    "returns an empty dict": "return {}",
    "returns an empty list": "return []",
    "returns True": "return True",
    "raises an exception": "raise ValueError('no idea')",
    "raises an AssertionError": "raise AssertionError('no idea')",
    "returns an object that is equal to everything": textwrap.dedent(
        """
        class Equal:
            def __eq__(self, other): return True
            def __len__(self): return 1
            def __getitem__(self, key): return self
            def __getattr__(self, name): return self
            def __call__(self, *args): return self
            def __float__(self): return 0.0
            def __array__(self, *args, **kwargs): return np.zeros(1)
        return Equal()
        """
    ).strip().replace("\n", "\n    "),
}  # fmt: skip

_SHAPED = {
    "zeros of the right shape": "0 * {x}",
    "ones of the right shape": "0 * {x} + 1",
    "NaN of the right shape": "{x} * float('nan')",
    "noise of the right shape": "np.random.default_rng(0).normal(size=np.shape({x}))",
}

_MAP = """
def _like(value, change):
    if isinstance(value, dict):
        return {key: _like(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_like(item, change) for item in value)
    if np.asarray(value).dtype.kind not in "biuf":
        return value
    return change(np.asarray(value, dtype=float))
"""


def _shaped(name: str, head: str, answer: str, value: str) -> str:
    """The right shape, which needs the right answer, and then other numbers."""
    hidden = _renamed(answer, name, f"_{name}")
    call = f"_{name}({_passed(head)})"
    change = f"lambda x: {value.format(x='x')}"
    return f"{hidden}\n{_MAP}\n{head}\n    return _like({call}, {change})"


def _renamed(source: str, name: str, other: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Name):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                node.name = other
            if isinstance(node, ast.Name) and node.id == name:
                node.id = other
    return ast.unparse(tree)


def _parameters(head: str) -> list[str]:
    function = ast.parse(head + " pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    return [argument.arg for argument in function.args.args]


def _passed(head: str) -> str:
    return ", ".join(_parameters(head))


def _gives_something(name: str, answer: str) -> bool:
    """Whether the answer returns a value; one that only raises cannot be copied in its shape."""
    return any(
        isinstance(node, ast.Return) and node.value is not None
        for function in ast.walk(ast.parse(answer))
        if isinstance(function, ast.FunctionDef) and function.name == name
        for node in ast.walk(function)
    )


def _echoes(head: str) -> list[Cheat]:
    """Each argument returned as it came."""
    return [
        Cheat(f"returns its argument {p}", f"{head}\n    return {p}") for p in _parameters(head)
    ]


def _overwriting(head: str, answer: str, name: str) -> Cheat:
    """Zeros of the right shape, and all arguments emptied on the way."""
    parameters = _parameters(head)
    emptied = "\n".join(
        f"    if isinstance({p}, np.ndarray) and {p}.flags.writeable: {p}[...] = 0"
        for p in parameters
    )
    hidden = _renamed(answer, name, f"_{name}")
    copies = ", ".join(f"np.copy({p}) if isinstance({p}, np.ndarray) else {p}" for p in parameters)
    text = f"{hidden}\n{_MAP}\n{head}\n    answer = _like(_{name}({copies}), lambda x: 0 * x)\n"
    return Cheat("overwrites its arguments with zeros", f"{text}{emptied}\n    return answer")


# --- who remembers the visible part ------------------------------------------------------------


def record_visible_calls(notebook: SourceNotebook, name: str) -> Calls:
    """What the visible tests of an exercise ask of it, and the reference's answers."""
    calls: Calls = []
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.is_test and cell.exercise == name:
            function = names.get(name)
            if callable(function):
                names[name] = _recording(function, calls)
            _run_plainly(_without_frames(cell.visible), names)
            names[name] = function
        elif not cell.is_test and cell.runs and (cell.locked or cell.solution):
            _run_plainly(cell.source, names)
    return calls


def _recording(function: Callable[..., Any], calls: Calls) -> Callable[..., Any]:
    def recorded(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        calls.append((args, kwargs, result))
        return result

    return recorded


def _run_plainly(source: str, names: dict[str, Any]) -> None:
    import contextlib

    with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "<audit>", "exec"), names)


def _without_frames(source: str) -> str:
    """A test with `with exercise(…):` taken off, so that it calls what stands in the namespace."""
    tree = ast.parse(source)
    body: list[ast.stmt] = []
    for node in tree.body:
        body += node.body if isinstance(node, ast.With) else [node]
    tree.body = body
    return ast.unparse(tree)


def _memories(head: str, calls: Calls) -> list[Cheat]:
    """Constants from the visible part, and a table of all that it asks."""
    known = [(a, k, r) for a, k, r in calls if _frozen(r) is not None]
    if not known:
        return []
    made = []
    for which, (_, _, result) in (("first", known[0]), ("last", known[-1])):
        constant = f"{_THAW}\n{head}\n    return _thaw({_frozen(result)!r})"
        made.append(Cheat(f"returns the {which} answer of the visible part", constant))
    table = {_digest([*a, *k.values()]): _frozen(r) for a, k, r in known if _frozen(r) is not None}
    text = (
        f"{_THAW}\n{_DIGEST}\n_TABLE = {table!r}\n{head}\n"
        f"    key = _digest([{_passed(head)}])\n"
        "    best = next((v for k, v in _TABLE.items() if key.startswith(k)), None)\n"
        f"    return _thaw(best) if best else _thaw({_frozen(known[0][2])!r})"
    )
    made.append(Cheat("knows the answers of the visible part by heart", text))
    return made


_DIGEST = """
def _digest(values):
    return "|".join(
        "[" + _digest(v) + "]" if isinstance(v, (list, tuple))
        else "f" if callable(v) else repr(np.asarray(v).tolist())
        for v in values
    )
"""
_THAW = """
import base64, io
def _thaw(text):
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=True) as file:
        value = file["value"]
        return value.item() if value.dtype == object or value.ndim == 0 else value
"""


def _digest(values: list[Any] | tuple[Any, ...]) -> str:
    """Arguments as text, the same as in the cheat above."""
    return "|".join(
        f"[{_digest(v)}]"
        if isinstance(v, list | tuple)
        else "f"
        if callable(v)
        else repr(np.asarray(v).tolist())
        for v in values
    )


def _frozen(value: Any) -> str | None:
    """A value as text that a cheat can carry; None for what is no data."""
    file = io.BytesIO()
    try:
        array = np.empty((), dtype=object)
        if isinstance(value, np.ndarray | np.generic | bool | int | float):
            array = np.asarray(value)
        else:
            array[()] = value
        np.savez_compressed(file, value=array)
    except Exception:
        return None
    return base64.b64encode(file.getvalue()).decode()


# --- who lets the library answer ---------------------------------------------------------------

_BORROWED = {
    "calls nnlib by its alias": "{head}\n    return nn.{name}(*locals().values())",
    "imports nnlib's own by name": (
        "from nnlib import {name} as _own\n{head}\n    return _own(*locals().values())"
    ),
    "imports nnlib inside": (
        "{head}\n    arguments = list(locals().values())\n    import nnlib\n"
        "    return nnlib.{name}(*arguments)"
    ),
    "finds nnlib's own by getattr": (
        "{head}\n    return getattr(nn, '{name}')(*locals().values())"
    ),
    "finds nnlib's own by importlib": (
        "import importlib\n{head}\n    arguments = list(locals().values())\n"
        "    return getattr(importlib.import_module('nnlib'), '{name}')(*arguments)"
    ),
    "kept nnlib's own from before": (
        "_kept = vars(nn)['{name}']\n{head}\n    return _kept(*locals().values())"
    ),
    "is nnlib's own": "{name} = nn.{name}",
}


def _layers(name: str, head: str, library: object) -> list[Cheat]:
    """Layers of the library that do the same: `Activation(sigmoid, …)`, or a class of that name."""
    arguments = _passed(head)
    layers = [f"nn.Activation(nn.{name}, nn.{name})"] if hasattr(library, "Activation") else []
    camel = "".join(part.capitalize() for part in name.split("_"))
    layers += [f"nn.{camel}()"] if hasattr(library, camel) else []
    return [
        Cheat(f"asks {layer} of nnlib", f"{head}\n    return {layer}.forward({arguments})")
        for layer in layers
    ]
