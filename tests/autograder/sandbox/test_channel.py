"""Frames arrive whole, or the channel says why not."""

import contextlib
import os
import socket
import struct
import threading

import numpy as np
import pytest

from autograder.sandbox.channel import Channel, Closed, TimeOut, framed
from autograder.sandbox.wire import Packer, WireError


@pytest.fixture
def channels():
    ours, theirs = socket.socketpair()
    pair = Channel(ours.detach()), Channel(theirs.detach())
    yield pair
    for channel in pair:
        with contextlib.suppress(OSError):
            channel.close()


def test_messages_arrive_one_after_another(channels):
    ours, theirs = channels
    ours.send({"op": "call", "args": (np.arange(3.0), "x")})
    ours.send({"op": "next"})
    message = theirs.receive(1)
    assert message["args"][0].tolist() == [0, 1, 2]
    assert theirs.receive(1) == {"op": "next"}


def test_large_messages_arrive_in_pieces(channels):
    ours, theirs = channels
    array = np.random.default_rng(0).normal(size=(300, 4000))
    sender = threading.Thread(target=ours.send, args=({"value": array, "text": "x" * 10**6},))
    sender.start()
    message = theirs.receive(20)
    sender.join()
    np.testing.assert_array_equal(message["value"], array)
    assert len(message["text"]) == 10**6


def test_silence_is_a_time_out(channels):
    with pytest.raises(TimeOut):
        channels[0].receive(0.0)


def test_nobody_reading_is_a_time_out(channels):
    with pytest.raises(TimeOut):
        channels[0].write(framed(*Packer().pack({"value": np.zeros(10**7)})), seconds=0.05)


def test_a_hang_up_is_noticed(channels):
    channels[1].close()
    with pytest.raises(Closed):
        channels[0].receive(1)
    with pytest.raises(Closed):
        channels[0].send({})


def test_too_large_messages_are_not_sent():
    with pytest.raises(WireError, match="too large"):
        Packer().pack({"text": "x" * 9 * 1024**2})


def frame(header, body=b"", *, more=0, over=0):
    sizes = struct.pack("!IQ", len(header) + more, len(body) + over)
    return sizes + header + bytes(-len(header) % 16) + body


@pytest.mark.parametrize(
    "data",
    [
        frame(b"\x80", more=2**31),
        frame(b"\x80", over=2**60),
        frame(b"\x90"),
        frame(b"\x01"),
        frame(b""),
        frame(b"\xc1"),
        frame(b"\x80\x80"),
        frame(b"\x81\xa1x"),
        frame(b"\x80", over=1),
        b"\x00\x00",
    ],
)
def test_malformed_frames_are_refused(channels, data):
    ours, theirs = channels
    os.write(ours.fd, data)
    ours.close()
    with pytest.raises((WireError, Closed)):
        theirs.receive(1)


def test_the_smallest_message(channels):
    os.write(channels[0].fd, frame(b"\x80"))
    assert channels[1].receive(1) == {}
