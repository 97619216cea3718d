"""BMP of version 4 (draft-ietf-grow-bmp-tlv, draft-ietf-grow-bmp-path-marking-tlv)."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from support import made_bmp as made


def monitoring(*tlvs: bytes, **peer: int) -> bytes:
    return made.bmp(0, made.header(**peer) + b"".join(tlvs), 4)  # type: ignore[arg-type]


# By the type of the TLV with the UPDATE: those of stateless parsing, group and table name.
REVISIONS = {7: (6, 4, 5), 1: (4, 2, 3), 4: (1, 2, 3)}


@pytest.mark.parametrize("pdu", REVISIONS)
def test_tlvs(impl: Any, pdu: int) -> None:
    """Sections 4.3 and 5.2: an index that the length does not count; the revisions number them anew."""
    stateless, group, table = REVISIONS[pdu]
    octets = monitoring(
        made.tlv(table, b"red", 0),
        made.tlv(pdu, made.update(path_id="00000007"), 0),
        made.tlv(stateless, made.add_path(1), 0),
        made.tlv(group, b"\0\1\0\2", 0x8001),
        made.tlv(300, b"x", 2),
    )
    found = impl.bmp.decode_bmp(octets)
    assert not found.errors
    assert [(one.type, one.name, one.index) for one in found.tlvs] == [
        (table, "vrf_table_name", 0),
        (stateless, "stateless_parsing", 0),
        (group, "group", 0x8001),
        (300, None, 2),
    ]
    assert [one.value for one in found.tlvs[:1]] == ["red"]
    assert found.tlvs[2].value == [1, 2]
    assert [prefix.path_id for prefix in found.message.nlri] == [7]


@pytest.mark.parametrize(
    ("flags", "mode", "path_ids"), [(0, 1, True), (0, 2, False), (0x10, 2, True), (0x10, 1, False), (0x40, 3, True)]
)
def test_directions_of_add_path(impl: Any, flags: int, mode: int, path_ids: bool) -> None:
    """Section 5.2.3: a capability of the router's; what it receives is in Adj-RIB-In, what it sends in Adj-RIB-Out."""
    update = made.update(path_id="00000007" if path_ids else "")
    found = impl.bmp.decode_bmp(monitoring(made.tlv(6, made.add_path(mode), 0), made.tlv(7, update, 0), flags=flags))
    assert [prefix.path_id for prefix in found.message.nlri] == [7 if path_ids else None]


@pytest.mark.parametrize("revision", REVISIONS)
def test_path_marking(impl: Any, revision: int) -> None:
    """Sections 2 and 3 of its draft: 4 octets of bits, and a reason."""
    pdu = made.tlv(revision, made.update(), 0)
    found = impl.bmp.decode_bmp(monitoring(pdu, made.tlv(5, bytes.fromhex("00000402 0003"), 0)))
    assert found.tlvs[0].json() == {
        "type": 5,
        "name": "path_marking",
        "index": 0,
        "value": {"status": ["best", "stale"], "reason": "not_preferred_for_local_preference"},
    }
    found = impl.bmp.decode_bmp(monitoring(pdu, made.tlv(5, bytes.fromhex("80000001"), 1)))
    assert found.tlvs[0].value == {"status": ["invalid", "bit_31"]}


@pytest.mark.parametrize("counted", [True, False])
def test_enterprise_bit(impl: Any, counted: bool) -> None:
    """A vendor's TLV; whether its length counts the enterprise number differs between revisions."""
    size = 7 if counted else 3
    vendor = struct.pack(">HHHI", 0x8001, size, 0, 2011) + b"abc"
    found = impl.bmp.decode_bmp(monitoring(vendor, made.tlv(7, made.update(), 0)))
    assert not found.errors
    assert found.tlvs[0].json() == {"type": 1, "enterprise": 2011, "index": 0, "value": b"abc".hex()}
    assert found.message is not None


def test_without_an_update(impl: Any) -> None:
    found = impl.bmp.decode_bmp(monitoring(made.tlv(5, b"red", 0)))
    assert [error.reason for error in found.errors] == ["Route Monitoring without a BGP message"]
    found = impl.bmp.decode_bmp(monitoring(made.tlv(7, made.update(), 0), b"\0\1\0\x09\0\0"))
    assert found.message is not None
    assert [error.reason for error in found.errors] == ["TLV: 9 octets needed, 0 left"]
    torn = made.tlv(6, b"\x45", 0) + made.tlv(4, b"1", 1)
    found = impl.bmp.decode_bmp(monitoring(made.tlv(7, made.update(), 0), torn))
    assert [one.error is None for one in found.tlvs] == [False, False]
    assert [one.data for one in found.tlvs] == [b"\x45", b"1"]


def test_statistics(impl: Any) -> None:
    """Section 5.4: in a TLV; earlier revisions left the report as it was."""
    inside = struct.pack(">I", 1) + made.tlv(0, b"\0\0\0\5")
    for body in (made.tlv(1, inside) + made.tlv(9, b"x"), inside):
        found = impl.bmp.decode_bmp(made.bmp(1, made.header() + body, 4))
        assert [(one.name, one.value) for one in found.statistics] == [("prefixes_rejected_by_inbound_policy", 5)]
        assert not found.errors
    found = impl.bmp.decode_bmp(made.bmp(1, made.header() + made.tlv(1, inside) + made.tlv(9, b"x"), 4))
    assert found.tlvs[0].type == 9


def test_peer_down(impl: Any) -> None:
    """TLVs behind every reason (section 5.5)."""
    found = impl.bmp.decode_bmp(made.bmp(2, made.header() + b"\5" + made.tlv(3, b"red"), 4))
    assert [one.value for one in found.information] == ["red"]
    assert not found.errors
