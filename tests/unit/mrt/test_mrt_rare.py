"""Records that are cut or seldom met: what is said of them, where, and that both implementations say so."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, peer_index, record, told, update

ENTRY = b"\0\0" + bytes(4) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
PEERS = "0000fbf4 0000fbf5 0000 0001 c0000202 c0000201"
RUNS_OVER = "RIB record runs over the end"
# Each with the sizes from which on another thing is said of the octets that there are: reason and offset.
CUT: dict[str, tuple[bytes, list[tuple[int, str, int]]]] = {
    "peer index table": (
        peer_index(),
        [(0, "peer index table runs over the end", 0), (8, "peer index table of 1 peers ends in peer 0", 8)],
    ),
    "RIB": (
        record(13, 2, b"\0\0\0\0\x08\x0a\0\1" + ENTRY),
        [
            (0, RUNS_OVER, 0),
            (5, RUNS_OVER, 4),
            (8, "RIB record of 1 entries ends in entry 1", 8),
            (16, "RIB entry 1 runs over the end", 14),
        ],
    ),
    "RIB_GENERIC": (
        record(13, 6, b"\0\0\0\0\0\1\1\x08\x0a\0\1" + ENTRY),
        [
            (0, RUNS_OVER, 0),
            (7, "no NLRI", 7),
            (8, "prefix runs over the end", 7),
            (9, RUNS_OVER, 7),
            (11, "RIB record of 1 entries ends in entry 1", 11),
            (19, "RIB entry 1 runs over the end", 17),
        ],
    ),
    "state change": (
        record(16, 5, bytes.fromhex(PEERS + "0001 0003")),
        [
            (0, "BGP4MP header runs over the end", 0),
            (12, "", 0),  # of no addresses: the states are not there, as some writers have it
            (13, "BGP4MP addresses run over the end", 12),
            (20, "state change without states", 20),
        ],
    ),
    "state change, microseconds": (
        record(17, 5, bytes.fromhex("00000001" + PEERS + "0001 0003")),
        [
            (0, "no room for microseconds", 0),
            (4, "BGP4MP header runs over the end", 4),
            (16, "", 0),
            (17, "BGP4MP addresses run over the end", 16),
            (24, "state change without states", 24),
        ],
    ),
}


def _record(impl: Any, octets: bytes, size: int | None = None) -> Any:
    head = octets[:12]
    data = octets[12:] if size is None else octets[12 : 12 + size]
    numbers = int.from_bytes(head[:4]), int.from_bytes(head[4:6]), int.from_bytes(head[6:8])
    return impl.mrt.kernels.Record(*numbers, data, 0)


def _decoder(impl: Any) -> Any:
    decoder = impl.mrt.kernels.RouteDecoder(frozenset(), frozenset())
    decoder.routes(_record(impl, peer_index()))
    return decoder


@pytest.mark.parametrize("name", CUT)
def test_a_record_cut_anywhere(impl: Any, name: str) -> None:
    """RFC 6396 sections 4.3 and 4.4; offsets count from the record's data."""
    octets, said = CUT[name]
    whole = len(octets) - 12
    assert _decoder(impl).routes(_record(impl, octets)) is not None
    for (first, reason, offset), (last, *_) in zip(said, [*said[1:], (whole, "", 0)], strict=True):
        for size in range(first, last):
            if not reason:
                (route,) = _decoder(impl).routes(_record(impl, octets, size))
                assert route.states is not None
                continue
            with pytest.raises(impl.DecodeError) as caught:
                _decoder(impl).routes(_record(impl, octets, size))
            assert (caught.value.reason, caught.value.offset) == (reason, offset), size


def test_a_message_without_room_for_its_header(impl: Any) -> None:
    octets = bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a"))
    for size in range(19):
        with pytest.raises(impl.TruncatedError) as caught:
            _decoder(impl).routes(_record(impl, octets, 20 + size))
        assert caught.value.reason == f"message of at least 19 octets, {size} there"
        assert (caught.value.offset, caught.value.code, caught.value.subcode) == (20, 1, 2)


def test_a_peer_index_table_as_a_body(impl: Any) -> None:
    octets = peer_index()
    for size, offset in ((0, 0), (4, 4), (8, 8), (12, 9), (20, 17)):
        with pytest.raises(impl.TruncatedError) as caught:
            impl.mrt.record_json(_record(impl, octets, size))
        assert caught.value.offset == offset


@pytest.mark.parametrize("kind", [16, 17])
def test_an_entry_of_another_family(impl: Any, kind: int) -> None:
    """BGP4MP_ENTRY (RFC 6396 appendix B.2.6.1) of IPv4 or IPv6 alone."""
    head = bytes(4 if kind == 17 else 0) + bytes.fromhex("fbf4fbf5 0000 0001 c0000202 c0000201 0000 0001 3b9aca00")
    rest = bytes.fromhex("01 04 c0000201 08 0a") + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
    (route,) = _decoder(impl).routes(_record(impl, record(kind, 2, head + b"\0\1" + rest)))
    assert str(route.prefix) == "10.0.0.0/8"
    other = _record(impl, record(kind, 2, head + b"\0\3" + rest))
    for read in (_decoder(impl).routes, impl.mrt.record_json):
        with pytest.raises(impl.MrtError, match="entry of address family 3") as caught:
            read(other)
        assert caught.value.offset == len(head)
    if kind == 17:
        for read in (_decoder(impl).routes, impl.mrt.record_json):
            with pytest.raises(impl.MrtError, match="no room for microseconds"):
                read(_record(impl, record(kind, 2, head), 3))


def test_a_message_without_header_that_is_too_long(impl: Any) -> None:
    """Type 5, BGP (RFC 6396 appendix B.2.1): the message has no header; with one it would have over 65,535 octets."""
    head = bytes.fromhex("fbf4 c0000202 fbf5 c0000201")
    longest = _record(impl, record(5, 1, head + b"\0\0\0\0" + bytes(65512)))
    assert len(_decoder(impl).routes(longest)) == 65512
    with pytest.raises(impl.MrtError, match="message of 65517 octets") as caught:
        _decoder(impl).routes(_record(impl, record(5, 1, head + bytes(65517))))
    assert caught.value.offset == 12


def test_subtypes_without_routes(impl: Any) -> None:
    """TABLE_DUMP has subtypes 1 to 4 (3 and 4 with AS numbers of 4 octets)."""
    for kind, subtype in ((12, 0), (12, 5), (13, 7), (16, 99)):
        assert _decoder(impl).routes(_record(impl, record(kind, subtype, bytes(64)))) == []


@pytest.mark.parametrize(
    "reach", ["0001 01 04 c0000201", "0001 01 05 c0000201", "0001 80 0c 0000000000000000 c0000201"]
)
def test_a_next_hop_at_the_very_end(impl: Any, reach: str) -> None:
    """RFC 4760 section 3: an octet of no meaning stands behind the next hop."""
    octets = bytes.fromhex(reach)
    head = attribute(0x40, 1, b"\0") + attribute(0x40, 2, b"")
    with pytest.raises(impl.UpdateMessageError, match="MP_REACH_NLRI runs over the end") as caught:
        _decoder(impl).routes(_record(impl, bgp4mp(update(b"", head + attribute(0x80, 14, octets)))))
    assert caught.value.offset == 20 + 23 + len(head) + 3


def test_peers_are_forgotten_when_there_are_too_many(impl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an archive can make a decoder remember is bounded; the routes are the same after it was forgotten."""
    decoder = _decoder(impl)

    def dump(peer: int) -> Any:
        data = b"\0\0\0\1\x0a\0\0\0\x08\1" + bytes(4) + peer.to_bytes(4) + b"\xfb\xf4" + b"\0\0"
        (route,) = decoder.routes(_record(impl, record(12, 1, data)))
        return route

    first = dump(0)
    assert dump(0).peer is first.peer
    for peer in range(1, (1 << 16) + 1):
        dump(peer)
    again = dump(0)
    assert again.peer is not first.peer
    assert again.peer == first.peer

    monkeypatch.setattr(import_module("bgpwire.mrt.unusual_records"), "_MAX_PEERS", 2)
    decoder = _decoder(impl)
    tail = bytes.fromhex("c0000201 0000 0001 3b9aca00 0001 01 04 c0000201 08 0a 0000")

    def entry(peer: int) -> Any:
        data = bytes.fromhex("fbf4fbf5 0000 0001") + peer.to_bytes(4) + tail
        (route,) = decoder.routes(_record(impl, record(16, 2, data)))
        return route.peer

    first = entry(0)
    assert entry(0) is first
    entry(1)
    entry(2)
    assert entry(0) is not first
    assert entry(0) == first


def test_records_by_hand(impl: Any) -> None:
    """The walker is an iterator of its own; records equal records."""
    kernels = impl.mrt.kernels
    octets = peer_index() + bgp4mp(update())
    walker = kernels.RecordWalker(io.BytesIO(octets).read, told)
    first = next(walker)
    assert first == _record(impl, octets[: len(peer_index())])
    assert first != bytes(first)
    assert bytes(first) + bytes(next(walker)) == octets
    with pytest.raises(StopIteration):
        next(walker)
    with pytest.raises(TypeError, match=r"[eE]vent"):
        impl.routes_of(first)


def test_names_of_the_room(impl: Any) -> None:
    """``dir()`` has what is imported on first access too."""
    assert {*impl.mrt.__all__} <= {*dir(impl.mrt)}


def test_what_is_no_source(impl: Any) -> None:
    """A file object that does not block, and has no descriptor to wait for."""

    class Empty(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> None:
            return None

    with pytest.raises(BlockingIOError, match="no octets yet"), impl.mrt.open(Empty(), on_skip=told) as file:
        list(file.routes())
