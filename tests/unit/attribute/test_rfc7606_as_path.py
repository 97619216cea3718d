"""AS_PATH with AS4_PATH (RFC 6793 sections 4.2.3 and 6), and paths that are not what they seem."""

from __future__ import annotations

from typing import Any

import pytest
from support.context import attribute, update

TRANS = 23456
PREFIX = b"\x18\xc6\x33\x64"


def _path(text: str, width: int) -> bytes:
    """``2:1,2 1:3,4``: segment type and AS numbers of ``width`` octets."""
    out = b""
    for segment in text.split():
        kind, _, numbers = segment.partition(":")
        asns = [int(number) for number in numbers.split(",")]
        out += bytes((int(kind), len(asns))) + b"".join(asn.to_bytes(width) for asn in asns)
    return out


def _attributes(impl: Any, path: str, path4: str | None, extra: bytes = b"", asn4: bool = False) -> Any:
    block = attribute(0x40, 2, _path(path, 4 if asn4 else 2)) + extra
    if path4 is not None:
        block += attribute(0xC0, 17, _path(path4, 4))
    return impl.PathAttributes(block, session=impl.Session(asn4=asn4))


@pytest.mark.parametrize(
    ("path", "path4", "merged"),
    [
        ("2:100,23456,23456", "2:70000,70001", "100 70000 70001"),
        ("2:1,2 2:3,4", "2:9,10", "1 2 9 10"),
        ("2:1,23456 1:23456,5", "2:70000 1:70001,5", "1 70000 {70001,5}"),
        ("3:64512,64513 2:1,23456", "2:70000", "(64512 64513) 1 70000"),
        ("2:1,2", "2:70000,70001,70002", "1 2"),
        ("2:1,23456", "3:64512 2:70000", "1 70000"),
        ("2:23456", "2:70000", "70000"),
        ("2:1,2", "3:64512", "1 2"),
        ("2:23456,2", None, "23456 2"),
    ],
)
def test_merge(impl: Any, path: str, path4: str | None, merged: str) -> None:
    """Pitfalls 8 and 9: count, keep the leading hops, leave AS_TRANS alone without an AS4_PATH."""
    found = _attributes(impl, path, path4)
    assert str(found.as_path) == merged
    assert bytes(found[2]) == _path(path, 2)
    if path4 is not None:
        assert bytes(found[17]) == _path(path4, 4)


def test_aggregator_that_is_not_as_trans_voids_the_merge(impl: Any) -> None:
    """Pitfall 9: RFC 6793 section 4.2.3."""
    four = attribute(0xC0, 18, (70000).to_bytes(4) + b"\xc0\0\2\1")
    for asn, path, aggregator in ((65000, "1 23456", 65000), (TRANS, "1 70000", 70000)):
        two = attribute(0xC0, 7, asn.to_bytes(2) + b"\xc0\0\2\1")
        found = _attributes(impl, "2:1,23456", "2:70000", two + four)
        assert str(found.as_path) == path
        assert found.aggregator.asn == aggregator


def test_as4_path_on_a_4_octet_session_is_discarded(impl: Any) -> None:
    """Pitfall 10."""
    found = _attributes(impl, "2:1,23456", "2:70000", asn4=True)
    assert str(found.as_path) == "1 23456"
    assert str(found[17]) == "70000"


def test_width_comes_from_the_session_alone(impl: Any) -> None:
    """Pitfall 3: the same octets are two paths."""
    octets = bytes.fromhex("0202006400c80201012c")
    texts = {
        asn4: str(impl.PathAttributes(attribute(0x40, 2, octets), session=impl.Session(asn4=asn4)).as_path)
        for asn4 in (True, False)
    }
    assert texts == {True: "6553800 33620268", False: "100 200 300"}


def test_an_overrun_reads_nothing_of_the_next_attribute(impl: Any) -> None:
    """Pitfall 12."""
    block = attribute(0x40, 2, b"\2\3\0\0\xfd\xe8") + attribute(0x40, 3, b"\xc0\0\2\1")
    found = impl.Message.decode(update(b"", attribute(0x40, 1, b"\0") + block, PREFIX))
    assert found.attributes.as_path is None
    assert str(found.attributes.next_hop) == "192.0.2.1"
    assert found.action == "treat_as_withdraw"


def test_sets_count_once_and_confederations_never(impl: Any) -> None:
    """Pitfalls 13 and 14."""
    path = _attributes(impl, "3:64512,64513 4:64514,64515 2:1,2 1:3,4", None).as_path
    assert path.hops == 3
    assert str(path) == "(64512 64513) [64514,64515] 1 2 {3,4}"
    assert path.origin_asns == (3, 4)


def test_more_than_255_are_several_segments(impl: Any) -> None:
    """Pitfall 15."""
    numbers = ",".join(["1"] * 255)
    path = _attributes(impl, f"2:{numbers} 2:2", None).as_path
    assert path.hops == len(path) == 256
    assert path.origin_asn == 2


@pytest.mark.parametrize(
    ("value", "offset"),
    [("0200", None), ("0201fbf40100", None), ("02000100", None), ("020002", 2), ("02000500", 2), ("02000202fbf4", 2)],
)
def test_segments_without_an_as_number_can_be_taken(impl: Any, value: str, offset: int | None) -> None:
    """What ExaBGP does with them; every other fault stays one, where it is."""
    data = bytes.fromhex(value)
    check = impl._impl.check_as_path
    with pytest.raises(impl.UpdateMessageError):
        check(data, 0, len(data), False)
    if offset is None:
        check(data, 0, len(data), False, empty=True)
        return
    with pytest.raises(impl.UpdateMessageError) as caught:
        check(data, 0, len(data), False, empty=True)
    assert caught.value.offset == offset
