"""The examiner's end of the wire: a student's names, as proxies of what they stand for."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.sandbox.arguments import update
from autograder.sandbox.channel import Channel, Closed, TimeOut, framed
from autograder.sandbox.failures import (
    NotForProxies,
    StudentDied,
    StudentLied,
    StudentTimeOut,
    student_error,
)
from autograder.sandbox.proxy import Proxy
from autograder.sandbox.watch import Deadline, Life, Watch
from autograder.sandbox.wire import (
    FUNCTION,
    HANDLE,
    KNOWN,
    LINK,
    SAFE_GENERATORS,
    VIEW,
    Node,
    Packer,
    Unpacker,
    WireError,
    dtype,
    marked,
    shape_of,
)

_WANT = (MemoryError, OSError)


class Remote:
    """Requests to one student process."""

    def __init__(self, channel: Channel, life: Life) -> None:
        self._channel = channel
        self._life = life
        self.deadline = Deadline(5.0)
        self.linked: list[np.ndarray[Any, Any]] = []
        self._links: dict[int, int] = {}
        """Their places in it, by identity: none of them goes before all do."""
        self.callables: list[Callable[..., Any]] = []
        self.end: BaseException | None = None
        """Why this process answers no more, also where a test has caught that."""
        self.exhausted = False
        """Whether the process has complained of want: of memory, of files, of threads."""
        self._exercise: int | None = None
        self._first: list[dict[str, Any]] = []
        """What is to be done before the next request."""
        self._over = False
        """Whether a test has ended of which the process has not been told."""
        self._given: list[set[int]] = []
        """The arrays that each call in progress was given, the outermost first."""

    def cpu(self) -> float:
        """CPU seconds that the process has used; infinite when it is gone."""
        return self._life.cpu()

    # --- requests -----------------------------------------------------------------------------

    def run(self, source: str, budget: int) -> tuple[list[Node], str | None]:
        """Run a cell: its outputs, and the name of the exception that ended it."""
        reply = self._exchange({"op": "run", "source": source, "budget": budget})
        outputs, failed = reply.get("outputs"), reply.get("failed")
        if not isinstance(outputs, list):
            raise StudentLied("a cell's outputs are missing")
        return outputs, failed if failed is None else str(failed)

    def open(
        self, exercise: str = "", lend: Mapping[str, Any] = {}, block: Iterable[Any] = ()
    ) -> Any:
        """A test begins. Forgets the arrays and callables of the one before. Returns the student's
        `exercise`, if one is named; raises `KeyError` when there is none."""
        reply = self._exchange(self._opening(exercise, lend, block))
        found = self._found(exercise, reply) if exercise else None
        if isinstance(found, Proxy):
            self._exercise = object.__getattribute__(found, "_handle")
        return found

    def link(self, array: np.ndarray[Any, Any]) -> int:
        """The number by which both sides know an array of the open test."""
        number = self._links.setdefault(id(array), len(self.linked))
        if number == len(self.linked):
            self.linked.append(array)
        return number

    def run_later(self, source: str) -> None:
        """Run, before the next request is answered, a cell that can show nothing."""
        self._first.append({"op": "run", "source": source, "budget": 0})

    def open_later(self, exercise: str, lend: Mapping[str, Any], block: Iterable[Any]) -> Proxy:
        """The same as `open`, before the next request is answered, of an `exercise` that is known
        to be a function."""
        self._first.append(self._opening(exercise, lend, block))
        self._exercise = 0
        return Proxy(self, 0, "function", exercise, True)

    def _opening(
        self, exercise: str, lend: Mapping[str, Any], block: Iterable[Any]
    ) -> dict[str, Any]:
        self.linked, self.callables, self._exercise = [], [], None
        self._links.clear()
        places = [[name, _place(function)] for name, function in lend.items()]
        blocked = [_place(function) for function in block]
        return {"op": "open", "exercise": exercise, "lend": places, "block": blocked}

    def close(self) -> None:
        """A test ends: the student's names are its own again, from the next request on."""
        self._over = True
        self._first = [request for request in self._first if request["op"] != "open"]

    def ping(self) -> None:
        """Ask for nothing: whether the process is there, and has said nothing out of turn."""
        self._exchange({"op": "ping"})

    def fetch(self, name: str) -> Any:
        """The student's value of a name. Raises `KeyError` when there is none."""
        return self._found(name, self._exchange({"op": "fetch", "name": name}))

    def _found(self, name: str, reply: dict[str, Any]) -> Any:
        if reply.get("absent"):
            raise KeyError(name)
        return self._value(reply)

    def ask(self, op: str, handle: int, **content: Any) -> Any:
        """getattr, setattr, getitem or len of a student's object."""
        reply = self._exchange({"op": op, "handle": handle, **content})
        return self._value(reply) if "value" in reply else None

    def call(
        self, handle: int, args: tuple[Any, ...], kwargs: dict[str, Any], **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Call a student's function: its result, and all that its process says. Arrays, lists and
        dicts that it changed are changed here."""
        message = {"op": "call", "handle": handle, "args": args, "kwargs": kwargs, **options}
        reply = self._exchange_call(message, _RemotePacker(self))
        return self._concluded(reply, args, kwargs)

    def call_each(
        self,
        handle: int,
        several: Sequence[tuple[Any, ...]],
        kwargs: Mapping[str, Any],
        **options: Any,
    ) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Several calls with one request, as if each were the only one. Whoever takes the results
        undoes what one has changed here before asking for the next."""
        packer = _RemotePacker(self)
        asked = [[args, dict(kwargs)] for args in several]
        message = {"op": "calls", "handle": handle, "several": asked, **options}
        reply = self._exchange_call(message, packer)
        with self._questioning():
            answers = [(header, bytearray(body)) for header, body in reply["answers"]]
            if len(answers) != len(several):
                raise WireError("not one answer for each call")
        for args, (header, body) in zip(several, answers, strict=True):
            with self._questioning():
                answer = _RemoteUnpacker(self).unpack(header, body)
                self._follow_changes(answer, packer.links if handle == self._exercise else None)
            yield self._concluded(answer, args, dict(kwargs))

    def _exchange_call(self, message: dict[str, Any], packer: _RemotePacker) -> dict[str, Any]:
        self._given.append(packer.links)
        try:
            return self._exchange(message, packer)
        finally:
            self._given.pop()

    def _concluded(
        self, reply: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        if "containers" in reply:
            with self._questioning():
                positional, keywords = reply["containers"]
                update(list(args), positional)
                update(kwargs, keywords)
        return self._value(reply), reply

    # --- one exchange -------------------------------------------------------------------------

    def _exchange(
        self, message: dict[str, Any], packer: _RemotePacker | None = None
    ) -> dict[str, Any]:
        number = secrets.randbits(48)
        frame = framed(*(packer or _RemotePacker(self)).pack({**message, "id": number}))
        if self._over or self._first:  # in a frame of its own, read before this one is
            first = {"op": "first", "over": self._over, "requests": self._first}
            frame = [*framed(*Packer().pack(first)), *frame]
            self._over, self._first = False, []
        with self._questioning():
            watch = Watch(self._life, self.deadline)
            self._channel.write(frame, self.deadline.wall)
            while "callback" in (reply := self._receive(watch)):
                self._call_back(reply)
            if reply.get("id") != number:
                raise WireError("an answer to a question that was not asked")
            tested = "handle" in message and message["handle"] == self._exercise
            calls = message["op"] in ("call", "calls")
            given = set[int]().union(*self._given) if tested and calls else None
            self._follow_changes(reply, given)
        return reply

    @contextlib.contextmanager
    def _questioning(self) -> Iterator[None]:
        """How talking with a student's process can fail, in exceptions of the examiner's."""
        try:
            yield
        except Closed:
            self.end = StudentDied()
        except TimeOut:
            self._life.kill()
            self.end = StudentTimeOut()
        except (
            WireError, ValueError, TypeError, KeyError, IndexError, AttributeError, MemoryError,
            RecursionError,
        ) as error:  # fmt: skip
            self.end = StudentLied(str(error))
        except BaseException as end:
            self.end = end
            raise
        else:
            return
        raise self.end from None

    def _receive(self, watch: Watch) -> dict[str, Any]:
        while not self._channel.ready(0.1):
            watch.look()
        watch.look_sometimes()
        return self._channel.receive(self.deadline.wall, _RemoteUnpacker(self))

    def _value(self, reply: dict[str, Any]) -> Any:
        if "error" in reply:
            error = student_error(reply["error"])
            self.exhausted |= isinstance(error, _WANT) or "new thread" in str(error)
            raise error
        with self._questioning():
            return reply["value"]

    def _call_back(self, request: dict[str, Any]) -> None:
        """The student's code calls a function that the open test passed in."""
        function = self.callables[request["callback"]]
        args, kwargs = request["args"], request["kwargs"]
        packer = _RemotePacker(self)
        try:
            answer = packer.pack({"value": function(*args, **kwargs)})
        except Exception as error:
            told = {"error": {"type": type(error).__name__, "message": str(error)}}
            answer = Packer().pack(told)
        self._given[-1] |= packer.links
        self._channel.write(framed(*answer), self.deadline.wall)

    def _follow_changes(self, reply: dict[str, Any], given: set[int] | None) -> None:
        """Take over what student code has done to our arrays. The function under test may change
        what it was `given`; what an earlier call gave it belongs to the test again."""
        for link, data in reply.get("changed", []):
            if given is not None and link not in given:
                raise WireError("an array of an earlier call was changed")
            array = self.linked[link]
            new = np.frombuffer(data, array.dtype).reshape(array.shape)
            array.flags.writeable = True
            array[...] = new


class _RemotePacker(Packer):
    """Every array of a test is linked: passed again, it is the same array over there."""

    def __init__(self, remote: Remote) -> None:
        super().__init__()
        self._remote = remote
        self.links: set[int] = set()

    def pack_array(self, value: np.ndarray[Any, Any]) -> Node:
        link = self._remote.link(value)
        self.links.add(link)
        return marked(LINK, link, super().pack_array(value))

    def pack_other(self, value: Any) -> Node:
        if isinstance(value, Proxy):
            return marked(HANDLE, object.__getattribute__(value, "_handle"))
        if callable(value):
            self._remote.callables.append(value)
            return marked(FUNCTION, len(self._remote.callables) - 1)
        raise NotForProxies(f"a {type(value).__name__} cannot be passed to a student's function")


class _RemoteUnpacker(Unpacker):
    generators = SAFE_GENERATORS

    def __init__(self, remote: Remote) -> None:
        super().__init__()
        self._remote = remote

    def unpack_other(self, mark: str, content: list[Any]) -> Any:
        if mark is HANDLE:
            handle, kind, name, is_callable = content
            if type(handle) is not int:
                raise WireError("a handle that is none")
            return Proxy(self._remote, handle, str(kind), str(name), bool(is_callable))
        if mark is KNOWN:
            (link,) = content
            return self._remote.linked[link]
        if mark is VIEW:
            link, *place = content
            return _view(self._remote.linked[link], *place)
        if mark is FUNCTION:
            (number,) = content
            return self._remote.callables[number]
        return super().unpack_other(mark, content)


def _view(
    array: np.ndarray[Any, Any], offset: int, shape: list[int], strides: list[int], kind: str
) -> np.ndarray[Any, Any]:
    """A view into an array of ours, as the student's process describes it; never beyond its end."""
    whole = array if array.flags.c_contiguous else array.T
    sizes, item = shape_of(shape), dtype(kind)
    if 0 in sizes:
        return np.empty(sizes, item)
    reach = [(n - 1) * step for n, step in zip(sizes, strides, strict=True)]
    low = offset + sum(min(0, r) for r in reach)
    high = offset + sum(max(0, r) for r in reach) + item.itemsize
    if low < 0 or high > whole.nbytes or not whole.flags.c_contiguous:
        raise WireError("a view that leaves its array")
    buffer = whole.reshape(-1).view(np.uint8)
    return np.ndarray(sizes, item, buffer, offset, tuple(strides))


def _place(function: Any) -> list[str]:
    return [function.__module__, function.__qualname__]
