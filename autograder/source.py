"""What a source notebook says: its cells, its tests, what may run where. Plain, frozen data."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.names import answered_names, bound_names, needed_names, tree_of

SKIPPED_TAGS = {"figure", "uses-your-code"}
"""Cells that only show something: no test needs them, so grading leaves them out."""
DEMONSTRATION = "demonstration"
"""The tag of a cell that grading leaves out while it is as released and nothing needs its names."""


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source notebook, with what its nbgrader metadata says."""

    id: str
    grade_id: str
    cell_type: str
    source: str
    """As the instructor wrote it, answer and hidden tests included."""
    released: str
    """As students get it."""
    points: float
    grade: bool
    solution: bool
    locked: bool
    task: bool
    tags: frozenset[str]
    checksum: str
    """nbgrader's, of the cell as its gradebook keeps it."""
    position: int

    @property
    def key(self) -> str:
        """What names this cell within its notebook."""
        return self.grade_id or self.id or f"cell-{self.position}"

    @property
    def label(self) -> str:
        """The name to show to people."""
        return self.grade_id or f"cell {self.position + 1}"

    @property
    def is_test(self) -> bool:
        """Autograded: points, and no answer in it."""
        return self.grade and not self.solution and self.cell_type == "code"

    @property
    def is_solution(self) -> bool:
        return self.solution

    @property
    def visible(self) -> str:
        """A test's visible part."""
        return self.released

    @property
    def has_hidden(self) -> bool:
        return self.is_test and self.source.strip() != self.released.strip()

    @property
    def runs(self) -> bool:
        """Whether grading runs this cell at all."""
        return self.cell_type == "code" and not self.tags & SKIPPED_TAGS

    @property
    def exercise(self) -> str:
        """The exercise that a test belongs to: `test_sigmoid_2` tests `sigmoid`."""
        name = self.grade_id.removeprefix("test_")
        stem, _, number = name.rpartition("_")
        return stem if stem and number.isdigit() else name

    @cached_property
    def title(self) -> str:
        """A test's title: the docstring it opens with, or its name."""
        try:
            text = ast.get_docstring(ast.parse(self.source))
        except SyntaxError:
            text = None
        return text.splitlines()[0] if text else self.label

    @cached_property
    def defines(self) -> frozenset[str]:
        """The functions that the released cell defines."""
        return frozenset(bound_names(self.released)) if self.cell_type == "code" else frozenset()


@dataclass(frozen=True)
class SourceNotebook:
    """A source notebook, read."""

    name: str
    path: Path
    cells: tuple[SourceCell, ...]

    @property
    def tests(self) -> tuple[SourceCell, ...]:
        return tuple(cell for cell in self.cells if cell.is_test)

    @property
    def graded(self) -> tuple[SourceCell, ...]:
        """Every cell with a row in the gradebook: tests, and what people grade."""
        return tuple(cell for cell in self.cells if cell.grade or cell.task)

    @cached_property
    def context(self) -> frozenset[str]:
        """Keys of the unlocked cells that tests and locked cells need (imports, usually): the
        examiner runs the source's version of them, whatever the student made of theirs."""
        needed: set[str] = set()
        for cell in self.cells:
            if cell.cell_type == "code" and (cell.is_test or cell.locked):
                needed |= needed_names(cell.source)
        chosen: set[str] = set()
        for cell in reversed(self.cells):
            plain = cell.runs and not (cell.locked or cell.solution or cell.grade)
            bound = bound_names(cell.source)
            if plain and (bound & needed or "*" in bound):
                chosen.add(cell.key)
                needed |= needed_names(cell.source)
        return frozenset(chosen)

    @cached_property
    def answered(self) -> frozenset[str]:
        """The names that answers bind: only these are the student's to give, all other names that
        a test reads come from the instructor's own cells."""
        return frozenset[str]().union(
            *(answered_names(c.source) for c in self.cells if c.solution and c.cell_type == "code")
        )

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The source as a submission: every answer as the instructor wrote it."""
        return [
            {
                "id": cell.id,
                "cell_type": cell.cell_type,
                "source": cell.released if cell.is_test else cell.source,
                "metadata": {"nbgrader": {"grade_id": cell.grade_id}} if cell.grade_id else {},
            }
            for cell in self.cells
        ]

    @cached_property
    def imports(self) -> frozenset[str]:
        """Every import statement in the code cells, tests and answers included, for the examiner
        to make while it still can read the disk."""
        return frozenset(
            ast.unparse(node)
            for cell in self.cells
            if cell.cell_type == "code"
            for node in ast.walk(tree_of(cell.source))
            if isinstance(node, ast.Import | ast.ImportFrom)
        )

    @property
    def warm(self) -> list[str]:
        """The cells by which a zygote warms up: they hold no answer and no test."""
        return [
            cell.source
            for cell in self.cells
            if cell.runs and not cell.grade and not cell.solution
            and (cell.locked or cell.key in self.context)
        ]  # fmt: skip


@dataclass(frozen=True)
class Assignment:
    """One assignment: its source notebooks and the files that go with them."""

    name: str
    directory: Path
    notebooks: tuple[SourceNotebook, ...]
    files: tuple[Path, ...]
    """Other files that students get, relative to the directory."""

    @property
    def max_score(self) -> float:
        return sum(cell.points for notebook in self.notebooks for cell in notebook.graded)
