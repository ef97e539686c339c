"""The wire carries values exactly and refuses everything else."""

import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from msgpack import ExtType

from autograder.sandbox import wire
from autograder.sandbox.wire import Packer, Unpacker, WireError, layout

NUMBERS = st.sampled_from(["<f8", "<f4", "<i8", "<u1", "<c16", "|b1", ">f8", "<i2"])
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers()
    | st.text() | st.text(st.characters()) | st.binary(max_size=4)
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
ARRAY, SCALAR, COMPLEX, INTEGER, MARK = range(5)


def there_and_back(value):
    header, buffers = Packer().pack(value)
    return Unpacker().unpack(header, bytearray(b"".join(buffers)))


def read(node, body=b"", **options):
    return Unpacker().unpack(msgpack.packb(node, **options), bytearray(body))


def place(kind="<f8", how="C", start=0, *shape):
    """Where and how an array lies, as it is sent."""
    return ExtType(
        ARRAY, struct.pack(f"<4s2sQ{len(shape)}Q", kind.encode(), how.encode(), start, *shape)
    )


def mark(letter):
    return ExtType(MARK, letter.encode())


@given(VALUES)
def test_plain_values_come_back_as_they_were(value):
    assert repr(there_and_back(value)) == repr(value)


@given(npst.arrays(NUMBERS, npst.array_shapes(min_dims=0, min_side=0)))
def test_arrays_keep_type_shape_and_bits(array):
    back = there_and_back([array, "x"])[0]
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


def test_arrays_of_one_message_share_no_memory():
    first, second = there_and_back([np.arange(3, dtype="u1"), np.arange(5.0)])
    first[:] = 9
    assert second.tolist() == [0, 1, 2, 3, 4]
    assert second.flags.aligned
    assert not np.may_share_memory(first, second)


@pytest.mark.parametrize("value", [np.float32(1.5), np.int64(-3), np.bool_(True), np.dtype("f4")])
def test_numpy_scalars_and_types_keep_their_kind(value):
    back = there_and_back(value)
    assert type(back) is type(value)
    assert back == value


@pytest.mark.parametrize("value", [slice(1, None, -1), Ellipsis, np.float64, 1 - 2j, (), [()]])
def test_what_an_index_or_an_argument_is_made_of(value):
    back = there_and_back(value)
    assert type(back) is type(value)
    assert back == value


def test_dict_keys_keep_their_types():
    assert there_and_back({1: "a", "1": "b", (2, 3): None}) == {1: "a", "1": "b", (2, 3): None}


def test_a_generator_goes_on_where_it_was():
    for name in ("PCG64", "SFC64", "MT19937", "Philox"):
        rng = np.random.Generator(getattr(np.random, name)(7))
        rng.random(3)
        assert there_and_back(rng).random() == rng.random()


@pytest.mark.parametrize("value", [object(), np.array(["a"]), np.array([None]), {1, 2}, print])
def test_other_things_are_not_packed(value):
    with pytest.raises(WireError):
        Packer().pack([value])


def test_integers_of_any_length_are_exact():
    long = -(3**100_000)
    assert there_and_back([long, 2**63, -(2**63) - 1]) == [long, 2**63, -(2**63) - 1]


def test_endless_values_are_refused():
    value = []
    value.append(value)
    with pytest.raises(WireError, match="recursion"):
        Packer().pack(value)


def test_deep_messages_are_refused():
    for opener in (b"\x91", b"\x81\xa1x", b"\x92" + msgpack.packb(mark("t"))):
        with pytest.raises(WireError):
            Unpacker().unpack(opener * 5000 + b"\xc0", bytearray())


@pytest.mark.parametrize(
    "node",
    [
        place("|O", "C", 0, 1),
        place("<f8", "C", 0, 2**50),
        place("<f8", "C", 0, 2**39, 2**39),
        place("<f8", "C", 0, 3),
        place("<f8", "C", 2**63, 1),
        place("<M8", "C", 0, 1),
        place("<f8", "", 0, 1),
        ExtType(ARRAY, b"<f8"),
        ExtType(ARRAY, b"x" * 14 + bytes(8 * 40)),
        ExtType(SCALAR, b"<f8 1234"),
        ExtType(SCALAR, b""),
        ExtType(COMPLEX, b"1234"),
        ExtType(99, b""),
        mark("t"),
        mark("q"),
        {"x": mark("t")},
        [1, mark("t")],
        [mark("t"), mark("t")],
        [mark("h"), 1],
        [mark("g"), "os.system", {}],
        [mark("g"), "PCG64", {}],
        [mark("g")],
        [mark("s"), 1],
        [mark("d"), "O"],
        [mark("d"), 3],
        [mark("n"), "<f8", 1],
    ],
)
def test_malformed_messages_are_refused(node):
    with pytest.raises(WireError):
        read(node, bytes(16))


def test_the_malformed_ones_are_near_to_good_ones():
    assert read([mark("t"), 1, [mark("t")]]) == (1, ())
    assert read(place("<f8", "C", 8, 1), bytes(16)).tolist() == [0.0]
    assert read(place("<f8", "Sr", 0, 0, 5)).shape == (0, 5)
    assert read(ExtType(SCALAR, b"<f8 12345678")) != 0
    assert len(wire._MARKS) == 11


@given(st.binary(max_size=60), st.binary(max_size=32))
def test_any_bytes_are_a_message_or_refused(header, body):
    try:
        Unpacker().unpack(header, bytearray(body))
    except WireError:
        pass


def test_truth_values_are_0_or_1_whatever_was_sent():
    assert read(place("|b1", "C", 0, 3), b"\x00\x01\x07").sum() == 2
    assert read(ExtType(SCALAR, b"|b1 \x07")).view(np.uint8) == 1


@pytest.mark.parametrize(
    "key", [2**61 - 1, 1 + 2j, np.complex64(1j), (0, (3 * (2**61 - 1),)), 2**200]
)
def test_keys_that_can_share_one_hash_are_refused(key):
    with pytest.raises(WireError, match="key"):
        there_and_back({key: 0})


def test_keys_that_cannot_be_hashed_are_refused():
    with pytest.raises(WireError):
        Unpacker().unpack(b"\x81\x90\x01", bytearray())  # {[]: 1}
