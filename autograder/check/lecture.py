"""A lecture's exercises, and the block in which one of them is tested.

One mistake, one loss: while a function is under test, the names of all other exercises mean the
library's functions, and the library's own answer to this one refuses to work.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from autograder.check import calls, session
from autograder.check.failure import CheckFailure
from autograder.check.plain import name_of
from autograder.check.record import Record, running_test
from autograder.check.session import Function


def lecture(library: ModuleType, *names: str, **stand_ins: Function) -> Lecture:
    """The exercises of a lecture: names, and names with a stand-in of another name.

        exercise = check.lecture(nn, "sigmoid", "cost", predict_proba_loop=nn.predict_proba)

    A name that the library does not have has no stand-in.
    """
    global current
    own = {name: getattr(library, name, None) for name in names}
    current = Lecture(library, {**own, **stand_ins})
    return current


def progress() -> Record:
    """What this notebook's visible tests have said since its kernel started; shows as a table.

    Raises RuntimeError where no exercises have been set up.
    """
    if current is None:
        raise RuntimeError("run the notebook's first code cell: it sets up the exercises")
    return current.record


class Lecture:
    """Called with an exercise's name, gives the block that its test runs in."""

    def __init__(self, library: ModuleType, stand_ins: Mapping[str, Function | None]) -> None:
        self._library = library
        self._stand_ins = stand_ins
        self.record = Record(stand_ins)
        """What its tests have said."""

    @contextlib.contextmanager
    def __call__(self, name: str, without: Iterable[str] = ()) -> Iterator[None]:
        """Test `name`; the library's functions and classes named in `without` are refused to it as
        well."""
        test = running_test(name)
        try:
            with self._tested(name, without):
                yield
        except CheckFailure as failure:
            self.record.note(name, test, failure)
            raise
        self.record.note(name, test)
        print(f"{name}: visible part passed")

    @contextlib.contextmanager
    def _tested(self, name: str, without: Iterable[str]) -> Iterator[None]:
        if name not in self._stand_ins:
            raise ValueError(f"no exercise {name!r} in this lecture")
        reference = self._stand_ins[name]
        blocked = [*self._own_answers(name), *self._others(without)]
        lend = {k: f for k, f in self._stand_ins.items() if k != name and f is not None}
        try:
            self._open(name, lend, blocked, reference)
        except BaseException:
            _close_anyway()
            raise
        try:
            yield
        except CheckFailure as failure:
            _close_anyway()
            raise failure.with_traceback(None) from None
        except Exception as error:
            _close_anyway()
            raise _unusable(name, error) from error
        except BaseException:
            _close_anyway()
            raise
        session.current.close()

    def _open(
        self,
        name: str,
        lend: Mapping[str, Function],
        block: list[Function],
        reference: Function | None,
    ) -> None:
        calls.forget()
        try:
            function = session.current.open(name, lend, block)
        except NameError:
            raise _undefined(name, "is not defined") from None
        if not callable(function):
            raise _undefined(name, f"is {name_of(function)}, not a function")
        session.current.bind(name, calls.Guard(name, function, reference))

    def _own_answers(self, name: str) -> Iterator[Function]:
        found = (self._stand_ins[name], getattr(self._library, name, None))
        for function in dict.fromkeys(found):
            if function is not None:
                yield function

    def _others(self, names: Iterable[str]) -> Iterator[Function]:
        for name in names:
            found: Any = self._stand_ins.get(name) or getattr(self._library, name, None)
            if isinstance(found, FunctionType):
                yield found
            elif isinstance(found, type):
                yield from _own_methods(found)
            else:
                raise ValueError(f"no function or class {name!r} to do without")


current: Lecture | None = None
"""The exercises of this notebook, once they are set up."""


def _own_methods(cls: type) -> Iterator[Function]:
    """What a class defines itself; one that calls `super()` has a cell, and cannot be blocked."""
    for method in vars(cls).values():
        if isinstance(method, FunctionType) and not method.__code__.co_freevars:
            yield method


def _undefined(name: str, state: str) -> CheckFailure:
    return CheckFailure(
        name,
        f"`{name}` {state}. Run the cell above that defines it (and look there for an error).",
        kind="not-defined",
        sealed=f"`{name}` {state}.",
    )


def _unusable(name: str, error: Exception) -> CheckFailure:
    """A test stumbled over what the student's function returned."""
    result = calls.last.result if calls.last else None
    text = f"the test cannot use what it returned, {name_of(result)}"
    if calls.last is None:
        text = "the test stopped"
    elif result is None:
        text = "it returned None: did you forget `return`?"
    if isinstance(error, AssertionError):
        detail = str(error) or "the test's condition does not hold"
        return CheckFailure(name, detail)
    if result is not None:
        text += f" ({type(error).__name__}: {error})"
    return CheckFailure(
        name,
        text,
        kind="returned-none" if calls.last and result is None else "unusable-result",
        sealed="For another input than the ones shown, the result is not of the kind asked for.",
    )


def _close_anyway() -> None:
    """End the test, though the student's process may be gone: the first error counts."""
    with contextlib.suppress(BaseException):
        session.current.close()
