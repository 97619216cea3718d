"""Looking for a value in another: text and objects of ipaddress are read, and what cannot be read is said."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, update
from support.places import SAMPLES

DEMO = SAMPLES / "demo.mrt"


def decoded(package: Any) -> Any:
    """The attributes of an UPDATE with communities of every kind and a path with a set."""
    path = bytes.fromhex("0202 0000fbf4 0000fbf5  0102 0000fbf6 0000fbf7")  # 64500 64501 {64502,64503}
    standard = bytes.fromhex("e92900c8 ffffff01")  # 59689:200 no-export
    # rt:64500:1 with an AS number of 2 octets and with one of 4 (RFC 5668), encapsulation VXLAN (RFC 9012), unknown
    extended = bytes.fromhex("0002fbf400000001 02020000fbf50001 030c000000000008 ffee010203040506")
    large = bytes.fromhex("000000010000000200000003")
    attributes = (
        attribute(0x40, 1, b"\0")
        + attribute(0x40, 2, path)
        + attribute(0x40, 3, bytes((192, 0, 2, 1)))
        + attribute(0xC0, 8, standard)
        + attribute(0xC0, 16, extended)
        + attribute(0xC0, 32, large)
    )
    return package.Message.decode(update(b"", attributes, b"\x08\x0a"), package.Session(asn4=True)).attributes


def test_communities(impl: Any) -> None:
    found = decoded(impl).communities
    for text in ("59689:200", " 59689:200 ", "no-export", "NO_EXPORT"):
        assert text in found
    for text in ("59689:201", "no-advertise", "0:0"):
        assert text not in found
    assert impl.Community("59689:200") in found
    assert impl.Community("59689:201") not in found
    assert 0xFFFFFF01 in found
    assert 59689 not in found  # 0:59689, as Community.from_int reads it
    assert found.index("no-export") == 1
    assert found.count("no-export") == 1
    assert found.count("1:1") == 0
    for wrong in ("", "59689", "no-such-name", "1:2:3", "65536:1", -1, 1 << 32):
        with pytest.raises(ValueError, match=r".+"):
            assert wrong in found
    for stranger in (None, b"59689:200", 5.0, impl.LargeCommunity("1:2:3")):
        assert stranger not in found


def test_large_communities(impl: Any) -> None:
    found = decoded(impl).get(32)
    assert "1:2:3" in found
    assert "1:2:4" not in found
    assert impl.LargeCommunity("1:2:3") in found
    for wrong in ("", "1:2", "1:2:4294967296", "no-export"):
        with pytest.raises(ValueError, match="large community"):
            assert wrong in found


def test_extended_communities(impl: Any) -> None:
    found = decoded(impl).get(16)
    assert str(found) == "rt:64500:1 rt:64501:1 encap:vxlan 0xffee010203040506"
    for text in str(found).split():
        assert text in found
        assert found.index(text) == str(found).split().index(text)
    # Other spellings; the octets; the 4-octet form, which is written as the other one is.
    for text in ("target:64500:1", "0x0002fbf400000001", "rt:64501:1", "0x02020000fbf50001"):
        assert text in found
    for text in ("rt:64500:2", "soo:64500:1", "0x0002fbf500000001", "encap:gre", "color:0:1", "qos:5:1:1:1:1:1"):
        assert text not in found
    for wrong in ("", "rt", "rt:1", "rt:64500:x", "nonsense:1:1", "0x00"):
        with pytest.raises(ValueError, match="extended community"):
            assert wrong in found
    with pytest.raises(ValueError, match=r"not in"):
        found.index("encap:gre")


def test_text_in_routes(impl: Any) -> None:
    """Text finds what str() writes, in every route of a file."""
    seen = 0
    with impl.mrt.open(DEMO) as file:
        for route in file.routes():
            for value in route.communities or ():
                assert str(value) in route.communities
                assert value in route.communities
                seen += 1
            for asn in route.as_path or ():
                assert asn in route.as_path
                assert f"AS{asn}" in route.as_path
            if route.prefix is not None:
                assert route.prefix in impl.Prefix("0.0.0.0/0" if route.prefix.version == 4 else "::/0")
                assert str(route.prefix) in route.prefix
    assert seen


def test_as_path_is_a_sequence(impl: Any) -> None:
    path = decoded(impl).as_path
    asns = [64500, 64501, 64502, 64503]
    assert isinstance(path, Sequence)
    assert issubclass(impl.AsPath, Sequence)
    assert isinstance(decoded(impl).communities, Sequence)
    assert list(path) == asns
    assert len(path) == 4
    assert path.hops == 3  # a set counts as one (RFC 4271 section 9.1.2.2)
    assert [path[at] for at in range(-4, 4)] == asns + asns
    assert path[1:3] == (64501, 64502)
    assert path[::-1] == tuple(reversed(path)) == tuple(reversed(asns))
    assert path.index(64502) == path.index("AS64502") == 2
    assert path.count(64500) == 1
    assert path.count(1) == 0
    for at in (4, -5):
        with pytest.raises(IndexError):
            path[at]
    with pytest.raises(ValueError, match=r".+"):
        path.index(1)
    match path:
        case [first, *_, last]:
            assert (first, last) == (64500, 64503)
        case _:
            pytest.fail("no sequence to match")
    assert [segment.asns for segment in path.segments] == [(64500, 64501), (64502, 64503)]
    assert path == impl.AsPath("64500 64501 {64502,64503}")
    assert path != impl.AsPath("64500 64501 64502 64503")


@pytest.mark.parametrize("asn4", [True, False])
def test_as_numbers_in_a_path(impl: Any, asn4: bool) -> None:
    wire = bytes.fromhex("02020000fbf40000fbf5" if asn4 else "0202fbf4fbf5")
    path = impl.AsPath.from_bytes(wire, asn4)
    for there in (64500, "64500", "AS64501", "0.64501", 64500.0):
        assert there in path
    for other in (1, -1, 1 << 40, "64502", None, b"64500", True):
        assert other not in path
    for wrong in ("", "AS", "64500 64501", "{64500}", "4294967296"):
        with pytest.raises(ValueError, match="AS number"):
            assert wrong in path


@pytest.mark.parametrize(
    ("outer", "inside", "outside"),
    [
        (
            "10.0.0.0/8",
            ["10.0.0.0/8", "10.255.0.0/16", "10.1.2.3"],
            ["0.0.0.0/0", "11.0.0.0/8", "9.255.255.255", "a00::"],
        ),
        ("10.64.0.0/13", ["10.71.255.255", "10.64.0.0/14"], ["10.72.0.0", "10.56.0.0/13", "10.64.0.0/12"]),
        ("0.0.0.0/0", ["0.0.0.0/0", "255.255.255.255"], ["::/0", "::"]),
        ("192.0.2.1/32", ["192.0.2.1"], ["192.0.2.0/31", "192.0.2.0"]),
        ("2001:db8::/33", ["2001:db8:7fff::/48", "2001:db8::1"], ["2001:db8:8000::", "2001:db8::/32", "32.1.13.184"]),
        ("::/0", ["::", "ffff::/16"], ["0.0.0.0/0", "0.0.0.0"]),
        ("2001:db8::1/128", ["2001:db8::1"], ["2001:db8::", "2001:db8::/127"]),
    ],
)
def test_prefixes(impl: Any, outer: str, inside: list[str], outside: list[str]) -> None:
    prefix = impl.Prefix(outer)
    for expected, texts in ((True, inside), (False, outside)):
        for text in texts:
            network = ipaddress.ip_network(text)
            forms = [text, impl.Prefix(text), impl.Prefix(text, 7), network]
            if "/" not in text:
                forms += [impl.Address(text), ipaddress.ip_address(text)]
            for form in forms:
                assert (form in prefix) is expected, form
                assert prefix.contains(form) is expected, form


def test_prefix_with_stray_bits(impl: Any) -> None:
    """Bits behind the length are irrelevant (RFC 4271 section 4.3)."""
    stray, inner = impl.NlriCollection(b"\x0d\x0b\x0d\x18\x0b\x0e\xff").values
    assert str(stray) == "11.8.0.0/13"
    assert inner in stray
    assert stray not in inner
    assert impl.Prefix("11.8.0.0/13") in stray
    assert stray in impl.Prefix("11.8.0.0/13")


def test_what_is_in_no_prefix(impl: Any) -> None:
    prefix = impl.Prefix("10.0.0.0/8")
    for stranger in (None, 5, b"\x0a\0\0\1", impl.Community("1:1"), object()):
        assert stranger not in prefix
    for wrong in ("", "ten", "10.0.0.0/33", "10.0.0"):
        with pytest.raises(ValueError, match=r".+"):
            assert wrong in prefix
    for wrong in (ipaddress.ip_interface("10.0.0.1/8"), ipaddress.ip_interface("::1/8")):
        with pytest.raises(TypeError, match="Interface"):
            assert wrong in prefix
    with pytest.raises(TypeError):
        prefix.contains(None)


def test_from_and_to_ipaddress(impl: Any) -> None:
    for text in ("10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::1/128"):
        network = ipaddress.ip_network(text)
        assert impl.Prefix(network) == impl.Prefix(text)
        assert impl.Prefix(network, 7) == impl.Prefix(text, 7)
        assert impl.Prefix(network).network == network
    for text in ("192.0.2.1", "2001:db8::1"):
        address = ipaddress.ip_address(text)
        assert impl.Address(address) == impl.Address(text)
        assert impl.Address(address).ip == address
        assert impl.Prefix(address) == impl.Prefix(text)
    with pytest.raises(ValueError, match="zone"):
        impl.Address(ipaddress.ip_address("fe80::1%eth0"))
    for wrong in (ipaddress.ip_interface("10.0.0.1/8"), 5, None, b"10.0.0.0/8", ["10.0.0.0/8"]):
        for made in (impl.Prefix, impl.Address):
            with pytest.raises(TypeError):
                made(wrong)
    with pytest.raises(TypeError):
        impl.Address(ipaddress.ip_network("10.0.0.0/8"))
    labelled = impl.LabelledPrefix("100", ipaddress.ip_network("10.0.0.0/8"))
    assert labelled == impl.LabelledPrefix("100", "10.0.0.0/8")


def test_long_text(impl: Any) -> None:
    """An extended message of 15,000 communities: every one written, names among them."""
    values = [f"{at & 0xFFF}:{at}" for at in range(15000)]
    values[5000:5003] = ["no-export", "route-filter-translated-v6", "65535:4096"]
    attributes = ATTRIBUTES + attribute(0xC0, 8, bytes(impl.Communities(values)))
    found = impl.Message.decode(update(b"", attributes, b"\x08\x0a"), impl.Session(extended_message=True))
    assert str(found.attributes.communities) == " ".join(values)
    named = impl.Communities(["route-filter-translated-v4"] * 300)
    assert str(named) == " ".join(["route-filter-translated-v4"] * 300)
    assert str(impl.Communities()) == ""
