"""Messages out of a stream: split at every octet, many in one read, torn, over sockets and asyncio."""

from __future__ import annotations

import asyncio
import importlib
import socket
import threading
from typing import Any

import pytest

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
