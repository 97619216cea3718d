"""Lines of values that are seldom met, in the formats of other programs and in a dissection.

What is expected of ``bgpdump`` is what bgpdump 1.6.2 prints of the same records, but for a TABLE_DUMP of many entries.
"""

from __future__ import annotations

import io
import struct
from importlib import import_module
from typing import Any

import pytest
from support.context import told
from support.made_mrt import HOP, IGP, PATH, PATH2, TEN, attribute, bgp4mp, prefix, reach, update


def _lines(impl: Any, form: str, record: bytes) -> list[str]:
    line = import_module(f"bgpwire.text.{form}").formatter()
    with impl.mrt.open(io.BytesIO(record), on_skip=told) as file:
        return [line(route).rstrip("\n") for route in file.routes()]


@pytest.mark.parametrize(
    ("community", "text"),
    [
        ("4006 fde8 461c4000", "rate:10000 bytes/sec (AS 65000)"),
        ("4006 0000 7fc00000", "rate:NaN bytes/sec (AS 0)"),
        ("4006 0000 7f800000", "rate:inf bytes/sec (AS 0)"),
        ("4006 0000 ff800000", "rate:-inf bytes/sec (AS 0)"),
        ("4007 fde8 00000003", "action:terminal,sample (AS 65000)"),
        ("4007 fde8 00000002", "action:sample (AS 65000)"),
        ("4007 fde8 fffffffc", "action: (AS 65000)"),
        ("4008 fde8 0000abcd", "redirect:AS65000:0000ABCD"),
        ("4009 fde8 2e000000", "mark:DSCP46 (AS 65000)"),
        ("400a fde8 2e000000", "64:10:65000:2E000000"),
        ("8006 fde8 461c4000", "8006FDE8461C4000"),
    ],
)
def test_flow_actions_of_bgpkit_parser(impl: Any, community: str, text: str) -> None:
    """Under type 0x40, as its ``parse_extended_community`` and ``Display`` of ``ExtendedCommunity`` have them."""
    record = bgp4mp(update(IGP + PATH + HOP + attribute(16, bytes.fromhex(community)), TEN))
    (line,) = _lines(impl, "psv", record)
    assert line.split("|")[11] == text


def test_well_known_communities_where_the_buffer_of_bgpdump_ends(impl: Any) -> None:
    """bgpdump's buffer has 8,192 characters: a name that has no room is left out, a number cut off."""
    plain, name = bytes.fromhex("ffffffff"), bytes.fromhex("ffffff01")

    def shown(value: bytes) -> str:
        (line,) = _lines(impl, "bgpdump", bgp4mp(update(IGP + PATH + HOP + attribute(8, value), TEN)))
        return line.split("|")[11]

    # 680 numbers take 12 characters each with the blank: 8,160, of which the first blank is not shown.
    room = plain * 680
    assert shown(name + room[4:]) == "no-export" + " 65535:65535" * 679
    assert shown(room + name) == "65535:65535" + " 65535:65535" * 679 + " no-export"
    full = plain * 682  # 8,184: 7 are left
    assert shown(full + name) == "65535:65535" + " 65535:65535" * 681
    assert shown(full + name + plain) == "65535:65535" + " 65535:65535" * 681 + " 65535:"


def test_addresses_of_ipv4_in_ipv6(impl: Any) -> None:
    """Mapped and compatible addresses have a dotted quad."""
    text = import_module("bgpwire.text.bgpdump_fields").ipv6_text
    assert text(bytes(10) + b"\xff\xff\xc0\0\2\1") == "::ffff:192.0.2.1"
    assert text(bytes(12) + b"\xc0\0\2\1") == "::192.0.2.1"
    assert text(bytes(15) + b"\1") == "::1"
    assert text(bytes(16)) == "::"


def test_a_shorter_path_than_that_of_4_octets(impl: Any) -> None:
    """RFC 6793 section 4.2.3: an AS4_PATH of more hops than AS_PATH is ignored."""
    path4 = attribute(17, struct.pack(">BBIII", 2, 3, 65551, 64500, 64496))
    (line,) = _lines(impl, "bgpdump", bgp4mp(update(IGP + PATH2 + HOP + path4, TEN), 1))
    assert line.split("|")[6] == "64500 64496"
    merged = import_module("bgpwire.text.bgpdump_path").merged_path
    assert merged(b"\7\1\xfb\xf4", path4[4:]) == merged(b"\7", path4[4:])


def test_each_entry_of_a_table_dump_has_its_prefix(impl: Any) -> None:
    """Writers of 1999 and 2000 put many entries into one record; bgpdump prints the first alone, this all of them."""
    attributes = IGP + PATH2 + HOP

    def entry(text: str) -> bytes:
        octets = prefix(text)
        rest = struct.pack(">BI4BHH", 1, 5, 192, 0, 2, 1, 64500, len(attributes))
        return octets[1:].ljust(4, b"\0") + octets[:1] + rest + attributes

    data = b"\0\0\0\1" + entry("10.0.0.0/8") + entry("10.128.0.0/9") + entry("10.64.0.0/10")
    lines = _lines(impl, "bgpdump", struct.pack(">IHHI", 7, 12, 1, len(data)) + data)
    assert [line.split("|")[5] for line in lines] == ["10.0.0.0/8", "10.128.0.0/9", "10.64.0.0/10"]
    assert {line.split("|", 3)[0] for line in lines} == {"TABLE_DUMP"}


def test_a_next_hop_of_another_family_in_a_rib(impl: Any) -> None:
    """bgpdump takes the next hop of a whole MP_REACH_NLRI in a RIB entry from unicast alone."""
    hop = import_module("bgpwire.text.bgpdump_fields")._mp_next_hop
    octets = bytes.fromhex("20010db8000000000000000000000001")
    for afi, safi, rib, shown in ((2, 1, True, "2001:db8::1"), (2, 128, True, None), (25, 1, True, None)):
        assert hop(reach(afi, octets, b"", safi)[4:], rib) == shown
    assert hop(reach(25, octets, b"", 70)[4:], False) == "2001:db8::1"


def test_what_has_no_value_has_no_text(impl: Any) -> None:
    text = import_module("bgpwire.text.dissection")._text
    assert (text(None), text(False), text([]), text([1, "a"])) == ("", "no", "-", "1, a")


def test_one_peer_after_many(impl: Any) -> None:
    """What is remembered of peers is bounded; a line says the same after it was forgotten."""
    shared = import_module("bgpwire.text.shared")
    calls = []
    most = shared._PEERS

    class Peer:
        pass

    render = shared.per_peer(lambda peer: calls.append(peer) or str(len(calls)))
    first, *others = [Peer() for _ in range(most + 1)]
    assert (render(first), render(first)) == ("1", "1")
    for other in others:
        render(other)
    assert render(first) == str(most + 2)
    assert len(calls) == most + 2
