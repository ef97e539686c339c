"""Whatever comes over the wire: a value of a known kind, or the wire's own error."""

import os
import socket
import struct

import msgpack
import numpy as np
import pytest
from hypothesis import strategies as st
from msgpack import ExtType

from autograder.sandbox.channel import Channel, Closed, TimeOut
from autograder.sandbox.wire import Packer, Unpacker, WireError

DTYPES = st.sampled_from(
    ["<f8", "|b1", "<c16", "<i2", "|u1", "<f2", "<f16", "|O", "<U4", "<M8", ""]
)
NUMBERS = st.integers(-2, 6) | st.integers(-(2**63), 2**64 - 1) | st.floats()
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=5) | st.binary(max_size=5) | DTYPES
LAYOUTS = st.sampled_from(["C", "F", "S", "Cr", "Sr", "", "r", "x"])
SIZES = st.integers(0, 4) | st.integers(0, 2**64 - 1)
PLACES = st.builds(
    lambda kind, how, start, shape: struct.pack(
        f"<4s2sQ{len(shape)}Q", kind.encode(), how.encode(), start, *shape
    ),
    DTYPES, LAYOUTS, SIZES, st.lists(SIZES, max_size=40),
)  # fmt: skip
SCALAR_BYTES = st.builds(lambda kind, data: kind.encode().ljust(4) + data, DTYPES, st.binary())
EXTENSIONS = st.builds(ExtType, st.integers(0, 7), PLACES | SCALAR_BYTES | st.binary(max_size=20))
MARKS = st.sampled_from("tsedngq").map(lambda letter: ExtType(4, letter.encode()))
STATES = st.fixed_dictionaries(
    {},
    optional={
        "bit_generator": st.sampled_from(["PCG64", "SFC64", "MT19937", 1]),
        "state": st.dictionaries(st.sampled_from(["state", "inc", "key", "pos"]), SCALARS),
        "has_uint32": SCALARS,
        "uinteger": SCALARS,
    },
)
NAMES = st.sampled_from(["PCG64", "PCG64DXSM", "SFC64", "Philox", "os"])
GENERATORS = st.tuples(st.just(ExtType(4, b"g")), NAMES, STATES).map(list)


def nested(inner):
    """Lists, dictionaries and marked lists, whose content is right or wrong."""
    several = st.lists(inner, max_size=4)
    pairs = st.lists(st.tuples(SCALARS | EXTENSIONS, inner), max_size=3)
    return (
        several | pairs.map(_Pairs) | GENERATORS
        | st.builds(lambda mark, content: [mark, *content], MARKS, several)
    )  # fmt: skip


class _Pairs(list):
    """What is sent as a dictionary, though its keys may be no keys."""


def as_sent(node):
    """A node as it is sent."""
    packer = msgpack.Packer(default=_unknown, strict_types=True, autoreset=False)
    _put(packer, node)
    return packer.bytes()


def _unknown(value):
    raise AssertionError(f"the test sends {value!r}")


def _put(packer, node):
    if isinstance(node, _Pairs):
        packer.pack_map_header(len(node))
        for key, value in node:
            _put(packer, key)
            _put(packer, value)
    elif isinstance(node, list):
        packer.pack_array_header(len(node))
        for item in node:
            _put(packer, item)
    elif type(node) is dict:
        _put(packer, _Pairs(node.items()))
    elif isinstance(node, ExtType):
        packer.pack_ext_type(*node)
    else:
        packer.pack(node)


NODES = st.recursive(SCALARS | EXTENSIONS | nested(SCALARS), nested, max_leaves=12)


class Student(Unpacker):
    """As strict as the side that reads a student's messages."""

    generators = frozenset({"PCG64", "PCG64DXSM", "SFC64"})


@pytest.mark.parametrize("reader", [Unpacker, Student])
def test_any_node_is_a_value_or_refused(fuzz, reader):
    def read(message):
        node, body = message
        try:
            value = reader().unpack(as_sent(node), bytearray(body))
        except WireError:
            return
        Packer().pack(value)  # a value of a known kind, which can be sent again

    fuzz(st.tuples(NODES, st.binary(max_size=64)), read)


HEADERS = st.binary(max_size=60) | NODES.map(as_sent) | (
    st.dictionaries(st.text(max_size=3), NODES, max_size=3).map(as_sent)
)  # fmt: skip
FRAMES = st.binary(max_size=80) | st.builds(
    lambda header, body, more, over: (
        struct.pack("!IQ", (len(header) + more) % 2**32, (len(body) + over) % 2**64)
        + header + bytes(-len(header) % 16) + body
    ),
    HEADERS,
    st.binary(max_size=40),
    st.sampled_from([0, 0, 0, 1, -1, 2**31, 9 * 1024**2]),
    st.sampled_from([0, 0, 0, 1, -1, 2**63, 513 * 1024**2]),
)  # fmt: skip


@pytest.mark.parametrize("hangs_up", [True, False])
def test_any_frame_is_a_message_or_refused(fuzz, hangs_up):
    def receive(data):
        ours, theirs = socket.socketpair()
        channel = Channel(ours.detach())
        try:
            theirs.sendall(data)
            if hangs_up:
                theirs.close()
            message = channel.receive(0.01)
        except (WireError, Closed, TimeOut):
            pass
        else:
            assert isinstance(message, dict)
        finally:
            theirs.close()
            os.close(channel.fd)

    fuzz(st.lists(FRAMES, min_size=1, max_size=3).map(b"".join), receive)


def test_what_is_packed_is_what_comes_out(fuzz):
    arrays = st.lists(st.floats(), max_size=6).map(np.array)
    values = st.recursive(
        SCALARS | arrays | st.integers() | st.complex_numbers(),
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )  # fmt: skip

    def there_and_back(value):
        header, buffers = Packer().pack(value)
        assert repr(Unpacker().unpack(header, bytearray(b"".join(buffers)))) == repr(value)

    fuzz(values, there_and_back)
