"""A student's object as the examiner sees it: to be called and asked, never to be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from autograder.check.calls import Observation
from autograder.sandbox.failures import NotForProxies, StudentLied

if TYPE_CHECKING:
    from autograder.sandbox.remote import Remote


class Proxy:
    """A student's object that is not plain data: a function, an instance, a closure.

    It can be called, and its attributes, items and length read and set. It cannot be compared,
    iterated or tested for truth, since that would let the student's code answer for the test.
    """

    __slots__ = ("_callable", "_handle", "_kind", "_name", "_remote")

    def __init__(
        self, remote: Remote, handle: int, kind: str, name: str, is_callable: bool
    ) -> None:
        for slot, value in zip(
            ("_remote", "_handle", "_kind", "_name", "_callable"),
            (remote, handle, kind, name, is_callable),
            strict=True,
        ):
            object.__setattr__(self, slot, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._remote.call(self._handle, args, kwargs)[0]

    def __observe__(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], events: bool = False
    ) -> Observation:
        """A call with what `check.calls.observe` sees of it, counted in the student's process."""
        return _observed(self._remote.call(self._handle, args, kwargs, observe=True, events=events))

    def __each__(
        self, several: Sequence[tuple[Any, ...]], kwargs: Mapping[str, Any], events: bool
    ) -> Iterator[Observation]:
        answers = self._remote.call_each(self._handle, several, kwargs, observe=True, events=events)
        return map(_observed, answers)

    def __getattr__(self, name: str) -> Any:
        if name == "__name__" and self._callable:
            return self._name
        if name.startswith("__"):
            raise AttributeError(name)
        return self._remote.ask("getattr", self._handle, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._remote.ask("setattr", self._handle, name=name, value=value)

    def __getitem__(self, key: Any) -> Any:
        return self._remote.ask("getitem", self._handle, key=key)

    def __len__(self) -> int:
        length = self._remote.ask("len", self._handle)
        if type(length) is not int or length < 0:
            raise StudentLied("a length that is none")
        return length

    def __described__(self) -> str:
        """What a check calls it in a message."""
        return f"an object of type {self._kind}"

    def __repr__(self) -> str:
        return f"<the student's {self._kind} {self._name}>"

    def _refuse(self, *_: Any) -> NoReturn:
        raise NotForProxies(f"the student's {self._kind} cannot be compared, iterated or converted")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __iter__ = __contains__ = __array__ = __float__ = __int__ = __index__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def _observed(answer: tuple[Any, dict[str, Any]]) -> Observation:
    """What a student's process claims to have seen of a call."""
    result, reply = answer
    noted, counts = reply.get("warnings"), reply.get("events")
    if not isinstance(noted, list) or not isinstance(counts, dict | None):
        raise StudentLied("an observation without its parts")
    if counts is not None and not all(type(n) is int for n in counts.values()):
        raise StudentLied("an observation that does not count")
    return Observation(result, tuple(map(str, noted)), counts)
