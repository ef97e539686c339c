"""What examiner and student say to each other, as bytes: MessagePack beside raw arrays, no pickle.

Plain values are MessagePack's own. All others are one of its extensions, or a list that a mark
opens: see `Packer.pack`. Arrays lie outside, aligned, and are not copied when they are read. What
does not fit the format raises `WireError`: the other side is not to be trusted.
"""

from __future__ import annotations

import math
import re
import struct
from functools import lru_cache
from typing import Any

import msgpack
import numpy as np
from msgpack import ExtType
from numpy.random import Generator

Node = Any
"""What MessagePack can carry as it stands, or with marks and extensions."""

MAX_HEADER = 8 * 1024**2
MAX_BODY = 512 * 1024**2

_ARRAY, _SCALAR, _COMPLEX, _INTEGER, _MARK = range(5)
_MAX_DIMENSIONS = 32
_PLACES = [struct.Struct(f"<4s2sQ{n}Q") for n in range(_MAX_DIMENSIONS + 1)]
"""An array's dtype, layout, place in the body and shape, by its number of dimensions."""
_DTYPE = re.compile(r"[<>|][biufc](1|2|4|8|16|32)")
ALIGNED = 16
"""Bytes: an array begins at a multiple of them."""
SAFE_GENERATORS = frozenset({"PCG64", "PCG64DXSM", "SFC64"})
"""numpy crashes with a wrong state of the others, so those do not come from a student."""
GENERATORS = SAFE_GENERATORS | {"MT19937", "Philox"}


class WireError(Exception):
    """A message that breaks the format: too big, too deep, or not what was agreed."""


class _Mark(str):
    """Says of the list that it opens what it stands for."""


TUPLE, SLICE, ELLIPSIS, DTYPE, NUMBER, GENERATOR = map(_Mark, ("t", "s", "e", "d", "n", "g"))
HANDLE, FUNCTION, LINK, KNOWN, VIEW = map(_Mark, ("h", "f", "l", "k", "v"))
_MARKS = {
    str(mark).encode(): mark
    for mark in (
        TUPLE, SLICE, ELLIPSIS, DTYPE, NUMBER, GENERATOR, HANDLE, FUNCTION, LINK, KNOWN, VIEW,
    )
}  # fmt: skip
_SENT = {mark: ExtType(_MARK, data) for data, mark in _MARKS.items()}


def _extended(code: int, data: bytes) -> ExtType:
    """An `ExtType`, whose own constructor looks at what it is given and takes its time."""
    return tuple.__new__(ExtType, (code, data))


def marked(mark: _Mark, *content: Any) -> list[Any]:
    """A list that stands for something else."""
    return [_SENT[mark], *content]


class Packer:
    """Turns one message into a header and a body. Each side's own packer says what becomes of what
    is not plain data (`pack_other`), and may name arrays that the other side has (`pack_array`)."""

    generators = GENERATORS

    def __init__(self) -> None:
        self._buffers: list[bytes] = []
        self._size = 0

    def pack(self, message: Any) -> tuple[bytes, list[bytes]]:
        """A message as a header and the buffers that make up the body. As they stand go None,
        truth values, str, bytes, float, list, dict and integers up to 64 bits; as an extension
        arrays, numpy's scalars, complex and longer integers; as marked lists tuples, slices,
        Ellipsis, dtypes, numpy's types and generators.

        Raises `WireError` for what cannot be sent, and what `pack_other` raises.
        """
        packer = msgpack.Packer(
            default=self._pack_special, strict_types=True, unicode_errors="surrogatepass",
            buf_size=4096,
        )  # fmt: skip
        try:
            header: bytes = packer.pack(message)
        except (ValueError, OverflowError) as error:
            raise WireError(f"a value cannot be sent: {error}") from None
        if len(header) > MAX_HEADER or self._size > MAX_BODY:
            raise WireError("a message is too large to send")
        return header, self._buffers

    def _pack_special(self, value: Any) -> Node:
        kind = type(value)
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            return self.pack_array(value)
        if kind is tuple:
            return marked(TUPLE, *value)
        if isinstance(value, np.generic) and value.dtype.kind in "biufc":
            return _extended(_SCALAR, value.dtype.str.encode().ljust(4) + value.tobytes())
        if kind is Generator and type(value.bit_generator).__name__ in self.generators:
            bits = value.bit_generator
            return marked(GENERATOR, type(bits).__name__, bits.state)
        if kind is int:
            size = value.bit_length() // 8 + 1
            return _extended(_INTEGER, value.to_bytes(size, "little", signed=True))
        if kind is complex:
            return _extended(_COMPLEX, struct.pack("<dd", value.real, value.imag))
        if kind is slice:
            return marked(SLICE, value.start, value.stop, value.step)
        if value is Ellipsis:
            return marked(ELLIPSIS)
        if isinstance(value, np.dtype) and value.kind in "biufc":
            return marked(DTYPE, value.str)
        if isinstance(value, type) and issubclass(value, np.number | np.bool_):
            return marked(NUMBER, np.dtype(value).str)
        return self.pack_other(value)

    def pack_array(self, value: np.ndarray[Any, Any]) -> Node:
        """An array's dtype, layout, place in the body and shape."""
        shape = value.shape
        if len(shape) > _MAX_DIMENSIONS:
            raise WireError("an array of too many dimensions")
        data = np.asarray(value).tobytes()
        kind, how = value.dtype.str.encode(), layout(value).encode()
        place = _PLACES[len(shape)].pack(kind, how, self._size, *shape)
        gap = -len(data) % ALIGNED
        self._buffers += (data, bytes(gap)) if gap else (data,)
        self._size += len(data) + gap
        return _extended(_ARRAY, place)

    def pack_other(self, value: Any) -> Node:
        """What is not plain data cannot be sent, unless a subclass knows how."""
        raise WireError(f"a {type(value).__name__} cannot be sent")


def layout(value: np.ndarray[Any, Any]) -> str:
    """How an array lies in memory: C, F or S (strided), with r when it is read-only."""
    flags = value.flags
    if flags.carray:  # C-contiguous, writable
        return "C"
    order = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "S"
    return order if flags.writeable else order + "r"


def laid_out(value: np.ndarray[Any, Any], how: str) -> np.ndarray[Any, Any]:
    """A C-contiguous array in the layout `how`."""
    if how[0] == "F":
        value = np.asfortranarray(value)
    elif how[0] == "S" and value.ndim:
        wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
        wide[..., ::2] = value
        value = wide[..., ::2]
    value.flags.writeable = "r" not in how
    return value


class Unpacker:
    """Turns a header and a body back into a message; `unpack_other` is each side's own."""

    generators = GENERATORS

    def __init__(self) -> None:
        self._body: memoryview | bytearray = bytearray()
        self._open = 0
        """Marks that have opened no list yet."""

    def unpack(self, header: Any, body: memoryview | bytearray) -> Any:
        """The message. Raises `WireError` for anything that is not one."""
        self._body = body
        try:
            message = msgpack.unpackb(
                header, ext_hook=self._extension, list_hook=self._list, object_pairs_hook=_dict,
                strict_map_key=False, unicode_errors="surrogatepass",
            )  # fmt: skip
        except WireError:
            raise
        except _BROKEN as error:
            raise WireError(f"a message cannot be read: {type(error).__name__}") from None
        if self._open:
            raise WireError("a mark that opens no list")
        return message

    def _extension(self, code: int, data: bytes) -> Any:
        if code == _MARK:
            self._open += 1
            return _MARKS[data]
        if code == _ARRAY:
            kind, how, start, *shape = _PLACES[(len(data) - _PLACES[0].size) // 8].unpack(data)
            numbers = _numbers(self._body, _dtype(kind), shape_of(shape), start)
            return numbers if how == b"C\0" else laid_out(numbers, how.decode().rstrip("\0"))
        if code == _SCALAR:
            return _numbers(data, _dtype(data[:4]), (1,), 4)[0]
        if code == _COMPLEX:
            return complex(*struct.unpack("<dd", data))
        if code == _INTEGER:
            return int.from_bytes(data, "little", signed=True)
        raise WireError(f"an extension of an unknown kind {code}")

    def _list(self, items: list[Any]) -> Any:
        if not items or type(items[0]) is not _Mark:
            return items
        self._open -= 1
        mark, *content = items
        if mark is TUPLE:
            return tuple(content)
        if mark is SLICE:
            start, stop, step = content
            return slice(start, stop, step)
        if mark is ELLIPSIS:
            return Ellipsis
        if mark is DTYPE:
            return dtype(*content)
        if mark is NUMBER:
            return dtype(*content).type
        if mark is GENERATOR:
            return self._generator(*content)
        return self.unpack_other(mark, content)

    def unpack_other(self, mark: str, content: list[Any]) -> Any:
        """What a subclass adds."""
        raise WireError(f"a value of an unknown kind {mark!r}")

    def _generator(self, name: str, state: Any) -> Generator:
        if name not in self.generators:
            raise WireError("a random generator that cannot be sent")
        bits = getattr(np.random, name)(0)
        bits.state = state
        return Generator(bits)


_BROKEN = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, MemoryError,
    RecursionError, BufferError, struct.error, msgpack.UnpackException,
)  # fmt: skip


def _dict(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """A dictionary, without the keys that can be made to share one hash by thousands."""
    for key, _ in pairs:
        if type(key) is not str and _may_collide(key):
            raise WireError("a dictionary's key that cannot be sent")
    return dict(pairs)


def _may_collide(key: Any) -> bool:
    if isinstance(key, tuple):
        return any(map(_may_collide, key))
    if type(key) is int:
        return key.bit_length() > 60
    return isinstance(key, complex | np.complexfloating)


@lru_cache(256)
def _dtype(data: bytes) -> np.dtype[Any]:
    return dtype(data.rstrip(b" \0").decode("ascii"))


def _numbers(
    data: Any, kind: np.dtype[Any], shape: tuple[int, ...], start: int
) -> np.ndarray[Any, Any]:
    """A part of a buffer as numbers; truth values that are neither 0 nor 1 would count for more
    than one."""
    if 0 in shape:
        return np.empty(shape, kind)
    numbers = np.frombuffer(data, kind, math.prod(shape), start).reshape(shape)
    return numbers.view(np.uint8) != 0 if kind.kind == "b" else numbers


@lru_cache(256)
def dtype(text: str) -> np.dtype[Any]:
    """A numeric dtype from its string, by a strict pattern."""
    if not isinstance(text, str) or not _DTYPE.fullmatch(text):
        raise WireError("an array of a type that is not a number")
    return np.dtype(text)


def shape_of(shape: Any) -> tuple[int, ...]:
    """A shape, checked."""
    if not isinstance(shape, list | tuple) or len(shape) > _MAX_DIMENSIONS:
        raise WireError("an array with an odd shape")
    for n in shape:
        if type(n) is not int or not 0 <= n < 2**40:
            raise WireError("an array with an odd shape")
    return tuple(shape)
