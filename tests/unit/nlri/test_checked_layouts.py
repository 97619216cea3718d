"""Layouts that a text puts otherwise than they were once read: through `Message.decode`, on both implementations."""

from __future__ import annotations

from typing import Any

import pytest


def _message(kind: int, body: bytes) -> bytes:
    return b"\xff" * 16 + (19 + len(body)).to_bytes(2) + bytes((kind,)) + body


def _attribute(impl: Any, code: int, value: bytes) -> Any:
    """The JSON of one optional transitive attribute of an UPDATE."""
    wire = bytes((0xC0, code, len(value))) + value
    message = impl.Message.decode(_message(2, b"\0\0" + len(wire).to_bytes(2) + wire)).json()
    return next(each for each in message["attributes"] if each["code"] == code)["value"]


def test_bier_sub_tlvs_share_the_types_of_the_tlv(impl: Any) -> None:
    """RFC 9793 section 3: 2 MPLS, 3 non-MPLS, 4 next hop; 1 is the BIER TLV itself, here a sub-TLV of no meaning."""
    tlvs = "00010001ff 00020004 00100007 00030004 01200008 00040010 20010db8000000000000000000000001"
    body = bytes.fromhex("00000500" + tlvs)
    (bier,) = _attribute(impl, 41, b"\0\x01" + len(body).to_bytes(2) + body)
    assert bier["value"]["tlvs"] == [
        {"type": 1, "value": "ff"},
        {"type": 2, "name": "mpls_encapsulation", "value": {"max_si": 0, "bit_string_length": 64, "label": 7}},
        {"type": 3, "name": "non_mpls_encapsulation", "value": {"max_si": 1, "bit_string_length": 128, "label": 8}},
        {"type": 4, "name": "nexthop", "value": "2001:db8::1"},
    ]


@pytest.mark.parametrize("counted", [0, 6])
def test_wide_communities_of_either_length(impl: Any, counted: int) -> None:
    """Drafts to 11 count the value, 12 (section 3.1) the header too; two containers say which."""
    value = bytes.fromhex("00000001 0000fbf0 0000fbf1")
    container = b"\0\x01\x80\0" + (len(value) + counted).to_bytes(2) + value
    found = _attribute(impl, 34, container * 2)
    assert [each["flags"] for each in found] == [["transitive"]] * 2
    assert [each["container"]["value"]["context_asn"] for each in found] == [64497] * 2


@pytest.mark.parametrize(
    ("value", "version"),
    [("074652522f392e31", "FRR/9.1"), ("4652522f392e31", "FRR/9.1"), ("00", ""), ("c3a9", "é"), ("0141", "A")],
)
def test_software_version_of_either_draft(impl: Any, value: str, version: str) -> None:
    """draft-abraitis-bgp-version-capability: early ones have the length inside, 18 has the text alone.

    Written is the form with the length, which FRR sends; so ``raw`` stands beside the other.
    """
    octets = bytes.fromhex(value)
    capability = bytes((75, len(octets))) + octets
    body = bytes.fromhex("04 fde8 00b4 c0000201") + bytes((len(capability) + 2, 2, len(capability))) + capability
    (found,) = impl.Message.decode(_message(1, body)).json()["capabilities"]
    raw = {} if octets[0] == len(octets) - 1 else {"raw": value}
    assert found == {"code": 75, "name": "software_version", "version": version} | raw


def test_loss_of_lsdb_synchronization(impl: Any) -> None:
    """RFC 9815 section 8.6."""
    assert impl.Message.decode(_message(3, b"\x09\x00")).json()["code_name"] == "loss_of_lsdb_synchronization"
