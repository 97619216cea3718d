"""MRT: the three levels, every subtype that carries routes, and what a route knows."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from typing import TYPE_CHECKING, Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, message, peer_index, record, rib_generic, told, update

if TYPE_CHECKING:
    from pathlib import Path

ROUTES = update(b"\x10\xac\x10", ATTRIBUTES, b"\x08\x0a\x18\xc0\0\2")


def _head(size: int, afi: int) -> bytes:
    """The BGP4MP header: peer AS 64500, local AS 64501, interface 1, addresses."""
    addresses = (
        b"\xc0\0\2\2\xc0\0\2\1"
        if afi == 1
        else bytes.fromhex("20010db8" + "00" * 11 + "02" + "20010db8" + "00" * 11 + "01")
    )
    return (64500).to_bytes(size) + (64501).to_bytes(size) + b"\0\1" + afi.to_bytes(2) + addresses


@pytest.mark.parametrize("afi", [1, 2])
@pytest.mark.parametrize("kind", [16, 17, 64, 65])
@pytest.mark.parametrize(
    ("subtype", "size", "paths"),
    [
        (1, 2, False),
        (4, 4, False),
        (6, 2, False),
        (7, 4, False),
        (8, 2, True),
        (9, 4, True),
        (10, 2, True),
        (11, 4, True),
    ],
)
def test_bgp4mp(impl: Any, kind: int, subtype: int, size: int, paths: bool, afi: int) -> None:
    """RFC 6396 sections 3 and 4.4, RFC 8050 section 3."""
    path = b"\2\1" + (65000).to_bytes(size)
    block = attribute(0x40, 1, b"\0") + attribute(0x40, 2, path) + attribute(0x40, 3, b"\xc0\0\2\1")
    nlri = b"\0\0\0\7\x08\x0a" if paths else b"\x08\x0a"
    micro = (250_000).to_bytes(4) if kind in (17, 65) else b""
    data = record(kind, subtype, micro + _head(size, afi) + update(b"", block, nlri))
    (route,) = impl.mrt.open(data).routes()
    assert route.type == "A"
    assert route.timestamp == 1_000_000_000 + (0.25 if micro else 0)
    assert (route.peer_asn, str(route.peer_address)) == (64500, "192.0.2.2" if afi == 1 else "2001:db8::2")
    assert (route.peer.local_asn, route.peer.interface) == (64501, 1)
    assert (str(route.prefix), route.path_id) == ("10.0.0.0/8", 7 if paths else None)
    assert (str(route.as_path), route.origin_asn, str(route.next_hop)) == ("65000", 65000, "192.0.2.1")
    (one,) = impl.mrt.open(data).records()
    assert one.timestamp == route.timestamp
    (found,) = impl.mrt.open(data).messages()
    assert found.session.asn4 == (size == 4)
    assert bytes(found) == data[-len(found.message) :]
    assert found.message.nlri.values == (route.nlri,)


@pytest.mark.parametrize(("kind", "subtype", "size"), [(16, 0, 2), (16, 5, 4), (17, 0, 2), (17, 5, 4)])
def test_state_change(impl: Any, kind: int, subtype: int, size: int) -> None:
    """RFC 6396 sections 4.4.1 and 4.4.4."""
    micro = bytes(4) if kind == 17 else b""
    data = record(kind, subtype, micro + _head(size, 1) + b"\0\5\0\6")
    (route,) = impl.mrt.open(data).routes()
    assert (route.type, route.states) == ("S", (5, 6))
    for name in ("prefix", "path_id", "next_hop", "as_path", "communities", "origin", "med", "local_pref", "update"):
        assert getattr(route, name) is None, name
    assert route.errors == []
    assert list(impl.mrt.open(data).messages()) == []


def test_routes_of_one_update(impl: Any) -> None:
    """Withdrawn, then announced; body before MP attributes; one UPDATE behind all of them."""
    reach = attribute(0x80, 14, b"\0\2\1\x10" + bytes(15) + b"\1\0" + b"\x20\x20\1\x0d\xb8")
    unreach = attribute(0x80, 15, b"\0\2\1" + b"\x10\x20\2")
    octets = update(b"\x10\xac\x10", ATTRIBUTES + reach + unreach, b"\x08\x0a")
    routes = list(impl.mrt.open(bgp4mp(octets)).routes())
    assert [(route.type, str(route.prefix)) for route in routes] == [
        ("W", "172.16.0.0/16"), ("W", "2002::/16"), ("A", "10.0.0.0/8"), ("A", "2001:db8::/32"),
    ]  # fmt: skip
    assert [str(route.next_hop) for route in routes] == ["None", "None", "192.0.2.1", "::1"]
    assert len({id(route.update) for route in routes}) == 1
    assert len({id(route.attributes) for route in routes}) == 1
    assert bytes(routes[0].update) == octets
    assert routes[0].as_path is None
    assert routes[0].errors == []


def test_messages_that_hold_no_routes(impl: Any) -> None:
    data = b"".join(bgp4mp(octets) for octets in (message(4, b""), message(3, b"\6\2"), message(99, b"x"), update()))
    assert list(impl.mrt.open(data).routes()) == []
    assert [found.message.name for found in impl.mrt.open(data).messages()] == [
        "keepalive", "notification", "type_99", "update",
    ]  # fmt: skip


def test_table_dump(impl: Any) -> None:
    """RFC 6396 section 4.2: AS numbers of 2 octets."""
    block = attribute(0x40, 1, b"\2") + attribute(0x40, 2, b"\2\2\xfd\xe8\xfd\xe9") + attribute(0x40, 3, b"\xc0\0\2\1")
    body = b"\0\0\0\1" + b"\x0a\0\0\0\x08" + b"\1" + b"\x3b\x9a\xc9\0" + b"\xc0\0\2\2" + b"\xfb\xf4"
    data = record(12, 1, body + len(block).to_bytes(2) + block)
    (route,) = impl.mrt.open(data).routes()
    assert (route.type, str(route.prefix), str(route.as_path)) == ("R", "10.0.0.0/8", "65000 65001")
    assert (route.originated, route.peer_asn, route.origin) == (0x3B9AC900, 64500, impl.Origin.INCOMPLETE)
    assert route.update is None


@pytest.mark.parametrize(
    ("subtype", "prefix", "text"),
    [
        (2, b"\x08\x0a", "10.0.0.0/8"),
        (3, b"\x08\x0a", "10.0.0.0/8"),
        (4, b"\x10\x20\2", "2002::/16"),
        (5, b"\x10\x20\2", "2002::/16"),
    ],
)
@pytest.mark.parametrize("paths", [False, True])
@pytest.mark.parametrize("full", [False, True])
def test_table_dump_v2(impl: Any, subtype: int, prefix: bytes, text: str, paths: bool, full: bool) -> None:
    """RFC 6396 section 4.3, RFC 8050 section 4; the next hop abbreviated or in a whole MP_REACH_NLRI."""
    hop = b"\x20\1\x0d\xb8" + bytes(11) + b"\1"
    safi = 2 if subtype in (3, 5) else 1
    reach = b"\0\2" + bytes((safi,)) + b"\x10" + hop + b"\0" if full else b"\x10" + hop
    block = ATTRIBUTES if subtype < 4 else ATTRIBUTES[:7] + attribute(0x80, 14, reach)
    entry = b"\0\0\x3b\x9a\xc9\0" + (b"\0\0\0\7" if paths else b"") + len(block).to_bytes(2) + block
    data = peer_index() + record(13, subtype + 6 if paths else subtype, b"\0\0\0\1" + prefix + b"\0\2" + entry * 2)
    file = impl.mrt.open(data)
    routes = list(file.routes())
    assert file.skips == []
    assert len(routes) == 2
    for route in routes:
        assert (route.type, str(route.prefix), route.path_id) == ("R", text, 7 if paths else None)
        assert str(route.next_hop) == ("192.0.2.1" if subtype < 4 else "2001:db8::1")
        assert (route.peer_asn, str(route.peer_address), str(route.peer.bgp_id)) == (64500, "192.0.2.2", "10.0.0.1")
        assert route.originated == 0x3B9AC900


def test_rib_generic(impl: Any) -> None:
    wire = bytes.fromhex("70 000641 0000fde800000064 0a0102")
    (route,) = impl.mrt.open(rib_generic(1, 128, wire)).routes()
    assert (str(route.prefix), str(route.nlri.rd), bytes(route.nlri)) == ("10.1.2.0/24", "65000:100", wire)


def test_add_path_that_the_record_does_not_say(impl: Any) -> None:
    """Pitfall 1: some collectors wrote such files; it is read so on request alone."""
    data = bgp4mp(update(b"", ATTRIBUTES, b"\0\0\0\7\x08\x0a"))
    (route,) = impl.mrt.open(data, add_path=[(1, 1)]).routes()
    assert (str(route.prefix), route.path_id) == ("10.0.0.0/8", 7)
    assert len(list(impl.mrt.open(data, on_skip=told).routes())) != 1


def test_two_peer_tables_in_one_file(impl: Any) -> None:
    """Pitfall 86: ``cat`` of two dumps."""
    one = rib_generic(1, 1, b"\x08\x0a")
    routes = list(impl.mrt.open(one + one).routes())
    assert len(routes) == 2
    assert routes[0].peer == routes[1].peer


@pytest.mark.parametrize("form", ["path", "str", "file", "bytes", "bytearray", "memoryview", "BytesIO"])
def test_sources(impl: Any, tmp_path: Path, form: str) -> None:
    data = bgp4mp(ROUTES)
    path = tmp_path / "updates"
    path.write_bytes(data)
    file = path.open("rb")
    source = {
        "path": path, "str": str(path), "file": file, "bytes": data, "bytearray": bytearray(data),
        "memoryview": memoryview(data), "BytesIO": io.BytesIO(data),
    }[form]  # fmt: skip
    with impl.mrt.open(source) as opened:
        assert [route.type for route in opened.routes()] == ["W", "A", "A"]
    assert not file.closed, "a file that the caller opened stays open"
    file.close()


@pytest.mark.parametrize("name", ["gzip", "bzip2", "xz", "zstd"])
def test_compression_is_told_by_content(impl: Any, tmp_path: Path, name: str) -> None:
    if name == "zstd":
        try:
            from compression import zstd as library
        except ImportError:
            library = pytest.importorskip("zstandard")
        pack = library.compress
    else:
        pack = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}[name]
    path = tmp_path / "updates.txt"
    path.write_bytes(pack(bgp4mp(ROUTES)) + pack(bgp4mp(ROUTES)))
    with impl.mrt.open(path) as file:
        assert len(list(file.routes())) == 6
        assert file.skips == []
        assert file.consumed == path.stat().st_size


def test_records(impl: Any) -> None:
    data = bgp4mp(ROUTES) + record(49, 3, b"unknown") + record(17, 4, b"\0\0\0\x05rest")
    records = list(impl.mrt.open(data).records())
    assert [(one.type, one.subtype, one.microseconds) for one in records] == [
        (16, 4, 0),
        (49, 3, int.from_bytes(b"unkn")),
        (17, 4, 5),
    ]
    assert b"".join(map(bytes, records)) == data
    assert [one.offset for one in records] == [0, len(bgp4mp(ROUTES)), len(bgp4mp(ROUTES)) + 19]
    assert records[0] == next(impl.mrt.open(data).records())


def test_strict(impl: Any) -> None:
    torn = bgp4mp(ROUTES) + bgp4mp(b"\xff" * 16 + b"\0\5\2")
    file = impl.mrt.open(torn, on_skip=told)
    assert len(list(file.routes())) == 3
    assert file.skipped == 1
    assert file.skips[0].offset == len(bgp4mp(ROUTES))
    with pytest.raises(impl.MrtError):
        list(impl.mrt.open(torn, strict=True).routes())


def test_what_a_bad_update_says(impl: Any) -> None:
    """A malformed attribute is None in the route and told in its errors; the file goes on."""
    octets = update(b"", ATTRIBUTES + attribute(0xC0, 8, b"\1\2\3"), b"\x08\x0a")
    (route,) = impl.mrt.open(bgp4mp(octets)).routes()
    assert route.communities is None
    assert [(error.code, error.subcode) for error in route.errors] == [(3, 5)]
    assert str(route.next_hop) == "192.0.2.1"
