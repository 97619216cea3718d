"""NLRI that are seldom met: families that somebody adds, order, values without room, and what a guess goes by."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, update

RD = "0000fde800000064"
EVPN = (25, 70)
MAC_IP = f"0221 {RD} 00000000000000000000 00000000 30 001122334455 00 000640"


def _routes(package: Any, family: tuple[int, int], octets: str, **fields: Any) -> Any:
    data = bytes.fromhex(octets)
    return package.nlri.MpNlriCollection(data, afi=family[0], safi=family[1], **fields)


def _context(*family: int) -> Any:
    return import_module("bgpwire.nlri.base").NlriContext(*family)


def test_order(impl: Any) -> None:
    """By AFI, SAFI, path identifier and octets; a family's routes with those of others, malformed ones too."""
    (route,) = _routes(impl, EVPN, MAC_IP)
    (malformed,) = _routes(impl, EVPN, MAC_IP.replace("0221", "0222") + "00")
    (target,) = _routes(impl, (1, 132), "00")
    first = route.replace(path_id=1)
    assert sorted([malformed, first, route, target]) == [target, route, malformed, first]
    assert not route < route
    with pytest.raises(TypeError):
        assert route < bytes(route)
    names = {impl.nlri.EMPTY: 1, impl.nlri.INVALID: 2}
    assert names[impl.nlri.EMPTY] == 1


@pytest.mark.parametrize("labels", ["", "0006", "00064000", "00064000065000"])
def test_labels_of_a_mac_ip_route(impl: Any, labels: str) -> None:
    """RFC 7432 section 7.2: one label or two, 3 octets each; what is no such route is withdrawn, alone."""
    octets = f"02{30 + len(labels) // 2:02x}" + MAC_IP[4:].replace("000640", labels)
    (route, sound) = found = _routes(impl, EVPN, octets + MAC_IP)
    (error,) = found.route_errors
    assert (error.reason, error.action) == (f"{len(labels) // 2} octets of labels", "treat_as_withdraw")
    assert error.offset == 32
    assert bytes(route) == bytes.fromhex(octets)
    assert [str(label) for label in sound.labels] == ["100"]


@pytest.mark.parametrize("octets", ["0d 09 01 20 0a000001 00000064 01 03", "0c 09 01 20 0a000001 00000064 01"])
def test_torn_tlvs_behind_a_key(impl: Any, octets: str) -> None:
    """RFC 9871 section 2.9.2: the route is delimited by its length, and is withdrawn."""
    sound = "0b 09 01 20 0a000001 00000064"
    (route, other) = found = _routes(impl, (1, 83), octets + sound)
    (error,) = found.route_errors
    assert error.action == "treat_as_withdraw"
    assert route.json()["value"] == octets.replace(" ", "")
    assert (str(other), bytes(other)) == ("10.0.0.1/32,100", bytes.fromhex(sound))


def test_a_value_is_missing(impl: Any) -> None:
    for family, octets in ((EVPN, MAC_IP), ((1, 83), "0b 09 01 20 0a000001 00000064")):
        (route,) = _routes(impl, family, octets)
        kind, context = type(route), _context(*family)
        name = "rd" if family == EVPN else "prefix"
        values = {key: value for key, value in route._values.items() if key != name}
        with pytest.raises(ValueError, match=f"{name}: missing"):
            kind.of_values(context, **values)
        assert kind.of_values(context, **route._values) == route
        with pytest.raises(ValueError, match="1 octets too many"):
            kind.from_json({"raw": bytes(route).hex() + "00"}, context)


def test_a_route_distinguisher_of_bgp_ls(impl: Any) -> None:
    """RFC 9552 section 5.2: with SAFI 72 the route distinguisher stands behind type and length."""
    dissect = import_module("bgpwire.dissect").dissect
    node = f"0001 001d {RD} 02 0000000000000001 0100 0008 0200 0004 0000fde8"
    reach = attribute(0x80, 14, bytes.fromhex("4004 48 0c 0000000000000000 c0000201 00" + node))
    found = [(leaf.name, leaf.value) for leaf in dissect(update(b"", ATTRIBUTES + reach)).leaves()]
    at = [name for name, _ in found].index("protocol_id")
    assert found[at - 3 : at] == [("type", 1), ("length", 29), ("rd", "65000:100")]


def test_prefixes_without_room(impl: Any) -> None:
    parts = import_module("bgpwire.nlri.parts")
    assert parts.FullPrefix(4).encode(impl.Prefix("10.0.0.0/8")).hex() == "080a000000"
    with pytest.raises(ValueError, match="in a prefix of 4 octets"):
        parts.FullPrefix(4).encode(impl.Prefix("2001:db8::/32"))
    assert parts.PrefixOfBits(1, 9).encode(impl.Prefix("10.128.0.0/9")).hex() == "0a80"
    with pytest.raises(ValueError, match="no prefix of 8 bits"):
        parts.PrefixOfBits(1, 8).encode(impl.Prefix("10.128.0.0/9"))
    assert parts.first_bits(9).encode(0xFF800000).hex() == "ff80"
    with pytest.raises(ValueError, match="does not fit the first 8 bits"):
        parts.first_bits(8).encode(0xFF800000)
    assert parts.PrefixOfBits(2, 9).schema() == impl.field.prefix(2).schema()
    assert parts.first_bits(9).schema() == impl.field.u32.schema()


@pytest.mark.parametrize("bits", [-1, 33, 223])
def test_a_tunnel_identifier_of_too_many_bits(impl: Any, bits: int) -> None:
    """draft-ietf-bess-mup-safi section 3.1.4: an endpoint and at most 32 bits behind it."""
    (route,) = _routes(impl, (1, 85), f"01 0004 11 {RD} 40 c0000201 00000007")
    assert bytes(route.replace(teid_length=32)) == bytes(route)
    with pytest.raises(ValueError, match=f"{bits} bits of 32|does not fit"):
        route.replace(teid_length=bits)


def test_a_route_type_of_lists(impl: Any) -> None:
    f, evpn = impl.field, import_module("bgpwire.nlri.evpn").Evpn
    try:
        type("Listed", (evpn,), {"layout": f.Layout(first=f.u8, rest=f.repeat(f.u16))}, type=99, name="listed")
        (route,) = _routes(impl, EVPN, "6305 07 0001 0002")
        assert str(route) == "[99][7][1][2]"
        assert evpn.from_json(route.json(), _context(*EVPN)) == route
    finally:
        del evpn.types[99]


def test_a_route_type_that_is_a_function(impl: Any) -> None:
    """A class that reads its octets itself and declares nothing: they are one value, and there is no way back."""
    dissect, evpn = import_module("bgpwire.dissect").dissect, import_module("bgpwire.nlri.evpn").Evpn

    def read(cls: Any, reader: Any, context: Any) -> Any:
        return cls.of({"number": reader.u16()})

    try:
        type("Read", (evpn,), {"read": classmethod(read)}, type=99, name="read")
        (route,) = _routes(impl, EVPN, "6302 0102")
        assert route.json() == {"type": 99, "name": "read", "number": 258}
        with pytest.raises(NotImplementedError, match="Read has no declaration to write"):
            evpn.from_json(route.json(), _context(*EVPN))
        reach = attribute(0x80, 14, bytes.fromhex("0019 46 04 c0000201 00 6302 0102"))
        leaves = dissect(update(b"", ATTRIBUTES + reach)).leaves()
        assert [leaf.name for leaf in leaves][-3:] == ["type", "length", "value"]
    finally:
        del evpn.types[99]


@pytest.fixture
def family(impl: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A family of AFI 1 and SAFI 200 that is not declared: octets behind a length that counts itself, and may be 0."""
    base, registry = import_module("bgpwire.nlri.base"), import_module("bgpwire.registry").NLRI

    class Lengths(base.Nlri):  # type: ignore[misc,name-defined]
        octets: bytes

        @classmethod
        def decode(cls, reader: Any, context: Any) -> Any:
            size = reader.peek()
            return cls.of({"octets": reader.take(size)})

        def fields(self) -> dict[str, Any]:
            return {"octets": self.octets.hex()}

    monkeypatch.setitem(registry, (1, 200), Lengths)
    return 1, 200


def test_a_family_of_its_own(impl: Any, family: tuple[int, int]) -> None:
    """Each of its NLRI is one value; one that takes no octets ends the field, and no reader waits for ever."""
    found = _routes(impl, family, "02aa 03bbcc")
    assert found.json() == [{"octets": "02aa"}, {"octets": "03bbcc"}]
    found = _routes(impl, family, "02aa 00", base=100)
    assert len(found) == 1
    assert (found.error.reason, found.error.offset) == ("NLRI without octets", 102)
    assert found.error.action == "afi_safi_disable"  # RFC 7606 section 3 j
    dissect = import_module("bgpwire.dissect").dissect
    reach = attribute(0x80, 14, bytes.fromhex("0001 c8 04 c0000201 00 02aa 00"))
    leaves = [*dissect(update(b"", reach)).leaves()]
    assert [(leaf.name, leaf.length) for leaf in leaves][-2:] == [("value", 2), ("malformed", 1)]
    assert leaves[-1].error == "NLRI without octets"


def test_guess_by_labels(impl: Any) -> None:
    """RFC 8277 section 2.2: the last label is marked as the bottom of the stack; a withdrawal has 0x800000 instead."""
    guess = import_module("bgpwire.nlri.guess").guess_add_path
    session = impl.Session(multiple_labels=frozenset({(1, 4)}))
    marked, unmarked = bytes.fromhex("30 000641 0a0000"), bytes.fromhex("30 000640 0a0000")
    assert guess(marked, 1, 4).without == 1.0
    assert guess(marked + unmarked, 1, 4).without == 0.5
    assert guess(b"\0\0\0\1" + marked, 1, 4, session).add_path is True
    assert guess(bytes.fromhex("30 800000 0a0000"), 1, 4, withdraw=True).without == 1.0


def test_guess_by_families(impl: Any) -> None:
    """Each field of an UPDATE for itself: here MP_REACH_NLRI has path identifiers, and MP_UNREACH_NLRI none."""
    guessed = import_module("bgpwire.nlri.guess").guessed_session
    hop = bytes.fromhex("20010db8000000000000000000000001")
    with_identifiers = bytes.fromhex("00000001 20 20010db8 00000002 20 20010db9")
    reach = attribute(0x80, 14, b"\0\2\1\x10" + hop + b"\0" + with_identifiers)
    unreach = attribute(0x80, 15, b"\0\2\2" + bytes.fromhex("20 20010dba 30 20010dbb0001"))
    message = impl.Message.decode(update(b"", ATTRIBUTES + reach + unreach, b"\x08\x0a"))
    found = guessed(message)
    assert found.add_path == {(2, 1)}
    assert found.add_path_from == impl.Provenance.GUESSED
