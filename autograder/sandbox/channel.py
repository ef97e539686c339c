"""Messages in frames over a connected stream socket.

A frame is two lengths, a header and, aligned, a body: see `wire`.
"""

from __future__ import annotations

import math
import os
import select
import struct
import time
from typing import Any

from autograder.sandbox.wire import ALIGNED, MAX_BODY, MAX_HEADER, Node, Packer, Unpacker, WireError

_FRAME = struct.Struct("!IQ")
_AT_ONCE = 1 << 16


class Closed(Exception):
    """The other side is gone."""


class TimeOut(Exception):
    """No message came in time."""


class Channel:
    """Frames over a socket, by plain read and write on its descriptor. It never blocks in the
    kernel: it tries, and waits only where there is nothing to read or no room."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        os.set_blocking(fd, False)

    def send(self, message: dict[str, Node]) -> None:
        """Send one message of plain data. Raises `WireError` for what cannot be sent, and
        `Closed` as `write` does."""
        self.write(framed(*Packer().pack(message)))

    def write(self, parts: list[bytes], seconds: float = math.inf) -> None:
        """Send a message in its frame. Raises `Closed` when nobody is there any more, and `TimeOut`
        when nobody has taken it after `seconds`."""
        deadline = time.monotonic() + seconds
        small = sum(map(len, parts)) < _AT_ONCE
        for part in (b"".join(parts),) if small else parts:
            view = memoryview(part)
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

    def receive(
        self, seconds: float = math.inf, unpacker: Unpacker | None = None
    ) -> dict[str, Any]:
        """The next message. Raises `Closed`, `TimeOut` or `WireError`."""
        deadline = time.monotonic() + seconds
        header_size, body_size = _FRAME.unpack(self._read(_FRAME.size, deadline))
        if header_size > MAX_HEADER or body_size > MAX_BODY:
            raise WireError("a message is too large")
        start = header_size + -header_size % ALIGNED
        data = memoryview(self._read(start + body_size, deadline))
        message = (unpacker or Unpacker()).unpack(data[:header_size], data[start:])
        if not isinstance(message, dict):
            raise WireError("a message that is no message")
        return message

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


def framed(header: bytes, body: list[bytes]) -> list[bytes]:
    """The parts of a packed message's frame."""
    sizes = _FRAME.pack(len(header), sum(map(len, body)))
    return [sizes, header, bytes(-len(header) % ALIGNED), *body]
