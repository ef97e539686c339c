"""The process that runs a student's code: it answers the examiner's messages, one at a time.

Nothing here judges. Whatever this process says is a claim of untrusted code.
"""

from __future__ import annotations

import builtins
import importlib
import linecache
import operator
import signal
import sys
import traceback
import weakref
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.check import calls
from autograder.check.session import Bindings
from autograder.sandbox.channel import Channel, Closed, framed
from autograder.sandbox.shell import Shell
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
    layout,
    marked,
)

MAX_TEXT = 4000

_observe = calls.observe
"""Kept, so that a student who changes `check` loses no honest exercise by that."""


class Student:
    """The student's side of the wire: a shell, and what the examiner may reach in it."""

    def __init__(self, channel: Channel, shell: Shell) -> None:
        self._channel = channel
        self._shell = shell
        self._names: dict[str, Any] = shell.user_ns
        self.handles: list[Any] = []
        self.links = Links()
        self._bindings = Bindings(self._names)

    def serve(self) -> None:
        """Answer until the examiner hangs up."""
        while True:
            try:
                message = self._hear()
            except Closed:
                return
            self._answer(message)

    def _hear(self) -> dict[str, Any]:
        return self._channel.receive(unpacker=_StudentUnpacker(self))

    def _answer(self, message: dict[str, Any]) -> None:
        if message["op"] == "first":
            self._prepare(message)
            return
        try:
            answer = self._do(message)
        except BaseException as error:  # SystemExit and KeyboardInterrupt are a student's error too
            answer = {"error": describe(error)}
        about = {"id": message["id"], "changed": self.links.changes()}
        self._channel.write(framed(*self._packed(answer, about)))

    def _prepare(self, message: dict[str, Any]) -> None:
        """What comes before a request, and is not answered. Where student code has made it
        impossible this process ends, and the test is run in a new one."""
        if message["over"]:
            self._bindings.close()
        for request in message["requests"]:
            self._do(request)
            if request["op"] == "open":
                self.handles.append(self._names.get(request["exercise"]))

    def _do(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["op"] in ("run", "open"):
            _clear_hooks()
        answer: dict[str, Any] = getattr(self, "_do_" + message["op"])(message)
        return answer

    def _packed(self, answer: dict[str, Any], about: dict[str, Any]) -> tuple[bytes, list[bytes]]:
        """An answer and what there is to say about it, as a header and a body."""
        try:
            return _StudentPacker(self).pack({**answer, **about})
        except BaseException as error:  # what cannot be sent
            return _StudentPacker(self).pack({"error": describe(error), **about})

    # --- the messages -------------------------------------------------------------------------

    def _do_run(self, message: dict[str, Any]) -> dict[str, Any]:
        outputs, error = self._shell.execute(message["source"], message["budget"])
        return {"outputs": outputs, "failed": error}

    def _do_open(self, message: dict[str, Any]) -> dict[str, Any]:
        """A test begins: names are lent, library functions blocked, nothing is linked yet."""
        self.handles.clear()
        self.links = Links()
        lend = {name: _library(*place) for name, place in message["lend"]}
        blocked = [_library(*place) for place in message["block"]]
        self._bindings.open(message["exercise"], lend, blocked)
        return self._named(message["exercise"])

    def _do_ping(self, message: dict[str, Any]) -> dict[str, Any]:
        return {}

    def _do_fetch(self, message: dict[str, Any]) -> dict[str, Any]:
        return self._named(message["name"])

    def _named(self, name: str) -> dict[str, Any]:
        return {"value": self._names[name]} if name in self._names else {"absent": True}

    def _do_call(self, message: dict[str, Any]) -> dict[str, Any]:
        function = self.handles[message["handle"]]
        args, kwargs = message["args"], message["kwargs"]
        containers = _has_containers((*args, *kwargs.values()))
        before = _shape_of((args, kwargs)) if containers else None
        answer: dict[str, Any] = {}
        try:
            if message.get("observe"):
                seen = _observe(function, args, kwargs, events=message["events"])
                answer["warnings"] = list(seen.warnings)
                answer["events"] = None if seen.events is None else dict(seen.events)
                answer["value"] = seen.result
            else:
                answer["value"] = function(*args, **kwargs)
        except BaseException as error:
            answer["error"] = describe(error)
        if containers and _shape_of((args, kwargs)) != before:
            answer["containers"] = [list(args), kwargs]
        return answer

    def _do_calls(self, message: dict[str, Any]) -> dict[str, Any]:
        """Several calls, each as if it were the only one: what it changes is told, and undone."""
        answers = []
        for args, kwargs in message["several"]:
            answer = self._do_call({**message, "args": args, "kwargs": kwargs})
            header, body = self._packed(answer, {"changed": self.links.changes(undo=True)})
            answers.append([header, b"".join(body)])
        return {"answers": answers}

    def _do_getattr(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"value": getattr(self.handles[message["handle"]], message["name"])}

    def _do_setattr(self, message: dict[str, Any]) -> dict[str, Any]:
        setattr(self.handles[message["handle"]], message["name"], message["value"])
        return {}

    def _do_getitem(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"value": self.handles[message["handle"]][message["key"]]}

    def _do_len(self, message: dict[str, Any]) -> dict[str, Any]:
        return {"value": len(self.handles[message["handle"]])}

    def callback(self, identity: int) -> Callable[..., Any]:
        """A function of the open test, as the student's code calls it."""

        def call(*args: Any, **kwargs: Any) -> Any:
            asked = {"callback": identity, "args": list(args), "kwargs": kwargs}
            self._channel.write(framed(*_StudentPacker(self).pack(asked)))
            while "op" in (message := self._hear()):  # the test's function calls the student's
                self._answer(message)
            if "error" in message:
                kind = getattr(builtins, message["error"]["type"], RuntimeError)
                raise kind(message["error"]["message"])
            return message["value"]

        return call


class _StudentPacker(Packer):
    """Arrays of the examiner go back by name, objects as handles."""

    generators = SAFE_GENERATORS

    def __init__(self, student: Student) -> None:
        super().__init__()
        self._student = student

    def pack_array(self, value: np.ndarray[Any, Any]) -> Node:
        return self._student.links.known(value) or super().pack_array(value)

    def pack_other(self, value: Any) -> Node:
        handles = self._student.handles
        handles.append(value)
        name = str(getattr(value, "__name__", ""))[:100]
        return marked(HANDLE, len(handles) - 1, type(value).__name__[:100], name, callable(value))


class _StudentUnpacker(Unpacker):
    def __init__(self, student: Student) -> None:
        super().__init__()
        self._student = student

    def unpack_other(self, mark: str, content: list[Any]) -> Any:
        if mark is HANDLE:
            (handle,) = content
            return self._student.handles[handle]
        if mark is FUNCTION:
            (number,) = content
            return self._student.callback(number)
        if mark is LINK:
            link, array = content
            return self._student.links.linked(link, array)
        return super().unpack_other(mark, content)


class Links:
    """Arrays that came from the examiner, watched for changes while anybody still holds them."""

    def __init__(self) -> None:
        self._arrays: dict[int, tuple[weakref.ref[np.ndarray[Any, Any]], bytes]] = {}

    def linked(self, link: int, fresh: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The array that the examiner knows as `link`, with the contents it has now."""
        array = self._arrays[link][0]() if link in self._arrays else None
        if array is None:
            array = fresh
        elif array.flags.writeable:
            array[...] = fresh
        self._arrays[link] = (weakref.ref(array), array.tobytes())
        return array

    def known(self, value: np.ndarray[Any, Any]) -> Node:
        """How to name an array that the examiner has, or a view into one; None for others."""
        for link, (reference, _) in self._arrays.items():
            if reference() is value:
                return marked(KNOWN, link)
        return None if value.flags.owndata else self._view(value)

    def _view(self, value: np.ndarray[Any, Any]) -> Node:
        for link, (reference, _) in self._arrays.items():
            array = reference()
            if array is not None and layout(array)[0] != "S" and np.may_share_memory(array, value):
                offset = value.ctypes.data - array.ctypes.data
                place = [list(value.shape), list(value.strides), value.dtype.str]
                return marked(VIEW, link, offset, *place)
        return None

    def changes(self, undo: bool = False) -> list[Node]:
        """What has changed since the last look, as pairs of a link and the bytes it has now; and
        make it what it was, if asked to."""
        changed = []
        for link, (reference, seen) in list(self._arrays.items()):
            array = reference()
            if array is None:
                del self._arrays[link]
            elif (now := array.tobytes()) != seen:
                changed.append([link, now])
                if undo:
                    array.flags.writeable = True
                    array[...] = np.frombuffer(seen, array.dtype).reshape(array.shape)
                else:
                    self._arrays[link] = (reference, now)
        return changed


def _clear_hooks() -> None:
    """What a cell or an exercise has set on the interpreter does not reach into the next one."""
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    sys.settrace(None)
    sys.setprofile(None)


def _has_containers(values: Iterable[Any]) -> bool:
    """Whether a function can have changed more in its arguments than arrays."""
    return any(isinstance(value, list | tuple | dict) for value in values)


def _shape_of(value: Any) -> Any:
    """The containers and plain values of an argument, arrays by identity: equal when unchanged."""
    if isinstance(value, list | tuple):
        return [type(value).__name__, *map(_shape_of, value)]
    if isinstance(value, dict):
        return ["dict", *((repr(key), _shape_of(item)) for key, item in value.items())]
    return repr(value) if isinstance(value, int | float | complex | str) else id(value)


@lru_cache(1024)
def _library(module: str, name: str) -> Any:
    return operator.attrgetter(name)(importlib.import_module(module))


def describe(error: BaseException) -> dict[str, Node]:
    """An exception as plain data: a built-in type it is a kind of, its text, the student's line."""
    kinds = [cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins"]
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<ipython-input")
    ]
    data: dict[str, Node] = {
        "type": kinds[0] if kinds else "Exception",
        "name": type(error).__name__[:100],
        "message": _text(error),
        "failure": getattr(error, "kind", None) if "CheckFailure" in _names(error) else None,
    }
    if frames:
        line = linecache.getline(frames[-1].filename, frames[-1].lineno or 0).strip()
        data["frame"] = [frames[-1].name[:100], frames[-1].lineno, line[:300]]
    return data


def _names(error: BaseException) -> list[str]:
    return [cls.__name__ for cls in type(error).__mro__]


def _text(error: BaseException) -> str:
    try:
        return str(error)[:MAX_TEXT]
    except Exception:
        return "(an exception that cannot be printed)"
