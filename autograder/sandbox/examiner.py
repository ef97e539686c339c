"""Runs a notebook's cells: the student's in their own process, the tests here, through proxies.

A notebook is run twice, in processes that share nothing. The *sealed* run executes the tests with
their hidden parts, and judges; nothing but verdicts leaves it. The *open* run executes the released
notebook, and of its tests those that failed: its outputs and messages are what the student may see.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder import check
from autograder.names import (
    answered_names,
    bound_names,
    imports_of,
    needed_names,
    only_functions,
)
from autograder.restore import Step
from autograder.results import Status
from autograder.sandbox.candidate import ENDS, TROUBLE, VERDICTS, Candidate, error_output
from autograder.sandbox.failures import StudentTimeOut
from autograder.sandbox.proxy import Proxy
from autograder.sandbox.remote import Remote
from autograder.sandbox.rules import Outcome, Rules
from autograder.source import SourceCell, SourceNotebook

MAX_PRINTED = 20_000
MAX_MESSAGE = 4_000


class RemoteSession:
    """`check`'s session, here: it lends and blocks names in the student's process."""

    def __init__(
        self,
        names: dict[str, Any],
        remote: Callable[[], Remote],
        code: str,
        cells: Iterable[str] = (),
    ) -> None:
        self._names = names
        self._remote = remote
        self._code = code
        self._cells = cells
        self._opened: Remote | None = None

    def open(
        self, exercise: str, lend: Mapping[str, Any], block: Iterable[Any]
    ) -> Callable[..., Any]:
        """Start a test of `exercise`; returns the student's function."""
        remote = self._opened = self._remote()
        function: Callable[..., Any]
        try:
            known = exercise in bound_names(self._code) and only_functions(self._code)
            function = (remote.open_later if known else remote.open)(exercise, lend, block)
        except KeyError:
            raise NameError(f"name {exercise!r} is not defined") from None
        self._names[exercise] = function
        return function

    def bind(self, name: str, function: Callable[..., Any]) -> None:
        """What the test cell finds under a name."""
        self._names[name] = function

    def close(self) -> None:
        """The test is over."""
        if self._opened is not None:
            self._opened.close()

    def source(self, name: str) -> str | None:
        """The cell in which the student defined the exercise."""
        return self._code or None

    def cells(self) -> Iterable[str]:
        """All cells of the student's that have run."""
        return self._cells


class Examination:
    """One run of a restored notebook."""

    def __init__(
        self, notebook: SourceNotebook, birth: Callable[[], Remote], rules: Rules, sealed: bool
    ) -> None:
        self._notebook = notebook
        self._candidate = Candidate(birth, rules, sealed)
        self._rules = rules
        self._sealed = sealed
        self._locked: dict[str, Any] = {
            "__name__": "__main__",
            "get_ipython": _NoMagic,
            "display": lambda *things: None,
        }
        self._earlier: dict[str, Any] = {}
        self._student_code: dict[str, str] = {}
        self._student_cells: list[str] = []
        self._exercises = {cell.exercise for cell in notebook.tests} & notebook.answered

    def run(self, steps: list[Step], wanted: set[str] | None = None) -> list[Outcome]:
        """Run all steps in order; of the tests only `wanted` (by key), if given."""
        outcomes = []
        for step in steps:
            if step.cell is not None and not (step.cell.locked or step.cell.grade):
                self._know(step.cell)
            if step.kind == "student":
                outcomes.append(self._run_student(step))
            elif step.kind == "locked":
                outcomes.append(self._run_locked(step))
            elif step.kind == "test" and step.cell and (wanted is None or step.cell.key in wanted):
                outcomes.append(self._run_test(step.cell))
            else:
                outcomes.append(Outcome())
        return outcomes

    def _run_student(self, step: Step) -> Outcome:
        for name in bound_names(step.source):
            self._student_code[name] = step.source
        self._student_cells.append(step.source)
        return self._candidate.run(step.source)

    def _run_locked(self, step: Step) -> Outcome:
        self._run_here(step.source)
        return self._candidate.run(step.source)

    def _know(self, cell: SourceCell) -> None:
        """Take over what the source says of an unlocked cell, whatever became of it: the cells
        that tests rely on run here, answers only import; what an answer binds is the student's."""
        if cell.key in self._notebook.context:
            self._run_here(cell.source)
        elif cell.solution and cell.cell_type == "code":
            self._run_here(imports_of(cell.source))
            for name in answered_names(cell.source):
                self._earlier.pop(name, None)
                self._locked.pop(name, None)

    def _run_here(self, source: str) -> None:
        """A cell of the instructor's, in this process. Its error shows in the student's run."""
        needed = needed_names(source) - self._locked.keys()
        try:
            before = self._locked | self._fetched(needed)
            names = dict(before)
            with _captured():
                exec(_compiled(source), names)
        except ENDS:
            self._candidate.lose()
            return
        except Exception:
            pass  # what it bound until then counts, as in a notebook
        bound = (bound_names(source) & names.keys()) | (names.keys() - before.keys())
        self._locked.update({name: names[name] for name in bound})

    def _run_test(self, cell: SourceCell) -> Outcome:
        source = cell.source if self._sealed else cell.visible
        if cell.key in self._rules.not_for_proxies:
            return self._run_over_there(source)
        outcome, end = self._try_test(cell, source)
        while outcome.status is not Status.PASSED and self._candidate.deserves_another_try(end):
            outcome, end = self._try_test(cell, source)
        self._candidate.tested = True
        return outcome

    def _try_test(self, cell: SourceCell, source: str) -> tuple[Outcome, BaseException | None]:
        """The outcome of a test, and how the student's process ended if it did."""
        start = time.monotonic()
        printed = io.StringIO()
        outcome, value = Outcome(), None
        try:
            with _captured(printed), self._limited():
                value = self._run_source(cell, source)
            end: BaseException | None = self._candidate.end  # the test may have caught it
        except ENDS as error:
            end = error
        except BaseException as error:
            end = self._candidate.end
            _judge(error, outcome)
        if end is not None:
            outcome.status, outcome.message = VERDICTS[type(end)]
            outcome.sealed, outcome.kind = outcome.message, None
            outcome.trouble = TROUBLE[type(end)]
        elif outcome.status is None:
            outcome.status = Status.PASSED
            outcome.seconds = time.monotonic() - start
        _show(outcome, printed.getvalue(), value if outcome.status is Status.PASSED else None)
        if outcome.status is not Status.PASSED:
            outcome.outputs.append(error_output("CheckFailure", outcome.message))
        if end is None:
            self._candidate.settle()
        return outcome, end

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        """A limit on what a test may cost here: a student's answers can make it endless."""
        signal.signal(signal.SIGPROF, _stop)
        signal.setitimer(signal.ITIMER_PROF, self._rules.test_cpu)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _run_over_there(self, source: str) -> Outcome:
        """A test that needs the student's own process. What it says there could be forged."""
        if not self._rules.in_process:
            reason = "this test cannot be run from outside the student's process: not graded"
            return Outcome(status=Status.NOT_GRADED, message=reason, sealed=reason)
        outcome = self._candidate.run(source)
        outcome.status = Status.FAILED if outcome.raised else Status.PASSED
        outcome.message = outcome.sealed = "this test failed" if outcome.raised else ""
        outcome.forgeable = True
        return outcome

    def _run_source(self, cell: SourceCell, source: str) -> Any:
        remote = self._candidate.remote
        trusted = self._earlier | self._locked
        names = {name: value for name, value in trusted.items() if name not in self._exercises}
        needed = needed_names(source)
        if any(isinstance(names.get(name), check.Lecture) for name in needed):
            needed -= {cell.exercise}  # the session will open the test and bind it
        else:
            remote.open()
        names.update(self._fetched(needed - names.keys()))
        session = RemoteSession(
            names,
            lambda: self._candidate.remote,
            self._student_code.get(cell.exercise, ""),
            self._student_cells,
        )
        try:
            with check.session.using(session):
                return _evaluate(source, names)
        finally:
            for name in bound_names(source) & names.keys():
                if not isinstance(names[name], Proxy):
                    self._earlier[name] = names[name]

    def _fetched(self, names: frozenset[str]) -> dict[str, Any]:
        found = {}
        for name in names & (self._notebook.answered | self._exercises):
            if hasattr(builtins, name) and name not in self._exercises:
                continue
            with contextlib.suppress(KeyError):
                found[name] = self._candidate.remote.fetch(name)
        return found


def _stop(*_: Any) -> None:
    raise StudentTimeOut


class _NoMagic:
    """`get_ipython()` in a locked cell or a test: magics change nothing here."""

    def run_line_magic(self, *_: Any) -> None:
        """`%matplotlib inline` and its like."""

    run_cell_magic = system = getoutput = run_line_magic


@lru_cache(1024)
def _compiled(source: str) -> CodeType:
    return compile(TransformerManager().transform_cell(source), "<test>", "exec")


def _evaluate(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; returns the value of its last expression, as a notebook shows it."""
    body, last = _parts(source)
    exec(body, names)
    return None if last is None else eval(last, names)


@lru_cache(1024)
def _parts(source: str) -> tuple[CodeType, CodeType | None]:
    """A cell compiled: all but its last expression, and that."""
    tree = ast.parse(TransformerManager().transform_cell(source), "<test>")
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return compile(tree, "<test>", "exec"), None
    tree.body.pop()
    expression = compile(ast.Expression(last.value), "<test>", "eval")
    return compile(tree, "<test>", "exec"), expression


@contextlib.contextmanager
def _captured(printed: io.StringIO | None = None) -> Any:
    with (
        contextlib.redirect_stdout(printed or io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        yield


def _show(outcome: Outcome, printed: str, value: Any) -> None:
    if printed:
        text = printed[:MAX_PRINTED]
        outcome.outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    if value is not None:
        data = {"text/plain": repr(value)[:MAX_PRINTED]}
        outcome.outputs.append(
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
        )


def _judge(error: BaseException, outcome: Outcome) -> None:
    """What a test's exception means for the student."""
    outcome.status = Status.FAILED
    outcome.message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    outcome.sealed = "the hidden part of this test found a mistake"
    if isinstance(error, check.CheckFailure):
        outcome.message, outcome.sealed, outcome.kind = error.message, error.sealed, error.kind
        if error.not_started:
            outcome.status = Status.NOT_STARTED
    elif isinstance(error, NotImplementedError):
        outcome.status = Status.NOT_STARTED
    elif isinstance(error, AssertionError):
        outcome.message = str(error) or "an assertion of this test does not hold"
    frame = getattr(error, "student_frame", None)
    if frame is not None and not isinstance(error, check.CheckFailure):
        outcome.message += f" (line {frame[1]} of {frame[0]}: {frame[2]})"
        outcome.sealed = f"your function stopped with {type(error).__name__}"
    outcome.message = outcome.message[:MAX_MESSAGE]


def warm(notebook: SourceNotebook) -> None:
    """Do once what every examination of this notebook would do again: import and read what its
    locked cells need, compile its cells."""
    for cell in notebook.cells:
        for source in {cell.source, cell.released} if cell.cell_type == "code" else ():
            with contextlib.suppress(SyntaxError, ValueError):
                _parts(source) if cell.is_test else _compiled(source)
    names: dict[str, Any] = {"__name__": "__main__", "get_ipython": _NoMagic}
    for source in [*sorted(notebook.imports), *notebook.warm]:
        with contextlib.suppress(Exception), _captured():
            exec(_compiled(source), names)
