"""Message headers, where the next message begins, and the three sections of an UPDATE."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import MARKER, message

KEEPALIVE = message(4, b"")


def test_header_that_is_not_all_there(impl: Any) -> None:
    for size in range(19):
        assert impl._impl.check_header(KEEPALIVE, 0, size, 4096) == 0
    assert impl._impl.check_header(KEEPALIVE, 0, 19, 4096) == 19
    assert impl._impl.check_header(b"--" + KEEPALIVE + b"-", 2, 22, 4096) == 19


@pytest.mark.parametrize("at", range(16))
def test_marker(impl: Any, at: int) -> None:
    """RFC 4271 section 6.1: 1/1, Connection Not Synchronized."""
    data = bytearray(KEEPALIVE)
    data[at] = 0xFE
    with pytest.raises(impl.MessageHeaderError) as caught:
        impl._impl.check_header(bytes(data), 0, 19, 4096)
    assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, 1, 0)
    with pytest.raises(impl.MessageHeaderError):
        impl.Message.decode(data)


# RFC 4271 section 6.1 with RFC 8654 section 4: type, the lengths that it may have.
LENGTHS = [
    (1, 29, 4096),
    (2, 23, 65535),
    (3, 21, 65535),
    (4, 19, 19),
    (5, 23, 65535),
    (77, 19, 65535),
]


@pytest.mark.parametrize(("kind", "least", "most"), LENGTHS)
def test_lengths(impl: Any, kind: int, least: int, most: int) -> None:
    """1/2, Bad Message Length, and the Data field is the length."""
    for length in (0, 18, 19, 20, 21, 22, 23, 28, 29, 4095, 4096, 4097, 65535):
        header = MARKER + length.to_bytes(2) + bytes((kind,))
        for longest in (4096, 65535):
            if least <= length <= min(most, longest):
                assert impl._impl.check_header(header, 0, 19, longest) == length
                continue
            with pytest.raises(impl.MessageHeaderError) as caught:
                impl._impl.check_header(header, 0, 19, longest)
            error = caught.value
            assert (error.code, error.subcode, error.offset, error.data) == (1, 2, 16, length.to_bytes(2))


def test_types(impl: Any) -> None:
    """1/3, Bad Message Type, on request: an offline decoder keeps what it does not know."""
    for kind in (0, 6, 128, 255):
        header = MARKER + b"\0\x17" + bytes((kind,))
        assert impl._impl.check_header(header, 0, 19, 4096) == 23
        with pytest.raises(impl.MessageHeaderError) as caught:
            impl._impl.check_header(header, 0, 19, 4096, True)
        assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, 3, 18)
        assert caught.value.data == bytes((kind,))


def test_finding_the_next_marker(impl: Any) -> None:
    find = impl._impl.find_marker
    assert find(KEEPALIVE, 0, 19) == 0
    assert find(b"abc" + KEEPALIVE, 0, 22) == 3
    assert find(b"abc", 0, 3) == 3
    assert find(b"", 0, 0) == 0
    # A marker that may yet come: at most 15 octets of ones at the end are kept.
    for size in range(16):
        assert find(b"abc" + b"\xff" * size, 0, 3 + size) == 3
    assert find(b"\xff" * 15 + b"abc", 0, 18) == 18
    assert find(KEEPALIVE * 2, 1, 38) == 19


def test_more_or_less_than_a_message(impl: Any) -> None:
    with pytest.raises(impl.TruncatedError) as caught:
        impl.Message.decode(KEEPALIVE[:-1])
    assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, 2, 18)
    with pytest.raises(impl.TruncatedError):
        impl.Message.decode(b"")
    with pytest.raises(impl.MessageHeaderError) as caught:
        impl.Message.decode(KEEPALIVE + b"-")
    assert (caught.value.code, caught.value.subcode, caught.value.offset) == (1, 2, 19)


def test_split(impl: Any) -> None:
    """RFC 4271 section 4.3: three views of the same octets."""
    body = bytearray(b"\0\2\x08\x0a\0\4\x40\1\1\0\x10\xc0\xa8")
    withdrawn, attributes, nlri = impl.split(body)
    assert [bytes(view) for view in (withdrawn, attributes, nlri)] == [b"\x08\x0a", b"\x40\1\1\0", b"\x10\xc0\xa8"]
    assert all(isinstance(view, memoryview) for view in (withdrawn, attributes, nlri))
    body[3] = 0x0B
    assert bytes(withdrawn) == b"\x08\x0b", "nothing is copied"
    assert [len(view) for view in impl.split(bytes(4))] == [0, 0, 0]


@pytest.mark.parametrize(
    ("body", "offset"),
    [
        (b"", 0),
        (b"\0\0\0", 0),
        (b"\0\1\0\0", 0),
        (b"\0\5\x08\x0a\0\0", 0),
        (b"\xff\xff\0\0", 0),
        (b"\0\0\0\1", 2),
        (b"\0\2\x08\x0a\0\5\x40\1\1\0", 4),
        (b"\0\0\xff\xff", 2),
    ],
)
def test_split_of_lengths_that_lie(impl: Any, body: bytes, offset: int) -> None:
    """RFC 4271 section 6.3: 3/1, Malformed Attribute List; RFC 7606 section 3 b leaves it a session reset."""
    with pytest.raises(impl.UpdateMessageError) as caught:
        impl.split(body)
    error = caught.value
    assert (error.code, error.subcode, error.offset, error.action) == (3, 1, offset, "session_reset")
