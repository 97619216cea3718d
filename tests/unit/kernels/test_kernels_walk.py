"""Walks over other people's buffers: where they end, what they hold, and that no thread can lead them outside."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest
from support.context import ATTRIBUTES, message, record, update

THREE = update(nlri=b"\x08\x0a") + message(4, b"") + update(attributes=ATTRIBUTES, nlri=b"\x10\x0a\x01")
RECORDS = record(16, 4, b"abc") + record(13, 2, b"") + record(60000, 65535, b"x" * 300, seconds=2**32 - 1)


def test_messages(impl: Any) -> None:
    walk = impl.kernels.walk_messages(THREE)
    assert [(kind, THREE[start - 1], end - start) for kind, start, end in walk] == [(2, 2, 6), (4, 4, 0), (2, 2, 21)]
    assert (walk.offset, walk.fault) == (len(THREE), None)


@pytest.mark.parametrize("left", [0, 1, 18, 19, 20])
def test_message_that_is_not_all_there(impl: Any, left: int) -> None:
    walk = impl.kernels.walk_messages(THREE + THREE[:left])
    assert len(list(walk)) == 3
    assert (walk.offset, walk.fault) == (len(THREE), None)


def test_header_that_is_wrong(impl: Any) -> None:
    """RFC 4271 section 6.1: marker 1/1, length 1/2, and type 1/3 where that is asked for."""
    wrong = bytearray(THREE * 2)
    for at, octet, subcode in ((len(THREE) + 3, 0, 1), (len(THREE) + 16, 0xFF, 2), (len(THREE) + 18, 9, 3)):
        one = bytes(wrong[:at]) + bytes((octet,)) + bytes(wrong[at + 1 :])
        walk = impl.kernels.walk_messages(one, strict_type=True)
        assert len(list(walk)) == 3
        assert isinstance(walk.fault, impl.MessageHeaderError)
        assert (walk.fault.code, walk.fault.subcode, walk.offset) == (1, subcode, len(THREE))
        assert len(THREE) <= walk.fault.offset < len(THREE) + 19
    assert [kind for kind, *_ in impl.kernels.walk_messages(one)][3:] == [9, 4, 2]


def test_long_message(impl: Any) -> None:
    """RFC 8654: an UPDATE may be longer than 4,096 octets where both sides said so."""
    long = update(attributes=b"\xd0\xfe\x13\x88" + bytes(5000))
    walk = impl.kernels.walk_messages(long)
    assert list(walk) == []
    assert walk.fault.subcode == 2
    assert list(impl.kernels.walk_messages(long, max_message=65535)) == [(2, 19, len(long))]


def test_records(impl: Any) -> None:
    walk = impl.kernels.walk_records(RECORDS)
    found = [(*head, RECORDS[start:end]) for *head, start, end in walk]
    assert found == [
        (1_000_000_000, 16, 4, b"abc"),
        (1_000_000_000, 13, 2, b""),
        (2**32 - 1, 60000, 65535, b"x" * 300),
    ]
    for left in (1, 11, 12, 14):
        walk = impl.kernels.walk_records(RECORDS + RECORDS[:left])
        assert len(list(walk)) == 3
        assert (walk.offset, walk.fault) == (len(RECORDS), None)


def test_attributes(impl: Any) -> None:
    """Flags, code and value of each, behind 3 or 4 octets of header (RFC 4271 section 4.3)."""
    block = ATTRIBUTES + b"\xd0\xfe\0\x02hi"
    walk = impl.kernels.walk_attributes(block)
    assert [(flags, code, block[start:end]) for flags, code, start, end in walk] == [
        (0x40, 1, b"\0"),
        (0x40, 2, b""),
        (0x40, 3, bytes((192, 0, 2, 1))),
        (0xD0, 254, b"hi"),
    ]
    assert walk.fault is None


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_attribute_that_runs_over_the_end(impl: Any, cut: int) -> None:
    """RFC 7606 section 4: those before it are given, the fault is 3/1 and has the octets that are left."""
    block = ATTRIBUTES + (b"\xc0\x08\x04\0\0\0\1")[:-cut]
    walk = impl.kernels.walk_attributes(block)
    assert [code for _, code, _, _ in walk] == [1, 2, 3]
    assert (walk.fault.code, walk.fault.subcode, walk.fault.offset) == (3, 1, len(ATTRIBUTES))
    assert walk.fault.data == block[len(ATTRIBUTES) :]
    assert walk.offset == len(ATTRIBUTES)


WALKS = ("walk_attributes", "walk_messages", "walk_records")
SOUND = {"walk_attributes": ATTRIBUTES, "walk_messages": THREE, "walk_records": RECORDS}


@pytest.mark.parametrize("name", WALKS)
def test_buffer_is_held_meanwhile(impl: Any, name: str) -> None:
    data = bytearray(SOUND[name])
    walk = getattr(impl.kernels, name)(data)
    assert next(walk)
    with pytest.raises(BufferError):
        data.append(0)
    assert len(list(walk)) == 2
    data.append(0)  # let go at the end
    with getattr(impl.kernels, name)(data) as walk:
        assert next(walk)
        at = walk.offset
        with pytest.raises(BufferError):
            data.clear()
    data.clear()
    assert (list(walk), walk.offset, walk.fault) == ([], at, None)
    walk.close()


@pytest.mark.parametrize("name", WALKS)
def test_octets_that_change_meanwhile(impl: Any, name: str) -> None:
    """Lengths that grow under a walk: it ends or gives other numbers, and stays within the buffer."""
    data = bytearray(SOUND[name])
    for octet in (0, 0x7F, 0xFF):
        for at in range(len(data)):
            changed = bytearray(data)
            walk = getattr(impl.kernels, name)(changed)
            next(walk)
            changed[at:] = bytes((octet,)) * (len(data) - at)
            assert all(0 <= start <= end <= len(data) for *_, start, end in walk)


def test_another_thread_writes(impl: Any) -> None:
    """Wrong values are to be expected, and nothing else."""
    data = bytearray(THREE * 20)
    attributes = bytearray(ATTRIBUTES * 20)
    done = threading.Event()

    def write() -> None:
        n = 0
        while not done.is_set():
            n += 1
            data[n * 7919 % len(data)] = n & 0xFF
            attributes[n * 104729 % len(attributes)] = n & 0xFF

    writer = threading.Thread(target=write)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    writer.start()
    try:
        for _ in range(200):
            for octets in (data, attributes):
                for afi in (1, 2):
                    for name in ("decode_prefixes", "decode_labelled", "decode_vpn"):
                        values, _ = getattr(impl.kernels, name)(octets, afi)
                        assert all(str(value) for value in values)
                path, _ = impl.kernels.decode_as_path(octets)
                assert str(path) is not None
                assert all(0 <= start <= end <= len(octets) for *_, start, end in impl.kernels.walk_attributes(octets))
                assert all(0 <= start <= end <= len(octets) for *_, start, end in impl.kernels.walk_messages(octets))
    finally:
        done.set()
        writer.join()
        sys.setswitchinterval(interval)


def test_label_stack_and_what_follows(impl: Any) -> None:
    """RFC 8277 section 2: labels of 20 bits, the bottom-of-stack bit, 0x800000 in a withdrawal."""
    data = bytearray(bytes.fromhex("000640 000651") + b"tail")
    labels, rest, fault = impl.kernels.decode_labels(data)
    assert (str(labels), bytes(rest), fault) == ("100/101", b"tail", None)
    assert rest.obj is data
    labels, rest, fault = impl.kernels.decode_labels(bytes.fromhex("800000") + b"tail", withdraw=True)
    assert (bytes(labels), bytes(rest), fault) == (bytes.fromhex("800000"), b"tail", None)
    labels, rest, fault = impl.kernels.decode_labels(bytes.fromhex("000640 0006"))
    assert (str(labels), bytes(rest)) == ("100", bytes.fromhex("0006"))
    assert (fault.reason, fault.offset) == ("label stack without an end", 3)


def test_what_stands_before_a_fault(impl: Any) -> None:
    kernels = impl.kernels
    prefixes, fault = kernels.decode_prefixes(b"\x08\x0a\x10\x0a\x01\x21\x0a", 1)
    assert ([str(one) for one in prefixes], fault.offset) == (["10.0.0.0/8", "10.1.0.0/16"], 5)
    path, fault = kernels.decode_as_path(b"\2\1\0\0\xfb\xf0\5\1\0\0\0\1")
    assert (str(path), fault.offset, fault.subcode) == ("64496", 6, 11)
    communities, fault = kernels.decode_communities(b"\xfb\xf0\0\x64\xfb")
    assert ([str(one) for one in communities], fault.reason) == (
        ["64496:100"],
        "COMMUNITIES of 5 octets, not a multiple of 4",
    )
    assert kernels.decode_communities(b"")[1] is not None
    large, fault = kernels.decode_large_communities(bytes(12) + b"x")
    assert (len(large), fault.offset) == (1, 0)
