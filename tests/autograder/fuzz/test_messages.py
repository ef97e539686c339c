"""Whatever comes over the wire: a value of a known kind, or the wire's own error."""

import json
import os
import socket
import struct

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder.sandbox.wire import Channel, Closed, Packer, TimeOut, Unpacker, WireError

DTYPES = st.sampled_from(
    ["<f8", "|b1", "<c16", "<i2", "|u1", "<f2", "<f16", "|O", "<U4", "<M8", ""]
)
NUMBERS = st.integers(-2, 6) | st.integers() | st.floats()
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=5) | DTYPES
LAYOUTS = st.sampled_from(["C", "F", "S", "Cr", "Sr", "", "r", "x"])
SHAPES = st.lists(st.integers(0, 4) | st.integers(), max_size=40)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "bit_generator": st.sampled_from(["PCG64", "SFC64", "MT19937", 1]),
        "state": st.dictionaries(st.sampled_from(["state", "inc", "key", "pos"]), SCALARS),
        "has_uint32": SCALARS,
        "uinteger": SCALARS,
    },
).map(lambda state: {"d": [[k, {"d": list(map(list, v.items()))} if isinstance(v, dict) else v]
                           for k, v in state.items()]})  # fmt: skip
GENERATORS = st.tuples(st.sampled_from(["PCG64", "PCG64DXSM", "SFC64", "Philox", "os"]), STATES)


def tagged(inner):
    """One node of every kind, its content right or wrong."""
    several = st.lists(inner, max_size=4)
    pairs = st.lists(st.lists(inner, min_size=1, max_size=3), max_size=3)
    arrays = st.tuples(DTYPES, SHAPES, NUMBERS, LAYOUTS) | several
    kinds = {"t": several, "d": pairs, "c": several, "s": several, "a": arrays, "n": several,
             "g": GENERATORS | several, "dt": SCALARS, "nt": SCALARS, "i": SCALARS, "e": inner,
             "q": inner}  # fmt: skip
    return several | st.one_of(
        *(st.fixed_dictionaries({key: content | inner}) for key, content in kinds.items())
    )


NODES = st.recursive(SCALARS | tagged(SCALARS), tagged, max_leaves=12)
BUFFERS = st.lists(st.binary(max_size=64), max_size=4)


def as_sent(node):
    """A node as JSON delivers it."""
    return json.loads(json.dumps(node))


class Student(Unpacker):
    """As strict as the side that reads a student's messages."""

    generators = frozenset({"PCG64", "PCG64DXSM", "SFC64"})


@pytest.mark.parametrize("reader", [Unpacker, Student])
def test_any_node_is_a_value_or_refused(fuzz, reader):
    def read(message):
        node, buffers = message
        try:
            value = reader([bytearray(b) for b in buffers]).unpack(as_sent(node))
        except WireError:
            return
        Packer().pack(value)  # a value of a known kind, which can be sent again

    fuzz(st.tuples(NODES, BUFFERS), read)


def test_deep_nodes_are_refused():
    node = None
    for _ in range(5000):
        node = {"t": [node]}
    with pytest.raises(WireError, match="too deep"):
        Unpacker([]).unpack(node)


@pytest.mark.parametrize("sizes", ['""', "{}", "[true]", "[0, -0.0]", "null"])
def test_sizes_are_a_list_of_whole_numbers(sizes):
    ours, theirs = socket.socketpair()
    header = b'{"sizes": %s}' % sizes.encode()
    theirs.sendall(struct.pack("!IQ", len(header), 0) + header)
    theirs.close()
    with pytest.raises(WireError):
        Channel(ours.fileno()).receive(1)
    ours.close()


HEADERS = st.binary(max_size=60) | st.fixed_dictionaries(
    {"sizes": st.lists(st.integers(-1, 9) | SCALARS, max_size=3) | SCALARS}, optional={"op": NODES}
).map(lambda header: json.dumps(header).encode())
FRAMES = st.binary(max_size=80) | st.builds(
    lambda header, body, more, over: (
        struct.pack("!IQ", (len(header) + more) % 2**32, (len(body) + over) % 2**64) + header + body
    ),
    HEADERS,
    st.binary(max_size=40),
    st.sampled_from([0, 0, 0, 1, -1, 2**31, 9 * 1024**2]),
    st.sampled_from([0, 0, 0, 1, -1, 2**63, 513 * 1024**2]),
)


@pytest.mark.parametrize("hangs_up", [True, False])
def test_any_frame_is_a_message_or_refused(fuzz, hangs_up):
    def receive(data):
        ours, theirs = socket.socketpair()
        channel = Channel(ours.detach())
        try:
            theirs.sendall(data)
            if hangs_up:
                theirs.close()
            message, buffers = channel.receive(0.01)
        except (WireError, Closed, TimeOut):
            pass
        else:
            assert isinstance(message, dict)
            assert [len(b) for b in buffers] == message["sizes"]
        finally:
            theirs.close()
            os.close(channel.fd)

    fuzz(st.lists(FRAMES, min_size=1, max_size=3).map(b"".join), receive)


def test_what_is_packed_is_what_comes_out(fuzz):
    arrays = st.lists(st.floats(), max_size=6).map(np.array)
    values = st.recursive(
        SCALARS | arrays,
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    )  # fmt: skip

    def there_and_back(value):
        packer = Packer()
        node = as_sent(packer.pack(value))
        back = Unpacker([bytearray(b) for b in packer.buffers]).unpack(node)
        assert repr(back) == repr(value)

    fuzz(values, there_and_back)
