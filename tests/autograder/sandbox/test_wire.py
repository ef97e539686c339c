"""The wire carries values exactly and refuses everything else."""

import contextlib
import os
import socket
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.sandbox.wire import (
    Channel,
    Closed,
    Packer,
    TimeOut,
    Unpacker,
    WireError,
    layout,
)

NUMBERS = st.sampled_from(["<f8", "<f4", "<i8", "<u1", "<c16", "|b1", ">f8", "<i2"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@pytest.fixture
def channels():
    ours, theirs = socket.socketpair()
    pair = Channel(ours.detach()), Channel(theirs.detach())
    yield pair
    for channel in pair:
        with contextlib.suppress(OSError):
            channel.close()


def there_and_back(value):
    packer = Packer()
    node = packer.pack(value)
    return Unpacker([bytearray(b) for b in packer.buffers]).unpack(node)


def same(a, b):
    return repr(a) == repr(b)


@given(VALUES)
def test_plain_values_come_back_as_they_were(value):
    assert same(there_and_back(value), value)


@given(npst.arrays(NUMBERS, npst.array_shapes(min_dims=0, min_side=0)))
def test_arrays_keep_type_shape_and_bits(array):
    back = there_and_back(array)
    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(12.0).reshape(2, 6)[:, ::2],
        np.array(3.0),
    ],
)
@pytest.mark.parametrize("writeable", [True, False])
def test_arrays_keep_their_layout(array, writeable):
    array.flags.writeable = writeable
    back = there_and_back(array)
    assert layout(back) == layout(array)
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize("value", [np.float32(1.5), np.int64(-3), np.bool_(True), np.dtype("f4")])
def test_numpy_scalars_and_types_keep_their_kind(value):
    back = there_and_back(value)
    assert type(back) is type(value)
    assert back == value


def test_dict_keys_keep_their_types():
    assert there_and_back({1: "a", "1": "b", (2, 3): None}) == {1: "a", "1": "b", (2, 3): None}


def test_a_generator_goes_on_where_it_was():
    rng = np.random.default_rng(7)
    rng.random(3)
    assert there_and_back(rng).random() == rng.random()


@pytest.mark.parametrize("value", [object(), np.array(["a"]), np.array([None]), {1, 2}, b"raw"])
def test_other_things_are_not_packed(value):
    with pytest.raises(WireError):
        Packer().pack(value)


def test_depth_is_limited():
    value = []
    for _ in range(100):
        value = [value]
    with pytest.raises(WireError, match="deep"):
        Packer().pack(value)


@pytest.mark.parametrize(
    "node",
    [
        {"a": ["O", [1], 0, "C"]},
        {"a": ["<f8", [2**50], 0, "C"]},
        {"a": ["<f8", [-1], 0, "C"]},
        {"a": ["<f8", [1], 7, "C"]},
        {"a": ["<f8,<f8", [1], 0, "C"]},
        {"g": ["os.system", {}]},
        {"unknown": 1},
        {"t": 3},
        {"d": [[[], 1]]},
        {"a": 1, "t": []},
        {},
        {"n": ["<f8", 0]},
    ],
)
def test_malformed_nodes_are_refused(node):
    with pytest.raises(WireError):
        Unpacker([bytearray(4)]).unpack(node)


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.recursive(JSON, lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=8))
def test_any_json_is_a_value_or_refused(node):
    try:
        Unpacker([]).unpack(node)
    except WireError:
        pass


def test_messages_arrive_with_their_buffers(channels):
    ours, theirs = channels
    ours.send({"op": "call"}, [b"abc", b""])
    message, buffers = theirs.receive(1)
    assert message["op"] == "call"
    assert buffers == [b"abc", b""]


def test_silence_is_a_time_out(channels):
    with pytest.raises(TimeOut):
        channels[0].receive(0.0)


def test_a_hang_up_is_noticed(channels):
    channels[1].close()
    with pytest.raises(Closed):
        channels[0].receive(1)


@pytest.mark.parametrize(
    "frame",
    [
        struct.pack("!IQ", 2**31, 0),
        struct.pack("!IQ", 2, 2**60),
        struct.pack("!IQ", 2, 0) + b"{]",
        struct.pack("!IQ", 2, 0) + b"[]",
        struct.pack("!IQ", 14, 0) + b'{"sizes": [5]}',
        struct.pack("!IQ", 13, 0) + b'{"sizes": "a"}'[:13],
        struct.pack("!IQ", 15, 0) + b'{"sizes": [-1]}',
        struct.pack("!IQ", 4, 0) + b"\xff\xfe\xfd\xfc",
    ],
)
def test_malformed_frames_are_refused(channels, frame):
    ours, theirs = channels
    os.write(ours.fd, frame)
    ours.close()
    with pytest.raises((WireError, Closed)):
        theirs.receive(1)


def test_truth_values_are_0_or_1_whatever_was_sent():
    node = {"a": ["|b1", [3], 0, "C"]}
    assert Unpacker([bytearray(b"\x00\x01\x07")]).unpack(node).sum() == 2


def test_integers_of_any_length_are_exact():
    packer, long = Packer(), -(3**100_000)
    assert Unpacker([]).unpack(packer.pack([long])) == [long]


@pytest.mark.parametrize("key", [2**61 - 1, {"c": [1.0, 2.0]}])
def test_keys_that_can_share_one_hash_are_refused(key):
    with pytest.raises(WireError, match="key"):
        Unpacker([]).unpack({"d": [[key, 0]]})
