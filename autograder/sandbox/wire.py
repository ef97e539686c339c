"""How examiner and student talk: framed messages of JSON with raw array buffers, never pickle.

A frame is two lengths, a JSON header and the bytes of its arrays. Values are JSON as it stands
(None, bool, str, numbers, list) or a one-key object, see `pack`. Whatever does not fit the format
raises `WireError`: the other side is not to be trusted.
"""

from __future__ import annotations

import json
import math
import os
import re
import select
import struct
import time
from typing import Any

import numpy as np
from numpy.random import Generator

Node = Any
"""A JSON-ready value."""

MAX_HEADER = 8 * 1024**2
MAX_BODY = 512 * 1024**2
MAX_DEPTH = 40
MAX_BITS = 4096
"""Of integers that JSON carries in decimal, which Python limits."""

_FRAME = struct.Struct("!IQ")
_DTYPE = re.compile(r"[<>|][biufc](1|2|4|8|16|32)")
SAFE_GENERATORS = frozenset({"PCG64", "PCG64DXSM", "SFC64"})
"""numpy crashes with a wrong state of the others, so those do not come from a student."""
GENERATORS = SAFE_GENERATORS | {"MT19937", "Philox"}


class WireError(Exception):
    """A message that breaks the format: too big, too deep, or not what was agreed."""


class Closed(Exception):
    """The other side is gone."""


class TimeOut(Exception):
    """No message came in time."""


class Channel:
    """Frames over a connected stream socket, by plain read and write on its descriptor. It never
    blocks in the kernel: it tries, and waits only where there is nothing to read or no room."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        os.set_blocking(fd, False)

    def send(
        self,
        message: dict[str, Node],
        buffers: list[bytes] | None = None,
        seconds: float = math.inf,
    ) -> None:
        """Send one message. Raises `Closed` when nobody is there any more, and `TimeOut` when
        nobody has taken it after `seconds`."""
        buffers = buffers or []
        header = json.dumps({**message, "sizes": [len(b) for b in buffers]}).encode()
        if len(header) > MAX_HEADER or sum(map(len, buffers)) > MAX_BODY:
            raise WireError("a message is too large to send")
        data = b"".join(
            [_FRAME.pack(len(header), sum(map(len, buffers))), header, *map(bytes, buffers)]
        )
        view = memoryview(data)
        deadline = time.monotonic() + seconds
        while view:
            try:
                view = view[os.write(self.fd, view) :]
            except BlockingIOError:
                self._wait(deadline, writing=True)
            except OSError as error:
                raise Closed(str(error)) from None

    def _wait(self, deadline: float, writing: bool) -> None:
        left = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
        reads, writes = ([], [self.fd]) if writing else ([self.fd], [])
        if not any(select.select(reads, writes, [], left)):
            raise TimeOut

    def ready(self, seconds: float) -> bool:
        """Whether a message (or the end) arrives within `seconds`."""
        return bool(select.select([self.fd], [], [], max(0.0, seconds))[0])

    def receive(self, seconds: float = math.inf) -> tuple[dict[str, Node], list[bytearray]]:
        """The next message and its buffers. Raises `Closed`, `TimeOut` or `WireError`."""
        deadline = time.monotonic() + seconds
        header_size, body_size = _FRAME.unpack(self._read(_FRAME.size, deadline))
        if header_size > MAX_HEADER or body_size > MAX_BODY:
            raise WireError("a message is too large")
        header = self._read(header_size, deadline)
        try:
            message = json.loads(bytes(header).decode())
            sizes = message["sizes"]
            counts = type(sizes) is list and all(type(n) is int and n >= 0 for n in sizes)
            fits = counts and sum(sizes) == body_size
        except (ValueError, KeyError, TypeError, RecursionError, MemoryError) as error:
            raise WireError(f"a message cannot be read: {type(error).__name__}") from None
        if not fits or not isinstance(message, dict):
            raise WireError("a message's buffers do not add up")
        return message, [self._read(n, deadline) for n in sizes]

    def _read(self, size: int, deadline: float) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            try:
                count = os.readv(self.fd, [view])
            except BlockingIOError:
                self._wait(deadline, writing=False)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if count == 0:
                raise Closed("end of messages")
            view = view[count:]
        return data

    def close(self) -> None:
        """Hang up."""
        os.close(self.fd)


class Packer:
    """Turns values into nodes and buffers. Each side's own packer says what becomes of what is
    not plain data (`pack_other`), and may name arrays that the other side has (`pack_array`)."""

    generators = GENERATORS

    def __init__(self) -> None:
        self.buffers: list[bytes] = []

    def pack(self, value: Any, depth: int = 0) -> Node:
        """One value as a node: itself, a list, or one of
        `{t: tuple} {d: dict pairs} {c: complex} {s: slice} {dt: dtype} {g: Generator}
        {a: array} {n: numpy scalar} {i: long integer} {e: Ellipsis}`, or what `pack_other` makes
        of it."""
        if depth > MAX_DEPTH:
            raise WireError(f"a value is nested more than {MAX_DEPTH} deep")
        kind = type(value)
        if value is None or kind in (bool, str, float):
            return value
        if kind is int:
            return value if value.bit_length() <= MAX_BITS else {"i": hex(value)}
        if kind is list:
            return [self.pack(item, depth + 1) for item in value]
        if kind is tuple:
            return {"t": [self.pack(item, depth + 1) for item in value]}
        if kind is dict:
            return {
                "d": [[self.pack(k, depth + 1), self.pack(v, depth + 1)] for k, v in value.items()]
            }
        if kind is complex:
            return {"c": [value.real, value.imag]}
        if kind is slice:
            return {"s": [self.pack(v, depth + 1) for v in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"e": 0}
        if isinstance(value, np.dtype) and value.kind in "biufc":
            return {"dt": value.str}
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            return self.pack_array(value)
        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            self.buffers.append(value.tobytes())
            return {"n": [value.dtype.str, len(self.buffers) - 1]}
        if kind is Generator and type(value.bit_generator).__name__ in self.generators:
            bits = value.bit_generator
            return {"g": [type(bits).__name__, self.pack(bits.state, depth + 1)]}
        if isinstance(value, type) and issubclass(value, np.number | np.bool_):
            return {"nt": np.dtype(value).str}
        return self.pack_other(value)

    def pack_array(self, value: np.ndarray[Any, Any]) -> Node:
        """An array's dtype, shape, buffer and layout."""
        self.buffers.append(np.asarray(value).tobytes())
        return {"a": [value.dtype.str, list(value.shape), len(self.buffers) - 1, layout(value)]}

    def pack_other(self, value: Any) -> Node:
        """What is not plain data cannot be sent, unless a subclass knows how."""
        raise WireError(f"a {type(value).__name__} cannot be sent")


def layout(value: np.ndarray[Any, Any]) -> str:
    """How an array lies in memory: C, F or S (strided), with r when it is read-only."""
    flags = value.flags
    order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "S"
    return order + ("" if flags.writeable else "r")


def laid_out(value: np.ndarray[Any, Any], how: str) -> np.ndarray[Any, Any]:
    """A C-contiguous array copied into the layout `how`."""
    if how[0] == "F":
        value = np.asfortranarray(value)
    elif how[0] == "S" and value.ndim:
        wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
        wide[..., ::2] = value
        value = wide[..., ::2]
    value.flags.writeable = "r" not in how
    return value


class Unpacker:
    """Turns nodes back into values; `unpack_other` is each side's own."""

    generators = GENERATORS

    def __init__(self, buffers: list[bytearray]) -> None:
        self._buffers = buffers

    def unpack(self, node: Node) -> Any:
        """The value of a node. Raises `WireError` for anything that is not one."""
        try:
            return self.unpack_at(node, 0)
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, MemoryError) as error:
            raise WireError(f"a value cannot be read: {type(error).__name__}") from None

    def unpack_at(self, node: Node, depth: int) -> Any:
        """The value of a node that lies `depth` deep in another."""
        if depth > 2 * MAX_DEPTH:
            raise WireError("a value is nested too deep")
        if node is None or isinstance(node, bool | str | int | float):
            return node
        if isinstance(node, list):
            return [self.unpack_at(item, depth + 1) for item in node]
        (key, content), *rest = node.items()
        if rest:
            raise WireError("a value has two kinds")
        if key == "t":
            return tuple(self.unpack_at(item, depth + 1) for item in content)
        if key == "d":
            return {self._key(k, depth + 1): self.unpack_at(v, depth + 1) for k, v in content}
        if key == "c":
            return complex(float(content[0]), float(content[1]))
        if key == "s":
            return slice(*(self.unpack_at(v, depth + 1) for v in content))
        if key == "i":
            return int(content, 16)
        if key == "e":
            return Ellipsis
        if key == "dt":
            return dtype(content)
        if key == "nt":
            return dtype(content).type
        if key == "a":
            return self._unpack_array(*content)
        if key == "n":
            return _numbers(self._buffers[content[1]], dtype(content[0]))[0]
        if key == "g":
            return self._generator(content[0], self.unpack_at(content[1], depth + 1))
        return self.unpack_other(key, content)

    def _key(self, node: Node, depth: int) -> Any:
        """A dictionary's key; not one of those that can be made to share one hash by thousands."""
        value = self.unpack_at(node, depth)
        if isinstance(value, complex) or (type(value) is int and value.bit_length() > 60):
            raise WireError("a dictionary's key that cannot be sent")
        return value

    def unpack_other(self, key: str, content: Node) -> Any:
        """What a subclass adds."""
        raise WireError(f"a value of an unknown kind {key[:20]!r}")

    def _unpack_array(
        self, kind: str, shape: list[int], index: int, how: str
    ) -> np.ndarray[Any, Any]:
        return laid_out(_numbers(self._buffers[index], dtype(kind)).reshape(shape_of(shape)), how)

    def _generator(self, name: str, state: Any) -> Generator:
        if name not in self.generators:
            raise WireError("a random generator that cannot be sent")
        bits = getattr(np.random, name)()
        bits.state = state
        return Generator(bits)


def _numbers(buffer: bytearray, kind: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """A buffer as numbers; truth values that are neither 0 nor 1 would count for more than one."""
    numbers = np.frombuffer(buffer, kind)
    return numbers.view(np.uint8) != 0 if kind.kind == "b" else numbers


def dtype(text: str) -> np.dtype[Any]:
    """A numeric dtype from its string, by a strict pattern."""
    if not isinstance(text, str) or not _DTYPE.fullmatch(text):
        raise WireError("an array of a type that is not a number")
    return np.dtype(text)


def shape_of(shape: Any) -> tuple[int, ...]:
    """A shape, checked."""
    if not isinstance(shape, list) or len(shape) > 32:
        raise WireError("an array with an odd shape")
    if not all(type(n) is int and 0 <= n < 2**40 for n in shape):
        raise WireError("an array with an odd shape")
    return tuple(shape)
