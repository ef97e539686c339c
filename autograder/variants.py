"""Programs that students would hand in, right and wrong ones, kept beside each source notebook.

A variants file holds decorated functions, one program each; its function's name is the exercise:

    @wrong("sums instead of averaging", says="m = 4", keeps=("test_cost_2",))
    def cost(losses):
        return np.sum(losses)
"""

from __future__ import annotations

import ast
import copy
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any, Literal, TypeVar

from nbformat import NotebookNode

from autograder.errors import CourseError

Kind = Literal["right", "wrong"]
Function = TypeVar("Function", bound=Callable[..., Any])

_MARKS = "__variants__"


class VariantsError(CourseError):
    """A variants file, or the answers taken from one, cannot be used; the message says where."""


@dataclass(frozen=True)
class Variant:
    """One program: what it is, and what must become of it when it is graded."""

    exercise: str
    kind: Kind
    description: str
    says: str
    """Words that the failure message must contain; empty for a right one."""
    keeps: tuple[str, ...]
    """The test cells that a wrong one still passes."""
    source: str
    """The function as a student would type it, without decorators."""


@dataclass(frozen=True)
class _Mark:
    function: FunctionType
    kind: Kind
    description: str
    says: str = ""
    keeps: tuple[str, ...] = ()


def wrong(mistake: str, says: str, keeps: tuple[str, ...] = ()) -> Callable[[Function], Function]:
    """Register a wrong program: its mistake, what its message `says`, the tests it still passes."""
    if isinstance(keeps, str):
        raise VariantsError(f'{mistake!r}: keeps must be a tuple, write keeps=("{keeps}",)')
    if not says.strip():
        raise VariantsError(f"{mistake!r}: says is empty, so any message would do")
    return _register("wrong", mistake, says, tuple(keeps))


def right(description: str) -> Callable[[Function], Function]:
    """Register a right program, written in another way than the reference."""
    return _register("right", description)


def load(path: Path | str) -> tuple[Variant, ...]:
    """Every variant in the file at `path`, in the order in which they stand there."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VariantsError(f"{path.name}: cannot be read: {error}") from None
    marks = _execute(path)
    functions = _functions(text)
    variants = tuple(_variant(mark, functions, text, path) for mark in marks)
    _refuse_twins(variants, path)
    return variants


def hand_in(release_notebook: NotebookNode, answers: Mapping[str, str]) -> NotebookNode:
    """A student's copy of a released notebook: `answers[exercise]` typed into that solution cell.

    Exercises without an answer keep their stub. Nothing has been run: all outputs are empty.
    """
    notebook = copy.deepcopy(release_notebook)
    cells = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
    }
    if unknown := [name for name in answers if name not in cells]:
        raise VariantsError(
            f"no solution cell for {', '.join(unknown)}; the notebook has {', '.join(cells)}"
        )
    for name, source in answers.items():
        cells[name].source = source.strip("\n")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None
    return notebook


def _register(
    kind: Kind, description: str, says: str = "", keeps: tuple[str, ...] = ()
) -> Callable[[Function], Function]:
    """The decorator: leaves a mark in the globals of the file that defines the function."""
    if not description.strip():
        raise VariantsError(f"a {kind} variant needs a description")

    def mark(function: Function) -> Function:
        if not isinstance(function, FunctionType):
            raise VariantsError(f"{description!r}: decorate a function, not {function!r}")
        marks = function.__globals__.setdefault(_MARKS, [])
        marks.append(_Mark(function, kind, description, says, keeps))
        return function

    return mark


def _execute(path: Path) -> list[_Mark]:
    """Run the file under a name of its own and collect the marks it left."""
    try:
        module = runpy.run_path(str(path), run_name=f"variants of {path.parent.name}")
    except VariantsError as error:
        raise VariantsError(f"{path.name}: {error}") from None
    except Exception as error:
        line = _line(error, path)
        reason = f"{type(error).__name__}: {error}"
        raise VariantsError(f"{path.name}, line {line}: {reason}") from error
    marks: list[_Mark] = module.get(_MARKS, [])
    return marks


def _line(error: Exception, path: Path) -> int | None:
    """The line of the variants file at which `error` arose."""
    if isinstance(error, SyntaxError):
        return error.lineno
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == str(path):
            line = step.tb_lineno
        step = step.tb_next
    return line


def _functions(text: str) -> dict[int, ast.FunctionDef]:
    """The file's outermost functions by the line on which their first decorator stands."""
    return {
        min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]): node
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


def _variant(mark: _Mark, functions: dict[int, ast.FunctionDef], text: str, path: Path) -> Variant:
    line = mark.function.__code__.co_firstlineno
    node = functions.get(line)
    where = f"{path.name}, line {line}: {mark.description!r}"
    if node is None:
        raise VariantsError(f"{where} must be a plain function at the top level of the file")
    if len(node.decorator_list) > 1:
        raise VariantsError(f"{where} has a second decorator, which a student's cell would lack")
    source = "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno])
    return Variant(node.name, mark.kind, mark.description, mark.says, mark.keeps, source)


def _refuse_twins(variants: tuple[Variant, ...], path: Path) -> None:
    """Names of tests and reports are made of exercise and description, so these are unique."""
    seen: set[tuple[str, str]] = set()
    for variant in variants:
        key = (variant.exercise, variant.description)
        if key in seen:
            raise VariantsError(
                f"{path.name}: two variants of {variant.exercise} are called "
                f"{variant.description!r}; say how they differ"
            )
        seen.add(key)
