"""Routes, filters and expressions: what is seldom met, and what is refused."""

from __future__ import annotations

import io
import pickle
import random
import re
from importlib import import_module
from typing import Any

import pytest
from support.context import ATTRIBUTES, attribute, bgp4mp, peer_index, record, told, update


def _routes(impl: Any, octets: bytes) -> list[Any]:
    return list(impl.mrt.open(io.BytesIO(octets), on_skip=told).routes())


@pytest.mark.parametrize(
    ("afi", "safi", "nlri"),
    [
        (1, 1, "080a"),
        (1, 4, "20 000641 0a"),
        (1, 128, "60 000641 0000fde800000064 0a"),
        (2, 1, "20 20010db8"),
        (25, 70, "0311 0000fde800000064 00000000 20 c0000201"),
        (1, 132, "60 0000fde8 0002fde800000064"),
    ],
)
def test_a_table_of_any_family_with_path_identifiers(impl: Any, afi: int, safi: int, nlri: str) -> None:
    """RFC 8050 section 4.3, RIB_GENERIC_ADDPATH: the path identifier stands in the entry, not in front of the NLRI."""
    octets = bytes.fromhex(nlri)
    entries = b"".join(
        b"\0\0" + (1_000_000_000).to_bytes(4) + bytes((0, 0, 0, path_id)) + len(ATTRIBUTES).to_bytes(2) + ATTRIBUTES
        for path_id in (1, 2)
    )
    body = b"\0\0\0\0" + afi.to_bytes(2) + bytes((safi,)) + octets + b"\0\2" + entries
    first, second = _routes(impl, peer_index() + record(13, 12, body))
    assert (first.path_id, second.path_id) == (1, 2)
    assert (first.originated, second.originated) == (1_000_000_000, 1_000_000_000)
    assert first.family == (afi, safi)
    assert bytes(second.nlri) == b"\0\0\0\2" + octets
    assert first.nlri != second.nlri
    entry = entries[:6] + entries[10:12] + ATTRIBUTES
    (same,) = _routes(impl, peer_index() + record(13, 6, body[: 7 + len(octets)] + b"\0\1" + entry))
    assert same.originated == 1_000_000_000
    assert (bytes(same.nlri), str(same.nlri)) == (octets, str(second.nlri).partition(" path")[0])
    assert type(same.nlri) is type(second.nlri)


def test_pickles_of_no_route(impl: Any) -> None:
    """What is unpickled is checked: nobody else's octets make a route that crashes."""
    (route,) = _routes(impl, bgp4mp(update(b"", ATTRIBUTES, b"\x08\x0a")))
    (state,) = _routes(impl, record(16, 5, b"\0\0\xfb\xf4\0\0\xfb\xf5\0\0\0\1" + bytes(8) + b"\0\1\0\3"))
    restore, (name, *given) = route.__reduce__()
    assert restore(name, *given) == route
    kind, event, peer, attributes, nlri, mp, family, rare = given
    good = {
        "kind": kind, "event": event, "peer": peer, "attributes": attributes, "nlri": nlri, "mp": mp, "family": family,
        "rare": rare,
    }  # fmt: skip
    for changes, why in (
        ({"kind": "X"}, "a route is A, W, R or S"),
        ({"event": peer}, "no Event: Peer"),
        ({"peer": event}, "no Peer: Event"),
        ({"attributes": None}, "NoneType as the attributes of a route of type A"),
        ({"attributes": b""}, "bytes as the attributes of a route of type A"),
        ({"family": None}, "None as the family of a route of type A"),
        ({"family": (1 << 16, 1)}, r"\(65536, 1\) is no \(AFI, SAFI\) pair"),
        ({"family": (1, -1)}, r"\(1, -1\) is no \(AFI, SAFI\) pair"),
        ({"kind": "S", "attributes": None, "family": None}, "a change of state has two states"),
        ({"kind": "S"}, "PathAttributes as the attributes of a route of type S"),
        ({"kind": "S", "attributes": None}, r"\(1, 1\) as the family of a route of type S"),
    ):
        with pytest.raises((TypeError, ValueError), match=why):
            restore(name, *(good | changes).values())
    assert pickle.loads(pickle.dumps(state)).states == state.states


def test_an_announcement_without_a_path(impl: Any) -> None:
    """RFC 7606 section 3 d: AS_PATH is missing; no expression fits what is not there."""
    attributes = attribute(0x40, 1, b"\0") + attribute(0x40, 3, b"\xc0\0\2\1")
    (route,) = _routes(impl, bgp4mp(update(b"", attributes, b"\x08\x0a")))
    assert route.as_path is None
    assert [impl.Filter(as_path=text)(route) for text in ("_1_", ".*", "^$")] == [False] * 3
    assert impl.Filter(not_as_path=".*")(route)


def test_neighbour_and_origin(impl: Any) -> None:
    """RFC 4271 section 9.1.2.2: a set says of no AS that it sent or originated the route."""
    for text, neighbor, origin in (
        ("64500 64496", 64500, 64496),
        ("{64500,64496}", None, None),
        ("(64512) 64500", 64500, 64500),
        ("(64512) {64500} 64496", None, 64496),
        ("", None, None),
    ):
        path = impl.AsPath(text)
        assert (path.neighbor_asn, path.origin_asn) == (neighbor, origin), text


def test_hops_in_front_of_a_set(impl: Any) -> None:
    """RFC 6793 section 4.2.3: as many hops as AS_PATH has more stand in front, be AS4_PATH a set or a sequence."""
    path, sequence = bytes.fromhex("0203 fbf4 5ba0 5ba0"), bytes.fromhex("0201 0001000f")
    for path4, merged in ((sequence, "64500 23456 65551"), (b"\1" + sequence[1:], "64500 23456 {65551}")):
        attributes = attribute(0x40, 1, b"\0") + attribute(0x40, 2, path) + attribute(0x40, 3, b"\xc0\0\2\1")
        octets = update(b"", attributes + attribute(0xC0, 17, path4), b"\x08\x0a")
        (route,) = _routes(impl, bgp4mp(octets, asn4=False))
        assert str(route.as_path) == merged


def test_classes_in_brackets(impl: Any) -> None:
    """``_`` is any delimiter there too; what stands behind ``\\`` is itself."""
    regex = import_module("bgpwire.route.path_regex").PathRegex
    for text, wanted in (
        ("1[_]2", ["1 2", "1,2", "1]2"]),
        ("1[^_]2", ["132", "1-2"]),
        (r"1[\]]2", ["1]2"]),
        (r"1[\-,]2", ["1,2", "1-2"]),
        (r"1[\d]2", ["132"]),
    ):
        found = regex(text)
        assert [path for path in ("1 2", "1,2", "132", "1-2", "1]2") if found.search(path)] == wanted, text


@pytest.mark.parametrize("text", ["(.{1000}){11}", "1" * 10_001, "(a|b|c|d|e|f|g|h|i|j|k){1000}"])
def test_too_large(impl: Any, text: str) -> None:
    with pytest.raises(ValueError, match="it is too large"):
        import_module("bgpwire.route.path_regex").PathRegex(text)
    with pytest.raises(ValueError, match=r"community: .*it is too large"):
        impl.Filter(community="65000:*" + "1" * 11_000)


def test_what_is_remembered_is_bounded(impl: Any) -> None:
    """An expression with 2^10 sets of states: the memory begins anew, and the answers are those of ``re``."""
    module = import_module("bgpwire.route.path_regex")
    text = "1[12]{9}3"
    found, chosen = module.PathRegex(text), random.Random(500)
    for _ in range(20):
        path = "".join(chosen.choices("12", k=500)) + chosen.choice(("3", "13"))
        assert found.search(path) is bool(re.search(text, path))
        assert found.search(path[:-1]) is False
        assert len(found._known) <= module._KNOWN
