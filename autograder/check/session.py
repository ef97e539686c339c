"""Where the student's names live. `current` acts on the notebook's own `__main__`.

A grader that keeps student code in another process puts an object of its own into `current`; every
check reaches the student's names through it and through nothing else.
"""

from __future__ import annotations

import functools
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any, Protocol

Function = Callable[..., Any]

OWN_WORK = "write this one yourself"
"""The words by which a call of the library's own answer is known."""


class Session(Protocol):
    """What a check needs of the place where student code runs."""

    def open(
        self, exercise: str, lend: Mapping[str, Function], block: Iterable[Function]
    ) -> Function:
        """Begin a test: bind the names in `lend` to the library's functions, refuse those in
        `block` while student code runs, and return the student's `exercise`.
        Raises NameError where the student has no such name."""

    def bind(self, name: str, function: Function) -> None:
        """Make `name` mean `function` in the test, until `close`."""

    def close(self) -> None:
        """Undo what `open` and `bind` did."""

    def source(self, name: str) -> str | None:
        """The student's cell that defines `name`, None where it is not known."""

    def cells(self) -> Iterable[str]:
        """All cells of the student's that have run, as far as they are known."""


class Loan:
    """Names of a namespace lent to other functions, and given back.

    >>> names = {"cost": 1}
    >>> loan = Loan(names)
    >>> loan.lend({"cost": max, "sigmoid": min})
    >>> loan.restore()
    >>> names
    {'cost': 1}
    """

    def __init__(self, namespace: MutableMapping[str, Any]) -> None:
        self._namespace = namespace
        self._before: list[tuple[str, bool, Any]] = []

    def lend(self, functions: Mapping[str, Function]) -> None:
        """Bind each name to its function."""
        for name, function in functions.items():
            known = name in self._namespace
            self._before.append((name, known, self._namespace.get(name)))
            self._namespace[name] = function

    def restore(self) -> None:
        """Bind each name to what it meant before, the last one first."""
        while self._before:
            name, known, value = self._before.pop()
            if known:
                self._namespace[name] = value
            else:
                self._namespace.pop(name, None)


class Block:
    """Functions of the library that refuse to work, however they are reached.

    Their code is swapped, so an alias, a from-import or a layer that calls them is refused too.
    Entered twice, it has to be left twice.

    >>> def cost(losses): return losses.mean()
    >>> with Block([cost]):
    ...     cost([1.0])
    Traceback (most recent call last):
    RuntimeError: write this one yourself: cost of the library is not for use here
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        self._functions: list[FunctionType] = []
        for function in functions:
            if not isinstance(function, FunctionType) or function.__code__.co_freevars:
                raise TypeError(f"only a plain function of a module can be blocked: {function!r}")
            if function not in self._functions:
                self._functions.append(function)
        self._own: list[CodeType] = []
        self._depth = 0

    def __enter__(self) -> None:
        self._depth += 1
        if self._depth == 1:
            self._own = [function.__code__ for function in self._functions]
            for function in self._functions:
                function.__code__ = _refusal(function.__name__)

    def __exit__(self, *exception: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            for function, code in zip(self._functions, self._own, strict=True):
                function.__code__ = code

    def lifted(self, function: Function) -> Function:
        """`function`, which may use the blocked ones: a test's own callback."""

        @functools.wraps(function)
        def callback(*args: Any, **kwargs: Any) -> Any:
            depth, self._depth = self._depth, 1
            self.__exit__()
            try:
                return function(*args, **kwargs)
            finally:
                self.__enter__()
                self._depth = depth

        return callback


@functools.lru_cache(1024)
def _refusal(name: str) -> CodeType:
    """Code of a function `name` that takes anything and refuses."""
    text = f"{OWN_WORK}: {name} of the library is not for use here"
    scope: dict[str, Any] = {}
    exec(f"def refuse(*args, **kwargs):\n    raise RuntimeError({text!r})", scope)
    code: CodeType = scope["refuse"].__code__
    return code.replace(co_name=name, co_filename="<library>")


class Bindings:
    """Lend and block in a process that runs student code only: both hold from open to close.

    >>> bindings = Bindings({})
    >>> bindings.open("cost", lend={"sigmoid": abs}, block=[])
    >>> bindings.close()
    """

    def __init__(self, namespace: MutableMapping[str, Any]) -> None:
        self._loan = Loan(namespace)
        self._block: Block | None = None

    def open(self, exercise: str, lend: Mapping[str, Function], block: Iterable[Function]) -> None:
        """Begin a test of `exercise`, whose name stays the student's; ends the test before."""
        self.close()
        entered = Block(block)
        entered.__enter__()
        self._block = entered
        self._loan.lend({name: function for name, function in lend.items() if name != exercise})

    def close(self) -> None:
        """End it. Closing twice does no harm."""
        if self._block is not None:
            self._block.__exit__()
            self._block = None
        self._loan.restore()


class LocalSession:
    """The session of a notebook: student and test share one namespace and one process.

    >>> names = {"double": lambda x: 2 * x}
    >>> session = LocalSession(names)
    >>> session.open("double", lend={}, block=[])(21)
    42
    >>> session.close()
    """

    def __init__(self, namespace: MutableMapping[str, Any] | None = None) -> None:
        self._given = namespace
        self._loans: list[Loan] = []
        self._student: dict[str, Any] = {}

    @property
    def _namespace(self) -> MutableMapping[str, Any]:
        return self._given if self._given is not None else vars(sys.modules["__main__"])

    def open(
        self, exercise: str, lend: Mapping[str, Function], block: Iterable[Function]
    ) -> Function:
        """See `Session.open`; functions are blocked only while the student's function runs."""
        self.close()
        if exercise not in self._namespace:
            raise NameError(f"name {exercise!r} is not defined")
        function = self._student[exercise] = self._namespace[exercise]
        self._loans.append(Loan(self._namespace))
        self._loans[0].lend(lend)
        return _blocking(function, Block(block)) if callable(function) else function

    def bind(self, name: str, function: Function) -> None:
        """See `Session.bind`."""
        self._loans[0].lend({name: function})

    def close(self) -> None:
        """See `Session.close`."""
        self._student.clear()
        while self._loans:
            self._loans.pop().restore()

    def source(self, name: str) -> str | None:
        """See `Session.source`; lines are where they are in the cell."""
        function: Any = self._student.get(name, self._namespace.get(name))
        try:
            lines, first = inspect.getsourcelines(inspect.unwrap(function))
        except (OSError, TypeError):
            return None
        return "\n" * (first - 1) + textwrap.dedent("".join(lines))

    def cells(self) -> Iterable[str]:
        """See `Session.cells`; a notebook does not tell."""
        return ()


def _blocking(function: Function, block: Block) -> Function:
    """`function`, during which `block` holds; callbacks it is given are free of it."""

    def call(*args: Any, **kwargs: Any) -> Any:
        free = {key: _free(value, block) for key, value in kwargs.items()}
        with block:
            return function(*(_free(value, block) for value in args), **free)

    call.__wrapped__ = function  # type: ignore[attr-defined]
    call.__name__ = getattr(function, "__name__", "call")
    return call


def _free(value: Any, block: Block) -> Any:
    return block.lifted(value) if isinstance(value, FunctionType) else value


current: Session = LocalSession()
"""The session that every check uses. A grader replaces it."""


@contextmanager
def using(session: Session) -> Iterator[None]:
    """Let every check in the block reach the student's names through `session`."""
    global current
    before, current = current, session
    try:
        yield
    finally:
        current = before
