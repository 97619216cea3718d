"""Layouts that few decoders read, through the doors a user takes: the E-Tree community, L2VPN NLRI, PMSI tunnels."""

from __future__ import annotations

import json
from typing import Any

import pytest

MARKER = "ff" * 16
ORIGIN_AND_PATH = "40010100" + "40020602010000fde9"


def _update(attributes: str, nlri: str = "") -> bytes:
    """An UPDATE of those attributes behind ORIGIN and AS_PATH."""
    octets = bytes.fromhex(ORIGIN_AND_PATH + attributes.replace(" ", ""))
    body = bytes(2) + len(octets).to_bytes(2) + octets + bytes.fromhex(nlri)
    return bytes.fromhex(MARKER) + (19 + len(body)).to_bytes(2) + b"\2" + body


def _attribute(code: int, value: str, flags: int = 0xC0) -> str:
    octets = bytes.fromhex(value.replace(" ", ""))
    return bytes((flags, code, len(octets))).hex() + octets.hex()


def _reach(afi: int, safi: int, nlri: str) -> str:
    return _attribute(14, f"{afi:04x}{safi:02x} 04 c0000201 00 {nlri}", 0x80)


def _nlri(impl: Any, afi: int, safi: int, nlri: str) -> Any:
    message = impl.Message.decode(_update(_reach(afi, safi, nlri)))
    return next(entry for entry in message.json()["attributes"] if entry["code"] == 14)["value"]["nlri"]


def test_e_tree(impl: Any) -> None:
    """RFC 7796 section 6.2: root VLAN, leaf VLAN, and the flags in the last two octets."""
    community = impl.ExtendedCommunity.from_bytes(bytes.fromhex("800b 0064 0065 0003"))
    assert community.json() == {
        "type": 128,
        "subtype": 11,
        "name": "vpls_e_tree",
        "root_vlan": 100,
        "leaf_vlan": 101,
        "flags": ["p", "v"],
    }
    assert str(community) == "vpls-e-tree:100:101:p,v"
    message = impl.Message.decode(_update(_attribute(16, "800b 0064 0065 0001")))
    assert message.json()["attributes"][-1]["value"][0]["flags"] == ["v"]


def test_l2vpn_is_vpls_with_tlvs(impl: Any) -> None:
    """RFC 6624 section 3: the NLRI of RFC 4761, TLVs behind it, whose length counts bits."""
    routes = _nlri(
        impl, 25, 65, "0016 0000fde800000064 0003 0001 000a c35001 01 000a a040 000c 0000fde800000064 c0000201"
    )
    assert routes == [
        {
            "rd": "65000:100",
            "ve_id": 3,
            "block_offset": 1,
            "block_size": 10,
            "label_base": 800000,
            "tlvs": [{"type": 1, "name": "circuit_status", "value": "a040"}],
            "raw": "00160000fde80000006400030001000ac3500101000aa040",
        },
        {"rd": "65000:100", "pe_address": "192.0.2.1"},
    ]


def test_l2vpn_before_the_rfc(impl: Any) -> None:
    """Without a block size: what stands behind 17 octets is no circuit status vector."""
    route = _nlri(impl, 25, 65, "0014 0000fde800000064 0003 0001 c35001 01 0010 0000")[0]
    assert (route["ce_id"], route["label_base"]) == (3, 800000)
    assert route["tlvs"] == [{"type": 1, "name": "circuit_status", "value": "0000"}]


@pytest.mark.parametrize("bits", [1, 64, 95, 128, 159, 161, 255])
def test_pseudowire_length_is_invalid(impl: Any, bits: int) -> None:
    """RFC 7267 section 4.1.3; the route behind it is read all the same."""
    octets = bytes((bits,)) + bytes((bits + 7) >> 3) + b"\0"
    routes = _nlri(impl, 25, 6, octets.hex())
    assert routes[0]["error"]["action"] == "treat_as_withdraw"
    assert routes[1:] == [{"length": 0}]


@pytest.mark.parametrize("bits", [0, 96, 97, 127, 160])
def test_pseudowire_length_is_valid(impl: Any, bits: int) -> None:
    octets = bytes((bits,)) + bytes((bits + 7) >> 3)
    routes = _nlri(impl, 25, 6, octets.hex())
    assert [route["length"] for route in routes] == [bits]
    assert "error" not in routes[0]


def test_transport_tunnel_of_ipv6(impl: Any) -> None:
    """RFC 7524 section 14.1: the number is as long as the address."""
    value = f"00 08 000000 20010db8{1:024x} {1 << 64:032x}"
    message = impl.Message.decode(_update(_attribute(22, value) + _attribute(3, "c0000201", 0x40), "18c63364"))
    tunnel = next(entry for entry in message.json()["attributes"] if entry["code"] == 22)["value"]
    assert tunnel["tunnel"] == {"source_pe": "2001:db8::1", "local_number": str(1 << 64)}
    assert "errors" not in message.json()
    assert json.loads(json.dumps(tunnel)) == tunnel


@pytest.mark.parametrize(
    "value", ["00 06 000000 010203", "00 01 000000 0a000001", "00 08 000000 c0000201", "00 00 000000 01"]
)
def test_malformed_tunnel_identifier_withdraws(impl: Any, value: str) -> None:
    """RFC 6514 section 5: an identifier that cannot be parsed as its tunnel type says."""
    message = impl.Message.decode(_update(_attribute(3, "c0000201", 0x40) + _attribute(22, value), "18c63364"))
    document = message.json()
    assert [(error["code"], error["action"]) for error in document["errors"]] == [(3, "treat_as_withdraw")]
    assert document["attributes"][-1]["value"]["error"]["action"] == "treat_as_withdraw"
    assert bytes(message).endswith(bytes.fromhex("18c63364"))


def test_label_space(impl: Any) -> None:
    """RFC 9573 section 4.1: of type 0 is a label, in the high 20 bits; type octets 0x03 and 0x43."""
    for kind in ("03", "43"):
        community = impl.ExtendedCommunity.from_bytes(bytes.fromhex(f"{kind}08 0000 00064000")).json()
        assert (community["id_type"], community["id"], community["label"]) == (0, 409600, 100)
    assert "label" not in impl.ExtendedCommunity.from_bytes(bytes.fromhex("0308 0001 00064000")).json()
    flags = impl.ExtendedCommunity.from_bytes(bytes.fromhex("0307 800000000001")).json()["flags"]
    assert flags == ["bit_0", "dcb"]
