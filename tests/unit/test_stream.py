"""Messages out of a stream: split at every octet, many in one read, torn, over sockets and asyncio."""

from __future__ import annotations

import asyncio
import importlib
import socket
import threading
from itertools import product
from typing import Any

import pytest
from support.each import each

KEEPALIVE = bytes.fromhex("ff" * 16 + "001304")
UPDATE = bytes.fromhex("ff" * 16 + "001b02" + "0000" + "0000" + "180a0001")
LONG = b"\xff" * 16 + (65535).to_bytes(2) + b"\x02" + b"\0\0\xff\xe8" + bytes.fromhex("d0ff" + "ffe4") + bytes(65508)


def stream(impl: Any) -> Any:
    return importlib.import_module("bgpwire.stream")


def test_split_at_every_octet(impl: Any) -> None:
    octets = KEEPALIVE + UPDATE + KEEPALIVE
    for cut in range(len(octets) + 1):
        framer = stream(impl).Framer()
        out = [bytes(view) for part in (octets[:cut], octets[cut:]) for view in framer.feed(part)]
        assert out == [KEEPALIVE, UPDATE, KEEPALIVE]
        framer.finish()


def test_one_octet_a_read(impl: Any) -> None:
    framer = stream(impl).Framer()
    out = [bytes(view) for octet in KEEPALIVE + UPDATE for view in framer.feed(bytes((octet,)))]
    assert out == [KEEPALIVE, UPDATE]
    assert framer.offset == len(KEEPALIVE + UPDATE)


def test_many_messages_in_one_read(impl: Any) -> None:
    """More than the buffer holds, so that it is filled and emptied several times."""
    framer = stream(impl).Framer()
    assert sum(view == UPDATE for view in framer.feed(UPDATE * 20_000)) == 20_000


def test_filled_in_place(impl: Any) -> None:
    framer = stream(impl).Framer()
    out = []
    octets = (KEEPALIVE + UPDATE) * 5_000
    at = 0
    while at < len(octets):
        room = framer.buffer(1000)
        part = octets[at : at + len(room)]
        room[: len(part)] = part
        framer.received(len(part))
        at += len(part)
        out += [len(view) for view in framer]
    assert out == [19, 27] * 5_000
    with pytest.raises(ValueError, match="do not fit"):
        framer.received(1 << 20)


def test_no_room_until_messages_are_taken(impl: Any) -> None:
    framer = stream(impl).Framer(max_message=65535)
    octets = KEEPALIVE * 10_000
    while framer.pending < 2 * 65535 + 2:
        room = framer.buffer()
        room[:] = octets[: len(room)]
        framer.received(len(room))
    with pytest.raises(BufferError):
        framer.buffer()


def test_extended_messages(impl: Any) -> None:
    """RFC 8654: up to 65,535 octets where negotiated, refused where not."""
    framer = stream(impl).Framer(max_message=65535)
    assert [len(view) for view in framer.feed(LONG + KEEPALIVE + LONG)] == [65535, 19, 65535]
    with pytest.raises(impl.MessageHeaderError) as caught:
        list(stream(impl).Framer().feed(LONG))
    assert (caught.value.code, caught.value.subcode, caught.value.data) == (1, 2, b"\xff\xff")


@pytest.mark.parametrize(
    ("octets", "subcode", "offset"),
    [
        pytest.param(b"\xff" * 15 + b"\xfe\x00\x13\x04", 1, 0, id="marker"),
        pytest.param(b"\xff" * 16 + b"\x00\x12\x04", 2, 16, id="too short"),
        pytest.param(b"\xff" * 16 + b"\x10\x01\x02", 2, 16, id="too long"),
        pytest.param(b"\xff" * 16 + b"\x00\x14\x04\x00", 2, 16, id="KEEPALIVE with a body"),
        pytest.param(b"\xff" * 16 + b"\x00\x13\x09", 3, 18, id="type"),
    ],
)
def test_bad_header(impl: Any, octets: bytes, subcode: int, offset: int) -> None:
    """RFC 4271 section 6.1; the offset counts from the start of the stream, and the stream stays lost."""
    framer = stream(impl).Framer()
    with pytest.raises(impl.MessageHeaderError) as caught:
        list(framer.feed(UPDATE + octets))
    assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, subcode, len(UPDATE) + offset)
    with pytest.raises(impl.MessageHeaderError):
        next(framer)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_resynchronises_at_the_next_marker(impl: Any, size: int) -> None:
    junk = b"junk \xff\xff\xff and more"
    octets = UPDATE + junk + UPDATE + junk[:3] + KEEPALIVE
    framer = stream(impl).Framer(resynchronise=True)
    out = [bytes(v) for at in range(0, len(octets), size) for v in framer.feed(octets[at : at + size])]
    assert out == [UPDATE, UPDATE, KEEPALIVE]
    assert [(gap.offset, gap.length) for gap in framer.gaps] == [(27, len(junk)), (54 + len(junk), 3)]
    assert framer.gaps[0].error.subcode == 1


@each("size, ones, length", product((1, 5, 17, 1000), (1, 2, 3, 15, 16, 17, 40), (27, 0x0102, 0x0217, 0x0301)))
def test_junk_that_ends_in_ones(impl: Any, ones: int, length: int, size: int) -> None:
    """Of more than 16 octets of ones the last 16 are the marker, or a length of 65,000 would be read out of them."""
    update = b"\xff" * 16 + length.to_bytes(2) + b"\x02" + bytes(length - 19)
    junk = b"junk" + b"\xff" * ones
    octets = UPDATE + junk + update + KEEPALIVE
    for strict_type in (True, False):
        framer = stream(impl).Framer(65535, resynchronise=True, strict_type=strict_type)
        out = [bytes(v) for at in range(0, len(octets), size) for v in framer.feed(octets[at : at + size])]
        assert out == [UPDATE, update, KEEPALIVE]
        assert [(gap.offset, gap.length) for gap in framer.gaps] == [(27, len(junk))]


@pytest.mark.parametrize("junk", [b"junk", b"\xff" * 15 + b"\xfe"])
def test_length_that_begins_with_ones_is_found(impl: Any, junk: bytes) -> None:
    octets = UPDATE + junk + LONG + KEEPALIVE
    framer = stream(impl).Framer(65535, resynchronise=True)
    assert [len(v) for at in range(0, len(octets), 999) for v in framer.feed(octets[at : at + 999])] == [27, 65535, 19]
    assert [gap[:2] for gap in framer.gaps] == [(27, len(junk))]


def test_ones_without_end(impl: Any) -> None:
    """They are stepped over as they come: nothing piles up, and it is one gap."""
    framer = stream(impl).Framer(resynchronise=True)
    for _ in range(10):
        assert list(framer.feed(b"\xff" * 50_000)) == []
        assert framer.pending < 19
    framer.finish()
    assert [gap[:2] for gap in framer.gaps] == [(0, 500_000)]
    assert framer.offset == 500_000


def test_gaps_account_for_every_octet(impl: Any) -> None:
    """Sound headers within junk are messages; two holes with a message between them are two gaps."""
    bad = b"\xff" * 16 + b"\x00\x12\x04"
    octets = bad + bad + UPDATE + bad + b"x" * 30 + KEEPALIVE + bad[:10] + b"y" * 30
    framer = stream(impl).Framer(resynchronise=True)
    out = [bytes(v) for v in framer.feed(octets)]
    assert out == [UPDATE, KEEPALIVE]
    assert [gap[:2] for gap in framer.gaps] == [(0, 38), (65, 49), (133, 40)]
    assert [gap.error.subcode for gap in framer.gaps] == [2, 2, 1]
    assert sum(map(len, out)) + sum(gap.length for gap in framer.gaps) == len(octets) == framer.offset


def test_views_are_read_only_and_stay_until_more_is_fed(impl: Any) -> None:
    framer = stream(impl).Framer()
    views = list(framer.feed((KEEPALIVE + UPDATE) * 5_000))
    assert all(view == (UPDATE if at % 2 else KEEPALIVE) for at, view in enumerate(views))
    with pytest.raises(TypeError, match="read-only"):
        views[0][0] = 0


def test_octets_are_taken_in_whether_messages_are_taken_or_not(impl: Any) -> None:
    framer = stream(impl).Framer()
    framer.feed(KEEPALIVE + UPDATE * 10_000)
    for view in framer.feed(KEEPALIVE):
        assert view == KEEPALIVE
        break
    assert framer.pending == 27 * 10_000 + 19
    framer.finish()
    rest = [bytes(view) for view in framer.feed(b"")]
    assert rest == [UPDATE] * 10_000 + [KEEPALIVE]
    framer.buffer()
    assert framer.offset == 27 * 10_000 + 38


def test_more_may_be_fed_between_messages(impl: Any) -> None:
    framer = stream(impl).Framer()
    out = []
    for view in framer.feed(KEEPALIVE + UPDATE[:10]):
        out.append(bytes(view))
        if len(out) == 1:
            framer.feed(UPDATE[10:] + UPDATE * 9_999)
    assert out == [KEEPALIVE] + [UPDATE] * 10_000


def test_lost_stream_takes_nothing_in(impl: Any) -> None:
    framer = stream(impl).Framer()
    with pytest.raises(impl.MessageHeaderError):
        list(framer.feed(bytes(19)))
    for _ in range(5):
        room = framer.buffer()
        framer.received(len(room))
        with pytest.raises(impl.MessageHeaderError):
            list(framer.feed(UPDATE * 5_000))
    assert framer.pending == 19
    assert (framer.lost.subcode, framer.offset) == (1, 0)
    framer.finish()


def test_end_behind_messages_that_wait(impl: Any) -> None:
    """Only what is no whole message is truncated."""
    framer = stream(impl).Framer()
    framer.feed(UPDATE + KEEPALIVE)
    framer.finish()
    framer.feed(UPDATE[:5])
    with pytest.raises(impl.TruncatedError, match="5 octets into a message"):
        framer.finish()


def test_no_room_for_nothing(impl: Any) -> None:
    with pytest.raises(ValueError, match="room for 0"):
        stream(impl).Framer().buffer(0)


def test_stream_that_ends_within_a_message(impl: Any) -> None:
    framer = stream(impl).Framer()
    assert list(framer.feed(UPDATE[:-1])) == []
    with pytest.raises(impl.TruncatedError) as caught:
        framer.finish()
    assert caught.value.offset == len(UPDATE) - 1


def test_what_is_no_buffer_is_refused(impl: Any) -> None:
    for wrong in ("text", None, 5):
        with pytest.raises(TypeError):
            list(stream(impl).Framer().feed(wrong))


def test_socket(impl: Any) -> None:
    ours, theirs = socket.socketpair()
    octets = (KEEPALIVE + UPDATE) * 3_000

    def send() -> None:
        with theirs:
            theirs.sendall(octets)

    thread = threading.Thread(target=send)
    thread.start()
    with ours:
        reader = stream(impl).MessageReader(ours)
        assert [len(view) for view in reader] == [19, 27] * 3_000
        assert reader.read() is None
    thread.join()


def test_asyncio(impl: Any) -> None:
    module = stream(impl)

    class Collect(module.MessageProtocol):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.out: list[bytes] = []
            self.error: Any = None
            self.done = asyncio.get_running_loop().create_future()

        def message_received(self, message: memoryview) -> None:
            self.out.append(bytes(message))

        def error_received(self, error: Any) -> None:
            self.error = error
            super().error_received(error)

        def connection_lost(self, exc: Exception | None) -> None:
            self.done.set_result(None)

    async def talk(octets: bytes) -> Any:
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        _, protocol = await loop.connect_accepted_socket(Collect, ours)
        theirs.setblocking(False)
        for at in range(0, len(octets), 50):
            await loop.sock_sendall(theirs, octets[at : at + 50])
        theirs.close()
        await protocol.done
        return protocol

    sound = asyncio.run(talk((KEEPALIVE + UPDATE) * 100))
    assert sound.out == [KEEPALIVE, UPDATE] * 100
    assert sound.error is None
    torn = asyncio.run(talk(KEEPALIVE + UPDATE[:-4]))
    assert torn.out == [KEEPALIVE]
    assert type(torn.error).__name__ == "TruncatedError"
    lost = asyncio.run(talk(KEEPALIVE + bytes(30)))
    assert lost.error.subcode == 1


def test_asyncio_tells_once_and_keeps_errors_apart(impl: Any) -> None:
    """A lost stream that is not closed stays silent; what message_received raises is its own."""
    module = stream(impl)
    errors: list[Any] = []

    class Stay(module.MessageProtocol):  # type: ignore[misc,name-defined]
        def error_received(self, error: Any) -> None:
            errors.append(error)

        def message_received(self, message: memoryview) -> None:
            raise impl.MessageHeaderError("mine", 0, None, 2)

    def arrive(protocol: Any, octets: bytes) -> None:
        room = protocol.get_buffer(-1)
        room[: len(octets)] = octets
        protocol.buffer_updated(len(octets))

    lost = Stay()
    for _ in range(10):
        arrive(lost, bytes(60_000))
    lost.eof_received()
    assert [error.subcode for error in errors] == [1]
    with pytest.raises(impl.MessageHeaderError, match="mine"):
        arrive(Stay(), KEEPALIVE)
    assert len(errors) == 1


def test_a_stream_that_is_lost_at_its_end(impl: Any) -> None:
    """What is no header is told by whoever takes the messages (RFC 4271 section 6.1: 1/1), not by the end too."""
    framer = stream(impl).Framer()
    taken = framer.feed(KEEPALIVE + bytes(19))
    framer.finish()
    assert bytes(next(taken)) == KEEPALIVE
    framer.finish()
    with pytest.raises(impl.MessageHeaderError) as caught:
        next(taken)
    assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, 1, 19)
    framer.finish()
