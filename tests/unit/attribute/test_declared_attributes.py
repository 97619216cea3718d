"""Attributes of declared fields: what is malformed, what no value has, and the small methods of their values."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from support.context import attribute


def _form(impl: Any, code: int, octets: str, *before: bytes) -> Any:
    """The JSON form of attribute ``code``, which stands behind the others."""
    return impl.PathAttributes(b"".join(before) + attribute(0xC0, code, bytes.fromhex(octets))).json()[-1]


def _value(impl: Any, code: int, octets: str, *before: bytes) -> Any:
    return impl.PathAttributes(b"".join(before) + attribute(0xC0, code, bytes.fromhex(octets)))[code]


def _reach(safi: int, hop: str) -> bytes:
    octets = bytes.fromhex(hop)
    return attribute(0x80, 14, bytes((0, 1, safi, len(octets))) + octets + b"\0")


IPV6 = "20010db8000000000000000000000001"


@pytest.mark.parametrize(
    ("before", "address"),
    [
        ((), "32.1.13.184"),
        ((attribute(0x40, 3, b"\xc0\0\2\1"),), "32.1.13.184"),
        ((attribute(0x40, 3, b"\xc0\0\2"),), "32.1.13.184"),
        ((_reach(5, "c0000201"),), "32.1.13.184"),
        ((_reach(5, IPV6),), "2001:db8::1"),
        ((_reach(128, "00" * 8 + "c0000201"),), "32.1.13.184"),
        ((_reach(128, "00" * 8 + IPV6),), "2001:db8::1"),
        ((_reach(1, IPV6 + "fe800000000000000000000000000001"),), "2001:db8::1"),
        ((_reach(5, IPV6 + IPV6),), "32.1.13.184"),  # no length of this family: no next hop
    ],
)
def test_distinguisher_labels_of_a_length_that_fits_both(impl: Any, before: tuple[bytes, ...], address: str) -> None:
    """RFC 6514 section 8: the address family is that of the route's addresses; 133 octets are 7 pairs or 19."""
    pairs = _value(impl, 27, (IPV6 + "000640") * 7, *before)
    assert str(pairs.values[0]["address"]) == address
    assert len(pairs.values) == (7 if ":" in address else 19)
    assert bytes(pairs) == bytes.fromhex(IPV6 + "000640") * 7


def test_a_tunnel_identifier_with_reserved_bits_set(impl: Any) -> None:
    """RFC 6514 section 5, an RSVP-TE P2MP LSP: the two reserved octets are in ``raw``, which leads back."""
    octets = "00 01 000640 0a000001 0102 0002 00000003"
    tunnel = _value(impl, 22, octets)
    form = tunnel.json()
    assert form["tunnel"] == {"extended_tunnel_id": "10.0.0.1", "tunnel_id": 2, "p2mp_id": 3}
    assert form["raw"] == octets.replace(" ", "")
    assert type(tunnel).value_of(form) == bytes.fromhex(octets)
    with pytest.raises(ValueError, match="hex"):
        type(tunnel).value_of(form | {"raw": 1})


def test_values_equal_their_own_kind_alone(impl: Any) -> None:
    """PMSI Tunnel, TLVs in a block (Tunnel Encapsulation, BGP-LS), and a list of communities."""
    tunnel = _value(impl, 22, "00 00 000000")
    assert tunnel == _value(impl, 22, "0000000000")
    assert tunnel != b"\0\0\0\0\0"
    assert tunnel != _value(impl, 22, "01 00 000000")
    block = _value(impl, 29, "0402 0001 61")
    assert block == _value(impl, 29, "0402000161")
    assert block != bytes(block)
    assert block != _value(impl, 23, "0402 0001 61")


@pytest.mark.parametrize(
    ("octets", "reason", "offset"),
    [
        ("02 0000", "hop: 1 octets needed, 0 left", 6),
        ("02 0003 05 03 00", "hop: 2 octets needed, 1 left", 8),
        ("01 0000 02 0000", "hop: 1 octets needed, 0 left", 9),
    ],
)
def test_a_malformed_hop(impl: Any, octets: str, reason: str, offset: int) -> None:
    """RFC 9015 section 3.2.1: an SFP attribute that is malformed withdraws the route."""
    found = _form(impl, 37, octets)
    assert found["value"] == {"type": 37, "value": octets.replace(" ", "")}
    assert found["error"]["reason"] == f"sfp_attribute: {reason}"
    assert (found["error"]["offset"], found["error"]["action"]) == (offset, "treat_as_withdraw")


@pytest.mark.parametrize("size", [1, 7, 9, 15, 17, 23, 25])
def test_what_ends_an_srv6_segment(impl: Any, size: int) -> None:
    """RFC 9831 sections 2.2.9 to 2.2.11: a SID of 16 octets, a structure of 8, both, or neither."""
    segment = import_module("bgpwire.attribute.sr_policy_segments").SEGMENTS[14][1]
    head = bytes((0, 0)) + bytes.fromhex(IPV6)
    for whole in (0, 8, 16, 24):
        assert segment.encode(segment.decode(head + bytes(whole))) == head + bytes(whole)
    with pytest.raises(impl.DecodeError, match=f"{size} octets in place of an SRv6 SID and structure") as caught:
        segment.decode(head + bytes(size))
    assert caught.value.offset == 18


def test_flags_of_vxlan_gpe(impl: Any) -> None:
    """RFC 9012 section 3.2.2: a version, a flag of the VN-ID, and five bits without a name."""
    gpe = import_module("bgpwire.attribute.tunnel_encapsulation_tables").ENCAPSULATIONS[12]
    form = {"version": 1, "flags": ["vn_id", "bit_7"], "vn_id": 5}
    assert gpe.to_json(gpe.decode(bytes.fromhex("61000000 00000500"))) == form
    assert gpe.encode_json(form) == bytes.fromhex("61000000 00000500")
    with pytest.raises(ValueError, match="no such flags"):
        gpe.encode_json(form | {"flags": ["vn_id", "bit_8"]})


def test_other_values(impl: Any) -> None:
    """``replace()`` of values with named fields, and of those that have none."""
    limit = _value(impl, 21, "05 0000fde8")
    assert (limit["upper_bound"], limit.get("asn"), limit.get("more")) == (5, 65000, None)
    assert bytes(limit.replace(asn=65001)) == bytes.fromhex("05 0000fde9")
    with pytest.raises(ValueError, match="does not fit"):
        limit.replace(upper_bound=256)
    aggregator = _value(impl, 7, "0000fde8 c0000201")
    assert bytes(aggregator.replace(asn=65001)) == bytes.fromhex("0000fde9 c0000201")
    with pytest.raises(TypeError, match="more"):
        aggregator.replace(more=1)
    with pytest.raises(TypeError, match="the values of RcidPath have no names"):
        _value(impl, 13, "0001 0002").replace(asn=1)


def test_octets_in_place_of_a_form(impl: Any) -> None:
    """A route distinguisher of 0 in front of a next hop (RFC 4364 section 4.3.2) is not shown: ``raw`` is beside it."""
    octets = "0001 80 0c 0000000000000000 c0000201 0001 0004 c0000201"
    found = _value(impl, 39, octets)
    form = found.json()
    assert (form["afi"], form["safi"], form["next_hop"]) == ("ipv4", "mpls-vpn", "192.0.2.1")
    assert form["raw"] == octets.replace(" ", "")
    assert type(found).value_of(form) == bytes.fromhex(octets)
    plain = _value(impl, 39, octets.replace("0c 0000000000000000", "04"))
    assert "raw" not in plain.json()
    assert type(found).value_of(plain.json()) == bytes(plain)


def test_sequences(impl: Any) -> None:
    """What is a list of values has their number and their order."""
    clusters = _value(impl, 10, "c0000201 c0000202")
    assert (len(clusters), [*map(str, clusters)], str(clusters)) == (
        2,
        ["192.0.2.1", "192.0.2.2"],
        "192.0.2.1 192.0.2.2",
    )
    octets = "0002" + IPV6 + "0064"
    communities = _value(impl, 25, octets + "4002" + IPV6 + "0064")
    assert len(communities) == 2
    assert [each.transitive for each in communities] == [True, False]  # RFC 5701 section 2: 0x40 is non-transitive
    assert repr(next(iter(communities))) == "Ipv6ExtendedCommunity('rt:[2001:db8::1]:100')"
    with pytest.raises(ValueError, match="has 20 octets, not 19"):
        type(next(iter(communities)))(bytes(19))


def test_no_pair(impl: Any) -> None:
    """RFC 6514 section 8: an attribute of no octets is malformed, and no form leads to it."""
    kind = type(_value(impl, 27, IPV6 + "000640"))
    assert _form(impl, 27, "")["error"]["action"] == "treat_as_withdraw"
    with pytest.raises(impl.DecodeError, match="no pair"):
        kind.field.decode(b"")
    assert kind.value_of([{"address": "2001:db8::1", "label": 100}]) == bytes.fromhex(IPV6 + "000640")
