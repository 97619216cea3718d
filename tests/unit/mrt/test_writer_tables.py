"""TABLE_DUMP_V2 made of values: peers, subtypes, attributes of tables and of UPDATEs, and what is refused."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import pytest
from support import made_mrt as made
from support.archives import table_of_peers
from support.context import ATTRIBUTES, attribute, bgp4mp, peer_index, record, rib_generic, told

if TYPE_CHECKING:
    from collections.abc import Callable

TIME = 1_000_000_000
ID = "192.0.2.9"
ORIGIN, HOP = attribute(0x40, 1, b"\0"), attribute(0x40, 3, bytes((192, 0, 2, 1)))
REACH = made.reach(2, made.HOP6, made.SIX)
SHORT = attribute(0x80, 14, b"\x10" + made.HOP6)
"""MP_REACH_NLRI abbreviated, with the flags of ``REACH``: RFC 6396 section 4.3.4."""


def peers(impl: Any, count: int = 2) -> list[Any]:
    return [
        impl.Peer(impl.Address(f"192.0.2.{n + 1}"), 64500 + n, impl.Address(f"10.0.0.{n + 1}")) for n in range(count)
    ]


def attributes(impl: Any, data: bytes = ATTRIBUTES) -> Any:
    return impl.PathAttributes(data)


def table(impl: Any, write: Callable[[Any], object], peers_of: list[Any] | None = None) -> bytes:
    """What ``write`` puts behind a table of two peers, or of ``peers_of``."""
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(peers(impl) if peers_of is None else peers_of, TIME, collector_bgp_id=ID)
        out.flush()
        begin = len(file.getvalue())
        write(out)
    return file.getvalue()[begin:]


def only(impl: Any, data: bytes) -> Any:
    (found,) = impl.mrt.open(data, on_skip=told).records()
    return impl.mrt.decode_record(found)


# --- peers (RFC 6396 section 4.3.1) ---------------------------------------------------------------------------------


def test_a_table_of_peers(impl: Any) -> None:
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(peers(impl, 1), TIME, collector_bgp_id=impl.Address(ID), view="Gr\u00fc\u00dfe")
    data = file.getvalue()
    assert data == record(
        13, 1, bytes((192, 0, 2, 9)) + b"\0\7Gr\xc3\xbc\xc3\x9fe\0\1\2\x0a\0\0\1\xc0\0\2\1" + (64500).to_bytes(4)
    )
    assert only(impl, data).view == "Gr\u00fc\u00dfe"


def test_the_type_follows_of_the_address(impl: Any) -> None:
    """AS numbers have 4 octets; a peer whose BGP identifier nobody knows has 0.0.0.0."""
    six = impl.Peer(impl.Address("2001:db8::1"), 64500)
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table([six, *peers(impl, 1)], TIME, collector_bgp_id=ID)
        out.rib("10.0.0.0/8", [(six, 1, attributes(impl))])
    (route,) = impl.mrt.open(file.getvalue()).routes()
    assert route.peer == impl.Peer(six.address, 64500, impl.Address("0.0.0.0"))
    found = only(impl, file.getvalue()[: 12 + 8 + 25 + 13])
    assert [(peer.type, peer.asn) for peer in found.peers] == [(3, 64500), (2, 64500)]


def test_types_as_they_were(impl: Any) -> None:
    data = table_of_peers()
    found = only(impl, data)
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(found.peers, 1, collector_bgp_id=found.collector_bgp_id, view=found.view)
    assert file.getvalue() == data
    entry = impl.mrt.body_table.PeerEntry
    address = impl.Address("192.0.2.1")
    with impl.mrt.Writer(io.BytesIO()) as out:
        for kind, asn, where in ((1, 1, r"peers\[0\]\.address"), (0, 65536, r"peers\[0\]\.asn")):
            wrong = entry(type=kind, bgp_id=address, address=address, asn=asn)
            with pytest.raises(ValueError, match=where):
                out.peer_table([wrong], TIME, collector_bgp_id=ID)


def test_as_many_peers_as_there_are_numbers(impl: Any) -> None:
    """RFC 6396 section 4.3.1: their number has 2 octets."""
    address = impl.Address("192.0.2.1")
    many = [impl.Peer(address, asn, address) for asn in range(65_535)]
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(many, TIME, collector_bgp_id=ID)
        out.rib("10.0.0.0/8", [(many[-1], 1, attributes(impl))])
        with pytest.raises(ValueError, match=r"^peers: 65536 of them, and a peer index table has room for 65535"):
            out.peer_table([*many, impl.Peer(address, 65_535)], TIME, collector_bgp_id=ID)
    (route,) = impl.mrt.open(file.getvalue()).routes()
    assert route.peer == many[-1]


def test_which_peer_is_meant(impl: Any) -> None:
    """By all that a table says of it; without its BGP identifier, as an UPDATE has it, if one alone has its address."""
    address, block = impl.Address("192.0.2.1"), attributes(impl)
    first, second = (impl.Peer(address, 64500, impl.Address(f"10.0.0.{n}")) for n in (1, 2))
    other = impl.Peer(address, 64501, impl.Address("10.0.0.1"))
    twice = [first, second, other, first]

    of_update = impl.Peer(address, 64501, None, impl.Address("192.0.2.2"), 64511, 3)

    def write(out: Any) -> None:
        for peer in (first, second, other, 3, of_update):
            out.rib("10.0.0.0/8", [(peer, 1, block)])
        for peer, reason in (
            (impl.Peer(address, 64500), "several in the table have its address"),
            (impl.Peer(address, 1), r"AS1 192\.0\.2\.1 is not in the table"),
            (4, "peer 4 of a table of 4"),
            (-1, "peer -1 of a table of 4"),
        ):
            with pytest.raises(ValueError, match=reason):
                out.rib("10.0.0.0/8", [(peer, 1, block)])
        with pytest.raises(TypeError, match="peer is a Peer or its number, not Address"):
            out.rib("10.0.0.0/8", [(address, 1, block)])

    found = map(impl.mrt.decode_record, impl.mrt.open(table(impl, write, twice)).records())
    assert [body.entries[0].peer_index for body in found] == [0, 1, 2, 3, 2]


# --- RIB records --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path_id", [None, 7])
@pytest.mark.parametrize(("afi", "safi", "subtype"), [(1, 1, 2), (1, 2, 3), (2, 1, 4), (2, 2, 5)])
def test_subtypes(impl: Any, afi: int, safi: int, subtype: int, path_id: int | None) -> None:
    """RFC 6396 section 4.3.2, RFC 8050 section 4.1: prefixes of IPv4 and IPv6."""
    prefix = impl.Prefix("10.0.0.0/8" if afi == 1 else "2001:db8::/32")
    entries = [(number, 999, attributes(impl), path_id) for number in (1, 0)]
    data = table(impl, lambda out: out.rib(prefix, entries, family=(afi, safi)))
    path = b"" if path_id is None else path_id.to_bytes(4)
    size = len(ATTRIBUTES).to_bytes(2)
    body = bytes(4) + bytes(prefix) + b"\0\2"
    for number in (1, 0):
        body += number.to_bytes(2) + (999).to_bytes(4) + path + size + ATTRIBUTES
    assert data == record(13, subtype if path_id is None else subtype + 6, body)
    routes = list(impl.mrt.open(peer_table(impl) + data).routes())
    assert [(route.peer, route.path_id, route.originated) for route in routes] == [
        (peer, path_id, 999) for peer in reversed(peers(impl))
    ]
    assert {route.family for route in routes} == {(afi, safi)}


def peer_table(impl: Any) -> bytes:
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(peers(impl), TIME, collector_bgp_id=ID)
    return file.getvalue()


@pytest.mark.parametrize("path_id", [None, 7])
def test_other_families(impl: Any, path_id: int | None) -> None:
    """RIB_GENERIC (RFC 6396 section 4.3.3); path identifiers stand in the entries."""
    evpn = b"\3\x11\0\0\xfd\xe8\0\0\0\1\0\0\0\1\x20\xc0\0\2\1"
    *_, found = impl.mrt.open(rib_generic(25, 70, evpn)).routes()
    labelled = impl.LabelledPrefix("100", "10.0.0.0/8")
    vpn = impl.VpnPrefix("100", impl.RouteDistinguisher("64500:1"), "2001:db8::/32")
    for nlri, family, said in (
        (found.nlri, (25, 70), None),
        (labelled, (1, 4), None),
        (vpn, (2, 128), None),
        (vpn, (2, 76), (2, 76)),
        (impl.Prefix("10.0.0.0/8"), (1, 67), (1, 67)),
    ):
        entry = (0, 999, attributes(impl), path_id)
        data = table(impl, lambda out, nlri=nlri, said=said, entry=entry: out.rib(nlri, [entry], family=said))
        afi, safi = family
        path = b"" if path_id is None else path_id.to_bytes(4)
        body = bytes(4) + afi.to_bytes(2) + bytes((safi,)) + bytes(nlri) + b"\0\1\0\0" + (999).to_bytes(4) + path
        assert data == record(13, 6 if path_id is None else 12, body + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES)
        (route,) = impl.mrt.open(peer_table(impl) + data).routes()
        assert (route.family, route.path_id) == (family, path_id)


def test_times_and_numbers(impl: Any) -> None:
    """Records are numbered from 0 behind each table, and have its time, unless it is said."""
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        with pytest.raises(ValueError, match=r"^a RIB record before a peer index table"):
            out.rib("10.0.0.0/8", [])
        out.peer_table(peers(impl), TIME, collector_bgp_id=ID)
        out.rib("10.0.0.0/8", [])
        out.rib("10.0.0.0/8", [], TIME + 1)
        with pytest.raises(ValueError, match="peer 9"):  # which takes no number
            out.rib("10.0.0.0/8", [(9, 1, attributes(impl))])
        out.rib("10.0.0.0/8", [])
        out.rib("10.0.0.0/8", [], sequence=70)
        out.rib("2001:db8::/32", [])
        out.peer_table(peers(impl), TIME + 2, collector_bgp_id=ID)
        out.rib("10.0.0.0/8", [], sequence=0xFFFFFFFF)
        with pytest.raises(ValueError, match=r"^sequence: 4294967296"):
            out.rib("10.0.0.0/8", [])
    found = [(one.seconds - TIME, impl.mrt.decode_record(one)) for one in impl.mrt.open(file.getvalue()).records()]
    numbers = [(seconds, getattr(body, "sequence", None)) for seconds, body in found]
    assert numbers == [(0, None), (0, 0), (1, 1), (0, 2), (0, 70), (0, 71), (2, None), (2, 0xFFFFFFFF)]


def test_behind_records_that_are_copied(impl: Any) -> None:
    """Their peers are those of the entries, and their numbers go on."""
    first = list(
        impl.mrt.open(rib_generic(1, 128, bytes.fromhex("70 000101 0000fbf400000001 c0000200")[:15])).records()
    )
    peer = impl.Peer(impl.Address("192.0.2.2"), 64500, impl.Address("10.0.0.1"))
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        for one in first:
            out.record(one)
        out.rib("10.0.0.0/8", [(peer, 1, attributes(impl))])
    *_, last = impl.mrt.open(file.getvalue(), on_skip=told).records()
    assert (last.seconds, impl.mrt.decode_record(last).sequence) == (TIME, 1)
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.record(first[0])
        torn = impl.Record(1, 13, 1, first[0].data[:-1])
        out.record(torn)  # a copy all the same
        with pytest.raises(ValueError, match="before a peer index table"):
            out.rib("10.0.0.0/8", [])
    assert file.getvalue() == bytes(first[0]) + bytes(torn)


def test_what_a_rib_record_has_no_room_for(impl: Any) -> None:
    block = attributes(impl)
    long = attributes(impl, attribute(0x50, 99, bytes(65_532)))
    ten = impl.Prefix("10.0.0.0/8")
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(peers(impl), TIME, collector_bgp_id=ID)
        out.flush()
        size = len(file.getvalue())
        for error, reason, entries in (
            (ValueError, "^originated: -1", [(0, -1, block)]),
            (ValueError, "^originated: 4294967296", [(0, 1 << 32, block)]),
            (ValueError, "^path_id: 4294967296", [(0, 1, block, 1 << 32)]),
            (ValueError, "^path_id: some entries have one and others have none", [(0, 1, block, 1), (1, 1, block)]),
            (ValueError, "^path_id: some entries have one and others have none", [(0, 1, block), (1, 1, block, 1)]),
            (ValueError, "^octets of attributes: 65536", [(0, 1, long)]),
            (ValueError, "^entries: 65536 of them, and a RIB record has room for 65535", [(0, 1, block)] * 65_536),
            (ValueError, "^a record of 16[0-9]* octets", [(0, 1, attributes(impl, bytes(long)[:-1]))] * 257),
            (TypeError, "^originated is a number, not float", [(0, 1.5, block)]),
            (TypeError, "^path_id is a number, not str", [(0, 1, block, "1")]),
            (TypeError, "^attributes are PathAttributes, not bytes", [(0, 1, ATTRIBUTES)]),
        ):
            with pytest.raises(error, match=reason):
                out.rib(ten, entries)
        for error, reason, nlri, family in (
            (ValueError, "is no NLRI of 2/1", ten, (2, 1)),
            (ValueError, "a path identifier has no room", impl.Prefix("10.0.0.0/8", 7), None),
            (ValueError, "is no NLRI of 1/4", ten, (1, 4)),
            (ValueError, "the unknown family nsap-safi-55", ten, (3, 55)),
            (ValueError, "10.0.0.0/33", "10.0.0.0/33", None),
            (TypeError, "an NLRI, or a prefix as text, is needed, not int", 10, None),
        ):
            with pytest.raises(error, match=reason):
                out.rib(nlri, [(0, 1, block)], family=family)
        with pytest.raises(ValueError, match=r"^view: "):
            out.peer_table([], TIME, collector_bgp_id=ID, view="v" * 65_536)
        with pytest.raises(ValueError, match=r"^collector_bgp_id: "):
            out.peer_table([], TIME, collector_bgp_id="2001:db8::1")
        with pytest.raises(ValueError, match=r"^peers: AS1 has no address"):
            out.peer_table([impl.Peer(None, 1)], TIME, collector_bgp_id=ID)
        with pytest.raises(TypeError, match=r"^peers: a Peer or a PeerEntry is needed, not str"):
            out.peer_table(["192.0.2.1"], TIME, collector_bgp_id=ID)
    assert len(file.getvalue()) == size


# --- attributes (RFC 6396 section 4.3.4) -----------------------------------------------------------------------------


def of_update(impl: Any, block: bytes, asn4: bool = True) -> Any:
    """The attributes of an UPDATE."""
    octets = made.update(block, made.TEN)
    return impl.Message.decode(octets, impl.Session(asn4)).attributes


def in_table(impl: Any, found: Any, prefix: str = "10.0.0.0/8") -> bytes:
    """The octets that they have in an entry of a table."""
    data = table(impl, lambda out: out.rib(prefix, [(0, 1, found)]))
    body = only(impl, data)
    return bytes(body.entries[0].attributes)


def test_attributes_of_an_update_with_4_octets(impl: Any) -> None:
    assert in_table(impl, of_update(impl, ORIGIN + made.PATH + HOP)) == ORIGIN + made.PATH + HOP
    block = ORIGIN + made.PATH + REACH + HOP + made.attribute(15, b"\0\2\1" + made.SIX)
    assert in_table(impl, of_update(impl, block), "2001:db8::/32") == ORIGIN + made.PATH + SHORT + HOP
    assert in_table(impl, of_update(impl, block)) == ORIGIN + made.PATH + HOP


def test_attributes_of_an_update_with_2_octets(impl: Any) -> None:
    """Paths and aggregators are merged (RFC 6793 section 4.2.3)."""
    path = made.attribute(2, struct.pack(">BBHHH", 2, 3, 64500, 23456, 64496), 0x40)
    path4 = made.attribute(17, struct.pack(">BBII", 2, 2, 65551, 64496))
    trans = made.attribute(7, struct.pack(">H4B", 23456, 198, 51, 100, 1))
    aggregator4 = made.attribute(18, struct.pack(">I4B", 65551, 198, 51, 100, 1))
    found = of_update(impl, ORIGIN + path + HOP + trans + path4 + aggregator4 + REACH, False)
    merged = attribute(0x40, 2, struct.pack(">BBIII", 2, 3, 64500, 65551, 64496))
    aggregator = attribute(0xC0, 7, struct.pack(">I4B", 65551, 198, 51, 100, 1))
    assert in_table(impl, found, "2001:db8::/32") == ORIGIN + merged + HOP + aggregator + SHORT
    plain = of_update(impl, ORIGIN + made.PATH2, False)
    assert in_table(impl, plain) == ORIGIN + attribute(0x40, 2, struct.pack(">BBII", 2, 2, 64500, 64496))


def test_a_path_that_grows_beyond_255_octets(impl: Any) -> None:
    path = attribute(0x40, 2, b"\2\x64" + struct.pack(">H", 64500) * 100)
    data = in_table(impl, of_update(impl, path, False))
    assert data == attribute(0x50, 2, b"\2\x64" + struct.pack(">I", 64500) * 100)


def test_attributes_of_a_table_dump(impl: Any) -> None:
    """TABLE_DUMP has AS numbers of 2 octets, and MP_REACH_NLRI whole or the next hop alone."""
    for reach in (REACH, SHORT):
        block = ORIGIN + made.PATH2 + reach
        found = impl.PathAttributes(block, session=impl.Session(False), rib_family=(2, 1))
        wide = attribute(0x40, 2, struct.pack(">BBII", 2, 2, 64500, 64496))
        assert in_table(impl, found, "2001:db8::/32") == ORIGIN + wide + SHORT


def test_attributes_of_a_table_stay(impl: Any) -> None:
    """RouteViews and Quagga have MP_REACH_NLRI whole."""
    for block in (ORIGIN + REACH, ORIGIN + SHORT, ORIGIN + ORIGIN + made.PATH[:-1]):
        found = impl.PathAttributes(block, rib_family=(2, 1))
        assert in_table(impl, found, "2001:db8::/32") == block


def test_attributes_that_cannot_be_turned(impl: Any) -> None:
    """What is malformed is not guessed at; what stays as it is may be."""
    torn = made.attribute(99, bytes(5))[:-1]
    for block, reason in (
        (made.attribute(2, b"\2\2\xfb\xf4"), "as_path is malformed"),
        (made.PATH2 + made.PATH2, "as_path is a duplicate"),
        (made.attribute(7, b"\0"), "aggregator is malformed"),
        (made.attribute(14, b"\0\2\1\5"), "mp_reach_nlri is malformed"),
        (made.PATH2 + torn, "attributes: "),
    ):
        found = impl.PathAttributes(block, session=impl.Session(False))
        with pytest.raises(ValueError, match=reason):
            in_table(impl, found)
    malformed = made.attribute(4, b"\0")
    assert in_table(impl, impl.PathAttributes(ORIGIN + malformed, session=impl.Session(False))) == ORIGIN + malformed


def test_a_table_of_the_routes_of_updates(impl: Any) -> None:
    """What a reader finds of each route is what the UPDATE said."""
    data = made.archive() + bgp4mp(made.update(ORIGIN + made.PATH2 + HOP, made.TEN), asn4=False)
    routes = [route for route in impl.mrt.open(data).routes() if route.type == "A"]
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.peer_table(dict.fromkeys(route.peer for route in routes), TIME, collector_bgp_id=ID)
        for route in routes:
            out.rib(route.prefix, [(route.peer, route.event.seconds, route.attributes)], route.event.seconds)
    again = list(impl.mrt.open(file.getvalue(), strict=True).routes())
    assert [told_of(route) for route in again] == [told_of(route) for route in routes]
    assert all(route.type == "R" and not route.errors for route in again)


def told_of(route: Any) -> list[Any]:
    same = [route.prefix, route.family, str(route.as_path), route.next_hop, route.communities, route.timestamp]
    return [*same, route.attributes.aggregator, route.peer.asn, route.peer.address, route.extended_communities]


def test_entries_of_a_copied_table(impl: Any) -> None:
    """Entries as decode_record gives them, of peers by their numbers."""
    *_, body = (
        impl.mrt.decode_record(one) for one in impl.mrt.open(rib_generic(1, 1, made.TEN), on_skip=told).records()
    )
    with impl.mrt.Writer(file := io.BytesIO()) as out:
        out.record(next(impl.mrt.open(peer_index()).records()))
        out.rib(body.nlri, body.entries)
    (route,) = impl.mrt.open(file.getvalue()).routes()
    assert (str(route.prefix), route.peer.asn) == ("10.0.0.0/8", 64500)
